//! `baoxue link INPUT…`: clusters, pairs, the trained model and a report.

use std::{collections::BTreeMap, io::Write, path::Path};

use baoxue_columnar::{write_clusters, write_pairs};
use baoxue_link::{
    BlockingRecall, Column, LinkError, Linkage, Linker, Model, Untrained, blocking_recall,
    chart::{self, Filled},
};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang};

use super::{
    engine, fault, files,
    load::{self, Job},
    page::{Page, words},
    progress::Line,
    rules,
    state::{self, State},
    untrained,
};

/// In larger tables measuring the rules would cost a good part of linking again; `profile` does it when asked.
const MEASURED_ROWS: usize = 200_000;

/// Links files and writes the results.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let out = args::path(matches, "out").ok_or_else(|| Failure::usage("--out"))?;
    let is_json = matches.get_flag("json");
    let mut line = Line::new(lang, is_json);
    let keeps = matches.get_flag("keep");
    let _lock = if keeps || state::is_kept(out) { Some(state::lock(out, lang)?) } else { None };
    let mut job = load::job(matches, &load::inputs(matches), &mut line, lang)?;
    let (linkage, linker) =
        linked(&mut job, keeps, &mut line).map_err(|error| fault::link(&error, lang))?;
    line.writing();
    let summary = Summary::of(&job, &linkage);
    write(out, &job, &linkage, &summary, lang)?;
    // The cells are not needed any more, and sorting the pairs takes memory.
    job.records.table = job.records.table.select(&[]);
    let ids = &job.records.ids;
    files::replace(&out.join("pairs.parquet"), lang, |file| {
        Ok(write_pairs(file, ids, linkage.pairs)?)
    })?;
    if let Some(linker) = linker {
        let files = state::files(&load::inputs(matches), &job.records.files, lang)?;
        State::first(matches, files, &mut job, linker).save(out, lang)?;
    }
    line.end();
    if is_json {
        println!("{}", summary.json(&job));
    } else {
        summary.print(&job, out, lang);
    }
    Ok(if summary.n_review > 0 { Done::NeedsPerson } else { Done::Clean })
}

/// Links, and keeps what is needed to go on when that is asked for.
fn linked(
    job: &mut Job,
    keeps: bool,
    line: &mut Line,
) -> Result<(Linkage, Option<Linker>), LinkError> {
    if !keeps {
        return Ok((engine::link(job, &mut |p| line.show(p))?, None));
    }
    let linker = engine::keep(job, &mut |p| line.show(p))?;
    Ok((linker.linkage(), Some(linker)))
}

fn write(
    out: &Path,
    job: &Job,
    linkage: &Linkage,
    summary: &Summary,
    lang: Lang,
) -> Result<(), Failure> {
    let ids = &job.records.ids;
    files::replace(&out.join("clusters.parquet"), lang, |file| {
        Ok(write_clusters(file, ids, &linkage.cluster)?)
    })?;
    let is_measured = ids.len() <= MEASURED_ROWS;
    let measure = || blocking_recall(&job.records.table, &job.model, linkage);
    let recall =
        is_measured.then(measure).transpose().map_err(|error| fault::link(&error, lang))?;
    let model = toml::to_string(&job.model).map_err(anyhow::Error::from)?;
    files::replace(&out.join("model.toml"), lang, |file| Ok(file.write_all(model.as_bytes())?))?;
    let page = report((job, linkage, recall.as_ref()), summary, lang);
    files::replace(&out.join("report.html"), lang, |file| Ok(file.write_all(page.as_bytes())?))
}

/// The numbers of a run.
struct Summary {
    n_rows: usize,
    n_clusters: u64,
    n_pairs: usize,
    n_review: usize,
    /// Keys that too many rows share, over all rules.
    n_hot_keys: u64,
    /// For each size the number of clusters.
    sizes: BTreeMap<u64, u64>,
}

impl Summary {
    fn of(job: &Job, linkage: &Linkage) -> Self {
        let sizes = sizes(&linkage.cluster);
        Self {
            n_rows: job.records.ids.len(),
            n_clusters: sizes.values().sum(),
            n_pairs: linkage.pairs.len(),
            n_review: linkage.review.len(),
            n_hot_keys: linkage.blocks.iter().map(|block| block.capped.n_keys).sum(),
            sizes,
        }
    }

    fn json(&self, job: &Job) -> serde_json::Value {
        serde_json::json!({
            "records": self.n_rows,
            "clusters": self.n_clusters,
            "pairs": self.n_pairs,
            "reviews": self.n_review,
            "hot_keys": self.n_hot_keys,
            "model": job.model.name,
            "trained": job.learnt,
            "untrained_levels": job.untrained,
        })
    }

    fn print(&self, job: &Job, out: &Path, lang: Lang) {
        let Self { n_rows, n_clusters, n_pairs, n_review, .. } = self;
        println!("{}", lang.pick(
            format!("{n_rows} 条记录归为 {n_clusters} 人；{n_pairs} 对有关联，{n_review} 对需要人工核对。"),
            format!("{n_rows} records are {n_clusters} persons; {n_pairs} pairs are related, {n_review} wait for a person"),
        ));
        if self.n_hot_keys > 0 {
            let n = self.n_hot_keys;
            println!("{}", lang.pick(
                format!("有 {n} 个值太常见，没有用来配对，相同的记录因此可能没有归到一起；是哪条规则、多少行，见 report.html。"),
                format!("{n} keys are too frequent and were not used to find pairs, so equal records may have stayed apart; report.html says which rules and how many rows"),
            ));
        }
        for line in untrained::told(&job.untrained, lang) {
            println!("{line}");
        }
        let folder = out.display();
        println!("{}", lang.pick(format!("结果：{folder}"), format!("results: {folder}")));
    }
}

/// For each size the number of clusters. `cluster` has for each row a row of its cluster.
pub(super) fn sizes(cluster: &[u32]) -> BTreeMap<u64, u64> {
    let mut n_rows = vec![0_u64; cluster.len()];
    for row in cluster {
        n_rows[*row as usize] += 1;
    }
    let mut sizes = BTreeMap::new();
    for n in n_rows.into_iter().filter(|n| *n > 0) {
        *sizes.entry(n).or_default() += 1;
    }
    sizes
}

/// How much of each column of the model is filled.
pub(super) fn filled(columns: &[Column]) -> Vec<Filled> {
    let filled = |column: &Column| Filled {
        column: column.name().to_owned(),
        n_filled: column.values().iter().filter(|value| **value > 0).count() as u64,
        n_rows: column.values().len() as u64,
    };
    columns.iter().map(filled).collect()
}

/// A linkage and what its rules reach.
type Linked<'j> = (&'j Job, &'j Linkage, Option<&'j BlockingRecall>);

fn report((job, linkage, recall): Linked<'_>, summary: &Summary, lang: Lang) -> String {
    let said = words(lang);
    let mut page = Page::new(lang.pick("比对报告", "Linkage report"), lang);
    let Summary { n_rows, n_clusters, n_pairs, n_review, .. } = summary;
    page.table(
        &[lang.pick("项目", "what"), lang.pick("数量", "number")],
        vec![
            vec![lang.pick("记录", "records").to_owned(), n_rows.to_string()],
            vec![lang.pick("人（类）", "persons (clusters)").to_owned(), n_clusters.to_string()],
            vec![lang.pick("有关联的对", "related pairs").to_owned(), n_pairs.to_string()],
            vec![
                lang.pick("需人工核对的对", "pairs for a person").to_owned(),
                n_review.to_string(),
            ],
            vec![
                lang.pick("因约束未归并", "joins that a constraint stopped").to_owned(),
                linkage.vetoes.len().to_string(),
            ],
        ],
    );
    page.heading(lang.pick("数据", "Data"));
    page.chart(&chart::missing(&filled(job.records.table.columns()), said));
    page.chart(&chart::sizes(&summary.sizes, said));
    page.chart(&chart::blocking(&linkage.blocks, said));
    reached(&mut page, recall, lang);
    page.heading(lang.pick("模型", "Model"));
    page.text(&model_text(&job.model, job.learnt, lang));
    page.chart(&chart::weights(&job.model, said));
    page.chart(&chart::parameters(&job.model, said));
    if !job.untrained.is_empty() {
        page.text(lang.pick(
            "数据中学不到、用模型原有值的等级：",
            "Levels that the data did not teach; the model's own values stand:",
        ));
        let row = |found: &Untrained| untrained::row(found, (said, lang));
        page.table(
            &[lang.pick("字段", "field"), lang.pick("等级", "level"), lang.pick("对象", "of")],
            job.untrained.iter().map(row).collect(),
        );
    }
    if !job.shared.is_empty() {
        let field = |field: &String| chart::field_word(field, said).to_owned();
        let fields: Vec<String> = job.shared.iter().map(field).collect();
        let fields = fields.join(lang.pick("、", ", "));
        page.text(&lang.pick(
            format!("一家人共有、兄弟姐妹的概率与同一人相同的字段：{fields}。"),
            format!("Fields that a household shares, whose probabilities for brothers and sisters are those for one person: {fields}."),
        ));
    }
    page.finish()
}

/// What each blocking rule reaches of the matches.
fn reached(page: &mut Page, recall: Option<&BlockingRecall>, lang: Lang) {
    let Some(recall) = recall else {
        return page.text(lang.pick(
            "记录多，没有估计各规则找得全不全；用 baoxue link profile --model 来看。",
            "What the rules reach was not measured for so many records; baoxue link profile --model does.",
        ));
    };
    for line in rules::told(recall, lang) {
        page.text(&line);
    }
}

fn model_text(model: &Model, learnt: bool, lang: Lang) -> String {
    let (name, join, review) =
        (&model.name, model.thresholds.join_bits, model.thresholds.review_bits);
    let learnt = if learnt {
        lang.pick("参数由本次数据学得", "its parameters are learnt from these data")
    } else {
        lang.pick("参数为模型原有", "its parameters are its own")
    };
    lang.pick(
        format!("模型“{name}”，{learnt}。{join:.1} 比特以上归并，{review:.1} 比特以上供人工核对。"),
        format!("The model `{name}`, {learnt}. Pairs are joined from {join:.1} bits on and shown to a person from {review:.1} bits on."),
    )
}
