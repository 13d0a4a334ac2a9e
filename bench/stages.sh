#!/usr/bin/env bash
# Seconds per stage and peak memory of the whole job on a synthetic county. Budget: 120,000 children in 60 s and 1.5 GB on
# two cores; the sample county in 3 s.
#   bench/stages.sh PROGRAM [CHILDREN] [SEED]
set -euo pipefail
program=$1 children=${2:-120000} seed=${3:-7}
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() { # name, folder of files, folder of truth
    rm -rf "$work/data" "$work/out"
    /usr/bin/env python3 - "$program" "$2" "$work" "$here/examples/county/county.toml" "$1" <<'PY'
import json, os, resource, subprocess, sys, time
program, files, work, config, name = sys.argv[1:]
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
print(f"  {'wall':12s} {wall:8.2f} s   cpu {usage.ru_utime + usage.ru_stime:.2f} s   peak {usage.ru_maxrss / 1024:.0f} MB")
PY
}

run "sample county" "$here/examples/county/input"
"$program" sample --out "$work/sample" --children "$children" --seed "$seed" >/dev/null
run "$children children, seed $seed" "$work/sample/input"
