//! Exports: who asked for what, who decided, what was made and who fetched it.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::{append_only, run};

pub(super) struct Exports;

impl MigrationName for Exports {
    fn name(&self) -> &'static str {
        "m0006_exports"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Exports {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, EXPORTS).await?;
        append_only(manager, "export_request", &["export_id"]).await?;
        append_only(manager, "export_decision", &["export_id"]).await?;
        append_only(manager, "export_made", &["export_id"]).await?;
        append_only(manager, "export_fetch", &["export_fetch_id"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// An export has no state of its own: it waits until there is a decision, is decided once, made once, and fetched until
/// its end. The file itself goes then, so it stands apart, in a table whose rows may be deleted.
const EXPORTS: &str = "\
create table export_request (
    export_id {int} not null,
    account_id {int} not null,
    is_full {int} not null,
    needs_second {int} not null,
    n_children {int} not null,
    terms {bytes} not null,
    children {bytes} not null,
    asked_at {instant} not null,
    constraint export_request_pk primary key (export_id),
    constraint export_request_of_account foreign key (account_id) references account (account_id),
    constraint export_request_is_full_or_not check (is_full in (0, 1)),
    constraint export_request_needs_second_or_not check (needs_second in (0, 1))
){plain}

create index export_request_by_account on export_request (account_id, export_id)

create table export_decision (
    export_id {int} not null,
    what text not null,
    account_id {int} not null,
    reason {bytes} not null,
    decided_at {instant} not null,
    constraint export_decision_pk primary key (export_id),
    constraint export_decision_of_request foreign key (export_id)
        references export_request (export_id),
    constraint export_decision_by_account foreign key (account_id) references account (account_id),
    constraint export_decision_what check (what in ('approved', 'refused', 'withdrawn'))
){plain}

create table export_made (
    export_id {int} not null,
    n_rows {int} not null,
    file_hash {bytes} not null,
    row_order {bytes} not null,
    made_at {instant} not null,
    ends_at {instant} not null,
    constraint export_made_pk primary key (export_id),
    constraint export_made_of_request foreign key (export_id)
        references export_request (export_id),
    constraint export_made_file_hash_is_sm3 check (length(file_hash) = 32)
){plain}

create table export_fetch (
    export_fetch_id {int} not null,
    export_id {int} not null,
    account_id {int} not null,
    address {bytes} not null,
    fetched_at {instant} not null,
    constraint export_fetch_pk primary key (export_fetch_id),
    constraint export_fetch_of_made foreign key (export_id) references export_made (export_id),
    constraint export_fetch_by_account foreign key (account_id) references account (account_id)
){plain}

create index export_fetch_by_export on export_fetch (export_id)

create table export_file (
    export_id {int} not null,
    body {bytes} not null,
    constraint export_file_pk primary key (export_id),
    constraint export_file_of_made foreign key (export_id) references export_made (export_id)
){plain}
";
