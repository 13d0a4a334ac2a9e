//! Papers that were issued, frozen, and files that people put into cases.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::{append_only, run};

pub(super) struct Papers;

impl MigrationName for Papers {
    fn name(&self) -> &'static str {
        "m0011_papers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Papers {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, PAPERS).await?;
        append_only(manager, "paper", &["paper_id"]).await?;
        append_only(manager, "case_file", &["case_file_id"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// A number of a series and year is taken once, so that numbers have neither gaps nor doubles.
const PAPERS: &str = "\
create table paper (
    paper_id {int} not null,
    series text not null,
    year {int} not null,
    number {int} not null,
    case_id {int} not null,
    paper_of_case {int} not null,
    code text not null,
    hash {bytes} not null,
    pdf {bytes} not null,
    issued_at {instant} not null,
    constraint paper_pk primary key (paper_id),
    constraint paper_number_is_taken unique (series, year, number),
    constraint paper_of_case_is_one unique (case_id, paper_of_case),
    constraint paper_code_is_one unique (code)
){plain}

create table case_file (
    case_file_id {int} not null,
    file_key text not null,
    case_id {int} not null,
    media text not null,
    hash {bytes} not null,
    bytes {bytes} not null,
    added_at {instant} not null,
    added_by {bytes} not null,
    constraint case_file_pk primary key (case_file_id),
    constraint case_file_key_is_one unique (file_key)
){plain}

create index case_file_by_case on case_file (case_id, case_file_id)
";
