//! Files as departments and attackers send them, built here byte by byte or written by real programs.

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
