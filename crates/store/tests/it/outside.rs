//! Tip-offs and findings on both engines: counted, known again, limited, and never two events at one position.

use baoxue_claim::ChildId;
use baoxue_store::{
    CaseAppend, NewCaseEvent, NewStreamEvent, NewTip, Store, StoreError, TipLimit, TipTaken,
};
use chrono::TimeDelta;

use crate::common::{TestDatabase, instant, on_both_engines};

pub(crate) fn limit() -> TipLimit {
    let hour = instant() - TimeDelta::hours(1);
    TipLimit { since: hour, most: 60, same_since: instant() - TimeDelta::days(30) }
}

fn tip(n: i64, words: &str) -> NewTip {
    NewTip {
        sameness: words.to_owned(),
        code: format!("code{n}"),
        channel: "anonymous".to_owned(),
        informer: (n % 2 == 0).then(|| format!("电话{n}")),
        body: format!("{{\"what\":\"{words}\"}}"),
        at: instant(),
    }
}

fn event(words: &str) -> NewStreamEvent {
    NewStreamEvent { at: instant(), by: "周干事".to_owned(), body: words.to_owned() }
}

/// A tip-off and a finding with two events each.
pub(crate) async fn one(store: &Store, n: i64) {
    let taken = store.take_tip(&tip(n, &format!("举报{n}")), limit()).await.unwrap();
    let TipTaken::New(tip) = taken else { panic!("{taken:?}") };
    store.append_tip_event((tip, 1), &event("linked")).await.unwrap();
    let finding = store.append_finding_event((None, 0), &event("entered")).await.unwrap();
    store.append_finding_event((Some(finding), 1), &event("rectified")).await.unwrap();
}

async fn t54_the_same_words_are_one_tip_with_many_copies(db: TestDatabase) {
    let store = db.open().await;
    assert_eq!(store.take_tip(&tip(0, "甲"), limit()).await.unwrap(), TipTaken::New(1));
    for n in 1..50 {
        let again = store.take_tip(&tip(n, "甲"), limit()).await.unwrap();
        assert_eq!(again, TipTaken::Again(1));
    }
    assert_eq!(store.take_tip(&tip(50, "乙"), limit()).await.unwrap(), TipTaken::New(2));
    assert_eq!(store.tip_events().await.unwrap().len(), 2);
    let copies = store.tip_copies().await.unwrap();
    assert_eq!(copies.iter().filter(|copy| copy.tip == 1).count(), 50);
    assert_eq!(copies.iter().filter(|copy| copy.has_informer).count(), 26);
    assert_eq!(store.informers(2).await.unwrap(), ["电话50"]);
    assert_eq!(store.tip_of_code("code7").await.unwrap().unwrap().0, 1);
    assert_eq!(store.tip_of_code("code99").await.unwrap(), None);
    // A tip of long ago is another one.
    let late = TipLimit { same_since: instant() + TimeDelta::hours(1), ..limit() };
    assert_eq!(store.take_tip(&tip(51, "甲"), late).await.unwrap(), TipTaken::New(3));
    assert_eq!(store.check_tree().await.unwrap().fault, None);
}

async fn t54_beyond_the_limit_nothing_is_kept(db: TestDatabase) {
    let store = db.open().await;
    let limit = TipLimit { most: 3, ..limit() };
    for n in 0..500 {
        let taken = store.take_tip(&tip(n, &n.to_string()), limit).await.unwrap();
        assert_eq!(taken == TipTaken::Full, n >= 3, "{n}");
    }
    assert_eq!(store.tip_copies().await.unwrap().len(), 3);
    let hour_later = TipLimit { since: instant() + TimeDelta::hours(1), ..limit };
    assert!(store.take_tip(&tip(900, "后来"), hour_later).await.unwrap() != TipTaken::Full);
}

async fn t85_an_event_has_its_position_once(db: TestDatabase) {
    let store = db.open().await;
    one(&store, 0).await;
    for position in [0, 1, 3] {
        let refused = store.append_tip_event((1, position), &event("x")).await;
        assert!(matches!(refused, Err(StoreError::Moved("tip", 1))), "{refused:?}");
        let refused = store.append_finding_event((Some(1), position), &event("x")).await;
        assert!(matches!(refused, Err(StoreError::Moved("finding", 1))), "{refused:?}");
    }
    // A case that is opened for a tip-off which somebody else has linked meanwhile is not opened.
    let events = vec![NewCaseEvent { at: instant(), by: "x".to_owned(), body: "{}".to_owned() }];
    let append = CaseAppend { case: None, child: ChildId(7), position: 0, known: 0, events };
    let refused = store.append_case_of_tip(vec![append.clone()], (1, 1), |_| Ok(event("y"))).await;
    assert!(matches!(refused, Err(StoreError::Moved("tip", 1))), "{refused:?}");
    assert_eq!(store.last_case_event().await.unwrap(), 0);
    let case = store.append_case_of_tip(vec![append], (1, 2), |case| Ok(event(&case.to_string())));
    assert_eq!(case.await.unwrap(), 1);
    assert_eq!(store.tip_events().await.unwrap().last().unwrap().event.body, "1");
}

on_both_engines!(
    t54_the_same_words_are_one_tip_with_many_copies,
    t54_beyond_the_limit_nothing_is_kept,
    t85_an_event_has_its_position_once,
);
