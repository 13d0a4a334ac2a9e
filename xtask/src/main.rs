//! Tidy checks of the repository.
fn main() {}
