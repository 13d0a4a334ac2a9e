//! Rows of a table, given one after the other. A county has a hundred thousand lines, each a kilobyte and more: a ledger
//! needs one at a time, so they are made when they are printed and not before.

use std::borrow::Cow;

use crate::{Line, ReportError};

/// The lines of a ledger, by their position.
pub trait Lines {
    /// How many there are.
    fn n_lines(&self) -> usize;

    /// The line at a position below [`n_lines`](Self::n_lines): the same line whenever it is asked for.
    fn line(&self, at: usize) -> Cow<'_, Line>;
}

impl Lines for Vec<Line> {
    fn n_lines(&self) -> usize {
        self.len()
    }

    fn line(&self, at: usize) -> Cow<'_, Line> {
        Cow::Borrowed(&self[at])
    }
}

/// The rows of one table.
pub(crate) trait Rows<T> {
    /// How many there are.
    fn n_rows(&self) -> usize;

    /// Shows every row in its turn, until one is refused.
    fn each(&self, see: &mut dyn FnMut(&T) -> Result<(), ReportError>) -> Result<(), ReportError>;
}

impl<T> Rows<T> for Vec<&T> {
    fn n_rows(&self) -> usize {
        self.len()
    }

    fn each(&self, see: &mut dyn FnMut(&T) -> Result<(), ReportError>) -> Result<(), ReportError> {
        self.iter().try_for_each(|row| see(row))
    }
}

/// Those lines that belong in a ledger.
pub(crate) struct Chosen<'l> {
    lines: &'l dyn Lines,
    at: Vec<usize>,
}

impl<'l> Chosen<'l> {
    /// The lines that `wanted` takes.
    pub(crate) fn new(lines: &'l dyn Lines, wanted: impl Fn(&Line) -> bool) -> Self {
        let at = (0..lines.n_lines()).filter(|at| wanted(&lines.line(*at))).collect();
        Self { lines, at }
    }
}

impl Rows<Line> for Chosen<'_> {
    fn n_rows(&self) -> usize {
        self.at.len()
    }

    fn each(
        &self,
        see: &mut dyn FnMut(&Line) -> Result<(), ReportError>,
    ) -> Result<(), ReportError> {
        self.at.iter().try_for_each(|at| see(&self.lines.line(*at)))
    }
}
