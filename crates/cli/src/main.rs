//! The `baoxue` program: one executable, one command per task of a clerk.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool talks to its user"
)]

mod args;
mod command;
mod failure;
mod lang;
mod link;
mod rules;
mod session;
mod terminal;
mod usage;

use std::process::ExitCode;

use clap::ArgMatches;

use crate::{failure::Failure, lang::Lang};

/// Stages of a county's size come and go; the system's allocator keeps what they leave behind.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Exit codes of `ARCHITECTURE.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// Done, nothing waits.
    Clean,
    /// Done, something needs a person: rejects, questions, conflicts.
    NeedsPerson,
}

fn main() -> ExitCode {
    let lang = Lang::of_arguments(std::env::args().skip(1));
    let matches = match args::command(lang).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return usage::answer(&error, lang),
    };
    // The reading process limits itself and must not carry a runtime.
    if let Some(("__read-file", rest)) = matches.subcommand() {
        return command::read_file::run(rest);
    }
    let runtime =
        match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return failed(&Failure::from(anyhow::Error::from(error)), lang),
        };
    match runtime.block_on(dispatch(&matches, lang)) {
        Ok(Done::Clean) => ExitCode::SUCCESS,
        Ok(Done::NeedsPerson) => ExitCode::from(1),
        Err(failure) => failed(&failure, lang),
    }
}

async fn dispatch(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    use command::{
        answer, decide, derive, doctor, expiring, export, id, import, init, report, run, sample,
        score, signs, status, withdraw,
    };
    match matches.subcommand() {
        Some(("init", m)) => init::run(m, lang).await,
        Some(("import", m)) => import::run(m, lang).await,
        Some(("link", m)) => link::dispatch(m, lang).await,
        Some(("determine", m)) => derive::determine(m, lang).await,
        Some(("report", m)) => report::run(m, lang).await,
        Some(("rules", m)) => rules::dispatch(m, lang).await,
        Some(("run", m)) => run::run(m, lang).await,
        Some(("export", m)) => export::run(m, lang).await,
        Some(("withdraw", m)) => withdraw::run(m, lang).await,
        Some(("decide", m)) => decide::run(m, lang).await,
        Some(("answer", m)) => answer::run(m, lang).await,
        Some(("expiring", m)) => expiring::run(m, lang).await,
        Some(("signs", m)) => signs::run(m, lang).await,
        Some(("status", m)) => status::run(m, lang).await,
        Some(("doctor", m)) => doctor::run(m, lang).await,
        Some(("id", m)) => id::run(m, lang),
        Some(("sample", m)) => sample::run(m, lang),
        Some(("score", m)) => score::run(m, lang).await,
        Some(_) | None => Err(Failure::usage("no such command")),
    }
}

fn failed(failure: &Failure, lang: Lang) -> ExitCode {
    eprintln!("{}", failure.text(lang));
    ExitCode::from(failure.exit_code())
}
