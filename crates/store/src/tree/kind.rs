//! The protected kinds, and their stored rows as bytes.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, QueryResult, TryGetable, Value};
use sm3::{Digest, Sm3};

use super::merkle::{Hash, leaf_hasher};
use crate::{
    StoreError,
    sql::{Table, get, query, scalar},
};

/// Rows read in one query.
const PAGE: i64 = 4096;

/// What one column holds.
#[derive(Clone, Copy)]
enum Type {
    Int,
    Text,
    Bytes,
    Day,
    Instant,
}
use Type::{Bytes, Day, Instant, Int, Text};

/// A table whose rows belong to entries of a kind.
pub(super) struct Part {
    pub(super) table: &'static str,
    /// The number of the entry, as an expression.
    pub(super) entry: &'static str,
    /// What the entry's range looks like on the primary key: its column, and bits that the entry stands above.
    range: (&'static str, u32),
    /// The primary key below the entry, integers only.
    order: &'static [&'static str],
    columns: &'static [(&'static str, Type)],
}

macro_rules! kinds {
    ($($variant:ident = $word:literal [$($part:expr),* $(,)?],)*) => {
        /// What gets leaves.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum Kind {
            $($variant,)*
        }

        impl Kind {
            pub(crate) const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stable word, which is also the name of the first table.
            pub(crate) const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            pub(super) const fn parts(self) -> &'static [Part] {
                match self { $(Self::$variant => const { &[$($part),*] }),* }
            }
        }
    };
}

/// A table with one row for each entry.
const fn single(
    table: &'static str,
    entry: &'static str,
    columns: &'static [(&'static str, Type)],
) -> Part {
    Part { table, entry, range: (entry, 0), order: &[], columns }
}

kinds! {
    Batch = "batch" [
        single("batch", "batch_id", &[
            ("file_name", Text), ("content_hash", Bytes), ("size_bytes", Int),
            ("received_at", Instant), ("brought_by", Bytes), ("messages", Bytes),
        ]),
        Part {
            table: "sheet", entry: "batch_id", range: ("batch_id", 0), order: &["sheet_no"],
            columns: &[
                ("name", Text), ("is_hidden", Int), ("source", Text), ("as_of", Day),
                ("town", Text), ("fingerprint", Text), ("n_rows", Int), ("stated_total", Int),
            ],
        },
        Part {
            table: "report", entry: "batch_id", range: ("batch_id", 0),
            order: &["sheet_no", "report_no"],
            columns: &[("school", Bytes), ("town", Text), ("until", Day), ("is_zero", Int)],
        },
        Part {
            table: "sheet_row", entry: "batch_id", range: ("batch_id", 0),
            order: &["sheet_no", "row_no"],
            columns: &[("disposition", Text), ("aside", Text), ("cells", Bytes)],
        },
        Part {
            table: "reject", entry: "batch_id", range: ("batch_id", 0),
            order: &["sheet_no", "row_no"],
            columns: &[("column_no", Int), ("code", Text), ("message", Bytes)],
        },
        Part {
            table: "record", entry: "(record_id >> 32)", range: ("record_id", 32),
            order: &["record_id"],
            columns: &[
                ("batch_id", Int), ("sheet_no", Int), ("row_no", Int), ("source", Text),
                ("as_of", Day), ("town", Text), ("came_known", Int), ("row_key", Bytes),
                ("id_index", Bytes), ("name_index", Bytes), ("name", Bytes),
                ("former_name", Bytes), ("resident_id", Bytes), ("guardians", Bytes),
                ("phones", Bytes), ("addresses", Bytes), ("person", Bytes), ("doubts", Bytes),
            ],
        },
        Part {
            table: "claim", entry: "(record_id >> 32)", range: ("record_id", 32),
            order: &["record_id", "position"],
            columns: &[("body", Bytes)],
        },
    ],
    BatchEvent = "batch_event" [
        single("batch_event", "batch_event_id", &[
            ("batch_id", Int), ("what", Text), ("reason", Bytes), ("done_by", Bytes),
            ("happened_at", Instant),
        ]),
    ],
    Decision = "decision" [
        single("decision", "decision_id", &[
            ("ruling", Text), ("first_record_id", Int), ("second_record_id", Int),
            ("reason", Bytes), ("made_by", Bytes), ("made_at", Instant),
        ]),
    ],
    DecisionEvent = "decision_event" [
        single("decision_event", "decision_event_id", &[
            ("decision_id", Int), ("what", Text), ("reason", Bytes), ("done_by", Bytes),
            ("happened_at", Instant),
        ]),
    ],
    Layout = "layout" [
        single("layout", "layout_id", &[
            ("sender", Text), ("fingerprint", Text), ("answers", Bytes),
            ("remembered_at", Instant),
        ]),
    ],
    Event = "event" [
        single("event", "event_id", &[
            ("what", Text), ("happened_at", Instant), ("done_by", Bytes), ("body", Bytes),
        ]),
    ],
    Run = "run" [
        single("run", "run_id", &[
            ("as_of", Day), ("rule_pack", Text), ("model", Text), ("started_at", Instant),
            ("input_digest", Text),
        ]),
    ],
    Account = "account" [
        single("account", "account_id", &[
            ("login_index", Bytes), ("login", Bytes), ("made_at", Instant),
        ]),
    ],
    AccountEvent = "account_event" [
        single("account_event", "account_event_id", &[
            ("account_id", Int), ("what", Text), ("body", Bytes), ("done_by", Int),
            ("happened_at", Instant),
        ]),
    ],
    Access = "access_log" [
        single("access_log", "access_log_id", &[
            ("account_id", Int), ("what", Text), ("result", Text), ("policy", Text),
            ("n_subjects", Int), ("purpose", Bytes), ("address", Bytes), ("happened_at", Instant),
        ]),
        Part {
            table: "access_subject", entry: "access_log_id", range: ("access_log_id", 0),
            order: &["child_id"], columns: &[],
        },
    ],
    ExportRequest = "export_request" [
        single("export_request", "export_id", &[
            ("account_id", Int), ("is_full", Int), ("needs_second", Int), ("n_children", Int),
            ("terms", Bytes), ("children", Bytes), ("asked_at", Instant),
        ]),
    ],
    ExportDecision = "export_decision" [
        single("export_decision", "export_id", &[
            ("what", Text), ("account_id", Int), ("reason", Bytes), ("decided_at", Instant),
        ]),
    ],
    ExportMade = "export_made" [
        single("export_made", "export_id", &[
            ("n_rows", Int), ("file_hash", Bytes), ("row_order", Bytes), ("made_at", Instant),
            ("ends_at", Instant),
        ]),
    ],
    ExportFetch = "export_fetch" [
        single("export_fetch", "export_fetch_id", &[
            ("export_id", Int), ("account_id", Int), ("address", Bytes), ("fetched_at", Instant),
        ]),
    ],
    SavedView = "saved_view" [
        single("saved_view", "saved_view_id", &[
            ("account_id", Int), ("is_shared", Int), ("body", Bytes), ("saved_at", Instant),
        ]),
    ],
    SavedViewEvent = "saved_view_event" [
        single("saved_view_event", "saved_view_event_id", &[
            ("saved_view_id", Int), ("what", Text), ("account_id", Int), ("happened_at", Instant),
        ]),
    ],
    CaseEvent = "case_event" [
        single("case_event", "case_event_id", &[
            ("case_id", Int), ("position", Int), ("child_id", Int), ("recorded_at", Instant),
            ("recorded_by", Bytes), ("body", Bytes),
        ]),
    ],
    Paper = "paper" [
        single("paper", "paper_id", &[
            ("series", Text), ("year", Int), ("number", Int), ("case_id", Int),
            ("paper_of_case", Int), ("code", Text), ("hash", Bytes), ("pdf", Bytes),
            ("issued_at", Instant),
        ]),
    ],
    CaseFile = "case_file" [
        single("case_file", "case_file_id", &[
            ("file_key", Text), ("case_id", Int), ("media", Text), ("hash", Bytes),
            ("bytes", Bytes), ("added_at", Instant), ("added_by", Bytes),
        ]),
    ],
    TipEvent = "tip_event" [
        single("tip_event", "tip_event_id", &[
            ("tip_id", Int), ("position", Int), ("recorded_at", Instant), ("recorded_by", Bytes),
            ("body", Bytes),
        ]),
    ],
    TipCopy = "tip_copy" [
        single("tip_copy", "tip_copy_id", &[
            ("tip_id", Int), ("fingerprint", Bytes), ("code_index", Bytes), ("channel", Bytes),
            ("informer", Bytes), ("received_at", Instant),
        ]),
    ],
    FindingEvent = "finding_event" [
        single("finding_event", "finding_event_id", &[
            ("finding_id", Int), ("position", Int), ("recorded_at", Instant),
            ("recorded_by", Bytes), ("body", Bytes),
        ]),
    ],
    Notice = "notice" [
        single("notice", "notice_id", &[
            ("notice_key", Text), ("account_id", Int), ("channel", Text), ("body", Bytes),
            ("made_at", Instant),
        ]),
    ],
    NoticeEvent = "notice_event" [
        single("notice_event", "notice_event_id", &[
            ("notice_id", Int), ("what", Text), ("note", Bytes), ("next_at", Instant),
            ("happened_at", Instant),
        ]),
    ],
    LetterEvent = "letter_event" [
        single("letter_event", "letter_event_id", &[
            ("letter_id", Int), ("position", Int), ("recorded_at", Instant),
            ("recorded_by", Bytes), ("body", Bytes),
        ]),
    ],
    LetterPaper = "letter_paper" [
        single("letter_paper", "letter_id", &[
            ("edge", Bytes), ("round", Int), ("series", Text), ("year", Int), ("number", Int),
            ("hash", Bytes), ("pdf", Bytes), ("drawn_at", Instant),
        ]),
    ],
    LetterScan = "letter_scan" [
        single("letter_scan", "letter_scan_id", &[
            ("letter_id", Int), ("file_key", Text), ("media", Text), ("hash", Bytes),
            ("bytes", Bytes), ("added_at", Instant), ("added_by", Bytes),
        ]),
    ],
}

/// Hashes of entries, and how many rows went into them by table.
#[derive(Default)]
pub(crate) struct Hashes {
    pub(super) hashes: BTreeMap<i64, Hash>,
    pub(super) n_rows: BTreeMap<&'static str, u64>,
}

impl Kind {
    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }

    /// The numbers of all entries.
    pub(super) async fn entries(self, db: &impl ConnectionTrait) -> Result<Vec<i64>, StoreError> {
        let Some(head) = self.parts().first() else { return Ok(Vec::new()) };
        let sql = format!("select {0} from {1} order by {0}", head.entry, head.table);
        let rows = query(db, &sql, Vec::new()).await?;
        rows.iter().map(|row| get(row, 0)).collect()
    }

    /// The hashes of the entries from `first` to `last`, as their rows are now.
    pub(super) async fn hashes(
        self,
        db: &impl ConnectionTrait,
        first: i64,
        last: i64,
    ) -> Result<Hashes, StoreError> {
        self.hashes_with(db, (first, last), &BTreeMap::new()).await
    }

    /// The same, where the hashes of some tables' rows are known already; that is for a range of one entry.
    pub(super) async fn hashes_with(
        self,
        db: &impl ConnectionTrait,
        (first, last): (i64, i64),
        known: &BTreeMap<&'static str, Hash>,
    ) -> Result<Hashes, StoreError> {
        let mut open: BTreeMap<i64, Sm3> = BTreeMap::new();
        let mut n_rows = BTreeMap::new();
        for (part, is_head) in
            self.parts().iter().zip(std::iter::once(true).chain(std::iter::repeat(false)))
        {
            if let Some(hash) = known.get(part.table) {
                for entry in open.values_mut() {
                    add_bytes(entry, b'p', hash);
                }
                continue;
            }
            let mut rows_of: BTreeMap<i64, Sm3> = BTreeMap::new();
            let mut pages = Pages { part, first, last, after: None };
            while let Some(rows) = pages.next(db).await? {
                for row in rows {
                    let entry: i64 = get(&row, 0)?;
                    if is_head {
                        open.insert(entry, begin(self.word(), entry));
                    }
                    if open.contains_key(&entry) {
                        part.add(&row, rows_of.entry(entry).or_default())?;
                        *n_rows.entry(part.table).or_default() += 1;
                    }
                }
            }
            for (entry, hasher) in &mut open {
                let hash = rows_of.remove(entry).unwrap_or_default().finalize();
                add_bytes(hasher, b'p', &hash);
            }
        }
        let hashes =
            open.into_iter().map(|(entry, hasher)| (entry, hasher.finalize().into())).collect();
        Ok(Hashes { hashes, n_rows })
    }

    /// An entry that has rows in one of its tables and no leaf, the lowest.
    pub(super) async fn without_leaf(
        self,
        db: &impl ConnectionTrait,
    ) -> Result<Option<i64>, StoreError> {
        let mut lowest: Option<i64> = None;
        for part in self.parts() {
            let sql = format!(
                "select min({0}) from {1} where not exists \
                 (select 1 from leaf where leaf.kind = ? and leaf.entry = {0})",
                part.entry, part.table
            );
            let found: Option<i64> = scalar(db, &sql, vec![self.word().into()]).await?.flatten();
            lowest = [lowest, found].into_iter().flatten().min();
        }
        Ok(lowest)
    }
}

fn begin(word: &str, entry: i64) -> Sm3 {
    let mut hasher = leaf_hasher();
    add_bytes(&mut hasher, b'k', word.as_bytes());
    hasher.update(entry.to_be_bytes());
    hasher
}

fn add_bytes(hasher: &mut Sm3, tag: u8, bytes: &[u8]) {
    hasher.update([tag]);
    hasher.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
    hasher.update(bytes);
}

/// The hash of an entry's rows in one table, made while they are appended, so that they need not be read again.
pub(crate) struct RowsHash {
    part: &'static Part,
    hasher: Sm3,
    last: Vec<i64>,
    /// Rows did not come in the order of their key: the hash is that of another order, and of no use.
    is_out_of_order: bool,
}

impl RowsHash {
    /// Of the rows of a kind's table; `None` when the kind has no such table.
    pub(crate) fn of(kind: Kind, table: &Table) -> Option<Self> {
        let part = kind.parts().iter().find(|part| part.table == table.name)?;
        Some(Self { part, hasher: Sm3::new(), last: Vec::new(), is_out_of_order: false })
    }

    /// Adds rows, given as their values one after the other as [`Table::append`] takes them.
    pub(crate) fn add(&mut self, table: &Table, values: &[Value]) -> Result<(), StoreError> {
        let n_before = usize::from(self.part.range.1 == 0);
        let n_order = self.part.order.len();
        for row in values.chunks_exact(table.columns.len()) {
            let row = row.get(n_before..).unwrap_or_default();
            let key: Vec<i64> = row.iter().take(n_order).filter_map(whole).collect();
            self.is_out_of_order |= key.len() < n_order || key <= self.last;
            self.last = key;
            let kinds = std::iter::repeat_n(Int, n_order)
                .chain(self.part.columns.iter().map(|(_, kind)| *kind));
            add_bytes(&mut self.hasher, b'r', self.part.table.as_bytes());
            for (value, kind) in row.iter().zip(kinds) {
                add_bound(value, kind, &mut self.hasher)?;
            }
        }
        Ok(())
    }

    /// The table and the hash of its rows, when they came in order.
    pub(crate) fn finish(self) -> Option<(&'static str, Hash)> {
        (!self.is_out_of_order).then(|| (self.part.table, self.hasher.finalize().into()))
    }
}

fn whole(value: &Value) -> Option<i64> {
    if let Value::BigInt(n) = value { *n } else { None }
}

/// A value as it is bound, in the form of [`Part::add`].
fn add_bound(value: &Value, kind: Type, hasher: &mut Sm3) -> Result<(), StoreError> {
    match (value, kind) {
        (Value::BigInt(Some(n)), Int) => add_bytes(hasher, b'i', &n.to_be_bytes()),
        (Value::String(Some(text)), Text) => add_bytes(hasher, b't', text.as_bytes()),
        (Value::Bytes(Some(bytes)), Bytes) => add_bytes(hasher, b'b', bytes),
        (Value::ChronoDate(Some(day)), Day) => {
            add_bytes(hasher, b'd', day.to_string().as_bytes());
        }
        (Value::BigInt(None), Int)
        | (Value::String(None), Text)
        | (Value::Bytes(None), Bytes)
        | (Value::ChronoDate(None), Day) => hasher.update(b"0"),
        // Instants are rounded by a database; tables with them are read again.
        _ => return Err(StoreError::Damaged("leaf.value")),
    }
    Ok(())
}

impl Part {
    /// Adds a row that was read by [`Pages`].
    fn add(&self, row: &QueryResult, hasher: &mut Sm3) -> Result<(), StoreError> {
        add_bytes(hasher, b'r', self.table.as_bytes());
        for at in 0..self.order.len() {
            add_value::<i64>(row, at + 1, hasher, |n, out| add_bytes(out, b'i', &n.to_be_bytes()))?;
        }
        let columns = self.columns.iter().zip(self.order.len() + 1..);
        for ((_, kind), at) in columns {
            match kind {
                Int => add_value::<i64>(row, at, hasher, |n, out| {
                    add_bytes(out, b'i', &n.to_be_bytes());
                })?,
                Text => add_value::<String>(row, at, hasher, |text, out| {
                    add_bytes(out, b't', text.as_bytes());
                })?,
                Bytes => add_value::<Vec<u8>>(row, at, hasher, |bytes, out| {
                    add_bytes(out, b'b', &bytes);
                })?,
                Day => add_value::<NaiveDate>(row, at, hasher, |day, out| {
                    add_bytes(out, b'd', day.to_string().as_bytes());
                })?,
                Instant => add_value::<DateTime<Utc>>(row, at, hasher, |instant, out| {
                    add_bytes(out, b's', &instant.timestamp().to_be_bytes());
                    add_bytes(out, b'n', &instant.timestamp_subsec_nanos().to_be_bytes());
                })?,
            }
        }
        Ok(())
    }
}

fn add_value<T: TryGetable>(
    row: &QueryResult,
    at: usize,
    hasher: &mut Sm3,
    add: impl FnOnce(T, &mut Sm3),
) -> Result<(), StoreError> {
    match get::<Option<T>>(row, at)? {
        Some(value) => add(value, hasher),
        None => hasher.update(b"0"),
    }
    Ok(())
}

/// Rows of a part for a range of entries, page by page in the order of entry and key.
struct Pages<'a> {
    part: &'a Part,
    first: i64,
    last: i64,
    /// Entry and key of the last row that was read.
    after: Option<Vec<i64>>,
}

impl Pages<'_> {
    async fn next(
        &mut self,
        db: &impl ConnectionTrait,
    ) -> Result<Option<Vec<QueryResult>>, StoreError> {
        if self.after.as_ref().is_some_and(Vec::is_empty) {
            return Ok(None);
        }
        let Part { table, entry, range: (column, bits), order, columns } = self.part;
        let above = |entry: i64| entry.checked_shl(*bits).unwrap_or(i64::MAX);
        let names = columns.iter().map(|(name, _)| *name);
        let selected: Vec<&str> =
            std::iter::once(*entry).chain(order.iter().copied()).chain(names).collect();
        // The entry of records is part of their key already.
        let key: Vec<&str> = if *bits == 0 {
            std::iter::once(*column).chain(order.iter().copied()).collect()
        } else {
            order.to_vec()
        };
        let mut values: Vec<Value> =
            vec![above(self.first).into(), above(self.last.saturating_add(1)).into()];
        let mut after = String::new();
        if let Some(last) = &self.after {
            after = format!("and ({}) > ({})", key.join(", "), crate::sql::marks(key.len()));
            values.extend(last.iter().map(|n| Value::from(*n)));
        }
        let sql = format!(
            "select {} from {table} where {column} >= ? and {column} < ? {after} \
             order by {} limit {PAGE}",
            selected.join(", "),
            key.join(", ")
        );
        let rows = query(db, &sql, values).await?;
        let is_last = i64::try_from(rows.len()).unwrap_or(PAGE) < PAGE;
        let keys_from = usize::from(*bits != 0);
        self.after = match rows.last() {
            Some(row) if !is_last => {
                let ends = (keys_from..keys_from + key.len()).map(|at| get(row, at));
                Some(ends.collect::<Result<_, _>>()?)
            }
            Some(_) | None => Some(Vec::new()),
        };
        Ok(Some(rows))
    }
}
