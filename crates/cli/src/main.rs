//! The baoxue command.
fn main() {}
