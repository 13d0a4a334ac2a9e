//! What the newest run derived, as digests: a run that derives the same again leaves the rows that stand there, since most
//! children are today what they were yesterday.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use baoxue_claim::{ChildId, RecordId};
use rayon::prelude::*;
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};
use sm3::{Digest as _, Sm3};
use tokio::task::spawn_blocking;

use crate::{
    Class, Sealer, Store, StoreError, StoredEntry, StoredVerdict,
    body::Column,
    chunks::{CHUNK, finished},
    entry::{ENTRY, opened as opened_entry},
    run::{CHILD_RECORD, VERDICT, clear, opened_verdict},
    sql::{Table, begin_read, begin_write, execute, get, marks, query, scalar},
};

pub(crate) const RUN_DIGEST: Table = Table { name: "run_digest", columns: &["run_id", "body"] };
const BODY: Column = Column::new("run_digest.body", Class::Derived);

/// SM3 cut to 128 bits.
pub(crate) type Digest = [u8; 16];
/// Children in one statement.
const IN_STATEMENT: usize = 500;
/// A child with the digest of its row.
const ROW_BYTES: usize = 8 + size_of::<Digest>();

/// What a row of a child says, as a digest.
pub(crate) trait Row {
    fn child(&self) -> ChildId;
    fn digest(&self) -> Digest;
}

impl Row for StoredVerdict {
    fn child(&self) -> ChildId {
        self.child
    }

    fn digest(&self) -> Digest {
        let mut sm3 = Sm3::new();
        // Lengths keep the parts apart.
        for part in [self.code.code().as_bytes(), self.rule.as_bytes(), &self.body] {
            sm3.update(part.len().to_be_bytes());
            sm3.update(part);
        }
        for claim in &self.claims {
            sm3.update(claim.record.0.to_be_bytes());
            sm3.update([claim.position]);
        }
        cut(sm3)
    }
}

impl Row for StoredEntry {
    fn child(&self) -> ChildId {
        self.child
    }

    fn digest(&self) -> Digest {
        cut(Sm3::new_with_prefix(&self.body))
    }
}

/// The digest of which child each record belongs to.
pub(crate) fn of_children(children: &[(RecordId, ChildId)]) -> Digest {
    let mut sm3 = Sm3::new();
    for (record, child) in children {
        sm3.update(record.0.to_be_bytes());
        sm3.update(child.0.to_be_bytes());
    }
    cut(sm3)
}

fn cut(sm3: Sm3) -> Digest {
    let mut digest = Digest::default();
    digest.copy_from_slice(&sm3.finalize()[..size_of::<Digest>()]);
    digest
}

/// The rows of a table by child, each with its digest.
pub(crate) type Rows = HashMap<i64, Digest>;

/// The digests of all that a run derived for each child.
#[derive(Debug, Default)]
pub(crate) struct Digests {
    pub(crate) children: Digest,
    pub(crate) verdicts: Rows,
    pub(crate) entries: Rows,
}

impl Digests {
    /// Those of the newest run; empty when there is none, or an older program made it.
    async fn read(db: &impl ConnectionTrait, sealer: &Sealer) -> Result<Self, StoreError> {
        let sql = "select run_id, body from run_digest order by run_id desc limit 1";
        let rows = query(db, sql, Vec::new()).await?;
        let Some(row) = rows.first() else { return Ok(Self::default()) };
        let run: i64 = get(row, 0)?;
        let body = sealer.open_bytes(BODY, (run, 0), &get::<Vec<u8>>(row, 1)?)?;
        Self::from_bytes(&body).ok_or(StoreError::Damaged(BODY.place))
    }

    /// Keeps those of a run.
    pub(crate) async fn save(
        &self,
        (tx, sealer): (&DatabaseTransaction, &Sealer),
        run: i64,
    ) -> Result<(), StoreError> {
        let body = sealer.seal_bytes(BODY, (run, 0), &self.to_bytes())?;
        Ok(RUN_DIGEST.append(tx, vec![run.into(), body.into()]).await?)
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.children.to_vec();
        bytes.extend_from_slice(&(self.verdicts.len() as u64).to_be_bytes());
        for (child, digest) in self.verdicts.iter().chain(&self.entries) {
            bytes.extend_from_slice(&child.to_be_bytes());
            bytes.extend_from_slice(digest);
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (children, rest) = bytes.split_first_chunk()?;
        let (n_verdicts, rest) = rest.split_first_chunk()?;
        let n_verdicts = usize::try_from(u64::from_be_bytes(*n_verdicts)).ok()?;
        let (verdicts, entries) = rest.split_at_checked(n_verdicts.checked_mul(ROW_BYTES)?)?;
        Some(Self { children: *children, verdicts: rows(verdicts)?, entries: rows(entries)? })
    }
}

fn rows(bytes: &[u8]) -> Option<Rows> {
    let (pairs, rest) = bytes.as_chunks::<ROW_BYTES>();
    let row = |pair: &[u8; ROW_BYTES]| {
        let (child, digest) = pair.split_first_chunk()?;
        Some((i64::from_be_bytes(*child), digest.try_into().ok()?))
    };
    if rest.is_empty() { pairs.iter().map(row).collect() } else { None }
}

/// What of the run before still stands: a row that is gone, whoever took it, is written again.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    pub(crate) digests: Digests,
    /// Children with a row, whatever it says.
    pub(crate) verdicts: HashSet<i64>,
    pub(crate) entries: HashSet<i64>,
    /// Rows that say which child a record belongs to.
    pub(crate) n_records: u64,
}

impl Standing {
    pub(crate) async fn read(
        tx: &DatabaseTransaction,
        sealer: &Sealer,
    ) -> Result<Self, StoreError> {
        let sql = format!("select count(*) from {}", CHILD_RECORD.name);
        let n_records: Option<i64> = scalar(tx, &sql, Vec::new()).await?;
        Ok(Self {
            digests: Digests::read(tx, sealer).await?,
            verdicts: children_in(tx, VERDICT).await?,
            entries: children_in(tx, ENTRY).await?,
            n_records: n_records.and_then(|n| n.try_into().ok()).unwrap_or_default(),
        })
    }
}

async fn children_in(db: &impl ConnectionTrait, table: Table) -> Result<HashSet<i64>, StoreError> {
    let sql = format!("select child_id from {}", table.name);
    query(db, &sql, Vec::new()).await?.iter().map(|row| get(row, 0)).collect()
}

/// Takes the rows of children out of a table.
pub(crate) async fn remove(
    tx: &DatabaseTransaction,
    table: Table,
    children: &[i64],
) -> Result<(), StoreError> {
    for part in children.chunks(IN_STATEMENT) {
        let (among, name) = (marks(part.len()), table.name);
        let sql = format!("delete from {name} where child_id in ({among})");
        let values: Vec<Value> = part.iter().map(|child| (*child).into()).collect();
        execute(tx, &sql, values).await?;
    }
    Ok(())
}

impl Store {
    /// Makes the next run write every row anew, for when some were damaged or changed past the program.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn forget_run_digest(&self) -> Result<(), StoreError> {
        let tx = begin_write(&self.writer).await?;
        clear(&tx, RUN_DIGEST).await?;
        Ok(tx.commit().await?)
    }

    /// The children whose verdict or line is not what the newest run kept: changed, put back from before, put in from outside,
    /// or gone. In the order of children. Nothing is told of a run of an older program.
    ///
    /// # Errors
    /// [`StoreError::Database`]; a row that does not open is one of these.
    pub async fn derived_past_the_program(&self) -> Result<Vec<ChildId>, StoreError> {
        let tx = begin_read(&self.reader).await?;
        let kept = Digests::read(&tx, &self.sealer).await?;
        if kept.verdicts.is_empty() && kept.entries.is_empty() {
            return Ok(Vec::new());
        }
        let verdicts = self.found(&tx, VERDICT, opened_verdict).await?;
        let entries = self.found(&tx, ENTRY, opened_entry).await?;
        let mut bad: BTreeSet<i64> = BTreeSet::new();
        for (kept, found) in [(&kept.verdicts, verdicts), (&kept.entries, entries)] {
            let is_kept = |child: &i64, digest: &Digest| found.get(child) == Some(&Some(*digest));
            bad.extend(
                kept.iter().filter(|(child, digest)| !is_kept(child, digest)).map(|row| row.0),
            );
            bad.extend(found.keys().filter(|child| !kept.contains_key(child)));
        }
        Ok(bad.into_iter().map(ChildId).collect())
    }

    /// The digests of the rows of a table; `None` of one that does not open.
    async fn found<T: Row + 'static>(
        &self,
        tx: &DatabaseTransaction,
        table: Table,
        open: fn(&Sealer, &QueryResult) -> Result<T, StoreError>,
    ) -> Result<HashMap<i64, Option<Digest>>, StoreError> {
        let sql = format!(
            "select {} from {} where child_id > ? order by child_id limit {CHUNK}",
            table.columns.join(", "),
            table.name
        );
        let (mut found, mut last) = (HashMap::new(), i64::MIN);
        loop {
            let rows = query(tx, &sql, vec![last.into()]).await?;
            let is_end = rows.len() < CHUNK;
            let sealer = Arc::clone(&self.sealer);
            let digest = move |row: &QueryResult| {
                let digest = open(&sealer, row).ok().map(|row| row.digest());
                Ok((get(row, 0)?, digest))
            };
            let opening = move || rows.par_iter().map(digest).collect();
            let page: Vec<(i64, Option<Digest>)> = finished(spawn_blocking(opening)).await?;
            last = page.last().map_or(last, |(child, _)| *child);
            found.extend(page);
            if is_end {
                return Ok(found);
            }
        }
    }
}
