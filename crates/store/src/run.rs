//! Runs and what they derive.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
};

use baoxue_claim::{ChildId, ClaimId, RecordId, VerdictCode};
use chrono::{DateTime, NaiveDate, Utc};
use rayon::prelude::*;
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};
use tokio::task::spawn_blocking;

use crate::{
    Class, Sealer, Store, StoreError, StoredEntry,
    body::Column,
    chunks::{CHUNK, Chunks, finished},
    entry::{ENTRY, RUN_NOTE, sealed as sealed_entry},
    sql::{Table, begin_write, execute, get, next_id, query},
    tree::{Kind, grow},
    unchanged::{Digest, Digests, RUN_DIGEST, Row, Rows, Standing, of_children, remove},
};

/// One pass of the pipeline with all it derived but the verdicts; replaces what the run before derived.
#[derive(Clone)]
pub struct NewRun {
    /// The day for which it speaks.
    pub as_of: NaiveDate,
    /// Version of the rule pack.
    pub rule_pack: String,
    /// Version of the linkage model.
    pub model: String,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// Digest of its inputs.
    pub input_digest: String,
    /// The child of each live record.
    pub children: Vec<(RecordId, ChildId)>,
    /// Pairs that a person must decide; kept sealed.
    pub reviews: Vec<serde_json::Value>,
    /// Contradictions; kept sealed.
    pub conflicts: Vec<StoredConflict>,
    /// What all children tell, as bytes; kept sealed.
    pub note: Vec<u8>,
}

/// The verdict about a child.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredVerdict {
    /// The child.
    pub child: ChildId,
    /// The code.
    pub code: VerdictCode,
    /// Rule id with version.
    pub rule: String,
    /// The claims used.
    pub claims: Vec<ClaimId>,
    /// The whole verdict in JSON; sealed in the store.
    pub body: Vec<u8>,
}

/// A contradiction about a child.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredConflict {
    /// The child.
    pub child: ChildId,
    /// The whole conflict in JSON; sealed in the store.
    pub body: Vec<u8>,
}

impl fmt::Debug for NewRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewRun({}, {} records)", self.as_of, self.children.len())
    }
}

impl fmt::Debug for StoredVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredVerdict({}, {}, {})", self.child, self.code, self.rule)
    }
}

impl fmt::Debug for StoredConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredConflict({})", self.child)
    }
}

/// The head of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSummary {
    /// Number, from 1.
    pub id: i64,
    /// The day for which it speaks.
    pub as_of: NaiveDate,
    /// Version of the rule pack.
    pub rule_pack: String,
    /// Version of the linkage model.
    pub model: String,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// Digest of its inputs.
    pub input_digest: String,
}

const RUN: Table = Table {
    name: "run",
    columns: &["run_id", "as_of", "rule_pack", "model", "started_at", "input_digest"],
};
pub(crate) const CHILD_RECORD: Table =
    Table { name: "child_record", columns: &["record_id", "child_id", "run_id"] };
pub(crate) const VERDICT: Table =
    Table { name: "verdict", columns: &["child_id", "run_id", "head", "body"] };
const REVIEW: Table = Table { name: "review", columns: &["review_no", "run_id", "body"] };
const CONFLICT: Table =
    Table { name: "conflict", columns: &["conflict_no", "run_id", "child_id", "body"] };

const VERDICT_HEAD: Column = Column::new("verdict.head", Class::Derived);
const VERDICT_BODY: Column = Column::new("verdict.body", Class::Derived);
const REVIEW_BODY: Column = Column::new("review.body", Class::Derived);
const CONFLICT_BODY: Column = Column::new("conflict.body", Class::Derived);

/// What a verdict says in short, as it is sealed.
type Head = (VerdictCode, String, Vec<ClaimId>);

impl Store {
    /// Replaces everything derived by what this run derived, in one transaction, and gives the run's number. The home of
    /// a record stays what it was first given. The row of a child that says what it said before stays, with the number of the
    /// run that wrote it.
    ///
    /// `verdicts` and `entries` give one for each child, and are asked for some at a time: with their bodies they are too many to be
    /// in memory beside what they were made from. An error among them leaves the store as it was.
    pub async fn save_run(
        &self,
        run: NewRun,
        verdicts: impl IntoIterator<Item = Result<StoredVerdict, StoreError>>,
        entries: impl IntoIterator<Item = Result<StoredEntry, StoreError>>,
    ) -> Result<i64, StoreError> {
        let tx = begin_write(&self.writer).await?;
        let id = next_id(&tx, "select max(run_id) from run").await?;
        let before = Standing::read(&tx, &self.sealer).await?;
        for derived in [REVIEW, CONFLICT, RUN_NOTE, RUN_DIGEST] {
            clear(&tx, derived).await?;
        }
        let head = vec![
            id.into(),
            run.as_of.into(),
            run.rule_pack.into(),
            run.model.into(),
            run.started_at.into(),
            run.input_digest.into(),
        ];
        RUN.append(&tx, head).await?;
        grow(&tx, &self.sealer, &[(Kind::Run, vec![id])]).await?;
        let children = of_children(&run.children);
        let is_known = before.digests.children == children
            && usize::try_from(before.n_records) == Ok(run.children.len());
        if !is_known {
            save_children(&tx, id, &run.children).await?;
        }
        let known = (before.digests.verdicts, before.verdicts);
        let verdicts = self.save_rows((&tx, VERDICT, id), known, verdicts, sealed_verdict).await?;
        let known = (before.digests.entries, before.entries);
        let entries = self.save_rows((&tx, ENTRY, id), known, entries, sealed_entry).await?;
        let digests = Digests { children, verdicts, entries };
        digests.save((&tx, &self.sealer), id).await?;
        self.save_note(&tx, id, &run.note).await?;
        self.save_reviews(&tx, id, run.reviews).await?;
        self.save_conflicts(&tx, id, run.conflicts).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Brings the rows of a table to what `items` say; gives the digest of each.
    async fn save_rows<T: Row + Send + 'static>(
        &self,
        (tx, table, run): (&DatabaseTransaction, Table, i64),
        (known, there): (Rows, HashSet<i64>),
        items: impl IntoIterator<Item = Result<T, StoreError>>,
        seal: fn(&Sealer, i64, &T) -> Result<Vec<Value>, StoreError>,
    ) -> Result<Rows, StoreError> {
        if known.is_empty() {
            clear(tx, table).await?;
        }
        let mut gone = if known.is_empty() { HashSet::new() } else { there.clone() };
        let sealer = Arc::clone(&self.sealer);
        let stays = move |child: &i64, digest: &Digest| {
            known.get(child) == Some(digest) && there.contains(child)
        };
        let mut chunks = Chunks::new(items, move |items: Vec<Result<T, StoreError>>| {
            let row = |item: Result<T, StoreError>| {
                let item = item?;
                let (child, digest) = (item.child().0, item.digest());
                let values =
                    if stays(&child, &digest) { None } else { Some(seal(&sealer, run, &item)?) };
                Ok((child, digest, values))
            };
            items.into_par_iter().map(row).collect::<Result<Vec<_>, StoreError>>()
        });
        let mut digests = Rows::new();
        while let Some(rows) = chunks.next().await? {
            let (mut old, mut new) = (Vec::new(), Vec::new());
            for (child, digest, values) in rows {
                digests.insert(child, digest);
                let was_there = gone.remove(&child);
                if let Some(values) = values {
                    new.extend(values);
                    old.extend(was_there.then_some(child));
                }
            }
            remove(tx, table, &old).await?;
            table.append(tx, new).await?;
        }
        remove(tx, table, &gone.into_iter().collect::<Vec<_>>()).await?;
        Ok(digests)
    }

    async fn save_reviews(
        &self,
        tx: &DatabaseTransaction,
        run: i64,
        reviews: Vec<serde_json::Value>,
    ) -> Result<(), StoreError> {
        let sealer = Arc::clone(&self.sealer);
        let numbered = (1i64..).zip(reviews);
        self.append_sealed(tx, REVIEW, numbered, move |(no, body): (i64, serde_json::Value)| {
            let body = sealer.seal_json(REVIEW_BODY, (no, run), &body)?;
            Ok(vec![no.into(), run.into(), body.into()])
        })
        .await
    }

    async fn save_conflicts(
        &self,
        tx: &DatabaseTransaction,
        run: i64,
        conflicts: Vec<StoredConflict>,
    ) -> Result<(), StoreError> {
        let sealer = Arc::clone(&self.sealer);
        let numbered = (1i64..).zip(conflicts);
        self.append_sealed(tx, CONFLICT, numbered, move |(no, conflict): (i64, StoredConflict)| {
            let body = sealer.seal_bytes(CONFLICT_BODY, (no, run), &conflict.body)?;
            Ok(vec![no.into(), run.into(), conflict.child.0.into(), body.into()])
        })
        .await
    }

    /// Appends a row of `table` for each item, sealed on all cores.
    pub(crate) async fn append_sealed<T: Send + 'static>(
        &self,
        tx: &DatabaseTransaction,
        table: Table,
        items: impl IntoIterator<Item = T>,
        seal: impl Fn(T) -> Result<Vec<Value>, StoreError> + Send + Sync + 'static,
    ) -> Result<(), StoreError> {
        let mut chunks = Chunks::new(items, move |items: Vec<T>| {
            let rows: Vec<Vec<Value>> =
                items.into_par_iter().map(&seal).collect::<Result<_, _>>()?;
            Ok(rows.concat())
        });
        while let Some(values) = chunks.next().await? {
            table.append(tx, values).await?;
        }
        Ok(())
    }

    /// The newest run.
    pub async fn latest_run(&self) -> Result<Option<RunSummary>, StoreError> {
        let sql = "\
            select run_id, as_of, rule_pack, model, started_at, input_digest
            from run
            order by run_id desc
            limit 1";
        let rows = query(&self.reader, sql, Vec::new()).await?;
        rows.first()
            .map(|row| {
                Ok(RunSummary {
                    id: get(row, 0)?,
                    as_of: get(row, 1)?,
                    rule_pack: get(row, 2)?,
                    model: get(row, 3)?,
                    started_at: get(row, 4)?,
                    input_digest: get(row, 5)?,
                })
            })
            .transpose()
    }

    /// The child of each record by the newest run, in the order of records.
    pub async fn children(&self) -> Result<Vec<(RecordId, ChildId)>, StoreError> {
        pairs(&self.reader, "select record_id, child_id from child_record order by record_id").await
    }

    /// The verdicts of the newest run, in the order of children.
    pub async fn verdicts(&self) -> Result<Vec<StoredVerdict>, StoreError> {
        let sql = "select child_id, run_id, head, body from verdict order by child_id";
        self.opened(sql, opened_verdict).await
    }

    /// The conflicts of the newest run, in the order given.
    pub async fn conflicts(&self) -> Result<Vec<StoredConflict>, StoreError> {
        let sql = "select conflict_no, run_id, child_id, body from conflict order by conflict_no";
        self.opened(sql, |sealer, row| {
            let at = (get(row, 0)?, get(row, 1)?);
            let body = sealer.open_bytes(CONFLICT_BODY, at, &get::<Vec<u8>>(row, 3)?)?;
            Ok(StoredConflict { child: ChildId(get(row, 2)?), body })
        })
        .await
    }

    /// The reviews of the newest run, in the order given.
    pub async fn reviews(&self) -> Result<Vec<serde_json::Value>, StoreError> {
        let sql = "select review_no, run_id, body from review order by review_no";
        self.opened(sql, |sealer, row| {
            let at = (get(row, 0)?, get(row, 1)?);
            sealer.open_json(REVIEW_BODY, at, &get::<Vec<u8>>(row, 2)?)
        })
        .await
    }

    /// The rows of a query, opened on all cores.
    pub(crate) async fn opened<T: Send + 'static>(
        &self,
        sql: &str,
        open: fn(&Sealer, &QueryResult) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = query(&self.reader, sql, Vec::new()).await?;
        let sealer = Arc::clone(&self.sealer);
        let opening = move || rows.par_iter().map(|row| open(&sealer, row)).collect();
        finished(spawn_blocking(opening)).await
    }

    /// The child id that each record was first given.
    pub async fn homes(&self) -> Result<HashMap<RecordId, ChildId>, StoreError> {
        let sql = "select record_id, child_id from home order by record_id";
        Ok(pairs(&self.reader, sql).await?.into_iter().collect())
    }
}

pub(crate) async fn clear(tx: &DatabaseTransaction, table: Table) -> Result<(), StoreError> {
    execute(tx, &format!("delete from {}", table.name), Vec::new()).await?;
    Ok(())
}

fn sealed_verdict(
    sealer: &Sealer,
    run: i64,
    verdict: &StoredVerdict,
) -> Result<Vec<Value>, StoreError> {
    let (child, at) = (verdict.child.0, (verdict.child.0, run));
    let head: Head = (verdict.code, verdict.rule.clone(), verdict.claims.clone());
    Ok(vec![
        child.into(),
        run.into(),
        sealer.seal_json(VERDICT_HEAD, at, &head)?.into(),
        sealer.seal_bytes(VERDICT_BODY, at, &verdict.body)?.into(),
    ])
}

pub(crate) fn opened_verdict(
    sealer: &Sealer,
    row: &QueryResult,
) -> Result<StoredVerdict, StoreError> {
    let (child, run) = (get(row, 0)?, get(row, 1)?);
    let head: Vec<u8> = get(row, 2)?;
    let (code, rule, claims): Head = sealer.open_json(VERDICT_HEAD, (child, run), &head)?;
    let body = sealer.open_bytes(VERDICT_BODY, (child, run), &get::<Vec<u8>>(row, 3)?)?;
    Ok(StoredVerdict { child: ChildId(child), code, rule, claims, body })
}

async fn save_children(
    tx: &DatabaseTransaction,
    run: i64,
    children: &[(RecordId, ChildId)],
) -> Result<(), StoreError> {
    clear(tx, CHILD_RECORD).await?;
    for part in children.chunks(CHUNK) {
        let values = part
            .iter()
            .flat_map(|(record, child)| [record.0.into(), child.0.into(), run.into()])
            .collect();
        CHILD_RECORD.append(tx, values).await?;
    }
    let sql = "\
        insert into home (record_id, child_id)
        select c.record_id, c.child_id
        from child_record c
        where not exists (select 1 from home h where h.record_id = c.record_id)
        order by c.record_id";
    execute(tx, sql, Vec::new()).await?;
    Ok(())
}

async fn pairs(
    db: &impl ConnectionTrait,
    sql: &str,
) -> Result<Vec<(RecordId, ChildId)>, StoreError> {
    let rows = query(db, sql, Vec::new()).await?;
    rows.iter().map(|row| Ok((RecordId(get(row, 0)?), ChildId(get(row, 1)?)))).collect()
}
