//! The log that gives changes away: a leaf for every append, and signed heads over them.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::{append_only, run};

pub(super) struct Tree;

/// The name of the step: what was appended before it gets its leaves when it is taken.
pub(super) const NAME: &str = "m0005_tree";

impl MigrationName for Tree {
    fn name(&self) -> &'static str {
        NAME
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Tree {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TREE).await?;
        append_only(manager, "leaf", &["leaf_no"]).await?;
        append_only(manager, "tree_head", &["tree_head_id"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// `hash` is the leaf of RFC 6962 over the stored rows of an entry, `chain` a keyed hash of all leaves up to it, so that
/// whoever changes leaves after the newest head needs the key file as well.
const TREE: &str = "\
create table leaf (
    leaf_no {int} not null,
    kind text not null,
    entry {int} not null,
    hash {bytes} not null,
    chain {bytes} not null,
    constraint leaf_pk primary key (leaf_no),
    constraint leaf_of_entry_once unique (kind, entry)
){plain}

create table tree_head (
    tree_head_id {int} not null,
    size {int} not null,
    root {bytes} not null,
    signed_at {instant} not null,
    key_id text not null,
    signature {bytes} not null,
    constraint tree_head_pk primary key (tree_head_id)
){plain}
";
