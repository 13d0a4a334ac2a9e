//! Signed heads (T-51): what was kept outside shows what was done inside.

use std::fs;

use baoxue_authz::Role;
use baoxue_flow::audit::{
    AuditFault, Sm2Signer, heads_agree, kept_head, prove_consistency, read_head, sign_head, verify,
    write_head,
};
use baoxue_store::{NewEvent, Store, TreeHead};
use sea_orm::{ConnectionTrait, Database};

use crate::common::{TestDatabase, add, later, morning, on_both_engines};

async fn log(store: &Store, n: i64) {
    let body = serde_json::json!({ "n": n });
    let event = NewEvent { what: "unmasked".to_owned(), at: later(n), by: "周".to_owned(), body };
    store.log(event).await.unwrap();
}

async fn raw(db: &TestDatabase, statements: &[&str]) {
    let raw = Database::connect(&db.url).await.unwrap();
    for statement in statements {
        raw.execute_unprepared(statement).await.unwrap();
    }
    raw.close().await.unwrap();
}

fn unguard(db: &TestDatabase, table: &str) -> Vec<String> {
    if db.url.starts_with("sqlite") {
        ["update", "delete", "replace"].map(|what| format!("drop trigger {table}_no_{what}")).into()
    } else {
        vec![format!("drop trigger {table}_append_only on {table}")]
    }
}

async fn change(db: &TestDatabase, table: &str, statement: &str) {
    let unguard = unguard(db, table);
    let statements: Vec<&str> = unguard.iter().map(String::as_str).chain([statement]).collect();
    raw(db, &statements).await;
}

async fn t51_heads_hold_and_agree_with_one_another(db: TestDatabase) {
    let people = db.people().await;
    let store = db.store().await;
    let signer = Sm2Signer::generate().unwrap();
    let mut heads: Vec<TreeHead> = Vec::new();
    for n in 0..9 {
        log(&store, n).await;
        if n == 4 {
            add(&people, "town", Role::Town).await;
        }
        heads.push(sign_head(&store, &signer, later(n)).await.unwrap());
    }
    let again = sign_head(&store, &signer, later(99)).await.unwrap();
    assert_eq!(Some(&again), heads.last(), "nothing new, no new head");
    let found = verify(&store, &signer.verifier(), &heads).await.unwrap();
    assert_eq!((found.fault, found.leaves, found.heads), (None, 11, 9));
    for (at, old) in heads.iter().enumerate() {
        for new in &heads[at..] {
            let proof = prove_consistency(&store, (old, new)).await.unwrap().unwrap();
            assert!(heads_agree(old, new, &proof));
            let other = TreeHead { root: [7; 32], ..old.clone() };
            assert!(!heads_agree(&other, new, &proof));
        }
    }
    let text = write_head(&heads[3]);
    assert_eq!(read_head(&text).unwrap(), heads[3]);
    for line in 0..6 {
        let cut: Vec<&str> = text.lines().take(line).collect();
        assert_eq!(read_head(&cut.join("\n")).unwrap_err().0, line + 1);
    }
}

async fn t51_changed_heads_are_noticed(db: TestDatabase) {
    let store = db.store().await;
    let signer = Sm2Signer::generate().unwrap();
    for n in 0..3 {
        log(&store, n).await;
        sign_head(&store, &signer, later(n)).await.unwrap();
    }
    let hex = |bytes: &str| {
        if db.url.starts_with("sqlite") { format!("x'{bytes}'") } else { format!("'\\x{bytes}'") }
    };
    let zeros = hex(&"00".repeat(32));
    let unguard = unguard(&db, "tree_head");
    raw(&db, &unguard.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let stranger = Sm2Signer::generate().unwrap();
    let foreign = verify(&store, &stranger.verifier(), &[]).await.unwrap().fault;
    assert_eq!(foreign, Some(AuditFault::Signature(1)));
    for (attack, undo) in [
        (format!("update tree_head set root = {zeros} where tree_head_id = 2"), true),
        ("update tree_head set size = 1 where tree_head_id = 2".to_owned(), true),
        ("update tree_head set key_id = 'x' where tree_head_id = 2".to_owned(), true),
        (
            "update tree_head set signed_at = '2001-01-01T00:00:00+00:00' where tree_head_id = 2"
                .to_owned(),
            true,
        ),
        ("delete from tree_head where tree_head_id = 2".to_owned(), false),
    ] {
        let keep = "create table kept as select * from tree_head";
        raw(&db, &[keep, &attack]).await;
        let fault = verify(&store, &signer.verifier(), &[]).await.unwrap().fault;
        assert_eq!(fault, Some(AuditFault::Signature(2)), "{attack}");
        if undo {
            raw(
                &db,
                &[
                    "delete from tree_head",
                    "insert into tree_head select * from kept",
                    "drop table kept",
                ],
            )
            .await;
            assert_eq!(verify(&store, &signer.verifier(), &[]).await.unwrap().fault, None);
        }
    }
}

async fn t51_an_older_state_put_back_is_noticed_with_a_kept_head(db: TestDatabase) {
    let store = db.store().await;
    let signer = Sm2Signer::generate().unwrap();
    let verifier = signer.verifier();
    log(&store, 1).await;
    let yesterday = sign_head(&store, &signer, morning()).await.unwrap();
    log(&store, 2).await;
    log(&store, 3).await;
    let today = sign_head(&store, &signer, later(1)).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("head.txt");
    fs::write(&path, write_head(&today)).unwrap();
    let kept = kept_head(&path).unwrap();
    // Yesterday's backup: what came after is gone, without a trace inside.
    for (table, statement) in [
        ("event", "delete from event where event_id > 1"),
        ("leaf", "delete from leaf where leaf_no > 1"),
        ("tree_head", "delete from tree_head where tree_head_id > 1"),
    ] {
        change(&db, table, statement).await;
    }
    assert_eq!(verify(&store, &verifier, &[]).await.unwrap().fault, None);
    assert_eq!(verify(&store, &verifier, &[yesterday]).await.unwrap().fault, None);
    let noticed = verify(&store, &verifier, std::slice::from_ref(&kept)).await.unwrap().fault;
    assert_eq!(noticed, Some(AuditFault::RolledBack { kept: 3, found: 1 }));
    // Also when other entries have come in place of those that are gone.
    for n in 4..8 {
        log(&store, n).await;
    }
    sign_head(&store, &signer, later(9)).await.unwrap();
    let noticed = verify(&store, &verifier, &[kept]).await.unwrap().fault;
    assert_eq!(noticed, Some(AuditFault::KeptHead));
    let forged = TreeHead { size: 2, ..today };
    let noticed = verify(&store, &verifier, &[forged]).await.unwrap().fault;
    assert_eq!(noticed, Some(AuditFault::KeptSignature));
}

async fn t51_every_sign_in_and_every_change_of_an_account_has_a_leaf(db: TestDatabase) {
    let people = db.people().await;
    let store = db.store().await;
    let id = add(&people, "town", Role::Town).await;
    let made = store.tree_size().await.unwrap();
    crate::common::sign_in(&people, "town", morning()).await;
    assert_eq!(store.tree_size().await.unwrap(), made + 1);
    people.disable(baoxue_flow::people::By::Operator, id, morning()).await.unwrap();
    assert_eq!(store.tree_size().await.unwrap(), made + 2);
    change(&db, "account_event", "update account_event set done_by = 1").await;
    let signer = Sm2Signer::generate().unwrap();
    let fault = verify(&store, &signer.verifier(), &[]).await.unwrap().fault.unwrap();
    assert_eq!(fault.to_string(), "account_event 1 was changed");
}

on_both_engines![
    t51_heads_hold_and_agree_with_one_another,
    t51_changed_heads_are_noticed,
    t51_an_older_state_put_back_is_noticed_with_a_kept_head,
    t51_every_sign_in_and_every_change_of_an_account_has_a_leaf,
];
