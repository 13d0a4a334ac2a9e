//! The store on both engines. Every test that `on_both_engines!` names runs once on each.
// The lints know by `cfg(test)` that a test may unwrap.

#[cfg(test)]
#[path = "it/append.rs"]
mod append;
#[cfg(test)]
#[path = "it/cases.rs"]
mod cases;
#[cfg(test)]
#[path = "it/common.rs"]
mod common;
#[cfg(test)]
#[path = "it/exports.rs"]
mod exports;
#[cfg(test)]
#[path = "it/guard.rs"]
mod guard;
#[cfg(test)]
#[path = "it/lease.rs"]
mod lease;
#[cfg(test)]
#[path = "it/letters.rs"]
mod letters;
#[cfg(test)]
#[path = "it/notices.rs"]
mod notices;
#[cfg(test)]
#[path = "it/outside.rs"]
mod outside;
#[cfg(test)]
#[path = "it/papers.rs"]
mod papers;
#[cfg(test)]
#[path = "it/run.rs"]
mod run;
#[cfg(test)]
#[path = "it/secrecy.rs"]
mod secrecy;
#[cfg(test)]
#[path = "it/tree.rs"]
mod tree;
#[cfg(test)]
#[path = "it/views.rs"]
mod views;
