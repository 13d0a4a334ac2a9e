//! Accounts, sessions, failed sign-ins, and who looked at which child.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::{append_only, run};

pub(super) struct People;

impl MigrationName for People {
    fn name(&self) -> &'static str {
        "m0004_people"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for People {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for tables in [ACCOUNTS, DOORS, ACCESS] {
            run(manager, tables).await?;
        }
        append_only(manager, "account", &["account_id"]).await?;
        append_only(manager, "account_event", &["account_event_id"]).await?;
        append_only(manager, "access_log", &["access_log_id"]).await?;
        append_only(manager, "access_subject", &["child_id", "access_log_id"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// An account has no state of its own: name, role, areas, password and second factor are what its events say, so that
/// whoever changes one leaves an entry. Events by nobody come from the operator at the machine.
const ACCOUNTS: &str = "\
create table account (
    account_id {int} not null,
    login_index {bytes} not null,
    login {bytes} not null,
    made_at {instant} not null,
    constraint account_pk primary key (account_id),
    constraint account_login_once unique (login_index)
){plain}

create table account_event (
    account_event_id {int} not null,
    account_id {int} not null,
    what text not null,
    body {bytes} not null,
    done_by {int},
    happened_at {instant} not null,
    constraint account_event_pk primary key (account_event_id),
    constraint account_event_of_account foreign key (account_id) references account (account_id),
    constraint account_event_by_account foreign key (done_by) references account (account_id)
){plain}

create index account_event_by_account_id on account_event (account_id, account_event_id)
";

/// What lets people in or keeps them out; rows go when they no longer matter. Of tokens only keyed hashes are kept, of
/// names that failed and of addresses likewise.
const DOORS: &str = "\
create table session (
    session_id {int} not null,
    token_index {bytes} not null,
    account_id {int} not null,
    awaits_code {int} not null,
    began_at {instant} not null,
    seen_at {instant} not null,
    ends_at {instant} not null,
    factor_at {instant},
    address {bytes} not null,
    constraint session_pk primary key (session_id),
    constraint session_token_once unique (token_index),
    constraint session_of_account foreign key (account_id) references account (account_id),
    constraint session_awaits_code_or_not check (awaits_code in (0, 1))
){plain}

create index session_by_account on session (account_id)

create table one_time_link (
    token_index {bytes} not null,
    purpose text not null,
    account_id {int},
    ends_at {instant} not null,
    constraint one_time_link_pk primary key (token_index),
    constraint one_time_link_for_account foreign key (account_id) references account (account_id),
    constraint one_time_link_purpose check (purpose in ('first', 'password', 'recovery'))
){plain}

create table used_code (
    account_id {int} not null,
    step {int} not null,
    constraint used_code_pk primary key (account_id, step),
    constraint used_code_of_account foreign key (account_id) references account (account_id)
){plain}

create table sign_in_failure (
    kind text not null,
    subject {bytes} not null,
    n_failures {int} not null,
    last_at {instant} not null,
    wait_until {instant} not null,
    constraint sign_in_failure_pk primary key (kind, subject),
    constraint sign_in_failure_kind check (kind in ('login', 'address', 'password'))
){plain}
";

/// One entry for each request that read or exported, one subject for each child that it showed (T-64).
const ACCESS: &str = "\
create table access_log (
    access_log_id {int} not null,
    account_id {int},
    what text not null,
    result text not null,
    policy text not null,
    n_subjects {int} not null,
    purpose {bytes} not null,
    address {bytes} not null,
    happened_at {instant} not null,
    constraint access_log_pk primary key (access_log_id),
    constraint access_log_of_account foreign key (account_id) references account (account_id)
){plain}

create index access_log_by_account on access_log (account_id, access_log_id)

create table access_subject (
    child_id {int} not null,
    access_log_id {int} not null,
    constraint access_subject_pk primary key (child_id, access_log_id),
    constraint access_subject_of_entry foreign key (access_log_id)
        references access_log (access_log_id)
){keyed}

create index access_subject_by_entry on access_subject (access_log_id)
";
