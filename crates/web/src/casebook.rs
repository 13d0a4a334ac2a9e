//! The cases as pages see them: read once, and again when something was recorded or a run was made.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use baoxue_act::{CaseId, Duty, Moment, Rules, Stage, duties};
use baoxue_flow::{
    FlowError,
    cases::{self, CaseBook, CaseClock, CaseFile, Held, Speaker},
};
use baoxue_store::Store;
use chrono::{DateTime, TimeDelta, Utc};

use crate::{app::App, i18n::Lang};

/// How often the clocks of cases are looked at.
const PASS_EVERY: Duration = Duration::from_mins(5);
/// What a case owes is told anew after so long, and whenever something is recorded on it: only the time itself can have
/// changed it before.
const TOLD_FOR: TimeDelta = TimeDelta::minutes(1);

/// The cases of a county with what decides about them.
#[derive(Debug)]
pub(crate) struct CaseDesk {
    pub(crate) book: CaseBook,
    pub(crate) rules: Arc<Rules>,
    clock: CaseClock,
    run: Option<i64>,
    last_event: i64,
    owed: Arc<OwedBook>,
}

/// What the cases owe, as it was told last.
#[derive(Debug, Default)]
struct OwedBook(RwLock<HashMap<CaseId, OwedThen>>);

/// What a case with so many events owed at a moment.
#[derive(Debug)]
struct OwedThen {
    n_events: usize,
    at: Moment,
    duties: Arc<[Duty]>,
}

impl OwedBook {
    fn get(&self, file: &CaseFile, now: Moment) -> Option<Arc<[Duty]>> {
        let book = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let then = book.get(&file.case.id)?;
        let holds = then.n_events == file.events.len()
            && (then.at..then.at + TOLD_FOR).contains(&now)
            && then.at.date() == now.date();
        holds.then(|| Arc::clone(&then.duties))
    }

    fn put(&self, file: &CaseFile, at: Moment, duties: Arc<[Duty]>) {
        let then = OwedThen { n_events: file.events.len(), at, duties };
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(file.case.id, then);
    }
}

impl CaseDesk {
    /// The desk of now: the one that is known, when nothing happened since.
    pub(crate) async fn of(app: &App, known: Option<Arc<Self>>) -> Result<Arc<Self>, FlowError> {
        let store: &Store = app.store();
        let run = app.roll().run.as_ref().map(|run| run.id);
        let last_event = store.last_case_event().await?;
        let same = |known: &&Arc<Self>| (known.run, known.last_event) == (run, last_event);
        if let Some(known) = known.as_ref().filter(same) {
            return Ok(Arc::clone(known));
        }
        let mut book = known.as_ref().map(|known| known.book.clone()).unwrap_or_default();
        book.refresh(store).await?;
        // Officials and clock change with files and by hand of an operator: with a run they are read again.
        let (rules, clock, owed) = match known.filter(|known| known.run == run) {
            Some(known) => (Arc::clone(&known.rules), known.clock, Arc::clone(&known.owed)),
            None => (
                Arc::new(cases::rules(store, &app.county()).await?),
                CaseClock::of(store).await?,
                Arc::default(),
            ),
        };
        Ok(Arc::new(Self { book, rules, clock, run, last_event, owed }))
    }

    /// The moment of cases.
    pub(crate) fn moment(&self, now: DateTime<Utc>) -> Moment {
        self.clock.moment(now, &self.book)
    }

    /// The moment of cases at which something came that is kept under the machine's time.
    pub(crate) fn came(&self, at: DateTime<Utc>) -> Moment {
        self.clock.shows(at)
    }

    /// That the clocks of cases are held.
    pub(crate) fn held(&self, now: DateTime<Utc>) -> Option<Held> {
        self.clock.held(now, &self.book)
    }

    /// Where a case stands.
    pub(crate) fn stage(&self, file: &CaseFile) -> Stage {
        file.case.stage(self.rules.timetable.proof.attended_school_days)
    }

    /// What a case owes.
    pub(crate) fn duties(&self, file: &CaseFile, now: Moment) -> Arc<[Duty]> {
        let now = file.moment(now);
        if let Some(known) = self.owed.get(file, now) {
            return known;
        }
        let told: Arc<[Duty]> = duties(&file.case, &self.rules, now).into();
        self.owed.put(file, now, Arc::clone(&told));
        told
    }

    /// Who says it in the reader's language.
    pub(crate) fn speaker<'a>(
        &'a self,
        county: &'a baoxue_flow::County,
        lang: Lang,
    ) -> Speaker<'a> {
        Speaker { rules: &self.rules, towns: &county.towns, zh: lang == Lang::Zh }
    }
}

impl App {
    /// Looks at the clock of cases from time to time: what is late climbs, each step once, and whom it concerns is
    /// told. Never ends.
    pub(crate) async fn watch_cases(self) {
        loop {
            if let Err(error) = self.pass().await {
                tracing::error!(%error, "the clocks of cases could not be looked at");
            }
            if let Err(error) = self.fill_notices().await {
                tracing::error!(%error, "notices could not be made");
            }
            self.post_now().await;
            tokio::time::sleep(PASS_EVERY).await;
        }
    }

    async fn pass(&self) -> Result<(), FlowError> {
        let desk = self.cases().await?;
        let now = desk.moment(self.now());
        let done = cases::pass(self.store(), &desk.book, &desk.rules, now).await?;
        if done != cases::Recorded::default() {
            tracing::info!(
                n_climbed = done.n_climbed,
                n_ended = done.n_ended,
                "late duties climbed"
            );
        }
        Ok(())
    }
}
