//! `baoxue serve` and `baoxue demo`.

use std::net::{IpAddr, SocketAddr};

use clap::{Arg, ArgAction, Command, value_parser};

use super::places;
use crate::lang::Lang;

/// `baoxue serve`.
pub(super) fn serve(lang: Lang) -> Command {
    let about = lang.pick("启动网页（浏览器使用）", "serve the web application");
    listening(places(Command::new("serve").about(about), lang), lang)
}

/// `baoxue demo`.
pub(super) fn demo(lang: Lang) -> Command {
    let about = lang.pick(
        "示例县：全部为合成数据，每个角色一个账号，做完认定后启动网页",
        "the sample county, all synthetic, with one account for each role: does the main job, then serves it",
    );
    let command = Command::new("demo").about(about).arg(
        Arg::new("folder")
            .value_name("FOLDER")
            .required(true)
            .value_parser(value_parser!(std::path::PathBuf))
            .help(lang.pick(
                "示例县的文件夹，如 examples/county/input",
                "folder of files, such as examples/county/input",
            )),
    );
    // What taking in files and writing ledgers asks for; the sample county needs neither.
    let full = Arg::new("full-ids").long("full-ids").hide(true).action(ArgAction::SetTrue);
    let mapping = Arg::new("mapping")
        .long("mapping")
        .hide(true)
        .value_parser(value_parser!(std::path::PathBuf));
    let by = Arg::new("brought-by").long("brought-by").hide(true).default_value("示例");
    listening(places(command, lang).args([full, mapping, by]), lang)
}

fn listening(command: Command, lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    command
        .arg(
            Arg::new("listen")
                .long("listen")
                .value_name("ADDRESS")
                .default_value("127.0.0.1:8080")
                .value_parser(value_parser!(SocketAddr))
                .help(t("监听地址和端口", "address and port to listen on")),
        )
        .arg(Arg::new("origin").long("origin").value_name("URL").help(t(
            "浏览器使用的对外地址，如 https://baoxue.xx.gov.cn；写了 https 才会绑定安全 Cookie",
            "address that browsers use, such as https://baoxue.example; with https cookies are bound to it",
        )))
        .arg(
            Arg::new("proxy")
                .long("proxy")
                .value_name("IP")
                .action(ArgAction::Append)
                .value_parser(value_parser!(IpAddr))
                .help(t(
                    "反向代理的地址；只相信它转达的来访地址，可写多次",
                    "address of a reverse proxy, whose word for where requests come from is believed; may be repeated",
                )),
        )
        .arg(
            Arg::new("pages-per-hour")
                .long("pages-per-hour")
                .value_name("N")
                .default_value("200")
                .value_parser(value_parser!(u32))
                .help(t(
                    "一个账号每小时最多打开多少个儿童页面，超过就暂停并记入审计",
                    "pages about single children that an account may open in an hour; more are refused and audited",
                )),
        )
        .arg(
            Arg::new("export-hours")
                .long("export-hours")
                .value_name("N")
                .default_value("24")
                .value_parser(value_parser!(u32).range(..=24 * 30))
                .help(t(
                    "导出的文件可以下载多少小时，之后作废",
                    "hours for which an exported file can be fetched",
                )),
        )
        .arg(Arg::new("log").long("log").value_name("LEVEL").help(t(
            "日志级别：error、warn（默认）、info、debug",
            "level of the log: error, warn (default), info, debug",
        )))
        .arg(
            Arg::new("log-json")
                .long("log-json")
                .action(ArgAction::SetTrue)
                .help(t("日志每行一个 JSON", "one JSON object for each line of the log")),
        )
}
