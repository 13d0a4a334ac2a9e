//! Cases as they happen, from the first day to the last.

use std::collections::BTreeMap;

use crate::common::{Told, at, day, judged, place, visit};
use baoxue_act::account::{Kind, Outcome, charges, departments};
use baoxue_act::{
    Answer, Attachment, Directory, Draft, Due, Ending, Found, Holder, Item, Lack, Met, Moment,
    Office, Over, PROGRAM, Paper, PaperKind, Place, Post, Refusal, Return, ReturnForm, Service,
    ServiceProof, Stage, Term, Trigger, What, duties, lacks, next, routed, unfounded,
};
use baoxue_claim::Cause;
use baoxue_claim::VerdictCode::{
    self, Dropout, EnrolledLocal, NeverEnrolled, Suspected, Suspended, Unverified,
};
use baoxue_determine::Seat;

const FIVE: u16 = 5;

fn stage(told: &Told) -> Stage {
    told.case().stage(FIVE)
}

fn owed(told: &Told, now: &str) -> Vec<String> {
    let found = duties(&told.case(), &told.rules, at(now));
    let owed = found.iter().filter(|duty| duty.done.is_none());
    owed.map(|duty| duty.id.step.clone()).collect()
}

/// The draft that a paper comes from.
fn draft(of: &What) -> What {
    let What::Issued(paper) = of else { panic!("no paper") };
    let Paper { paper, kind, issuer, until, .. } = paper.clone();
    What::Drafted(Draft { paper, kind, issuer, until, fields: BTreeMap::new() })
}

/// One person drafts a paper, another issues it.
fn issue(told: &mut Told, now: Moment, by: &str, paper: What) -> Result<(), Refusal> {
    told.tell(now, "拟稿人", draft(&paper))?;
    told.tell(now, by, paper)
}

fn paper(number: u32, kind: PaperKind, (seat, on, until): (Seat, &str, &str)) -> What {
    What::Issued(Paper {
        paper: number,
        kind,
        number: format!("五里控辍〔2019〕{number}号"),
        issuer: place().holder(seat),
        on: day(on),
        until: Some(day(until)),
        hash: "00".into(),
        code: String::new(),
    })
}

fn served(number: u32, on: &str) -> What {
    let proof = ServiceProof::Signed { receiver: "乙".into() };
    What::Served(Service { paper: number, on: day(on), by: "甲".into(), proof, file: None })
}

fn returned(on: &str) -> What {
    let (school, form) = ("五里初中".to_owned(), ReturnForm::FormerClass);
    What::Returned(Return { on: day(on), school, class: None, form })
}

#[test]
fn a_dropout_is_found_determined_persuaded_returned_followed_and_closed() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    assert_eq!(stage(&told), Stage::Found);
    told.tell(at("2019-09-03 09:00"), "局", What::Determined { code: Dropout }).unwrap();
    assert_eq!(stage(&told), Stage::Determined);
    let met = visit("2019-09-03", Met::Guardian, Found::AtHome);
    told.tell(at("2019-09-03 18:00"), "村", met).unwrap();
    assert_eq!(stage(&told), Stage::Persuading);
    told.tell(at("2019-09-09 09:00"), "校", returned("2019-09-09")).unwrap();
    assert_eq!(stage(&told), Stage::Returned);
    let back = What::Judged(judged(EnrolledLocal, true, "2019-09-09"));
    told.tell(at("2019-09-09 20:00"), "baoxue", back).unwrap();
    let days = What::Attended { from: day("2019-09-09"), to: day("2019-09-16"), days: 5 };
    told.tell(at("2019-09-16 17:00"), "校", days).unwrap();
    assert_eq!(stage(&told), Stage::Settling);
    for on in ["2019-09-16", "2019-09-23", "2019-09-30", "2019-10-08"] {
        let checked = What::Checked { on: day(on), present: true };
        told.tell(at(&format!("{on} 18:00")), "师", checked).unwrap();
    }
    let proof = told.rules.timetable.proof.clone();
    let early = lacks(&told.case(), &proof, at("2019-10-09 09:00"));
    assert_eq!(early, [Lack::Settled { until: at("2019-10-16 23:59") + seconds(59) }]);
    let refused = told.tell(at("2019-10-09 09:00"), "局", What::ClosingProposed);
    assert_eq!(refused, Err(Refusal::Lacks(early)));
    told.tell(at("2019-10-17 09:00"), "局", What::ClosingProposed).unwrap();
    let same = told.tell(at("2019-10-17 09:05"), "局", What::Closed);
    assert_eq!(same, Err(Refusal::SamePerson));
    told.tell(at("2019-10-17 10:00"), "主任", What::Closed).unwrap();
    assert_eq!(stage(&told), Stage::Closed);
    let twice = told.tell(at("2019-10-17 10:00"), "局长", What::Closed);
    assert_eq!(twice, Err(Refusal::Over), "two officials closing one case");
    assert_eq!(owed(&told, "2019-11-30 09:00"), Vec::<String>::new());
}

fn seconds(n: i64) -> chrono::TimeDelta {
    chrono::TimeDelta::seconds(n)
}

#[test]
fn a_suspected_child_is_never_determined_on_one_source_and_by_nobody() {
    let mut told = Told::opened(Suspected, false, "2019-09-02 09:00");
    let now = at("2019-09-03 09:00");
    let determined = || What::Determined { code: Suspected };
    assert_eq!(told.tell(now, "局", determined()), Err(Refusal::Unconfirmed));
    let nobody = visit("2019-09-03", Met::Nobody, Found::NotFound);
    told.tell(now, "村", nobody).unwrap();
    assert_eq!(told.case().attempts(), 0, "nobody at home is a visit but no attempt");
    assert_eq!(told.tell(now, "局", determined()), Err(Refusal::Unconfirmed));
    let met = visit("2019-09-03", Met::Guardian, Found::AtHome);
    told.tell(now, "村", met).unwrap();
    assert_eq!(told.tell(now, "baoxue", determined()), Err(Refusal::NotTheProgram));
    told.tell(now, "局", determined()).unwrap();
}

#[test]
fn papers_come_in_their_order_from_those_who_may_issue_them() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    let now = at("2019-09-10 09:00");
    let notice = |seat| paper(1, PaperKind::ReturnNotice, (seat, "2019-09-10", "2019-09-17"));
    let order = |number, seat, on: &str| {
        paper(number, PaperKind::CorrectionOrder, (seat, on, "2019-12-30"))
    };
    assert_eq!(issue(&mut told, now, "镇", notice(Seat::TownHead)), Err(Refusal::Undetermined));
    told.tell(now, "局", What::Determined { code: Dropout }).unwrap();
    for seat in [Seat::VillageHead, Seat::Principal, Seat::BureauHead] {
        let refused = Err(Refusal::Issuer(PaperKind::ReturnNotice));
        assert_eq!(issue(&mut told, now, "某", notice(seat)), refused, "{seat:?}");
    }
    assert_eq!(told.tell(now, "镇", notice(Seat::TownHead)), Err(Refusal::Unknown), "no draft");
    told.tell(now, "镇", draft(&notice(Seat::TownHead))).unwrap();
    let alone = told.tell(now, "镇", notice(Seat::TownHead));
    assert_eq!(alone, Err(Refusal::SamePerson), "whoever drafted a paper does not issue it");
    told.tell(now, "局", notice(Seat::TownHead)).unwrap();
    let early = Err(Refusal::TooEarly(PaperKind::ReturnNotice));
    let again =
        |told: &mut Told, now: Moment, on| issue(told, now, "局", order(2, Seat::BureauHead, on));
    assert_eq!(again(&mut told, now, "2019-09-10"), early, "not served");
    told.tell(now, "村", served(1, "2019-09-10")).unwrap();
    assert_eq!(told.tell(now, "村", served(1, "2019-09-10")), Err(Refusal::Done));
    assert_eq!(again(&mut told, at("2019-09-17 20:00"), "2019-09-17"), early, "its last day");
    let village =
        issue(&mut told, at("2019-09-18 09:00"), "村", order(2, Seat::VillageHead, "2019-09-18"));
    assert_eq!(village, Err(Refusal::Issuer(PaperKind::CorrectionOrder)));
    again(&mut told, at("2019-09-18 09:00"), "2019-09-18").unwrap();
    let fine = paper(3, PaperKind::Penalty, (Seat::TownHead, "2019-09-18", "2019-12-30"));
    assert_eq!(issue(&mut told, at("2019-09-18 09:00"), "镇", fine), Err(Refusal::Locked));
}

#[test]
fn a_void_paper_proves_nothing_and_makes_room_for_another() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    let now = at("2019-09-10 09:00");
    told.tell(now, "局", What::Determined { code: Dropout }).unwrap();
    let notice = |number| {
        paper(number, PaperKind::ReturnNotice, (Seat::TownHead, "2019-09-10", "2019-09-17"))
    };
    issue(&mut told, now, "局", notice(1)).unwrap();
    told.tell(now, "村", served(1, "2019-09-10")).unwrap();
    let void = |why: &str| What::Voided { paper: 1, why: why.into() };
    assert_eq!(told.tell(now, "局", void(" ")), Err(Refusal::Wordless));
    told.tell(now, "局", void("监护人姓名有误")).unwrap();
    assert_eq!(told.tell(now, "局", void("再次")), Err(Refusal::Done));
    assert_eq!(stage(&told), Stage::Determined, "nobody was reached");
    let order = paper(2, PaperKind::CorrectionOrder, (Seat::TownHead, "2019-09-18", "2019-12-30"));
    let early = Err(Refusal::TooEarly(PaperKind::ReturnNotice));
    assert_eq!(issue(&mut told, at("2019-09-18 09:00"), "局", order), early);
    let later = paper(2, PaperKind::ReturnNotice, (Seat::TownHead, "2019-09-18", "2019-09-25"));
    issue(&mut told, at("2019-09-18 10:00"), "局", later).unwrap();
}

#[test]
fn the_principal_alone_signs_the_written_report_and_that_is_the_report() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    let now = at("2019-09-03 09:00");
    let report = paper(1, PaperKind::SchoolReport, (Seat::Principal, "2019-09-03", "2019-09-30"));
    told.tell(now, "校长", draft(&report)).unwrap();
    told.tell(now, "校长", report).unwrap();
    assert_eq!(told.case().reported.map(|reported| reported.what), Some(day("2019-09-03")));
    assert!(!owed(&told, "2019-09-30 09:00").contains(&"T4".to_owned()));
}

#[test]
fn what_is_refused_needs_two_witnesses() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    let now = at("2019-09-10 09:00");
    told.tell(now, "局", What::Determined { code: Dropout }).unwrap();
    let notice = paper(1, PaperKind::ReturnNotice, (Seat::TownHead, "2019-09-10", "2019-09-17"));
    issue(&mut told, now, "镇", notice).unwrap();
    let refused = |first: &str, second: &str| {
        let witnesses = [first.to_owned(), second.to_owned()];
        let proof = ServiceProof::Refused { words: "拒收".into(), witnesses };
        What::Served(Service {
            paper: 1,
            on: day("2019-09-10"),
            by: "甲".into(),
            proof,
            file: None,
        })
    };
    assert_eq!(told.tell(now, "村", refused("丙", "")), Err(Refusal::Wordless));
    assert_eq!(told.tell(now, "村", refused("丙", "丙")), Err(Refusal::Wordless));
    told.tell(now, "村", refused("丙", "丁")).unwrap();
}

#[test]
fn a_service_names_only_a_file_that_the_case_has() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    let now = at("2019-09-10 09:00");
    told.tell(now, "局", What::Determined { code: Dropout }).unwrap();
    let notice = paper(1, PaperKind::ReturnNotice, (Seat::TownHead, "2019-09-10", "2019-09-17"));
    issue(&mut told, now, "镇", notice).unwrap();
    let served = || {
        let proof = ServiceProof::Signed { receiver: "乙".into() };
        let file = Some("KEY".to_owned());
        What::Served(Service { paper: 1, on: day("2019-09-10"), by: "甲".into(), proof, file })
    };
    assert_eq!(told.tell(now, "村", served()), Err(Refusal::Unknown));
    let picture = Attachment {
        key: "KEY".to_owned(),
        item: Item::Notices,
        words: "回证".to_owned(),
        hash: "00".to_owned(),
        media: "image/jpeg".to_owned(),
    };
    told.tell(now, "村", What::Attached(picture)).unwrap();
    told.tell(now, "村", served()).unwrap();
}

#[test]
fn late_duties_climb_seat_by_seat_and_editing_resets_no_clock() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    let reached = |told: &Told| {
        let mut steps: Vec<(String, u8, Seat)> = told
            .case()
            .climbs
            .values()
            .filter(|climb| climb.duty.step == "F1")
            .map(|climb| (climb.due.to_string(), climb.rung, climb.to.seat))
            .collect();
        steps.sort();
        steps
    };
    let step = |due: &str, rung, seat| (due.to_owned(), rung, seat);
    told.pass(at("2019-09-04 09:00"));
    assert_eq!(reached(&told), [], "48 hours are not over");
    told.pass(at("2019-09-04 09:01"));
    assert_eq!(reached(&told), [step("2019-09-04 09:00:00", 0, Seat::VillageHead)]);
    told.tell(at("2019-09-05 09:00"), "村", What::Noted { words: "家长外出".into() }).unwrap();
    let fix = What::Noted { words: "家长外出务工".into() };
    let last = u32::try_from(told.events.len()).unwrap() - 1;
    let corrected =
        What::Corrected { of: last, instead: Some(Box::new(fix)), why: "错字".into() };
    told.tell(at("2019-09-05 10:00"), "村", corrected).unwrap();
    // The machine was off for two weeks, and its clock jumps back and forth: each rung comes once.
    for now in ["2019-09-23 09:00", "2019-09-01 09:00", "2019-09-23 09:01", "2020-10-01 00:00"] {
        told.pass(at(now));
    }
    assert_eq!(
        reached(&told),
        [
            step("2019-09-04 09:00:00", 0, Seat::VillageHead),
            step("2019-09-06 23:59:59", 1, Seat::TownHead),
            step("2019-09-11 23:59:59", 2, Seat::CountyHead),
            step("2019-09-19 23:59:59", 3, Seat::Inspectorate),
        ]
    );
}

#[test]
fn an_empty_seat_sends_its_duties_up_at_once() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    let village = place().holder(Seat::VillageHead);
    let mut posts: Vec<Post> = told.rules.directory.posts().cloned().collect();
    for post in &mut posts {
        post.to = (post.holder == village).then(|| day("2019-09-02"));
    }
    // Another village has a head, so that the directory speaks of such seats.
    let other = Place { village: Some("西村".into()), ..place() };
    let there = other.holder(Seat::VillageHead);
    posts.push(Post { holder: there, to: None, ..posts[0].clone() });
    told.rules.directory = Directory::new(posts);
    let first = |now| {
        let found = duties(&told.case(), &told.rules, at(now));
        found.into_iter().find(|duty| duty.id.step == "F1").unwrap().by
    };
    assert_eq!(first("2019-09-02 10:00").falls_to.seat, Seat::VillageHead);
    let by = first("2019-09-03 10:00");
    assert_eq!((by.owed_by, by.falls_to.seat), (village, Seat::TownHead));
}

#[test]
fn an_objection_and_leave_stop_the_clocks() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    told.tell(at("2019-09-02 10:00"), "家长", What::Objected { words: "孩子在外地上学".into() })
        .unwrap();
    told.pass(at("2019-12-31 09:00"));
    let climbed: Vec<_> = told.case().climbs.values().map(|c| c.duty.step.clone()).collect();
    assert!(climbed.iter().all(|step| step == "O1"), "{climbed:?}");
    let found = duties(&told.case(), &told.rules, at("2019-12-31 09:00"));
    assert!(found.iter().any(|duty| duty.id.step == "F1" && duty.due == Due::Stopped));
    assert_eq!(next(&found).unwrap().id.step, "O1");
    let answer = What::ObjectionAnswered { upheld: false, words: "未查到学籍".into() };
    assert_eq!(
        told.tell(at("2020-01-02 09:00"), "baoxue", answer.clone()),
        Err(Refusal::NotTheProgram)
    );
    told.tell(at("2020-01-02 09:00"), "局", answer).unwrap();
    let found = duties(&told.case(), &told.rules, at("2020-01-02 09:00"));
    let first = found.iter().find(|duty| duty.id.step == "F1").unwrap();
    assert_eq!(first.due, Due::At(at("2020-01-04 08:00")), "47 hours were left");
}

#[test]
fn a_child_that_goes_again_begins_another_episode() {
    let mut told = Told::opened(NeverEnrolled, true, "2019-09-02 09:00");
    told.tell(at("2019-09-09 09:00"), "校", returned("2019-09-09")).unwrap();
    let gone = What::Checked { on: day("2019-09-16"), present: false };
    told.tell(at("2019-09-16 09:00"), "师", gone).unwrap();
    let case = told.case();
    assert_eq!(case.over.as_ref().map(|over| over.what), Some(Over::Ended(Ending::Relapsed)));
    let again = baoxue_act::next_episode(&case);
    assert_eq!((again.child, again.episode), (case.child, 2));
}

#[test]
fn what_was_never_an_accusation_ends_when_it_is_verified_and_a_wrong_one_needs_two_persons() {
    let check = |code: VerdictCode, now_in: VerdictCode, expected: Option<Over>| {
        let mut told = Told::opened(code, false, "2019-09-02 09:00");
        let judged = What::Judged(judged(now_in, true, "2019-09-05"));
        told.tell(at("2019-09-05 09:00"), "baoxue", judged).unwrap();
        assert_eq!(told.case().over.map(|over| over.what), expected, "{code} {now_in}");
        told
    };
    let ended = Some(Over::Ended(Ending::Verified));
    check(Unverified, EnrolledLocal, ended);
    check(Unverified, Suspended, ended);
    check(Unverified, Dropout, None);
    let mut told = check(Suspected, Suspended, None);
    assert_eq!(
        next(&duties(&told.case(), &told.rules, at("2019-09-06 09:00"))).map(|d| d.id.step.clone()),
        Some("C1".into()),
        "nobody persuades a family that is right"
    );
    told.tell(at("2019-09-06 09:00"), "局", What::ClosingProposed).unwrap();
    told.tell(at("2019-09-06 10:00"), "主任", What::Closed).unwrap();
}

#[test]
fn impossible_days_are_refused() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    let now = at("2019-09-05 09:00");
    let on = |on| visit(on, Met::Guardian, Found::AtHome);
    let future = Err(Refusal::Future(day("2019-09-06")));
    assert_eq!(told.tell(now, "村", on("2019-09-06")), future);
    let before = Err(Refusal::BeforeCase(day("2019-09-01")));
    assert_eq!(told.tell(now, "村", on("2019-09-01")), before);
    told.tell(now, "村", on("2019-09-05")).unwrap();
    let last = u32::try_from(told.events.len()).unwrap() - 1;
    let corrected = |instead| What::Corrected { of: last, instead, why: "日期填错".into() };
    let wrong = corrected(Some(Box::new(on("2019-09-06"))));
    assert_eq!(told.tell(now, "村", wrong), future, "a correction must be possible too");
    told.tell(now, "村", corrected(Some(Box::new(on("2019-09-04"))))).unwrap();
    assert_eq!(told.case().visits[0].what.on, day("2019-09-04"));
    let opening = What::Corrected { of: 0, instead: None, why: "误立".into() };
    assert_eq!(told.tell(now, "局", opening), Err(Refusal::Recorded));
}

#[test]
fn attendance_is_within_school_days_and_counted_once() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    let attended = |from, to, days| What::Attended { from: day(from), to: day(to), days };
    let now = at("2019-10-09 09:00");
    let first = attended("2019-09-27", "2019-10-08", 4);
    assert_eq!(told.tell(now, "校", first.clone()), Err(Refusal::NotReturned));
    told.tell(now, "校", returned("2019-09-27")).unwrap();
    let holidays = attended("2019-09-27", "2019-10-08", 8);
    assert_eq!(told.tell(now, "校", holidays), Err(Refusal::Attendance { days: 8, of: 4 }));
    told.tell(now, "校", first).unwrap();
    let twice = attended("2019-10-08", "2019-10-09", 1);
    assert_eq!(told.tell(now, "校", twice), Err(Refusal::Overlap));
}

#[test]
fn a_department_answers_by_its_own_clock_and_silence_reaches_the_county() {
    let mut told = Told::opened(Dropout, true, "2019-09-02 09:00");
    let request = baoxue_act::Request {
        request: 1,
        department: "labour".into(),
        task: "child_at_work".into(),
        within: "24 hours".parse::<Term>().unwrap(),
        words: String::new(),
    };
    told.tell(at("2019-09-03 09:00"), "局", What::Asked(request)).unwrap();
    let owed = |told: &Told, now| {
        let found = duties(&told.case(), &told.rules, at(now));
        found.into_iter().find(|duty| duty.id.step == "R1").unwrap()
    };
    assert_eq!(owed(&told, "2019-09-03 10:00").due, Due::At(at("2019-09-04 09:00")));
    let office = Office::Department("labour".into());
    let holder = Holder { seat: Seat::Department, office };
    assert_eq!(owed(&told, "2019-09-03 10:00").by.owed_by, holder);
    told.pass(at("2019-09-10 09:00"));
    let to = told.case().climbs.values().filter(|c| c.duty.step == "R1").map(|c| c.to.seat).max();
    assert_eq!(to, Some(Seat::Department).max(Some(Seat::CountyHead)));
    let answer = |answer, words: &str| What::Answered {
        request: 1,
        answer,
        words: words.into(),
        found: None,
    };
    let now = at("2019-09-10 10:00");
    told.tell(now, "人社", answer(Answer::Accepted, "")).unwrap();
    let silent = told.tell(now, "人社", answer(Answer::Declined, " "));
    assert_eq!(silent, Err(Refusal::Wordless));
    told.tell(now, "人社", answer(Answer::Done, "已责令清退")).unwrap();
    assert!(owed(&told, "2019-09-10 11:00").was_late());
}

#[test]
fn a_cause_asks_its_department_once_and_a_sealed_one_asks_nobody() {
    let told = |cause: Option<Cause>, found: Found| {
        let mut told = Told::opened(Dropout, true, "2019-09-03 09:00");
        told.tell(at("2019-09-04 09:00"), "甲", visit("2019-09-04", Met::Guardian, found)).unwrap();
        if let Some(cause) = cause {
            told.tell(at("2019-09-04 10:00"), "甲", What::CauseFound { cause }).unwrap();
        }
        told
    };
    let asks = |told: &Told| -> Vec<(u32, String)> {
        let all = routed(&told.case(), &told.rules).into_iter();
        all.map(|asked| (asked.request, asked.task)).collect()
    };
    assert_eq!(asks(&told(None, Found::AtHome)), []);
    assert_eq!(asks(&told(None, Found::AtWork)), [(1, "child_at_work".to_owned())]);
    assert_eq!(asks(&told(Some(Cause::Offence), Found::AtHome)), []);
    assert_eq!(asks(&told(Some(Cause::Poverty), Found::AtHome)), [(1, "relief".to_owned())]);
    let mut both = told(Some(Cause::Illness), Found::AtWork);
    let wanted = routed(&both.case(), &both.rules);
    assert_eq!(wanted.len(), 2);
    assert_eq!(wanted[0].within.to_string(), "24 hours");
    for request in wanted {
        both.tell(at("2019-09-04 11:00"), PROGRAM, What::Asked(request)).unwrap();
    }
    assert_eq!(asks(&both), [], "once");
}

#[test]
fn a_withdrawn_request_is_owed_no_more_and_what_was_late_stays_late() {
    let mut told = Told::opened(Dropout, true, "2019-09-03 09:00");
    let poverty = What::CauseFound { cause: Cause::Poverty };
    told.tell(at("2019-09-04 09:00"), "甲", poverty.clone()).unwrap();
    let asks = |told: &mut Told, moment: &str| {
        let wanted = routed(&told.case(), &told.rules);
        for request in &wanted {
            told.tell(at(moment), PROGRAM, What::Asked(request.clone())).unwrap();
        }
        wanted.len()
    };
    assert_eq!(asks(&mut told, "2019-09-04 09:00"), 1);
    assert!(unfounded(&told.case(), &told.rules).is_empty());
    // The cause was wrong: what it asked stands and is offered to be withdrawn.
    let struck = What::Corrected { of: 1, instead: None, why: "登记错了人".into() };
    told.tell(at("2019-09-05 09:00"), "局", struck).unwrap();
    assert_eq!(unfounded(&told.case(), &told.rules).len(), 1);
    let withdrawn = |why: &str| What::RequestWithdrawn { request: 1, why: why.into() };
    let now = at("2019-12-02 09:00");
    told.pass(now);
    assert_eq!(told.tell(now, PROGRAM, withdrawn("自动")), Err(Refusal::NotTheProgram));
    assert_eq!(told.tell(now, "局", withdrawn(" ")), Err(Refusal::Wordless));
    let other = What::RequestWithdrawn { request: 2, why: "无".into() };
    assert_eq!(told.tell(now, "局", other), Err(Refusal::Unknown));
    told.tell(now, "局", withdrawn("成因登记有误")).unwrap();
    assert_eq!(told.tell(now, "局", withdrawn("再撤一次")), Err(Refusal::Done));
    let late =
        What::Answered { request: 1, answer: Answer::Done, found: None, words: "已办".into() };
    assert_eq!(told.tell(now, "民政", late), Err(Refusal::Done));
    let (case, rules) = (told.case(), &told.rules);
    assert!(duties(&case, rules, now).iter().all(|duty| duty.id.step != "R1"), "nothing is owed");
    assert!(unfounded(&case, rules).is_empty());
    assert!(
        !lacks(&case, &rules.timetable.proof, now).iter().any(|l| matches!(l, Lack::Requests(_)))
    );
    let all = charges(&case, rules, now);
    let charge = all.iter().find(|charge| charge.kind == Kind::Request).unwrap();
    assert_eq!((charge.outcome, charge.withdrawn), (Outcome::CancelledLate, true));
    let figures = &departments(&all, now)["civil_affairs"];
    assert_eq!((figures.asked, figures.withdrawn, figures.overdue), (1, 1, 0));
    assert!(figures.adds_up());
    // Found again, it is asked again, and only then.
    assert_eq!(asks(&mut told, "2019-12-02 10:00"), 0);
    told.tell(at("2019-12-03 09:00"), "甲", poverty).unwrap();
    assert_eq!(asks(&mut told, "2019-12-03 09:00"), 1);
}

#[test]
fn what_a_school_noticed_is_not_closed_before_somebody_has_looked() {
    let mut told = Told::opened(Unverified, false, "2019-09-03 09:00");
    let What::Opened(opening) = &mut told.events[0].what else { panic!("no case") };
    opening.trigger = Trigger::Absence { since: day("2019-09-02") };
    opening.judged.code = EnrolledLocal;
    let lacking =
        |told: &Told, now: &str| lacks(&told.case(), &told.rules.timetable.proof, at(now));
    assert_eq!(lacking(&told, "2019-09-03 10:00"), [Lack::Look]);
    let nobody = visit("2019-09-03", Met::Nobody, Found::NotFound);
    told.tell(at("2019-09-03 11:00"), "甲", nobody).unwrap();
    assert_eq!(lacking(&told, "2019-09-03 12:00"), [Lack::Look], "nobody at home is no look");
    assert!(told.case().over.is_none());
}
