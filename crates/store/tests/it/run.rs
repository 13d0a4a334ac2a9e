//! Runs replace what was derived; decisions, layouts and events stay.

use baoxue_claim::{ChildId, ClaimId, RecordId, VerdictCode};
use baoxue_store::{
    Layout, NewDecision, NewEvent, NewRun, Ruling, Store, StoreError, StoredConflict, StoredEntry,
    StoredVerdict,
};

use crate::common::{TestDatabase, children, day, instant, on_both_engines};

/// The children of a run, ascending.
fn ids(run: &NewRun) -> Vec<ChildId> {
    let mut ids: Vec<ChildId> = run.children.iter().map(|(_, child)| *child).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// A verdict for each child of a run.
pub(crate) fn verdicts_of(run: &NewRun) -> Vec<StoredVerdict> {
    let verdict = |child: &ChildId| StoredVerdict {
        child: *child,
        code: VerdictCode::Unverified,
        rule: "silence@1".to_owned(),
        claims: vec![ClaimId { record: RecordId(child.0), position: 1 }],
        body: format!("{{\"child\":{}}}", child.0).into_bytes(),
    };
    ids(run).iter().map(verdict).collect()
}

/// Keeps a run with a verdict for each child.
pub(crate) async fn save(store: &Store, run: NewRun) -> Result<i64, StoreError> {
    let verdicts = verdicts_of(&run);
    store.save_run(run, verdicts.into_iter().map(Ok), std::iter::empty()).await
}

/// A run over these records.
pub(crate) fn run_of(children: Vec<(RecordId, ChildId)>) -> NewRun {
    let conflict =
        |child: &(RecordId, ChildId)| StoredConflict { child: child.1, body: b"both".to_vec() };
    NewRun {
        as_of: day("2019-08-25"),
        rule_pack: "2019.1".to_owned(),
        model: "children-1".to_owned(),
        started_at: instant(),
        input_digest: "00".to_owned(),
        reviews: vec![serde_json::json!({ "pair": [1, 2] }), serde_json::json!("second")],
        note: b"what all tell".to_vec(),
        conflicts: children
            .iter()
            .min_by_key(|(_, child)| *child)
            .map(conflict)
            .into_iter()
            .collect(),
        children,
    }
}

async fn a_run_comes_back_and_the_next_replaces_it(db: TestDatabase) {
    let store = db.open().await;
    let batch = store.append_batch(children(1, 5000)).await.unwrap();
    assert_eq!(store.latest_run().await.unwrap(), None);
    let alone: Vec<(RecordId, ChildId)> =
        (0..5000).map(|n| RecordId::new(batch, n)).map(|record| (record, record.into())).collect();
    let run = run_of(alone.clone());
    assert_eq!(save(&store, run.clone()).await.unwrap(), 1);
    assert_eq!(store.children().await.unwrap(), alone);
    assert_eq!(store.verdicts().await.unwrap(), verdicts_of(&run));
    assert_eq!(store.conflicts().await.unwrap(), run.conflicts);
    assert_eq!(store.reviews().await.unwrap(), run.reviews);
    let digest = store.digest().await.unwrap();

    let founder = ChildId::from(RecordId::new(batch, 0));
    let one: Vec<(RecordId, ChildId)> =
        alone.iter().map(|(record, _)| (*record, founder)).collect();
    let mut second = run_of(one.clone());
    second.as_of = day("2019-09-30");
    assert_eq!(save(&store, second.clone()).await.unwrap(), 2);
    assert_eq!(store.children().await.unwrap(), one);
    assert_eq!(store.verdicts().await.unwrap(), verdicts_of(&second));
    let latest = store.latest_run().await.unwrap().unwrap();
    assert_eq!((latest.id, latest.as_of, latest.started_at), (2, day("2019-09-30"), instant()));
    assert_eq!(
        (latest.rule_pack, latest.model, latest.input_digest),
        (second.rule_pack, second.model, second.input_digest)
    );
    let homes = store.homes().await.unwrap();
    assert!(
        alone.iter().all(|(record, child)| homes[record] == *child),
        "homes are the first ones"
    );

    assert_ne!(store.digest().await.unwrap(), digest);
    save(&store, run).await.unwrap();
    assert_eq!(store.digest().await.unwrap(), digest, "the same results, the same digest");
}

/// The lines of the newest run.
async fn entries(store: &Store) -> Vec<StoredEntry> {
    let mut all = Vec::new();
    let mut take = |page: Vec<StoredEntry>| {
        assert!(page.len() <= 4096, "some thousands at a time");
        all.extend(page);
        Ok::<(), StoreError>(())
    };
    store.entries(&mut take).await.unwrap();
    all
}

async fn one_child_is_read_without_the_others(db: TestDatabase) {
    let store = db.open().await;
    let batch = store.append_batch(children(1, 5)).await.unwrap();
    let [one, two, three] = [0, 1, 2].map(|n| RecordId::new(batch, n));
    let run = run_of(vec![(one, one.into()), (two, one.into()), (three, three.into())]);
    let line = |child: RecordId, text: &str| StoredEntry {
        child: child.into(),
        body: text.as_bytes().to_vec(),
    };
    let lines = vec![line(one, "first"), line(three, "second")];
    let verdicts = verdicts_of(&run).into_iter().map(Ok);
    store.save_run(run, verdicts, lines.clone().into_iter().map(Ok)).await.unwrap();
    assert_eq!(entries(&store).await, lines);
    assert_eq!(store.run_note().await.unwrap().as_deref(), Some(&b"what all tell"[..]));
    assert_eq!(store.record_ids_of(one.into()).await.unwrap(), [one, two]);
    let of = store.children_of(&[three, RecordId::new(batch, 4), two]).await.unwrap();
    assert_eq!(of, [(two, one.into()), (three, three.into())]);
    let all = store.live_records().await.unwrap();
    assert_eq!(store.records(&[two, one]).await.unwrap(), all[..2]);
    assert_eq!(store.records(&[RecordId::new(batch, 99)]).await.unwrap(), []);

    save(&store, run_of(vec![(one, one.into())])).await.unwrap();
    assert_eq!(entries(&store).await, []);
}

/// The number of the run that wrote the row of each child.
async fn written_by(db: &TestDatabase, table: &str) -> Vec<String> {
    let sql = format!(
        "select cast(child_id as text) || ' ' || cast(run_id as text) from {table} order by child_id"
    );
    db.raw_texts(&sql).await
}

async fn a_row_that_says_the_same_stays(db: TestDatabase) {
    let store = db.open().await;
    let batch = store.append_batch(children(1, 4)).await.unwrap();
    let records = [0, 1, 2, 3].map(|n| RecordId::new(batch, n));
    let run = run_of(records[..3].iter().map(|record| (*record, (*record).into())).collect());
    let line = |record: &RecordId, text: &str| StoredEntry {
        child: (*record).into(),
        body: text.as_bytes().to_vec(),
    };
    let keep = async |run: NewRun, verdicts: Vec<StoredVerdict>, lines: &[StoredEntry]| {
        let lines = lines.iter().cloned().map(Ok);
        store.save_run(run, verdicts.into_iter().map(Ok), lines).await.unwrap()
    };
    let lines: Vec<StoredEntry> = records[..3].iter().map(|record| line(record, "line")).collect();
    assert_eq!(keep(run.clone(), verdicts_of(&run), &lines).await, 1);

    // One verdict and one line change, one child goes, another comes.
    let [one, two, _, four] = records.map(|record| record.0);
    let kept = [records[0], records[1], records[3]];
    let next = run_of(kept.iter().map(|record| (*record, (*record).into())).collect());
    let mut verdicts = verdicts_of(&next);
    verdicts[0].code = VerdictCode::Dropout;
    let lines = [line(&kept[0], "line"), line(&kept[1], "changed"), line(&kept[2], "line")];
    assert_eq!(keep(next.clone(), verdicts.clone(), &lines).await, 2);
    let of = |rows: [(i64, i64); 3]| rows.map(|(child, run)| format!("{child} {run}"));
    assert_eq!(written_by(&db, "verdict").await, of([(one, 2), (two, 1), (four, 2)]));
    assert_eq!(written_by(&db, "entry").await, of([(one, 1), (two, 2), (four, 2)]));
    assert_eq!(store.verdicts().await.unwrap(), verdicts);
    assert_eq!(entries(&store).await, lines);
    assert_eq!(store.children().await.unwrap(), next.children);
    assert_eq!(store.derived_past_the_program().await.unwrap(), []);

    // What somebody took out, or put back, is seen, and the next run writes again what is not there.
    db.raw_execute(&format!("delete from verdict where child_id = {two}")).await.unwrap();
    db.raw_execute(&format!("delete from child_record where record_id = {one}")).await.unwrap();
    assert_eq!(store.derived_past_the_program().await.unwrap(), [records[1].into()]);
    assert_eq!(keep(next.clone(), verdicts.clone(), &lines).await, 3);
    assert_eq!(written_by(&db, "verdict").await, of([(one, 2), (two, 3), (four, 2)]));
    assert_eq!(store.children().await.unwrap(), next.children);
    assert_eq!(store.derived_past_the_program().await.unwrap(), []);

    store.forget_run_digest().await.unwrap();
    assert_eq!(keep(next, verdicts, &lines).await, 4);
    assert_eq!(written_by(&db, "verdict").await, of([(one, 4), (two, 4), (four, 4)]));
    assert_eq!(written_by(&db, "entry").await, of([(one, 4), (two, 4), (four, 4)]));
}

async fn t52_a_result_put_back_from_before_is_named(db: TestDatabase) {
    let store = db.open().await;
    let batch = store.append_batch(children(1, 2)).await.unwrap();
    let records = [0, 1].map(|n| RecordId::new(batch, n));
    let run = run_of(records.iter().map(|record| (*record, (*record).into())).collect());
    let mut accused = verdicts_of(&run);
    accused[0].code = VerdictCode::Dropout;
    store.save_run(run.clone(), accused.into_iter().map(Ok), []).await.unwrap();
    db.raw_execute("create table taken as select * from verdict").await.unwrap();
    save(&store, run).await.unwrap();
    assert_eq!(store.derived_past_the_program().await.unwrap(), []);
    let child = records[0].0;
    db.raw_execute(&format!("delete from verdict where child_id = {child}")).await.unwrap();
    let back = format!("insert into verdict select * from taken where child_id = {child}");
    db.raw_execute(&back).await.unwrap();
    assert_eq!(store.verdicts().await.unwrap()[0].code, VerdictCode::Dropout, "it opens");
    assert_eq!(store.derived_past_the_program().await.unwrap(), [records[0].into()]);
}

async fn a_run_that_fails_leaves_the_one_before(db: TestDatabase) {
    let store = db.open().await;
    let batch = store.append_batch(children(1, 3)).await.unwrap();
    let record = RecordId::new(batch, 0);
    save(&store, run_of(vec![(record, record.into())])).await.unwrap();
    let digest = store.digest().await.unwrap();
    let unknown = RecordId::new(batch, 99);
    let failed =
        save(&store, run_of(vec![(record, record.into()), (unknown, unknown.into())])).await;
    assert!(matches!(failed, Err(StoreError::Database(_))), "{failed:?}");
    assert_eq!(store.digest().await.unwrap(), digest);

    let run = run_of(vec![(record, record.into())]);
    let verdicts = verdicts_of(&run).into_iter().map(Ok);
    let broken = verdicts.chain([Err(StoreError::Stopped)]);
    let failed = store.save_run(run, broken, std::iter::empty()).await;
    assert!(matches!(failed, Err(StoreError::Stopped)), "{failed:?}");
    assert_eq!(store.digest().await.unwrap(), digest);
}

async fn decisions_hold_until_revoked(db: TestDatabase) {
    let store = db.open().await;
    let batch = store.append_batch(children(1, 3)).await.unwrap();
    let of = |a, b, ruling| NewDecision {
        ruling,
        records: (RecordId::new(batch, a), RecordId::new(batch, b)),
        reason: "家访核实".to_owned(),
        by: "李老师".to_owned(),
        at: instant(),
    };
    let before = store.digest().await.unwrap();
    let first = store.decide(of(0, 1, Ruling::MustLink)).await.unwrap();
    let second = store.decide(of(1, 2, Ruling::CannotLink)).await.unwrap();
    let found = store.decisions().await.unwrap();
    assert_eq!(found.iter().map(|d| d.id).collect::<Vec<_>>(), [first, second]);
    assert_eq!(found[0].decision, of(0, 1, Ruling::MustLink));
    for id in [first, second] {
        store.revoke(id, "看错了", "李老师", instant()).await.unwrap();
    }
    assert!(store.decisions().await.unwrap().is_empty());
    assert_eq!(store.digest().await.unwrap(), before);
    let again = store.revoke(first, "", "", instant()).await;
    assert!(matches!(again, Err(StoreError::NoDecision(1))));
    assert!(matches!(store.decide(of(0, 0, Ruling::MustLink)).await, Err(StoreError::Database(_))));
    assert!(matches!(
        store.decide(of(0, 77, Ruling::MustLink)).await,
        Err(StoreError::Database(_))
    ));
}

async fn the_newest_answers_for_a_layout_count(db: TestDatabase) {
    let store = db.open().await;
    let layout = |sender: &str, fingerprint: &str, toml: &str| Layout {
        sender: sender.to_owned(),
        fingerprint: fingerprint.to_owned(),
        toml: toml.to_owned(),
    };
    for (sender, fingerprint, toml) in [
        ("洪山镇", "a", "x = 1"),
        ("", "a", "y = 1"),
        ("洪山镇", "a", "x = 2"),
        ("五里镇", "b", "z = 1"),
    ] {
        store.remember_layout(layout(sender, fingerprint, toml), instant()).await.unwrap();
    }
    assert_eq!(
        store.layouts().await.unwrap(),
        [layout("", "a", "y = 1"), layout("五里镇", "b", "z = 1"), layout("洪山镇", "a", "x = 2"),]
    );
}

async fn the_log_keeps_what_happened(db: TestDatabase) {
    let store = db.open().await;
    let event = |n: u32| NewEvent {
        what: "unmasked".to_owned(),
        at: instant(),
        by: "周干事".to_owned(),
        body: serde_json::json!({ "n": n, "reason": "核对学籍" }),
    };
    assert_eq!(store.log(event(1)).await.unwrap(), 1);
    assert_eq!(store.log(event(2)).await.unwrap(), 2);
    let digest = store.digest().await.unwrap();
    assert_eq!(store.log(event(2)).await.unwrap(), 3);
    let events = store.events().await.unwrap();
    assert_eq!(
        events.iter().map(|e| e.event.clone()).collect::<Vec<_>>(),
        [event(1), event(2), event(2)]
    );
    assert_eq!(store.digest().await.unwrap(), digest, "logged again after a kill");
}

on_both_engines![
    a_run_comes_back_and_the_next_replaces_it,
    a_run_that_fails_leaves_the_one_before,
    a_row_that_says_the_same_stays,
    t52_a_result_put_back_from_before_is_named,
    one_child_is_read_without_the_others,
    decisions_hold_until_revoked,
    the_newest_answers_for_a_layout_count,
    the_log_keeps_what_happened,
];
