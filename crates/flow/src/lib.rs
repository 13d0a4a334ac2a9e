//! Runs the stages against the store.
