//! The keys that seal values, each wrapped under a key of the key file.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::run;

pub(super) struct DataKeys;

impl MigrationName for DataKeys {
    fn name(&self) -> &'static str {
        "m0009_data_keys"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for DataKeys {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DATA_KEY).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Rows are written over, not appended: what an old key of the key file could open must not stay.
const DATA_KEY: &str = "\
create table data_key (
    data_key_id {int} not null,
    wrapped {bytes} not null,
    constraint data_key_pk primary key (data_key_id)
){plain}
";
