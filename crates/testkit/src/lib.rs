//! Builders and the test county.

pub mod postgres;
