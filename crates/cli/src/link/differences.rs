//! `baoxue link differences`: what changed from one model to another.

use baoxue_link::{Difference, LevelDifference, Named, Which, chart};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang};

use super::{engine::ModelSource, page::words};

/// Prints one line for each difference.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let read = |name: &str| {
        let source = ModelSource::named(args::text(matches, name).unwrap_or_default());
        source.read(lang)?.ok_or_else(|| {
            Failure::usage(lang.pick(
                "auto 要看数据才有内容，比不了：请给模型文件或 children",
                "auto is guessed from data and cannot be compared; give a model file or children",
            ))
        })
    };
    let found = read("before")?.differences(&read("after")?);
    if matches.get_flag("json") {
        println!("{}", serde_json::json!({ "differences": found }));
        return Ok(Done::Clean);
    }
    if found.is_empty() {
        println!("{}", lang.pick("两个模型相同。", "The two models are the same."));
    }
    for difference in &found {
        println!("{}", told(difference, lang));
    }
    Ok(Done::Clean)
}

fn told(difference: &Difference, lang: Lang) -> String {
    match difference {
        Difference::Number { name, before, after } => format!("{name}: {before:.4} → {after:.4}"),
        Difference::Part(name) => lang.pick(format!("{name}：不同"), format!("{name}: differs")),
        Difference::Added(what) => {
            let what = named(what, lang);
            lang.pick(format!("{what}：新增"), format!("{what}: added"))
        }
        Difference::Removed(what) => {
            let what = named(what, lang);
            lang.pick(format!("{what}：去掉"), format!("{what}: removed"))
        }
        Difference::Changed(what) => {
            let what = named(what, lang);
            lang.pick(format!("{what}：有改动"), format!("{what}: changed"))
        }
        Difference::Level(level) => self::level(level, lang),
    }
}

fn named(what: &Named, lang: Lang) -> String {
    match what {
        Named::Field(name) => {
            let name = chart::field_word(name, words(lang));
            lang.pick(format!("字段“{name}”"), format!("field `{name}`"))
        }
        Named::Rule(name) => lang.pick(format!("规则“{name}”"), format!("rule `{name}`")),
    }
}

fn level(found: &LevelDifference, lang: Lang) -> String {
    let field = chart::field_word(&found.field, words(lang));
    let level = chart::level_word(&found.level, words(lang));
    let which = match found.which {
        Which::M => "m",
        Which::U => "u",
        Which::Family => "family",
    };
    let number = |p: Option<f64>| p.map_or_else(|| "–".to_owned(), |p| format!("{p:.3e}"));
    let bits = |bits: Option<f64>| bits.map_or_else(|| "–".to_owned(), |b| format!("{b:+.2}"));
    let (before, after) = (number(found.before), number(found.after));
    let (bits_before, bits_after) = (bits(found.bits_before), bits(found.bits_after));
    lang.pick(
        format!("{field} {level} {which}：{before} → {after}（{bits_before} → {bits_after} 比特）"),
        format!("{field} {level} {which}: {before} → {after} ({bits_before} → {bits_after} bits)"),
    )
}
