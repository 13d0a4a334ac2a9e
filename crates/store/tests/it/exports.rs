//! Exports: what waits, is decided once, made once, fetched and gone, on both engines.

use baoxue_claim::ChildId;
use baoxue_store::{
    ExportDecision, ExportFile, ExportRuling, ExportTerms, ExportsOf, NewExport, Store, StoreError,
};
use chrono::TimeDelta;

use crate::common::{TestDatabase, instant, on_both_engines};

pub(crate) fn asked(account: i64, needs_second: bool) -> NewExport {
    let terms = ExportTerms { purpose: "上户核查".to_owned(), query: "status=out".to_owned() };
    let children = vec![ChildId(3), ChildId(1), ChildId(2)];
    NewExport { account, full: needs_second, needs_second, terms, children, at: instant() }
}

pub(crate) fn ruled(account: i64, ruling: ExportRuling) -> ExportDecision {
    ExportDecision { ruling, account, reason: String::new(), at: instant() }
}

pub(crate) fn file(order: Vec<ChildId>) -> ExportFile {
    let ends_at = instant() + TimeDelta::hours(24);
    ExportFile { order, hash: [7; 32], bytes: b"PK".to_vec(), at: instant(), ends_at }
}

/// An export with a row in each of its tables.
pub(crate) async fn whole(store: &Store, account: i64, order: Vec<ChildId>) -> i64 {
    let id = store.ask_export(&asked(account, true)).await.unwrap();
    store.decide_export(id, &ruled(account, ExportRuling::Approved)).await.unwrap();
    store.keep_export(id, &file(order)).await.unwrap();
    store.note_fetch(id, (account, "10.1.2.3"), instant()).await.unwrap();
    id
}

async fn two_accounts(store: &Store) -> (i64, i64) {
    let one = store.add_account("甲", instant(), Vec::new()).await.unwrap();
    (one, store.add_account("乙", instant(), Vec::new()).await.unwrap())
}

async fn an_export_comes_back_as_it_was_asked_decided_made_and_fetched(db: TestDatabase) {
    let store = db.open().await;
    let (one, other) = two_accounts(&store).await;
    let id = store.ask_export(&asked(one, true)).await.unwrap();
    let waiting = store.exports(ExportsOf::Waiting, 10).await.unwrap();
    let [export] = waiting.as_slice() else { panic!("{waiting:?}") };
    assert_eq!((export.id, export.account, export.n_children), (id, one, 3));
    assert_eq!(export.terms.purpose, "上户核查");
    assert!(export.full && export.needs_second && export.decision.is_none());
    let decision =
        ExportDecision { reason: "可以".to_owned(), ..ruled(other, ExportRuling::Approved) };
    store.decide_export(id, &decision).await.unwrap();
    assert_eq!(store.exports(ExportsOf::Waiting, 10).await.unwrap(), []);
    let order = vec![ChildId(2), ChildId(3), ChildId(1)];
    store.keep_export(id, &file(order.clone())).await.unwrap();
    store.note_fetch(id, (one, "10.1.2.3"), instant()).await.unwrap();
    let export = store.export(id).await.unwrap().unwrap();
    assert_eq!(export.decision, Some(decision));
    let made = export.made.unwrap();
    assert_eq!((made.n_rows, made.ends_at - made.at), (3, TimeDelta::hours(24)));
    assert_eq!(export.n_fetches, 1);
    assert_eq!(store.exports(ExportsOf::Account(one), 10).await.unwrap(), [export]);
    assert_eq!(store.exports(ExportsOf::Account(other), 10).await.unwrap(), []);
    assert_eq!(store.export_children(id).await.unwrap(), asked(one, true).children);
    assert_eq!(store.export_order(id).await.unwrap(), order);
    assert_eq!(store.exports_made().await.unwrap(), [(id, one)]);
    assert_eq!(store.export_file(id).await.unwrap().unwrap(), b"PK");
    assert_eq!(store.export(99).await.unwrap(), None);
}

async fn nothing_happens_to_an_export_twice_or_too_early(db: TestDatabase) {
    let store = db.open().await;
    let (one, other) = two_accounts(&store).await;
    let refused = |result: Result<(), StoreError>| {
        assert!(matches!(result, Err(StoreError::NoExport(_))), "{result:?}");
    };
    let approved = ruled(other, ExportRuling::Approved);
    let id = store.ask_export(&asked(one, true)).await.unwrap();
    refused(store.keep_export(id, &file(Vec::new())).await);
    refused(store.note_fetch(id, (one, "x"), instant()).await);
    store.decide_export(id, &ruled(other, ExportRuling::Refused)).await.unwrap();
    refused(store.decide_export(id, &approved).await);
    refused(store.keep_export(id, &file(Vec::new())).await);
    let id = store.ask_export(&asked(one, false)).await.unwrap();
    refused(store.decide_export(id, &approved).await);
    store.keep_export(id, &file(Vec::new())).await.unwrap();
    refused(store.keep_export(id, &file(Vec::new())).await);
    refused(store.decide_export(99, &approved).await);
    refused(store.keep_export(99, &file(Vec::new())).await);
    assert!(matches!(store.export_order(99).await, Err(StoreError::NoExport(99))));
}

async fn a_file_goes_at_its_end_and_what_was_made_stays(db: TestDatabase) {
    let store = db.open().await;
    let (one, _) = two_accounts(&store).await;
    let id = whole(&store, one, vec![ChildId(1)]).await;
    store.sweep_exports(instant() + TimeDelta::hours(23)).await.unwrap();
    assert!(store.export_file(id).await.unwrap().is_some());
    store.sweep_exports(instant() + TimeDelta::hours(24)).await.unwrap();
    assert_eq!(store.export_file(id).await.unwrap(), None);
    assert_eq!(store.export_order(id).await.unwrap(), [ChildId(1)]);
    assert_eq!(store.check_tree().await.unwrap().fault, None);
}

on_both_engines!(
    an_export_comes_back_as_it_was_asked_decided_made_and_fetched,
    nothing_happens_to_an_export_twice_or_too_early,
    a_file_goes_at_its_end_and_what_was_made_stays,
);
