//! `baoxue link explain`: the evidence for two records, step by step; or why a record's cluster is as it is.

use baoxue_link::{ClusterStory, Waterfall, chart, explain, explain_cluster, say};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang};

use super::{
    engine, fault, files, load,
    load::Job,
    page::{Page, words},
    progress::Line,
    untrained,
};

/// Links of a cluster that are drawn; the sentence tells all of them.
const CHARTS: usize = 20;

/// Prints why; with `--out` also as a page.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let mut inputs = load::inputs(matches);
    let cluster_of = args::text(matches, "cluster");
    if cluster_of.is_none() && inputs.len() < 3 {
        return Err(Failure::usage(lang.pick(
            "先写文件，再写两行的编号：baoxue link explain 文件… A B；看一类写 --cluster A",
            "give files and then the ids of two records: baoxue link explain FILE… A B; or --cluster A",
        )));
    }
    let told = if let Some(id) = cluster_of {
        cluster(matches, &load::inputs(matches), id, lang)?
    } else {
        let (b, a) = (inputs.pop().unwrap_or_default(), inputs.pop().unwrap_or_default());
        let (a, b) = (a.display().to_string(), b.display().to_string());
        let mut line = Line::new(lang, matches.get_flag("json"));
        let mut job = load::job(matches, &inputs, &mut line, lang)?;
        engine::train(&mut job, &mut |p| line.show(p))
            .map_err(|error| fault::link(&error, lang))?;
        line.end();
        untrained::note(&job.untrained, lang);
        pair(&job, (&a, &b), lang)?
    };
    if let Some(path) = args::path(matches, "out") {
        files::replace(path, lang, |out| {
            Ok(std::io::Write::write_all(out, told.page.as_bytes())?)
        })?;
    }
    if matches.get_flag("json") {
        println!("{}", told.json);
    } else {
        told.lines.iter().for_each(|line| println!("{line}"));
    }
    Ok(Done::Clean)
}

/// What is told, in each form.
struct Told {
    json: serde_json::Value,
    lines: Vec<String>,
    page: String,
}

fn row(job: &Job, id: &str, lang: Lang) -> Result<u32, Failure> {
    job.records.ids.find(id).ok_or_else(|| {
        Failure::Usage(
            lang.pick(format!("文件中没有编号“{id}”。"), format!("no record has the id `{id}`")),
        )
    })
}

fn pair(job: &Job, (a, b): (&str, &str), lang: Lang) -> Result<Told, Failure> {
    let rows = (row(job, a, lang)?, row(job, b, lang)?);
    let pair = explain(&job.records.table, &job.model, rows.0, rows.1)
        .map_err(|error| fault::link(&error, lang))?;
    let said = say::pair(&pair, &job.model, words(lang));
    let columns = job.records.table.columns().iter();
    let values: Vec<Vec<String>> = columns
        .map(|c| vec![c.name().to_owned(), c.text(rows.0).to_owned(), c.text(rows.1).to_owned()])
        .collect();
    let mut lines: Vec<String> =
        values.iter().map(|cells| format!("{}: {} | {}", cells[0], cells[1], cells[2])).collect();
    lines.extend(steps(&pair, lang));
    lines.push(said.clone());
    let mut page =
        Page::new(lang.pick("两行的比对依据", "Why two records are one person, or are not"), lang);
    page.text(&said);
    page.chart(&chart::waterfall(&pair, words(lang)));
    page.table(&[lang.pick("列", "column"), a, b], values);
    let json = serde_json::json!({ "a": a, "b": b, "waterfall": pair, "sentence": said });
    Ok(Told { json, lines, page: page.finish() })
}

fn steps(pair: &Waterfall, lang: Lang) -> Vec<String> {
    let mut lines = vec![format!("{:>8.2}  {}", pair.prior_bits, lang.pick("先验", "prior"))];
    for field in &pair.fields {
        let level = field.level.as_deref();
        let missing = lang.pick("没有比较", "not compared");
        let level = level.map_or(missing, |level| chart::level_word(level, words(lang)));
        let contained = if field.contained {
            lang.pick("（已含在别处）", " (in another field)")
        } else {
            ""
        };
        let name = chart::field_word(&field.field, words(lang));
        lines.push(format!("{:>+8.2}  {name} {level}{contained}", field.bits));
    }
    let family = lang.pick("可能是兄弟姐妹", "may be siblings");
    lines.push(format!("{:>+8.2}  {family}", pair.family_bits));
    lines.push(format!("{:>8.2}  {}", pair.bits, lang.pick("合计", "sum")));
    lines
}

fn cluster(
    matches: &ArgMatches,
    inputs: &[std::path::PathBuf],
    id: &str,
    lang: Lang,
) -> Result<Told, Failure> {
    let mut line = Line::new(lang, matches.get_flag("json"));
    let mut job = load::job(matches, inputs, &mut line, lang)?;
    let row = row(&job, id, lang)?;
    let linkage =
        engine::link(&mut job, &mut |p| line.show(p)).map_err(|error| fault::link(&error, lang))?;
    line.end();
    untrained::note(&job.untrained, lang);
    let Job { records, model, constraints, .. } = &job;
    let story = explain_cluster(&records.table, model, constraints, &linkage, row)
        .map_err(|error| fault::link(&error, lang))?;
    let id_of = |row: u32| records.ids.text(row).into_owned();
    let source = |source: u16| {
        let known = records.source.as_ref().map(|column| column.texts().get(source.into()));
        let unnamed = lang.pick("无来源", "no source");
        known.filter(|name| !name.is_empty()).unwrap_or(unnamed).to_owned()
    };
    let said = say::cluster(&story, &say::Names { row: &id_of, source: &source }, words(lang));
    let page = cluster_page(&job, &story, &said, lang);
    let json = serde_json::json!({
        "id": id, "ids": story.rows.iter().map(|row| id_of(*row)).collect::<Vec<_>>(),
        "story": story, "sentence": said,
    });
    Ok(Told { json, lines: said.lines().map(str::to_owned).collect(), page })
}

fn cluster_page(job: &Job, story: &ClusterStory, said: &str, lang: Lang) -> String {
    let mut page =
        Page::new(lang.pick("这些行为什么归为一人", "Why these records are one person"), lang);
    said.lines().for_each(|line| page.text(line));
    for link in story.links.iter().take(CHARTS) {
        page.chart(&chart::waterfall(&link.waterfall, words(lang)));
    }
    let columns = job.records.table.columns();
    let mut heads = vec![lang.pick("编号", "id")];
    heads.extend(columns.iter().map(baoxue_link::Column::name));
    let cells = |row: &u32| {
        let mut cells = vec![job.records.ids.text(*row).into_owned()];
        cells.extend(columns.iter().map(|column| column.text(*row).to_owned()));
        cells
    };
    page.table(&heads, story.rows.iter().map(cells).collect());
    page.finish()
}
