//! `baoxue link evaluate`: precision and recall against a truth or against pairs judged by people.

use std::{
    collections::HashMap,
    io::Write,
    path::{Path, PathBuf},
};

use baoxue_columnar::{ColumnChoice, Wanted};
use baoxue_link::{
    Column, Label, Linkage, Model,
    chart::{self, Band, ThresholdPoint},
};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang};

use super::{
    engine, fault, files, labels,
    load::{self, Job},
    page::Page,
    progress::Line,
    score::{self, Clusters, Pairs},
    sentence::chart_lang,
};

/// Links the files and holds the result against what is known.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let is_json = matches.get_flag("json");
    let mut line = Line::new(lang, is_json);
    let mut job = load::job(matches, &load::inputs(matches), &mut line, lang)?;
    let linkage =
        engine::link(&mut job, &mut |p| line.show(p)).map_err(|error| fault::link(&error, lang))?;
    let found = match args::path(matches, "labels") {
        Some(path) => labelled(path, &job, &linkage, &line, lang)?,
        None => against_truth(matches, &job, &linkage, &line, lang)?,
    };
    line.end();
    if let Some(out) = args::path(matches, "out") {
        let page = found.page(&job, lang);
        files::replace(&out.join("evaluation.html"), lang, |file| {
            Ok(file.write_all(page.as_bytes())?)
        })?;
    }
    if is_json {
        println!("{}", found.json());
    } else {
        found.print(lang);
    }
    Ok(Done::Clean)
}

/// What was found.
struct Found {
    /// Pairs in one cluster against the right ones.
    pairs: Pairs,
    /// With a truth only.
    clusters: Option<Clusters>,
    curve: Vec<ThresholdPoint>,
    bands: Vec<Band>,
    /// Rows or labels that the inputs do not have.
    n_unknown: u64,
}

fn against_truth(
    matches: &ArgMatches,
    job: &Job,
    linkage: &Linkage,
    line: &Line,
    lang: Lang,
) -> Result<Found, Failure> {
    let path: PathBuf = args::path(matches, "truth").cloned().unwrap_or_default();
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
    let clusters = Clusters::of(&linkage.cluster, &truth, &household);
    let person = |row: u32| truth[row as usize];
    let known: Vec<_> = linkage
        .pairs
        .iter()
        .filter(|pair| person(pair.left) > 0 && person(pair.right) > 0)
        .copied()
        .collect();
    let is_match: Vec<bool> =
        known.iter().map(|pair| person(pair.left) == person(pair.right)).collect();
    Ok(Found {
        pairs: clusters.pairs,
        clusters: Some(clusters),
        curve: score::curve(&known, &is_match, clusters.pairs.n_true),
        bands: score::bands(&known, &is_match),
        n_unknown,
    })
}

/// Columns in which brothers and sisters agree about as often as two rows of one person.
fn household(model: &Model) -> Vec<String> {
    let fields = model.fields.iter().filter(|field| {
        let equal = field.levels.iter().find(|level| level.name == "equal");
        equal.is_some_and(|level| level.family.is_some_and(|family| family > level.m / 2.0))
    });
    fields.flat_map(|field| field.columns.clone()).collect()
}

fn labelled(
    path: &Path,
    job: &Job,
    linkage: &Linkage,
    line: &Line,
    lang: Lang,
) -> Result<Found, Failure> {
    let answers = labels::read(path, &job.records.ids, line, lang)?;
    let scored: HashMap<(u32, u32), usize> =
        linkage.pairs.iter().enumerate().map(|(at, pair)| ((pair.left, pair.right), at)).collect();
    let mut found = Found {
        pairs: Pairs::default(),
        clusters: None,
        curve: Vec::new(),
        bands: Vec::new(),
        n_unknown: answers.n_unknown,
    };
    let mut judged = Vec::new();
    for Label { left, right, is_same: is_match } in answers.labels {
        let is_found = linkage.cluster[left as usize] == linkage.cluster[right as usize];
        found.pairs.n_found += u64::from(is_found);
        found.pairs.n_true += u64::from(is_match);
        found.pairs.n_right += u64::from(is_found && is_match);
        if let Some(at) = scored.get(&(left, right)) {
            judged.push((*at, is_match));
        }
    }
    judged.sort_unstable();
    let pairs: Vec<_> = judged.iter().map(|(at, _)| linkage.pairs[*at]).collect();
    let is_match: Vec<bool> = judged.iter().map(|(_, is_match)| *is_match).collect();
    found.curve = score::curve(&pairs, &is_match, found.pairs.n_true);
    found.bands = score::bands(&pairs, &is_match);
    Ok(found)
}

impl Found {
    fn json(&self) -> serde_json::Value {
        let clusters = self.clusters.map(|c| {
            serde_json::json!({
                "true": c.n_true, "found": c.n_found, "exact": c.n_exact, "exact_f1": c.exact_f1(),
                "mix_siblings": c.mixing.n_siblings, "mix_strangers": c.mixing.n_strangers,
            })
        });
        let bands: Vec<_> = self.bands.iter().map(|band| {
            let (low, high) = band.interval();
            serde_json::json!({
                "from": band.from, "to": band.to, "pairs": band.n_pairs, "matches": band.n_matches,
                "low": low, "high": high, "holds": band.holds(),
            })
        }).collect();
        serde_json::json!({
            "precision": self.pairs.precision(), "recall": self.pairs.recall(), "f1": self.pairs.f1(),
            "clusters": clusters, "calibration": bands, "unknown": self.n_unknown,
        })
    }

    fn print(&self, lang: Lang) {
        for line in self.lines(lang) {
            println!("{line}");
        }
    }

    fn lines(&self, lang: Lang) -> Vec<String> {
        let (precision, recall, f1) =
            (self.pairs.precision(), self.pairs.recall(), self.pairs.f1());
        let mut lines = vec![lang.pick(
            format!("准确率 {precision:.5}，召回率 {recall:.5}，F1 {f1:.5}"),
            format!("precision {precision:.5}, recall {recall:.5}, F1 {f1:.5}"),
        )];
        if let Some(c) = self.clusters {
            let (exact, siblings, strangers) =
                (c.exact_f1(), c.mixing.n_siblings, c.mixing.n_strangers);
            lines.push(lang.pick(
                format!("类：应有 {}，得到 {}，完全正确 {}（F1 {exact:.5}）；混有兄弟姐妹 {siblings}，混有他人 {strangers}", c.n_true, c.n_found, c.n_exact),
                format!("clusters: {} true, {} found, {} exact (F1 {exact:.5}); {siblings} mix siblings, {strangers} mix strangers", c.n_true, c.n_found, c.n_exact),
            ));
        }
        if self.n_unknown > 0 {
            lines.push(lang.pick(
                format!("有 {} 条答案的编号不在文件中，没有计入。", self.n_unknown),
                format!(
                    "{} answers name ids that the files do not have; they are not counted",
                    self.n_unknown
                ),
            ));
        }
        lines
    }

    fn page(&self, job: &Job, lang: Lang) -> String {
        let words = chart_lang(lang);
        let mut page = Page::new(lang.pick("比对评估", "Linkage evaluation"), lang);
        for line in self.lines(lang) {
            page.text(&line);
        }
        page.chart(&chart::thresholds(
            &self.curve,
            f64::from(job.model.thresholds.join_bits),
            words,
        ));
        page.chart(&chart::calibration(&self.bands, words));
        if let Some(clusters) = self.clusters {
            page.chart(&chart::siblings(clusters.mixing, words));
        }
        page.finish()
    }
}
