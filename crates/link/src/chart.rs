//! Charts as SVG text: what a model weighs, what a run did, how good it was.
//!
//! Each function takes plain data and gives one `<svg>` element that stands alone or in a page: no script, no style
//! sheet, no foreign font. Title and description say the finding in words, every bar has its number beside it, and what
//! colour tells is told by a pattern or a sign too. The same data give the same bytes.
//!
//! ```
//! use baoxue_link::{Model, chart};
//! let svg = chart::weights(&Model::children(), chart::Lang::En);
//! assert!(svg.starts_with("<svg ") && !svg.contains("script"));
//! ```

mod blocking;
mod calibration;
mod curve;
mod missing;
mod parameters;
mod siblings;
mod sizes;
mod svg;
mod waterfall;
mod weights;

pub use crate::words::{Lang, field_word, level_word};
pub use blocking::blocking;
pub use calibration::{Band, calibration};
pub use curve::{ThresholdPoint, thresholds};
pub use missing::{Filled, missing};
pub use parameters::parameters;
pub use siblings::{Mixing, siblings};
pub use sizes::sizes;
pub use svg::escape;
pub use waterfall::waterfall;
pub use weights::weights;
