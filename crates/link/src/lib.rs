#![doc = include_str!("../README.md")]

mod block;
mod characters;
pub mod chart;
mod cluster;
mod comparator;
mod compare;
mod error;
mod explain;
mod field;
mod guess;
pub mod identity;
mod join;
mod joined;
mod model;
mod prepare;
mod review;
mod starting;
mod table;
mod texts;
mod train;
mod transform;

pub use cluster::{
    BlockReport, Capped, Constraints, Linkage, Pair, Progress, Review, ReviewReason, Stage, Veto,
    VetoReason, clusters,
};
pub use comparator::Comparator;
pub use error::LinkError;
pub use explain::{FieldBits, Waterfall, explain};
pub use guess::{ColumnGuess, ColumnKind, Guess, Reason, guess};
pub use model::{
    BlockKey, BlockRule, Containment, FieldModel, IdentityRule, Level, Model, Prior, Thresholds,
};
pub use starting::{household_levels, starting_levels};
pub use table::{ALTERNATIVE, Column, ColumnBuilder, Table};
pub use texts::Texts;
pub use train::{TrainedField, TrainedLevel, Training, train, train_and_link};
pub use transform::Transform;
