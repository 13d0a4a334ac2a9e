//! Saved views on both engines: own, shared, removed.

use baoxue_store::{Store, StoreError, ViewBody};

use crate::common::{TestDatabase, instant, on_both_engines};

pub(crate) fn body(name: &str) -> ViewBody {
    ViewBody { name: name.to_owned(), query: "status=sus&sort=due".to_owned() }
}

/// A view that was kept and removed.
pub(crate) async fn removed(store: &Store, account: i64) {
    let id = store.save_view((account, true), &body("旧的"), instant()).await.unwrap();
    store.remove_view(id, account, instant()).await.unwrap();
}

async fn own_and_shared_views_are_seen_until_they_are_removed(db: TestDatabase) {
    let store = db.open().await;
    let one = store.add_account("甲", instant(), Vec::new()).await.unwrap();
    let other = store.add_account("乙", instant(), Vec::new()).await.unwrap();
    let own = store.save_view((one, false), &body("我的疑似"), instant()).await.unwrap();
    let shared = store.save_view((one, true), &body("全县疑似"), instant()).await.unwrap();
    let names = async |account: i64| {
        let views = store.views_of(account).await.unwrap();
        views.into_iter().map(|view| view.body.name).collect::<Vec<_>>()
    };
    assert_eq!(names(one).await, ["我的疑似", "全县疑似"]);
    assert_eq!(names(other).await, ["全县疑似"]);
    assert_eq!(store.views_of(one).await.unwrap()[0].body, body("我的疑似"));
    store.remove_view(shared, other, instant()).await.unwrap();
    assert_eq!(names(other).await, Vec::<String>::new());
    assert_eq!(names(one).await, ["我的疑似"]);
    for gone in [shared, own + 50] {
        let again = store.remove_view(gone, one, instant()).await;
        assert!(matches!(again, Err(StoreError::NoView(id)) if id == gone));
    }
    assert_eq!(store.check_tree().await.unwrap().fault, None);
}

on_both_engines!(own_and_shared_views_are_seen_until_they_are_removed);
