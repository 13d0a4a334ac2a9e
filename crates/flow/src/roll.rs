//! The roll: one line for every child of the newest run, held in memory by whoever shows pages.
//!
//! Names are sealed in the store and a status has no column there, so neither can be searched by the database. The lines are
//! few and short (a county has a hundred and fifty thousand), so they are opened once after each run and searched here.

mod entry;
mod figures;
mod find;
mod household;
mod list;
mod order;
mod texts;
mod words;

use std::collections::{BTreeSet, HashMap};

use baoxue_claim::{AidKind, ChildId, TownCode, Towns, names_sealed};
use baoxue_determine::{Context, accounting::TownAccount};
use baoxue_store::{RunSummary, Store, StoredEntry};
use rayon::prelude::*;

use crate::FlowError;

use entry::Note;
#[cfg(test)]
pub(crate) use entry::tests::plain_entry;
pub use entry::{Entry, Marks, OLD_AFTER_DAYS, STRIP, Said, StripCell};
pub(crate) use entry::{marks_of, note, said, stored};
use figures::Counted;
pub use figures::{Firsts, MapFigures, TALKERS};
pub use find::{Counts, Filter, Found, Group, Kind, Population, SchoolStage, Sort, Tally};
pub(crate) use household::households;
pub(crate) use order::Rough;
use texts::Texts;
use words::Words;

/// The children of the newest run.
#[derive(Debug)]
pub struct Roll {
    /// The run; `None` before the first.
    pub run: Option<RunSummary>,
    /// What all children tell.
    pub context: Option<Context>,
    /// Wrong and missing listings by town (错报、漏报); empty before the first run.
    pub towns_account: Vec<TownAccount>,
    /// For which aid a list of the term has come.
    pub aid_lists: BTreeSet<AidKind>,
    entries: Vec<Entry>,
    words: Vec<Words>,
    town_names: HashMap<TownCode, String>,
    counted: Counted,
}

impl Roll {
    /// Opens the lines of the newest run.
    ///
    /// # Errors
    /// [`FlowError`] when the store refuses or a line cannot be read.
    pub async fn load(store: &Store, towns: &Towns) -> Result<Self, FlowError> {
        let run = store.latest_run().await?;
        let note = store.run_note().await?;
        let (mut entries, mut texts) = (Vec::new(), Texts::default());
        let read = |line: &StoredEntry| serde_json::from_slice(&line.body);
        store
            .entries(|lines| {
                let page: Vec<Entry> = lines.par_iter().map(read).collect::<Result<_, _>>()?;
                entries.extend(page.into_iter().map(|entry| texts.shared(entry)));
                Ok::<(), FlowError>(())
            })
            .await?;
        let note = note.as_deref().map(Note::read).transpose()?;
        let (context, towns_account, aid_lists) =
            note.map(|note| (Some(note.context), note.towns, note.aid_lists)).unwrap_or_default();
        let town_names = towns.all().iter().map(|town| (town.code, town.name.clone())).collect();
        Ok(Self { run, context, towns_account, aid_lists, town_names, ..Self::of_entries(entries) })
    }

    /// The roll of some lines in the order of children, of no run.
    pub(crate) fn of_entries(mut entries: Vec<Entry>) -> Self {
        entries.shrink_to_fit();
        let words: Vec<Words> = entries.par_iter().map(Words::of).collect();
        let mut texts = Texts::default();
        let words = words.into_iter().map(|words| words.shared(&mut texts)).collect();
        Self {
            run: None,
            context: None,
            towns_account: Vec::new(),
            aid_lists: BTreeSet::new(),
            entries,
            words,
            town_names: HashMap::new(),
            counted: Counted::default(),
        }
    }

    /// The line of a child.
    pub fn entry(&self, child: ChildId) -> Option<&Entry> {
        self.at(child).map(|at| &self.entries[at])
    }

    fn at(&self, child: ChildId) -> Option<usize> {
        self.entries.binary_search_by_key(&child, |entry| entry.child).ok()
    }

    /// All lines, in the order of children. Whoever shows one asks first whether the reader may see it.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The children of a child's household, itself among them, in their order; only itself when registers know of no other.
    pub fn household(&self, entry: &Entry) -> Vec<&Entry> {
        let Some(household) = entry.household else {
            return self.entry(entry.child).into_iter().collect();
        };
        self.entries.iter().filter(|other| other.household == Some(household)).collect()
    }

    /// The schools that children are in, by name; without those whose name betrays what no page may tell.
    pub fn schools(&self) -> BTreeSet<&str> {
        let named = self.entries.iter().filter_map(|entry| entry.school.as_deref());
        named.filter(|name| !name.is_empty() && !names_sealed(name)).collect()
    }

    /// The name of a town as ledgers print it.
    pub fn town_name(&self, entry: &Entry) -> Option<&str> {
        self.town_names.get(&entry.town?).map(String::as_str)
    }
}
