//! The log of reads is complete (T-64).

use std::collections::BTreeSet;

use baoxue_authz::{Action, Place, Resource, Role, decide};
use baoxue_claim::ChildId;
use baoxue_flow::{AccessLog, Seen, people::Session};
use baoxue_store::AccessFilter;
use chrono::{DateTime, Utc};

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

on_both_engines![
    t64_what_is_shown_is_what_is_logged,
    t64_who_looked_at_a_child_in_thirty_days,
    t64_refused_and_failed_doors_are_logged,
];
