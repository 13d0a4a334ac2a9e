//! The month adds up, whatever came and went.

use baoxue_act::{Judged, Opening, PROGRAM, Place, Return, ReturnForm, Trigger, What};
use baoxue_claim::{BatchId, ChildId, RecordId};

use super::*;

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn at(text: &str) -> Moment {
    chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn event(when: &str, what: What) -> Event {
    Event { at: at(when), by: PROGRAM.to_owned(), what }
}

fn judged(code: VerdictCode, on: &str) -> Judged {
    Judged { code, confirmed: true, on: on.parse().unwrap() }
}

fn opened(when: &str, code: VerdictCode) -> Event {
    let place = Place { town: None, village: None, school: None, class: None };
    let child = ChildId::from(RecordId::new(BatchId(1), 0));
    let judged = judged(code, &when[..10]);
    event(
        when,
        What::Opened(Opening { child, episode: 1, trigger: Trigger::Verdict, judged, place }),
    )
}

fn back(when: &str) -> Event {
    let on = when[..10].parse().unwrap();
    let form = ReturnForm::OtherClass;
    let what = What::Returned(Return { on, school: "五里中学".to_owned(), class: None, form });
    Event { by: "校长".to_owned(), ..event(when, what) }
}

/// Start, new, returned, ended otherwise, left.
fn flows(events: &[Event], of: &str) -> [u32; 5] {
    use Column as C;
    let told = flow(CaseId(1), events, month(of)).unwrap();
    let columns = [C::Begun, C::New, C::Returned, C::Otherwise, C::Left];
    columns.map(|column| told.iter().filter(|(c, _)| *c == column).map(|(_, n)| n).sum())
}

#[test]
fn a_case_comes_stays_and_goes() {
    let mut events = vec![opened("2019-08-25 09:00", VerdictCode::Dropout)];
    assert_eq!(flows(&events, "2019-07"), [0; 5]);
    assert_eq!(flows(&events, "2019-08"), [0, 1, 0, 0, 1]);
    assert_eq!(flows(&events, "2019-09"), [1, 0, 0, 0, 1]);
    events.push(back("2019-09-04 08:00"));
    assert_eq!(flows(&events, "2019-08"), [0, 1, 0, 0, 1], "August stays what it was");
    assert_eq!(flows(&events, "2019-09"), [1, 0, 1, 0, 0]);
    assert_eq!(flows(&events, "2019-10"), [0; 5]);
    // A return that was entered wrongly: the child is out, and is counted where that became known.
    let what = What::Corrected { of: 1, instead: None, why: "登错".to_owned() };
    events.push(Event { by: "教体局".to_owned(), ..event("2019-10-08 09:00", what) });
    assert_eq!(flows(&events, "2019-10"), [0, 1, 0, 0, 1]);
}

#[test]
fn whoever_comes_and_goes_within_a_month_is_new_and_gone() {
    let events = [opened("2019-09-02 09:00", VerdictCode::Suspected), back("2019-09-20 08:00")];
    assert_eq!(flows(&events, "2019-09"), [0, 1, 1, 0, 0]);
    let only_verified = [opened("2019-09-02 09:00", VerdictCode::Unverified)];
    assert_eq!(flows(&only_verified, "2019-09"), [0; 5], "nobody is accused");
}

#[test]
fn every_child_of_age_stands_under_one_state() {
    let entries: Vec<_> = (0..)
        .zip(VerdictCode::ALL)
        .map(|(n, code)| crate::Entry { code: *code, ..crate::roll::plain_entry(n) })
        .collect();
    let roll = Roll::of_entries(entries);
    let of =
        Counted { roll: &roll, cases: &CaseBook::default(), findings: &[], scope: &Scope::All };
    let lines = month_lines(of, month("2019-09")).unwrap();
    let [line] = &lines[..] else { panic!("{}", lines.len()) };
    assert!(line.adds_up());
    let gone = VerdictCode::ALL.iter().filter(|code| column_of(**code).is_none()).count();
    assert_eq!(line.get(Column::OfAge) as usize, VerdictCode::ALL.len() - gone);
    assert_eq!(sum(&lines).get(Column::Verifying), 3);
    assert_ne!(seal_of(&lines).unwrap(), seal_of(&[]).unwrap());
}

#[test]
fn a_report_is_owed_for_the_month_before_until_it_is_there_and_for_this_one_when_it_is_near() {
    let none = BTreeMap::new();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let first = Some(day("2019-08-25"));
    assert_eq!(owed(&none, None, (day("2019-09-09"), 28)), None, "no case, no report");
    let before = owed(&none, first, (day("2019-09-09"), 28)).unwrap();
    assert_eq!(before, (month("2019-08"), day("2019-08-28")));
    let sent = Submitted {
        month: month("2019-08"),
        on: day("2019-09-09"),
        lines: Vec::new(),
        why: None,
        by: String::new(),
        at: DateTime::default(),
    };
    let some = BTreeMap::from([(sent.month, vec![sent])]);
    assert_eq!(owed(&some, first, (day("2019-09-09"), 28)), None, "not near");
    assert_eq!(
        owed(&some, first, (day("2019-09-18"), 28)),
        Some((month("2019-09"), day("2019-09-28")))
    );
    assert_eq!(
        owed(&none, first, (day("2019-08-26"), 31)),
        Some((month("2019-08"), day("2019-08-31")))
    );
    assert_eq!(Month::parse("2019-13"), None);
    assert_eq!(Month::parse("2019-9"), None);
    assert_eq!(month("2019-12").next().to_string(), "2020-01");
}
