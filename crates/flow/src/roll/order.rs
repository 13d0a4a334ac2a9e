//! Orders that are rougher than the one on screen, so that what lies within may carry a mark.

use baoxue_claim::{Birth, ChildId};
use chrono::Datelike;

use super::{Roll, Sort};

/// The keys of a row, the roughest first: rows with equal keys may stand in any order.
pub(crate) type Rough = [String; 2];

/// Sorts behind all that is known.
const UNKNOWN: &str = "~";

impl Roll {
    /// The rough keys of a child in an order; `None` when the roll has no such child.
    pub(crate) fn rough(&self, child: ChildId, sort: Sort) -> Option<Rough> {
        let at = self.at(child)?;
        let (entry, words) = (&self.entries[at], &self.words[at]);
        let town = entry.town.map_or_else(|| UNKNOWN.to_owned(), |town| town.to_string());
        Some(match sort {
            Sort::Urgency => [format!("{:02}", entry.kind() as u8), town],
            Sort::Place => [town, entry.village.as_deref().unwrap_or(UNKNOWN).to_owned()],
            Sort::Name => {
                let mut signs = words.sort_key().chars().map(String::from);
                let first = signs.next().unwrap_or_else(|| UNKNOWN.to_owned());
                [first, signs.next().unwrap_or_default()]
            }
            Sort::Due => entry.due().map_or_else(
                || [UNKNOWN.to_owned(), String::new()],
                |due| [due.format("%Y-%m").to_string(), due.to_string()],
            ),
            Sort::Birth => {
                let birth = entry.birth.map(Birth::earliest);
                // The youngest first.
                let year = birth.map_or_else(
                    || UNKNOWN.to_owned(),
                    |day| format!("{:05}", 10_000 - day.year()),
                );
                let month = birth.map(|day| format!("{:02}", 12 - day.month()));
                [year, month.unwrap_or_default()]
            }
        })
    }
}
