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
        .map(|text| {
            parse_record(text).ok_or_else(|| {
                Failure::usage(&format!(
                    "行号 `{text}` 应写成 3-120 的样子 (a row is written as 3-120)"
                ))
            })
        })
        .collect::<Result<_, _>>()?;
    let [left, right] = rows.as_slice() else { return Err(Failure::usage("ROW ROW")) };
    if left == right {
        return Err(Failure::usage(lang.pick("两行是同一行", "both rows are the same")));
    }
    let ruling = match args::text(matches, "ruling") {
        Some("same") => Some(Ruling::MustLink),
        Some("different") => Some(Ruling::CannotLink),
        Some(_) | None => None,
    };
    let session = Session::open_existing(matches).await?;
    let why = (args::reason(matches)?, args::text(matches, "by").unwrap_or_default(), session.now);
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
