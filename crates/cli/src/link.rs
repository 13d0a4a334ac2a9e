//! `baoxue link` on anybody's files: which records are the same person, and why.

mod arguments;
mod changed;
mod differences;
mod engine;
mod evaluate;
mod explain;
mod fault;
mod files;
mod judged;
mod kind;
mod labels;
mod load;
mod names;
mod page;
mod profile;
mod progress;
mod propose;
mod review;
mod rules;
mod run;
mod stakes;
mod state;
mod untrained;
mod update;

pub(crate) use arguments::command;

use clap::ArgMatches;

use crate::{Done, command::derive, failure::Failure, lang::Lang};

/// The stored claims with `--data`, files otherwise.
pub(crate) async fn dispatch(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    match matches.subcommand() {
        Some(("explain", m)) => explain::run(m, lang),
        Some(("review", m)) => review::run(m, lang),
        Some(("evaluate", m)) => evaluate::run(m, lang),
        Some(("profile", m)) => profile::run(m, lang),
        Some(("propose", m)) => propose::run(m, lang),
        Some(("differences", m)) => differences::run(m, lang),
        Some(("add", m)) => update::add(m, lang),
        Some(("withdraw", m)) => update::withdraw(m, lang),
        Some(_) => Err(Failure::usage("no such command")),
        None if matches.contains_id("input") => run::run(matches, lang),
        None => derive::link(matches, lang).await,
    }
}
