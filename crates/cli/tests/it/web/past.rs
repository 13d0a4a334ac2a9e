//! What officials of the sample county did before it is served, so that a story of a case begins where it must.

use baoxue_act::{Case, CaseId, Moment, PROGRAM, Rules, What};
use baoxue_flow::{
    County, DataFolder, Entry, Roll,
    cases::{self, CaseBook},
};
use baoxue_store::Store;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::{browser::Server, made};
use crate::program::{Engine, Program};

/// A moment of the county's clocks.
pub(super) fn moment(text: &str) -> Moment {
    Moment::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The address of a case.
pub(super) fn path_of(case: CaseId) -> String {
    format!("/cases/k_{}", case.0)
}

/// The events of a case as the command line tells them: what, and by whom.
pub(super) fn told(program: &Program, case: CaseId) -> Vec<(String, String)> {
    let key = format!("k_{}", case.0);
    let out = program.done(&["cases", "show", &key, "--json"]).out;
    let case: Value = serde_json::from_str(&out).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let events = case["events"].as_array().unwrap().iter();
    events.map(|event| (text(&event["what"]["what"]), text(&event["by"]))).collect()
}

/// The sample county on its first morning.
pub(super) fn sample() -> Program {
    let program = Program::new(Engine::Sqlite);
    made::give(&program.path("data"));
    program
}

/// A county whose cases are told something.
pub(super) struct Past {
    runtime: Runtime,
    pub(super) store: Store,
    county: County,
    pub(super) rules: Rules,
    pub(super) roll: Roll,
    pub(super) book: CaseBook,
}

impl Past {
    pub(super) fn of(program: &Program) -> Self {
        let runtime = Runtime::new().unwrap();
        let database = program.database.clone();
        let folder = DataFolder { folder: program.path("data"), database, key: None };
        let county = folder.county(None, NaiveDate::MIN).unwrap().unwrap();
        let (store, rules, roll, book) = runtime.block_on(async {
            let (store, _) = folder.open().await.unwrap();
            let rules = cases::rules(&store, &county).await.unwrap();
            let roll = Roll::load(&store, &county.towns).await.unwrap();
            let book = CaseBook::load(&store).await.unwrap();
            (store, rules, roll, book)
        });
        Self { runtime, store, county, rules, roll, book }
    }

    /// Waits for something that is done in the store.
    pub(super) fn wait<T>(&self, doing: impl Future<Output = T>) -> T {
        self.runtime.block_on(doing)
    }

    /// The name of a town.
    pub(super) fn town_of(&self, case: &Case) -> &str {
        let town = self.county.towns.get(case.place.town.unwrap()).unwrap();
        &town.name
    }

    /// The child around whose home the accounts of the demonstration are.
    pub(super) fn home(&self) -> &Entry {
        let placed = |entry: &&Entry| entry.of_age && entry.town.is_some();
        let placed = self.roll.entries().iter().filter(placed);
        let mut urgent = placed.filter(|entry| entry.code.accuses() && entry.school.is_some());
        urgent.find(|entry| entry.village.is_some()).unwrap()
    }

    /// The newest case of a child.
    pub(super) fn case_of(&self, entry: &Entry) -> &Case {
        &self.book.of_child(entry.child).last().unwrap().case
    }

    /// Somebody does something in a case at a moment.
    #[track_caller]
    pub(super) fn tell(&mut self, case: CaseId, at: &str, (by, what): (&str, What)) {
        let Self { runtime, store, rules, book, .. } = self;
        runtime.block_on(async {
            let done = (case, by, what);
            cases::record(store, book, rules, done, moment(at)).await.unwrap();
            book.refresh(store).await.unwrap();
        });
    }

    /// From now on the clock of cases shows that moment, and what is late by then has climbed.
    pub(super) fn comes(&mut self, at: &str) {
        let Self { runtime, store, rules, book, .. } = self;
        runtime.block_on(async {
            cases::set_clock(store, moment(at), PROGRAM, now()).await.unwrap();
            cases::pass(store, book, rules, moment(at)).await.unwrap();
            book.refresh(store).await.unwrap();
        });
    }

    pub(super) fn serve(self, program: Program) -> Server {
        let Self { runtime, store, .. } = self;
        runtime.block_on(async {
            store.settle().await.unwrap();
            drop(store);
        });
        drop(runtime);
        Server::over(program, &[])
    }
}

/// The machine's time.
#[expect(clippy::disallowed_methods, reason = "the clock of cases goes with that of the machine")]
pub(super) fn now() -> DateTime<Utc> {
    std::time::SystemTime::now().into()
}
