//! Tamper evidence (T-51): every append of a protected kind is a leaf of one Merkle tree in the shape of RFC 6962, with
//! SM3. The leaf is a hash of the rows as they are stored, sealed values and all, so that checking needs no key but shows
//! any change made past the program.

mod check;
mod kind;
mod merkle;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, QueryResult, Value};

use crate::{
    Sealer, Store, StoreError,
    sql::{Table, begin_write, get, next_id, query, scalar},
};

pub use check::{Fault, TreeCheck};
pub(crate) use kind::{Kind, RowsHash};
pub use merkle::{Consistency, Hash, consistency, is_consistent, root};

/// A head of the tree: what it was when it had so many leaves, signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeHead {
    /// Number of leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// When it was signed.
    pub signed_at: DateTime<Utc>,
    /// Which key signed.
    pub key_id: String,
    /// The signature.
    pub signature: Vec<u8>,
}

const LEAF: Table = Table { name: "leaf", columns: &["leaf_no", "kind", "entry", "hash", "chain"] };
const TREE_HEAD: Table = Table {
    name: "tree_head",
    columns: &["tree_head_id", "size", "root", "signed_at", "key_id", "signature"],
};

/// Appends the leaves of entries that the transaction has appended. Others are not touched: a row that came in past the
/// program stays without a leaf, and is found by that.
pub(crate) async fn grow(
    tx: &DatabaseTransaction,
    sealer: &Sealer,
    entries: &[(Kind, Vec<i64>)],
) -> Result<(), StoreError> {
    let mut all = Vec::new();
    for (kind, new) in entries {
        let (Some(first), Some(last)) = (new.iter().min(), new.iter().max()) else { continue };
        let hashes = kind.hashes(tx, *first, *last).await?.hashes;
        for entry in new {
            let hash = hashes.get(entry).ok_or(StoreError::Damaged("leaf.entry"))?;
            all.push((*kind, *entry, *hash));
        }
    }
    append_leaves(tx, sealer, all).await
}

/// Appends the leaf of one large entry, most of whose rows were hashed while they were appended.
pub(crate) async fn grow_by(
    tx: &DatabaseTransaction,
    sealer: &Sealer,
    (kind, entry): (Kind, i64),
    rows: Vec<RowsHash>,
) -> Result<(), StoreError> {
    let known = rows.into_iter().filter_map(RowsHash::finish).collect();
    let hashes = kind.hashes_with(tx, (entry, entry), &known).await?.hashes;
    let hash = hashes.get(&entry).ok_or(StoreError::Damaged("leaf.entry"))?;
    append_leaves(tx, sealer, vec![(kind, entry, *hash)]).await
}

async fn append_leaves(
    tx: &DatabaseTransaction,
    sealer: &Sealer,
    leaves: Vec<(Kind, i64, Hash)>,
) -> Result<(), StoreError> {
    let sql = "select leaf_no, chain from leaf order by leaf_no desc limit 1";
    let rows = query(tx, sql, Vec::new()).await?;
    let (mut no, mut chain) = match rows.first() {
        Some(row) => (get::<i64>(row, 0)?, get::<Vec<u8>>(row, 1)?),
        None => (0, Vec::new()),
    };
    let mut values: Vec<Value> = Vec::new();
    for (kind, entry, hash) in leaves {
        no += 1;
        chain = sealer.chain(&chain, &hash);
        let hash = hash.to_vec();
        values.extend([
            no.into(),
            kind.word().into(),
            entry.into(),
            hash.into(),
            chain.clone().into(),
        ]);
    }
    Ok(LEAF.append(tx, values).await?)
}

/// Gives leaves to all that was appended before there was a tree.
pub(crate) async fn plant(tx: &DatabaseTransaction, sealer: &Sealer) -> Result<(), StoreError> {
    for kind in Kind::ALL {
        let entries = kind.entries(tx).await?;
        for part in entries.chunks(1000) {
            // A batch is large: its rows are read for itself.
            grow(tx, sealer, &[(*kind, part.to_vec())]).await?;
        }
    }
    Ok(())
}

impl Store {
    /// How many leaves there are.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn tree_size(&self) -> Result<u64, StoreError> {
        let n: i64 =
            scalar(&self.reader, "select count(*) from leaf", Vec::new()).await?.unwrap_or(0);
        u64::try_from(n).map_err(|_| StoreError::Damaged("leaf.leaf_no"))
    }

    /// The hashes of all leaves in their order.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when one is not a hash.
    pub async fn leaf_hashes(&self) -> Result<Vec<Hash>, StoreError> {
        let rows =
            query(&self.reader, "select hash from leaf order by leaf_no", Vec::new()).await?;
        rows.iter().map(|row| hash_of(get(row, 0)?, "leaf.hash")).collect()
    }

    /// Appends a head.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn append_head_of_tree(&self, head: &TreeHead) -> Result<(), StoreError> {
        let tx = begin_write(&self.writer).await?;
        let id = next_id(&tx, "select max(tree_head_id) from tree_head").await?;
        let size = i64::try_from(head.size).map_err(|_| StoreError::Damaged("tree_head.size"))?;
        let values = vec![
            id.into(),
            size.into(),
            head.root.to_vec().into(),
            head.signed_at.into(),
            head.key_id.clone().into(),
            head.signature.clone().into(),
        ];
        TREE_HEAD.append(&tx, values).await?;
        tx.commit().await?;
        Ok(())
    }

    /// All heads with their numbers, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub async fn tree_heads(&self) -> Result<BTreeMap<i64, TreeHead>, StoreError> {
        let sql = "\
            select tree_head_id, size, root, signed_at, key_id, signature
            from tree_head order by tree_head_id";
        let rows = query(&self.reader, sql, Vec::new()).await?;
        rows.iter().map(|row| Ok((get(row, 0)?, tree_head(row)?))).collect()
    }
}

fn tree_head(row: &QueryResult) -> Result<TreeHead, StoreError> {
    Ok(TreeHead {
        size: crate::sql::number(row, 1, "tree_head.size")?,
        root: hash_of(get(row, 2)?, "tree_head.root")?,
        signed_at: get(row, 3)?,
        key_id: get(row, 4)?,
        signature: get(row, 5)?,
    })
}

fn hash_of(bytes: Vec<u8>, place: &'static str) -> Result<Hash, StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged(place))
}
