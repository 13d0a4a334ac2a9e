//! The `baoxue` program: one executable, one command per task of a clerk.

/// As in the standard library, but whoever closes the pipe ends nothing: the work goes on, see [`terminal::say`].
macro_rules! println {
    () => { $crate::terminal::say(format_args!("\n")) };
    ($($part:tt)*) => { $crate::terminal::say(format_args!("{}\n", format_args!($($part)*))) };
}
/// Likewise.
macro_rules! print {
    ($($part:tt)*) => { $crate::terminal::say(format_args!($($part)*)) };
}
/// Likewise.
macro_rules! eprint {
    ($($part:tt)*) => { $crate::terminal::warn(format_args!($($part)*)) };
}
/// Likewise.
macro_rules! eprintln {
    ($($part:tt)*) => { $crate::terminal::warn(format_args!("{}\n", format_args!($($part)*))) };
}

mod args;
mod command;
mod failure;
mod lang;
mod link;
mod rules;
mod session;
mod settings;
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
    let line = match settings::expanded(std::env::args_os().collect(), lang) {
        Ok(line) => line,
        Err(failure) => return failed(&failure, lang),
    };
    let matches = match args::command(lang).try_get_matches_from(line) {
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
    let done = runtime.block_on(dispatch(&matches, lang));
    match (done, terminal::lost()) {
        (Err(failure), _) => failed(&failure, lang),
        (Ok(_), Some(error)) => {
            eprintln!("{}", lang.pick(
                format!("工作已完成，但屏幕输出没有写全（{}）。请检查输出位置是否已满。", baoxue_flow::io_zh(&error)),
                format!("the work is done, but what was printed was not written whole ({error}); check where it goes"),
            ));
            ExitCode::from(3)
        }
        (Ok(Done::Clean), None) => ExitCode::SUCCESS,
        (Ok(Done::NeedsPerson), None) => ExitCode::from(1),
    }
}

async fn dispatch(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    use command::{
        account, aid, answer, cases, compare, decide, demo, derive, doctor, expiring, export, id,
        import, init, keys, listings, monitor, report, run, sample, score, serve, signs, status,
        trace, verify, withdraw,
    };
    match matches.subcommand() {
        Some(("init", m)) => init::run(m, lang).await,
        Some(("import", m)) => import::run(m, lang).await,
        Some(("link", m)) => link::dispatch(m, lang).await,
        Some(("determine", m)) => derive::determine(m, lang).await,
        Some(("report", m)) => report::run(m, lang).await,
        Some(("rules", m)) => rules::dispatch(m, lang).await,
        Some(("run", m)) => run::run(m, lang).await,
        Some(("compare", m)) => compare::run(m, lang).await,
        Some(("listings", m)) => listings::run(m, lang).await,
        Some(("monitor", m)) => monitor::run(m, lang).await,
        Some(("aid", m)) => aid::run(m, lang).await,
        Some(("export", m)) => export::run(m, lang).await,
        Some(("withdraw", m)) => withdraw::run(m, lang).await,
        Some(("decide", m)) => decide::run(m, lang).await,
        Some(("cases", m)) => cases::run(m, lang).await,
        Some(("answer", m)) => answer::run(m, lang).await,
        Some(("expiring", m)) => expiring::run(m, lang).await,
        Some(("signs", m)) => signs::run(m, lang).await,
        Some(("trace", m)) => trace::run(m, lang).await,
        Some(("keys", m)) => keys::run(m, lang).await,
        Some(("verify", m)) => verify::run(m, lang).await,
        Some(("account", m)) => account::run(m, lang).await,
        Some(("serve", m)) => serve::run(m, lang).await,
        Some(("demo", m)) => demo::run(m, lang).await,
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
