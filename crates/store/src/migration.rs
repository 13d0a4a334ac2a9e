//! The schema, as numbered steps that run on both engines. A step is never edited once released.

mod m0001_ground;

use sea_orm::{ConnectionTrait, DbBackend};
use sea_orm_migration::{MigrationTrait, MigratorTrait, SchemaManager, sea_orm::DbErr};

/// Brings a database up to date.
pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m0001_ground::Ground)]
    }
}

/// Runs statements separated by empty lines, with the words for types put in: `{int}` a 64-bit integer, `{bytes}`,
/// `{day}`, `{instant}`, and `{keyed}` for a table that is its primary key.
async fn run(manager: &SchemaManager<'_>, statements: &str) -> Result<(), DbErr> {
    let (int, bytes, day, instant, keyed, plain) = match manager.get_database_backend() {
        DbBackend::Postgres => ("bigint", "bytea", "date", "timestamp with time zone", "", ""),
        _ => ("integer", "blob", "text", "text", " strict, without rowid", " strict"),
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
    let statements = match manager.get_database_backend() {
        DbBackend::Postgres => format!(
            "create trigger {table}_append_only before update or delete or truncate on {table} \
             for each statement execute function refuse_change()"
        ),
        _ => ["update", "delete"]
            .map(|change| {
                format!(
                    "create trigger {table}_no_{change} before {change} on {table} begin \
                     select raise(abort, '{table} is append-only'); end"
                )
            })
            .into_iter()
            .chain([format!(
                "create trigger {table}_no_replace before insert on {table} \
                 when exists (select 1 from {table} where {}) begin \
                 select raise(abort, '{table} is append-only'); end",
                same.join(" and ")
            )])
            .collect::<Vec<_>>()
            .join("\n\n"),
    };
    run(manager, &statements).await
}

/// Refuses to change rows of a derived `table`: a run deletes and inserts, nobody edits.
async fn never_edited(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let statement = match manager.get_database_backend() {
        DbBackend::Postgres => format!(
            "create trigger {table}_never_edited before update on {table} \
             for each statement execute function refuse_change()"
        ),
        _ => format!(
            "create trigger {table}_never_edited before update on {table} begin \
             select raise(abort, '{table} is derived and never edited'); end"
        ),
    };
    run(manager, &statement).await
}
