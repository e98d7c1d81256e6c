#!/bin/sh
# The demo site at http://localhost:8000 with what is due by the clock done every minute; PORT names another port.
set -eu
cd "$(dirname "$0")/.."
. scripts/packages.sh

port=${PORT:-8000}
python=.venv/bin/python
var=${VAR_DIR:-var}

scripts/setup.sh
# Asked before the demo is made, so that a busy port is not learned a minute later.
"$python" - "$port" <<'PYTHON' || stop "Port $port of this machine is taken. End what uses it, or choose another: make run PORT=8001"
import socket, sys

with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("localhost", int(sys.argv[1])))
    except OSError:
        sys.exit(1)
PYTHON
export SITE_URL="${SITE_URL:-http://localhost:$port}"
# Who the demo's certificates are from: as invented as its people.
export OBERIH_CERTIFICATES_ISSUER="${OBERIH_CERTIFICATES_ISSUER:-Protection Training Network (demo)}"
if [ ! -e "$var/.demo" ]; then
    echo 'Making the demo site'
    LOG_LEVEL=WARNING "$python" manage.py seed_demo
    date >"$var/.demo"
fi

end() {
    trap - INT TERM HUP EXIT
    kill "$server" "$clock" 2>/dev/null || true
    wait "$server" "$clock" 2>/dev/null || true
}

(
    # The nap is waited for in the background: a shell in the middle of `sleep` would hear the signal a minute later.
    trap 'kill "$nap" 2>/dev/null; exit' TERM
    while :; do
        sleep 60 &
        nap=$!
        wait "$nap"
        "$python" manage.py tick --verbosity 0 || true
    done
) &
clock=$!
"$python" manage.py runserver "localhost:$port" &
server=$!
trap 'end; exit 130' INT
trap 'end; exit 143' TERM HUP
trap end EXIT

# Said last, when it is true: the server itself has a word to say before.
"$python" - "$port" <<'PYTHON' || true
import sys, time, urllib.error, urllib.request

for _ in range(120):
    try:
        urllib.request.urlopen(f"http://localhost:{sys.argv[1]}/en/", timeout=5).close()
        break
    except OSError:
        time.sleep(0.5)
PYTHON
printf '\nOberih runs at http://localhost:%s (end it with Ctrl-C)\n\n' "$port"
"$python" manage.py seed_demo --print-logins
printf '\n  What it would have sent by mail: http://localhost:%s/en/mailbox/\n\n' "$port"
wait "$server"
