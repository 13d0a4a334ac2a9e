//! Tables for the public (T-60, T-61): counts by town in which no child can be found again.
//!
//! Counts of 1 to 4 are hidden, and as many others with them as it takes so that nobody can compute a hidden one from the
//! sums to within less than [`WIDTH`]. A percentage is hidden with either of its counts. What a public table can hold is
//! what [`PublicRow`] has room for: towns and counts, and nothing of a child.

mod grid;

use grid::Grid;

/// Counts below this and above zero are hidden.
///
/// Source: `trust.md` T-61.
const SMALLEST: u32 = 5;

/// The values that a hidden count can have lie at least so far apart.
pub const WIDTH: u32 = 4;

/// What the public sees of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The count.
    Count(u32),
    /// Not told.
    Hidden,
}

/// A row of a public table. There is no room in it for a name, number, birth, telephone, address, card, disability or
/// reason of poverty (T-60): it is made of a town's counts and of nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicRow {
    /// The town.
    pub town: String,
    /// One count for each heading.
    pub counts: Vec<Shown>,
    /// Their sum.
    pub total: Shown,
    /// The share of each count in the sum, in tenths of a percent, rounded; `None` where either is hidden or the sum is 0.
    pub shares: Vec<Option<u32>>,
}

/// A public table with its sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicTable {
    /// What is counted, column by column.
    pub headings: Vec<String>,
    /// One row for each town.
    pub rows: Vec<PublicRow>,
    /// The row of sums.
    pub totals: PublicRow,
}

/// Counts that cannot be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// A row has more or fewer counts than there are headings.
    #[error("row {0} has another number of counts than there are headings")]
    Ragged(usize),
    /// A sum is above what is counted here.
    #[error("the sum of the table is too large")]
    Large,
}

/// The public table of the counts of towns; `all` is what the row of sums is called.
///
/// # Errors
/// [`PublishError`].
pub fn published(
    headings: &[String],
    towns: &[(String, Vec<u32>)],
    all: &str,
) -> Result<PublicTable, PublishError> {
    if let Some(at) = towns.iter().position(|(_, counts)| counts.len() != headings.len()) {
        return Err(PublishError::Ragged(at));
    }
    let counts: Vec<&[u32]> = towns.iter().map(|(_, counts)| counts.as_slice()).collect();
    let mut grid = Grid::of(&counts, headings.len()).ok_or(PublishError::Large)?;
    grid.hide();
    let row = |at: usize, town: &str| {
        let shown = |column: usize| grid.shown(at, column);
        let counts: Vec<Shown> = (0..headings.len()).map(shown).collect();
        let total = shown(headings.len());
        let shares = counts.iter().map(|count| share(*count, total)).collect();
        PublicRow { town: town.to_owned(), counts, total, shares }
    };
    Ok(PublicTable {
        headings: headings.to_vec(),
        rows: towns.iter().enumerate().map(|(at, (town, _))| row(at, town)).collect(),
        totals: row(towns.len(), all),
    })
}

/// Tenths of a percent.
fn share(count: Shown, total: Shown) -> Option<u32> {
    let (Shown::Count(count), Shown::Count(total)) = (count, total) else { return None };
    let total = u64::from(total);
    let share = (u64::from(count) * 1000 + total / 2).checked_div(total)?;
    u32::try_from(share).ok()
}
