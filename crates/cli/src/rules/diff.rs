//! `baoxue rules diff`: which rules and values differ between two packs, and on which days.

use baoxue_determine::{Change, ChangedField, Subject};
use clap::{Arg, ArgMatches, Command};

use super::load;
use crate::{Done, args, failure::Failure, lang::Lang};

/// The command line.
pub(super) fn command(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    Command::new("diff")
        .about(t(
            "比较两个规则包：哪天起哪条不同",
            "what differs between two packs, from which day",
        ))
        .arg(Arg::new("pack").value_name("PACK").num_args(2).required(true).help(t(
            "CN-DEFAULT，或盖在它上面的文件夹，用 + 连接，由下而上",
            "CN-DEFAULT, or folders over it joined by +, the lowest first",
        )))
        .arg(args::json(lang))
}

/// Prints the differences.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let names: Vec<&String> = matches.get_many("pack").into_iter().flatten().collect();
    let [first, second] = names.as_slice() else { return Err(Failure::usage("PACK PACK")) };
    let changes = load::pack(first, lang)?.difference(&load::pack(second, lang)?);
    if matches.get_flag("json") {
        let list: Vec<serde_json::Value> = changes.iter().map(json).collect();
        println!("{}", serde_json::Value::Array(list));
        return Ok(Done::Clean);
    }
    for change in &changes {
        print(change, lang);
    }
    let n = changes.len();
    println!("{}", lang.pick(format!("共 {n} 处不同。"), format!("{n} differences")));
    Ok(Done::Clean)
}

fn print(change: &Change, lang: Lang) {
    let subject = match &change.subject {
        Subject::Rule(id) => lang.pick(format!("规则 {id}"), format!("rule {id}")),
        Subject::Value(key) => lang.pick(format!("数值 {key}"), format!("value {key}")),
    };
    let since = change.since;
    let days = match change.until {
        Some(until) => lang.pick(format!("{since} 至 {until}"), format!("{since} to {until}")),
        None => lang.pick(format!("{since} 起"), format!("from {since}")),
    };
    println!("{subject}  {days}");
    let nothing = lang.pick("（无）", "(none)");
    for ChangedField { name, before, after } in &change.fields {
        let (before, after) =
            (before.as_deref().unwrap_or(nothing), after.as_deref().unwrap_or(nothing));
        println!("  {name}: {before} → {after}");
    }
    println!("  {}{}", lang.pick("依据：", "source: "), change.source);
}

fn json(change: &Change) -> serde_json::Value {
    let (kind, name) = match &change.subject {
        Subject::Rule(id) => ("rule", id),
        Subject::Value(key) => ("value", key),
    };
    let field = |field: &ChangedField| serde_json::json!({ "field": field.name, "before": field.before, "after": field.after });
    let fields: Vec<serde_json::Value> = change.fields.iter().map(field).collect();
    serde_json::json!({
        "kind": kind, "name": name, "since": change.since, "until": change.until, "fields": fields,
        "source": change.source,
    })
}
