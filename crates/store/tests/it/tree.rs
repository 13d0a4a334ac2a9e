//! Whatever is changed past the program is noticed and named (T-51).

use std::{fs, path::Path};

use baoxue_claim::{BatchId, ChildId, RecordId};
use baoxue_store::{
    AccessEntry, Fault, Layout, NewAccountEvent, NewDecision, NewEvent, Ruling, Store, open, root,
};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};

use crate::common::{TestDatabase, batch, children, instant, on_both_engines, rejected};

/// Table, kind that it belongs to, number of the entry.
const TABLES: [(&str, &str, &str); 34] = [
    ("batch", "batch", "batch_id"),
    ("sheet", "batch", "batch_id"),
    ("report", "batch", "batch_id"),
    ("sheet_row", "batch", "batch_id"),
    ("reject", "batch", "batch_id"),
    ("record", "batch", "(record_id >> 32)"),
    ("claim", "batch", "(record_id >> 32)"),
    ("batch_event", "batch_event", "batch_event_id"),
    ("decision", "decision", "decision_id"),
    ("decision_event", "decision_event", "decision_event_id"),
    ("layout", "layout", "layout_id"),
    ("event", "event", "event_id"),
    ("run", "run", "run_id"),
    ("account", "account", "account_id"),
    ("account_event", "account_event", "account_event_id"),
    ("access_log", "access_log", "access_log_id"),
    ("access_subject", "access_log", "access_log_id"),
    ("export_request", "export_request", "export_id"),
    ("export_decision", "export_decision", "export_id"),
    ("export_made", "export_made", "export_id"),
    ("export_fetch", "export_fetch", "export_fetch_id"),
    ("saved_view", "saved_view", "saved_view_id"),
    ("saved_view_event", "saved_view_event", "saved_view_event_id"),
    ("case_event", "case_event", "case_event_id"),
    ("paper", "paper", "paper_id"),
    ("case_file", "case_file", "case_file_id"),
    ("tip_event", "tip_event", "tip_event_id"),
    ("tip_copy", "tip_copy", "tip_copy_id"),
    ("finding_event", "finding_event", "finding_event_id"),
    ("notice", "notice", "notice_id"),
    ("notice_event", "notice_event", "notice_event_id"),
    ("letter_event", "letter_event", "letter_event_id"),
    ("letter_paper", "letter_paper", "letter_id"),
    ("letter_scan", "letter_scan", "letter_scan_id"),
];

/// At least two entries of every kind, and two rows in every table.
async fn fill(db: &TestDatabase) -> Store {
    let store = db.open().await;
    for n in 0..3_u8 {
        let mut rows = children(0, 3).rows;
        rows.push(rejected(90));
        store.append_batch(batch(n * 2 + 1, rows)).await.unwrap();
        store.append_batch(batch(n * 2 + 2, vec![rejected(1)])).await.unwrap();
    }
    let [one, two] = [0, 1].map(|n| RecordId::new(BatchId(1), n));
    for n in 2..4 {
        store.withdraw(BatchId(n * 2), "发错了", "周干事", instant()).await.unwrap();
    }
    for n in 0..3 {
        let decision = NewDecision {
            ruling: Ruling::CannotLink,
            records: (one, two),
            reason: format!("理由{n}"),
            by: "周干事".to_owned(),
            at: instant(),
        };
        let id = store.decide(decision).await.unwrap();
        store.revoke(id, "看错了", "周干事", instant()).await.unwrap();
        let toml = format!("a = {n}");
        let layout = Layout { sender: n.to_string(), fingerprint: "f".to_owned(), toml };
        store.remember_layout(layout, instant()).await.unwrap();
        let body = serde_json::json!({ "n": n });
        let event =
            NewEvent { what: "unmasked".to_owned(), at: instant(), by: "周".to_owned(), body };
        store.log(event).await.unwrap();
        let run = crate::run::run_of(vec![(one, ChildId::from(one))]);
        crate::run::save(&store, run).await.unwrap();
        people(&store, n).await;
    }
    store
}

async fn people(store: &Store, n: i64) {
    let made = |what: &str| NewAccountEvent {
        what: what.to_owned(),
        body: serde_json::json!({ "n": n }),
        by: None,
        at: instant(),
    };
    let events = vec![made("created"), made("granted")];
    let account = store.add_account(&format!("user{n}"), instant(), events).await.unwrap();
    let entry = AccessEntry {
        account: Some(account),
        what: "ReadChild".to_owned(),
        result: "done".to_owned(),
        policy: "p".to_owned(),
        purpose: format!("{n}"),
        address: "10.1.2.3".to_owned(),
        at: instant(),
        subjects: vec![ChildId(n), ChildId(n + 1)],
    };
    store.log_access(vec![entry.clone(), entry]).await.unwrap();
    crate::exports::whole(store, account, vec![ChildId(n)]).await;
    crate::views::removed(store, account).await;
    crate::cases::one(store).await;
    crate::papers::one(store, n + 1).await;
    crate::outside::one(store, n).await;
    crate::notices::one(store, n).await;
    crate::letters::one(store, u32::try_from(n).unwrap() + 1).await;
}

/// A chance that is the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(n).unwrap()).unwrap()
    }
}

/// A copy of the database, open as whoever administers the server opens it: no triggers, no checks.
async fn administrators_copy(original: &Path, copy: &Path) -> DatabaseConnection {
    for end in ["", "-wal", "-shm"] {
        let of = |path: &Path| format!("{}{end}", path.display());
        // A store that is still being closed may have the old one in memory: it is unlinked, never written over.
        fs::remove_file(of(copy)).unwrap_or_default();
        if Path::new(&of(original)).exists() {
            fs::copy(of(original), of(copy)).unwrap();
        }
    }
    let mut options = sea_orm::ConnectOptions::new(format!("sqlite://{}", copy.display()));
    options.max_connections(1).sqlx_logging(false);
    let raw = Database::connect(options).await.unwrap();
    let sql = "select 'drop trigger ' || name from sqlite_schema where type = 'trigger'";
    for statement in texts(&raw, sql).await {
        raw.execute_unprepared(&statement).await.unwrap();
    }
    for pragma in ["foreign_keys = off", "ignore_check_constraints = on"] {
        raw.execute_unprepared(&format!("pragma {pragma}")).await.unwrap();
    }
    raw
}

async fn texts(raw: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(raw.get_database_backend(), sql);
    let rows = raw.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

async fn number(raw: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(raw.get_database_backend(), sql);
    raw.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// A table that is attacked, and two of its rows.
struct Victim<'a> {
    raw: &'a DatabaseConnection,
    table: &'a str,
    keys: Vec<String>,
    columns: Vec<String>,
    one: Row,
    other: Row,
}

struct Row {
    /// Its place in the table.
    at: usize,
    /// The entry that it belongs to.
    entry: i64,
}

/// A statement, and the entries that may be named for it.
type Attack = (String, Vec<i64>);

impl<'a> Victim<'a> {
    async fn pick(
        raw: &'a DatabaseConnection,
        (table, entry): (&'a str, &str),
        dice: &mut Dice,
    ) -> Self {
        let info =
            |what: &str| format!("select name from pragma_table_info('{table}') where {what}");
        let keys = texts(raw, &info("pk > 0")).await;
        let columns = texts(raw, &info("pk = 0")).await;
        let n = number(raw, &format!("select count(*) from {table}")).await;
        let mut ats = [0, 0].map(|_| dice.below(usize::try_from(n).unwrap())).into_iter();
        let mut victim = Self {
            raw,
            table,
            keys,
            columns,
            one: Row { at: ats.next().unwrap(), entry: 0 },
            other: Row { at: ats.next().unwrap(), entry: 0 },
        };
        for is_one in [true, false] {
            let at = if is_one { victim.one.at } else { victim.other.at };
            let found = number(raw, &format!("select {}", victim.value(entry, at))).await;
            let row = if is_one { &mut victim.one } else { &mut victim.other };
            row.entry = found;
        }
        victim
    }

    /// A value of the row at a place.
    fn value(&self, column: &str, at: usize) -> String {
        let (table, order) = (self.table, self.keys.join(", "));
        format!("(select {column} from {table} order by {order} limit 1 offset {at})")
    }

    fn is_one(&self) -> String {
        let is_same = |key: &String| format!("{key} = {}", self.value(key, self.one.at));
        self.keys.iter().map(is_same).collect::<Vec<_>>().join(" and ")
    }

    /// One value of the row is another.
    async fn changed(&self, dice: &mut Dice) -> Attack {
        let all: Vec<&String> = self.keys.iter().chain(&self.columns).collect();
        let (table, column) = (self.table, all[dice.below(all.len())]);
        let kind = format!("select type from pragma_table_info('{table}') where name = '{column}'");
        let value = match texts(self.raw, &kind).await[0].to_lowercase().as_str() {
            // The batch of a record is in the upper half of its number.
            "integer" if self.keys.contains(column) => format!("{column} + 1000000"),
            "integer" => format!("coalesce({column}, 0) + 1"),
            "text" if dice.below(2) == 0 => format!("coalesce({column}, '') || 'x'"),
            "text" => "'2001-01-01T00:00:00+00:00'".to_owned(),
            _ => format!("cast(coalesce({column}, x'') || x'00' as blob)"),
        };
        let sql = format!("update {table} set {column} = {value} where {}", self.is_one());
        (sql, vec![self.one.entry])
    }

    /// The row once more under a new number.
    fn copied(&self) -> Attack {
        let all: Vec<String> = self.keys.iter().chain(&self.columns).cloned().collect();
        let new = all.iter().map(|column| {
            let is_new = Some(column) == self.keys.last();
            if is_new { format!("{column} + 500000") } else { column.clone() }
        });
        let new = new.collect::<Vec<_>>().join(", ");
        let (table, into) = (self.table, all.join(", "));
        let sql = format!(
            "insert into {table} ({into}) select {new} from {table} where {}",
            self.is_one()
        );
        (sql, vec![self.one.entry, self.one.entry + 500_000])
    }

    /// The row gets what another has; nothing where that is the same.
    async fn swapped(&self) -> Option<Attack> {
        if self.columns.is_empty() {
            return None;
        }
        let (table, is_one) = (self.table, self.is_one());
        let with = |sign: &str, between: &str| {
            let pair = |c: &String| format!("{c} {sign} {}", self.value(c, self.other.at));
            self.columns.iter().map(pair).collect::<Vec<_>>().join(between)
        };
        let differs =
            format!("select count(*) from {table} where {is_one} and ({})", with("is not", " or "));
        if number(self.raw, &differs).await == 0 {
            return None;
        }
        let sql = format!("update {table} set {} where {is_one}", with("=", ", "));
        Some((sql, vec![self.one.entry, self.other.entry]))
    }
}

/// One change, deletion, insertion, swap or truncation; nothing where it would change nothing.
async fn attack(
    raw: &DatabaseConnection,
    (table, entry): (&str, &str),
    how: usize,
    dice: &mut Dice,
) -> Option<Attack> {
    let victim = Victim::pick(raw, (table, entry), dice).await;
    match how {
        0 => Some(victim.changed(dice).await),
        1 => {
            let sql = format!("delete from {table} where {}", victim.is_one());
            Some((sql, vec![victim.one.entry]))
        }
        2 => Some(victim.copied()),
        3 => victim.swapped().await,
        _ => {
            let lowest = number(raw, &format!("select min({entry}) from {table}")).await;
            Some((format!("delete from {table}"), vec![lowest]))
        }
    }
}

#[test]
fn t51_five_hundred_random_changes_are_all_named() {
    crate::common::block_on(async {
        let db = TestDatabase::sqlite();
        let store = fill(&db).await;
        assert_eq!(store.check_tree().await.unwrap().fault, None);
        store.settle().await.unwrap();
        let original = Path::new(db.url.strip_prefix("sqlite://").unwrap()).to_owned();
        let copy = db.folder.path().join("copy.db");
        let mut dice = Dice(20_260_302);
        let mut n_tried = 0;
        while n_tried < 520 {
            let (table, kind, entry) = TABLES[n_tried % TABLES.len()];
            let how = if dice.below(12) == 0 { 4 } else { dice.below(4) };
            let raw = administrators_copy(&original, &copy).await;
            let Some((sql, entries)) = attack(&raw, (table, entry), how, &mut dice).await else {
                raw.close().await.unwrap();
                // Rows without a content of their own cannot change places.
                n_tried += usize::from(table == "access_subject");
                continue;
            };
            let done = raw.execute_unprepared(&sql).await;
            raw.close().await.unwrap();
            // Some inserts the engine itself refuses: two accounts of one name.
            let Ok(done) = done else { continue };
            assert!(done.rows_affected() > 0, "{sql}");
            let attacked = open(&format!("sqlite://{}", copy.display()), db.keys()).await.unwrap();
            let fault = attacked.check_tree().await.unwrap().fault;
            let Some(
                Fault::Changed { kind: k, entry: e }
                | Fault::Gone { kind: k, entry: e }
                | Fault::Foreign { kind: k, entry: e },
            ) = &fault
            else {
                panic!("{sql}: {fault:?}")
            };
            assert!(k == kind && entries.contains(e), "{sql}: {fault:?}, not one of {entries:?}");
            n_tried += 1;
        }
    });
}

#[test]
fn t51_changes_of_the_leaves_are_noticed() {
    crate::common::block_on(async {
        let db = TestDatabase::sqlite();
        fill(&db).await.settle().await.unwrap();
        let original = Path::new(db.url.strip_prefix("sqlite://").unwrap()).to_owned();
        let copy = db.folder.path().join("copy.db");
        for sql in [
            "delete from leaf",
            "delete from leaf where leaf_no = 3",
            "delete from leaf where leaf_no > 20",
            "update leaf set hash = (select hash from leaf where leaf_no = 2) where leaf_no = 1",
            "update leaf set leaf_no = leaf_no + 1000",
            "update leaf set leaf_no = 1000 where leaf_no = 5",
            "update leaf set entry = entry + 1000 where leaf_no = 5",
            "update leaf set kind = 'nothing' where leaf_no = 5",
            "update leaf set chain = x'00' where leaf_no = 5",
            "update leaf set hash = x'00' where leaf_no = 5",
            // A row and its leaf, as well as it can be done without the key.
            "update event set what = 'nothing'; update leaf set hash = x'0000000000000000000000000000000000000000000000000000000000000000' where kind = 'event'",
            "insert into leaf select leaf_no + 1000, kind, entry + 1000, hash, chain from leaf where leaf_no = 1",
        ] {
            let raw = administrators_copy(&original, &copy).await;
            raw.execute_unprepared(sql).await.unwrap();
            raw.close().await.unwrap();
            let attacked = open(&format!("sqlite://{}", copy.display()), db.keys()).await.unwrap();
            assert!(attacked.check_tree().await.unwrap().fault.is_some(), "{sql}");
        }
    });
}

/// Rows are hashed while they are appended, in the order in which they are given: any order must give the leaf that
/// reading them gives.
async fn t51_rows_given_in_any_order_have_their_leaf(db: TestDatabase) {
    let store = db.open().await;
    let mut given = children(9, 40);
    given.rows.reverse();
    store.append_batch(given).await.unwrap();
    store.append_batch(children(10, 5000)).await.unwrap();
    assert_eq!(store.check_tree().await.unwrap().fault, None);
}

async fn t51_rows_have_leaves_and_changes_are_named(db: TestDatabase) {
    let store = fill(&db).await;
    let check = store.check_tree().await.unwrap();
    assert_eq!(check.fault, None);
    assert_eq!(check.leaves, store.leaf_hashes().await.unwrap());
    assert_eq!(u64::try_from(check.leaves.len()).unwrap(), store.tree_size().await.unwrap());
    let zero = if db.is_sqlite() { "x'00'" } else { "'\\x00'" };
    for (table, kind, entry) in TABLES {
        db.drop_guards(table).await;
        let changes = match table {
            "claim" | "saved_view" | "case_event" | "tip_event" | "finding_event"
            | "letter_event" | "notice" => format!("body = {zero}"),
            "tip_copy" => format!("channel = {zero}"),
            "access_subject" => "child_id = child_id + 77".to_owned(),
            "sheet_row" => format!("cells = {zero}"),
            "decision" => format!("made_by = {zero}"),
            "account" => format!("login = {zero}"),
            "batch" => "file_name = 'x'".to_owned(),
            "sheet" => "name = 'x'".to_owned(),
            "paper" | "letter_paper" => format!("pdf = {zero}"),
            "case_file" | "letter_scan" => format!("added_by = {zero}"),
            "report" => "is_zero = 1 - is_zero".to_owned(),
            "reject" => "code = 'x'".to_owned(),
            "record" => "source = 'x'".to_owned(),
            "layout" => "sender = 'x'".to_owned(),
            "run" => "model = 'x'".to_owned(),
            "export_request" => "n_children = n_children + 1".to_owned(),
            "export_decision" => format!("reason = {zero}"),
            "export_made" => "n_rows = n_rows + 1".to_owned(),
            "export_fetch" => format!("address = {zero}"),
            _ => "happened_at = '2001-01-01T00:00:00+00:00'".to_owned(),
        };
        let lowest = format!("(select max({entry}) from {table})");
        db.raw_execute(&format!("update {table} set {changes} where {entry} = {lowest}"))
            .await
            .unwrap();
        let fault = store.check_tree().await.unwrap().fault;
        // Changes of the tables before stay: the first of them by its leaf is named.
        assert!(matches!(&fault, Some(Fault::Changed { .. })), "{table} of {kind}: {fault:?}");
    }
}

async fn t51_what_was_there_before_the_tree_gets_leaves_once(db: TestDatabase) {
    let store = fill(&db).await;
    let before = store.check_tree().await.unwrap();
    db.drop_guards("leaf").await;
    db.raw_execute("delete from leaf").await.unwrap();
    assert!(matches!(
        db.open().await.check_tree().await.unwrap().fault,
        Some(Fault::Foreign { .. })
    ));
    // As a database of a program without the tree.
    for sql in [
        "drop table leaf",
        "drop table tree_head",
        "delete from seaql_migrations where version = 'm0005_tree'",
    ] {
        db.raw_execute(sql).await.unwrap();
    }
    let after = db.open().await.check_tree().await.unwrap();
    assert_eq!(after.fault, None);
    assert_eq!(after.leaves.len(), before.leaves.len());
    assert_ne!(root(&after.leaves), root(&[]));
}

on_both_engines![
    t51_rows_given_in_any_order_have_their_leaf,
    t51_rows_have_leaves_and_changes_are_named,
    t51_what_was_there_before_the_tree_gets_leaves_once,
];
