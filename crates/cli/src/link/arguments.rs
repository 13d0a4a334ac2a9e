//! The command line of `baoxue link`.

mod updating;

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};

use crate::lang::Lang;

/// Adds the form for files and the commands below it to the form for stored claims.
pub(crate) fn command(stored: Command, lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let stored = stored
        .mut_arg("data", |data| data.required(false).conflicts_with("input"))
        .mut_arg("json", |json| json.help(t("输出机器可读的 JSON", "print JSON for machines")))
        .arg(input(lang).required_unless_present("data").required(false));
    let command = result(linking(stored, lang, Needed::WithoutData), lang)
        .args_conflicts_with_subcommands(true)
        .subcommand_precedence_over_arg(true)
        .subcommand_negates_reqs(true)
        .subcommand(explain(lang))
        .subcommand(review(lang))
        .subcommand(evaluate(lang))
        .subcommand(profile(lang))
        .subcommand(propose(lang))
        .subcommand(differences(lang))
        .subcommand(updating::add(lang))
        .subcommand(updating::withdraw(lang));
    command.after_help(t(
        "两种用法：\n  baoxue link --data 数据                      比对已导入的名单\n  baoxue link 文件… --model children --id 编号 --out 结果   比对任意 CSV、Parquet 文件",
        "Two forms:\n  baoxue link --data DIR                                   link what was imported\n  baoxue link FILE… --model children --id COLUMN --out DIR   link any CSV or Parquet files",
    ))
}

fn input(lang: Lang) -> Arg {
    Arg::new("input").value_name("INPUT").num_args(1..).value_parser(value_parser!(PathBuf)).help(
        lang.pick(
            "CSV 或 Parquet 文件，可多个，按列名接在一起",
            "CSV or Parquet files, put together by column names",
        ),
    )
}

/// Where model and ids must be given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needed {
    Always,
    /// In the form for files; that for stored claims has `--data`.
    WithoutData,
    /// The model is guessed and records are numbered when they are not given.
    Never,
}

/// What every linking of files takes.
fn linking(command: Command, lang: Lang, needed: Needed) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let needs = |arg: Arg| match needed {
        Needed::Always => arg.required(true),
        Needed::WithoutData => arg.required_unless_present("data"),
        Needed::Never => arg,
    };
    let files = |arg: Arg| {
        if needed == Needed::WithoutData { arg.conflicts_with("data") } else { arg }
    };
    command
        .arg(files(needs(Arg::new("model").long("model").value_name("MODEL").help(t(
            "比对模型：children（儿童名单）、auto（按数据自动判断）或模型文件（TOML、JSON）",
            "model: children (registers of children), auto (guessed from the data), or a file (TOML, JSON)",
        )))))
        .arg(files(needs(Arg::new("id").long("id").value_name("COLUMN").help(t(
            "编号列，每行一个、不重复",
            "column of record ids, one for each record, none twice",
        )))))
        .arg(files(Arg::new("source").long("source").value_name("COLUMN").help(t(
            "来源列：这一行出自哪份名单",
            "column that says which register a record comes from",
        ))))
        .arg(files(
            Arg::new("one-per-source")
                .long("one-per-source")
                .value_name("SOURCE")
                .action(ArgAction::Append)
                .requires("source")
                .help(t(
                    "这份名单中一个人只出现一次（可写多次；all 为全部名单）",
                    "this register has each person once (may be repeated; all for every one)",
                )),
        ))
        .arg(files(
            Arg::new("train").long("train").action(ArgAction::SetTrue).conflicts_with("no-train").help(t(
                "先从数据中学习模型参数（默认）",
                "learn the parameters from the data first (default)",
            )),
        ))
        .arg(files(
            Arg::new("no-train")
                .long("no-train")
                .action(ArgAction::SetTrue)
                .help(t("按模型原有参数比对", "use the model's parameters as they are")),
        ))
        .arg(files(file("decisions", "FILE").help(t(
            "人工核对过的行对（id_l、id_r、match 三列，1 为同一人，0 为不是）：一律照办，并用于学习参数",
            "pairs that people have judged (columns id_l, id_r, match; 1 the same person, 0 not): obeyed, and learnt from",
        ))))
        .arg(files(
            Arg::new("threshold")
                .long("threshold")
                .value_name("P")
                .value_parser(value_parser!(f64))
                .help(t(
                    "概率不低于多少才归为同一人（0 到 1 之间），默认用模型的门槛",
                    "join from this probability on (between 0 and 1); the model's threshold by default",
                )),
        ))
}

fn result(command: Command, lang: Lang) -> Command {
    let keep = Arg::new("keep").long("keep").action(ArgAction::SetTrue).conflicts_with("data").help(
        lang.pick(
            "另存 state.bin（含各行内容），以后可用 link add、link withdraw 增减名单",
            "keep state.bin too (holds the records), so that link add and link withdraw can go on from it",
        ),
    );
    command.arg(keep).arg(
        Arg::new("out")
            .long("out")
            .value_name("DIR")
            .required_unless_present("data")
            .conflicts_with("data")
            .value_parser(value_parser!(PathBuf))
            .help(lang.pick(
                "结果文件夹：clusters.parquet、pairs.parquet、model.toml、report.html",
                "folder for clusters.parquet, pairs.parquet, model.toml, report.html",
            )),
    )
}

fn json(lang: Lang) -> Arg {
    Arg::new("json")
        .long("json")
        .action(ArgAction::SetTrue)
        .help(lang.pick("输出机器可读的 JSON", "print JSON for machines"))
}

fn file(name: &'static str, value: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).value_parser(value_parser!(PathBuf))
}

fn explain(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("explain")
        .about(t(
            "两行为什么是（不是）同一个人，一类为什么归在一起",
            "why two records are one person, or are not; why a cluster is as it is",
        ))
        .arg(input(lang).required(true).help(t(
            "文件（一个或多个），最后写两行的编号",
            "files, then the ids of the two records",
        )))
        .arg(Arg::new("cluster").long("cluster").value_name("ID").help(t(
            "改为说明这个编号所在的一类：靠什么归在一起，什么没有并进来",
            "tell of the cluster of this id instead: what holds it together, what was kept out",
        )))
        .arg(
            file("out", "FILE")
                .help(t("另存为网页（含这些行的内容）", "write a page too (holds the records)")),
        )
        .arg(json(lang));
    linking(command, lang, Needed::Always)
        .override_usage("baoxue link explain INPUT… --model MODEL --id COLUMN A B | --cluster A")
}

fn review(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("review")
        .about(t(
            "需要人工核对的行对，答案影响大的在前，CSV",
            "the pairs that a person should look at, those whose answers change most first, as CSV",
        ))
        .arg(input(lang).required(true))
        .arg(
            file("out", "FILE")
                .help(t("写到文件，默认为屏幕", "write to a file instead of the screen")),
        )
        .arg(
            Arg::new("limit")
                .long("limit")
                .value_name("N")
                .default_value("500")
                .value_parser(value_parser!(usize))
                .help(t("最多几对", "at most so many pairs")),
        )
        .arg(file("stakes", "FILE").conflicts_with("sample").help(t(
            "各行牵涉多少（id、stake 两列，如牵涉几个认定）：牵涉多的在前",
            "what hangs on records (columns id, stake; how many verdicts, say): the most first",
        )))
        .arg(sample(None, lang).help(t(
            "改为抽样：每类行对抽几对，不写概率，用来估计准确率（evaluate --labels）",
            "draw a sample instead: so many pairs of each kind, probabilities hidden, for evaluate --labels",
        )));
    linking(command, lang, Needed::Always)
}

fn evaluate(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("evaluate")
        .about(t(
            "与标准答案或人工标注的抽样对照，给出准确率和召回率",
            "precision and recall against a known truth or by a judged sample",
        ))
        .arg(input(lang).required(true))
        .arg(file("truth", "FILE").requires("truth-column").conflicts_with("labels").help(t(
            "标准答案文件，编号列与 --id 同名",
            "file of the truth; its ids are in the column of --id",
        )))
        .arg(
            Arg::new("truth-column")
                .long("truth-column")
                .value_name("COLUMN")
                .help(t("同一个人值相同的列", "column whose values are equal for one person")),
        )
        .arg(file("labels", "FILE").required_unless_present("truth").help(t(
            "人工标注的抽样（review --sample 抽出，填好 match 列）：给出准确率、召回率和区间",
            "a sample drawn by review --sample and judged by people: precision and recall with intervals",
        )))
        .arg(sample(Some("50"), lang))
        .arg(file("out", "DIR").help(t("另写 evaluation.html", "write evaluation.html too")))
        .arg(json(lang));
    linking(command, lang, Needed::Always)
}

/// How many pairs of each kind are drawn.
fn sample(default: Option<&'static str>, lang: Lang) -> Arg {
    let arg = Arg::new("sample").long("sample").value_name("N");
    arg.value_parser(value_parser!(usize))
        .default_value(default)
        .help(lang.pick("抽样时每类行对抽了几对", "so many pairs of each kind were drawn"))
}

fn profile(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("profile")
        .about(t(
            "各列的填写、取值和格式，以及可能是什么字段；加 --model 再看分组规则找得全不全",
            "what each column holds and which kind of field it may be; with --model what the blocking rules reach",
        ))
        .arg(input(lang).required(true))
        .arg(json(lang));
    linking(command, lang, Needed::Never)
}

fn propose(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("propose")
        .about(t(
            "提出适合这些数据的分组规则（默认用 auto 模型的字段）",
            "propose blocking rules for these data (with the fields of the model auto by default)",
        ))
        .arg(input(lang).required(true))
        .arg(
            Arg::new("pairs")
                .long("pairs")
                .value_name("N")
                .default_value("10")
                .value_parser(value_parser!(f64))
                .help(t("每条记录平均最多比几对", "at most so many pairs for each record")),
        )
        .arg(
            Arg::new("rules")
                .long("rules")
                .value_name("N")
                .default_value("10")
                .value_parser(value_parser!(usize))
                .help(t("最多几条规则", "at most so many rules")),
        )
        .arg(
            file("out", "FILE").help(t(
                "另存为带这些规则的模型（TOML）",
                "write a model with these rules too (TOML)",
            )),
        )
        .arg(json(lang));
    linking(command, lang, Needed::Never)
}

fn differences(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let model = |name: &'static str| Arg::new(name).value_name("MODEL").required(true);
    Command::new("differences")
        .about(t("两个模型有什么不同", "what changed from one model to another"))
        .arg(model("before").help(t("前一个模型", "the first model")))
        .arg(model("after").help(t("后一个模型", "the second model")))
        .arg(json(lang))
}
