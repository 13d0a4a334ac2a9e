//! Letters of responsibility: their events, the letters as they were frozen, and scans of what was signed.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::{append_only, run};

pub(super) struct Letters;

impl MigrationName for Letters {
    fn name(&self) -> &'static str {
        "m0015_letters"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Letters {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, LETTERS).await?;
        append_only(manager, "letter_event", &["letter_event_id"]).await?;
        append_only(manager, "letter_paper", &["letter_id"]).await?;
        append_only(manager, "letter_scan", &["letter_scan_id"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// `edge` is a keyed hash of both parties and the year, `round` how many letters between them came before: two people who draw
/// up the same letter at once do not both succeed. A number of a series and year is taken once.
const LETTERS: &str = "\
create table letter_event (
    letter_event_id {int} not null,
    letter_id {int} not null,
    position {int} not null,
    recorded_at {instant} not null,
    recorded_by {bytes} not null,
    body {bytes} not null,
    constraint letter_event_pk primary key (letter_event_id),
    constraint letter_event_position_is_taken unique (letter_id, position)
){plain}

create table letter_paper (
    letter_id {int} not null,
    edge {bytes} not null,
    round {int} not null,
    series text not null,
    year {int} not null,
    number {int} not null,
    hash {bytes} not null,
    pdf {bytes} not null,
    drawn_at {instant} not null,
    constraint letter_paper_pk primary key (letter_id),
    constraint letter_of_edge_is_one unique (edge, round),
    constraint letter_number_is_taken unique (series, year, number)
){plain}

create table letter_scan (
    letter_scan_id {int} not null,
    letter_id {int} not null,
    file_key text not null,
    media text not null,
    hash {bytes} not null,
    bytes {bytes} not null,
    added_at {instant} not null,
    added_by {bytes} not null,
    constraint letter_scan_pk primary key (letter_scan_id),
    constraint letter_scan_key_is_one unique (file_key)
){plain}
";
