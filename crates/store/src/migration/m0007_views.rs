//! Filters of the ledger that somebody keeps under a name.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::{append_only, run};

pub(super) struct Views;

impl MigrationName for Views {
    fn name(&self) -> &'static str {
        "m0007_views"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Views {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, VIEWS).await?;
        append_only(manager, "saved_view", &["saved_view_id"]).await?;
        append_only(manager, "saved_view_event", &["saved_view_event_id"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// A view is there until an event removes it. Name and filter are sealed: a filter may search for a child by name.
const VIEWS: &str = "\
create table saved_view (
    saved_view_id {int} not null,
    account_id {int} not null,
    is_shared {int} not null,
    body {bytes} not null,
    saved_at {instant} not null,
    constraint saved_view_pk primary key (saved_view_id),
    constraint saved_view_of_account foreign key (account_id) references account (account_id),
    constraint saved_view_is_shared_or_not check (is_shared in (0, 1))
){plain}

create index saved_view_by_account on saved_view (account_id, saved_view_id)

create table saved_view_event (
    saved_view_event_id {int} not null,
    saved_view_id {int} not null,
    what text not null,
    account_id {int} not null,
    happened_at {instant} not null,
    constraint saved_view_event_pk primary key (saved_view_event_id),
    constraint saved_view_event_of_view foreign key (saved_view_id)
        references saved_view (saved_view_id),
    constraint saved_view_event_by_account foreign key (account_id) references account (account_id),
    constraint saved_view_event_what check (what in ('removed'))
){plain}

create index saved_view_event_by_view on saved_view_event (saved_view_id)
";
