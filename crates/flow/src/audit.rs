//! Signed heads of the tree of all that was appended, and checking against them (T-51).
//!
//! A head says what the tree was when it had so many leaves. Kept where the database's administrator cannot reach it (the
//! city's bureau, the mailbox of the inspection, print), it shows later that nothing under it was changed or taken away.

mod head;
mod signer;

use std::path::Path;

use baoxue_store::{Fault, Store, StoreError, TreeHead, consistency, is_consistent, root};
use chrono::{DateTime, Utc};

pub use head::{HeadError, read_head, write_head};
pub use signer::{Signer, SignerError, Sm2Signer, Sm2Verifier, Verifier};

use crate::FlowError;

/// What checking found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Leaves that were compared with their rows.
    pub leaves: u64,
    /// Heads in the database, all of them checked when there is no fault.
    pub heads: u64,
    /// What is wrong first.
    pub fault: Option<AuditFault>,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditFault {
    /// A row or a leaf.
    #[error("{0}")]
    Tree(Fault),
    /// A head in the database is not signed by this county's key, or was changed.
    #[error("head {0} was changed or is not signed by the key of this county")]
    Signature(i64),
    /// A head in the database does not fit the leaves or the head before it.
    #[error("head {0} does not fit the leaves under it")]
    Head(i64),
    /// A head that was kept outside is not signed by the key.
    #[error("the head that was kept is not signed by the key of this county")]
    KeptSignature,
    /// The database has fewer leaves than a head that was kept: an older state was put back.
    #[error(
        "the head that was kept covers {kept} entries, the database has {found}: an older state was put back"
    )]
    RolledBack {
        /// Leaves under the head.
        kept: u64,
        /// Leaves in the database.
        found: u64,
    },
    /// The entries under a head that was kept are not those in the database.
    #[error("the entries under the head that was kept were changed")]
    KeptHead,
}

/// Signs a head over all leaves and appends it; when nothing was appended since the newest head, that one is given back.
/// Programs that serve do so hourly.
///
/// # Errors
/// [`FlowError::Audit`] when signing fails, [`FlowError::Store`].
pub async fn sign_head(
    store: &Store,
    signer: &dyn Signer,
    now: DateTime<Utc>,
) -> Result<TreeHead, FlowError> {
    let leaves = store.leaf_hashes().await?;
    let size = u64::try_from(leaves.len()).map_err(|_| StoreError::Damaged("leaf"))?;
    let newest = store.tree_heads().await?.into_values().next_back();
    if let Some(newest) =
        newest.filter(|newest| newest.size == size && newest.root == root(&leaves))
    {
        return Ok(newest);
    }
    // Whole seconds, so that the head reads the same in the database and in the file.
    let signed_at = DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now);
    let unsigned = TreeHead {
        size,
        root: root(&leaves),
        signed_at,
        key_id: signer.key_id(),
        signature: Vec::new(),
    };
    let signature = signer.sign(head::text(&unsigned).as_bytes())?;
    let head = TreeHead { signature, ..unsigned };
    store.append_head_of_tree(&head).await?;
    Ok(head)
}

/// Checks every row against its leaf, every head in the database against the leaves, and the heads that were kept.
///
/// # Errors
/// [`FlowError::Store`] when the database does not answer; what was tampered with is no error but a fault.
pub async fn verify(
    store: &Store,
    verifier: &dyn Verifier,
    kept: &[TreeHead],
) -> Result<Verified, FlowError> {
    let check = store.check_tree().await?;
    let found = store.tree_size().await?;
    let leaves = check.leaves;
    let mut fault = None;
    let heads = match store.tree_heads().await {
        Ok(heads) => heads,
        Err(StoreError::Damaged(_)) => {
            fault = Some(AuditFault::Signature(0));
            std::collections::BTreeMap::new()
        }
        Err(error) => return Err(error.into()),
    };
    let root_of = |size: u64| {
        let size = usize::try_from(size).ok()?;
        leaves.get(..size).map(root)
    };
    let mut size_before = 0;
    for ((id, head), expected) in heads.iter().zip(1..) {
        if fault.is_some() || check.fault.is_some() {
            break;
        }
        let is_signed = verifier.is_signed(head::text(head).as_bytes(), &head.signature);
        if *id != expected || !is_signed {
            fault = Some(AuditFault::Signature(expected));
        } else if root_of(head.size) != Some(head.root) || head.size < size_before {
            fault = Some(AuditFault::Head(*id));
        }
        size_before = head.size;
    }
    for head in kept {
        let is_signed = verifier.is_signed(head::text(head).as_bytes(), &head.signature);
        let kept_fault = if !is_signed {
            Some(AuditFault::KeptSignature)
        } else if head.size > found {
            Some(AuditFault::RolledBack { kept: head.size, found })
        } else if check.fault.is_none() && root_of(head.size) != Some(head.root) {
            Some(AuditFault::KeptHead)
        } else {
            None
        };
        fault = fault.or(kept_fault);
    }
    let heads = u64::try_from(heads.len()).unwrap_or_default();
    // A named row says more than a head that no longer fits.
    let fault = check.fault.map(AuditFault::Tree).or(fault);
    Ok(Verified { leaves: found, heads, fault })
}

/// The proof that the newest state only adds to an earlier head, for whoever has both heads and nothing else.
///
/// # Errors
/// [`FlowError::Store`].
pub async fn prove_consistency(
    store: &Store,
    (old, new): (&TreeHead, &TreeHead),
) -> Result<Option<Vec<baoxue_store::Hash>>, FlowError> {
    let leaves = store.leaf_hashes().await?;
    let sizes = (usize::try_from(old.size), usize::try_from(new.size));
    let (Ok(old), Ok(new)) = sizes else { return Ok(None) };
    Ok(leaves.get(..new).and_then(|leaves| consistency(leaves, old)))
}

/// Whether a proof of [`prove_consistency`] holds.
pub fn heads_agree(old: &TreeHead, new: &TreeHead, proof: &[baoxue_store::Hash]) -> bool {
    is_consistent((old.size, &old.root), (new.size, &new.root), proof)
}

/// Reads heads that were kept in files.
///
/// # Errors
/// [`FlowError::File`] when a file cannot be read, [`FlowError::Audit`] when it holds no head.
pub fn kept_head(path: &Path) -> Result<TreeHead, FlowError> {
    let text = std::fs::read_to_string(path).map_err(|error| FlowError::file(path, error))?;
    Ok(read_head(&text).map_err(SignerError::Head)?)
}
