//! `baoxue link explain`: the evidence for two records, step by step.

use baoxue_link::{Waterfall, chart, explain};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang};

use super::{
    engine, fault, files, load,
    load::Job,
    page::Page,
    progress::Line,
    sentence::{chart_lang, sentence},
};

/// Prints the waterfall of two records; with `--out` also as a page.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let mut inputs = load::inputs(matches);
    if inputs.len() < 3 {
        return Err(Failure::usage(lang.pick(
            "先写文件，再写两行的编号：baoxue link explain 文件… A B",
            "give files and then the ids of two records: baoxue link explain FILE… A B",
        )));
    }
    let (b, a) = (inputs.pop().unwrap_or_default(), inputs.pop().unwrap_or_default());
    let (a, b) = (a.display().to_string(), b.display().to_string());
    let mut line = Line::new(lang, matches.get_flag("json"));
    let mut job = load::job(matches, &inputs, &mut line, lang)?;
    engine::train(&mut job, &mut |p| line.show(p)).map_err(|error| fault::link(&error, lang))?;
    line.end();
    let row =
        |id: &str| {
            job.records.ids.find(id).ok_or_else(|| {
                Failure::Usage(lang.pick(
                    format!("文件中没有编号“{id}”。"),
                    format!("no record has the id `{id}`"),
                ))
            })
        };
    let rows = (row(&a)?, row(&b)?);
    let pair = explain(&job.records.table, &job.model, rows.0, rows.1)
        .map_err(|error| fault::link(&error, lang))?;
    let said =
        sentence(&pair, (job.model.thresholds.join_bits, job.model.thresholds.review_bits), lang);
    let values = values(&job, rows);
    if let Some(path) = args::path(matches, "out") {
        let page = page(&pair, &said, (&a, &b), &values, lang);
        files::replace(path, lang, |out| Ok(std::io::Write::write_all(out, page.as_bytes())?))?;
    }
    if matches.get_flag("json") {
        println!("{}", serde_json::json!({ "a": a, "b": b, "waterfall": pair, "sentence": said }));
    } else {
        print(&pair, &said, &values, lang);
    }
    Ok(Done::Clean)
}

/// The columns of the model and what the two records say in them.
type Values = Vec<(String, String, String)>;

fn values(job: &Job, (a, b): (u32, u32)) -> Values {
    let columns = job.records.table.columns().iter();
    columns.map(|c| (c.name().to_owned(), c.text(a).to_owned(), c.text(b).to_owned())).collect()
}

fn print(pair: &Waterfall, said: &str, values: &Values, lang: Lang) {
    for (column, a, b) in values {
        println!("{column}: {a} | {b}");
    }
    println!("{:>8.2}  {}", pair.prior_bits, lang.pick("先验", "prior"));
    let words = chart_lang(lang);
    for field in &pair.fields {
        let level = field.level.as_deref();
        let level =
            level.map_or(lang.pick("缺失", "missing"), |level| chart::level_word(level, words));
        let contained = if field.contained {
            lang.pick("（已含在别处）", " (in another field)")
        } else {
            ""
        };
        println!(
            "{:>+8.2}  {} {level}{contained}",
            field.bits,
            chart::field_word(&field.field, words)
        );
    }
    println!("{:>+8.2}  {}", pair.family_bits, lang.pick("可能是兄弟姐妹", "may be siblings"));
    println!("{:>8.2}  {}", pair.bits, lang.pick("合计", "sum"));
    println!("{said}");
}

fn page(pair: &Waterfall, said: &str, (a, b): (&str, &str), values: &Values, lang: Lang) -> String {
    let mut page =
        Page::new(lang.pick("两行的比对依据", "Why two records are one person, or are not"), lang);
    page.text(said);
    page.chart(&chart::waterfall(pair, chart_lang(lang)));
    let rows = values.iter().map(|(column, a, b)| vec![column.clone(), a.clone(), b.clone()]);
    page.table(&[lang.pick("列", "column"), a, b], rows.collect());
    page.finish()
}
