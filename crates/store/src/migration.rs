//! The schema, as numbered steps that run on both engines. A step is never edited once released.

mod m0001_ground;
mod m0002_reports;
mod m0003_roll;
mod m0004_people;
mod m0005_tree;
mod m0006_exports;
mod m0007_views;
mod m0008_idempotency;
mod m0009_data_keys;
mod m0010_cases;
mod m0011_papers;
mod m0012_tips;
mod m0013_findings;
mod m0014_notices;
mod m0015_letters;
mod m0016_lease;
mod m0017_run_digest;

use sea_orm::{ConnectionTrait, DbBackend};
use sea_orm_migration::{MigrationTrait, MigratorTrait, SchemaManager, sea_orm::DbErr};

/// Brings a database up to date.
pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_ground::Ground),
            Box::new(m0002_reports::Reports),
            Box::new(m0003_roll::Roll),
            Box::new(m0004_people::People),
            Box::new(m0005_tree::Tree),
            Box::new(m0006_exports::Exports),
            Box::new(m0007_views::Views),
            Box::new(m0008_idempotency::Idempotency),
            Box::new(m0009_data_keys::DataKeys),
            Box::new(m0010_cases::Cases),
            Box::new(m0011_papers::Papers),
            Box::new(m0012_tips::Tips),
            Box::new(m0013_findings::Findings),
            Box::new(m0014_notices::Notices),
            Box::new(m0015_letters::Letters),
            Box::new(m0016_lease::Lease),
            Box::new(m0017_run_digest::RunDigest),
        ]
    }
}

/// The step that brings the tree.
pub(crate) const TREE: &str = m0005_tree::NAME;

/// Runs statements separated by empty lines, with the words for types put in: `{int}` a 64-bit integer, `{bytes}`,
/// `{day}`, `{instant}`, and `{keyed}` for a table that is its primary key.
async fn run(manager: &SchemaManager<'_>, statements: &str) -> Result<(), DbErr> {
    let (int, bytes, day, instant, keyed, plain) = if is_postgres(manager) {
        ("bigint", "bytea", "date", "timestamp with time zone", "", "")
    } else {
        ("integer", "blob", "text", "text", " strict, without rowid", " strict")
    };
    let sql = statements
        .replace("{int}", int)
        .replace("{bytes}", bytes)
        .replace("{day}", day)
        .replace("{instant}", instant)
        .replace("{keyed}", keyed)
        .replace("{plain}", plain);
    for statement in sql.split("\n\n").filter(|statement| !statement.trim().is_empty()) {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

/// Refuses to change or delete rows of `table`, and on SQLite to replace them by an insert, which deletes without
/// firing the trigger for deletes. `keys` are the columns of its primary key.
async fn append_only(manager: &SchemaManager<'_>, table: &str, keys: &[&str]) -> Result<(), DbErr> {
    let same = keys.iter().map(|key| format!("{key} = new.{key}")).collect::<Vec<_>>();
    if is_postgres(manager) {
        let statement = format!(
            "create trigger {table}_append_only before update or delete or truncate on {table} \
             for each statement execute function refuse_change()"
        );
        return run(manager, &statement).await;
    }
    let refuse = format!("begin select raise(abort, '{table} is append-only'); end");
    let same = same.join(" and ");
    let statements = [
        format!("create trigger {table}_no_update before update on {table} {refuse}"),
        format!("create trigger {table}_no_delete before delete on {table} {refuse}"),
        format!(
            "create trigger {table}_no_replace before insert on {table} \
             when exists (select 1 from {table} where {same}) {refuse}"
        ),
    ]
    .join("\n\n");
    run(manager, &statements).await
}

/// Refuses to change rows of a derived `table`: a run deletes and inserts, nobody edits.
async fn never_edited(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let statement = if is_postgres(manager) {
        format!(
            "create trigger {table}_never_edited before update on {table} \
             for each statement execute function refuse_change()"
        )
    } else {
        format!(
            "create trigger {table}_never_edited before update on {table} begin \
             select raise(abort, '{table} is derived and never edited'); end"
        )
    };
    run(manager, &statement).await
}

fn is_postgres(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == DbBackend::Postgres
}
