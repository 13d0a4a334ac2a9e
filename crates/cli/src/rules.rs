//! `baoxue rules`: what the rules are, whether they hold, and what they make of a child. One file per command below it.

mod check;
mod diff;
mod explain;
mod load;
mod what_if;

use clap::{ArgMatches, Command};

use crate::{Done, failure::Failure, lang::Lang};

/// The command line of `baoxue rules`.
pub(crate) fn command(lang: Lang) -> Command {
    Command::new("rules")
        .about(lang.pick("规则包：检查、解释、比较", "rule packs: check, explain, compare"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(check::command(lang))
        .subcommand(what_if::command(lang))
        .subcommand(explain::command(lang))
        .subcommand(diff::command(lang))
}

/// Runs the command below `rules` that was named.
pub(crate) async fn dispatch(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    match matches.subcommand() {
        Some(("check", m)) => check::run(m, lang),
        Some(("what-if", m)) => what_if::run(m, lang).await,
        Some(("explain", m)) => explain::run(m, lang).await,
        Some(("diff", m)) => diff::run(m, lang),
        Some(_) | None => Err(Failure::usage("no such command")),
    }
}
