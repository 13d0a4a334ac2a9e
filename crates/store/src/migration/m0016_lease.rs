//! Leases: which program does a piece of work that one at a time does.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::run;

pub(super) struct Lease;

impl MigrationName for Lease {
    fn name(&self) -> &'static str {
        "m0016_lease"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Lease {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, LEASE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// One row for each piece of work that somebody does now. The holder is a random word.
const LEASE: &str = "\
create table lease (
    lease_name text not null,
    holder text not null,
    ends_at {instant} not null,
    constraint lease_pk primary key (lease_name)
){plain}
";
