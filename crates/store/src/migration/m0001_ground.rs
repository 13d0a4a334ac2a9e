//! Batches, rows, records and claims; what people decided; what runs derived.

use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::{append_only, is_postgres, never_edited, run};

pub(super) struct Ground;

impl MigrationName for Ground {
    fn name(&self) -> &'static str {
        "m0001_ground"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Ground {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for tables in [KEYS, BATCHES, RECORDS, JOURNAL, DERIVED] {
            run(manager, tables).await?;
        }
        if is_postgres(manager) {
            manager.get_connection().execute_unprepared(REFUSE_CHANGE).await?;
        }
        for (table, keys) in APPEND_ONLY {
            append_only(manager, table, keys).await?;
        }
        for table in ["child_record", "verdict", "review", "conflict"] {
            never_edited(manager, table).await?;
        }
        Ok(())
    }

    /// SQLite would run it outside of one: a killed first start must leave an empty database.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const APPEND_ONLY: [(&str, &[&str]); 14] = [
    ("sealing_key", &["sealing_key_id"]),
    ("batch", &["batch_id"]),
    ("sheet", &["batch_id", "sheet_no"]),
    ("sheet_row", &["batch_id", "sheet_no", "row_no"]),
    ("reject", &["batch_id", "sheet_no", "row_no"]),
    ("record", &["record_id"]),
    ("claim", &["record_id", "position"]),
    ("batch_event", &["batch_event_id"]),
    ("decision", &["decision_id"]),
    ("decision_event", &["decision_event_id"]),
    ("home", &["record_id"]),
    ("layout", &["layout_id"]),
    ("event", &["event_id"]),
    ("run", &["run_id"]),
];

const REFUSE_CHANGE: &str = "\
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only or derived and never edited', tg_table_name;
end
$$";

/// Which master keys have been used, so that a wrong key file is noticed before anything is sealed with it.
const KEYS: &str = "\
create table sealing_key (
    sealing_key_id {int} not null,
    check_value {bytes} not null,
    constraint sealing_key_pk primary key (sealing_key_id)
){plain}
";

/// What came in. A batch has no state: it is live until an event withdraws it. Sealed: who brought it, what the reader
/// said (it may quote cells), cells, and the words of a rejection.
const BATCHES: &str = "\
create table batch (
    batch_id {int} not null,
    file_name text not null,
    content_hash {bytes} not null,
    size_bytes {int} not null,
    received_at {instant} not null,
    brought_by {bytes} not null,
    messages {bytes} not null,
    constraint batch_pk primary key (batch_id),
    constraint batch_content_hash_is_sm3 check (length(content_hash) = 32)
){plain}

create index batch_by_content_hash on batch (content_hash)

create table sheet (
    batch_id {int} not null,
    sheet_no {int} not null,
    name text not null,
    is_hidden {int} not null,
    source text,
    as_of {day},
    town text,
    fingerprint text not null,
    n_rows {int} not null,
    stated_total {int},
    constraint sheet_pk primary key (batch_id, sheet_no),
    constraint sheet_of_batch foreign key (batch_id) references batch (batch_id),
    constraint sheet_is_hidden_or_not check (is_hidden in (0, 1))
){keyed}

create table sheet_row (
    batch_id {int} not null,
    sheet_no {int} not null,
    row_no {int} not null,
    disposition text not null,
    aside text,
    cells {bytes} not null,
    constraint sheet_row_pk primary key (batch_id, sheet_no, row_no),
    constraint sheet_row_of_sheet foreign key (batch_id, sheet_no)
        references sheet (batch_id, sheet_no),
    constraint sheet_row_disposition
        check (disposition in ('record', 'rejected', 'known', 'aside')),
    constraint sheet_row_aside_has_kind check ((disposition = 'aside') = (aside is not null))
){keyed}

create table reject (
    batch_id {int} not null,
    sheet_no {int} not null,
    row_no {int} not null,
    column_no {int},
    code text not null,
    message {bytes} not null,
    constraint reject_pk primary key (batch_id, sheet_no, row_no),
    constraint reject_of_sheet_row foreign key (batch_id, sheet_no, row_no)
        references sheet_row (batch_id, sheet_no, row_no)
){keyed}

create table batch_event (
    batch_event_id {int} not null,
    batch_id {int} not null,
    what text not null,
    reason {bytes} not null,
    done_by {bytes} not null,
    happened_at {instant} not null,
    constraint batch_event_pk primary key (batch_event_id),
    constraint batch_event_of_batch foreign key (batch_id) references batch (batch_id),
    constraint batch_event_what check (what in ('withdrawn'))
){plain}

create index batch_event_by_batch on batch_event (batch_id)

create view live_batch as
select b.batch_id, b.file_name, b.content_hash
from batch b
where not exists (
    select 1 from batch_event e where e.batch_id = b.batch_id and e.what = 'withdrawn'
)
";

/// Rows that mention a child. One sealed column for each kind of personal data, keyed hashes where equality is searched.
/// `came_known` marks a row that an earlier live batch had brought: it is silent as long as that batch counts, which
/// the view `silent_record` tells.
const RECORDS: &str = "\
create table record (
    record_id {int} not null,
    batch_id {int} not null,
    sheet_no {int} not null,
    row_no {int} not null,
    source text not null,
    as_of {day} not null,
    town text,
    came_known {int} not null,
    row_key {bytes},
    id_index {bytes},
    name_index {bytes},
    name {bytes},
    former_name {bytes},
    resident_id {bytes},
    guardians {bytes},
    phones {bytes},
    addresses {bytes},
    person {bytes} not null,
    doubts {bytes},
    constraint record_pk primary key (record_id),
    constraint record_of_sheet_row foreign key (batch_id, sheet_no, row_no)
        references sheet_row (batch_id, sheet_no, row_no),
    constraint record_came_known_or_not check (came_known in (0, 1))
){plain}

create index record_by_row_key on record (row_key) where row_key is not null

create index record_by_id_index on record (id_index) where id_index is not null

create index record_by_name_index on record (name_index) where name_index is not null

create index record_that_came_known on record (record_id) where came_known = 1

create table claim (
    record_id {int} not null,
    position {int} not null,
    body {bytes} not null,
    constraint claim_pk primary key (record_id, position),
    constraint claim_of_record foreign key (record_id) references record (record_id)
){keyed}

create view silent_record as
select r.record_id, min(first.record_id) as known_as
from record r
join record first on first.row_key = r.row_key and first.record_id < r.record_id
join live_batch b on b.batch_id = first.batch_id
where r.came_known = 1
group by r.record_id
";

/// What people did. A decision is in force until an event revokes it; the newest layout of a sender counts.
const JOURNAL: &str = "\
create table decision (
    decision_id {int} not null,
    ruling text not null,
    first_record_id {int} not null,
    second_record_id {int} not null,
    reason {bytes} not null,
    made_by {bytes} not null,
    made_at {instant} not null,
    constraint decision_pk primary key (decision_id),
    constraint decision_on_first_record foreign key (first_record_id)
        references record (record_id),
    constraint decision_on_second_record foreign key (second_record_id)
        references record (record_id),
    constraint decision_ruling check (ruling in ('must_link', 'cannot_link')),
    constraint decision_on_two_records check (first_record_id <> second_record_id)
){plain}

create table decision_event (
    decision_event_id {int} not null,
    decision_id {int} not null,
    what text not null,
    reason {bytes} not null,
    done_by {bytes} not null,
    happened_at {instant} not null,
    constraint decision_event_pk primary key (decision_event_id),
    constraint decision_event_of_decision foreign key (decision_id)
        references decision (decision_id),
    constraint decision_event_what check (what in ('revoked'))
){plain}

create table layout (
    layout_id {int} not null,
    sender text not null,
    fingerprint text not null,
    answers {bytes} not null,
    remembered_at {instant} not null,
    constraint layout_pk primary key (layout_id)
){plain}

create table event (
    event_id {int} not null,
    what text not null,
    happened_at {instant} not null,
    done_by {bytes} not null,
    body {bytes} not null,
    constraint event_pk primary key (event_id)
){plain}
";

/// What runs derived. The heads of runs and the first child id of a record (its home) stay; the rest belongs to the
/// newest run alone. There is no column for a status: code and rule are inside the sealed verdict, so that nobody can
/// type one (T-52).
const DERIVED: &str = "\
create table home (
    record_id {int} not null,
    child_id {int} not null,
    constraint home_pk primary key (record_id),
    constraint home_of_record foreign key (record_id) references record (record_id)
){plain}

create table run (
    run_id {int} not null,
    as_of {day} not null,
    rule_pack text not null,
    model text not null,
    started_at {instant} not null,
    input_digest text not null,
    constraint run_pk primary key (run_id)
){plain}

create table child_record (
    record_id {int} not null,
    child_id {int} not null,
    run_id {int} not null,
    constraint child_record_pk primary key (record_id),
    constraint child_record_of_record foreign key (record_id) references record (record_id),
    constraint child_record_of_run foreign key (run_id) references run (run_id)
){plain}

create table verdict (
    child_id {int} not null,
    run_id {int} not null,
    head {bytes} not null,
    body {bytes} not null,
    constraint verdict_pk primary key (child_id),
    constraint verdict_of_run foreign key (run_id) references run (run_id)
){plain}

create table review (
    review_no {int} not null,
    run_id {int} not null,
    body {bytes} not null,
    constraint review_pk primary key (review_no),
    constraint review_of_run foreign key (run_id) references run (run_id)
){plain}

create table conflict (
    conflict_no {int} not null,
    run_id {int} not null,
    child_id {int} not null,
    body {bytes} not null,
    constraint conflict_pk primary key (conflict_no),
    constraint conflict_of_run foreign key (run_id) references run (run_id)
){plain}
";
