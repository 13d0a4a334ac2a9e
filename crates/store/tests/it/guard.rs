//! What was appended cannot be changed, by whatever way one comes to the database.

use baoxue_claim::{ChildId, RecordId};
use baoxue_store::{
    AccessEntry, Layout, NewAccountEvent, NewDecision, NewEvent, Ruling, StoreError, TreeHead,
    open, root,
};

use crate::common::{TestDatabase, batch, children, hex, instant, on_both_engines, rejected};

const APPEND_ONLY: [&str; 38] = [
    "sealing_key",
    "batch",
    "sheet",
    "sheet_row",
    "reject",
    "record",
    "claim",
    "report",
    "batch_event",
    "decision",
    "decision_event",
    "home",
    "layout",
    "event",
    "run",
    "account",
    "account_event",
    "access_log",
    "access_subject",
    "export_request",
    "export_decision",
    "export_made",
    "export_fetch",
    "saved_view",
    "saved_view_event",
    "case_event",
    "paper",
    "case_file",
    "tip_event",
    "tip_copy",
    "finding_event",
    "notice",
    "notice_event",
    "letter_event",
    "letter_paper",
    "letter_scan",
    "leaf",
    "tree_head",
];

/// At least one row in every table.
async fn fill(db: &TestDatabase) -> baoxue_store::Store {
    let store = db.open().await;
    let first = store.append_batch(children(1, 3)).await.unwrap();
    let second = store.append_batch(batch(2, vec![rejected(1)])).await.unwrap();
    store.withdraw(second, "发错了", "周干事", instant()).await.unwrap();
    let [one, two] = [0, 1].map(|n| RecordId::new(first, n));
    let decision = NewDecision {
        ruling: Ruling::CannotLink,
        records: (one, two),
        reason: "两个孩子".to_owned(),
        by: "周干事".to_owned(),
        at: instant(),
    };
    let id = store.decide(decision).await.unwrap();
    store.revoke(id, "看错了", "周干事", instant()).await.unwrap();
    let layout =
        Layout { sender: String::new(), fingerprint: "f".to_owned(), toml: "a = 1".to_owned() };
    store.remember_layout(layout, instant()).await.unwrap();
    let event = NewEvent {
        what: "unmasked".to_owned(),
        at: instant(),
        by: "周干事".to_owned(),
        body: serde_json::json!({ "reason": "家访" }),
    };
    store.log(event).await.unwrap();
    let run = crate::run::run_of(vec![(one, ChildId::from(one))]);
    crate::run::save(&store, run).await.unwrap();
    people(&store, ChildId::from(one)).await;
    store
}

/// An account, and a child that it looked at.
async fn people(store: &baoxue_store::Store, child: ChildId) {
    let made = NewAccountEvent {
        what: "created".to_owned(),
        body: serde_json::json!({ "role": "town" }),
        by: None,
        at: instant(),
    };
    let account = store.add_account("周干事", instant(), vec![made]).await.unwrap();
    let entry = AccessEntry {
        account: Some(account),
        what: "ReadChild".to_owned(),
        result: "done".to_owned(),
        policy: "town_works_own_town".to_owned(),
        purpose: String::new(),
        address: "10.1.2.3".to_owned(),
        at: instant(),
        subjects: vec![child],
    };
    store.log_access(vec![entry]).await.unwrap();
    crate::exports::whole(store, account, vec![child]).await;
    crate::views::removed(store, account).await;
    crate::cases::one(store).await;
    crate::papers::one(store, 1).await;
    crate::outside::one(store, 0).await;
    crate::notices::one(store, 1).await;
    crate::letters::one(store, 1).await;
    let head = TreeHead {
        size: store.tree_size().await.unwrap(),
        root: root(&store.leaf_hashes().await.unwrap()),
        signed_at: instant(),
        key_id: "k".to_owned(),
        signature: vec![1],
    };
    store.append_head_of_tree(&head).await.unwrap();
}

/// The first column of the table's primary key, enough to name the rows.
fn key(table: &str) -> &'static str {
    match table {
        "sheet" | "sheet_row" | "reject" | "report" | "batch" => "batch_id",
        "record" | "claim" | "home" => "record_id",
        "sealing_key" => "sealing_key_id",
        "batch_event" => "batch_event_id",
        "decision" => "decision_id",
        "decision_event" => "decision_event_id",
        "layout" => "layout_id",
        "event" => "event_id",
        "run" => "run_id",
        "account" => "account_id",
        "account_event" => "account_event_id",
        "leaf" => "leaf_no",
        "tree_head" => "tree_head_id",
        "access_log" | "access_subject" => "access_log_id",
        "export_request" | "export_decision" | "export_made" => "export_id",
        "export_fetch" => "export_fetch_id",
        "saved_view" => "saved_view_id",
        "saved_view_event" => "saved_view_event_id",
        "case_event" => "case_event_id",
        "paper" => "paper_id",
        "case_file" => "case_file_id",
        "tip_event" => "tip_event_id",
        "tip_copy" => "tip_copy_id",
        "finding_event" => "finding_event_id",
        "notice" => "notice_id",
        "notice_event" => "notice_event_id",
        "letter_event" => "letter_event_id",
        "letter_paper" => "letter_id",
        "letter_scan" => "letter_scan_id",
        _ => panic!("unknown table {table}"),
    }
}

async fn t50_changes_deletions_and_truncations_are_refused(db: TestDatabase) {
    let store = fill(&db).await;
    let digest = store.digest().await.unwrap();
    for table in APPEND_ONLY {
        let key = key(table);
        let mut attacks = vec![
            format!("update {table} set {key} = {key}"),
            format!("update {table} set {key} = {key} + 1 where {key} > 0"),
            format!("delete from {table}"),
            format!("delete from {table} where {key} > 0"),
        ];
        if db.is_sqlite() {
            attacks.push(format!("replace into {table} select * from {table}"));
            attacks.push(format!("insert or replace into {table} select * from {table} limit 1"));
        } else {
            attacks.push(format!("truncate {table} cascade"));
        }
        for attack in attacks {
            let refused = db.raw_execute(&attack).await.unwrap_err().to_string();
            assert!(refused.contains("append-only"), "{attack}: {refused}");
        }
    }
    assert_eq!(store.digest().await.unwrap(), digest);
}

async fn what_was_derived_is_not_edited(db: TestDatabase) {
    fill(&db).await;
    for table in ["child_record", "verdict", "conflict"] {
        let refused =
            db.raw_execute(&format!("update {table} set child_id = 7")).await.unwrap_err();
        assert!(refused.to_string().contains("never edited"), "{refused}");
    }
    db.raw_execute("update review set review_no = 7").await.unwrap_err();
    db.raw_execute("update run_digest set body = null").await.unwrap_err();
}

async fn t52_no_table_has_a_column_for_a_status(db: TestDatabase) {
    db.open().await;
    for attack in ["update verdict set status = 'x'", "update verdict set code = 'x'"] {
        db.raw_execute(attack).await.unwrap_err();
    }
}

async fn every_constraint_has_a_name(db: TestDatabase) {
    db.open().await;
    if !db.is_sqlite() {
        let sql = "select conname::text from pg_constraint c \
            join pg_class t on t.oid = c.conrelid and t.relname not like '%migrations' \
            where c.contype <> 'n' and c.connamespace = current_schema()::regnamespace";
        let names = db.raw_texts(sql).await;
        assert!(names.len() > 30);
        for name in names {
            // Such are the names that PostgreSQL makes up.
            assert!(
                !["_pkey", "_fkey", "_check", "_key"].iter().any(|e| name.ends_with(e)),
                "{name}"
            );
        }
        return;
    }
    let sql = "select sql from sqlite_schema where type = 'table' and name not like '%migrations'";
    let tables = db.raw_texts(sql).await;
    assert_eq!(tables.len(), 53);
    for table in tables {
        let n_of = |word: &str| table.matches(word).count();
        let n_constraints =
            n_of("primary key") + n_of("foreign key") + n_of("check (") + n_of("unique");
        assert_eq!(n_of("constraint "), n_constraints, "{table}");
    }
}

async fn a_database_opens_with_its_own_keys_only(db: TestDatabase) {
    fill(&db).await;
    let foreign = TestDatabase::sqlite();
    let refused = open(&db.url, foreign.keys()).await;
    assert!(matches!(refused, Err(StoreError::WrongKey)), "{refused:?}");
    db.open().await;
}

async fn t62_after_a_key_rotation_old_and_new_values_open(db: TestDatabase) {
    let store = fill(&db).await;
    let path = db.folder.path().join("key");
    let mut text = std::fs::read_to_string(&path).unwrap();
    let old_keys = db.keys();
    text = format!("{text}2 {}\n", "5a".repeat(32));
    std::fs::write(&path, text).unwrap();
    let rotated = db.open().await;
    assert_eq!(rotated.digest().await.unwrap(), store.digest().await.unwrap());
    rotated.append_batch(children(5, 2)).await.unwrap();
    assert_eq!(rotated.live_records().await.unwrap().len(), 5);
    assert_eq!(rotated.records_with_id("11010519491231002X").await.unwrap().len(), 5);
    let refused = open(&db.url, old_keys).await;
    assert!(matches!(refused, Err(StoreError::WrongKey)), "the old file lacks version 2");
}

async fn t62_an_exchanged_key_opens_all_and_the_old_one_nothing(db: TestDatabase) {
    let store = fill(&db).await;
    let (path, old) = (db.folder.path().join("key"), db.keys());
    let leaves = store.digest().await.unwrap();
    let sql = "select wrapped from data_key where data_key_id = 1";
    let wrapped = db.raw_bytes(sql).await;
    let both = old.with_new().unwrap();
    both.replace(&path).unwrap();
    // Killed here, the file still opens the database, as often as one likes.
    for _ in 0..2 {
        assert_eq!(db.open().await.digest().await.unwrap(), leaves);
    }
    both.newest_only().replace(&path).unwrap();
    let rotated = db.open().await;
    assert_eq!(rotated.digest().await.unwrap(), leaves);
    assert_eq!(rotated.records_with_id("11010519491231002X").await.unwrap().len(), 3);
    // A program that had the database open goes on, and both read what the other writes.
    store.append_batch(children(5, 2)).await.unwrap();
    rotated.append_batch(children(6, 2)).await.unwrap();
    assert_eq!(rotated.live_records().await.unwrap().len(), 7);
    assert_eq!(store.live_records().await.unwrap().len(), 7);
    let refused = open(&db.url, old).await;
    assert!(matches!(refused, Err(StoreError::WrongKey)), "{refused:?}");
    assert_ne!(db.raw_bytes(sql).await, wrapped);
    if db.is_sqlite() {
        for entry in std::fs::read_dir(db.folder.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            let stays = bytes.windows(wrapped.len()).any(|part| part == wrapped);
            assert!(!stays, "what the old key opens is gone from the files");
        }
    }
}

async fn t62_a_flipped_byte_is_an_error_and_never_garbage(db: TestDatabase) {
    let store = fill(&db).await;
    db.drop_guards("record").await;
    db.drop_guards("claim").await;
    for (table, column, place) in [
        ("record", "name", "record.name"),
        ("record", "person", "record.person"),
        ("record", "guardians", "record.guardians"),
        ("claim", "body", "claim.body"),
    ] {
        let row = match table {
            "claim" => "record_id = 4294967297 and position = 0",
            _ => "record_id = 4294967297",
        };
        let sealed = db.raw_bytes(&format!("select {column} from {table} where {row}")).await;
        let write = async |bytes: &[u8]| {
            let hex = hex(bytes);
            let literal = if db.is_sqlite() { format!("x'{hex}'") } else { format!("'\\x{hex}'") };
            let sql = format!("update {table} set {column} = {literal} where {row}");
            assert_eq!(db.raw_execute(&sql).await.unwrap(), 1);
        };
        for at in [0, 1, 3, 20, sealed.len() - 1] {
            let mut flipped = sealed.clone();
            flipped[at] ^= 4;
            write(&flipped).await;
            let refused = store.live_records().await;
            assert!(
                matches!(&refused, Err(StoreError::Seal { place: p, .. }) if *p == place),
                "{place}, byte {at}: {refused:?}"
            );
        }
        write(&sealed).await;
        assert_eq!(store.live_records().await.unwrap().len(), 3);
    }
}

async fn a_value_moved_to_another_child_does_not_open(db: TestDatabase) {
    let store = fill(&db).await;
    db.drop_guards("record").await;
    db.raw_execute(
        "update record set name = (select other.name from record other where other.record_id = record.record_id + 1) \
         where record_id % 4294967296 = 0 and record_id < 2 * 4294967296",
    ).await.unwrap();
    let refused = store.live_records().await;
    assert!(matches!(refused, Err(StoreError::Seal { place: "record.name", .. })), "{refused:?}");
}

async fn a_filled_database_opens_again_unchanged(db: TestDatabase) {
    let digest = fill(&db).await.digest().await.unwrap();
    for _ in 0..2 {
        assert_eq!(db.open().await.digest().await.unwrap(), digest);
    }
}

async fn many_programs_may_open_a_new_database_at_once(db: TestDatabase) {
    let (one, two, three, four) = tokio::join!(db.open(), db.open(), db.open(), db.open());
    one.append_batch(children(1, 1)).await.unwrap();
    for store in [two, three, four] {
        assert_eq!(store.live_records().await.unwrap().len(), 1);
    }
}

async fn a_database_of_a_newer_program_is_refused(db: TestDatabase) {
    db.open().await;
    db.raw_execute("insert into seaql_migrations (version, applied_at) values ('m9999_future', 0)")
        .await
        .unwrap();
    let refused = open(&db.url, db.keys()).await;
    assert!(matches!(refused, Err(StoreError::Newer)), "{refused:?}");
}

on_both_engines![
    t50_changes_deletions_and_truncations_are_refused,
    what_was_derived_is_not_edited,
    t52_no_table_has_a_column_for_a_status,
    every_constraint_has_a_name,
    a_database_opens_with_its_own_keys_only,
    t62_after_a_key_rotation_old_and_new_values_open,
    t62_an_exchanged_key_opens_all_and_the_old_one_nothing,
    t62_a_flipped_byte_is_an_error_and_never_garbage,
    a_value_moved_to_another_child_does_not_open,
    a_filled_database_opens_again_unchanged,
    many_programs_may_open_a_new_database_at_once,
    a_database_of_a_newer_program_is_refused,
];

#[test]
fn a_server_that_may_lose_commits_is_refused() {
    crate::common::block_on(async {
        let db = TestDatabase::postgres();
        db.open().await;
        let name = db.url.split(['/', '?']).nth(3).unwrap().to_owned();
        db.raw_execute(&format!("alter database {name} set synchronous_commit = off"))
            .await
            .unwrap();
        let refused = open(&db.url, db.keys()).await;
        assert!(
            matches!(refused, Err(StoreError::Unsafe { setting: "synchronous_commit", .. })),
            "{refused:?}"
        );
    });
}

#[test]
fn other_addresses_are_refused() {
    crate::common::block_on(async {
        let db = TestDatabase::sqlite();
        for url in ["mysql://localhost/x", "baoxue.db", ""] {
            assert!(matches!(open(url, db.keys()).await, Err(StoreError::Url)), "{url}");
        }
        let refused = open("sqlite:///nowhere/at/all.db", db.keys()).await;
        assert!(matches!(refused, Err(StoreError::File(_))), "{refused:?}");
    });
}
