//! T-64: for every route that shows a child there is a row of the access log that names it, whoever asks.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use baoxue_claim::{BatchId, RecordId};
use baoxue_web::{Route, routes};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use tokio::runtime::Runtime;

use super::{
    expect::{Expected, Names},
    readers::{Child, Subject, address, children, decidable, prepared, readers, subject_of},
};

/// Looks reach the database a little later when it is busy.
const PATIENCE: Duration = Duration::from_secs(20);

/// The access log, read beside the program.
struct Log {
    runtime: Runtime,
    db: DatabaseConnection,
    last: i64,
}

impl Log {
    fn open(file: &Path) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let url = format!("sqlite://{}?mode=ro", file.display());
        let db = runtime.block_on(Database::connect(url)).unwrap();
        let mut log = Self { runtime, db, last: 0 };
        log.last = log.newest();
        log
    }

    fn numbers(&self, sql: &str, since: i64) -> Vec<i64> {
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, [since.into()]);
        let rows = self.runtime.block_on(self.db.query_all_raw(statement)).unwrap();
        rows.iter().map(|row| row.try_get_by_index::<i64>(0).unwrap()).collect()
    }

    fn newest(&self) -> i64 {
        let sql = "select coalesce(max(access_log_id), 0) from access_log where access_log_id >= ?";
        self.numbers(sql, 0)[0]
    }

    /// Those of the children of whom nothing was logged since the last time.
    fn missing(&mut self, shown: &BTreeSet<i64>) -> BTreeSet<i64> {
        let sql = "select child_id from access_subject where access_log_id > ?";
        let begun = Instant::now();
        loop {
            let logged: BTreeSet<i64> = self.numbers(sql, self.last).into_iter().collect();
            let missing: BTreeSet<i64> = shown.difference(&logged).copied().collect();
            if missing.is_empty() || begun.elapsed() > PATIENCE {
                self.last = self.newest();
                return missing;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The number of a child by its key.
fn number(key: &str) -> Option<i64> {
    let (batch, ordinal) = key.strip_prefix("c_")?.split_once('-')?;
    Some(RecordId::new(BatchId(batch.parse().ok()?), ordinal.parse().ok()?).0)
}

/// The children that stand in a body, by key or by a name that only one of them has.
fn shown(body: &str, known: &BTreeMap<i64, &str>, names: &BTreeMap<&str, i64>) -> BTreeSet<i64> {
    let keys = body.split("c_").skip(1).filter_map(|part| {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(part.len());
        number(&format!("c_{}", &part[..end]))
    });
    let by_name = names.iter().filter(|(name, _)| body.contains(**name)).map(|(_, child)| *child);
    keys.filter(|child| known.contains_key(child)).chain(by_name).collect()
}

/// Pages that name children and show nobody: who read what, by key, and examples of the description.
fn is_about_nobody(route: &Route) -> bool {
    route.path.contains("/audit") || route.path == "/api" || route.path.ends_with("openapi.json")
}

#[test]
fn t64_whatever_shows_a_child_is_logged_route_by_route() {
    let server = prepared();
    let mut readers = readers(&server);
    let mut bureau = readers[0].browser.clone();
    let all = children(&mut bureau);
    let known: BTreeMap<i64, &str> =
        all.iter().filter_map(|child| Some((number(&child.key)?, child.key.as_str()))).collect();
    let open = server.browser().get("/login").body;
    let names = only_names(&all, &open);
    let decided = decidable(&mut bureau);
    let mut log = Log::open(&server.database());
    let mut routes_that_show: BTreeSet<String> = BTreeSet::new();
    let mut wrong = Vec::new();
    // Whoever administers sees no child at all, which is looked at elsewhere.
    for reader in readers.iter_mut().filter(|reader| !reader.role.is_administrator()) {
        let own = all.iter().find(|child| reader.sees(child));
        let own = own.map_or_else(
            || decided.clone(),
            |child| subject_of(&mut bureau, &child.key, &decided.pair),
        );
        for route in routes().iter().filter(|route| !is_about_nobody(route)) {
            let Some((path, expected)) = asked(route, &own, &decided) else { continue };
            // What was asked to find the subjects is not this answer's.
            log.missing(&BTreeSet::new());
            let answer = reader.sends(expected, &path, &[]);
            if answer.status != 200 {
                continue;
            }
            let shown = shown(&answer.body, &known, &names);
            if !shown.is_empty() {
                routes_that_show.insert(format!("{} {}", route.method, route.path));
            }
            let missing = log.missing(&shown);
            if !missing.is_empty() {
                let keys: Vec<&&str> =
                    missing.iter().filter_map(|child| known.get(child)).take(3).collect();
                wrong.push(format!(
                    "{} {path}: {} of {}: {keys:?}",
                    reader.login,
                    missing.len(),
                    shown.len()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers show without a row:\n{}", wrong.len(), wrong.join("\n"));
    assert!(routes_that_show.len() >= 12, "{routes_that_show:?}");
}

/// The address at which a reader is shown something: lists as they stand, what is about a child about its own.
fn asked<'e>(route: &Route, own: &Subject, decided: &Subject) -> Option<(String, &'e Expected)> {
    let expected = Expected::of(route);
    let reveals = route.method == "POST" && route.path.ends_with("/reveal");
    if route.method != "GET" && !reveals {
        return None;
    }
    let subject = if expected.names == Names::Pair { decided } else { own };
    Some((address(&route.path, subject, true), expected))
}

/// Names that one child has and nobody of the accounts.
fn only_names<'c>(all: &'c [Child], open: &str) -> BTreeMap<&'c str, i64> {
    let mut found: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for child in all {
        if let (Some(name), Some(number)) = (child.name.as_deref(), number(&child.key)) {
            found.entry(name).or_default().push(number);
        }
    }
    let only = found
        .into_iter()
        .filter(|(name, all)| all.len() == 1 && name.chars().count() > 2 && !open.contains(name));
    only.map(|(name, all)| (name, all[0])).collect()
}

#[test]
fn the_keys_of_children_are_read_from_pages() {
    let known: BTreeMap<i64, &str> = [(number("c_3-17").unwrap(), "c_3-17")].into();
    let told = |body: &str| shown(body, &known, &BTreeMap::new()).len();
    assert_eq!(told("<a href=\"/children/c_3-17/history\">"), 1);
    assert_eq!(told("{\"child\":\"c_3-17\"}"), 1);
    assert_eq!(told("c_3-170 c_4-17 c_x abc_3"), 0);
}
