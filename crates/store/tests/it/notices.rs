//! Notices on both engines: told once, tried until they are taken, read by whom they are for.

use baoxue_store::{Fate, NewNotice, NoticeEvent, PendingNotice, Store};
use chrono::TimeDelta;

use crate::common::{TestDatabase, instant, on_both_engines};

/// A notice that is to be made.
pub(crate) fn notice(key: &str, account: Option<i64>, channel: &str) -> NewNotice {
    let body = format!(r#"{{"about":"{key}"}}"#);
    NewNotice { key: key.to_owned(), account, channel: channel.to_owned(), body, at: instant() }
}

/// A notice and what became of it; `n` tells it from others.
pub(crate) async fn one(store: &Store, n: i64) {
    let new = vec![notice(&format!("k{n}"), None, "mail"), notice(&format!("a{n}"), None, "mail")];
    assert_eq!(store.add_notices(new).await.unwrap(), 2);
    let id = store.pending_notices().await.unwrap()[0].id;
    let why = "no answer".to_owned();
    let failed = Fate::Failed { why, next_at: instant() + TimeDelta::minutes(1) };
    note(store, id, failed).await;
    note(store, id, Fate::Sent).await;
}

async fn note(store: &Store, notice: i64, fate: Fate) {
    store.note_notices(vec![NoticeEvent { notice, fate, at: instant() }]).await.unwrap();
}

fn keys(pending: &[PendingNotice]) -> Vec<(&str, u32)> {
    pending.iter().map(|notice| (notice.key.as_str(), notice.n_failed)).collect()
}

async fn a_key_is_told_once(db: TestDatabase) {
    let store = db.open().await;
    let all =
        || vec![notice("a", None, "mail"), notice("b", None, "mail"), notice("a", None, "sms")];
    assert_eq!(store.add_notices(all()).await.unwrap(), 2);
    assert_eq!(store.add_notices(all()).await.unwrap(), 0);
    let more = vec![notice("c", None, "mail"), notice("b", None, "mail")];
    assert_eq!(store.add_notices(more).await.unwrap(), 1);
    let pending = store.pending_notices().await.unwrap();
    assert_eq!(keys(&pending), [("a", 0), ("b", 0), ("c", 0)]);
    assert_eq!(pending[0].body, r#"{"about":"a"}"#);
    assert_eq!(store.check_tree().await.unwrap().fault, None);
}

async fn what_failed_waits_and_what_is_sent_is_over(db: TestDatabase) {
    let store = db.open().await;
    let new = ["a", "b", "c"].map(|key| notice(key, None, "mail"));
    store.add_notices(new.into()).await.unwrap();
    let later = |minutes| instant() + TimeDelta::minutes(minutes);
    for minutes in [1, 2] {
        note(&store, 1, Fate::Failed { why: format!("why {minutes}"), next_at: later(minutes) })
            .await;
    }
    note(&store, 2, Fate::Sent).await;
    let pending = store.pending_notices().await.unwrap();
    assert_eq!(keys(&pending), [("a", 2), ("c", 0)]);
    assert_eq!(pending[0].next_at, Some(later(2)));
    assert_eq!(pending[1].next_at, None);
    let failures = store.last_failures().await.unwrap();
    assert_eq!(failures["mail"].1, "why 2");
    note(&store, 1, Fate::Dropped { why: "too old".to_owned() }).await;
    let channels = store.notice_channels().await.unwrap();
    let of = |n: usize| (channels[n].n, channels[n].n_sent, channels[n].n_dropped);
    assert_eq!((channels.len(), of(0)), (1, (3, 1, 1)));
    assert_eq!(channels[0].last_sent, Some(instant()));
    assert_eq!(keys(&store.pending_notices().await.unwrap()), [("c", 0)]);
    assert_eq!(store.check_tree().await.unwrap().fault, None);
}

async fn a_notice_knows_the_message_in_which_it_was_handed_over_last(db: TestDatabase) {
    let store = db.open().await;
    store.add_notices(vec![notice("a", None, "mail")]).await.unwrap();
    let tried = async || store.pending_notices().await.unwrap()[0].tried.clone();
    assert_eq!(tried().await, None);
    let fates = [
        (Fate::Tried { key: "m1".to_owned() }, "m1"),
        // A clock that stood a year ahead: the newest failure counts, and not the latest hour.
        (Fate::Failed { why: "down".to_owned(), next_at: instant() + TimeDelta::days(365) }, "m1"),
        (Fate::Tried { key: "m2".to_owned() }, "m2"),
        (Fate::Failed { why: "down".to_owned(), next_at: instant() }, "m2"),
    ];
    for (fate, expected) in fates {
        note(&store, 1, fate).await;
        assert_eq!(tried().await.as_deref(), Some(expected));
    }
    let pending = store.pending_notices().await.unwrap().remove(0);
    assert_eq!((pending.n_failed, pending.next_at), (2, Some(instant())));
    let channel = store.notice_channels().await.unwrap().remove(0);
    assert_eq!((channel.n, channel.n_sent, channel.n_dropped), (1, 0, 0));
    assert_eq!(store.check_tree().await.unwrap().fault, None);
}

async fn an_account_reads_its_own(db: TestDatabase) {
    let store = db.open().await;
    let one = store.add_account("甲", instant(), Vec::new()).await.unwrap();
    let other = store.add_account("乙", instant(), Vec::new()).await.unwrap();
    let new = vec![
        notice("a", Some(one), "app"),
        notice("b", Some(other), "app"),
        notice("c", Some(one), "app"),
        notice("d", Some(one), "mail"),
    ];
    store.add_notices(new).await.unwrap();
    let counts = async || store.notices_of_accounts().await.unwrap();
    assert_eq!(counts().await, [(one, (2, 2)), (other, (1, 1))].into());
    assert_eq!(store.read_notices(one, 2, instant()).await.unwrap(), 1);
    assert_eq!(store.read_notices(one, 2, instant()).await.unwrap(), 0);
    assert_eq!(counts().await, [(one, (2, 1)), (other, (1, 1))].into());
    let read = async |page| {
        let found = store.notices_of(one, page).await.unwrap();
        found.into_iter().map(|notice| (notice.id, notice.is_read)).collect::<Vec<_>>()
    };
    assert_eq!(read((0, 10)).await, [(3, false), (1, true)]);
    assert_eq!(read((1, 10)).await, [(1, true)]);
    assert_eq!(keys(&store.pending_notices().await.unwrap()), [("d", 0)]);
}

on_both_engines!(
    a_key_is_told_once,
    what_failed_waits_and_what_is_sent_is_over,
    a_notice_knows_the_message_in_which_it_was_handed_over_last,
    an_account_reads_its_own
);
