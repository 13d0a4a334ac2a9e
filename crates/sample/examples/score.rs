//! Scores an answer: `score TRUTH_FOLDER LINKS DETERMINATIONS [en]`.

use std::{
    error::Error,
    fs,
    io::{Write, stdout},
    path::PathBuf,
};

use baoxue_sample::score::{Language, TruthFiles, score};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what: &str| arguments.next().ok_or_else(|| format!("{what} is missing"));
    let folder = PathBuf::from(next("truth folder")?);
    let (links, determinations) = (next("links")?, next("determinations")?);
    let language = if arguments.next().as_deref() == Some("en") {
        Language::English
    } else {
        Language::Chinese
    };
    let truth = TruthFiles {
        children: fs::read_to_string(folder.join("children.csv"))?,
        rows: fs::read_to_string(folder.join("rows.csv"))?,
        seed_scenario: fs::read_to_string(folder.join("seed_scenario.csv"))?,
    };
    let score = score(&truth, &fs::read_to_string(links)?, &fs::read_to_string(determinations)?)?;
    stdout().write_all(score.table(language).as_bytes())?;
    Ok(())
}
