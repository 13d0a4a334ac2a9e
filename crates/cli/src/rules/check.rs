//! `baoxue rules check`: whether rule packs can be loaded and their worked cases hold.

use std::path::PathBuf;

use baoxue_determine::{Pack, PackHead};
use clap::{Arg, ArgMatches, Command, value_parser};

use super::load;
use crate::{Done, args, failure::Failure, lang::Lang};

/// The command line.
pub(super) fn command(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    Command::new("check")
        .about(t("检查规则包并运行全部判例", "load rule packs and run their cases"))
        .arg(
            Arg::new("pack").value_name("PACK").num_args(0..).value_parser(value_parser!(PathBuf)).help(t(
                "规则包文件夹，由下而上盖在默认包上；不写则只检查默认包",
                "folders of packs over the built-in one, the lowest first; none checks the built-in pack alone",
            )),
        )
        .arg(args::json(lang))
}

/// Loads the packs and runs all cases.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let folders = matches.get_many::<PathBuf>("pack").into_iter().flatten();
    let pack = load::over_builtin(folders.map(PathBuf::as_path), lang)?;
    // Loading ran the cases of the packs above; those of the built-in one are part of the answer.
    let failures = pack.failing_cases();
    if !failures.is_empty() {
        return Err(load::faults(&failures, lang));
    }
    if matches.get_flag("json") {
        println!("{}", json(&pack));
        return Ok(Done::Clean);
    }
    for head in pack.heads() {
        println!("{}", line(&head, lang));
    }
    let (n_rules, n_cases) = (pack.rules().len(), pack.n_cases());
    println!(
        "{}",
        lang.pick(
            format!("规则 {n_rules} 条，判例 {n_cases} 个，全部成立。"),
            format!("{n_rules} rules, {n_cases} cases, all hold"),
        )
    );
    Ok(Done::Clean)
}

fn line(head: &PackHead, lang: Lang) -> String {
    let PackHead { id, version, title, source, n_rules, n_values, n_off, n_cases } = head;
    lang.pick(
        format!(
            "{id} {version} {title}：规则 {n_rules}，数值 {n_values}，停用 {n_off}，判例 {n_cases}；依据：{source}"
        ),
        format!(
            "{id} {version} {title}: {n_rules} rules, {n_values} values, {n_off} switched off, {n_cases} cases; source: {source}"
        ),
    )
}

fn json(pack: &Pack) -> serde_json::Value {
    let head = |head: PackHead| {
        serde_json::json!({
            "id": head.id, "version": head.version, "title": head.title, "source": head.source,
            "rules": head.n_rules, "values": head.n_values, "off": head.n_off, "cases": head.n_cases,
        })
    };
    let packs: Vec<serde_json::Value> = pack.heads().into_iter().map(head).collect();
    serde_json::json!({ "packs": packs, "rules": pack.rules().len(), "cases": pack.n_cases() })
}
