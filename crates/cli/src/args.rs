//! The command line: names, meanings in two languages, and what each command takes.

mod account;
mod audit;
mod cases;
mod figures;
mod questions;
mod serve;

pub(crate) use questions::{child, child_of};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::{failure::Failure, lang::Lang};

/// Help in Chinese: clap's own headings are English.
const TEMPLATE_ZH: &str = "{about}\n\n用法：{usage}\n\n{all-args}{after-help}";

/// The whole command line in the language of the user.
pub(crate) fn command(lang: Lang) -> Command {
    localised(tree(lang), lang)
}

/// Headings and the help of `--help` itself in the language, for a command and all below it.
fn localised(command: Command, lang: Lang) -> Command {
    if lang == Lang::En {
        return command;
    }
    let command = if command.get_version().is_some() {
        command.disable_version_flag(true).arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help("显示版本"),
        )
    } else {
        command
    };
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("显示说明");
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let command = names.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name, |below| localised(below, lang))
    });
    command
        .help_template(TEMPLATE_ZH)
        .disable_help_flag(true)
        .arg(help)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .mut_args(|arg| {
            let heading = if arg.is_positional() { "参数" } else { "选项" };
            arg.help_heading(heading)
        })
}

fn tree(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    Command::new("baoxue")
        .version(env!("CARGO_PKG_VERSION"))
        .about(t("保学：一个都不能少。把各部门报来的名单核成一本账。", "Baoxue: not one child less. Turns the departments' lists into one ledger."))
        .after_help(t(
            "退出码：0 完成；1 完成，但有需要人工处理的内容；2 命令写法有误；3 失败，什么都没有改动。",
            "Exit codes: 0 done; 1 done, but something needs a person; 2 usage; 3 failed and nothing changed.",
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .arg(
            Arg::new("lang").long("lang").value_name("zh|en").global(true)
                .value_parser(["zh", "en", "zh-CN"])
                .help(t("显示语言", "language of messages")),
        )
        .subcommand(init(lang))
        .subcommand(import(lang))
        .subcommand(link(lang))
        .subcommand(determine(lang))
        .subcommand(report(lang))
        .subcommand(crate::rules::command(lang))
        .subcommand(run(lang))
        .subcommand(figures::compare(lang))
        .subcommand(figures::listings(lang))
        .subcommand(figures::monitor(lang))
        .subcommand(figures::aid(lang))
        .subcommand(export(lang))
        .subcommand(withdraw(lang))
        .subcommand(decide(lang))
        .subcommand(cases::cases(lang))
        .subcommand(questions::answer(lang))
        .subcommand(questions::expiring(lang))
        .subcommand(questions::signs(lang))
        .subcommand(account::account(lang))
        .subcommand(serve::serve(lang))
        .subcommand(serve::demo(lang))
        .subcommand(audit::verify(lang))
        .subcommand(audit::trace(lang))
        .subcommand(audit::keys(lang))
        .subcommand(status(lang))
        .subcommand(doctor(lang))
        .subcommand(id(lang))
        .subcommand(sample(lang))
        .subcommand(score(lang))
        .subcommand(read_file())
}

/// `--data`, `--database`, `--key`, `--config`: where things are.
pub(crate) fn places(command: Command, lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    command
        .arg(
            Arg::new("data")
                .long("data")
                .value_name("DIR")
                .required(true)
                .value_parser(value_parser!(std::path::PathBuf))
                .help(t("数据文件夹（没有就新建）", "data folder (made if missing)")),
        )
        .arg(Arg::new("database").long("database").value_name("URL").help(t(
            "改用 PostgreSQL：postgres://用户@主机/库名",
            "use PostgreSQL instead: postgres://user@host/name",
        )))
        .arg(
            Arg::new("key")
                .long("key")
                .value_name("FILE")
                .value_parser(value_parser!(std::path::PathBuf))
                .help(t(
                    "密钥文件，默认为数据文件夹中的 baoxue.key",
                    "key file, baoxue.key in the data folder by default",
                )),
        )
        .arg(
            Arg::new("config")
                .long("config")
                .value_name("FILE")
                .value_parser(value_parser!(std::path::PathBuf))
                .help(t(
                    "县区配置 county.toml；用过一次后会记住",
                    "county.toml; remembered after the first use",
                )),
        )
}

/// `--json`.
pub(crate) fn json(lang: Lang) -> Arg {
    Arg::new("json")
        .long("json")
        .action(ArgAction::SetTrue)
        .help(lang.pick("输出机器可读的 JSON", "print JSON for machines"))
}

fn out(lang: Lang) -> Arg {
    Arg::new("out")
        .long("out")
        .value_name("OUT")
        .value_parser(value_parser!(std::path::PathBuf))
        .help(lang.pick("结果写到哪个文件夹", "folder for the results"))
}

fn reading(command: Command, lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    command
        .arg(
            Arg::new("mapping")
                .long("mapping")
                .value_name("FILE")
                .value_parser(value_parser!(std::path::PathBuf))
                .help(t(
                    "答好的列对照文件（questions.toml）",
                    "answered mapping file (questions.toml)",
                )),
        )
        .arg(
            Arg::new("brought-by")
                .long("brought-by")
                .value_name("NAME")
                .default_value("cli")
                .help(t("谁送来的（记入日志）", "who brought the files (logged)")),
        )
}

/// `--full-ids --reason`: full numbers on paper only with a reason.
fn full_ids(command: Command, lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    command
        .arg(
            Arg::new("full-ids")
                .long("full-ids")
                .action(ArgAction::SetTrue)
                .requires("reason")
                .help(t(
                    "显示完整身份证号（必须写明事由，会记入日志）",
                    "full ID numbers (needs a reason, is logged)",
                )),
        )
        .arg(Arg::new("reason").long("reason").value_name("TEXT").help(t("事由", "the reason")))
}

fn init(lang: Lang) -> Command {
    places(
        Command::new("init")
            .about(lang.pick("新建数据文件夹、数据库和密钥", "make data folder, database and key")),
        lang,
    )
}

fn import(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("import")
        .about(t("导入文件", "take in files"))
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .num_args(1..)
                .required(true)
                .value_parser(value_parser!(std::path::PathBuf))
                .help(t("一个或多个文件", "one or more files")),
        )
        .arg(Arg::new("source").long("source").value_name("KIND").help(t(
            "来源种类，如 town_survey 或 镇办摸排；不写则自动识别",
            "kind of source such as town_survey; recognised if not given",
        )))
        .arg(
            Arg::new("as-of")
                .long("as-of")
                .value_name("DATE")
                .value_parser(value_parser!(chrono::NaiveDate))
                .help(t(
                    "名单的截止日期，如 2019-06-30",
                    "the day the list speaks for, such as 2019-06-30",
                )),
        )
        .arg(out(lang))
        .arg(json(lang));
    reading(places(command, lang), lang)
}

fn link(lang: Lang) -> Command {
    let stored = Command::new("link")
        .about(lang.pick("比对：哪些行是同一个孩子", "find the rows that are the same child"))
        .arg(json(lang));
    crate::link::command(places(stored, lang), lang)
}

fn determine(lang: Lang) -> Command {
    places(
        Command::new("determine")
            .about(lang.pick("按规则认定每个孩子的状态", "derive each child's status by the rules"))
            .arg(Arg::new("anew").long("anew").action(ArgAction::SetTrue).help(lang.pick(
                "连同没有变化的结果也全部重写（verify 说结果被改动、或打不开时用）",
                "write every result again, unchanged ones too: for when verify says that results were changed, or they cannot be read",
            )))
            .arg(json(lang)),
        lang,
    )
}

fn report(lang: Lang) -> Command {
    let command = Command::new("report")
        .about(lang.pick("生成台账和清单", "write ledgers and lists"))
        .arg(out(lang).required(true))
        .arg(json(lang));
    full_ids(places(command, lang), lang)
}

fn run(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("run")
        .about(t(
            "一条命令做完：导入、比对、认定、出台账",
            "the whole job: import, link, determine, report",
        ))
        .arg(
            Arg::new("folder")
                .value_name("FOLDER")
                .required(true)
                .value_parser(value_parser!(std::path::PathBuf))
                .help(t("各部门文件所在的文件夹", "folder of the departments' files")),
        )
        .arg(out(lang).required(true))
        .arg(json(lang));
    full_ids(reading(places(command, lang), lang), lang)
}

fn export(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("export").about(t("把结果导出为 CSV", "print results as CSV")).arg(
        Arg::new("what")
            .value_name("links|determinations")
            .required(true)
            .value_parser(["links", "determinations"])
            .help(t(
                "links 每行归到哪个孩子；determinations 每个孩子的认定",
                "links: the child of each row; determinations: the status of each child",
            )),
    );
    full_ids(places(command, lang), lang)
}

fn withdraw(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("withdraw")
        .about(t(
            "撤回一批导入，结果恢复到导入之前",
            "withdraw a batch; results are as before it came",
        ))
        .arg(
            Arg::new("batch")
                .value_name("BATCH")
                .required(true)
                .value_parser(value_parser!(u32))
                .help(t("批次号，见 baoxue status", "number of the batch, see baoxue status")),
        )
        .arg(
            Arg::new("why")
                .long("why")
                .value_name("TEXT")
                .required(true)
                .help(t("撤回原因", "the reason")),
        )
        .arg(
            Arg::new("by")
                .long("by")
                .value_name("NAME")
                .default_value("cli")
                .help(t("谁撤回的", "who withdraws")),
        )
        .arg(json(lang));
    places(command, lang)
}

fn decide(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("decide")
        .about(t(
            "人工裁定两行是不是同一个孩子，以后每次比对都照办",
            "rule whether two rows are the same child; binds every later run",
        ))
        .arg(
            Arg::new("ruling")
                .value_name("same|different|revoke")
                .required(true)
                .value_parser(["same", "different", "revoke"])
                .help(t(
                    "same 同一人，different 不是同一人，revoke 撤销裁定",
                    "same, different, or revoke an earlier ruling",
                )),
        )
        .arg(Arg::new("row").value_name("ROW").num_args(2).required(true).help(t(
            "两行的行号，如 3-120（批次-序号，见待核对清单）",
            "the two rows, such as 3-120 (batch and ordinal, see the review list)",
        )))
        .arg(
            Arg::new("why")
                .long("why")
                .value_name("TEXT")
                .required(true)
                .help(t("依据", "the reason")),
        )
        .arg(
            Arg::new("by")
                .long("by")
                .value_name("NAME")
                .default_value("cli")
                .help(t("谁裁定的", "who rules")),
        );
    places(command, lang)
}

fn status(lang: Lang) -> Command {
    places(
        Command::new("status")
            .about(lang.pick("现有批次和结果一览", "batches and results at a glance"))
            .arg(json(lang)),
        lang,
    )
}

fn doctor(lang: Lang) -> Command {
    places(
        Command::new("doctor")
            .about(lang.pick("检查配置、密钥和数据是否完好", "check configuration, key and data"))
            .arg(json(lang)),
        lang,
    )
}

fn id(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    Command::new("id")
        .about(t("检验身份证号，给出可能的改法", "check resident IDs and suggest corrections"))
        .arg(
            Arg::new("number")
                .value_name("NUMBER")
                .num_args(1..)
                .required(true)
                .help(t("号码", "the numbers")),
        )
        .arg(
            Arg::new("birth")
                .long("birth")
                .value_name("DATE")
                .value_parser(value_parser!(chrono::NaiveDate))
                .help(t("出生日期（缩小改法范围）", "birth date, narrows suggestions")),
        )
        .arg(
            Arg::new("sex")
                .long("sex")
                .value_name("男|女")
                .help(t("性别", "sex, narrows suggestions")),
        )
        .arg(Arg::new("area").long("area").value_name("CODE").action(ArgAction::Append).help(t(
            "本县常见的号码前六位，可写多次",
            "first six digits common in the county, may be repeated",
        )))
        .arg(json(lang))
}

fn sample(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    Command::new("sample")
        .about(t(
            "生成一个虚构县区的文件和标准答案",
            "write the files of a synthetic county, with the truth",
        ))
        .arg(out(lang).required(true))
        .arg(
            Arg::new("children")
                .long("children")
                .value_name("N")
                .default_value("3000")
                .value_parser(value_parser!(u32))
                .help(t("孩子数", "number of children")),
        )
        .arg(
            Arg::new("registers")
                .long("registers")
                .value_name("N")
                .conflicts_with("children")
                .value_parser(value_parser!(u64).range(1..))
                .help(t(
                    "改为生成五本名册的比对数据，约 N 条记录：records.csv 和 truth.csv",
                    "instead, about N records of five registers for linkage: records.csv and truth.csv",
                )),
        )
        .arg(
            Arg::new("seed")
                .long("seed")
                .value_name("N")
                .default_value("1")
                .value_parser(value_parser!(u64))
                .help(t("随机种子", "seed")),
        )
        .arg(
            Arg::new("noise")
                .long("noise")
                .value_name("X")
                .default_value("1.0")
                .value_parser(value_parser!(f64))
                .help(t("差错率倍数", "multiplier of all error rates")),
        )
        .arg(
            Arg::new("as-of")
                .long("as-of")
                .value_name("DATE")
                .default_value("2019-08-25")
                .value_parser(value_parser!(chrono::NaiveDate))
                .help(t("认定日期", "day of determination")),
        )
        .arg(sample_config(lang))
}

/// `--config` of `sample`: unlike elsewhere it is not remembered.
fn sample_config(lang: Lang) -> Arg {
    Arg::new("config")
        .long("config")
        .value_name("FILE")
        .conflicts_with("registers")
        .value_parser(value_parser!(std::path::PathBuf))
        .help(lang.pick(
            "用这个县区配置的镇办、认定日期和规则设置",
            "towns, day and settings of this county's configuration",
        ))
}

fn score(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("score")
        .about(t("与标准答案对照，给出准确率", "compare with the truth and print the accuracy"))
        .arg(
            Arg::new("truth")
                .long("truth")
                .value_name("DIR")
                .required(true)
                .value_parser(value_parser!(std::path::PathBuf))
                .help(t("标准答案文件夹", "folder of the truth")),
        )
        .arg(Arg::new("true-links").long("true-links").action(ArgAction::SetTrue).help(t(
            "另按标准答案归并后只评规则认定",
            "also score the rules on rows linked as they truly are",
        )))
        .arg(Arg::new("brief").long("brief").action(ArgAction::SetTrue).help(t(
            "只打印一行：bench/districts.sh 的表格行",
            "print one line: a row of the table of bench/districts.sh",
        )))
        .arg(json(lang));
    places(command, lang)
}

/// The reading process; started by the program itself, never by a person.
fn read_file() -> Command {
    Command::new("__read-file")
        .hide(true)
        .arg(Arg::new("rest").num_args(0..).allow_hyphen_values(true).trailing_var_arg(true))
}

/// A path argument that may be missing.
pub(crate) fn path<'m>(matches: &'m ArgMatches, name: &str) -> Option<&'m std::path::PathBuf> {
    matches.try_get_one(name).ok().flatten()
}

/// The reason given with `--why`, which must say something.
pub(crate) fn reason(matches: &ArgMatches) -> Result<&str, Failure> {
    let why = text(matches, "why").unwrap_or_default().trim();
    if why.is_empty() {
        return Err(Failure::usage("--why 不能为空 (must say something)"));
    }
    Ok(why)
}

/// A text argument that may be missing, or that the command does not have.
pub(crate) fn text<'m>(matches: &'m ArgMatches, name: &str) -> Option<&'m str> {
    matches.try_get_one::<String>(name).ok().flatten().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_forms_parse() {
        for line in [
            "baoxue run F --data D --config C.toml --out O",
            "baoxue export links --data D",
            "baoxue link --data D --json",
            "baoxue link a.csv b.parquet --model children --id record_id --out O --threshold 0.99",
            "baoxue link explain a.csv 1 2 --model m.toml --id record_id",
            "baoxue link review a.csv --model auto --id record_id --source s --one-per-source all",
            "baoxue link evaluate a.csv --model auto --id i --truth t.parquet --truth-column person",
            "baoxue link profile a.csv b.csv",
            "baoxue export determinations --data D --full-ids --reason 核对",
            "baoxue import a.xlsx b.csv --data D --source town_survey --as-of 2019-06-30 --json",
            "baoxue status --data D --database postgres://u@h/d --lang en",
            "baoxue withdraw 3 --data D --why 重复",
            "baoxue compare reported --classes city_inspection,unexplained --data D",
            "baoxue listings --data D --json",
            "baoxue monitor --data D --lang en",
            "baoxue aid --data D --json",
            "baoxue rules what-if --set thresholds.dropout_days=20 --data D",
            "baoxue rules check",
            "baoxue rules explain 3-120 --on 2019-08-25 --data D",
            "baoxue expiring --days 60 --data D",
            "baoxue signs --data D --json",
            "baoxue cases list --late --data D --json",
            "baoxue cases show k_12 --data D",
            "baoxue cases record k_12 - --by 周立新 --data D",
            "baoxue cases pass --data D",
            "baoxue trace F.xlsx --data D --json",
            "baoxue answer 3-120 --side town_survey --outcome disagrees --why 已入户 --data D",
            "baoxue rules check P Q --json",
            "baoxue rules diff CN-DEFAULT P+Q",
        ] {
            for lang in [Lang::Zh, Lang::En] {
                command(lang).try_get_matches_from(line.split(' ')).unwrap();
            }
        }
        command(Lang::Zh).debug_assert();
    }

    #[test]
    fn full_ids_need_a_reason() {
        let line = "baoxue export determinations --data D --full-ids";
        assert!(command(Lang::Zh).try_get_matches_from(line.split(' ')).is_err());
    }
}
