"""One run of the peer: Splink on DuckDB, from an input file to `pairs.parquet` and `clusters.parquet`.

The settings of the public data sets are those of Splink's own example notebooks; those of the children's registers are
ours, written the way these notebooks advise. Connected components at probability 0.95 make the clusters.
"""

import argparse
import json
import logging
import pathlib
import resource
import tempfile
import time

START = time.monotonic()

import duckdb
import splink
from splink import DuckDBAPI, Linker, SettingsCreator

import splink_settings

THRESHOLD = 0.95


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


class Stages:
    """Processor and wall seconds by stage."""

    def __init__(self):
        self.cpu = {"import": round(cpu(), 2)}
        self.wall = {"import": round(time.monotonic() - START, 2)}

    def do(self, name, action):
        wall, used = time.monotonic(), cpu()
        result = action()
        self.wall[name] = round(self.wall.get(name, 0) + time.monotonic() - wall, 2)
        self.cpu[name] = round(self.cpu.get(name, 0) + cpu() - used, 2)
        return result


def connection(options):
    database = duckdb.connect()
    spill = pathlib.Path(tempfile.gettempdir()) / "duckdb-spill"
    database.execute(f"set threads={options.threads}; set memory_limit='{options.memory}'")
    database.execute(f"set temp_directory='{spill}'; set preserve_insertion_order=false")
    return database


def linked(database, api, settings, stages):
    """Predictions of the trained model."""
    tables = settings.tables
    creator = SettingsCreator(
        link_type="link_only" if len(tables) > 1 else "dedupe_only",
        unique_id_column_name=settings.identity,
        blocking_rules_to_generate_predictions=settings.rules,
        comparisons=settings.comparisons,
        retain_intermediate_calculation_columns=False,
        **settings.more,
    )

    def linker():
        if len(tables) == 1:
            return Linker(api.register(database.table(tables[0])), creator)
        named = [api.register(database.table(t), dataset_display_name=f"src_{t}") for t in tables]
        return Linker(named, creator)

    linker = stages.do("register", linker)
    training = linker.training
    stages.do(
        "prior",
        lambda: training.estimate_probability_two_random_records_match(
            settings.prior, recall=settings.recall
        ),
    )
    stages.do(
        "u", lambda: training.estimate_u_using_random_sampling(max_pairs=settings.u_pairs, seed=1)
    )
    for rule, more in settings.em:
        stages.do(
            "em",
            lambda: training.estimate_parameters_using_expectation_maximisation(rule, **more),
        )
    predictions = stages.do("predict", lambda: linker.inference.predict(**settings.predict))
    clusters = stages.do(
        "cluster",
        lambda: linker.clustering.cluster_pairwise_predictions_at_threshold(
            predictions, threshold_match_probability=THRESHOLD
        ),
    )
    return predictions.physical_name, clusters.physical_name


def written(database, names, identity, out):
    predictions, clusters = names
    database.execute(
        f"copy (select {identity}_l as id_l, {identity}_r as id_r, match_weight as weight,"
        f" match_probability as probability from {predictions}) to '{out}/pairs.parquet'"
    )
    database.execute(
        f"copy (select {identity} as id, cluster_id as cluster from {clusters})"
        f" to '{out}/clusters.parquet'"
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind")
    parser.add_argument("input")
    parser.add_argument("out")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="14GB")
    options = parser.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)
    stages = Stages()
    database = connection(options)
    path = options.input
    if options.kind == "children":
        # Input preparation, reported apart: nobody would hold it against the engine.
        path = stages.do("prepare", lambda: splink_settings.with_pinyin(path, options.out))
    settings = stages.do("load", lambda: splink_settings.KINDS[options.kind](database, path))
    names = linked(database, DuckDBAPI(connection=database), settings, stages)
    linking = [name for name in stages.cpu if name not in ("import", "prepare")]
    report = {
        "version": f"splink {splink.__version__}, duckdb {duckdb.__version__}",
        "cpu_link_s": round(sum(stages.cpu[name] for name in linking), 2),
        "wall_link_s": round(sum(stages.wall[name] for name in linking), 2),
        "stages_cpu": stages.cpu,
        "stages_wall": stages.wall,
    }
    written(database, names, settings.identity, options.out)
    (pathlib.Path(options.out) / "stages.json").write_text(json.dumps(report))


if __name__ == "__main__":
    main()
