//! All letters in memory, brought up to date by the events that came since.

use std::collections::{BTreeMap, HashMap};

use baoxue_act::letter::{Edge, Letter, LetterEvent, LetterYear};
use baoxue_store::{Store, StoreError};

use crate::FlowError;

/// The letters of a county.
#[derive(Clone, Debug, Default)]
pub struct LetterBook {
    letters: BTreeMap<i64, Letter>,
    of_edge: HashMap<(LetterYear, Edge), Vec<i64>>,
    of_code: HashMap<String, i64>,
    /// The number of the last event that is in the book.
    last_event: i64,
}

impl LetterBook {
    /// All letters of the store.
    ///
    /// # Errors
    /// [`FlowError`] when an event cannot be read.
    pub async fn load(store: &Store) -> Result<Self, FlowError> {
        let mut book = Self::default();
        book.refresh(store).await?;
        Ok(book)
    }

    /// Takes in what was recorded since.
    ///
    /// # Errors
    /// [`FlowError`] when an event cannot be read; the book is of no use then.
    pub async fn refresh(&mut self, store: &Store) -> Result<(), FlowError> {
        for found in store.letter_events_after(self.last_event).await? {
            self.last_event += 1;
            let by = found.event.by;
            match (serde_json::from_str(&found.event.body)?, self.letters.get_mut(&found.of)) {
                (LetterEvent::DrawnUp(drawn), None) => {
                    let edge = (drawn.year, drawn.edge.clone());
                    self.of_edge.entry(edge).or_default().push(found.of);
                    if !drawn.code.is_empty() {
                        self.of_code.insert(drawn.code.clone(), found.of);
                    }
                    self.letters.insert(found.of, Letter::new(found.of, *drawn, by));
                }
                (what, Some(letter)) => letter.apply(what, by),
                (_, None) => return Err(StoreError::Damaged("letter_event.body").into()),
            }
        }
        Ok(())
    }

    /// A letter.
    pub fn get(&self, id: i64) -> Option<&Letter> {
        self.letters.get(&id)
    }

    /// The letter that bears a code.
    pub fn of_code(&self, code: &str) -> Option<&Letter> {
        self.get(*self.of_code.get(code)?)
    }

    /// All letters by their number.
    pub fn all(&self) -> impl Iterator<Item = &Letter> {
        self.letters.values()
    }

    /// The letters between two parties for a year, the oldest first; withdrawn ones among them.
    pub fn between(&self, year: LetterYear, edge: &Edge) -> impl Iterator<Item = &Letter> {
        // A key of a map is looked up whole, and an edge is short.
        let ids = self.of_edge.get(&(year, edge.clone())).map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(|id| self.letters.get(id))
    }

    /// The letter between two parties that counts: the newest that is not withdrawn.
    pub fn in_force(&self, year: LetterYear, edge: &Edge) -> Option<&Letter> {
        self.between(year, edge).filter(|letter| letter.withdrawn.is_none()).last()
    }

    /// The years of which there are letters.
    pub fn years(&self) -> std::collections::BTreeSet<LetterYear> {
        self.letters.values().map(|letter| letter.drawn.year).collect()
    }

    /// The number of the last event that is in the book.
    pub const fn last_event(&self) -> i64 {
        self.last_event
    }
}
