"""What Splink is told about each data set: columns, blocking rules, comparisons, training."""

import dataclasses
import pathlib

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import block_on

ROOT = pathlib.Path(__file__).resolve().parents[2]
NO_TF = {"estimate_without_term_frequencies": True}


@dataclasses.dataclass
class Settings:
    tables: list
    identity: str
    rules: list
    comparisons: list
    prior: list
    recall: float
    em: list
    u_pairs: float = 1e6
    more: dict = dataclasses.field(default_factory=dict)
    predict: dict = dataclasses.field(default_factory=dict)


def by_frequency(comparison):
    return comparison.configure(term_frequency_adjustments=True)


def febrl_table(database, path, name, where="true"):
    database.execute(
        f"create table {name} as from read_csv('{path}', header=true, all_varchar=true) where {where}"
    )


def febrl3(database, path):
    febrl_table(database, path, "t")
    dated = cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d")
    swapped = "l.given_name = r.surname and l.surname = r.given_name"
    return Settings(
        tables=["t"],
        identity="id",
        rules=[
            block_on(column)
            for column in ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")
        ],
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            dated,
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            by_frequency(cl.ExactMatch("street_number")),
            by_frequency(cl.ExactMatch("postcode")),
        ],
        prior=[
            block_on("soc_sec_id"),
            block_on("given_name", "surname", "date_of_birth"),
            f"{swapped} and l.date_of_birth = r.date_of_birth",
        ],
        recall=0.9,
        em=[(block_on("date_of_birth"), {}), (block_on("postcode"), {})],
    )


def febrl4(database, path):
    febrl_table(database, path, "ta", "source = 'a'")
    febrl_table(database, path, "tb", "source = 'b'")
    return Settings(
        tables=["ta", "tb"],
        identity="id",
        rules=[
            block_on("given_name", "surname"),
            "l.given_name = r.surname and l.surname = r.given_name",
            block_on("date_of_birth"),
            block_on("soc_sec_id"),
            block_on("state", "address_1"),
            block_on("street_number", "address_1"),
            block_on("postcode"),
        ],
        comparisons=[
            by_frequency(cl.NameComparison("given_name")),
            by_frequency(cl.NameComparison("surname")),
            cl.DateOfBirthComparison(
                "date_of_birth",
                input_is_string=True,
                datetime_format="%Y%m%d",
                invalid_dates_as_null=True,
            ),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            by_frequency(cl.ExactMatch("street_number")),
            by_frequency(cl.DamerauLevenshteinAtThresholds("postcode", [1, 2])),
        ],
        prior=[block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")],
        recall=0.8,
        em=[(block_on("date_of_birth"), NO_TF), (block_on("postcode"), NO_TF)],
    )


def historical_50k(database, path):
    database.execute(
        "create table t as select *, first_name || ' ' || surname as first_name_surname_concat"
        f" from '{path}'"
    )
    return Settings(
        tables=["t"],
        identity="id",
        rules=[
            block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake,1,3)", "dob"),
            block_on("substr(postcode_fake,1,3)", "first_name"),
            block_on("substr(postcode_fake,1,3)", "surname"),
            block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
        ],
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="first_name_surname_concat"
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            by_frequency(cl.ExactMatch("birth_place")),
            by_frequency(cl.ExactMatch("occupation")),
        ],
        prior=[
            block_on("first_name", "surname", "dob"),
            block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
            block_on("dob", "postcode_fake"),
        ],
        recall=0.6,
        em=[(block_on("first_name", "surname"), NO_TF), (block_on("dob"), NO_TF)],
        u_pairs=1e7,
    )


def fake_1000(database, path):
    database.execute(f"create table t as from '{path}'")
    near = "levenshtein(r.dob::varchar, l.dob::varchar) <= 1"
    return Settings(
        tables=["t"],
        identity="id",
        rules=[block_on(column) for column in ("first_name", "surname", "dob", "email")],
        comparisons=[
            cl.ForenameSurnameComparison("first_name", "surname"),
            cl.DateOfBirthComparison("dob", input_is_string=False),
            by_frequency(cl.ExactMatch("city")),
            cl.EmailComparison("email"),
        ],
        prior=[
            f"l.first_name = r.first_name and {near}",
            f"l.surname = r.surname and {near}",
            "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
            "l.email = r.email",
        ],
        recall=0.7,
        em=[
            (block_on("dob"), NO_TF),
            (block_on("email"), NO_TF),
            (block_on("first_name", "surname"), NO_TF),
        ],
    )


def level(condition, label):
    return {"sql_condition": condition, "label_for_charts": label}


def compared(name, *levels):
    levels = [cll.NullLevel(name), *levels, cll.ElseLevel()]
    return cl.CustomComparison(output_column_name=name, comparison_levels=levels)


def exact(column):
    return cll.ExactMatchLevel(column, term_frequency_adjustments=True)


def child_comparisons():
    """Of the columns of five registers: pinyin, lunar dates and the check character of the number are seen to."""
    longer = "levenshtein(name_l,name_r)<=1 and length(name_l)>=3 and length(name_r)>=3"
    days = "date_diff('day', try_cast(birth_date_l as date), try_cast(birth_date_r as date))"
    same_14 = "substr(id_no_l,1,14)=substr(id_no_r,1,14)"
    return [
        compared(
            "name",
            exact("name"),
            exact("name_py"),
            level(longer, "one edit in three characters"),
            level("levenshtein(name_l,name_r)<=1", "one edit"),
            level("jaro_winkler_similarity(name_py_l,name_py_r)>=0.9", "similar pinyin"),
            level("substr(name_l,1,1)=substr(name_r,1,1)", "surname"),
        ),
        compared(
            "birth_date",
            cll.ExactMatchLevel("birth_date"),
            cll.DamerauLevenshteinLevel("birth_date", 1),
            level(f"abs({days})<=62", "within 62 days"),
            level("substr(birth_date_l,1,4)=substr(birth_date_r,1,4)", "same year"),
        ),
        compared(
            "id_no",
            cll.ExactMatchLevel("id_no"),
            level(f"id_ok_l and id_ok_r and {same_14}", "both valid, differ, same 14"),
            level("id_ok_l and id_ok_r", "both valid, differ"),
            level("hamming(id_no_l,id_no_r)<=1", "one digit"),
            level("hamming(id_no_l,id_no_r)<=2", "two digits"),
            level(same_14, "same county and birth date"),
        ),
        cl.ExactMatch("sex"),
        compared(
            "guardian",
            exact("guardian"),
            cll.ExactMatchLevel("guardian_py"),
            level("levenshtein(guardian_l,guardian_r)<=1", "one edit"),
            level("substr(guardian_l,1,1)=substr(guardian_r,1,1)", "surname"),
        ),
        compared(
            "region_code",
            exact("region_code"),
            level("town_l=town_r", "town"),
            level("substr(region_code_l,1,6)=substr(region_code_r,1,6)", "county"),
        ),
        compared(
            "address",
            exact("address"),
            cll.JaroWinklerLevel("address", 0.9),
            cll.JaroWinklerLevel("address", 0.75),
        ),
        compared("school", exact("school"), cll.JaroWinklerLevel("school", 0.85)),
    ]


def children(database, path):
    database.execute(f"create table t as from '{path}'")
    pathlib.Path(path).unlink()
    em = NO_TF | {"max_pairs": 2e6}
    return Settings(
        tables=["t"],
        identity="record_id",
        rules=[
            block_on("id_no"),
            block_on("name", "birth_date"),
            block_on("name_py", "birth_date"),
            block_on("town", "birth_date"),
            block_on("name", "guardian"),
            block_on("guardian", "birth_date"),
            block_on("name_py", "school"),
            block_on("name", "town"),
            block_on("id_dob", "town", "sex"),
        ],
        comparisons=child_comparisons(),
        prior=[block_on("id_no"), block_on("name", "birth_date", "town")],
        recall=0.92,
        em=[(block_on("id_no"), em), (block_on("name", "birth_date"), em)],
        u_pairs=1e7,
        more={"retain_matching_columns": False, "additional_columns_to_retain": []},
        predict={"threshold_match_weight": -4},
    )


def readings():
    """Toneless pinyin of each character, and of each as the first of a surname."""
    import polars as pl

    by_character = {}
    lines = (ROOT / "crates/link/data/characters.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines:
        character, sounds = line.split("\t")[:2]
        by_character[character] = sounds.split(",")[0].rstrip("012345")
    surnames = pl.read_csv(ROOT / "crates/sample/data/surnames.csv")
    first = {
        surname: sound
        for surname, sound in zip(surnames["surname"], surnames["pinyin"])
        if len(surname) == 1
    }
    return by_character, by_character | first


def with_pinyin(path, out):
    """The registers with columns that Splink cannot make itself: pinyin, town, birth date and check of the number."""
    import polars as pl

    inner, first = readings()

    def pinyin(column):
        text = pl.col(column).str.replace_all("\u3000", "")
        part = [text.str.slice(at, 1) for at in range(4)]
        spelled = [part[0].replace_strict(first, default=part[0])]
        spelled += [character.replace_strict(inner, default=character) for character in part[1:]]
        return pl.concat_str(spelled, separator=" ").str.strip_chars().alias(f"{column}_py")

    number = pl.col("id_no")
    digits = [number.str.slice(at, 1).cast(pl.Int32, strict=False) for at in range(17)]
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    sums = pl.sum_horizontal([digit * weight for digit, weight in zip(digits, weights)]) % 11
    check = sums.replace_strict(
        dict(enumerate("10X98765432")), default=None, return_dtype=pl.String
    )
    prepared = pathlib.Path(out) / "prepared.parquet"
    table = pl.scan_parquet(path).with_columns(pl.col("name").str.replace_all("\u3000", ""))
    table.with_columns(
        pinyin("name"),
        pinyin("guardian"),
        pl.col("region_code").str.slice(0, 9).alias("town"),
        number.str.slice(6, 8).alias("id_dob"),
        (check == number.str.slice(17, 1)).alias("id_ok"),
    ).sink_parquet(prepared)
    return str(prepared)


KINDS = {
    "children": children,
    "febrl3": febrl3,
    "febrl4": febrl4,
    "historical_50k": historical_50k,
    "fake_1000": fake_1000,
}
