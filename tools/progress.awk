# SPDX-License-Identifier: Apache-2.0
# Turns Maven's output into progress: a bar when terminal=1, else a line for each step. With tests=1 each test class is a step too.

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

# Everything after the first error is for the reader to see.
failed { line($0); next }
/^\[ERROR\]/ { failed = 1; line($0); next }

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
    if (tests) {
        printf "%d tests run, %d skipped\n", run, skipped
    }
}
