#!/bin/sh
# Bring the catalogues up to date with the strings of all rooms. Run twice, it changes nothing the second time.
set -eu
cd "$(dirname "$0")/.."

mkdir -p locales/uk locales/ar
.venv/bin/python manage.py makemessages --locale uk --locale ar --no-location --no-wrap --verbosity 0 \
    --ignore '.venv*' --ignore var --ignore tests --ignore docs --ignore build --ignore dist
