#![doc = include_str!("../README.md")]

mod block;
mod characters;
pub mod chart;
mod choice;
mod cluster;
mod comparator;
mod compare;
mod difference;
mod doubt;
mod error;
mod estimate;
mod evaluate;
mod explain;
mod field;
mod guess;
pub mod identity;
mod join;
mod joined;
mod labels;
mod linker;
mod model;
mod prepare;
mod propose;
mod recall;
mod review;
pub mod saved;
pub mod say;
mod starting;
mod story;
mod table;
mod texts;
mod train;
mod transform;
mod truth;
mod words;

pub use choice::{Choice, Question, choose};
pub use cluster::{
    BlockReport, Capped, Constraints, Linkage, Pair, Progress, Review, ReviewReason, Stage, Veto,
    VetoReason, clusters,
};
pub use comparator::Comparator;
pub use difference::{Difference, LevelDifference, Named, Which};
pub use error::LinkError;
pub use estimate::Estimate;
pub use evaluate::{Evaluation, StratumFound, evaluate_labels};
pub use explain::{FieldBits, Waterfall, explain};
pub use guess::{ColumnGuess, ColumnKind, Guess, Reason, guess};
pub use labels::{Asked, Contradiction, Label, LabelSample, Stratum, sample_for_labels};
pub use linker::{Changes, Joined, JoinedBy, Linker, Split, SplitBy, Update};
pub use model::{
    BlockKey, BlockRule, Containment, FieldModel, IdentityRule, Level, Model, Prior, Thresholds,
};
pub use propose::{Proposal, Wish, propose};
pub use recall::{BlockingRecall, RuleRecall, blocking_recall};
pub use starting::{household_levels, starting_levels};
pub use story::{
    Apart, Border, ClusterStory, Hold, Link, SourceRows, WeakestLink, explain_cluster,
};
pub use table::{ALTERNATIVE, Column, ColumnBuilder, Table};
pub use texts::Texts;
pub use train::{
    Hypothesis, TrainedField, TrainedLevel, Training, Untrained, train, train_and_link,
};
pub use transform::Transform;
pub use truth::{Counted, Measures, TruthReport, evaluate_truth};
