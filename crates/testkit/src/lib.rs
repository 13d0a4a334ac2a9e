//! Builders and the test county.

pub mod post;
pub mod postgres;
