//! Leaves against rows.

use std::{collections::BTreeMap, fmt};

use sea_orm::{ConnectionTrait, QueryResult};

use super::{Hash, Kind, kind::Hashes};
use crate::{
    Sealer, Store, StoreError,
    sql::{begin_read, get, query, scalar},
};

/// Leaves compared at a time.
const PAGE: i64 = 1000;

/// What was found wrong first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A leaf is missing, doubled or out of its order.
    Gap {
        /// The number that should stand there.
        leaf: u64,
    },
    /// The stored rows of an entry are not those that were appended.
    Changed {
        /// Kind of the entry: its table.
        kind: String,
        /// Number of the entry.
        entry: i64,
    },
    /// An entry that was appended is gone.
    Gone {
        /// Kind of the entry.
        kind: String,
        /// Number of the entry.
        entry: i64,
    },
    /// An entry came in past the program.
    Foreign {
        /// Kind of the entry.
        kind: String,
        /// Number of the entry.
        entry: i64,
    },
    /// A leaf was changed after it was made.
    Leaf {
        /// Its number.
        leaf: u64,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap { leaf } => write!(f, "leaf {leaf} is missing or out of order"),
            Self::Changed { kind, entry } => write!(f, "{kind} {entry} was changed"),
            Self::Gone { kind, entry } => write!(f, "{kind} {entry} was deleted"),
            Self::Foreign { kind, entry } => write!(f, "{kind} {entry} was put in from outside"),
            Self::Leaf { leaf } => write!(f, "leaf {leaf} was changed"),
        }
    }
}

/// The state of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeCheck {
    /// The hashes of the leaves, up to the first fault.
    pub leaves: Vec<Hash>,
    /// What is wrong first, in the order of the leaves; what came in from outside last.
    pub fault: Option<Fault>,
}

struct Leaf {
    no: i64,
    kind: String,
    entry: i64,
    hash: Vec<u8>,
    chain: Vec<u8>,
}

impl Store {
    /// Compares every leaf with the rows it stands for, and every row with its leaf.
    ///
    /// # Errors
    /// [`StoreError::Database`]; rows that cannot be read are a fault, not an error.
    pub async fn check_tree(&self) -> Result<TreeCheck, StoreError> {
        let tx = begin_read(&self.reader).await?;
        let mut checking = Checking::new(&self.sealer);
        let mut fault = None;
        loop {
            let page = leaves(&tx, checking.no).await?;
            if page.is_empty() || fault.is_some() {
                break;
            }
            fault = checking.page(&tx, &page).await?;
        }
        if fault.is_none() {
            fault = foreign(&tx, &checking.n_rows).await?;
        }
        Ok(TreeCheck { leaves: checking.hashes, fault })
    }
}

async fn leaves(db: &impl ConnectionTrait, after: i64) -> Result<Vec<Leaf>, StoreError> {
    let sql = format!(
        "select leaf_no, kind, entry, hash, chain from leaf where leaf_no > ? \
         order by leaf_no limit {PAGE}"
    );
    let rows = query(db, &sql, vec![after.into()]).await?;
    let leaf = |row: &QueryResult| {
        Ok(Leaf {
            no: get(row, 0)?,
            kind: get(row, 1)?,
            entry: get(row, 2)?,
            hash: get(row, 3)?,
            chain: get(row, 4)?,
        })
    };
    rows.iter().map(leaf).collect()
}

/// How far the comparison is.
struct Checking<'s> {
    sealer: &'s Sealer,
    no: i64,
    chain: Vec<u8>,
    hashes: Vec<Hash>,
    n_rows: BTreeMap<&'static str, u64>,
}

impl<'s> Checking<'s> {
    fn new(sealer: &'s Sealer) -> Self {
        Self { sealer, no: 0, chain: Vec::new(), hashes: Vec::new(), n_rows: BTreeMap::new() }
    }

    /// Compares some leaves that follow one another; gives the first fault.
    async fn page(
        &mut self,
        db: &impl ConnectionTrait,
        page: &[Leaf],
    ) -> Result<Option<Fault>, StoreError> {
        let mut found: BTreeMap<Kind, Hashes> = BTreeMap::new();
        for kind in Kind::ALL {
            let entries =
                page.iter().filter(|leaf| leaf.kind == kind.word()).map(|leaf| leaf.entry);
            if let (Some(first), Some(last)) = (entries.clone().min(), entries.max()) {
                // What cannot be read any more has no hash, and so is a change.
                let hashes = self.read(db, *kind, (first, last), page).await;
                found.insert(*kind, hashes);
            }
        }
        for leaf in page {
            self.no += 1;
            if let Some(fault) = self.leaf(leaf, &found) {
                return Ok(Some(fault));
            }
        }
        for hashes in found.values() {
            for (table, n) in &hashes.n_rows {
                *self.n_rows.entry(table).or_default() += n;
            }
        }
        Ok(None)
    }

    /// The hashes of a range of entries; when one of them cannot be read, each for itself.
    async fn read(
        &self,
        db: &impl ConnectionTrait,
        kind: Kind,
        (first, last): (i64, i64),
        page: &[Leaf],
    ) -> Hashes {
        if let Ok(hashes) = kind.hashes(db, first, last).await {
            return hashes;
        }
        let mut all = Hashes::default();
        for leaf in page.iter().filter(|leaf| leaf.kind == kind.word()) {
            if let Ok(one) = kind.hashes(db, leaf.entry, leaf.entry).await {
                all.hashes.extend(one.hashes);
            } else {
                all.hashes.insert(leaf.entry, UNREADABLE);
            }
        }
        all
    }

    fn leaf(&mut self, leaf: &Leaf, found: &BTreeMap<Kind, Hashes>) -> Option<Fault> {
        let number = u64::try_from(self.no).unwrap_or_default();
        if leaf.no != self.no {
            return Some(Fault::Gap { leaf: number });
        }
        let chain = self.sealer.chain(&self.chain, &leaf.hash);
        let Ok(hash) = Hash::try_from(leaf.hash.as_slice()) else {
            return Some(Fault::Leaf { leaf: number });
        };
        if chain != leaf.chain {
            return Some(Fault::Leaf { leaf: number });
        }
        self.chain = chain;
        let (kind, entry) = (leaf.kind.clone(), leaf.entry);
        let hashes = Kind::from_word(&leaf.kind).and_then(|kind| found.get(&kind));
        match hashes.and_then(|hashes| hashes.hashes.get(&entry)) {
            None => return Some(Fault::Gone { kind, entry }),
            Some(now) if *now != hash => return Some(Fault::Changed { kind, entry }),
            Some(_) => self.hashes.push(hash),
        }
        None
    }
}

/// No hash of rows: that of rows that cannot be read.
const UNREADABLE: Hash = [0; 32];

/// An entry that has no leaf, or rows that belong to no entry.
async fn foreign(
    db: &impl ConnectionTrait,
    n_rows: &BTreeMap<&'static str, u64>,
) -> Result<Option<Fault>, StoreError> {
    for kind in Kind::ALL {
        let word = || kind.word().to_owned();
        if let Some(entry) = kind.without_leaf(db).await? {
            return Ok(Some(Fault::Foreign { kind: word(), entry }));
        }
        for part in kind.parts() {
            let sql = format!("select count(*) from {}", part.table);
            let n: i64 = scalar(db, &sql, Vec::new()).await?.unwrap_or_default();
            let seen = n_rows.get(part.table).copied().unwrap_or_default();
            if u64::try_from(n).ok() != Some(seen) {
                return Ok(Some(Fault::Foreign { kind: part.table.to_owned(), entry: 0 }));
            }
        }
    }
    Ok(None)
}
