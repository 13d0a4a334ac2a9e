//! Files as columns for record linkage: CSV and Parquet in, clusters and pairs as Parquet out.
//!
//! The caller hands over opened files and says which columns it wants; only those are read, one after the other, and
//! each distinct text is kept once. Nothing here opens a path, asks the clock or knows what a column means.

mod csv;
mod encoding;
mod error;
mod format;
mod ids;
mod input;
mod levels;
mod page;
mod parquet_file;
mod read;
mod rows;
mod typed;
mod waiting;
mod write;

pub use error::{Note, ReadError};
pub use ids::Ids;
pub use input::{Input, ReadSeek};
pub use read::{ColumnChoice, Records, Wanted, names, read};
pub use write::{WriteError, write_clusters, write_clusters_as, write_pairs};
