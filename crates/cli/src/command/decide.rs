//! `baoxue decide`: a person's ruling on two rows, binding for every later run.

use baoxue_flow::parse_record;
use baoxue_store::Ruling;
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang, session::Session};

/// Appends the ruling.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let rows: Vec<_> = matches
        .get_many::<String>("row")
        .into_iter()
        .flatten()
        .map(|text| parse_record(text).ok_or_else(|| Failure::usage(&format!("`{text}`: 3-120"))))
        .collect::<Result<_, _>>()?;
    let [left, right] = rows.as_slice() else { return Err(Failure::usage("ROW ROW")) };
    let ruling = match args::text(matches, "ruling") {
        Some("same") => Some(Ruling::MustLink),
        Some("different") => Some(Ruling::CannotLink),
        Some(_) | None => None,
    };
    let session = Session::open(matches).await?;
    let why = (
        args::text(matches, "why").unwrap_or_default(),
        args::text(matches, "by").unwrap_or_default(),
        session.now,
    );
    baoxue_flow::rule(&session.store, ruling, (*left, *right), why).await?;
    println!(
        "{}",
        lang.pick(
            "已记录。下次 baoxue link（或 run、determine、report）起照此办理。",
            "recorded; it binds from the next link, determine, report or run",
        )
    );
    Ok(Done::Clean)
}
