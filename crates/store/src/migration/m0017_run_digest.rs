//! Digests of what the newest run derived.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::{never_edited, run};

pub(super) struct RunDigest;

impl MigrationName for RunDigest {
    fn name(&self) -> &'static str {
        "m0017_run_digest"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for RunDigest {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, RUN_DIGEST).await?;
        never_edited(manager, "run_digest").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// One sealed row, of the newest run: by it the next one knows which rows of children it need not write again.
const RUN_DIGEST: &str = "\
create table run_digest (
    run_id {int} not null,
    body {bytes} not null,
    constraint run_digest_pk primary key (run_id),
    constraint run_digest_of_run foreign key (run_id) references run (run_id)
){plain}
";
