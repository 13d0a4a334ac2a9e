#!/usr/bin/env bash
# Seconds per stage and peak memory of the whole job on a synthetic county, beside the budget: 120,000 children in 60 s and
# 1,536 MB on two cores; the sample county in 3 s. Ends with 1 when a budget is exceeded. Seconds count only on a machine
# that does nothing else; another number of children has no budget.
#   bench/stages.sh PROGRAM [CHILDREN] [SEED]
set -euo pipefail
program=$1 children=${2:-120000} seed=${3:-7}
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() { # name, folder of files, county, most seconds, most megabytes; an empty budget is none
    rm -rf "$work/data" "$work/out"
    /usr/bin/env python3 - "$program" "$2" "$work" "$3" "$1" "$4" "$5" <<'PY'
import json, resource, subprocess, sys, time
program, files, work, config, name, most_seconds, most_mb = sys.argv[1:]
start = time.time()
done = subprocess.run([program, "run", files, "--data", f"{work}/data", "--config", config, "--out", f"{work}/out", "--json"],
                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
wall = time.time() - start
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
if done.returncode not in (0, 1):
    sys.exit(f"{name}: baoxue run ended with {done.returncode}")
summary = json.load(open(f"{work}/out/summary.json", encoding="utf-8"))
seconds = summary["seconds"]
print(f"== {name}: {summary['rows']['total']} rows, {summary['children']} children")
for stage, value in seconds.items():
    print(f"  {stage:12s} {value:8.2f} s")
print(f"  {'cpu':12s} {usage.ru_utime + usage.ru_stime:8.2f} s")
over = False
for what, value, most, unit in [("wall", wall, most_seconds, "s"), ("peak", usage.ru_maxrss / 1024, most_mb, "MB")]:
    budget = ""
    if most:
        too_much = value > float(most)
        over = over or too_much
        budget = f"   budget {most} {unit}{': EXCEEDED' if too_much else ''}"
    print(f"  {what:12s} {value:8.2f} {unit:2s}{budget}")
sys.exit(1 if over else 0)
PY
}

failed=0
run "sample county" "$here/examples/county/input" "$here/examples/county/county.toml" 3 "" || failed=1
"$program" sample --out "$work/sample" --children "$children" --seed "$seed" >/dev/null
budget=(60 1536)
[ "$children" = 120000 ] || budget=("" "")
run "$children children, seed $seed" "$work/sample/input" "$work/sample/county.toml" "${budget[@]}" || failed=1
exit "$failed"
