//! Clocks that begin when something is said, and begin anew when it is undone.

use baoxue_act::{
    Attachment, CaseId, Ending, Found, Item, Met, Onto, Over, PROGRAM, Paper, PaperKind, Place,
    Refusal, Request, Return, ReturnForm, Service, ServiceProof, Stage, What, account::Outcome,
    account::charges, carried, climbs, duties, fold, next_episode,
};
use baoxue_claim::VerdictCode::{Dropout, HomeTeaching, Suspected, Suspended, Unverified};
use baoxue_determine::Seat;

use crate::common::{Told, at, day, judged, place, visit};

fn of(told: &Told, step: &str, now: &str) -> Vec<(u32, bool)> {
    let found = duties(&told.case(), &told.rules, at(now));
    let of = found.iter().filter(|duty| duty.id.step == step);
    of.map(|duty| (duty.id.nth, duty.done.is_some())).collect()
}

fn climbed(told: &Told) -> Vec<String> {
    let case = told.case();
    let mut steps: Vec<String> = case.climbs.keys().map(|(duty, _)| duty.step.clone()).collect();
    steps.dedup();
    steps
}

#[test]
fn nobody_is_late_with_what_began_today() {
    let mut told = Told::opened(Unverified, false, "2019-09-02 09:00");
    let seen = visit("2019-09-03", Met::Neighbour, Found::Away);
    told.tell(at("2019-09-03 09:00"), "村", seen).unwrap();
    told.tell(at("2019-09-03 10:00"), "校", What::Noted { words: "学籍在册".into() }).unwrap();
    told.pass(at("2019-09-13 09:00"));
    let again = visit("2019-09-13", Met::Neighbour, Found::Away);
    told.tell(at("2019-09-13 09:00"), "村", again).unwrap();
    let out = What::Judged(judged(Dropout, true, "2019-10-02"));
    let before = climbed(&told);
    told.tell(at("2019-09-26 09:00"), PROGRAM, out).unwrap();
    let now = at("2019-09-26 10:00");
    let late = climbs(&told.case(), &told.rules, now);
    assert_eq!(late, [], "the child is said to be out of school since an hour, before: {before:?}");
    for step in ["T4", "T5", "T6", "D1", "T9"] {
        assert_eq!(of(&told, step, "2019-09-26 10:00"), [(0, false)], "{step}");
    }
    assert_eq!(of(&told, "F1", "2019-09-26 10:00"), [], "somebody has been there already");
    told.pass(at("2019-09-27 09:01"));
    assert!(climbed(&told).contains(&"T5".to_owned()), "24 hours later it is late");
}

#[test]
fn a_determination_is_needed_anew_when_the_evidence_says_something_else() {
    let mut told = Told::opened(Suspected, true, "2019-09-02 09:00");
    told.tell(at("2019-09-03 09:00"), "局", What::Determined { code: Suspected }).unwrap();
    let out = What::Judged(judged(Dropout, true, "2019-10-08"));
    told.tell(at("2019-10-08 09:00"), PROGRAM, out).unwrap();
    assert_eq!(told.case().stage(5), Stage::Found);
    let no = told.case().judged.no;
    assert_eq!(of(&told, "D1", "2019-10-08 10:00"), [(0, true), (no, false)]);
    let late = climbs(&told.case(), &told.rules, at("2019-10-09 09:00"));
    assert!(
        late.iter().all(|climb| climb.duty.step != "D1" && climb.duty.step != "T9"),
        "{late:?}"
    );
    let outcome = |told: &Told, nth: u32| {
        let all = charges(&told.case(), &told.rules, at("2019-10-09 09:00"));
        let of = all.iter().find(|c| c.id.step == "D1" && c.id.nth == nth);
        of.map(|charge| charge.outcome)
    };
    assert_eq!(outcome(&told, 0), Some(Outcome::InTime), "what was done in time stays so");
    assert_eq!(outcome(&told, no), Some(Outcome::Open));
    told.tell(at("2019-10-09 09:00"), "局", What::Determined { code: Dropout }).unwrap();
    assert_eq!(of(&told, "D1", "2019-10-09 10:00"), [(0, true), (no, true)]);
}

fn notice(told: &mut Told, number: u32, (on, until): (&str, &str)) {
    let (kind, issuer) = (PaperKind::ReturnNotice, place().holder(Seat::TownHead));
    let fields = std::collections::BTreeMap::new();
    let until = Some(day(until));
    let draft = baoxue_act::Draft { paper: number, kind, issuer: issuer.clone(), until, fields };
    let now = at(&format!("{on} 09:00"));
    told.tell(now, "拟稿人", What::Drafted(draft)).unwrap();
    let (hash, code) = (String::new(), String::new());
    let text = format!("{number}号");
    let paper = Paper { paper: number, kind, number: text, issuer, on: day(on), until, hash, code };
    told.tell(now, "局", What::Issued(paper)).unwrap();
    let proof = ServiceProof::Signed { receiver: "乙".into() };
    let served = Service { paper: number, on: day(on), by: "甲".into(), proof, file: None };
    told.tell(now, "村", What::Served(served)).unwrap();
}

#[test]
fn t53_an_objection_that_is_right_takes_back_the_papers_and_a_new_notice_is_owed() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    told.tell(at("2019-09-03 09:00"), "局", What::Determined { code: Dropout }).unwrap();
    notice(&mut told, 1, ("2019-09-10", "2019-09-17"));
    assert_eq!(of(&told, "T7", "2019-09-11 09:00"), [(0, true)]);
    let words = || "孩子在读".to_owned();
    told.tell(at("2019-09-11 09:00"), "家长", What::Objected { words: words() }).unwrap();
    let upheld = What::ObjectionAnswered { upheld: true, words: words() };
    told.tell(at("2019-09-12 09:00"), "局", upheld).unwrap();
    let paper = told.case().papers[0].clone();
    assert!(!paper.stands(), "the paper is taken back");
    assert!(paper.voided.is_none() && paper.overruled.is_some());
    told.tell(at("2019-09-16 09:00"), "局", What::Determined { code: Dropout }).unwrap();
    let open: Vec<(u32, bool)> = of(&told, "T7", "2019-09-16 10:00");
    assert_eq!(open.iter().filter(|(_, done)| !done).count(), 1, "{open:?}");
    assert!(
        climbs(&told.case(), &told.rules, at("2019-09-17 09:00"))
            .iter()
            .all(|c| c.duty.step != "T7")
    );
    notice(&mut told, 2, ("2019-09-18", "2019-09-25"));
    assert!(of(&told, "T7", "2019-09-18 10:00").iter().all(|(_, done)| *done));
}

#[test]
fn a_family_that_is_right_is_not_persuaded() {
    for code in [Suspended, HomeTeaching] {
        let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
        told.tell(at("2019-09-02 10:00"), PROGRAM, What::Judged(judged(code, true, "2019-09-02")))
            .unwrap();
        let found = duties(&told.case(), &told.rules, at("2019-10-30 09:00"));
        let owed: Vec<&str> =
            found.iter().filter(|d| d.done.is_none()).map(|d| d.id.step.as_str()).collect();
        assert_eq!(owed, ["C1"], "{code}");
        // Out again, all begins anew.
        let out = What::Judged(judged(Dropout, true, "2020-03-02"));
        told.tell(at("2020-03-02 09:00"), PROGRAM, out).unwrap();
        let late = climbs(&told.case(), &told.rules, at("2020-03-02 10:00"));
        assert!(late.iter().all(|climb| climb.duty.step == "C1"), "{late:?}");
        assert!(of(&told, "F1", "2020-03-02 10:00").iter().any(|(_, done)| !done));
    }
}

#[test]
fn nobody_at_home_verifies_nothing_and_three_talks_take_three_days() {
    let mut told = Told::opened(Unverified, false, "2019-09-02 09:00");
    let nobody = visit("2019-09-03", Met::Nobody, Found::NotFound);
    told.tell(at("2019-09-03 09:00"), "村", nobody).unwrap();
    assert_eq!(of(&told, "V1", "2019-09-03 10:00"), [(0, false)]);
    let nobody = visit("2019-09-10", Met::Nobody, Found::NotFound);
    told.tell(at("2019-09-10 09:00"), "村", nobody).unwrap();
    told.pass(at("2019-09-17 09:00"));
    assert!(climbed(&told).contains(&"W1".to_owned()), "a visit to nobody is no look");
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    for on in ["2019-09-03", "2019-09-03", "2019-09-03", "2019-09-04"] {
        let met = visit(on, Met::Guardian, Found::AtHome);
        told.tell(at("2019-09-04 09:00"), "村", met).unwrap();
        assert_eq!(of(&told, "T6", "2019-09-04 10:00"), [(0, false)], "{on}");
    }
    let met = visit("2019-09-05", Met::Guardian, Found::AtHome);
    told.tell(at("2019-09-05 09:00"), "村", met).unwrap();
    assert_eq!(of(&told, "T6", "2019-09-05 10:00"), [(0, true)]);
}

#[test]
fn what_fell_due_before_a_move_is_not_the_new_towns() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    told.pass(at("2019-09-12 09:00"));
    let there =
        Place {
            town: Some("610902105".parse().unwrap()), village: Some("西村".into()), ..place()
        };
    told.tell(at("2019-09-12 10:00"), PROGRAM, What::Moved { place: there.clone() }).unwrap();
    let now = at("2019-09-13 09:00");
    let all = charges(&told.case(), &told.rules, now);
    let town = all.iter().find(|charge| charge.id.step == "T5").unwrap();
    assert_eq!(
        (town.outcome, &town.by.owed_by),
        (Outcome::OpenLate, &place().holder(Seat::TownHead))
    );
    let found = duties(&told.case(), &told.rules, now);
    let owed = found.iter().find(|duty| duty.id.step == "T5").unwrap();
    assert_eq!(owed.by.owed_by, there.holder(Seat::TownHead), "the new town must do it now");
    let rung = climbs(&told.case(), &told.rules, at("2019-09-30 09:00"));
    let of_t5: Vec<Seat> = rung.iter().filter(|c| c.duty.step == "T5").map(|c| c.to.seat).collect();
    assert!(!of_t5.contains(&Seat::TownHead), "{of_t5:?}");
}

#[test]
fn another_county_has_a_child_when_two_say_so_with_its_answer() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    let asked = What::TransferAsked { county: "邻县".into() };
    told.tell(at("2019-09-03 09:00"), "甲 jia", asked).unwrap();
    let accepted = || What::TransferAnswered { accepted: true };
    let now = at("2019-09-04 09:00");
    assert_eq!(told.tell(now, "甲 jia", accepted()), Err(Refusal::SamePerson));
    assert_eq!(told.tell(now, "乙 yi", accepted()), Err(Refusal::Unproved));
    let (key, words) = ("KEY".to_owned(), "接收函".to_owned());
    let (hash, media) = ("00".to_owned(), "application/pdf".to_owned());
    let letter = Attachment { key, item: Item::Notices, words, hash, media };
    told.tell(now, "乙 yi", What::Attached(letter)).unwrap();
    told.tell(now, "家长", What::Objected { words: "不同意".into() }).unwrap();
    assert!(matches!(told.tell(now, "乙 yi", accepted()), Err(Refusal::Lacks(_))));
    let answer = What::ObjectionAnswered { upheld: false, words: "已说明".into() };
    told.tell(now, "乙 yi", answer).unwrap();
    told.tell(now, "乙 yi", accepted()).unwrap();
    let case = told.case();
    assert_eq!(case.over.as_ref().map(|over| over.what), Some(Over::Ended(Ending::Transferred)));
    let seen = |on: &str| baoxue_act::Seen {
        child: case.child,
        judged: judged(Dropout, true, on),
        place: place(),
    };
    let days = told.rules.timetable.proof.transferred_days;
    let follow = |on| baoxue_act::follow(Some(&case), &seen(on), days);
    assert_eq!(follow("2019-09-30"), baoxue_act::Follow::Nothing);
    assert!(matches!(follow("2019-10-08"), baoxue_act::Follow::Open(_)), "nothing came from there");
}

#[test]
fn a_legal_step_needs_the_order_before_it_and_its_paper() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    told.tell(at("2019-09-03 09:00"), "局", What::Determined { code: Dropout }).unwrap();
    let step = What::LegalStep { on: day("2019-09-04"), words: "提起诉讼".into() };
    let refused = told.tell(at("2019-09-04 09:00"), "局", step);
    assert_eq!(refused, Err(Refusal::TooEarly(PaperKind::CorrectionOrder)));
}

#[test]
fn what_was_asked_goes_on_when_the_child_is_out_again() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    let request = Request {
        request: 1,
        department: "labour".into(),
        task: "child_at_work".into(),
        within: "24 hours".parse().unwrap(),
        words: "在某厂".into(),
    };
    told.tell(at("2019-09-03 09:00"), "局", What::Asked(request.clone())).unwrap();
    told.pass(at("2019-09-05 09:00"));
    let (school, form) = ("五里初中".to_owned(), ReturnForm::FormerClass);
    let back = What::Returned(Return { on: day("2019-09-09"), school, class: None, form });
    told.tell(at("2019-09-09 09:00"), "校", back).unwrap();
    told.tell(at("2019-09-10 09:00"), "家长", What::Objected { words: "不服".into() }).unwrap();
    let gone = What::Checked { on: day("2019-09-16"), present: false };
    told.tell(at("2019-09-16 09:00"), "师", gone).unwrap();
    let case = told.case();
    assert_eq!(case.over.as_ref().map(|over| over.what), Some(Over::Ended(Ending::Relapsed)));
    let now = at("2019-09-16 09:00");
    let opening = What::Opened(next_episode(&case));
    let mut events = vec![baoxue_act::Event { at: now, by: PROGRAM.into(), what: opening }];
    events.extend(carried(&case, &told.rules.timetable, Onto::OPENED, now));
    let next = fold(CaseId(2), &events).unwrap();
    assert_eq!(next.requests[0].asked.what, request);
    assert_eq!(next.requests[0].asked.at, at("2019-09-03 09:00"), "the clock goes on");
    assert!(next.open_objection().is_some());
    let before: Vec<_> = case.climbs.keys().filter(|(duty, _)| duty.step == "R1").collect();
    let after: Vec<_> = next.climbs.keys().filter(|(duty, _)| duty.step == "R1").collect();
    assert!(!before.is_empty() && before == after, "what has climbed does not climb again");
    let of_old = charges(&case, &told.rules, now);
    assert!(of_old.iter().all(|charge| charge.id.step != "R1"), "it is counted once");
}
