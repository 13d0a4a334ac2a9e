//! A record of a case that this program cannot read stops its case and nothing else: the case stays open and takes nothing, all
//! others go on, and so does a run.

use baoxue_act::{CaseId, What};
use baoxue_claim::ChildId;
use baoxue_flow::{
    cases::{self, CaseBook, CaseClock, CaseError},
    findings::{FindingError, FoundThere, Subject},
    notices::{Channels, Notices},
};
use baoxue_store::{CaseAppend, NewCaseEvent, Store};

use super::findings::{INSPECTOR, Room, TOWN, form, photo};
use super::notices::{moment, officials, open_case, rules};
use crate::common::{TestDatabase, later, morning, on_both_engines};

const DAY: i64 = 86_400;

/// Appends what a newer version of the program might write.
async fn break_case(store: &Store, case: Option<i64>, child: i64, position: u32) {
    let body = r#"{"what":"seen_by_satellite","words":"x"}"#.to_owned();
    let events = vec![NewCaseEvent { at: later(60), by: "新版本".to_owned(), body }];
    let append = CaseAppend { case, child: ChildId(child), position, known: i64::MAX, events };
    store.append_case_events(vec![append]).await.unwrap();
}

fn born<'a>(name: &'a str, birth: &'a str) -> Subject<'a> {
    let town = "610902104".parse().unwrap();
    Subject::Unlisted { name, birth, town, village: "刘营村", school: "" }
}

fn noted() -> What {
    What::Noted { words: "电话联系".to_owned() }
}

async fn one_record_that_cannot_be_read_stops_its_case_and_no_other(db: TestDatabase) {
    let (store, people) = (db.store().await, db.people().await);
    officials(&people).await;
    open_case(&store, 7, morning()).await;
    open_case(&store, 8, morning()).await;
    break_case(&store, Some(1), 7, 1).await;
    break_case(&store, None, 9, 0).await;
    let mut book = CaseBook::load(&store).await.unwrap();
    let unread: Vec<(i64, u32)> = book.unread().map(|(case, of)| (case.0, of.no)).collect();
    assert_eq!(unread, [(1, 2), (3, 1)]);
    assert_eq!(book.open().count(), 3, "nobody loses sight of a child");
    let children: Vec<i64> = book.open().map(|file| file.case.child.0).collect();
    assert_eq!(children, [7, 8, 9]);
    let broken = book.get(CaseId(1)).unwrap();
    assert_eq!((broken.events.len(), broken.case.place.village.as_deref()), (1, Some("东村")));
    // Nothing is recorded behind it; another case takes everything.
    let now = moment(later(120));
    for (case, no) in [(1, 2), (3, 1)] {
        let what = (CaseId(case), "某人", noted());
        let refused = cases::record(&store, &book, &rules(), what, now).await;
        let is_it =
            matches!(refused, Err(CaseError::Unreadable(CaseId(of), n)) if (of, n) == (case, no));
        assert!(is_it, "{refused:?}");
    }
    cases::record(&store, &book, &rules(), (CaseId(2), "某人", noted()), now).await.unwrap();
    // The clock goes on for the others, and notices.
    book.refresh(&store).await.unwrap();
    let late = moment(later(40 * DAY));
    let done = cases::pass(&store, &book, &rules(), late).await.unwrap();
    assert!(done.n_climbed > 0);
    book.refresh(&store).await.unwrap();
    let climbed = |case| !book.get(CaseId(case)).unwrap().case.climbs.is_empty();
    assert!(climbed(2) && !climbed(1) && !climbed(3));
    let channels = Channels::default();
    let notices = Notices { store: &store, people: &people, channels: &channels };
    assert!(notices.fill((&book, &rules()), late, later(40 * DAY)).await.unwrap() > 0);
    // What the newer version writes after it changes nothing for this one, read at once or bit by bit.
    break_case(&store, Some(1), 7, 2).await;
    book.refresh(&store).await.unwrap();
    let anew = CaseBook::load(&store).await.unwrap();
    for book in [&book, &anew] {
        let file = book.get(CaseId(1)).unwrap();
        assert_eq!((file.unread.unwrap().no, file.events.len()), (2, 1));
        assert_eq!(book.open().count(), 3);
    }
    assert_eq!(store.check_tree().await.unwrap().fault, None);
}

async fn a_run_goes_on_beside_a_case_that_cannot_be_read(db: TestDatabase) {
    let mut room = Room::open(&db).await;
    for (name, birth) in [("王小雨", "2012-03-05"), ("刘大山", "2014-08-19")] {
        room.desk().enter(&form(born(name, birth), FoundThere::Out), INSPECTOR).await.unwrap();
    }
    let roll = room.runs().await;
    let entry = roll.entries().first().unwrap().clone();
    let file = room.cases.of_child(entry.child).next().unwrap();
    let (case, n) = (file.case.id, u32::try_from(file.events.len()).unwrap());
    break_case(&room.store, Some(case.0), entry.child.0, n).await;
    room.cases.refresh(&room.store).await.unwrap();
    // An inspector sees the child in school: that is a claim, which the case cannot hear; its photograph has no place.
    let seen = form(Subject::Known(&entry), FoundThere::In);
    let mut with_photo = seen.clone();
    with_photo.photo = Some(photo());
    let refused = room.desk().enter(&with_photo, INSPECTOR).await;
    assert!(matches!(refused, Err(FindingError::NoCase)), "{refused:?}");
    room.desk().enter(&seen, INSPECTOR).await.unwrap();
    let third = form(born("钱秋霜", "2016-11-27"), FoundThere::Out);
    room.desk().enter(&third, INSPECTOR).await.unwrap();
    let roll = room.runs().await;
    assert_eq!(room.cases.all().count(), 3, "the new child has a case, the other no second one");
    assert!(room.cases.of_child(entry.child).all(|file| file.unread.is_some()));
    assert!(roll.entry(entry.child).is_some());
    let now = CaseClock::default().moment(later(120), &room.cases);
    let noted = (case, TOWN.1, noted());
    let refused = cases::record(&room.store, &room.cases, &room.rules, noted, now).await;
    assert!(matches!(refused, Err(CaseError::Unreadable(..))), "{refused:?}");
}

async fn t84_a_clock_that_is_held_is_told(db: TestDatabase) {
    let store = db.store().await;
    open_case(&store, 7, morning()).await;
    let book = CaseBook::load(&store).await.unwrap();
    let clock = CaseClock::default();
    for seconds in [0, -DAY + 60, 400 * DAY] {
        assert_eq!(clock.held(later(seconds), &book), None, "{seconds}");
    }
    let held = clock.held(later(-DAY - 60), &book).unwrap();
    assert_eq!((held.at, held.shows), (moment(morning()), moment(later(-DAY - 60))));
    assert_eq!(clock.moment(later(-400 * DAY), &book), moment(morning()));
}

on_both_engines!(
    one_record_that_cannot_be_read_stops_its_case_and_no_other,
    a_run_goes_on_beside_a_case_that_cannot_be_read,
    t84_a_clock_that_is_held_is_told,
);
