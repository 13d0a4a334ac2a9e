//! The letters of responsibility as pages see them: read once, and again when something was recorded or a run was made.

use std::sync::Arc;

use baoxue_act::letter::{District, LetterYear};
use baoxue_flow::{
    County, FlowError,
    letters::{LetterBook, LetterDesk, district},
};
use chrono::NaiveDate;

use crate::{app::App, casebook::CaseDesk};

/// The letters of a county, and what there is in its district.
#[derive(Debug)]
pub(crate) struct LetterShelf {
    pub(crate) book: LetterBook,
    pub(crate) district: Arc<District>,
    /// Villages that children live in and no directory has.
    pub(crate) n_unknown: usize,
    run: Option<i64>,
}

impl LetterShelf {
    /// The letters of now: those that are known, when nothing happened since.
    pub(crate) async fn of(
        app: &App,
        cases: &CaseDesk,
        known: Option<Arc<Self>>,
    ) -> Result<Arc<Self>, FlowError> {
        let roll = app.roll();
        let run = roll.run.as_ref().map(|run| run.id);
        let last_event = app.store().last_letter_event().await?;
        let same = |known: &&Arc<Self>| (known.run, known.book.last_event()) == (run, last_event);
        if let Some(known) = known.as_ref().filter(same) {
            return Ok(Arc::clone(known));
        }
        let mut book = known.as_ref().map(|known| known.book.clone()).unwrap_or_default();
        book.refresh(app.store()).await?;
        let (district, n_unknown) = if let Some(known) = known.filter(|known| known.run == run) {
            (Arc::clone(&known.district), known.n_unknown)
        } else {
            let (found, n) = district(&app.county(), &cases.rules.directory, &roll);
            (Arc::new(found), n)
        };
        Ok(Arc::new(Self { book, district, n_unknown, run }))
    }

    /// The letters of a year as they stand today.
    pub(crate) fn desk<'a>(
        &'a self,
        county: &'a County,
        cases: &'a CaseDesk,
        (year, today): (LetterYear, NaiveDate),
    ) -> LetterDesk<'a> {
        LetterDesk {
            book: &self.book,
            directory: &cases.rules.directory,
            district: &self.district,
            settings: &county.letters,
            year,
            today,
        }
    }
}
