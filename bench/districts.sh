#!/usr/bin/env bash
# Accuracy on synthetic districts that nobody has tuned for: other headers, orders, encodings, phrasings and error rates.
#   bench/districts.sh PROGRAM [SEED:NOISE …]
set -euo pipefail
program=$1; shift
pairs=("$@")
[ ${#pairs[@]} -gt 0 ] || pairs=(1:1 3:3 222:3 259:2 808:1 909:3 1010:2 1111:3)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for pair in "${pairs[@]}"; do
    seed=${pair%%:*} noise=${pair##*:}
    rm -rf "$work"/*
    "$program" sample --out "$work/county" --seed "$seed" --noise "$noise" >/dev/null
    "$program" run "$work/county/input" --data "$work/data" --config "$work/county/county.toml" --out "$work/out" >/dev/null || [ $? -eq 1 ]
    echo "== seed $seed, noise $noise"
    "$program" score --truth "$work/county/truth" --data "$work/data" --lang en | sed -n '1,15p' || true
done
