//! Notices: who is told what by which channel, and what became of it.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::{append_only, run};

pub(super) struct Notices;

impl MigrationName for Notices {
    fn name(&self) -> &'static str {
        "m0014_notices"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Notices {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, NOTICES).await?;
        append_only(manager, "notice", &["notice_id"]).await?;
        append_only(manager, "notice_event", &["notice_event_id"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// A key is taken once, so that nobody is told the same thing twice. A robot's notice has no account.
const NOTICES: &str = "\
create table notice (
    notice_id {int} not null,
    notice_key text not null,
    account_id {int},
    channel text not null,
    body {bytes} not null,
    made_at {instant} not null,
    constraint notice_pk primary key (notice_id),
    constraint notice_key_is_one unique (notice_key)
){plain}

create index notice_by_account on notice (account_id, channel, notice_id)

create index notice_by_channel on notice (channel, notice_id)

create table notice_event (
    notice_event_id {int} not null,
    notice_id {int} not null,
    what text not null,
    note {bytes} not null,
    next_at {instant},
    happened_at {instant} not null,
    constraint notice_event_pk primary key (notice_event_id)
){plain}

create index notice_event_by_notice on notice_event (notice_id, notice_event_id)
";
