//! `baoxue score`: compares the answer with a truth and prints the accuracy.

use std::fs;

use baoxue_sample::score::{Language, TruthFiles, score};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang, session::Session};

/// Scores the newest run.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let folder = args::path(matches, "truth").ok_or_else(|| Failure::usage("--truth"))?;
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).map_err(|e| baoxue_flow::FlowError::file(&path, e))
    };
    let truth = TruthFiles {
        children: read("children.csv")?,
        rows: read("rows.csv")?,
        seed_scenario: read("seed_scenario.csv")?,
    };
    let session = Session::open_existing(matches).await?;
    let links = baoxue_flow::links_csv(&session.store).await?;
    let determinations =
        baoxue_flow::determinations_csv(&session.store, &session.county, true).await?;
    let score = score(&truth, &links, &determinations).map_err(anyhow::Error::from)?;
    print!("{}", score.table(lang.pick(Language::Chinese, Language::English)));
    let right = score.rows_lost == 0
        && score.wrongly_accused.is_empty()
        && score.accused_by_split.is_empty();
    Ok(if right { Done::Clean } else { Done::NeedsPerson })
}
