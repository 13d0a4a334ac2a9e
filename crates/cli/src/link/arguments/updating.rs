//! `baoxue link add` and `link withdraw`.

use std::path::PathBuf;

use clap::{Arg, Command, value_parser};

use super::{file, input, json};
use crate::lang::Lang;

/// Files come.
pub(super) fn add(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    Command::new("add")
        .about(t(
            "在保留的结果（--keep）上加入名单，只比对有牵涉的记录",
            "bring files into a linkage that was kept (--keep); only what they touch is compared",
        ))
        .arg(input(lang).required(true))
        .arg(to(lang))
        .arg(file("decisions", "FILE").help(t(
            "再加这些人工核对的结果（id_l、id_r、match 三列）：一律照办",
            "obey these judgements of people too (columns id_l, id_r, match)",
        )))
        .arg(json(lang))
}

/// Files or sources go.
pub(super) fn withdraw(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    Command::new("withdraw")
        .about(t(
            "从保留的结果（--keep）中撤回一个文件或一个来源的全部记录",
            "take all records of a file or a source out of a linkage that was kept (--keep)",
        ))
        .arg(Arg::new("name").value_name("NAME").num_args(1..).required(true).help(t(
            "文件名（与加入时一样）或来源列中的名称",
            "a file, as it was named when it came, or a name in the column of sources",
        )))
        .arg(to(lang))
        .arg(json(lang))
}

fn to(lang: Lang) -> Arg {
    let arg = Arg::new("to").long("to").value_name("DIR").required(true);
    arg.value_parser(value_parser!(PathBuf)).help(lang.pick(
        "结果文件夹（link … --keep --out 写出的）",
        "the folder that link … --keep --out wrote",
    ))
}
