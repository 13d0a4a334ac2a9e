//! Who has reported absent pupils, zero reports included: what tells "nobody" from "no report".

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::{append_only, run};

pub(super) struct Reports;

impl MigrationName for Reports {
    fn name(&self) -> &'static str {
        "m0002_reports"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Reports {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, REPORTS).await?;
        append_only(manager, "report", &["batch_id", "sheet_no", "report_no"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// One line for each school or sender on a sheet. The name of the school is sealed: it is a cell as found.
const REPORTS: &str = "\
create table report (
    batch_id {int} not null,
    sheet_no {int} not null,
    report_no {int} not null,
    school {bytes},
    town text,
    until {day} not null,
    is_zero {int} not null,
    constraint report_pk primary key (batch_id, sheet_no, report_no),
    constraint report_of_sheet foreign key (batch_id, sheet_no)
        references sheet (batch_id, sheet_no),
    constraint report_is_zero_or_not check (is_zero in (0, 1))
){keyed}
";
