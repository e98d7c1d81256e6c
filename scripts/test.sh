#!/bin/sh
# All that a change has to pass, in the order of what it costs; ends at the first that fails.
set -eu
cd "$(dirname "$0")/.."
. scripts/packages.sh

# What needs neither a browser nor another process, on two cores at once.
rooms='not browser and not services and not load'
temp=$(mktemp -d)
chmod 755 "$temp" # PostgreSQL's own user has to reach its folder in it.
postgres_bin=
times=$temp/times

clean() {
    trap - INT TERM HUP EXIT
    [ -z "$postgres_bin" ] || as_postgres "$postgres_bin/pg_ctl" -D "$temp/postgres/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$temp"
}
trap clean EXIT
trap 'clean; exit 130' INT
trap 'clean; exit 143' TERM HUP

step() {
    title=$1
    shift
    printf '\n== %s\n' "$title"
    started=$(date +%s)
    # In a subshell of its own, so that `set -e` holds inside it.
    set +e
    (set -e; "$@")
    status=$?
    set -e
    printf '%5s s  %s\n' "$(($(date +%s) - started))" "$title" >>"$times"
    if [ "$status" -ne 0 ]; then
        printf '\nFAILED: %s\n' "$title" >&2
        exit 1
    fi
}

as_postgres() {
    # PostgreSQL refuses to run as root.
    if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

answers() {
    .venv/bin/python - "$1" 2>/dev/null <<'PYTHON'
import sys, psycopg

psycopg.connect(sys.argv[1], connect_timeout=2).close()
PYTHON
}

free_port() {
    .venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

newest_postgres() {
    find /usr/lib/postgresql -path "*/bin" -prune 2>/dev/null | sort -V | tail -n 1
}

find_postgres() {
    for url in "${TEST_POSTGRES_URL:-}" postgres://postgres@127.0.0.1:5432/postgres; do
        if [ -n "$url" ] && answers "$url"; then
            TEST_POSTGRES_URL=$url
            return
        fi
    done
    [ -n "$(newest_postgres)" ] || install_packages "PostgreSQL" postgresql
    postgres_bin=$(newest_postgres)
    port=$(free_port)
    mkdir "$temp/postgres"
    [ "$(id -u)" -ne 0 ] || chown postgres "$temp/postgres"
    as_postgres "$postgres_bin/initdb" -D "$temp/postgres/data" -U oberih -A trust -E UTF8 --locale C.UTF-8 >/dev/null
    # Nothing in it outlives the run, so nothing has to reach the disk.
    as_postgres "$postgres_bin/pg_ctl" -D "$temp/postgres/data" -l "$temp/postgres/log" -w \
        -o "-p $port -k $temp/postgres -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200" start >/dev/null
    TEST_POSTGRES_URL=postgres://oberih@127.0.0.1:$port/postgres
}

tools() {
    command -v chromium-headless-shell >/dev/null 2>&1 || command -v chromium >/dev/null 2>&1 ||
        install_packages "Chromium" chromium-headless-shell fonts-dejavu-core fonts-liberation
    command -v redis-server >/dev/null 2>&1 || install_packages "Redis" redis-server
    command -v npm >/dev/null 2>&1 || install_packages "Node" nodejs npm
}

checks() {
    "$1/bin/python" manage.py check --fail-level WARNING
    "$1/bin/python" manage.py makemigrations --check --dry-run
}

catalogues() {
    cp -r locales "$temp/locales"
    scripts/messages.sh
    changed=$(diff -rq --exclude='*.mo' locales "$temp/locales" || true)
    for catalogue in "$temp"/locales/*/LC_MESSAGES/*.po; do
        cp "$catalogue" "locales/${catalogue#"$temp"/locales/}"
        msgfmt --check-format --statistics --output-file=/dev/null "$catalogue"
    done
    [ -z "$changed" ] || stop "The catalogues are behind the code; run \`make messages\`: $changed"
}

on_postgres() {
    # The small site runs on SQLite, the grown one does not; the rooms have to mean the same on both.
    # By a name of this run alone: a run that was broken off may have left its database, and another may be under way.
    # Who may open what, how staff log in, what files are made of, how pages look and what the demo says is no matter of
    # the database.
    DATABASE_URL=${TEST_POSTGRES_URL%/*}/oberih_$$ .venv/bin/python -m pytest -q -n 2 -m "$rooms" \
        --ignore tests/access --ignore tests/accounts --ignore tests/attack --ignore tests/cms --ignore tests/ui \
        --ignore tests/courses/exchange --ignore tests/courses/packages \
        --ignore tests/test_documentation.py --ignore tests/test_translations.py
}

second_wagtail() {
    environment=.venv-wagtail8
    wanted=$(.venv/bin/python -V; cat requirements/wagtail8.txt)
    if [ "$wanted" != "$(cat $environment/.installed 2>/dev/null)" ]; then
        .venv/bin/python -m venv --clear $environment
        $environment/bin/pip install -qq --disable-pip-version-check -r requirements/wagtail8.txt
        printf '%s\n' "$wanted" >$environment/.installed
    fi
    checks $environment
    # The demo's pages and what names Wagtail itself; the rest would do the same a third time.
    touched=$({ grep -rlE '^ *(from|import) wagtail' tests --include='test_*.py'; find tests/cms -name 'test_*.py'; } |
        sort -u | grep -vE '^tests/(browser|services|load|access)/')
    # shellcheck disable=SC2086 # names of files, without spaces
    $environment/bin/python -m pytest --no-migrations -q -n 2 -m "$rooms" $touched tests/access/test_admin_urls.py
}

wheel() {
    .venv/bin/python -m build --wheel --no-isolation --outdir "$temp/dist" >"$temp/build.log" || { cat "$temp/build.log"; false; }
    .venv/bin/python -m venv "$temp/host"
    "$temp/host/bin/pip" install -qq --disable-pip-version-check -c requirements/base.txt "$temp"/dist/*.whl
    # From a copy, so that only what the wheel brought can be imported.
    cp -r tests/host "$temp/site"
    (
        cd "$temp/site"
        ../host/bin/python prove.py ui safeguarding participants notifications courses
        ../host/bin/python prove.py ui safeguarding participants notifications courses events attendance certificates reporting
    )
}

changelog() {
    .venv/bin/towncrier build --draft --version 0.0.0 >"$temp/changelog" 2>&1 || { cat "$temp/changelog"; false; }
}

step 'Set up' scripts/setup.sh dev
step 'Chromium, Redis and Node' tools
# Not a step: what it finds has to stay known.
find_postgres
export TEST_POSTGRES_URL TMPDIR="$temp" VAR_DIR="$temp/var"
mkdir "$VAR_DIR"
step 'Linters and import contracts' scripts/lint.sh
step 'System checks and migrations' checks .venv
step 'Catalogues' catalogues
# Without migrations: the demo of the browser's tests is made by them, and so are the tests on PostgreSQL.
step 'Tests of the rooms' .venv/bin/python -m pytest --no-migrations -n 2 -m "$rooms" --durations=10
step 'Tests in a browser and with services' .venv/bin/python -m pytest -n 2 --dist loadgroup -m 'browser or services' --durations=10
# One after the other and in this process: times that are taken side by side mean nothing, and workers print nothing.
step 'Tests of load' .venv/bin/python -m pytest -q -p no:randomly -m load
step 'Tests on PostgreSQL' on_postgres
step 'Wagtail 8' second_wagtail
step 'The wheel in a blank site' wheel
step 'Changelog' changelog

printf '\nSeconds a step:\n'
cat "$times"
printf '\nAll passed.\n'
