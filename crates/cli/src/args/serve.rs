//! `baoxue serve` and `baoxue demo`.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::{Arg, ArgAction, Command, value_parser};

use super::places;
use crate::lang::Lang;

/// `baoxue serve`.
pub(super) fn serve(lang: Lang) -> Command {
    let about = lang.pick("启动网页（浏览器使用）", "serve the web application");
    let settings = Arg::new("settings")
        .long("settings")
        .value_name("FILE")
        .value_parser(value_parser!(PathBuf))
        .help(lang.pick(
            "服务设置文件，键与以下选项同名；命令行优先。示例见 examples/server.toml",
            "settings file, whose keys are the options below; the command line wins; see examples/server.toml",
        ));
    listening(places(Command::new("serve").about(about), lang).arg(settings), lang)
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
            .value_parser(value_parser!(PathBuf))
            .help(lang.pick(
                "示例县的文件夹，如 examples/county/input",
                "folder of files, such as examples/county/input",
            )),
    );
    let days = Arg::new("days")
        .long("days")
        .value_name("N")
        .value_parser(value_parser!(u64).range(0..=366))
        .help(lang.pick(
            "先演示 N 天的工作：家访、返校、超期上报",
            "first plays N days of work: visits, returns, what is late climbs",
        ));
    let command = command.arg(days);
    // What taking in files and writing ledgers asks for; the sample county needs neither.
    let full = Arg::new("full-ids").long("full-ids").hide(true).action(ArgAction::SetTrue);
    let mapping =
        Arg::new("mapping").long("mapping").hide(true).value_parser(value_parser!(PathBuf));
    let by = Arg::new("brought-by").long("brought-by").hide(true).default_value("示例");
    listening(places(command, lang).args([full, mapping, by]), lang)
}

fn listening(command: Command, lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    keeping(command, lang)
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

/// Certificate, monitoring, heads of the tree, length of sessions.
fn keeping(command: Command, lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let file = |name: &'static str| {
        Arg::new(name).long(name).value_name("FILE").value_parser(value_parser!(PathBuf))
    };
    let command = command
        .arg(
            Arg::new("check").long("check").action(ArgAction::SetTrue).help(t(
                "只检查设置是否可用，不启动",
                "only check whether the settings can be used",
            )),
        )
        .arg(
            file("certificate")
                .requires("certificate-key")
                .help(t("TLS 证书链（PEM）；写了就用 https", "certificate chain (PEM) for https")),
        )
        .arg(
            file("certificate-key")
                .requires("certificate")
                .help(t("证书的私钥（PEM）", "its private key (PEM)")),
        )
        .arg(
            Arg::new("metrics")
                .long("metrics")
                .value_name("ADDRESS")
                .value_parser(value_parser!(SocketAddr))
                .help(t(
                    "监控指标（Prometheus）的地址，不写就不提供",
                    "address of the numbers for Prometheus; none without it",
                )),
        )
        .arg(file("signing-key").help(t(
            "签名密钥，默认为数据文件夹中的 baoxue.sign",
            "signing key, baoxue.sign in the data folder by default",
        )))
        .arg(file("notices").help(t(
            "设置文件，其中 [notices] 写明通知怎样发出（邮件、短信、群机器人）；--settings 的文件写了就不必再给",
            "file whose [notices] says how notices get out; not needed when the one of --settings has it",
        )))
        .arg(
            Arg::new("head-folder")
                .long("head-folder")
                .value_name("DIR")
                .action(ArgAction::Append)
                .value_parser(value_parser!(PathBuf))
                .help(t(
                    "签名头另存的文件夹（市局、督查处），可写多次",
                    "folder outside this machine where signed heads are written; may be repeated",
                )),
        );
    printing(sessions(command, lang), lang)
}

/// What papers are printed with.
fn printing(command: Command, lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    command
        .arg(
            Arg::new("font-folder")
                .long("font-folder")
                .value_name("DIR")
                .action(ArgAction::Append)
                .value_parser(value_parser!(PathBuf))
                .help(t(
                    "文书字体（仿宋、小标宋等）所在文件夹，可写多次；不写就用系统字体",
                    "folder with the fonts of papers; may be repeated; the system's fonts without it",
                )),
        )
        .arg(
            Arg::new("paper-templates")
                .long("paper-templates")
                .value_name("DIR")
                .value_parser(value_parser!(PathBuf))
                .help(t(
                    "本县文书模板的文件夹，其中的文件替换同名的内置模板",
                    "folder with the county's templates of papers, which replace the built-in ones of the same name",
                )),
        )
}

/// How often heads are signed, and how long sessions last.
fn sessions(command: Command, lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let number = |name: &'static str, range| {
        Arg::new(name).long(name).value_name("N").value_parser(value_parser!(u64).range(range))
    };
    command
        .arg(
            number("head-minutes", 1..=60)
                .default_value("60")
                .help(t("每隔多少分钟签一次，至多 60", "minutes between signed heads, 60 at most")),
        )
        .arg(number("idle-minutes", 1..=480).help(t(
            "多少分钟没有操作就退出登录，默认 15",
            "minutes without a request after which a session ends; 15 by default",
        )))
        .arg(
            number("longest-hours", 1..=24).help(t(
                "登录最长多少小时，默认 8",
                "hours after which a session ends; 8 by default",
            )),
        )
}
