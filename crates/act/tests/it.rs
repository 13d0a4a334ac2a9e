//! Cases told by their events.
// The lints know by `cfg(test)` that a test may unwrap.

#[cfg(test)]
#[path = "it/account.rs"]
mod account;
#[cfg(test)]
#[path = "it/anew.rs"]
mod anew;
#[cfg(test)]
#[path = "it/common.rs"]
mod common;
#[cfg(test)]
#[path = "it/histories.rs"]
mod histories;
#[cfg(test)]
#[path = "it/promised.rs"]
mod promised;
#[cfg(test)]
#[path = "it/still.rs"]
mod still;
#[cfg(test)]
#[path = "it/stories.rs"]
mod stories;
#[cfg(test)]
#[path = "it/telling.rs"]
mod telling;
