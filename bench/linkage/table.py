"""The table that people read, from the raw runs."""

COLUMNS = [
    ("data set", 24, lambda r: r["data"]),
    ("engine", 7, lambda r: r["engine"]),
    ("records", 9, lambda r: f"{r['records']:,}"),
    ("CPU s", 8, lambda r: f"{r['cpu_s']:.2f}"),
    ("linking", 8, lambda r: f"{r.get('cpu_link_s', r['cpu_s']):.2f}"),
    ("wall s", 8, lambda r: f"{r['wall_s']:.2f}"),
    ("RSS MB", 7, lambda r: str(r["peak_rss_mb"])),
    ("pairs", 7, lambda r: score(r, "pairs_best")),
    ("default", 8, lambda r: score(r, "clusters_default")),
    ("best", 7, lambda r: score(r, "clusters_best")),
    ("exact", 7, lambda r: score(r, "clusters_default", "exact_clusters")),
    ("siblings", 9, lambda r: str(r.get("clusters_mixing_siblings", "-"))),
]
LEGEND = """\
CPU s: the whole process; linking: without the peer's imports and its making of pinyin columns. pairs: best F1 over all
thresholds. default, best: F1 of the clusters at the engine's default threshold (Splink: 0.95), and at the best.
exact: children whose records are one cluster by themselves, at the default. siblings: clusters at the default that hold
two children of one family."""


def score(run, what, key="f1"):
    return f"{run[what][key]:.4f}" if what in run else "-"


def line(run):
    return " ".join(f"{value(run):>{width}}" for _, width, value in COLUMNS)


def whole(runs):
    head = " ".join(f"{name:>{width}}" for name, width, _ in COLUMNS)
    parts = [head, *map(line, runs), "", LEGEND, "", *ratios(runs), "", *calibration(runs)]
    return "\n".join(parts)


def ratios(runs):
    """How many times the peer's cost is ours."""
    lines = ["Splink / ours            CPU  linking     wall      RSS"]
    for name in dict.fromkeys(run["data"] for run in runs):
        by = {run["engine"]: run for run in runs if run["data"] == name and "pairs_best" in run}
        if not {"ours", "splink"} <= by.keys():
            continue
        ours, peer = by["ours"], by["splink"]
        values = [
            peer["cpu_s"] / max(ours["cpu_s"], 0.01),
            peer["cpu_link_s"] / max(ours["cpu_s"], 0.01),
            peer["wall_s"] / max(ours["wall_s"], 0.01),
            peer["peak_rss_mb"] / max(ours["peak_rss_mb"], 1),
        ]
        lines.append(f"{name:20s} " + " ".join(f"{value:8.1f}" for value in values))
    return lines


def calibration(runs):
    """Of the pairs that were given a probability, the share that are matches, with its interval."""
    lines = ["Calibration: probability given, pairs, share of matches (95 % interval after Wilson); too sure: fewer match"]
    for run in runs:
        for band in run.get("calibration", []):
            if not band["pairs"]:
                continue
            low, high = band["interval"]
            verdict = "  too sure" if high < band["from"] else "  too modest" if low > band["to"] else ""
            lines.append(
                f"{run['data']:20s} {run['engine']:7s} {band['from']:.2f}-{band['to']:.2f} {band['pairs']:9,} "
                f"{band['share']:.3f} ({low:.3f}-{high:.3f}){verdict}"
            )
    return lines
