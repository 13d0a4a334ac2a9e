//! The store on both engines. Every test that `on_both_engines!` names runs once on each.

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
