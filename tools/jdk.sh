# SPDX-License-Identifier: Apache-2.0
# Sourced by the commands at the root: finds the JDK they run on.

jdk_wanted=25

# Whether the folder $1 holds a JDK of the version wanted or a later one. Forks nothing: it runs before every command.
is_jdk() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    while IFS='=' read -r key value; do
        [ "$key" = JAVA_VERSION ] || continue
        value=${value#\"}
        value=${value%%[!0-9]*}
        [ "${value:-0}" -ge "$jdk_wanted" ]
        return
    done <"$1/release"
    return 1
}

# Sets and exports JAVA_HOME: the one given, the one of the java on the path, or one in the usual places.
find_jdk() {
    is_jdk "${JAVA_HOME:-}" && export JAVA_HOME && return
    if on_path=$(command -v java) && on_path=$(readlink -f "$on_path"); then
        JAVA_HOME=${on_path%/bin/java}
        is_jdk "$JAVA_HOME" && export JAVA_HOME && return
    fi
    for JAVA_HOME in /usr/lib/jvm/* "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        "$HOME"/.jdks/* /opt/java/* /opt/jdk*; do
        is_jdk "$JAVA_HOME" && export JAVA_HOME && return
    done
    if [ -x /usr/libexec/java_home ] && JAVA_HOME=$(/usr/libexec/java_home -v "$jdk_wanted+" 2>/dev/null); then
        is_jdk "$JAVA_HOME" && export JAVA_HOME && return
    fi
    unset JAVA_HOME
    echo "Lapwing needs JDK $jdk_wanted or newer and found none: install one (https://adoptium.net/temurin/releases/?version=$jdk_wanted, or: sdk install java $jdk_wanted-tem), or set JAVA_HOME to one." >&2
    return 1
}
