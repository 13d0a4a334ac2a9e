//! Laws that hold for every child, tried on children put together at random from the words of worked cases; and the
//! conditions against the interpreter of `cel`, the slow and obvious twin.

use std::collections::{BTreeMap, HashMap};

use baoxue_claim::{ChildId, Record, VerdictCode};
use cel::{Context, Program, Value};
use chrono::NaiveDate;
use proptest::{collection::vec, prelude::*, sample::Index};

use crate::{
    Child, Pack, Settings,
    cells::CELLS,
    facts::{FIELDS, Facts, Getter, facts_of},
    pack::{records_of_case, sources},
    verdict,
};

const TODAY: &str = "2019-08-25";

/// A row of a table: for each column no cell in three of four draws, else one of its cells.
fn row(draws: &[(u8, Index)]) -> Vec<(&'static str, &'static str)> {
    let cells = CELLS.iter().zip(draws).filter(|(_, (skip, _))| *skip == 0);
    cells.map(|((column, cells), (_, index))| (*column, *index.get(cells))).collect()
}

fn draws() -> impl Strategy<Value = Vec<(u8, Index)>> {
    vec((0..4u8, any::<Index>()), CELLS.len())
}

fn records(row: &[(&str, &str)]) -> Vec<Record> {
    records_of_case(TODAY.parse().unwrap(), row).unwrap()
}

fn settings() -> Settings {
    thread_local!(static TODAYS: Settings = Settings::new(TODAY.parse().unwrap()));
    TODAYS.with(Settings::clone)
}

fn judged(records: &[Record]) -> crate::Verdict {
    thread_local!(static PACK: Pack = Pack::builtin());
    let child = Child::new(ChildId(1), records.iter().collect());
    PACK.with(|pack| verdict(&child, pack, &settings()))
}

/// How bad a verdict is for a family.
pub(crate) fn gravity(code: VerdictCode) -> u8 {
    let open = [
        VerdictCode::Conflict,
        VerdictCode::Unverified,
        VerdictCode::Missing,
        VerdictCode::OverageIncomplete,
    ];
    if code.is_out() {
        return 3;
    }
    if code == VerdictCode::Suspected { 2 } else { u8::from(open.contains(&code)) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_records_does_not_matter(draws in draws(), turn in 0usize..12) {
        let mut records = records(&row(&draws));
        let before = judged(&records);
        if !records.is_empty() {
            let at = turn % records.len();
            records.rotate_left(at);
        }
        prop_assert_eq!(&judged(&records), &before);
        records.reverse();
        prop_assert_eq!(judged(&records), before);
    }

    #[test]
    fn a_good_certificate_never_makes_a_child_worse_off(draws in draws()) {
        let row = row(&draws);
        let without = judged(&records(&row));
        let mut more = row.clone();
        more.push(("certificate", "2019-05-20"));
        let with = judged(&records(&more));
        // Against "no such person" a certificate is a contradiction: it shows that there is one.
        prop_assume!(without.code != VerdictCode::RegisterError);
        prop_assert!(gravity(with.code) <= gravity(without.code), "{:?}: {} became {}", row, without.code, with.code);
    }

    #[test]
    fn silence_accuses_nobody(draws in draws()) {
        let quiet = ["born", "register", "tip-off", "poverty"];
        let row: Vec<_> = row(&draws).into_iter().filter(|(column, _)| quiet.contains(column)).collect();
        prop_assert!(!judged(&records(&row)).code.accuses(), "{:?}", row);
    }

    #[test]
    fn an_accusation_names_its_claims_and_a_conflict_its_sides(draws in draws()) {
        let found = judged(&records(&row(&draws)));
        prop_assert!(!found.code.accuses() || !found.claims.is_empty());
        let sides = found.conflict.as_ref().map_or(0, |conflict| conflict.sides.len());
        prop_assert_eq!(found.code == VerdictCode::Conflict, sides > 1, "{} {}", found.reason, sides);
        prop_assert!(found.words_zh.starts_with(found.code.zh()));
    }

    #[test]
    fn sealed_circumstances_are_never_named(draws in draws()) {
        let mut row = row(&draws);
        row.retain(|(column, _)| *column != "survey");
        row.push(("survey", "out offence"));
        let found = judged(&records(&row));
        let mut texts = vec![&found.words_zh, &found.words_en, &found.ground.law, &found.ground.title];
        let conflict = found.conflict.iter();
        texts.extend(conflict.flat_map(|conflict| &conflict.sides).map(|side| &side.says));
        texts.extend(found.refused.iter().map(|refused| &refused.why));
        for text in texts {
            prop_assert!(!baoxue_claim::names_sealed(text) && !text.contains("第二十一条"), "{}", text);
        }
        prop_assert!(found.cause != Some(baoxue_claim::Cause::Offence));
    }

    #[test]
    fn conditions_mean_what_cel_says_they_mean(draws in draws()) {
        thread_local!(static RULES: Vec<(String, Program, crate::pack::Condition)> = compiled());
        let records = records(&row(&draws));
        let child = Child::new(ChildId(1), records.iter().collect());
        let (facts, _) = facts_of(&child, &settings());
        let context = context(&facts);
        RULES.with(|rules| {
            for (source, program, condition) in rules {
                let slow = program.execute(&context);
                prop_assert_eq!(slow, Ok(Value::Bool(condition.holds(&facts))), "{}", source);
            }
            Ok(())
        })?;
    }
}

/// Every condition of the built-in pack, by the interpreter and by us.
fn compiled() -> Vec<(String, Program, crate::pack::Condition)> {
    let compile = |source: String| {
        let program = Program::compile(&source).unwrap();
        let ours = crate::pack::Condition::parse(&source).unwrap();
        (source, program, ours)
    };
    sources().into_iter().map(compile).collect()
}

fn context(facts: &Facts) -> Context<'static, 'static> {
    let mut roots: BTreeMap<&str, HashMap<String, Value>> = BTreeMap::new();
    for field in FIELDS {
        let (root, name) = field.path.split_once('.').unwrap();
        let value = match field.get {
            Getter::Bool(get) => Value::Bool(get(facts)),
            Getter::Int(get) => Value::Int(get(facts)),
            Getter::Word(get, _) => Value::from(get(facts)),
        };
        roots.entry(root).or_default().insert(name.to_owned(), value);
    }
    let mut context = Context::default();
    for (root, fields) in roots {
        context.add_variable_from_value(root, fields);
    }
    context
}

#[test]
fn broken_rule_files_say_file_line_and_what_was_expected() {
    let good = include_str!("../rules/unable.md");
    let check = |text: &str, line: usize, part: &str| {
        let errors = Pack::from_files(&[("broken.md", text)]).unwrap_err();
        let hit = errors.iter().any(|error| error.line == line && error.message.contains(part));
        assert!(hit, "expected line {line} `{part}`, found {errors:?}");
        assert!(errors.iter().all(|error| error.file == "broken.md"));
    };
    let line_of = |needle: &str| 1 + good.lines().position(|line| line.contains(needle)).unwrap();
    let at = line_of("when = 'deferral.exemption && age.accountable && (registry.live");
    check(&good.replace("registry.live", "registry.alive"), at, "unknown fact `registry.alive`");
    check(&good.replace("(registry.live", "(county.dropout_days"), at, "is no yes/no fact");
    check(&good.replace("(registry.live", "(survey.says == \"gone\""), at, "never \"gone\"");
    check(&good.replace("(registry.live", "(&& registry.live"), at, "no CEL expression");
    check(
        &good.replace("cites = [\"deferral\"]", "cites = [\"gossip\"]"),
        line_of("cites"),
        "unknown evidence",
    );
    check(&good.replace("certifier =", "certified_by ="), line_of("certifier"), "unknown field");
    check(
        &good.replace("expires = \"exemption\"", "expires = \"never\""),
        line_of("expires"),
        "unknown end",
    );
    check(&good.replace("> 要点", "要点"), 1, "missing article");
    check(&good.replace(" — ", " "), 1, "expected a heading");
    check(
        &good.replace("since = 2006-09-01", "since = 2006-09-01\nuntil = 2005-09-01"),
        line_of("since = ") + 1,
        "lies before",
    );
    check(
        &good.replace("| within the dates | 2019-08-25", "| within the dates | 2019-13-25"),
        line_of("| within"),
        "2019-13-25",
    );
    check(&good.replace("| survey ", "| gossip "), line_of("| within"), "unknown column");
    check(
        &format!("{good}\n{good}"),
        line_of("id = ") + good.lines().count() + 1,
        "in force on the same days",
    );
    check(&good.replace("```rule", "```"), 1, "expected a block");
}

#[test]
fn leave_that_is_over_confirms_nothing() {
    let confirmed = |until: &str| {
        let leave = format!("suspension 2018-09-01..{until}");
        let row = [("registry", "suspended 2019-03-01"), ("leave", leave.as_str())];
        let found = judged(&records(&row));
        (found.code, found.confirmed)
    };
    assert_eq!(confirmed("2019-02-28"), (VerdictCode::Suspended, false));
    assert_eq!(confirmed("2020-02-28"), (VerdictCode::Suspended, true));
}

#[test]
fn a_list_accuses_against_an_older_finding_of_its_own_town_alone() {
    let row = [("register", "yes"), ("survey", "2019-06-01 in"), ("ledger", "2019-07-31 listed")];
    let code = |towns: [&str; 2]| {
        let mut records = records(&row);
        records[1].town = Some(towns[0].parse().unwrap());
        records[2].town = Some(towns[1].parse().unwrap());
        judged(&records).code
    };
    assert_eq!(code(["990000101", "990000101"]), VerdictCode::NeverEnrolled);
    // Another town does not take the list back: they disagree.
    assert_eq!(code(["990000102", "990000101"]), VerdictCode::Conflict);
}

#[test]
fn a_wrong_case_fails() {
    let good = include_str!("../rules/unable.md");
    let wrong = good.replace("UNABLE APPROVED_EXEMPTION until 2019-08-31", "DROPOUT");
    let pack = Pack::from_files(&[("unable.md", &wrong)]).unwrap();
    let failures = pack.failing_cases();
    assert!(
        failures.iter().any(|error| error.message.contains("expected DROPOUT")),
        "{failures:?}"
    );
}

#[test]
fn older_rules_give_older_verdicts() {
    let text = include_str!("../rules/home-teaching.md");
    let older = text.replace("since = 2006-09-01", "since = 2006-09-01\nuntil = 2018-08-31");
    let newer = text
        .replace("since = 2006-09-01", "since = 2018-09-01")
        .replace("version = \"2\"", "version = \"3\"");
    let pack = Pack::from_files(&[("a.md", &older), ("b.md", &newer)]).unwrap();
    let version = |today: &str| {
        let today: NaiveDate = today.parse().unwrap();
        let records = records_of_case(today, &[("registry", "attending home 4")]).unwrap();
        let child = Child::new(ChildId(1), records.iter().collect());
        verdict(&child, &pack, &Settings::new(today)).ground.version.clone()
    };
    assert_eq!(version("2018-08-31"), "2");
    assert_eq!(version("2018-09-01"), "3");
}

#[test]
fn a_pack_without_a_rule_for_a_child_says_so() {
    let pack = Pack::from_files(&[("a.md", include_str!("../rules/home-teaching.md"))]).unwrap();
    let child = Child::new(ChildId(1), Vec::new());
    let found = verdict(&child, &pack, &settings());
    assert_eq!((found.code, found.reason.as_str()), (VerdictCode::Unverified, "NO_RULE"));
}

#[test]
fn two_valid_numbers_with_two_births_are_a_conflict_and_not_an_accusation() {
    let row = [("born", "unknown"), ("survey", "never; never")];
    let code = |numbers: [&str; 2]| {
        let mut records = records(&row);
        for (record, number) in records.iter_mut().zip(numbers) {
            record.person.id = baoxue_claim::IdMention::read(number).map(|(id, _)| id);
        }
        let found = judged(&records);
        (found.code, found.conflict.map_or(0, |conflict| conflict.sides.len()))
    };
    // Of age by the first, not by the second.
    assert_eq!(code(["610902201208310013", "610902201209020018"]), (VerdictCode::Conflict, 2));
    assert_eq!(code(["610902201208310013"; 2]), (VerdictCode::NeverEnrolled, 0));
}
