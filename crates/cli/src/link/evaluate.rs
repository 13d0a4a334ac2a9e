//! `baoxue link evaluate`: precision and recall against a truth or by pairs that people have judged.

use std::io::Write;

use baoxue_columnar::{ColumnChoice, Wanted};
use baoxue_link::{Column, Linkage, Model, TruthReport, chart, evaluate_truth};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang};

use super::{
    engine, fault, files, judged, labels,
    load::{self, Job},
    page::{Page, words},
    progress::Line,
    untrained,
};

/// Links the files and holds the result against what is known.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    judged::check(matches, lang)?;
    let mut line = Line::new(lang, matches.get_flag("json"));
    let mut job = load::job(matches, &load::inputs(matches), &mut line, lang)?;
    let linkage =
        engine::link(&mut job, &mut |p| line.show(p)).map_err(|error| fault::link(&error, lang))?;
    let found = match args::path(matches, "labels") {
        Some(path) => judged::evaluate(path, matches, (&job, &linkage), &line, lang)?,
        None => against_truth(matches, &job, &linkage, &line, lang)?,
    };
    line.end();
    untrained::note(&job.untrained, lang);
    if let Some(out) = args::path(matches, "out") {
        files::replace(&out.join("evaluation.html"), lang, |file| {
            Ok(file.write_all(found.page.as_bytes())?)
        })?;
    }
    if matches.get_flag("json") {
        println!("{}", found.json);
    } else {
        found.lines.iter().for_each(|line| println!("{line}"));
    }
    Ok(Done::Clean)
}

/// What was found, as it is shown.
pub(super) struct Found {
    pub(super) json: serde_json::Value,
    pub(super) lines: Vec<String>,
    pub(super) page: String,
}

fn against_truth(
    matches: &ArgMatches,
    job: &Job,
    linkage: &Linkage,
    line: &Line,
    lang: Lang,
) -> Result<Found, Failure> {
    let path = args::path(matches, "truth").cloned().unwrap_or_default();
    let column = args::text(matches, "truth-column").unwrap_or_default().to_owned();
    let wanted = Wanted {
        id: args::text(matches, "id").map(str::to_owned),
        source: None,
        columns: ColumnChoice::Named(vec![column]),
    };
    let known = load::records(&[path], &wanted, line, lang)?;
    let rows = labels::rows(&job.records.ids);
    let mut truth = vec![0; job.records.ids.len()];
    let mut n_unknown = 0;
    for (at, person) in (0..).zip(known.table.columns().iter().flat_map(Column::values)) {
        match rows.get(&known.ids.text(at)) {
            Some(row) => truth[*row as usize] = *person,
            None => n_unknown += 1,
        }
    }
    let household: Vec<&Column> =
        household(&job.model).iter().filter_map(|name| job.records.table.column(name)).collect();
    let report =
        evaluate_truth(linkage, &truth, &household).map_err(|error| fault::link(&error, lang))?;
    let lines = lines(&report, n_unknown, lang);
    Ok(Found { json: json(&report, n_unknown), page: page(&report, &lines, job, lang), lines })
}

/// Columns in which brothers and sisters agree about as often as two rows of one person.
fn household(model: &Model) -> Vec<String> {
    let fields = model.fields.iter().filter(|field| {
        let equal = field.levels.iter().find(|level| level.name == "equal");
        equal.is_some_and(|level| level.family.is_some_and(|family| family > level.m / 2.0))
    });
    fields.flat_map(|field| field.columns.clone()).collect()
}

fn json(report: &TruthReport, n_unknown: u64) -> serde_json::Value {
    let (pairs, clusters) = (report.pairs.measures(), report.clusters);
    let bands: Vec<_> = report
        .bands
        .iter()
        .map(|band| {
            let (low, high) = band.interval();
            serde_json::json!({
                "from": band.from, "to": band.to, "pairs": band.n_pairs, "matches": band.n_matches,
                "low": low, "high": high, "holds": band.holds(),
            })
        })
        .collect();
    serde_json::json!({
        "precision": pairs.precision, "recall": pairs.recall, "f1": pairs.f1,
        "clusters": {
            "true": clusters.n_true, "found": clusters.n_found, "exact": clusters.n_right,
            "exact_f1": clusters.measures().f1, "split_persons": report.n_split,
            "mix_siblings": report.mixing.n_siblings, "mix_strangers": report.mixing.n_strangers,
        },
        "b_cubed": report.b_cubed, "calibration": bands, "thresholds": report.curve,
        "unknown": n_unknown, "without_truth": report.n_unknown,
    })
}

fn lines(report: &TruthReport, n_unknown: u64, lang: Lang) -> Vec<String> {
    let (pairs, exact, b_cubed) =
        (report.pairs.measures(), report.clusters.measures().f1, report.b_cubed.f1);
    let (precision, recall, f1) = (pairs.precision, pairs.recall, pairs.f1);
    let (c, mixing, split) = (report.clusters, report.mixing, report.n_split);
    let (siblings, strangers) = (mixing.n_siblings, mixing.n_strangers);
    let mut lines = vec![
        lang.pick(
            format!("准确率 {precision:.5}，召回率 {recall:.5}，F1 {f1:.5}"),
            format!("precision {precision:.5}, recall {recall:.5}, F1 {f1:.5}"),
        ),
        lang.pick(
            format!("类：应有 {}，得到 {}，完全正确 {}（F1 {exact:.5}，按行平均 {b_cubed:.5}）；混有兄弟姐妹 {siblings}，混有他人 {strangers}；被分成几类的人 {split}", c.n_true, c.n_found, c.n_right),
            format!("clusters: {} true, {} found, {} exact (F1 {exact:.5}, by records {b_cubed:.5}); {siblings} mix siblings, {strangers} mix strangers; {split} persons are split", c.n_true, c.n_found, c.n_right),
        ),
    ];
    lines.extend(unknown(n_unknown, lang));
    if report.n_unknown > 0 {
        let n = report.n_unknown;
        lines.push(lang.pick(
            format!("有 {n} 条记录没有标准答案，没有计入。"),
            format!("{n} records have no truth; they are not counted"),
        ));
    }
    lines
}

/// Answers about nothing that the files have.
pub(super) fn unknown(n: u64, lang: Lang) -> Option<String> {
    (n > 0).then(|| {
        lang.pick(
            format!("有 {n} 条答案的编号不在文件中，没有计入。"),
            format!("{n} answers name ids that the files do not have; they are not counted"),
        )
    })
}

fn page(report: &TruthReport, lines: &[String], job: &Job, lang: Lang) -> String {
    let mut page = Page::new(lang.pick("比对评估", "Linkage evaluation"), lang);
    for line in lines {
        page.text(line);
    }
    let join_bits = f64::from(job.model.thresholds.join_bits);
    page.chart(&chart::thresholds(&report.curve, join_bits, words(lang)));
    page.chart(&chart::calibration(&report.bands, words(lang)));
    page.chart(&chart::siblings(report.mixing, words(lang)));
    page.finish()
}
