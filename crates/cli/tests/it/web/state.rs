//! The whole database as it stands, so that tests can say that nothing changed.

use std::{
    collections::{BTreeMap, BTreeSet, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    path::Path,
};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbBackend, Statement};

/// Rows of a table and a hash over them.
type Rows = (usize, u64);

/// Every table but the access log and its leaves, with the note of when a session was seen last left out: reading is logged
/// and keeps a session open, and changes nothing else.
#[derive(Debug, PartialEq)]
pub(crate) struct Content(BTreeMap<String, Rows>);

impl Content {
    /// Reads a database file beside the program that has it open.
    pub(crate) fn of(file: &Path) -> Self {
        Self::some(file, &|_| true)
    }

    /// The same of some tables.
    pub(crate) fn some(file: &Path, wanted: &dyn Fn(&str) -> bool) -> Self {
        let url = format!("sqlite://{}?mode=ro", file.display());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self(runtime.block_on(tables(&url, wanted)))
    }

    /// The tables that are not as they were, but for some.
    pub(crate) fn changed(&self, later: &Self, but: &[&str]) -> Vec<String> {
        let all = self.0.keys().chain(later.0.keys()).collect::<BTreeSet<_>>().into_iter();
        let kept = all.filter(|table| !but.contains(&table.as_str()));
        kept.filter(|table| self.0.get(*table) != later.0.get(*table)).cloned().collect()
    }
}

async fn tables(url: &str, wanted: &dyn Fn(&str) -> bool) -> BTreeMap<String, Rows> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await.unwrap();
    let column = async |sql: String, name: &str| -> Vec<String> {
        let statement = Statement::from_string(DbBackend::Sqlite, sql);
        let rows = db.query_all_raw(statement).await.unwrap();
        rows.iter().map(|row| row.try_get::<String>("", name).unwrap()).collect()
    };
    let names = "select name from sqlite_master where type = 'table' order by name".to_owned();
    let mut all = BTreeMap::new();
    for table in column(names, "name").await.into_iter().filter(|table| wanted(table)) {
        let columns =
            column(format!("select name from pragma_table_info('{table}')"), "name").await;
        let kept = columns
            .iter()
            .filter(|column| (table.as_str(), column.as_str()) != ("session", "seen_at"));
        let quoted: Vec<String> = kept.map(|column| format!("quote(\"{column}\")")).collect();
        let only = match table.as_str() {
            "access_log" | "access_subject" => continue,
            "leaf" => "where kind <> 'access_log'",
            _ => "",
        };
        // Leaves are chained: that of a sign-in stands behind whatever was read before it.
        let quoted = if table == "leaf" {
            vec!["quote(kind)".to_owned(), "quote(entry)".to_owned()]
        } else {
            quoted
        };
        let line = quoted.join(" || '|' || ");
        let rows =
            column(format!("select {line} as line from \"{table}\" {only} order by line"), "line")
                .await;
        let mut hasher = DefaultHasher::new();
        rows.hash(&mut hasher);
        all.insert(table, (rows.len(), hasher.finish()));
    }
    all
}
