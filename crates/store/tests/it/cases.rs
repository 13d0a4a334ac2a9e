//! Events of cases on both engines: numbered, appended whole or not at all, never two at one position.

use baoxue_claim::ChildId;
use baoxue_store::{CaseAppend, NewCaseEvent, Store, StoreError};

use crate::common::{TestDatabase, instant, on_both_engines};

fn event(words: &str) -> NewCaseEvent {
    NewCaseEvent {
        at: instant(),
        by: "周干事".to_owned(),
        body: format!("{{\"what\":\"{words}\"}}"),
    }
}

fn append(case: Option<i64>, position: u32, words: &[&str]) -> CaseAppend {
    let events = words.iter().map(|words| event(words)).collect();
    CaseAppend { case, child: ChildId(7), position, known: 1_000, events }
}

/// A case with an event.
pub(crate) async fn one(store: &Store) {
    store.append_case_events(vec![append(None, 0, &["opened"])]).await.unwrap();
}

async fn events_are_appended_in_their_order(db: TestDatabase) {
    let store = db.open().await;
    assert_eq!(store.last_case_event().await.unwrap(), 0);
    let new = vec![append(None, 0, &["a", "b"]), append(None, 0, &["c"])];
    assert_eq!(store.append_case_events(new).await.unwrap(), [1, 2]);
    let more = vec![append(Some(1), 2, &["d"]), append(None, 0, &["e"])];
    assert_eq!(store.append_case_events(more).await.unwrap(), [1, 3]);
    let all = store.case_events_after(0).await.unwrap();
    let places: Vec<_> = all.iter().map(|e| (e.id, e.case, e.position)).collect();
    assert_eq!(places, [(1, 1, 0), (2, 1, 1), (3, 2, 0), (4, 1, 2), (5, 3, 0)]);
    assert_eq!(all[3].event, event("d"));
    assert_eq!(store.case_events_after(3).await.unwrap().len(), 2);
    assert_eq!(store.last_case_event().await.unwrap(), 5);
    assert_eq!(store.check_tree().await.unwrap().fault, None);
}

async fn t85_two_who_know_the_same_case_do_not_both_append(db: TestDatabase) {
    let store = db.open().await;
    one(&store).await;
    store.append_case_events(vec![append(Some(1), 1, &["first"])]).await.unwrap();
    for (case, position) in [(1, 1), (1, 3), (1, 0), (9, 0), (9, 1)] {
        // Nothing of a transaction of which one part is refused is kept.
        let both = vec![append(None, 0, &["new"]), append(Some(case), position, &["late"])];
        let refused = store.append_case_events(both).await;
        assert!(matches!(refused, Err(StoreError::CaseMoved(found)) if found == case));
    }
    assert_eq!(store.last_case_event().await.unwrap(), 2);
}

on_both_engines!(
    events_are_appended_in_their_order,
    t85_two_who_know_the_same_case_do_not_both_append
);
