//! Notices go out once, whatever the mail server does; quiet hours hold back all but what has a legal time limit.

use std::{collections::BTreeSet, path::Path};

use baoxue_act::{
    Calendar, Directory, Judged, Moment, Opening, Place, Rules, Semester, Timetable, Trigger, What,
    tells,
};
use baoxue_authz::Role;
use baoxue_claim::{ChildId, VerdictCode};
use baoxue_determine::Seat;
use baoxue_flow::{
    cases::CaseBook,
    notices::{Channels, Notice, Notices, Queue, Settings},
    people::{By, Contact, Grant, NewAccount, People},
};
use baoxue_store::{CaseAppend, NewCaseEvent, Store};
use baoxue_testkit::post::FakeServer;
use chrono::{DateTime, TimeDelta, Utc};

use crate::common::{TestDatabase, add, later, morning, on_both_engines};

pub(crate) const TOWN: &str = "610902104";

pub(crate) fn rules() -> Rules {
    let mut calendar = Calendar::built_in();
    let day = |text: &str| text.parse().unwrap();
    let (from, to) = (day("2026-03-01"), day("2026-07-10"));
    calendar.add_term(Semester { name: "2026年春季".into(), from, to }).unwrap();
    let departments = baoxue_act::Settings::default().departments;
    let directory = Directory::default();
    let timetable = Timetable::built_in();
    Rules { timetable, calendar, directory, departments, penalty_basis: None }
}

pub(crate) fn moment(at: DateTime<Utc>) -> Moment {
    at.naive_utc() + TimeDelta::hours(8)
}

/// A child that is out of school, in the town.
pub(crate) async fn open_case(store: &Store, child: i64, at: DateTime<Utc>) {
    told_case(store, child, ("东村", at), Vec::new()).await;
}

/// The same, and somebody tips off: the law asks the town to answer, beside what it owes by the county's timetable.
pub(crate) async fn tipped_off(store: &Store, child: i64, at: DateTime<Utc>) {
    told_case(store, child, ("东村", at), vec![What::TippedOff]).await;
}

/// The same, in a village, a school and a class of one name, and what was recorded after.
pub(crate) async fn told_case(
    store: &Store,
    child: i64,
    (place, at): (&str, DateTime<Utc>),
    more: Vec<What>,
) {
    let code = VerdictCode::Dropout;
    let opening = Opening {
        child: ChildId(child),
        episode: 1,
        trigger: Trigger::Verdict,
        judged: Judged { code, confirmed: true, on: moment(at).date() },
        place: Place {
            town: Some(TOWN.parse().unwrap()),
            village: Some(place.to_owned()),
            school: Some(place.to_owned()),
            class: Some(place.to_owned()),
        },
    };
    let all = [What::Opened(opening)].into_iter().chain(more);
    let event = |what: What| {
        let body = serde_json::to_string(&what).unwrap();
        NewCaseEvent { at, by: "程序".to_owned(), body }
    };
    let events = all.map(event).collect();
    let append = CaseAppend { case: None, child: ChildId(child), position: 0, known: 0, events };
    store.append_case_events(vec![append]).await.unwrap();
}

/// A village cadre, a town office and the bureau, each with a mail address.
pub(crate) async fn officials(people: &People) -> Vec<i64> {
    let mut cadre =
        Grant { role: Role::Village, areas: baoxue_authz::Areas::default(), until: None };
    cadre.areas.villages.insert((TOWN.parse().unwrap(), "东村".to_owned()));
    let (login, name) = ("cunganbu".to_owned(), "村干部".to_owned());
    let new = NewAccount { login, name, grant: cadre, password: None };
    let village = people.create(By::Operator, new, morning()).await.unwrap().id;
    let town = add(people, "zhenban", Role::Town).await;
    let bureau = add(people, "jiaoyuju", Role::Bureau).await;
    for account in [village, town, bureau] {
        let mail = format!("a{account}@county.example");
        let contact = Contact { mail, phone: String::new() };
        people.set_contact(account, &contact, morning()).await.unwrap();
    }
    vec![village, town, bureau]
}

fn by_mail(server: &FakeServer) -> Channels {
    let port = server.address.port();
    let text = format!(
        "[smtp]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nfrom = \"baoxue@county.example\""
    );
    toml::from_str::<Settings>(&text).unwrap().open(Path::new("")).unwrap()
}

pub(crate) async fn fill(notices: &Notices<'_>, at: DateTime<Utc>) -> usize {
    let book = CaseBook::load(notices.store).await.unwrap();
    notices.fill((&book, &rules()), moment(at), at).await.unwrap()
}

async fn mail_queue(notices: &Notices<'_>) -> Queue {
    let queues = notices.queues().await.unwrap();
    queues.into_iter().find(|queue| queue.channel == "mail").unwrap()
}

/// The receivers of mails.
fn receivers(server: &FakeServer) -> Vec<String> {
    let mails = server.took().into_iter();
    let to =
        mails.map(|mail| mail.lines().find(|line| line.starts_with("To: ")).unwrap().to_owned());
    to.collect()
}

async fn a_mail_server_that_is_down_loses_nothing_and_doubles_nothing(db: TestDatabase) {
    let (store, people) = (db.store().await, db.people().await);
    let accounts = officials(&people).await;
    let admin = add(&people, "xitong", Role::SystemAdmin).await;
    let mut server = FakeServer::mail().unwrap();
    let channels = by_mail(&server);
    let notices = Notices { store: &store, people: &people, channels: &channels };
    open_case(&store, 7, morning()).await;
    assert!(fill(&notices, morning()).await > 0);
    assert_eq!(fill(&notices, morning()).await, 0, "told once");
    let waiting = mail_queue(&notices).await.n_waiting;
    assert!(waiting > 0);
    server.off();
    let send = async |seconds| {
        let at = later(seconds);
        notices.send(at, moment(at).date()).await.unwrap()
    };
    let first = send(0).await;
    assert!(first.n_failed > 0 && first.n_sent == 0, "{first:?}");
    let queue = mail_queue(&notices).await;
    assert_eq!((queue.n_failing, queue.n_sent), (first.n_failed, 0));
    assert_eq!(queue.next_at, Some(later(60)));
    assert!(queue.last_failure.unwrap().1.starts_with("no answer: "));
    assert!(store.notices_of(admin, (0, 10)).await.unwrap().is_empty());
    for minute in 1..=40 {
        send(minute * 60).await;
    }
    let queue = mail_queue(&notices).await;
    assert_eq!((queue.n_failing, queue.n_waiting), (waiting, 0), "all were tried");
    let told = store.notices_of(admin, (0, 10)).await.unwrap();
    assert_eq!(told.len(), 1, "the administrator is told once a day");
    assert!(told[0].body.contains("stuck"));

    server.on().unwrap();
    let mut n_sent = 0;
    for hour in 1..=8 {
        n_sent += send(hour * 3600).await.n_sent;
        fill(&notices, later(60)).await;
    }
    let queue = mail_queue(&notices).await;
    assert_eq!((n_sent, queue.n_failing, queue.n_waiting), (waiting, 0, 0));
    let once: BTreeSet<String> = receivers(&server).into_iter().collect();
    assert!(!once.is_empty() && once.len() <= accounts.len());
    assert_eq!(receivers(&server).len(), once.len(), "one mail for each receiver");
    assert_eq!(store.check_tree().await.unwrap().fault, None);
}

/// How many of the notices by mail may go out at night, and how many may not.
pub(crate) async fn legal_and_others(store: &Store) -> (usize, usize) {
    let pending = store.pending_notices().await.unwrap();
    let is_legal = |body: &str| serde_json::from_str::<Notice>(body).unwrap().is_legal();
    let n_legal = pending.iter().filter(|notice| is_legal(&notice.body)).count();
    (n_legal, pending.len() - n_legal)
}

async fn quiet_hours_hold_and_release(db: TestDatabase) {
    let (store, people) = (db.store().await, db.people().await);
    officials(&people).await;
    let server = FakeServer::mail().unwrap();
    let channels = by_mail(&server);
    let notices = Notices { store: &store, people: &people, channels: &channels };
    // Nine in the evening.
    let evening = later(12 * 3600);
    tipped_off(&store, 7, evening).await;
    fill(&notices, evening).await;
    let (n_legal, n_others) = legal_and_others(&store).await;
    assert!(n_legal > 0 && n_others > 0, "{n_legal} {n_others}");
    let send = async |at: DateTime<Utc>| notices.send(at, moment(at).date()).await.unwrap();
    let night = send(evening).await;
    assert_eq!((night.n_sent, night.n_held, night.n_failed), (n_legal, n_others, 0));
    let just_before = later(22 * 3600 + 29 * 60);
    assert_eq!(send(just_before).await.n_sent, 0);
    let at_last = send(later(22 * 3600 + 30 * 60)).await;
    assert_eq!((at_last.n_sent, at_last.n_held), (n_others, 0));
}

async fn what_nobody_can_hear_any_more_is_given_up(db: TestDatabase) {
    let (store, people) = (db.store().await, db.people().await);
    let accounts = officials(&people).await;
    let mut server = FakeServer::mail().unwrap();
    let channels = by_mail(&server);
    let notices = Notices { store: &store, people: &people, channels: &channels };
    open_case(&store, 7, morning()).await;
    fill(&notices, morning()).await;
    server.off();
    people.disable(By::Operator, accounts[0], morning()).await.unwrap();
    people.set_contact(accounts[1], &Contact::default(), morning()).await.unwrap();
    let at = later(8 * 86_400);
    let sent = notices.send(at, moment(at).date()).await.unwrap();
    let queue = mail_queue(&notices).await;
    assert_eq!((queue.n_waiting, queue.n_failing, sent.n_sent), (0, 0, 0));
    assert!(queue.n_dropped > 0, "a week old: {queue:?}");
    assert!(server.took().is_empty());
}

async fn each_seat_hears_what_is_its_own(db: TestDatabase) {
    let (store, people) = (db.store().await, db.people().await);
    let accounts = officials(&people).await;
    let elsewhere = people
        .create(
            By::Operator,
            NewAccount {
                login: "biecun".to_owned(),
                name: "别村".to_owned(),
                grant: Grant {
                    role: Role::Village,
                    areas: baoxue_authz::Areas::default(),
                    until: None,
                },
                password: None,
            },
            morning(),
        )
        .await
        .unwrap()
        .id;
    let channels = Channels::default();
    let notices = Notices { store: &store, people: &people, channels: &channels };
    open_case(&store, 7, morning()).await;
    fill(&notices, morning()).await;
    let book = CaseBook::load(&store).await.unwrap();
    let file = book.open().next().unwrap();
    let all = tells(&file.case, &rules(), moment(morning()));
    let of = |seat: Seat| all.iter().filter(|tell| tell.to.seat == seat).count();
    let seats = [Seat::VillageHead, Seat::TownHead, Seat::BureauHead];
    for (account, seat) in accounts.iter().zip(seats) {
        let told = store.notices_of(*account, (0, 100)).await.unwrap();
        assert_eq!(told.len(), of(seat), "{seat:?}");
    }
    assert!(store.notices_of(elsewhere, (0, 10)).await.unwrap().is_empty());
    assert!(store.pending_notices().await.unwrap().is_empty(), "nothing goes out");
}

on_both_engines!(
    a_mail_server_that_is_down_loses_nothing_and_doubles_nothing,
    quiet_hours_hold_and_release,
    what_nobody_can_hear_any_more_is_given_up,
    each_seat_hears_what_is_its_own,
);
