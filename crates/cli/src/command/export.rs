//! `baoxue export`: the two CSVs for other programs, on standard output.

use baoxue_report::Masking;
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang, session::Session};

/// Prints `links` or `determinations`.
pub(crate) async fn run(matches: &ArgMatches, _lang: Lang) -> Result<Done, Failure> {
    let session = Session::open(matches).await?;
    let csv = if args::text(matches, "what") == Some("links") {
        baoxue_flow::links_csv(&session.store).await?
    } else {
        let full_ids =
            matches!(session.masking(matches, "determinations").await?, Masking::Full { .. });
        baoxue_flow::determinations_csv(&session.store, &session.county, full_ids).await?
    };
    print!("{csv}");
    Ok(Done::Clean)
}
