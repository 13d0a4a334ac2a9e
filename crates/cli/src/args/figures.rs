//! Commands that print one figure each: comparisons, listings, monitoring, aid.

use clap::{Arg, Command};

use super::{json, places};
use crate::lang::Lang;

/// `baoxue compare`.
pub(super) fn compare(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("compare")
        .about(t(
            "四查三比对；核对一个构成说法是否加得起来",
            "the set comparisons; check whether a breakdown adds up",
        ))
        .arg(Arg::new("table").value_name("TABLE").help(t(
            "只看这一个比对，如 household_and_registry、reported",
            "only this one, such as household_and_registry or reported",
        )))
        .arg(
            Arg::new("classes")
                .long("classes")
                .value_name("CLASS,…")
                .value_delimiter(',')
                .requires("table")
                .help(t(
                    "所说的构成只含这些类；加不起来的退回，并列出漏掉的儿童",
                    "the breakdown claimed: these classes only; refused with the children it misses",
                )),
        )
        .arg(json(lang));
    places(command, lang)
}

/// `baoxue listings`.
pub(super) fn listings(lang: Lang) -> Command {
    let command = Command::new("listings")
        .about(lang.pick(
            "错报漏报：谁列错了，谁先发现，谁报零",
            "who listed wrongly, who knew first, who reported zero",
        ))
        .arg(json(lang));
    places(command, lang)
}

/// `baoxue monitor`.
pub(super) fn monitor(lang: Lang) -> Command {
    let command = Command::new("monitor")
        .about(lang.pick(
            "动态监测：前后两期名册的变动、转出未到校、缺课逼近期限",
            "what changed between registers, who has not arrived, whose absence runs",
        ))
        .arg(json(lang));
    places(command, lang)
}

/// `baoxue aid`.
pub(super) fn aid(lang: Lang) -> Command {
    let command = Command::new("aid")
        .about(lang.pick(
            "应助尽助：应助、已助、漏助、错助、重复；脱贫（监测）户义务教育有保障",
            "who is entitled, who received, where the two differ; households secured",
        ))
        .arg(json(lang));
    places(command, lang)
}
