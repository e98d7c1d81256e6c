#!/bin/sh
# Pin what requirements/*.in name, for every Python and platform at once; no address of a registry is written.
set -eu
cd "$(dirname "$0")/.."

compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate "$@"
}

compile requirements/base.in -o requirements/base.txt "$@"
compile requirements/dev.in -c requirements/base.txt -o requirements/dev.txt "$@"
# The second Wagtail differs in Wagtail and what it needs alone, so it starts from the pins of the first.
cp requirements/dev.txt requirements/wagtail8.txt
compile requirements/dev.in --override requirements/wagtail8.override -o requirements/wagtail8.txt
