# shellcheck shell=sh
# Sourced by the other scripts: packages of Debian and Ubuntu. Root gets them installed; anybody else is told the exact
# command, and the run stops.

stop() {
    printf '\n%s\n' "$1" >&2
    exit 1
}

install_packages() {
    why=$1
    shift
    if ! command -v apt-get >/dev/null 2>&1; then
        stop "$why is missing. On Debian and Ubuntu it comes with these packages: $*. Install their like and run this again."
    fi
    if [ "$(id -u)" -ne 0 ]; then
        stop "$why is missing. Install it and run this again:
    sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
    fi
    printf 'Installing %s: %s\n' "$why" "$*"
    export DEBIAN_FRONTEND=noninteractive
    # The lists of a fresh image are empty, those of an old one name files that are gone.
    apt-get update -qq >/dev/null || stop "apt-get update failed."
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null || stop "apt-get could not install $*."
}
