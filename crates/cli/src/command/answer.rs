//! `baoxue answer`: what a side of a conflict answers, kept in the log.

use baoxue_claim::Source;
use baoxue_flow::{Outcome, Reply};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang, session::Session};

/// Appends the answer.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let child = args::child_of(matches)?;
    let name = args::text(matches, "side").unwrap_or_default();
    let side = name.parse::<Source>().map_err(|error| Failure::usage(&error.to_string()))?;
    let outcome = match args::text(matches, "outcome") {
        Some("corrects") => Outcome::Corrects,
        Some(_) | None => Outcome::StillDisagrees,
    };
    let session = Session::open_existing(matches).await?;
    let reply = Reply {
        child,
        side,
        outcome,
        because: args::reason(matches)?.to_owned(),
        by: args::text(matches, "by").unwrap_or_default().to_owned(),
        at: session.now,
    };
    baoxue_flow::reply(&session.store, reply).await?;
    println!(
        "{}",
        lang.pick(
            "已记录。用 baoxue rules explain 查看双方答复。",
            "recorded; baoxue rules explain shows the answers of both sides",
        )
    );
    Ok(Done::Clean)
}
