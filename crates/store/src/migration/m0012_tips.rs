//! Tip-offs: what came by the public page, and what officials did about it.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::{append_only, run};

pub(super) struct Tips;

impl MigrationName for Tips {
    fn name(&self) -> &'static str {
        "m0012_tips"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Tips {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TIPS).await?;
        append_only(manager, "tip_event", &["tip_event_id"]).await?;
        append_only(manager, "tip_copy", &["tip_copy_id"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// A tip is its events, the first of which holds its words. Each sending is a copy: the same words sent again are another
/// copy of the same tip, with a code of its own. No column holds where a copy came from. Of the code a keyed hash is kept;
/// what an informer leaves of himself is sealed under a key of its own.
const TIPS: &str = "\
create table tip_event (
    tip_event_id {int} not null,
    tip_id {int} not null,
    position {int} not null,
    recorded_at {instant} not null,
    recorded_by {bytes} not null,
    body {bytes} not null,
    constraint tip_event_pk primary key (tip_event_id),
    constraint tip_event_position_is_taken unique (tip_id, position)
){plain}

create table tip_copy (
    tip_copy_id {int} not null,
    tip_id {int} not null,
    fingerprint {bytes} not null,
    code_index {bytes} not null,
    channel {bytes} not null,
    informer {bytes},
    received_at {instant} not null,
    constraint tip_copy_pk primary key (tip_copy_id),
    constraint tip_copy_code_is_taken unique (code_index)
){plain}

create index tip_copy_by_fingerprint on tip_copy (fingerprint, tip_copy_id)

create index tip_copy_by_tip on tip_copy (tip_id, tip_copy_id)

create index tip_copy_by_moment on tip_copy (received_at)
";
