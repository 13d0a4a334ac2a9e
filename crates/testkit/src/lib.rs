//! Builders and the test county.
