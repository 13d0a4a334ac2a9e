//! What pages show of every child, and what all children tell: derived, replaced by each run.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::{never_edited, run};

pub(super) struct Roll;

impl MigrationName for Roll {
    fn name(&self) -> &'static str {
        "m0003_roll"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Roll {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, ROLL).await?;
        for table in ["entry", "run_note"] {
            never_edited(manager, table).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// `entry` is one sealed line for each child, `run_note` one sealed text of the newest run. Neither has a column that
/// could be typed into: a status stands inside the sealed line (T-52).
const ROLL: &str = "\
create table entry (
    child_id {int} not null,
    run_id {int} not null,
    body {bytes} not null,
    constraint entry_pk primary key (child_id),
    constraint entry_of_run foreign key (run_id) references run (run_id)
){plain}

create table run_note (
    run_id {int} not null,
    body {bytes} not null,
    constraint run_note_pk primary key (run_id),
    constraint run_note_of_run foreign key (run_id) references run (run_id)
){plain}

create index child_record_by_child on child_record (child_id)
";
