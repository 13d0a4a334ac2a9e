//! Commands about cases.

use clap::{Arg, Command, value_parser};

use super::{json, places};
use crate::lang::Lang;

/// `baoxue cases`.
pub(super) fn cases(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let number = || {
        Arg::new("case").value_name("CASE").required(true).help(t(
            "案件编号，如 k_12，见 baoxue cases list",
            "number of the case, such as k_12, see baoxue cases list",
        ))
    };
    let list = Command::new("list")
        .about(t(
            "未销号的案件：阶段、下一步、责任人、期限",
            "open cases: stage, what is next, by whom, by when",
        ))
        .arg(
            Arg::new("late")
                .long("late")
                .action(clap::ArgAction::SetTrue)
                .help(t("只列超期的", "only those that are late")),
        )
        .arg(json(lang));
    let show = Command::new("show")
        .about(t("一个案件：责任链、任务和经过", "one case: chain, duties and what happened"))
        .arg(number())
        .arg(json(lang));
    let record = Command::new("record")
        .about(t(
            "登记一件事（JSON 文件，- 为标准输入），如家访、返校、销号",
            "records something (a JSON file, - for standard input): a visit, a return, a closing",
        ))
        .arg(number())
        .arg(
            Arg::new("what")
                .value_name("FILE")
                .required(true)
                .value_parser(value_parser!(std::path::PathBuf))
                .help(t("写法见 docs/guide/cases.md", "its form stands in docs/guide/cases.md")),
        )
        .arg(
            Arg::new("by")
                .long("by")
                .value_name("NAME")
                .required(true)
                .help(t("由谁登记", "who records it")),
        );
    let pass = Command::new("pass")
        .about(t(
            "核对期限：超期的逐级上报，每级只报一次",
            "looks at the clock: what is late climbs, each step once",
        ))
        .arg(json(lang));
    Command::new("cases")
        .about(t("案件：从认定到返校", "cases: from a verdict to a child back in school"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([list, show, record, pass].map(|command| places(command, lang)))
}
