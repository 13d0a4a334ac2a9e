//! `baoxue verify`: whether anything was changed past the program.

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
