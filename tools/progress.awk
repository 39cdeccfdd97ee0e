# SPDX-License-Identifier: Apache-2.0
# Turns Maven's output into progress: a bar when terminal=1, else a line for each step. With tests=1 each test class is a step too.
# Ends with the status that the line "status N" after Maven's output tells.

function draw(text,    filled, bar) {
    if (!terminal) {
        return
    }
    filled = count ? int(24 * (module - 1) / count) : 0
    bar = substr("########################", 1, filled) substr("........................", 1, 24 - filled)
    printf "\r\033[K[%s] %s", bar, substr(text, 1, 78 - 27)
    fflush()
}

function line(text) {
    printf "%s%s\n", terminal ? "\r\033[K" : "", text
    fflush()
}

/^status [0-9]+$/ { status = $2; next }

# What failed is told again at the end, where the last lines of a long output still show it.
/^\[ERROR\] .*<<< (FAILURE|ERROR)!/ && !/^\[ERROR\] Tests run:/ {
    named = $0
    sub(/^\[ERROR\] /, "", named)
    sub(/ -- Time elapsed.*/, "", named)
    broken[++breaks] = named
    telling = 12
}
telling && !/<<< / {
    telling = /^[ \t]*at |^\[INFO\]/ ? 0 : telling - 1
    if (telling && NF) {
        broken[breaks] = broken[breaks] "\n        " $0
    }
}

# From the first error on the reader sees all that is said, but for Maven's advice about Maven.
/^\[ERROR\] *($|To see the full|Re-run Maven|For more information|\[Help|-> \[Help|After correcting|mvn <args>|See dump files)/ { next }
/^\[ERROR\]/ { failed = 1; sub(/ -> \[Help 1\]$/, ""); line($0); next }
failed && !/^\[INFO\]/ { line($0); next }

/^\[INFO\] Building .* \[[0-9]+\/[0-9]+\]$/ {
    split(substr($NF, 2), position, /[\/\]]/)
    module = position[1]
    count = position[2]
    name = $0
    sub(/^\[INFO\] Building /, "", name)
    sub(/ [^ ]+ +\[[0-9]+\/[0-9]+\]$/, "", name)
    step = "[" module "/" count "] " name
    if (terminal) {
        draw(step)
    } else {
        line(step)
    }
    next
}

/^Downloading from / { sub(/.*\//, ""); draw("fetching " $0); next }

tests && /^\[INFO\] Running / { draw(step ": " $NF); next }
tests && /^\[(INFO|WARNING)\] Tests run: .* -- in / {
    run += $4
    skipped += $10
    sub(/^\[[A-Z]+\] /, "    ")
    line($0)
    next
}

END {
    if (terminal) {
        printf "\r\033[K"
    }
    for (each = 1; each <= breaks; each++) {
        printf "failed: %s\n", broken[each]
    }
    if (tests) {
        printf "%d tests run, %d skipped\n", run, skipped
    }
    exit status
}
