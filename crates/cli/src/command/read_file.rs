//! The hidden command of the reading process.

use std::process::ExitCode;

use clap::ArgMatches;

/// Limits itself, reads one file from standard input and writes its grid to standard output.
pub(crate) fn run(matches: &ArgMatches) -> ExitCode {
    let arguments: Vec<String> =
        matches.get_many::<String>("rest").into_iter().flatten().cloned().collect();
    baoxue_flow::worker::worker_main(&arguments)
}
