//! Files as departments and attackers send them, built here byte by byte or written by real programs.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::wildcard_enum_match_arm,
    reason = "the functions that build files are test code, though not marked as tests"
)]

#[path = "format_files/bad.rs"]
mod bad;
#[path = "format_files/build.rs"]
mod build;
#[path = "format_files/good.rs"]
mod good;
#[path = "format_files/mutated.rs"]
mod mutated;
#[path = "format_files/text.rs"]
mod text;
