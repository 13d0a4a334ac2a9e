//! `baoxue link` and `baoxue determine`: one pass over the live records; they differ in what they print.

use baoxue_flow::Derived;
use clap::ArgMatches;

use crate::{Done, failure::Failure, lang::Lang, session::Session, terminal::Bar};

/// Links and prints how many rows became how many children.
pub(crate) async fn link(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let (_, derived) = derived(matches, false, lang).await?;
    let (rows, children, reviews) =
        (derived.records.len(), derived.children.len(), derived.n_waiting());
    if matches.get_flag("json") {
        println!(
            "{}",
            serde_json::json!({ "rows": rows, "children": children, "reviews": reviews })
        );
    } else {
        println!(
            "{}",
            lang.pick(
                format!("{rows} 行归为 {children} 个孩子；{reviews} 组需要人工核对。"),
                format!(
                    "{rows} rows are {children} children; {reviews} pairs or rows wait for a person"
                ),
            )
        );
        super::run::show_doubts(&derived, lang);
    }
    Ok(if reviews > 0 || !derived.doubts.is_empty() { Done::NeedsPerson } else { Done::Clean })
}

/// Determines and prints how many children have which status.
pub(crate) async fn determine(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let (session, derived) = derived(matches, matches.get_flag("anew"), lang).await?;
    let status = baoxue_flow::status(&session.store).await?;
    let counts = status.run.map(|(_, counts)| counts).unwrap_or_default();
    if matches.get_flag("json") {
        println!(
            "{}",
            serde_json::json!({ "as_of": session.county.settings.as_of, "children": derived.children.len(), "statuses": counts })
        );
    } else {
        println!(
            "{}",
            lang.pick(
                format!("认定日期 {}", session.county.settings.as_of),
                format!("as of {}", session.county.settings.as_of)
            )
        );
        super::status::show_counts(&counts, lang);
        super::run::show_doubts(&derived, lang);
    }
    let conflicts = derived.determined.iter().any(|d| d.verdict.conflict.is_some());
    let waits = conflicts || !derived.doubts.is_empty();
    Ok(if waits { Done::NeedsPerson } else { Done::Clean })
}

/// One pass over the live records, kept in the store; `anew` writes unchanged results too.
pub(super) async fn derived(
    matches: &ArgMatches,
    anew: bool,
    lang: Lang,
) -> Result<(Session, Derived), Failure> {
    let session = Session::open_existing(matches).await?;
    session.warn_unconfigured(lang);
    let mut bar = Bar::new(lang, matches.get_flag("json"));
    if anew {
        session.store.forget_run_digest().await?;
    }
    let derived =
        baoxue_flow::derive(&session.store, &session.county, session.now, &mut |p| bar.show(&p))
            .await?;
    bar.end();
    Ok((session, derived))
}
