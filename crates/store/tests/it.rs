//! The store on both engines. Every test below `on_both_engines!` runs once on each.

#[path = "it/append.rs"]
mod append;
#[path = "it/common.rs"]
mod common;
#[path = "it/guard.rs"]
mod guard;
#[path = "it/run.rs"]
mod run;
#[path = "it/secrecy.rs"]
mod secrecy;
