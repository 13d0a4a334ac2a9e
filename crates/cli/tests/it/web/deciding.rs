//! Who may say in a case that a child is back, who closes it, and which body a paper is of: told by what is refused, and by
//! what stands in the case afterwards.

use std::{collections::BTreeMap, thread};

use baoxue_act::{
    Case, CaseId, Draft, Found, Judged, Met, PROGRAM, Paper, PaperKind, Service, ServiceProof,
    Visit, Visitor, What,
};
use baoxue_claim::VerdictCode;
use baoxue_determine::Seat;

use super::{
    browser::{Browser, Server, hidden},
    cases::record,
    outside::add_account,
    papers::send,
    past::{Past, day, path_of, sample, told},
    readers::percent,
    together::enrolled,
};

fn signed_in(server: &Server, login: &str) -> Browser {
    let mut browser = server.browser();
    browser.sign_in(login);
    browser
}

/// What people recorded in a case, in the order of recording.
fn by_people(server: &Server, case: CaseId) -> Vec<String> {
    let events = told(&server.program, case).into_iter();
    events.filter(|(_, by)| by != PROGRAM).map(|(what, _)| what).collect()
}

/// The forms that prove a return, sign the school's report or object, as they are filled in well on the tenth of September.
fn forms(school: &str) -> [(&'static str, String); 5] {
    let back = format!("on=2019-09-02&school={}&class=&form=0", percent(school));
    [
        ("report", "on=2019-09-10".to_owned()),
        ("return", back),
        ("attended", "from=2019-09-02&to=2019-09-06&days=5".to_owned()),
        ("checked", "on=2019-09-09&present=yes".to_owned()),
        ("object", format!("words={}", percent("孩子在外地上学"))),
    ]
}

/// A county in September: the case of the accounts' home with its school, and one of another school.
struct September {
    server: Server,
    home: CaseId,
    school: String,
    other: CaseId,
}

fn september() -> September {
    let program = sample();
    let mut past = Past::of(&program);
    let school = past.home().school.as_deref().unwrap().to_owned();
    let home = past.case_of(past.home()).id;
    let other = of_another_school(&past, &school);
    past.comes("2019-09-10 12:00");
    September { server: past.serve(program), home, school, other }
}

/// An open case of a child that is out of school and not of a school.
fn of_another_school(past: &Past, school: &str) -> CaseId {
    let is_foreign = |case: &Case| {
        let entry = past.roll.entry(case.child);
        entry.is_some_and(|entry| entry.school.as_deref().is_none_or(|known| known != school))
    };
    let mut open = past.book.open().map(|file| &file.case);
    let other = open.find(|case| case.judged.what.code.accuses() && is_foreign(case));
    other.unwrap().id
}

#[test]
fn a_town_and_a_village_prove_nothing_of_what_they_are_measured_by() {
    let september = september();
    let (server, case) = (&september.server, path_of(september.home));
    let before = by_people(server, september.home);
    for login in ["zhenban", "cunganbu"] {
        let mut browser = signed_in(server, login);
        let page = browser.get(&case);
        assert_eq!(page.status, 200, "{login} works on the case");
        for (act, fields) in forms(&september.school) {
            assert!(!page.body.contains(&format!("action=\"{case}/{act}\"")), "{login} {act}");
            let refused = record(&mut browser, &case, act, &fields);
            // What is refused about a child looks like a child that is not there.
            assert_eq!(refused.status, 404, "{login} {act}");
        }
        let after = browser.get(&case).body;
        assert_eq!(hidden(&after, "seen"), hidden(&page.body, "seen"), "{login}");
    }
    assert_eq!(by_people(server, september.home), before, "nothing is recorded");
}

#[test]
fn a_school_proves_the_return_of_its_own_child_and_the_office_of_any() {
    let september = september();
    let (server, home, other) = (&september.server, september.home, september.other);
    let mut principal = signed_in(server, "xiaozhang");
    assert_eq!(principal.get(&path_of(other)).status, 404, "of another school");
    let elsewhere = forms("某某学校");
    let (act, fields) = &elsewhere[1];
    let foreign = record(&mut principal, &path_of(home), act, fields);
    assert_eq!(foreign.status, 422, "a school registers whoever is back in it: {}", foreign.body);
    for (act, fields) in forms(&september.school) {
        let answer = record(&mut principal, &path_of(home), act, &fields);
        let expected = if act == "object" { 404 } else { 303 };
        assert_eq!(answer.status, expected, "{act}: {}", answer.body);
    }
    assert_eq!(by_people(server, home), ["reported", "returned", "attended", "checked"]);
    let mut bureau = signed_in(server, "jiaotiju");
    for (act, fields) in forms("某某学校") {
        let answer = record(&mut bureau, &path_of(other), act, &fields);
        assert_eq!(answer.status, 303, "{act}: {}", answer.body);
    }
    let all = ["reported", "returned", "attended", "checked", "objected"];
    assert_eq!(by_people(server, other), all);
}

/// A case that lacks nothing: the child has moved away, and two people must close what was opened by an accusation.
fn closable() -> (Server, CaseId) {
    let program = sample();
    let mut past = Past::of(&program);
    let case = past.case_of(past.home()).id;
    let on = day("2019-08-25");
    let away = Judged { code: VerdictCode::MovedOut, confirmed: true, on };
    past.tell(case, "2019-08-25 10:00", (PROGRAM, What::Judged(away)));
    let server = past.serve(program);
    add_account(&server, "erren", &["--role", "bureau"]);
    (server, case)
}

/// Whether a case was closed, and by whom.
fn closed_by(server: &Server, case: CaseId) -> Vec<String> {
    let events = told(&server.program, case).into_iter();
    events.filter(|(what, _)| what == "closed").map(|(_, by)| by).collect()
}

#[test]
fn whoever_proposes_a_closing_does_not_close_and_another_does() {
    let (server, case) = closable();
    let path = path_of(case);
    let (mut one, mut other) = (signed_in(&server, "jiaotiju"), enrolled(&server, "erren").0);
    let early = record(&mut one, &path, "close", "");
    assert!(early.status == 422 && early.body.contains("须先由一人提请销号"), "{}", early.body);
    let mut town = signed_in(&server, "zhenban");
    assert_eq!(record(&mut town, &path, "close", "").status, 404, "no town closes");
    assert_eq!(record(&mut one, &path, "propose", "").status, 303);
    let alone = record(&mut one, &path, "close", "");
    assert!(alone.status == 422 && alone.body.contains("须由另一人办理"), "{}", alone.body);
    assert_eq!(closed_by(&server, case), Vec::<String>::new());
    let page = other.get(&path).body;
    assert!(page.contains("李敏 jiaotiju"), "the second person reads who proposes: {page}");
    assert_eq!(record(&mut other, &path, "close", "").status, 303);
    assert_eq!(closed_by(&server, case), ["某人 erren"]);
    // Over is over: no form is left, and one that is sent all the same is refused in words.
    let page = one.get(&path).body;
    assert!(!page.contains(&format!("action=\"{path}/")), "{page}");
    let (csrf, seen) = (one.csrf(&page), told(&server.program, case).len());
    let form = format!("csrf={csrf}&seen={seen}&words=x");
    let late = one.post(&format!("{path}/note"), &form);
    assert!(late.status == 422 && late.body.contains("案件已办结"), "{}", late.body);
}

#[test]
fn of_two_officials_who_close_at_the_same_moment_one_does_and_the_other_is_told() {
    let (server, case) = closable();
    let path = path_of(case);
    let mut leader = signed_in(&server, "quzhang");
    assert_eq!(record(&mut leader, &path, "propose", "").status, 303);
    let both = [signed_in(&server, "jiaotiju"), enrolled(&server, "erren").0];
    let filled = both.map(|mut browser| {
        let page = browser.get(&path).body;
        let form = format!("csrf={}&seen={}", browser.csrf(&page), hidden(&page, "seen"));
        (browser, form)
    });
    let to = format!("{path}/close");
    let answers: Vec<_> = thread::scope(|scope| {
        let sent = filled.map(|(mut browser, form)| {
            let to = &to;
            scope.spawn(move || browser.post(to, &form))
        });
        sent.into_iter().map(|hand| hand.join().unwrap()).collect()
    });
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    let is_one = statuses == [303, 409] || statuses == [409, 303];
    assert!(is_one, "{statuses:?}: {} {}", answers[0].body, answers[1].body);
    let late = answers.iter().find(|answer| answer.status == 409).unwrap();
    assert!(late.body.contains("刚刚有人登记"), "{}", late.body);
    assert_eq!(closed_by(&server, case).len(), 1, "once");
}

/// A case whose notice to return was served and has run out: an order to correct may be drafted.
fn after_the_notice() -> (Server, CaseId) {
    let program = sample();
    let mut past = Past::of(&program);
    let case = past.case_of(past.home()).clone();
    let (on, until) = (day("2019-08-25"), Some(day("2019-09-02")));
    let (kind, issuer) = (PaperKind::ReturnNotice, case.place.holder(Seat::TownHead));
    let words = |text: &str| text.to_owned();
    let visitors = vec![Visitor { name: words("村甲"), seat: None }];
    let (met, found) = (Met::Guardian, Found::AtHome);
    let seen = Visit {
        on,
        visitors,
        met,
        found,
        words: words("已劝说"),
        promised: None,
        next: None,
        heard: baoxue_act::Heard::default(),
        employer: None,
    };
    let draft = Draft { paper: 1, kind, issuer: issuer.clone(), until, fields: BTreeMap::new() };
    let (number, hash, code) = (words("测〔2019〕1号"), words("00"), String::new());
    let paper = Paper { paper: 1, kind, number, issuer, on, until, hash, code };
    let proof = ServiceProof::Signed { receiver: words("监护人") };
    let served = Service { paper: 1, on, by: words("村甲"), proof, file: None };
    let determined = What::Determined { code: case.judged.what.code };
    for (at, by, what) in [
        ("2019-08-25 10:00", "村甲", What::Visited(seen)),
        ("2019-08-25 11:00", "局乙", determined),
        ("2019-08-25 12:00", "镇丙", What::Drafted(draft)),
        ("2019-08-25 13:00", "局乙", What::Issued(paper)),
        ("2019-08-25 14:00", "村甲", What::Served(served)),
    ] {
        past.tell(case.id, at, (by, what));
    }
    past.comes("2019-09-05 12:00");
    (past.serve(program), case.id)
}

/// The drafts that the office finds.
fn drafts(bureau: &mut Browser) -> usize {
    bureau.get("/documents?show=drafted").body.matches("href=\"/documents/d_").count()
}

#[test]
fn a_paper_of_a_body_that_may_not_issue_it_is_refused_in_words_and_is_no_draft() {
    let (server, case) = after_the_notice();
    let key = format!("k_{}", case.0);
    let new = |kind: &str| format!("/documents/new?case={key}&type={kind}");
    let form =
        |kind: &str, seat: &str| format!("case={key}&type={kind}&seat={seat}&until=2019-09-20");
    let order = "correction-order";
    let mut bureau = signed_in(&server, "jiaotiju");
    let page = bureau.get(&new(order)).body;
    for (seat, offered) in [("town", true), ("bureau", true), ("school", false), ("county", false)]
    {
        let option = format!("<option value=\"{seat}\"");
        assert_eq!(page.contains(&option), offered, "{seat}: {page}");
    }
    for seat in ["school", "county"] {
        let refused = send(&mut bureau, &new(order), "/documents/new", &form(order, seat));
        assert_eq!(refused.status, 422, "{seat}");
        let why = "依法不能由该单位签发责令限期改正通知书";
        assert!(refused.body.contains(why), "{seat}: {}", refused.body);
    }
    let nobody = send(&mut bureau, &new(order), "/documents/new", &form(order, "village"));
    assert_eq!(nobody.status, 422, "no village issues anything");
    // Without a local basis nobody fines a guardian, the town neither.
    let penalty = "penalty-decision";
    let mut town = signed_in(&server, "zhenban");
    let not_now = "现在还不能出具这种文书";
    for answer in [
        town.get(&new(penalty)),
        send(&mut town, &path_of(case), "/documents/new", &form(penalty, "town")),
    ] {
        assert!(answer.status == 409 && answer.body.contains(not_now), "{}", answer.body);
    }
    // A school drafts its own report and nothing else, a village nothing.
    for (login, status) in [("xiaozhang", 403), ("cunganbu", 404)] {
        let mut browser = signed_in(&server, login);
        let refused = send(&mut browser, &path_of(case), "/documents/new", &form(order, "bureau"));
        assert_eq!(refused.status, status, "{login}");
    }
    assert_eq!(drafts(&mut bureau), 0, "nothing of it is a draft");
    let done = send(&mut bureau, &new(order), "/documents/new", &form(order, "bureau"));
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(drafts(&mut bureau), 1);
}
