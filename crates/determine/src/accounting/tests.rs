//! Stories of who named whom.

use baoxue_claim::{
    BatchId, Claim, InspectionFinding, Ledgered, Origin, Person, Record, RecordId, Statement,
    SurveyFinding, Town,
};

use super::*;
use crate::{Child, Determined, Files, Pack, Settings, determine};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2019, month, day).unwrap()
}

fn town(code: &str) -> TownCode {
    code.parse().unwrap()
}

const HILL: &str = "990001101";
const RIVER: &str = "990001102";

fn towns() -> Towns {
    let of = |code: &str, name: &str| Town {
        code: town(code),
        name: name.to_owned(),
        aliases: Vec::new(),
        from: None,
        to: None,
    };
    Towns::new(vec![of(HILL, "柳林镇"), of(RIVER, "石桥镇")])
}

/// A word about a child: source, town that sent it, day, what.
type Word = (Source, Option<&'static str>, NaiveDate, Statement);

fn out() -> Statement {
    Statement::Survey { finding: SurveyFinding::Out { cause: None } }
}

fn seen_out() -> Statement {
    Statement::Inspection { finding: InspectionFinding::OutMissed, seen: true }
}

fn ledger() -> Statement {
    Statement::Ledger(Ledgered {
        persuasions: None,
        school: None,
        since: None,
        cause: None,
        whereabouts: SurveyFinding::Silent,
    })
}

fn records(home: &str, words: &[Word]) -> Vec<Record> {
    let birth = NaiveDate::from_ymd_opt(2008, 5, 1).map(baoxue_claim::Birth::Day);
    let mut person = Person { birth, ..Person::default() };
    person.registered_at.town = Some(town(home));
    let register = (Source::PopulationRegister, None, day(6, 30), Statement::Registered);
    let all = std::iter::once(&register).chain(words);
    (0..)
        .zip(all)
        .map(|(at, (source, sender, on, what))| Record {
            id: RecordId::new(BatchId(1), at),
            origin: Origin { file: "a.csv".into(), sheet: "".into(), row: at + 2 },
            source: *source,
            as_of: *on,
            town: sender.map(town),
            person: person.clone(),
            claims: vec![Claim { what: what.clone(), on: *on, words: None }],
            doubts: Vec::new(),
            review_only: None,
        })
        .collect()
}

/// The account of one child of a town; all towns of `sent` sent something.
fn account(home: &str, words: &[Word], sent: &[&str]) -> Accounting {
    let records = records(home, words);
    let child = Child::new(ChildId(1), records.iter().collect());
    let settings = Settings::new(day(8, 25));
    let found: Vec<Determined> =
        determine(&[child], &Files::default(), &Pack::builtin(), &settings);
    let known = [Known { records: records.iter().collect(), found: &found[0] }];
    let sent = sent.iter().map(|code| town(code)).collect();
    accounting(&known, (&towns(), &sent), (settings.as_of, &settings.thresholds)).unwrap()
}

fn row<'a>(account: &'a Accounting, code: &str) -> &'a TownAccount {
    account.towns.iter().find(|row| row.town == Some(town(code))).unwrap()
}

fn seen_on(month: u32, d: u32) -> Word {
    (Source::Inspection, None, day(month, d), seen_out())
}

#[test]
fn a_town_that_finds_its_own_child_is_not_held_to_account() {
    let own = (Source::TownSurvey, Some(HILL), day(7, 20), out());
    let account = account(HILL, &[own, seen_on(8, 10)], &[HILL]);
    let town = row(&account, HILL);
    assert_eq!((town.out, town.found_first, town.missed, town.wrong), (1, 1, 0, 0));
    assert_eq!(town.report, ReportState::Named);
    assert_eq!(account.out[0].first.as_ref().unwrap().source, Source::TownSurvey);
}

#[test]
fn a_town_whose_child_others_find_is() {
    let account = account(HILL, &[seen_on(8, 10)], &[HILL]);
    let town = row(&account, HILL);
    assert_eq!((town.out, town.missed, town.zero_contradicted), (1, 1, 1));
    assert_eq!(town.report, ReportState::Zero);
    assert_eq!(account.out[0].days, 15, "open from 10 to 25 August");
}

#[test]
fn no_report_is_not_a_report_of_zero() {
    let account = account(HILL, &[seen_on(8, 10)], &[]);
    let town = row(&account, HILL);
    assert_eq!((town.report, town.missed, town.zero_contradicted), (ReportState::None, 1, 0));
    assert_eq!(row(&account, RIVER).report, ReportState::None);
}

#[test]
fn another_towns_word_is_not_the_towns_own() {
    let other = (Source::TownSurvey, Some(RIVER), day(7, 20), out());
    let account = account(HILL, &[other, seen_on(8, 10)], &[HILL, RIVER]);
    assert_eq!(row(&account, HILL).missed, 1);
    assert_eq!(row(&account, RIVER).out, 0);
}

#[test]
fn a_town_that_names_the_child_later_has_the_days_counted() {
    let own = (Source::TownLedger, Some(HILL), day(8, 20), ledger());
    let account = account(HILL, &[seen_on(8, 10), own], &[HILL]);
    let town = row(&account, HILL);
    assert_eq!((town.found_later, town.missed, town.longest_days), (1, 0, 10));
}

#[test]
fn a_list_that_calls_a_child_in_school_out_is_wrong_until_somebody_says_so() {
    let listed = (Source::TownLedger, Some(HILL), day(7, 20), ledger());
    let there =
        Statement::Inspection { finding: InspectionFinding::InSchoolMisreported, seen: true };
    let seen = (Source::Inspection, None, day(8, 1), there);
    let account = account(HILL, &[listed, seen], &[HILL]);
    let wrong = &account.wrong[0];
    assert_eq!((wrong.corrected_on, wrong.days, wrong.known_before), (Some(day(8, 1)), 12, false));
    assert_eq!(row(&account, HILL).wrong, 1);
    let ledger = account.sources.iter().find(|s| s.source == Source::TownLedger).unwrap();
    assert_eq!(ledger.outcomes[Outcome::Wrong as usize], 1);
    assert_eq!(ledger.named, 1);
}

#[test]
fn a_row_that_does_not_add_up_is_refused() {
    let row = TownAccount { out: 3, missed: 2, name: "柳林镇".to_owned(), ..Default::default() };
    let error = row.check().unwrap_err();
    assert!(error.to_string().contains("柳林镇"), "{error}");
}
