//! Answers of writes that came with an idempotency key.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::run;

pub(super) struct Idempotency;

impl MigrationName for Idempotency {
    fn name(&self) -> &'static str {
        "m0008_idempotency"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Idempotency {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, KEPT_ANSWER).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Of the key and of the request only keyed hashes are kept. Without a status the write was begun and its answer is not
/// known: it is never begun a second time. Rows go when their time is over.
const KEPT_ANSWER: &str = "\
create table kept_answer (
    key_index {bytes} not null,
    account_id {int} not null,
    request {bytes} not null,
    status {int},
    body {bytes},
    ends_at {instant} not null,
    constraint kept_answer_pk primary key (key_index),
    constraint kept_answer_of_account foreign key (account_id) references account (account_id),
    constraint kept_answer_whole check ((status is null) = (body is null))
){plain}
";
