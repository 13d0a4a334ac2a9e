"""Runs each engine in turn on each data set in a process of its own, measures it and prints the table.

Only the standard library is imported here: the kernel counts the memory of the process that starts another towards the
peak of the other one, so the one that starts must be small.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import sys
import time

import table

HERE = pathlib.Path(__file__).resolve().parent
# Name of each data set and how it is linked; the ones that need no data folder stand in bench/linkage/data or are made.
REGISTERS = {
    "cn_100k": (100_000, 1, 1.0),
    "cn_100k_hard": (100_000, 1, 3.0),
    "cn_1m": (1_000_000, 2, 1.0),
}
PUBLIC = ["febrl3", "febrl4", "historical_50k", "fake_1000"]


def arguments():
    parser = argparse.ArgumentParser(prog="bench/linkage/run.sh")
    parser.add_argument("program", help="the baoxue program")
    parser.add_argument("--cache", required=True, help=argparse.SUPPRESS)
    parser.add_argument(
        "--data",
        help="folder with cn_100k/, cn_100k_hard/, cn_1m/ and febrl/; what is not there is made or fetched",
    )
    parser.add_argument("--only", help="data sets, with commas between them; all by default")
    parser.add_argument("--engines", default="ours,splink")
    parser.add_argument(
        "--registers",
        action="append",
        default=[],
        metavar="N:SEED:NOISE",
        help="one more table of `baoxue sample --registers`, such as 5000000:7:1",
    )
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--memory", default="14GB", help="limit given to DuckDB")
    parser.add_argument("--runs", help="file for the raw runs; runs/DATE.jsonl by default")
    return parser.parse_args()


def measured(command, log):
    """Ends with what the kernel says that the process and its children used."""
    start = time.monotonic()
    with open(log, "wb") as sink:
        actions = [
            (os.POSIX_SPAWN_DUP2, sink.fileno(), 1),
            (os.POSIX_SPAWN_DUP2, sink.fileno(), 2),
        ]
        process = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
        _, status, usage = os.wait4(process, 0)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "wall_s": round(time.monotonic() - start, 2),
        "cpu_s": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_rss_mb": usage.ru_maxrss // 1024,
    }


def helper(script, *words):
    """Runs a script of this folder and returns the JSON that it leaves on its last line."""
    import subprocess

    done = subprocess.run(
        [sys.executable, str(HERE / script), *map(str, words)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def orders(options):
    """The data sets that were asked for, with the order of those that are made."""
    made = dict(REGISTERS)
    for order in options.registers:
        records, seed, noise = order.split(":")
        made[f"registers_{records}_{seed}_{noise}"] = (int(records), int(seed), float(noise))
    extra = [name for name in made if name not in REGISTERS]
    names = options.only.split(",") if options.only else [*REGISTERS, *PUBLIC]
    return {name: made.get(name) for name in [*names, *(n for n in extra if n not in names)]}


def prepared(name, order, options):
    """Folder with input and truth of a data set, as `prepare.py` leaves them."""
    # What was made must not pass for what lay in the folder.
    folder = pathlib.Path(options.cache) / "data" / (f"{name}-given" if options.data else name)
    if (options.data or not order) and not (folder / "description.json").exists():
        helper("prepare.py", name, folder, options.data or "")
    if not (folder / "description.json").exists():
        records, seed, noise = order
        raw = folder / "raw"
        command = [options.program, "sample", "--registers", str(records), "--seed", str(seed)]
        command += ["--noise", str(noise), "--out", str(raw)]
        folder.mkdir(parents=True, exist_ok=True)
        if measured(command, folder / "sample.log")["code"] != 0:
            sys.exit((folder / "sample.log").read_text())
        helper("prepare.py", name, folder, raw)
    return folder, json.loads((folder / "description.json").read_text())


def command_of(engine, options, data, out):
    folder, about = data
    source = folder / about["input"]
    if engine == "splink":
        peer = [sys.executable, str(HERE / "splink_peer.py"), about["kind"], str(source), str(out)]
        return peer + ["--threads", str(options.threads), "--memory", options.memory]
    model = "children" if about["kind"] == "children" else "auto"
    ours = [options.program, "link", str(source), "--model", model, "--id", about["id"]]
    if about["source"]:
        ours += ["--source", about["source"]]
    return ours + ["--out", str(out)]


def one(engine, name, options, data):
    """One run of one engine, with its accuracy."""
    out = pathlib.Path(options.cache) / "out" / f"{name}-{engine}"
    out.mkdir(parents=True, exist_ok=True)
    for old in out.iterdir():
        if old.is_file():
            old.unlink()
    run = {
        "data": name,
        "engine": engine,
        "records": data[1]["records"],
        "load_before": round(os.getloadavg()[0], 1),
    }
    run |= measured(command_of(engine, options, data, out), out / "log.txt")
    if run["code"] not in (0, 1):
        tail = (out / "log.txt").read_text(errors="replace").strip().splitlines()[-1:]
        print(f"{name}: {engine} ended with {run['code']}: {' '.join(tail)}", file=sys.stderr)
        return run
    if (out / "stages.json").exists():
        run |= json.loads((out / "stages.json").read_text())
    return run | helper("evaluate.py", data[0], out)


def machine():
    model = "unknown"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    return {"cpu": model, "cores": os.cpu_count(), "system": platform.system()}


# The least F1 of clusters at the default threshold, and of pairs at the best one.
FLOORS = {
    "cn_100k": {"clusters_default": 0.993},
    "cn_1m": {"clusters_default": 0.992},
    "cn_100k_hard": {"clusters_default": 0.980},
    "febrl3": {"pairs_best": 0.998},
    "febrl4": {"pairs_best": 0.9998},
    "historical_50k": {"clusters_default": 0.84},
    "fake_1000": {"clusters_default": 0.92},
}

# Clusters that may hold two children of one family, in 100,000 records.
MOST_MIXED = 30


def missed(run):
    """What a run of ours falls short of, in words."""
    if run["code"] not in (0, 1):
        return [f"{run['data']}: ended with {run['code']}"]
    found = []
    for what, least in FLOORS.get(run["data"], {}).items():
        if run[what]["f1"] < least:
            found.append(f"{run['data']}: {what} {run[what]['f1']}, at least {least}")
    mixed = run.get("clusters_mixing_siblings", 0)
    if run["records"] <= 100_000 and mixed > MOST_MIXED:
        found.append(f"{run['data']}: {mixed} clusters mix siblings, at most {MOST_MIXED}")
    return found


def main():
    options = arguments()
    options.program = str(pathlib.Path(options.program).resolve())
    today = datetime.date.today().isoformat()
    kept = pathlib.Path(options.runs or HERE / "runs" / f"{today}.jsonl")
    about = {"date": today, "machine": machine(), "threads": options.threads}
    runs = []
    for name, order in orders(options).items():
        data = prepared(name, order, options)
        for engine in options.engines.split(","):
            run = one(engine, name, options, data)
            runs.append(run)
            with open(kept, "a", encoding="utf-8") as file:
                file.write(json.dumps(about | run, ensure_ascii=False) + "\n")
            print(table.line(run), file=sys.stderr, flush=True)
    print(table.whole(runs))
    short = [line for run in runs if run["engine"] == "ours" for line in missed(run)]
    if short:
        sys.exit("\n".join(short))


if __name__ == "__main__":
    main()
