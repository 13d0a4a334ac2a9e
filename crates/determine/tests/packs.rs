//! Packs over packs: what a good one changes, on which days; what is said of a bad one.

#![expect(clippy::unwrap_used, reason = "a test that cannot build its input must fail")]

use std::fs;

use baoxue_claim::{
    BatchId, Birth, ChildId, Claim, Enrolment, EnrolmentStatus, Grade, Origin, Person, Record,
    RecordId, Source, Statement, SurveyFinding,
};
use baoxue_determine::{Child, Files, Pack, PackText, RuleError, Settings, Subject, determine};
use chrono::NaiveDate;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn example(name: &str) -> PackText {
    let folder = std::path::absolute("../../examples/packs").unwrap().join(name);
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    files.sort();
    PackText { files }
}

/// A pack of one file: a good head over `CN-DEFAULT`, then what the test is about.
fn pack(rest: &str) -> PackText {
    let head = "# 甲县 — 甲教发1号\n\n> 要点\n>\n> 施行日期：2019-09-01\n\n```pack\nid = \"A\"\nversion = \"1\"\ntitle = \"甲县\"\nsource = \"甲教发1号\"\nover = \"CN-DEFAULT\"\n```\n\n";
    PackText { files: vec![("a.md".to_owned(), format!("{head}{rest}"))] }
}

fn rule(id: &str, more: &str) -> String {
    format!(
        "```rule\nid = \"{id}\"\nversion = \"1\"\ngroup = \"town\"\ncode = \"UNVERIFIED\"\nreason = \"X\"\ntitle = \"甲\"\ntitle_en = \"a\"\nlaw = \"甲教发1号\"\nstanding = \"found\"\nsince = 2019-09-01\nwhen = 'survey.any'\n{more}\n```\n\n"
    )
}

const VALUES: &str =
    "| value | is | since | until | standing | title | source |\n|-|-|-|-|-|-|-|\n";

#[track_caller]
fn refused(text: &PackText, line_with: &str, part: &str) {
    let errors: Vec<RuleError> = Pack::builtin().with(std::slice::from_ref(text)).unwrap_err();
    let (name, content) = &text.files[0];
    let line = 1 + content.lines().position(|line| line.contains(line_with)).unwrap();
    let hit = errors.iter().any(|e| e.file == *name && e.line == line && e.message.contains(part));
    assert!(hit, "expected {name}:{line} `{part}`, found {errors:?}");
}

#[test]
fn the_examples_load_and_their_cases_hold() {
    let pack = Pack::builtin().with(&[example("province"), example("county")]).unwrap();
    assert_eq!(pack.failing_cases(), Vec::new());
    assert_eq!(pack.name(), "CN-DEFAULT 2 + PROVINCE-EXAMPLE 1 + COUNTY-EXAMPLE 1");
}

#[test]
fn bad_values_are_refused_with_file_line_and_what_was_expected() {
    let value = |row: &str| pack(&format!("{VALUES}{row}\n"));
    let with =
        |key: &str, is: &str| value(&format!("| {key} | {is} | 2019-09-01 | | found | 甲 | 甲 |"));
    refused(&with("thresholds.dropout_day", "20"), "dropout_day", "unknown field `dropout_day`");
    refused(&with("thresholds.dropout_days", "\"twenty\""), "dropout_days", "invalid type");
    refused(&with("thresholds.dropout_days", "-3"), "dropout_days", "dropout_days");
    refused(&with("entry_cutoff", "\"02-30\""), "entry_cutoff", "02-30");
    refused(&with("profile.birth", "[\"gossip\"]"), "profile.birth", "gossip");
    refused(&with("thresholds.dropout_days", "many of"), "dropout_days", "is no value");
    refused(&with("answers.DROPOUT", "[\"perhaps\", \"no\", \"always\"]"), "answers", "perhaps");
    refused(&value("| years | 9 | 2019-09-31 | | found | 甲 | 甲 |"), "years", "2019-09-31");
    refused(
        &value("| years | 9 | 2019-09-02 | 2019-09-01 | found | 甲 | 甲 |"),
        "years",
        "lies before",
    );
    refused(&value("| years | 9 | 2019-09-01 | | found | 甲 | |"), "years", "missing source");
    refused(&value("| years | 9 | 2019-09-01 | | sure | 甲 | 甲 |"), "years", "sure");
    refused(&value("| years | 9 | 2019-09-01 | found | 甲 | 甲 |"), "years", "expected 7 cells");
    let twice = value(
        "| years | 9 | 2019-09-01 | | found | 甲 | 甲 |\n| years | 8 | 2020-09-01 | | found | 乙 | 乙 |",
    );
    refused(&twice, "2020-09-01", "holds on the same days");
    let in_turn = value(
        "| years | 9 | 2019-09-01 | 2020-08-31 | found | 甲 | 甲 |\n| years | 8 | 2020-09-01 | | found | 乙 | 乙 |",
    );
    assert!(Pack::builtin().with(&[in_turn]).is_ok());
}

#[test]
fn one_bad_value_is_one_fault_and_names_no_other() {
    let rows = (1..=9).map(|n| {
        format!(
            "| elsewhere_months | {n} | 20{}-09-01 | 20{}-08-31 | found | 甲 | 甲 |\n",
            20 + n,
            21 + n
        )
    });
    let rows: String = rows.collect();
    let bad = pack(&format!("{VALUES}{rows}| years | -9 | 2019-09-01 | | found | 甲 | 甲 |\n"));
    let errors = Pack::builtin().with(&[bad]).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].message.starts_with("value `years`: "), "{errors:?}");
    // Both of two bad ones are told.
    let both = pack(&format!(
        "{VALUES}| years | -9 | 2019-09-01 | | found | 甲 | 甲 |\n| entry_cutoff | \"02-30\" | 2019-09-01 | | found | 甲 | 甲 |\n"
    ));
    assert_eq!(Pack::builtin().with(&[both]).unwrap_err().len(), 2);
    // Values that do not go together are one fault with the places of all that take part in it.
    let apart = pack(&format!(
        "{VALUES}| years | 9 | 2019-09-01 | | found | 甲 | 甲 |\n| thresholds.suspected_days | 50 | 2019-09-01 | | found | 甲 | 甲 |\n\
         | thresholds.dropout_days | 20 | 2019-09-01 | 2020-08-31 | found | 甲 | 甲 |\n| thresholds.dropout_days | 15 | 2020-09-01 | | found | 甲 | 甲 |\n"
    ));
    let errors = Pack::builtin().with(&[apart]).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].message.contains("lies above"), "{errors:?}");
    assert!(errors[0].message.contains("(3 values: a.md:18, a.md:19, a.md:20)"), "{errors:?}");
}

#[test]
fn a_ground_without_a_day_in_force_is_refused() {
    let ground = |line: &str| PackText {
        files: vec![(
            "b.md".to_owned(),
            format!("# 甲 — 乙第一条\n\n> 丙\n{line}\n{}", rule("x", "")),
        )],
    };
    let found = |line: &str| {
        let mut text = pack("");
        text.files.extend(ground(line).files);
        let errors = Pack::builtin().with(&[text]).err().unwrap_or_default();
        let of = errors.into_iter().filter(|e| e.message.starts_with("missing day in force"));
        of.map(|error| (error.file, error.line)).collect::<Vec<_>>()
    };
    assert_eq!(found(""), [("b.md".to_owned(), 3)]);
    assert_eq!(found("> 施行日期："), [("b.md".to_owned(), 4)]);
    assert_eq!(found("> 施行日期：不详"), [("b.md".to_owned(), 4)]);
    assert_eq!(found("> 施行日期：2019-02-30"), [("b.md".to_owned(), 4)]);
    assert_eq!(found("> 施行日期：未核实"), [("b.md".to_owned(), 4)]);
    assert_eq!(found("> 施行日期：未核实（）"), [("b.md".to_owned(), 4)]);
    assert_eq!(found("> 施行日期：2019-09-01"), []);
    assert_eq!(found("> 施行日期：2019年9月1日起"), []);
    assert_eq!(found("> 施行日期：未核实（甲教发1号没有写，原文未见）"), []);
}

/// Cases of papers that run for two years; `DEFERRED`, `SUSPENDED`, `ELSEWHERE` stand for what the longest time decides.
const TWO_YEARS: &str = "\
| case | today | survey | certificate | verdict |
|-|-|-|-|-|
| a certificate of two years, its last day | 2021-08-31 | out | 2019-09-01 until 2021-08-31 | ELSEWHERE |
| the day after | 2021-09-01 | out | 2019-09-01 until 2021-08-31 | CONFLICT UNVERIFIED_CERTIFICATE_VS_TOWN |

| case | today | registry | leave | deferral | verdict |
|-|-|-|-|-|-|
| the day before the value: a year | 2019-08-31 | | | deferral 2018-08-31..2020-08-30 | UNVERIFIED APPROVAL_TOO_LONG |
| the first day of the value | 2019-09-01 | | | deferral 2018-08-31..2020-08-30 | DEFERRED |
| deferral of two years, its last day | 2020-08-30 | | | deferral 2018-08-31..2020-08-30 | DEFERRED |
| the day after | 2020-08-31 | | | deferral 2018-08-31..2020-08-30 | UNVERIFIED |
| suspension of two years, its last day | 2021-08-31 | suspended 2019-09-01 | suspension 2019-09-01..2021-08-31 | | SUSPENDED |
| the day after, nobody says back | 2021-09-01 | suspended 2019-09-01 | suspension 2019-09-01..2021-08-31 | | DROPOUT EXPIRED_SUSPENSION |
| three years, the last day of two | 2021-08-31 | suspended 2019-09-01 | suspension 2019-09-01..2022-08-31 | | SUSPENDED |
| three years, the day after | 2021-09-01 | suspended 2019-09-01 | suspension 2019-09-01..2022-08-31 | | UNVERIFIED APPROVAL_TOO_LONG |
";

#[test]
fn a_paper_of_two_years_counts_to_its_end_where_the_county_s_rules_permit_it() {
    let loads = |months: u32, [deferred, suspended, elsewhere]: [&str; 3]| {
        let value = |key: &str| {
            format!(
                "| {key} | {months} | 2019-09-01 | | found | 最长多少个月 | 甲教发1号第三条 |\n"
            )
        };
        let keys =
            ["papers.deferral_months", "papers.suspension_months", "certificate.valid_months"];
        let cases = TWO_YEARS
            .replace("| DEFERRED |", &format!("| {deferred} |"))
            .replace("| SUSPENDED |", &format!("| {suspended} |"))
            .replace("| ELSEWHERE |", &format!("| {elsewhere} |"));
        let text = pack(&format!("{VALUES}{}\n{cases}", keys.map(value).concat()));
        let loaded = Pack::builtin().with(&[text]);
        assert!(loaded.is_ok(), "{months}: {:?}", loaded.err());
    };
    loads(
        24,
        [
            "DEFERRED APPROVED_DEFERRAL until 2020-08-30",
            "SUSPENDED VALID_SUSPENSION until 2021-08-31",
            "ENROLLED_ELSEWHERE CERTIFICATE until 2021-08-31",
        ],
    );
    let (long, refused) =
        ("UNVERIFIED APPROVAL_TOO_LONG", "CONFLICT UNVERIFIED_CERTIFICATE_VS_TOWN");
    loads(12, [long, long, refused]);
}

#[test]
fn packs_that_do_not_fit_are_refused() {
    let on = |over: &str| {
        let mut text = pack("");
        text.files[0].1 = text.files[0].1.replace("over = \"CN-DEFAULT\"\n", over);
        text
    };
    refused(&on("over = \"B\"\n"), "id = ", "stands over `B`, which is not below it");
    refused(&on(""), "id = ", "name it with `over`");
    refused(&on("over = \"CN-DEFAULT\"\ncolour = 1\n"), "colour", "unknown field `colour`");
    let none = PackText {
        files: vec![(
            "a.md".to_owned(),
            "# 甲 — 乙\n\n> 丙\n>\n> 施行日期：未核实（甲教发1号没有写）\n".to_owned()
                + &rule("x", ""),
        )],
    };
    refused(&none, "# 甲", "the pack has no head");
    let a = on("over = \"B\"\n");
    let b = PackText {
        files: vec![(
            "b.md".to_owned(),
            pack("").files[0].1.replace("id = \"A\"", "id = \"B\"").replace("CN-DEFAULT", "A"),
        )],
    };
    let errors = Pack::builtin().with(&[a, b]).unwrap_err();
    assert!(errors.iter().any(|error| error.message.contains("`A` stands over `B`")), "{errors:?}");
}

#[test]
fn rules_that_hide_or_name_others_wrongly_are_refused() {
    refused(&pack(&rule("suspension", "")), "id = \"suspension\"", "write `replaces = true`");
    refused(&pack(&rule("new", "replaces = true")), "id = \"new\"", "replaces nothing");
    refused(&pack(&rule("new", "before = \"gone\"")), "id = \"new\"", "there is no rule `gone`");
    let circle = rule("one", "before = \"two\"")
        + &rule("two", "before = \"three\"")
        + &rule("three", "before = \"one\"");
    refused(&pack(&circle), "id = \"one\"", "one → two → three → one");
    refused(&pack(&rule("me", "before = \"me\"")), "id = \"me\"", "me → me");
    let off = "| off | since | until | source |\n|-|-|-|-|\n";
    refused(
        &pack(&format!("{off}| gone | 2019-09-01 | | 甲 |\n")),
        "| gone",
        "is no rule of a pack below",
    );
    refused(
        &pack(&format!("{off}| suspension | 2019-09-01 | | |\n")),
        "| suspension",
        "why is `suspension` off?",
    );
    let endless = rule("new", "").replace("UNVERIFIED", "DEFERRED");
    refused(&pack(&endless), "code = ", "must end");
    let need = rule("new", "needs = [[\"甲\", \"a\", \"survey.nothing\"]]");
    refused(&pack(&need), "needs = ", "unknown fact `survey.nothing`");
}

#[test]
fn a_failing_case_keeps_the_pack_out() {
    let case =
        "| case | today | survey | verdict |\n|-|-|-|-|\n| out | 2019-09-25 | out | DROPOUT |\n";
    refused(&pack(&(rule("new", "") + case)), "| out |", "expected DROPOUT");
}

fn children(records: &[Record]) -> Vec<Child<'_>> {
    records.iter().map(|record| Child::new(ChildId::from(record.id), vec![record])).collect()
}

/// Children of all birth years, each with one row: of the registry, of a survey, of both kinds.
fn records() -> Vec<Record> {
    let record = |n: u32| {
        let what = match n % 4 {
            0 => Statement::Registered,
            1 => Statement::Survey { finding: SurveyFinding::Out { cause: None } },
            2 => Statement::Survey {
                finding: SurveyFinding::InSchoolElsewhere {
                    school: "某市小学".to_owned(),
                    grade: None,
                },
            },
            _ => Statement::Enrolment(Enrolment {
                school: "甲校".to_owned(),
                grade: Grade::new(4),
                status: EnrolmentStatus::Attending,
                mode: None,
                transfer: None,
            }),
        };
        let source = match n % 4 {
            0 => Source::PopulationRegister,
            1 | 2 => Source::TownSurvey,
            _ => Source::StudentRegistry,
        };
        let as_of = day("2019-06-20");
        let born =
            NaiveDate::from_ymd_opt(2003 + i32::try_from(n % 12).unwrap(), 1 + n % 12, 1 + n % 28);
        Record {
            id: RecordId::new(BatchId(1), n),
            origin: Origin { file: "a.csv".into(), sheet: "".into(), row: n },
            source,
            as_of,
            town: None,
            person: Person { birth: born.map(Birth::Day), ..Person::default() },
            claims: vec![Claim { what, on: as_of, words: None }],
            doubts: Vec::new(),
            review_only: None,
        }
    };
    (0..200).map(record).collect()
}

#[test]
fn last_years_verdicts_are_the_same_to_the_byte_under_packs_that_came_since() {
    let records = records();
    let judged = |pack: &Pack, on: &str| {
        let settings = pack.settings(day(on), &toml::Table::new()).unwrap();
        let found = determine(&children(&records), &Files::default(), pack, &settings);
        serde_json::to_string(&found).unwrap()
    };
    let before = Pack::builtin();
    let since = before.with(&[example("province"), example("county")]).unwrap();
    assert_eq!(judged(&before, "2019-08-31"), judged(&since, "2019-08-31"));
    assert_ne!(judged(&before, "2019-09-25"), judged(&since, "2019-09-25"));
}

#[test]
fn a_pack_differs_on_the_days_for_which_it_says_something_else() {
    let below = Pack::builtin();
    let above = below.with(&[example("province"), example("county")]).unwrap();
    assert_eq!(below.difference(&below), Vec::new());
    let changes = below.difference(&above);
    let days = |subject: &Subject| -> Vec<(NaiveDate, Option<NaiveDate>)> {
        let of = changes.iter().filter(|change| change.subject == *subject);
        of.map(|change| (change.since, change.until)).collect()
    };
    let off = Subject::Rule("town-names-school-elsewhere".to_owned());
    assert_eq!(days(&off), [(day("2019-09-01"), Some(day("2020-08-31")))]);
    let dropout = Subject::Value("thresholds.dropout_days".to_owned());
    assert_eq!(
        days(&dropout),
        [(day("2019-09-01"), Some(day("2021-08-31"))), (day("2021-09-01"), None)]
    );
    let back = above.difference(&below);
    assert_eq!(back.len(), changes.len());
}

#[test]
fn every_day_has_settings() {
    for on in ["1990-01-01", "2006-09-01", "2019-08-25", "2031-02-28"] {
        assert_eq!(Settings::new(day(on)).as_of, day(on));
    }
}
