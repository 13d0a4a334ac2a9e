#!/usr/bin/env bash
# The web application on a large synthetic county: time of single pages, then 500 signed-in users at once (wrk) while 5,000
# rows are taken in, with memory and errors, and a night; then the pages of cases in a county of twice as many children, which
# has more than 5,000 open ones.
# Ends with 1 when a budget is exceeded. Needs python3 and wrk.
#   bench/web.sh PROGRAM [CHILDREN] [SEED]
# Budgets (on two cores with nothing else running): ledger, search, child page and family 95 % within 50 ms; map 150 ms; under load
# 95 % of reads within 400 ms, no errors, at most 600 MB. 今日, the board and cases 95 % within 80 ms; a night 10 s.
set -euo pipefail
program=$(readlink -f "$1") children=${2:-150000} seed=${3:-7}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v wrk >/dev/null || { echo "wrk is missing: install the package 'wrk' (Debian, Ubuntu)" >&2; exit 2; }
"$program" sample --out "$work/county" --children "$children" --seed "$seed" >/dev/null
failed=0
python3 "$here/web/measure.py" "$program" "$work" || failed=1
rm -rf "$work/county" "$work/data"
"$program" sample --out "$work/county" --children "$((children * 2))" --seed "$seed" >/dev/null
python3 "$here/web/measure.py" "$program" "$work" cases || failed=1
exit "$failed"
