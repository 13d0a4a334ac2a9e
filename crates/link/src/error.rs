//! Why a table cannot be linked.

/// The table, the model and the constraints do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// A field about two others, see [`Comparator::Together`](crate::Comparator::Together), has columns or does not name two
    /// of them; or another field names some, or stands after such a one.
    #[error(
        "field `{0}`: a field with the comparator `together` has no columns, names two fields as `of`, and stands after all others; these have no `of`"
    )]
    Together(String),
    /// More rows than can be numbered.
    #[error("a table has at most 4294967295 rows, found {0}")]
    Rows(usize),
    /// A column has another number of rows.
    #[error("`{0}` has another number of rows than the table")]
    Length(String),
    /// Two columns have one name.
    #[error("column `{0}` is there twice")]
    Column(String),
    /// Rows that come have other columns than the rows before them.
    #[error("the rows that come must have the columns {expected:?} in this order, found {found:?}")]
    Columns {
        /// The columns of the rows that are there.
        expected: Vec<String>,
        /// The columns of the rows that come.
        found: Vec<String>,
    },
    /// The model names a column that the table lacks.
    #[error("field or rule `{0}` needs the column `{1}`, which the table does not have")]
    ColumnMissing(String, String),
    /// The model names a field that it does not define, or defines after its use.
    #[error("`{0}` refers to the field `{1}`, which is not defined before it")]
    FieldMissing(String, String),
    /// A level is not weighed.
    #[error("field `{0}` does not weigh the level `{1}`")]
    LevelMissing(String, String),
    /// A level that the comparator does not know.
    #[error("field `{0}` weighs the level `{1}`, which its comparator never gives")]
    LevelUnknown(String, String),
    /// A probability outside 0 to 1.
    #[error("field `{0}`, level `{1}`: probabilities must be above 0 and at most 1")]
    Probability(String, String),
    /// More fields than training can hold.
    #[error("a model that is trained has at most {1} fields, found {0}")]
    Fields(usize, usize),
    /// The prior is not positive.
    #[error("`partners_per_record` must be above 0, `relatives_per_record` at least 0")]
    Prior,
    /// A constraint names a row that does not exist.
    #[error("a constraint names row {0}, the table has {1} rows")]
    RowMissing(u32, u32),
    /// A state that another version has saved.
    #[error(
        "the state was saved by version {found} of the linker, this is version {expected}; link all files anew"
    )]
    Saved {
        /// The version of the state.
        found: u64,
        /// The version that reads it.
        expected: u64,
    },
    /// A saved state that was cut or changed.
    #[error(transparent)]
    Damaged(#[from] crate::saved::Damaged),
    /// Decisions contradict each other.
    #[error("rows {0} and {1} must not be joined, but decisions on other rows join them")]
    Contradiction(u32, u32),
}
