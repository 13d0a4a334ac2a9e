//! The log of reads is complete (T-64).

use std::collections::BTreeSet;

use baoxue_authz::{Action, Place, Resource, Role, decide};
use baoxue_claim::ChildId;
use baoxue_flow::{AccessLog, Seen, people::Session};
use baoxue_store::AccessFilter;
use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectionTrait, Database, DatabaseTransaction, DbBackend, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

use crate::common::{TestDatabase, add, later, morning, on_both_engines, open_session};

async fn reads(log: &AccessLog, session: &Session, children: &[i64], now: DateTime<Utc>) {
    let town = "610902104".parse().ok();
    let place = Resource::Child(Place { town, ..Place::default() });
    let decision = decide(&session.actor, Action::ReadChild, &place);
    let children: Vec<ChildId> = children.iter().copied().map(ChildId).collect();
    let seen = Seen {
        what: Action::ReadChild,
        decision: &decision,
        children: &children,
        purpose: "家访",
        address: "10.1.2.3",
    };
    log.log_read(session, &seen, now).await.unwrap();
}

async fn t64_what_is_shown_is_what_is_logged(db: TestDatabase) {
    let people = db.people().await;
    let id = add(&people, "town", Role::Town).await;
    let session = open_session(&people, "town", morning()).await;
    let log = AccessLog::start(db.store().await);
    // 500 requests of up to 50 children each, many at a time.
    let mut shown = Vec::new();
    let mut requests = Vec::new();
    for n in 0..500_i64 {
        let children: Vec<i64> = (0..n % 51).map(|k| (n * 37 + k * 11) % 900).collect();
        shown.extend(children.iter().map(|child| (n, *child)));
        let (log, session) = (log.clone(), session.clone());
        requests
            .push(tokio::spawn(async move { reads(&log, &session, &children, later(n)).await }));
    }
    for request in requests {
        request.await.unwrap();
    }
    let mut logged = BTreeSet::new();
    let mut before = None;
    loop {
        let page = log.own_history(id, (before, 100)).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        for found in page.iter().filter(|found| found.entry.what == "ReadChild") {
            let children = log.subjects(found.id).await.unwrap();
            assert_eq!(children.len(), usize::try_from(found.n_subjects).unwrap());
            assert_eq!(found.entry.policy, "town_works_own_town");
            let n = (found.entry.at - morning()).num_seconds();
            logged.extend(children.into_iter().map(|child| (n, child.0)));
        }
    }
    assert_eq!(logged, shown.into_iter().collect());
}

async fn t64_who_looked_at_a_child_in_thirty_days(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "one", Role::Town).await;
    add(&people, "two", Role::Town).await;
    let log = AccessLog::start(db.store().await);
    let day = 24 * 3600;
    let [one, two] = [
        open_session(&people, "one", morning()).await,
        open_session(&people, "two", morning()).await,
    ];
    reads(&log, &one, &[7, 8, 7], later(-40 * day)).await;
    reads(&log, &two, &[8, 9], later(-20 * day)).await;
    reads(&log, &one, &[7, 9], later(-10 * day)).await;
    reads(&log, &two, &[7], morning()).await;
    let since = later(-30 * day);
    let looks = async |child| -> Vec<Option<i64>> {
        let found = log.looks_at(ChildId(child), since, (None, 200)).await.unwrap();
        found.into_iter().map(|look| look.entry.account).collect()
    };
    let [a, b] = [Some(one.account.id), Some(two.account.id)];
    assert_eq!(looks(7).await, [b, a]);
    assert_eq!(looks(8).await, [b]);
    assert_eq!(looks(9).await, [a, b]);
    assert!(looks(10).await.is_empty());
    let all = log.looks_at(ChildId(7), later(-50 * day), (None, 200)).await.unwrap();
    assert_eq!(all.len(), 3);
    assert_eq!(all[2].n_subjects, 2, "a child named twice counts once");
    assert_eq!(all[2].entry.purpose, "家访");
}

async fn t64_refused_and_failed_doors_are_logged(db: TestDatabase) {
    let people = db.people().await;
    let id = add(&people, "town", Role::Town).await;
    let _ = crate::common::tries(&people, "town", "wrong", morning()).await;
    let _ = crate::common::tries(&people, "nobody", "wrong", morning()).await;
    open_session(&people, "town", morning()).await;
    let log = AccessLog::start(db.store().await);
    let all = log.entries(&AccessFilter::default(), 10).await.unwrap();
    let told: Vec<_> = all.iter().map(|e| (e.entry.account, e.entry.result.as_str())).collect();
    assert_eq!(told, [(Some(id), "done"), (None, "refused"), (Some(id), "refused")]);
    assert!(all.iter().all(|e| e.entry.what == "SignIn" && e.entry.address == "10.1.2.3"));
}

/// Keeps every other writer waiting until it is dropped or rolled back, as a long import does.
async fn busy(db: &TestDatabase) -> DatabaseTransaction {
    let raw = Database::connect(&db.url).await.unwrap();
    let mut options = TransactionOptions::default();
    if raw.get_database_backend() == DbBackend::Sqlite {
        options.sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
    }
    let tx = raw.begin_with_options(options).await.unwrap();
    if raw.get_database_backend() == DbBackend::Postgres {
        let turn = "select pg_advisory_xact_lock(20240901, hashtext(current_schema()))";
        tx.execute_unprepared(turn).await.unwrap();
    }
    tx
}

async fn t64_nobody_waits_for_a_busy_database_and_no_look_is_lost_or_doubled(db: TestDatabase) {
    let people = db.people().await;
    let id = add(&people, "town", Role::Town).await;
    let session = open_session(&people, "town", morning()).await;
    let folder = tempfile::tempdir().unwrap();
    let (file, copy) = (folder.path().join("looks.waiting"), folder.path().join("copy"));
    let store = db.store().await;
    let looks = async |log: &AccessLog| {
        let all = log.own_history(id, (None, 500)).await.unwrap();
        let all = all.into_iter().filter(|look| look.entry.what == "ReadChild");
        let mut at: Vec<i64> = all.map(|l| (l.entry.at - morning()).num_seconds()).collect();
        at.sort_unstable();
        at
    };
    let log = AccessLog::start_beside(store.clone(), &file).await.unwrap();
    reads(&log, &session, &[1], later(1)).await;
    let tx = busy(&db).await;
    let begun = std::time::Instant::now();
    for n in 2..40 {
        reads(&log, &session, &[n, 7], later(n)).await;
    }
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    // What waits is sealed.
    let waiting = std::fs::read(&file).unwrap();
    assert!(waiting.len() > 38 * 100 && !waiting.windows(8).any(|part| part == b"10.1.2.3"));
    std::fs::write(&copy, &waiting).unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(looks(&log).await, (1..40).collect::<Vec<_>>(), "asked for, all are there");
    log.caught_up().await.unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().len(), 0);
    // Another server does not take the file of a living one.
    let other = AccessLog::start_beside(store.clone(), &file).await.unwrap();
    reads(&other, &session, &[1], later(40)).await;
    // Killed after the database had them and before the file was emptied: each stays one.
    let again = AccessLog::start_beside(store.clone(), &copy).await.unwrap();
    assert_eq!(looks(&again).await, (1..41).collect::<Vec<_>>());
    assert_eq!(std::fs::metadata(&copy).unwrap().len(), 0);
    // Ended while the database was busy: the next start takes them in.
    let tx = busy(&db).await;
    for n in 41..45 {
        reads(&again, &session, &[n], later(n)).await;
    }
    drop(again);
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    tx.rollback().await.unwrap();
    let next = loop {
        // The one before lets go of the file when its last write is through.
        let next = AccessLog::start_beside(store.clone(), &copy).await.unwrap();
        if looks(&next).await.len() == 44 {
            break next;
        }
        drop(next);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert_eq!(looks(&next).await, (1..45).collect::<Vec<_>>());
    drop(next);
    // What is no entry is told, and nothing of it is thrown away.
    std::fs::write(&file, [4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]).unwrap();
    drop((log, other));
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(AccessLog::start_beside(store, &file).await.is_err());
    assert_eq!(std::fs::metadata(&file).unwrap().len(), 16);
}

on_both_engines![
    t64_nobody_waits_for_a_busy_database_and_no_look_is_lost_or_doubled,
    t64_what_is_shown_is_what_is_logged,
    t64_who_looked_at_a_child_in_thirty_days,
    t64_refused_and_failed_doors_are_logged,
];
