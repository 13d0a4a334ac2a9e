//! Synthetic counties with known truth, and the score of an answer.
//!
//! [`county`] tells the story of each child once and writes from it both what the departments would send (`input/…`) and
//! what is so (`truth/…`). [`score::score`] compares an answer with the truth files. Neither knows how the answer is made.
//! [`registers`] writes five registers of the children of many counties as one table, for linkage alone.

mod county;
pub mod score;

pub use county::{
    FileEntry, Manifest, RegistersSpec, RegistersTold, Spec, county, default_towns, registers,
};
