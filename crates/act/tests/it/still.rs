//! A visit and what others say otherwise: who is asked, once for each pair, and what an answer may do.

use baoxue_act::{
    Answer, Found, Inspection, Lack, Met, PROGRAM, Question, Reconsidered, Refusal, Request,
    Return, ReturnForm, Said, Trigger, What, duties, is_confirmed, lacks, questions, routed,
    unfounded,
};
use baoxue_claim::VerdictCode::{self, Dropout, EnrolledLocal, Suspected, Unverified};

use crate::common::{Told, at, day, judged, visit};

const CADRE: &str = "王建军 cunganbu";
const SCHOOL: &str = "郑国强 xiaozhang";
const TOWN: &str = "周立新 zhenban";

fn asked(told: &Told) -> Vec<Question> {
    questions(&told.case(), &told.events)
}

fn returned(on: &str) -> What {
    let (school, form) = ("五里初中".to_owned(), ReturnForm::FormerClass);
    What::Returned(Return { on: day(on), school, class: None, form })
}

fn missed(since: &str) -> What {
    What::Missed { since: day(since), words: "没有到校".into() }
}

fn answer(to: Question, holds: bool) -> What {
    let Question { visit, against, said } = to;
    What::Reconsidered(Reconsidered { visit, against, said, holds })
}

/// A case that the cadre visited on 10 September.
fn visited(code: VerdictCode, met: Met, found: Found) -> Told {
    let mut told = Told::opened(code, false, "2019-09-09 09:00");
    told.tell(at("2019-09-10 09:00"), CADRE, visit("2019-09-10", met, found)).unwrap();
    told
}

/// Strikes out the newest event of a kind, or says something else instead.
fn correct(told: &mut Told, now: &str, is_it: fn(&What) -> bool, instead: Option<What>) {
    let of = told.events.iter().rposition(|event| is_it(&event.what)).unwrap();
    let (of, why) = (u32::try_from(of).unwrap(), "登记错了人".to_owned());
    let what = What::Corrected { of, instead: instead.map(Box::new), why };
    told.tell(at(now), "局", what).unwrap();
}

fn is_return(what: &What) -> bool {
    matches!(what, What::Returned(_))
}

fn is_visit(what: &What) -> bool {
    matches!(what, What::Visited(_))
}

fn lacking(told: &Told, lack: Lack) -> bool {
    lacks(&told.case(), &told.rules.timetable.proof, at("2019-12-01 09:00")).contains(&lack)
}

/// A case whose visit found the child at home and is stood by although the school says that it is back.
fn stood_by() -> Told {
    let mut told = visited(Suspected, Met::Guardian, Found::AtHome);
    told.tell(at("2019-09-11 09:00"), SCHOOL, returned("2019-09-11")).unwrap();
    let yes = answer(asked(&told)[0], true);
    told.tell(at("2019-09-11 10:00"), CADRE, yes).unwrap();
    assert!(lacking(&told, Lack::Dispute));
    told
}

fn inspected(finding: i64, on: &str, out: bool) -> What {
    What::Inspected(Inspection { finding, on: day(on), out, words: "在家".into() })
}

#[test]
fn only_what_cannot_be_true_together_is_asked() {
    let judged = |code| What::Judged(judged(code, false, "2019-09-11"));
    let met = |found| visit("2019-09-11", Met::Guardian, found);
    let table: [(Found, &str, What, Option<Said>); 18] = [
        (Found::NotFound, SCHOOL, returned("2019-09-10"), Some(Said::InSchool)),
        (Found::AtHome, SCHOOL, returned("2019-09-11"), Some(Said::InSchool)),
        (Found::Away, SCHOOL, returned("2019-09-11"), Some(Said::InSchool)),
        (Found::InSchool, SCHOOL, returned("2019-09-11"), None),
        (Found::InSchool, SCHOOL, missed("2019-09-10"), Some(Said::NotInSchool)),
        (Found::AtHome, SCHOOL, missed("2019-09-10"), None),
        (Found::NotFound, SCHOOL, missed("2019-09-10"), None),
        (Found::InSchool, TOWN, met(Found::AtHome), Some(Said::Located)),
        (Found::Away, TOWN, met(Found::AtWork), Some(Said::Located)),
        (Found::AtHome, TOWN, met(Found::AtWork), None),
        (Found::AtHome, TOWN, met(Found::Away), Some(Said::Untraced)),
        (Found::AtHome, TOWN, met(Found::NotFound), None),
        (Found::AtHome, CADRE, met(Found::InSchool), None),
        (Found::InSchoolElsewhere, PROGRAM, judged(Dropout), Some(Said::NotInSchool)),
        (Found::AtHome, PROGRAM, judged(EnrolledLocal), Some(Said::InSchool)),
        (Found::AtHome, PROGRAM, judged(VerdictCode::Conflict), None),
        (Found::InSchool, "何军 ducha", inspected(1, "2019-09-11", true), Some(Said::NotInSchool)),
        (Found::AtHome, "何军 ducha", inspected(1, "2019-09-11", false), Some(Said::InSchool)),
    ];
    for (found, by, what, expected) in table {
        let mut told = visited(Suspected, Met::Guardian, found);
        told.tell(at("2019-09-11 10:00"), by, what.clone()).unwrap();
        let said: Vec<Said> = asked(&told).iter().map(|asked| asked.said).collect();
        assert_eq!(said, Vec::from_iter(expected), "{found:?} {what:?}");
    }
}

#[test]
fn what_was_said_of_an_earlier_day_does_not_contradict_and_what_came_late_from_the_field_does() {
    let mut told = Told::opened(Suspected, false, "2019-09-09 09:00");
    told.tell(at("2019-09-10 09:00"), SCHOOL, returned("2019-09-10")).unwrap();
    let home = |on: &str| visit(on, Met::Guardian, Found::AtHome);
    told.tell(at("2019-09-12 09:00"), TOWN, home("2019-09-11")).unwrap();
    assert_eq!(asked(&told), [], "the visit is the newer word");
    // Recorded after the return, of a day before it.
    told.tell(at("2019-09-12 10:00"), CADRE, home("2019-09-09")).unwrap();
    assert_eq!(asked(&told), [Question { visit: 3, against: 1, said: Said::InSchool }]);
}

#[test]
fn a_pair_is_asked_once_and_a_new_contradiction_asks_again() {
    let mut told = visited(Suspected, Met::Nobody, Found::NotFound);
    told.tell(at("2019-09-11 09:00"), SCHOOL, returned("2019-09-11")).unwrap();
    let first = asked(&told)[0];
    let wrong = answer(Question { said: Said::NotInSchool, ..first }, true);
    let tells = |told: &mut Told, when: &str, by: &str, what: What| told.tell(at(when), by, what);
    assert_eq!(tells(&mut told, "2019-09-11 10:00", CADRE, wrong), Err(Refusal::Unknown));
    let yes = answer(first, true);
    let program = tells(&mut told, "2019-09-11 10:00", PROGRAM, yes.clone());
    assert_eq!(program, Err(Refusal::NotTheProgram));
    tells(&mut told, "2019-09-11 10:00", CADRE, yes.clone()).unwrap();
    assert_eq!(asked(&told), []);
    assert_eq!(tells(&mut told, "2019-09-11 11:00", CADRE, yes), Err(Refusal::Done));
    let n = told.events.len();
    let run = What::Judged(judged(EnrolledLocal, true, "2019-09-12"));
    tells(&mut told, "2019-09-12 09:00", PROGRAM, run).unwrap();
    let second = asked(&told)[0];
    assert_eq!((second.visit, second.said), (first.visit, Said::InSchool));
    assert!(second.against > first.against && told.events.len() > n);
    tells(&mut told, "2019-09-12 10:00", CADRE, answer(second, false)).unwrap();
    assert_eq!(asked(&told), [], "the newer word agrees");
    // Both stay as they were told.
    let kept = |what: fn(&What) -> bool| told.events.iter().filter(|e| what(&e.what)).count();
    assert_eq!(kept(|what| matches!(what, What::Visited(_))), 1);
    assert_eq!(kept(|what| matches!(what, What::Returned(_))), 1);
}

#[test]
fn a_source_that_says_otherwise_again_is_asked_about_by_its_newest_word_alone() {
    let mut told = visited(Suspected, Met::Guardian, Found::AtHome);
    told.tell(at("2019-09-11 09:00"), SCHOOL, returned("2019-09-11")).unwrap();
    told.tell(at("2019-09-13 09:00"), SCHOOL, missed("2019-09-12")).unwrap();
    assert_eq!(asked(&told), [], "the school says the same now");
}

#[test]
fn a_department_is_compared_by_what_it_ticks_and_never_by_its_words() {
    let said = |found| {
        let mut told = visited(Suspected, Met::Neighbour, Found::Away);
        let (department, task) = ("police".to_owned(), "tracing".to_owned());
        let (within, words) = ("10 working_days".parse().unwrap(), "请查找".to_owned());
        let request = Request { request: 1, department, task, within, words };
        told.tell(at("2019-09-11 09:00"), "局 jiaotiju", What::Asked(request)).unwrap();
        let words = "已找到，在外地上学".to_owned();
        let done = What::Answered { request: 1, answer: Answer::Done, words, found };
        told.tell(at("2019-09-12 09:00"), "警 gongan", done).unwrap();
        asked(&told).first().map(|asked| asked.said)
    };
    assert_eq!(said(None), None);
    assert_eq!(said(Some(Found::InSchoolElsewhere)), Some(Said::InSchool));
    assert_eq!(said(Some(Found::AtWork)), Some(Said::Located));
}

#[test]
fn a_word_taken_back_confirms_nothing_closes_nothing_and_undoes_no_determination() {
    let home = || {
        let mut told = visited(Suspected, Met::Guardian, Found::AtHome);
        assert!(is_confirmed(&told.case()) && told.case().confirmed.is_some());
        told.tell(at("2019-09-10 10:00"), SCHOOL, returned("2019-09-10")).unwrap();
        told
    };
    let mut told = home();
    let back = answer(asked(&told)[0], false);
    told.tell(at("2019-09-10 11:00"), CADRE, back).unwrap();
    assert!(!is_confirmed(&told.case()) && told.case().confirmed.is_none());
    let determines = What::Determined { code: Suspected };
    let refused = told.tell(at("2019-09-10 12:00"), "局", determines.clone());
    assert_eq!(refused, Err(Refusal::Unconfirmed), "nobody is called a dropout by it");
    assert!(told.case().over.is_none());
    // What the bureau has confirmed is not undone by a town's or village's click.
    let mut told = home();
    told.tell(at("2019-09-10 10:30"), "局", determines).unwrap();
    let back = answer(asked(&told)[0], false);
    told.tell(at("2019-09-10 11:00"), CADRE, back).unwrap();
    assert!(told.case().determined.is_some() && told.case().confirmed.is_some());
}

#[test]
fn a_word_taken_back_does_not_answer_who_asked_to_look() {
    // The visit said in school, and so would end the case; then the school says absent.
    let mut told = Told::opened(Unverified, false, "2019-09-09 09:00");
    told.tell(at("2019-09-09 10:00"), SCHOOL, missed("2019-09-09")).unwrap();
    let seen = visit("2019-09-10", Met::Both, Found::InSchool);
    told.tell(at("2019-09-10 09:00"), CADRE, seen).unwrap();
    let gone = inspected(4, "2019-09-10", true);
    told.tell(at("2019-09-10 09:00"), "何军 ducha", gone).unwrap();
    let back = answer(asked(&told)[0], false);
    told.tell(at("2019-09-10 11:00"), CADRE, back).unwrap();
    let run = What::Judged(judged(EnrolledLocal, true, "2019-09-10"));
    told.tell(at("2019-09-10 12:00"), PROGRAM, run).unwrap();
    assert!(told.case().over.is_none(), "files do not end it");
}

#[test]
fn who_stands_by_a_visit_keeps_the_case_open_until_somebody_has_looked_again() {
    let mut told = stood_by();
    let nobody = visit("2019-09-12", Met::Nobody, Found::NotFound);
    told.tell(at("2019-09-12 09:00"), TOWN, nobody).unwrap();
    assert!(lacking(&told, Lack::Dispute), "nobody at home is no look");
    let seen = visit("2019-09-13", Met::Child, Found::InSchool);
    told.tell(at("2019-09-13 09:00"), TOWN, seen).unwrap();
    assert!(!lacking(&told, Lack::Dispute));
}

#[test]
fn a_child_seen_at_work_by_a_word_taken_back_is_no_matter_of_the_labour_bureau() {
    let mut told = visited(Suspected, Met::Guardian, Found::AtWork);
    let mut unasked = told.clone();
    let wanted = routed(&told.case(), &told.rules);
    assert_eq!(wanted.len(), 1);
    for request in wanted {
        told.tell(at("2019-09-10 09:30"), PROGRAM, What::Asked(request)).unwrap();
    }
    assert!(unfounded(&told.case(), &told.rules).is_empty());
    for told in [&mut told, &mut unasked] {
        let run = What::Judged(judged(EnrolledLocal, true, "2019-09-10"));
        told.tell(at("2019-09-10 10:00"), PROGRAM, run).unwrap();
        let back = answer(asked(told)[0], false);
        told.tell(at("2019-09-10 11:00"), CADRE, back).unwrap();
    }
    assert!(routed(&unasked.case(), &unasked.rules).is_empty(), "nobody is asked any more");
    assert_eq!(unfounded(&told.case(), &told.rules).len(), 1, "somebody may withdraw it");
    let work = visit("2019-09-11", Met::Guardian, Found::AtWork);
    told.tell(at("2019-09-11 09:00"), TOWN, work).unwrap();
    assert!(unfounded(&told.case(), &told.rules).is_empty(), "another saw it there");
}

#[test]
fn a_word_taken_back_is_no_look_and_verifies_nothing_but_was_an_attempt() {
    let absence = Trigger::Absence { since: day("2019-09-06") };
    for (trigger, step) in [(Trigger::TipOff, "V3"), (absence, "T3")] {
        let mut told = Told::opened(Unverified, false, "2019-09-09 09:00");
        let What::Opened(opening) = &mut told.events[0].what else { panic!("no case") };
        opening.trigger = trigger;
        let done = |told: &Told| {
            let all = duties(&told.case(), &told.rules, at("2019-09-11 12:00")).into_iter();
            all.filter(|duty| duty.id.step == step).map(|duty| duty.done).collect::<Vec<_>>()
        };
        let seen = |on: &str| visit(on, Met::Both, Found::InSchool);
        told.tell(at("2019-09-10 09:00"), CADRE, seen("2019-09-10")).unwrap();
        assert!(!lacking(&told, Lack::Look));
        assert_eq!(done(&told), [Some(at("2019-09-10 09:00"))], "{step}");
        let run = What::Judged(judged(Suspected, false, "2019-09-10"));
        told.tell(at("2019-09-10 10:00"), PROGRAM, run).unwrap();
        let back = answer(asked(&told)[0], false);
        told.tell(at("2019-09-10 11:00"), CADRE, back).unwrap();
        assert!(lacking(&told, Lack::Look), "{step}: two people may not close it by that");
        assert_eq!(done(&told), [None], "{step}");
        assert_eq!(told.case().attempts(), 1, "it took place");
        told.tell(at("2019-09-11 09:00"), TOWN, seen("2019-09-11")).unwrap();
        assert!(!lacking(&told, Lack::Look));
        assert_eq!(done(&told), [Some(at("2019-09-11 09:00"))], "{step}");
    }
}

#[test]
fn nothing_is_disputed_once_a_statement_of_the_two_was_struck_out_or_says_the_same() {
    let mut told = stood_by();
    correct(&mut told, "2019-09-12 09:00", is_return, None);
    assert!(!lacking(&told, Lack::Dispute), "the school never said so");
    assert_eq!(asked(&told), []);
    // Registered anew, it is a new pair.
    told.tell(at("2019-09-12 10:00"), SCHOOL, returned("2019-09-12")).unwrap();
    let yes = answer(asked(&told)[0], true);
    told.tell(at("2019-09-12 11:00"), CADRE, yes).unwrap();
    assert!(lacking(&told, Lack::Dispute));
    let mut same = told.clone();
    correct(&mut told, "2019-09-12 12:00", is_visit, None);
    assert!(!lacking(&told, Lack::Dispute), "nobody was there");
    let seen = visit("2019-09-10", Met::Guardian, Found::InSchool);
    correct(&mut same, "2019-09-12 12:00", is_visit, Some(seen));
    assert!(!lacking(&same, Lack::Dispute), "both say in school");
}

#[test]
fn an_answer_to_a_statement_that_was_struck_out_does_not_answer_an_older_one() {
    let mut told = visited(Suspected, Met::Guardian, Found::AtHome);
    let run = What::Judged(judged(EnrolledLocal, true, "2019-09-11"));
    told.tell(at("2019-09-11 08:00"), PROGRAM, run).unwrap();
    let by_run = asked(&told)[0];
    told.tell(at("2019-09-11 09:00"), SCHOOL, returned("2019-09-11")).unwrap();
    let yes = answer(asked(&told)[0], true);
    told.tell(at("2019-09-11 10:00"), CADRE, yes).unwrap();
    assert_eq!(asked(&told), [], "the newest word stands for the older");
    correct(&mut told, "2019-09-12 09:00", is_return, None);
    assert_eq!(asked(&told), [by_run]);
    assert!(!lacking(&told, Lack::Dispute));
    told.tell(at("2019-09-12 10:00"), CADRE, answer(by_run, true)).unwrap();
    assert!(asked(&told).is_empty() && lacking(&told, Lack::Dispute));
}

#[test]
fn nobody_looks_for_ever_for_a_child_that_the_evidence_accounts_for_elsewhere() {
    let mut told = stood_by();
    let codes = [
        (VerdictCode::MovedOut, false),
        (VerdictCode::Dead, false),
        (VerdictCode::Completed, false),
        (VerdictCode::HomeTeaching, false),
        (VerdictCode::OverageIncomplete, false),
        (EnrolledLocal, true),
        (VerdictCode::EnrolledElsewhere, true),
    ];
    for (code, is_disputed) in codes {
        let run = What::Judged(judged(code, true, "2019-09-12"));
        told.tell(at("2019-09-12 09:00"), PROGRAM, run).unwrap();
        assert_eq!(lacking(&told, Lack::Dispute), is_disputed, "{code}");
    }
}

#[test]
fn a_finding_starts_the_towns_clock_once_and_one_that_saw_the_child_in_class_starts_none() {
    let mut told = Told::opened(Unverified, false, "2019-09-02 09:00");
    let by = "何军 ducha";
    told.tell(at("2019-09-10 09:00"), by, inspected(1, "2019-09-10", true)).unwrap();
    let again = told.tell(at("2019-09-10 10:00"), by, inspected(1, "2019-09-10", true));
    assert_eq!(again, Err(Refusal::Done), "each finding once");
    told.tell(at("2019-09-11 09:00"), by, inspected(2, "2019-09-11", false)).unwrap();
    let verify = |told: &Told, now: &str| {
        let all = duties(&told.case(), &told.rules, at(now)).into_iter();
        all.filter(|duty| duty.id.step == "V5").collect::<Vec<_>>()
    };
    let owed = verify(&told, "2019-09-12 09:00");
    let [duty] = owed.as_slice() else { panic!("{} clocks", owed.len()) };
    assert_eq!((duty.start, duty.done), (at("2019-09-10 09:00"), None));
    // The thirteenth is a holiday, and a weekend follows.
    assert_eq!(duty.due.moment().map(|due| due.date()), Some(day("2019-09-16")));
    told.tell(at("2019-09-12 10:00"), TOWN, visit("2019-09-12", Met::Guardian, Found::AtHome))
        .unwrap();
    assert!(verify(&told, "2019-09-12 11:00")[0].done.is_some());
    told.tell(at("2019-09-20 09:00"), by, inspected(3, "2019-09-20", true)).unwrap();
    let owed = verify(&told, "2019-09-20 10:00");
    assert_eq!(owed.iter().filter(|duty| duty.done.is_none()).count(), 1, "a new one asks again");
    let lacking = lacks(&told.case(), &told.rules.timetable.proof, at("2019-09-20 10:00"));
    assert!(lacking.contains(&Lack::Look), "files do not answer an inspection");
}
