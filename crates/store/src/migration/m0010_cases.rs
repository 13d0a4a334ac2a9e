//! Cases: nothing but their events.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::{append_only, run};

pub(super) struct Cases;

impl MigrationName for Cases {
    fn name(&self) -> &'static str {
        "m0010_cases"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Cases {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, CASES).await?;
        append_only(manager, "case_event", &["case_event_id"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// A case has no row and no column of its own: stage, owner and clocks are folds over its events. That a position of a case
/// is taken once lets two officials not do the same thing twice.
const CASES: &str = "\
create table case_event (
    case_event_id {int} not null,
    case_id {int} not null,
    position {int} not null,
    child_id {int} not null,
    recorded_at {instant} not null,
    recorded_by {bytes} not null,
    body {bytes} not null,
    constraint case_event_pk primary key (case_event_id),
    constraint case_event_position_is_taken unique (case_id, position)
){plain}

create index case_event_by_child on case_event (child_id, case_event_id)
";
