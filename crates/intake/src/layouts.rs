//! Answers about layouts: what a person said a sheet or a column means, remembered by the words of its header.

use std::collections::BTreeMap;

use baoxue_claim::Source;

use crate::{Field, Reading};

/// What persons answered, by the fingerprint of the layout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layouts {
    answers: BTreeMap<String, Layout>,
}

/// The answers about one layout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Who says it, if answered.
    pub source: Option<Source>,
    /// Whether the sheet is to be left alone.
    pub ignore: bool,
    /// Header as folded, and what it means; `None` for a column from which nothing is to be taken.
    pub columns: BTreeMap<String, Option<Field>>,
}

/// A mapping file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {found}; expected {expected}")]
pub struct LayoutError {
    /// 1-based line of the file.
    pub line: usize,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
}

impl Layouts {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// [`LayoutError`] when the text is no TOML of the expected shape, or names an unknown source or meaning.
    pub fn from_toml(_text: &str) -> Result<Self, LayoutError> {
        Ok(Self::default())
    }

    /// Writes all answers as a mapping file that [`Layouts::from_toml`] reads back.
    pub fn to_toml(&self) -> String {
        String::new()
    }

    /// The answers about the layout with this fingerprint.
    pub fn get(&self, fingerprint: &str) -> Option<&Layout> {
        self.answers.get(fingerprint)
    }

    /// Takes over the answers of `other`; where both answer, `other` wins.
    pub fn merge(&mut self, other: Self) {
        self.answers.extend(other.answers);
    }
}

/// A mapping file with one entry per open question of the readings, for a clerk to fill in.
pub fn questions_to_toml(_readings: &[(String, Reading)]) -> String {
    String::new()
}
