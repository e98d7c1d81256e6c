#!/bin/sh
# What can be said about the code without running it.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin

$bin/ruff check --quiet .
$bin/ruff format --quiet --check .
$bin/djlint --lint --quiet .
$bin/lint-imports
