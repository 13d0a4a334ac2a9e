//! `baoxue export`: the two CSVs for other programs, on standard output.

use std::io::{ErrorKind, Write};

use baoxue_report::Masking;
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang, session::Session};

/// Prints `links` or `determinations`.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let session = Session::open_existing(matches).await?;
    session.warn_stale(lang).await?;
    let csv = if args::text(matches, "what") == Some("links") {
        baoxue_flow::links_csv(&session.store).await?
    } else {
        let full_ids =
            matches!(session.masking(matches, "determinations").await?, Masking::Full { .. });
        baoxue_flow::determinations_csv(&session.store, &session.county, full_ids).await?
    };
    match std::io::stdout().lock().write_all(csv.as_bytes()) {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Done::Clean),
        Err(error) => Err(anyhow::Error::from(error).into()),
        Ok(()) => Ok(Done::Clean),
    }
}
