//! From the command line to a table, a model and constraints.

use std::{fs::File, path::PathBuf};

use baoxue_columnar::{ColumnChoice, Input, Records, Wanted, read};
use baoxue_link::{Column, Constraints, Model, Thresholds, Training, Untrained};
use clap::ArgMatches;

use crate::{args, failure::Failure, lang::Lang};

use super::{
    engine::{self, ModelSource},
    fault, labels,
    progress::Line,
};

/// Everything that linking needs.
pub(super) struct Job {
    pub(super) records: Records,
    pub(super) model: Model,
    pub(super) constraints: Constraints,
    /// What training could not teach.
    pub(super) untrained: Vec<Untrained>,
    /// Fields whose probabilities for brothers and sisters are those for one person.
    pub(super) shared: Vec<String>,
    /// Whether the model is to be trained before it is used.
    pub(super) trains: bool,
    /// Whether it was.
    pub(super) learnt: bool,
}

impl Job {
    /// Takes over what training has found.
    pub(super) fn take(&mut self, training: Training) {
        self.untrained = training.untrained().collect();
        self.shared = training.shared().map(str::to_owned).collect();
        self.model = training.model;
        (self.trains, self.learnt) = (false, true);
    }
}

/// Reads the files for the model.
pub(super) fn job(
    matches: &ArgMatches,
    inputs: &[PathBuf],
    line: &mut Line,
    lang: Lang,
) -> Result<Job, Failure> {
    let source = ModelSource::named(args::text(matches, "model").unwrap_or("auto"));
    let threshold = threshold(matches, lang)?;
    let model = source.read(lang)?;
    let columns =
        model.as_ref().map_or(ColumnChoice::All, |m| ColumnChoice::Named(engine::columns(m)));
    let wanted = Wanted {
        id: args::text(matches, "id").map(str::to_owned),
        source: args::text(matches, "source").map(str::to_owned),
        columns,
    };
    let mut records = records(inputs, &wanted, line, lang)?;
    let mut model = match model {
        Some(model) => model,
        None => engine::guess(&records).map_err(|error| fault::link(&error, lang))?,
    };
    if let Some(column) = &records.source {
        model = engine::with_source(model, &source, column.name());
        if records.table.column(column.name()).is_none() {
            records.table =
                records.table.with(column.clone()).map_err(|error| fault::link(&error, lang))?;
        }
    }
    let mut constraints = constraints(matches, records.source.as_ref(), lang)?;
    if let Some(path) = args::path(matches, "decisions") {
        labels::rule(path, (&mut constraints, &records.ids), line, lang)?;
    }
    if let Some(bits) = threshold {
        let thresholds = &mut model.thresholds;
        *thresholds = Thresholds {
            join_bits: bits,
            review_bits: thresholds.review_bits.min(bits),
            ..*thresholds
        };
    }
    let trains = !matches.get_flag("no-train");
    let (untrained, shared, learnt) = (Vec::new(), Vec::new(), false);
    Ok(Job { records, model, constraints, untrained, shared, trains, learnt })
}

/// Opens and reads files; what was noticed goes to standard error.
pub(super) fn records(
    paths: &[PathBuf],
    wanted: &Wanted,
    line: &Line,
    lang: Lang,
) -> Result<Records, Failure> {
    let records = read(open(paths, lang)?, wanted, &line.reading())
        .map_err(|error| fault::read(&error, lang))?;
    fault::show(&records.notes, lang);
    Ok(records)
}

/// The names of the columns of files.
pub(super) fn names(paths: &[PathBuf], lang: Lang) -> Result<Vec<String>, Failure> {
    baoxue_columnar::names(open(paths, lang)?).map_err(|error| fault::read(&error, lang))
}

fn open(paths: &[PathBuf], lang: Lang) -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::new();
    for path in paths {
        let file = File::open(path).and_then(|file| {
            if file.metadata()?.is_dir() {
                return Err(std::io::ErrorKind::IsADirectory.into());
            }
            Ok(file)
        });
        let file = file.map_err(|error| fault::io(path, &error, lang))?;
        inputs.push(Input::new(&path.display().to_string(), file));
    }
    Ok(inputs)
}

/// The files of the command line.
pub(super) fn inputs(matches: &ArgMatches) -> Vec<PathBuf> {
    matches.get_many::<PathBuf>("input").into_iter().flatten().cloned().collect()
}

/// `--threshold` as log2 odds.
fn threshold(matches: &ArgMatches, lang: Lang) -> Result<Option<f32>, Failure> {
    let Some(p) = matches.get_one::<f64>("threshold").copied() else { return Ok(None) };
    if !(p > 0.0 && p < 1.0) {
        return Err(Failure::usage(lang.pick(
            "--threshold 应在 0 和 1 之间，例如 0.99",
            "--threshold must lie between 0 and 1, such as 0.99",
        )));
    }
    #[expect(clippy::cast_possible_truncation, reason = "odds need no more digits")]
    Ok(Some((p / (1.0 - p)).log2() as f32))
}

/// The source of each row, and which sources have each person once.
fn constraints(
    matches: &ArgMatches,
    source: Option<&Column>,
    lang: Lang,
) -> Result<Constraints, Failure> {
    let Some(column) = source else { return Ok(Constraints::default()) };
    let once: Vec<&String> =
        matches.get_many::<String>("one-per-source").into_iter().flatten().collect();
    let unknown = once
        .iter()
        .find(|name| **name != "all" && column.texts().iter().all(|text| text != **name));
    if let Some(name) = unknown {
        return Err(Failure::Usage(lang.pick(
            format!("来源列“{}”中没有“{name}”", column.name()),
            format!("the column `{}` has no source `{name}`", column.name()),
        )));
    }
    if column.texts().len() > usize::from(u16::MAX) {
        let n = column.texts().len();
        return Err(Failure::File(lang.pick(
            format!("来源列“{}”有 {n} 种取值，看来不是来源；请检查 --source。", column.name()),
            format!(
                "the column `{}` has {n} values and hardly says a source; check --source",
                column.name()
            ),
        )));
    }
    let is_once = |text: &str| once.iter().any(|name| *name == text || *name == "all");
    Ok(Constraints {
        source: column.values().iter().map(|v| u16::try_from(*v).unwrap_or_default()).collect(),
        // Records without a source promise nothing.
        one_per_source: column
            .texts()
            .iter()
            .map(|text| !text.is_empty() && is_once(text))
            .collect(),
        ..Constraints::default()
    })
}
