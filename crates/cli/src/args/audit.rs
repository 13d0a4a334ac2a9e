//! `baoxue verify`, `baoxue trace` and `baoxue keys`: whether anything was changed past the program, whose copy a list is, and
//! the keys.

use clap::{Arg, ArgAction, Command, value_parser};

use super::{json, places};
use crate::lang::Lang;

/// `baoxue verify`.
pub(super) fn verify(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let file = |name: &'static str| {
        Arg::new(name).long(name).value_name("FILE").value_parser(value_parser!(std::path::PathBuf))
    };
    let command = Command::new("verify")
        .about(t(
            "核对数据库有没有被绕过程序改动，指出第一处",
            "check that nothing was changed past the program, and name the first entry that was",
        ))
        .arg(file("head").action(ArgAction::Append).help(t(
            "另存在别处的签名头，用来发现旧备份被放回；可写多次",
            "a signed head that was kept elsewhere, to notice an older state put back; may be repeated",
        )))
        .arg(file("export-head").help(t(
            "核对无误后签名，把签名头写到这个文件，请送到本单位以外保存",
            "sign when all is well and write the head to this file, to be kept outside",
        )))
        .arg(file("signing-key").help(t(
            "签名密钥文件，默认为数据文件夹中的 baoxue.sign",
            "signing key file, baoxue.sign in the data folder by default",
        )))
        .arg(json(lang));
    places(command, lang)
}

/// `baoxue trace`.
pub(super) fn trace(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("trace")
        .about(t(
            "查一份流出的名单（或其中一段）是谁导出的",
            "tell whose export a list that leaked, or an excerpt of it, comes from",
        ))
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .required(true)
                .value_parser(value_parser!(std::path::PathBuf))
                .help(t(
                    "流出的表格（xlsx、xls、ods、csv），行序须保持原样",
                    "the table (xlsx, xls, ods, csv) with its rows in the order in which it was found",
                )),
        )
        .arg(json(lang));
    places(command, lang)
}

/// `baoxue keys rotate`.
pub(super) fn keys(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let rotate = Command::new("rotate").about(t(
        "换一把密钥文件里的密钥；服务不用停，旧密钥文件从此打不开数据库",
        "exchange the key of the key file; servers go on, and the old file opens the database no more",
    ));
    Command::new("keys")
        .about(t("密钥", "keys"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(places(rotate, lang))
}
