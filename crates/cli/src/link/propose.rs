//! `baoxue link propose`: which blocking rules suit the data, what each brings and what it costs.

use std::io::Write;

use baoxue_link::{Model, Proposal, Wish, propose};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang};

use super::{
    engine::SEED,
    fault, files,
    load::{self, Job},
    progress::Line,
    untrained,
};

/// A rule that brings fewer of the matches is not worth its name.
const LEAST_GAIN: f64 = 0.001;

/// A key that more rows share is left to the other rules.
const MOST_ROWS: u32 = 200;

/// Prints the rules; with `--out` also a model that has them.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    if matches.get_flag("no-train") {
        return Err(Failure::usage(lang.pick(
            "提出规则前总要先学习一遍，--no-train 在这里没有用",
            "rules are proposed after training; --no-train has no use here",
        )));
    }
    let is_json = matches.get_flag("json");
    let mut line = Line::new(lang, is_json);
    let mut job = load::job(matches, &load::inputs(matches), &mut line, lang)?;
    forget_source(&mut job);
    let wish = Wish {
        pairs_per_record: pairs(matches, lang)?,
        most_rules: matches.get_one::<usize>("rules").copied().unwrap_or(usize::MAX),
        most_rows: MOST_ROWS,
        least_gain: LEAST_GAIN,
        seed: SEED,
    };
    let (training, proposals) =
        propose(&job.records.table, &job.model, &job.constraints, wish, &mut |p| line.show(p))
            .map_err(|error| fault::link(&error, lang))?;
    line.end();
    untrained::note(&training.untrained().collect::<Vec<_>>(), lang);
    if proposals.is_empty() {
        return Err(Failure::File(nothing(lang)));
    }
    let model = Model {
        blocks: proposals.iter().map(|proposal| proposal.rule.clone()).collect(),
        ..job.model
    };
    if let Some(path) = args::path(matches, "out") {
        let text = toml::to_string(&model).map_err(anyhow::Error::from)?;
        files::replace(path, lang, |file| Ok(file.write_all(text.as_bytes())?))?;
    }
    if is_json {
        println!("{}", serde_json::json!({ "proposals": proposals }));
    } else {
        for proposal in &proposals {
            println!("{}", told(proposal, lang));
        }
        println!("{}", reservation(lang));
    }
    Ok(Done::Clean)
}

/// Rows of one register are no reason to compare them.
fn forget_source(job: &mut Job) {
    if let Some(source) = &job.records.source {
        job.model.fields.retain(|field| field.columns != [source.name()]);
    }
}

fn pairs(matches: &ArgMatches, lang: Lang) -> Result<f64, Failure> {
    let pairs = matches.get_one::<f64>("pairs").copied().unwrap_or_default();
    if pairs.is_finite() && pairs > 0.0 {
        return Ok(pairs);
    }
    Err(Failure::usage(
        lang.pick("--pairs 应大于 0，例如 10", "--pairs must be above 0, such as 10"),
    ))
}

fn told(proposal: &Proposal, lang: Lang) -> String {
    let Proposal { rule, n_pairs, capped, recall, gain, recall_so_far, pairs_per_record_so_far } =
        proposal;
    let name = &rule.name;
    let [recall, gain, so_far] = [recall, gain, recall_so_far].map(|share| share * 100.0);
    let mut text = lang.pick(
        format!("{name}\n  {n_pairs} 对，找到 {recall:.2} %，其中新找到 {gain:.2} %；到此共找到 {so_far:.2} %，每条记录 {pairs_per_record_so_far:.1} 对"),
        format!("{name}\n  {n_pairs} pairs, reaches {recall:.2} %, of these new {gain:.2} %; so far {so_far:.2} %, {pairs_per_record_so_far:.1} pairs per record"),
    );
    if capped.n_keys > 0 {
        let (keys, rows) = (capped.n_keys, capped.n_rows);
        text.push_str(&lang.pick(
            format!("；{keys} 个值太常见（{rows} 行），没有用来配对"),
            format!("; {keys} keys are too frequent ({rows} rows) and left out"),
        ));
    }
    text
}

fn reservation(lang: Lang) -> &'static str {
    lang.pick(
        "比例是对照先比对一遍找到的行对算的；先前一遍也没找到的，这里看不出来。",
        "Shares are of the matches that a first linkage found; what that missed cannot be seen here.",
    )
}

fn nothing(lang: Lang) -> String {
    lang.pick(
        "没有找到同一人的行对，提不出分组规则：请看看列名和内容对不对（baoxue link profile）。",
        "no pair of one person was found, so no rule can be proposed; look whether the columns are what they should be (baoxue link profile)",
    )
    .to_owned()
}
