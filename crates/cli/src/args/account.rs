//! `baoxue account`: accounts, for the operator at the machine.

use baoxue_authz::Role;
use clap::{Arg, ArgAction, Command, value_parser};

use super::{json, places};
use crate::lang::Lang;

/// `baoxue account`.
pub(super) fn account(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let one = |name: &'static str, zh: &'static str, en: &'static str| {
        places(Command::new(name).about(lang.pick(zh, en)).arg(login(lang)), lang)
    };
    Command::new("account")
        .about(t(
            "账号：在服务器上新建、查看、停用、启用、重置、改角色",
            "accounts, for the operator at the machine",
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            granting(
                one(
                    "add",
                    "新建账号，给出设置密码的一次性链接",
                    "make an account and give a link to set its password",
                ),
                lang,
            )
            .arg(
                Arg::new("name")
                    .long("name")
                    .value_name("NAME")
                    .required(true)
                    .help(t("姓名", "the person's name")),
            )
            .arg(
                Arg::new("password-stdin").long("password-stdin").action(ArgAction::SetTrue).help(
                    t(
                        "从标准输入读密码，不给链接",
                        "read the password from standard input instead",
                    ),
                ),
            ),
        )
        .subcommand(places(
            Command::new("list").about(t("列出账号", "list the accounts")).arg(json(lang)),
            lang,
        ))
        .subcommand(one(
            "disable",
            "停用账号，其登录立即失效",
            "disable an account and end its sessions",
        ))
        .subcommand(one("enable", "启用账号", "let an account work"))
        .subcommand(one(
            "reset",
            "清除密码和第二验证，给出重设密码的一次性链接",
            "take password and second factor away and give a link to set a new password",
        ))
        .subcommand(granting(
            one(
                "role",
                "改角色和范围，其登录立即失效",
                "give another role and areas, and end its sessions",
            ),
            lang,
        ))
}

fn login(lang: Lang) -> Arg {
    Arg::new("login")
        .value_name("LOGIN")
        .required(true)
        .help(lang.pick("登录名", "the sign-in name"))
}

/// Role, areas and the end of the duty.
fn granting(command: Command, lang: Lang) -> Command {
    let until = Arg::new("until")
        .long("until")
        .value_name("DATE")
        .value_parser(value_parser!(chrono::NaiveDate))
        .help(lang.pick("任职截止日期", "last day of the duty"));
    command.arg(role(lang)).args(areas(lang)).arg(until)
}

fn role(lang: Lang) -> Arg {
    let words: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
    let zh: Vec<String> =
        Role::ALL.iter().map(|role| format!("{} {}", role.word(), role.zh())).collect();
    let help =
        lang.pick(format!("角色：{}", zh.join("，")), format!("one of {}", words.join(", ")));
    Arg::new("role")
        .long("role")
        .value_name("ROLE")
        .required(true)
        .value_parser(words)
        .hide_possible_values(true)
        .help(help)
}

fn areas(lang: Lang) -> Vec<Arg> {
    let option = |name: &'static str, value: &'static str, zh: &'static str, en: &'static str| {
        Arg::new(name).long(name).value_name(value).help(lang.pick(zh, en))
    };
    let many = |arg: Arg| arg.action(ArgAction::Append);
    vec![
        many(option(
            "town",
            "CODE",
            "镇办代码，九位，可写多次",
            "nine-digit code of a town, may be repeated",
        )),
        many(option(
            "village",
            "CODE/NAME",
            "村：镇办代码/村名，可写多次",
            "village as town code/name, may be repeated",
        )),
        many(option("school", "NAME", "学校名，可写多次", "name of a school, may be repeated")),
        many(option(
            "class",
            "SCHOOL/CLASS",
            "班：学校名/班名，可写多次",
            "class as school/name, may be repeated",
        )),
        many(option(
            "source",
            "SOURCE",
            "部门可报送的名单种类，如 civil_affairs，可写多次",
            "a list that a department brings, such as civil_affairs, may be repeated",
        )),
        option("department", "NAME", "部门名称，如 民政局", "name of a department"),
    ]
}
