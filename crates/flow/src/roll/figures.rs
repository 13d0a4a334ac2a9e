//! The figures of a map: children by town and status, and which sources contradict each other, in one pass.

use std::{collections::BTreeMap, ops::Range};

use baoxue_claim::TownCode;
use chrono::NaiveDate;

use super::{Entry, Roll, Said, Tally};

/// The sources of the strip that say whether a child is in school: all but the first, the population register, which
/// knows the child and no more.
pub const TALKERS: Range<usize> = 1..8;

/// What a reader's map counts. Each number is the length of a list of [`Roll::find`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapFigures {
    /// Every child that any file mentions.
    pub everybody: usize,
    /// Of compulsory age.
    pub whole: Tally,
    /// The same by town; `None` where no source tells. The towns add up to the whole.
    pub towns: BTreeMap<Option<TownCode>, Tally>,
    /// Of compulsory age, with something due before the day.
    pub overdue: usize,
    /// Of the children with a quarrel: pairs of sources of the strip that say different things. A child may stand under
    /// several.
    pub pairs: BTreeMap<(usize, usize), usize>,
}

impl Entry {
    /// Whether two sources of the strip both say something of whether the child is in school, and not the same.
    pub fn differs(&self, one: usize, other: usize) -> bool {
        let said = |at: usize| {
            let cell = self.strip.get(at).filter(|_| TALKERS.contains(&at));
            cell.map(|cell| cell.said).filter(|said| *said != Said::Nothing)
        };
        said(one).zip(said(other)).is_some_and(|(one, other)| one != other)
    }
}

impl Tally {
    fn count(&mut self, entry: &Entry) {
        self.of_age += 1;
        self.quarrels += usize::from(entry.quarrel);
        *self.kinds.entry(entry.kind()).or_default() += 1;
    }
}

impl MapFigures {
    fn count(&mut self, entry: &Entry, today: NaiveDate) {
        self.everybody += 1;
        if !entry.of_age {
            return;
        }
        self.whole.count(entry);
        self.towns.entry(entry.town).or_default().count(entry);
        self.overdue += usize::from(entry.due().is_some_and(|due| due < today));
        if !entry.quarrel {
            return;
        }
        for one in TALKERS {
            for other in one + 1..TALKERS.end {
                if entry.differs(one, other) {
                    *self.pairs.entry((one, other)).or_default() += 1;
                }
            }
        }
    }
}

impl Roll {
    /// Counts the children that the reader may see. Who may see whom is asked before anything is counted (T-20).
    pub fn figures(&self, visible: &dyn Fn(&Entry) -> bool, today: NaiveDate) -> MapFigures {
        let mut figures = MapFigures::default();
        self.entries().iter().filter(|e| visible(e)).for_each(|e| figures.count(e, today));
        figures
    }

    /// The children of compulsory age that the reader may see, by status.
    pub fn tally(&self, visible: &dyn Fn(&Entry) -> bool) -> Tally {
        let mut tally = Tally::default();
        let seen = self.entries().iter().filter(|entry| entry.of_age && visible(entry));
        seen.for_each(|entry| tally.count(entry));
        tally
    }
}
