//! Findings of inspections, nothing but their events.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::{append_only, run};

pub(super) struct Findings;

impl MigrationName for Findings {
    fn name(&self) -> &'static str {
        "m0013_findings"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Findings {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, FINDINGS).await?;
        append_only(manager, "finding_event", &["finding_event_id"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// A position of a finding is taken once, so that two people do not answer one finding in two ways.
const FINDINGS: &str = "\
create table finding_event (
    finding_event_id {int} not null,
    finding_id {int} not null,
    position {int} not null,
    recorded_at {instant} not null,
    recorded_by {bytes} not null,
    body {bytes} not null,
    constraint finding_event_pk primary key (finding_event_id),
    constraint finding_event_position_is_taken unique (finding_id, position)
){plain}
";
