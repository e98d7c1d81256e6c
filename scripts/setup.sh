#!/bin/sh
# All that lies between a checkout and `.venv/bin/python manage.py …`. Each part first looks whether it has to do anything,
# so that a second call takes a moment.
set -eu
cd "$(dirname "$0")/.."
. scripts/packages.sh

python=.venv/bin/python
var=${VAR_DIR:-var}

find_python() {
    # `python3` first: it is what the machine or a version manager chose. A shim may exist and not work, so each is run.
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    stop "Python 3.11 or newer is needed and was not found. Install it, or name it: make setup PYTHON=/path/to/python3"
}

make_environment() {
    base=$(find_python) || exit 1
    version=$("$base" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    # Debian ships the module `venv` without the `ensurepip` that it needs.
    "$base" -c 'import ensurepip, venv' 2>/dev/null || install_packages "The venv module of Python" "python$version-venv"
    printf 'Making .venv with Python %s\n' "$version"
    "$base" -m venv --clear .venv
}

install_requirements() {
    wanted=$("$python" -V; cat "requirements/$1.txt")
    stamp=.venv/.installed-$1
    if [ "$wanted" != "$(cat "$stamp" 2>/dev/null)" ]; then
        printf 'Installing requirements/%s.txt\n' "$1"
        "$python" -m pip install -qq --disable-pip-version-check -r "requirements/$1.txt"
        printf '%s\n' "$wanted" >"$stamp"
    fi
}

missing_packages() {
    # WeasyPrint opens these by name when a certificate is printed; that is late to learn that one is missing.
    "$python" - <<'PYTHON'
import ctypes, ctypes.util, shutil

def opens(library):
    try:
        ctypes.CDLL(f"lib{library}.so.0")
    except OSError:
        return ctypes.util.find_library(library) is not None
    return True

needed = {"pango-1.0": "libpango-1.0-0", "pangoft2-1.0": "libpangoft2-1.0-0", "harfbuzz-subset": "libharfbuzz-subset0"}
missing = [package for library, package in needed.items() if not opens(library)]
if not all(map(shutil.which, ["msgfmt", "xgettext"])):
    missing.append("gettext")
print(*missing)
PYTHON
}

write_environment() {
    (
        umask 077
        "$python" - >.env <<'PYTHON'
import secrets

print("# Written once by `make setup`. The settings and their defaults: docs/reference/settings.md")
print("DEBUG=true")
print(f"SECRET_KEY={secrets.token_urlsafe(50)}")
print(f"OBERIH_PARTICIPANTS_CONTACT_KEYS=1:{secrets.token_urlsafe(32)}")
PYTHON
    )
}

waive_second_factor() {
    # Whoever tries the demonstration has no telephone at hand that knows its users; a file written earlier lacks this line.
    if grep -qi '^DEBUG=\(true\|1\|on\|yes\)' .env && ! grep -q '^DEMO_WITHOUT_SECOND_FACTOR=' .env; then
        echo 'DEMO_WITHOUT_SECOND_FACTOR=true' >>.env
    fi
}

compile_catalogues() {
    for source in locales/*/LC_MESSAGES/*.po; do
        [ -e "$source" ] || continue
        target=${source%.po}.mo
        if [ ! -e "$target" ] || [ -n "$(find "$source" -newer "$target")" ]; then
            msgfmt --check-format --output-file="$target" "$source"
        fi
    done
}

migrate() {
    # A migration is not all that `migrate` may write: code lists come with the code. So all of it is in the sum.
    state=$(find . \( -name '.?*' -o -path "./$var" -o -path ./tests -o -path ./docs \) -prune -o -type f \
        \( -name '*.py' -o -name '*.csv' -o -name '*.toml' \) -print0 | LC_ALL=C sort -z |
        xargs -0 cat .env requirements/base.txt | cksum)
    stamp=$var/.migrated
    if [ -n "${DATABASE_URL:-}" ] || grep -q '^DATABASE_URL=' .env; then
        rm -f "$stamp" # Other machines use that database too: only itself knows what it is.
    elif [ ! -e "$var/db.sqlite3" ]; then
        rm -f "$stamp" "$var/.demo"
    fi
    if [ "$state" != "$(cat "$stamp" 2>/dev/null)" ]; then
        mkdir -p "$var"
        echo 'Bringing the database up to date'
        "$python" manage.py migrate --verbosity 0
        printf '%s\n' "$state" >"$stamp"
    fi
}

"$python" -c '' 2>/dev/null || make_environment
install_requirements base
[ "${1:-}" != dev ] || install_requirements dev
missing=$(missing_packages)
# shellcheck disable=SC2086  # one package a word
[ -z "$missing" ] || install_packages "What certificates and translations need" $missing
[ -e .env ] || write_environment
waive_second_factor
compile_catalogues
# The tests make databases of their own.
[ "${1:-}" = dev ] || migrate
