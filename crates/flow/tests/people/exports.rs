//! How much may be taken out or looked at in an hour (T-22).

use baoxue_claim::ChildId;
use baoxue_flow::{
    exports::{
        AskedExport, Asking, ExportLimits, ExportState, ask_export, export_state, needs_second,
    },
    limits::{PageLimit, PageTurn},
    unusual::looks_of_week,
};
use baoxue_store::{AccessEntry, ExportDecision, ExportRuling, Store};
use chrono::{DateTime, TimeDelta, Utc};

use crate::common::{TestDatabase, on_both_engines};

fn at(minute: i64) -> DateTime<Utc> {
    "2026-03-02T01:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
}

async fn ask(store: &Store, (account, full): (i64, bool), n: i64, minute: i64) -> AskedExport {
    let children = (0..n).map(ChildId).collect();
    let asking = Asking { account, full, purpose: "上户核查", query: "status=out", children };
    ask_export(store, asking, (&ExportLimits::default(), at(minute))).await.unwrap()
}

async fn account(store: &Store, login: &str) -> i64 {
    store.add_account(login, at(0), Vec::new()).await.unwrap()
}

async fn ruled(store: &Store, id: i64, ruling: ExportRuling, by: i64) {
    let decision = ExportDecision { ruling, account: by, reason: String::new(), at: at(5) };
    store.decide_export(id, &decision).await.unwrap();
}

async fn t22_many_small_exports_in_an_hour_are_one_large_one(db: TestDatabase) {
    let store = db.store().await;
    let (one, other) = (account(&store, "a").await, account(&store, "b").await);
    let limits = ExportLimits::default();
    assert!(matches!(ask(&store, (one, false), 30, 0).await, AskedExport::AtOnce(_)));
    assert!(matches!(ask(&store, (one, false), 20, 10).await, AskedExport::AtOnce(_)));
    assert!(needs_second(&store, (one, false), 1, (&limits, at(20))).await.unwrap());
    assert!(!needs_second(&store, (other, false), 50, (&limits, at(20))).await.unwrap());
    assert!(matches!(ask(&store, (one, false), 1, 20).await, AskedExport::Waits(_)));
    assert!(matches!(ask(&store, (other, false), 50, 20).await, AskedExport::AtOnce(_)));
    assert!(matches!(ask(&store, (one, false), 30, 60).await, AskedExport::AtOnce(_)));
}

async fn t22_one_request_waits_at_a_time_and_in_an_hour(db: TestDatabase) {
    let store = db.store().await;
    let (one, other) = (account(&store, "a").await, account(&store, "b").await);
    let AskedExport::Waits(first) = ask(&store, (one, true), 1, 0).await else { panic!() };
    assert_eq!(ask(&store, (one, false), 51, 1).await, AskedExport::TooMany);
    assert_eq!(ask(&store, (one, false), 51, 300).await, AskedExport::TooMany, "still waiting");
    assert!(matches!(ask(&store, (one, false), 50, 1).await, AskedExport::AtOnce(_)));
    ruled(&store, first, ExportRuling::Refused, other).await;
    assert_eq!(ask(&store, (one, true), 1, 59).await, AskedExport::TooMany, "within the hour");
    let AskedExport::Waits(second) = ask(&store, (one, true), 1, 60).await else { panic!() };
    ruled(&store, second, ExportRuling::Withdrawn, one).await;
    assert!(matches!(ask(&store, (one, true), 1, 61).await, AskedExport::Waits(_)));
}

async fn t22_an_approval_holds_for_a_day_and_so_does_a_file(db: TestDatabase) {
    let store = db.store().await;
    let (one, other) = (account(&store, "a").await, account(&store, "b").await);
    let AskedExport::Waits(id) = ask(&store, (one, true), 1, 0).await else { panic!() };
    let state = async |minute: i64| {
        let export = store.export(id).await.unwrap().unwrap();
        export_state(&export, &ExportLimits::default(), at(minute))
    };
    assert_eq!(state(10_000).await, ExportState::Waiting);
    ruled(&store, id, ExportRuling::Approved, other).await;
    assert_eq!(state(24 * 60).await, ExportState::Approved);
    assert_eq!(state(24 * 60 + 5).await, ExportState::Over);
}

async fn t22_pages_opened_before_a_restart_count(db: TestDatabase) {
    let store = db.store().await;
    let one = account(&store, "a").await;
    let entry = |what: &str, minute, children: i64| AccessEntry {
        account: Some(one),
        what: what.to_owned(),
        result: "done".to_owned(),
        policy: String::new(),
        purpose: String::new(),
        address: String::new(),
        at: at(minute),
        subjects: (0..children).map(ChildId).collect(),
    };
    let entries = vec![
        entry("ReadChild", 0, 1),
        entry("ReadChild", 5, 1),
        entry("ReadClaims", 10, 1),
        entry("ReadChild", 10, 100),
        entry("ExportMasked", 10, 1),
    ];
    store.log_access(entries).await.unwrap();
    let limit = PageLimit::new(store.clone(), 3);
    assert_eq!(limit.turn(one, at(61)).await.unwrap(), PageTurn::Opens, "one is over an hour ago");
    let stopped = PageTurn::TooMany { alarm: true, until: at(65) };
    assert_eq!(limit.turn(one, at(62)).await.unwrap(), stopped);
    assert_eq!(limit.turn(one + 1, at(62)).await.unwrap(), PageTurn::Opens);
    // A hundred children stand in a list of before, sixty may; what it showed may be shown again.
    let children = |from: i64, to: i64| (from..to).map(ChildId).collect::<Vec<_>>();
    let stopped = PageTurn::TooMany { alarm: false, until: at(70) };
    assert_eq!(limit.lists(one, &children(90, 101), at(62)).await.unwrap(), stopped);
    assert_eq!(limit.lists(one, &children(80, 100), at(62)).await.unwrap(), PageTurn::Opens);
    assert_eq!(limit.lists(one + 1, &children(0, 60), at(62)).await.unwrap(), PageTurn::Opens);
}

async fn t25_the_looks_of_a_week_are_single_pages_and_what_was_done(db: TestDatabase) {
    const WEEK: i64 = 7 * 24 * 3600;
    let store = db.store().await;
    let one = account(&store, "a").await;
    let monday = at(0).date_naive();
    let begin = monday.and_hms_opt(0, 0, 0).unwrap().and_utc() - TimeDelta::hours(8);
    let entry = |what: &str, result: &str, second, children: i64| AccessEntry {
        account: Some(one),
        what: what.to_owned(),
        result: result.to_owned(),
        policy: String::new(),
        purpose: String::new(),
        address: String::new(),
        at: begin + TimeDelta::seconds(second),
        subjects: (0..children).map(ChildId).collect(),
    };
    let entries = vec![
        entry("ReadChild", "done", -1, 1),
        entry("ReadChild", "done", 0, 1),
        entry("ReadChild", "done", 1, 20),
        entry("ReadChild", "refused", 2, 1),
        entry("ReadClaims", "done", WEEK - 1, 1),
        entry("DecideIdentity", "done", 3, 2),
        entry("ReadChild", "done", WEEK, 1),
    ];
    store.log_access(entries).await.unwrap();
    let looks = looks_of_week(&store, monday).await.unwrap();
    let told: Vec<_> =
        looks.iter().map(|l| (l.child.0, l.acted, (l.at - begin).num_seconds())).collect();
    assert_eq!(told, [(0, false, 0), (0, false, WEEK - 1), (0, true, 3), (1, true, 3)]);
    assert!(looks.iter().all(|look| look.account == one));
}

on_both_engines!(
    t22_many_small_exports_in_an_hour_are_one_large_one,
    t22_one_request_waits_at_a_time_and_in_an_hour,
    t22_an_approval_holds_for_a_day_and_so_does_a_file,
    t22_pages_opened_before_a_restart_count,
    t25_the_looks_of_a_week_are_single_pages_and_what_was_done,
);
