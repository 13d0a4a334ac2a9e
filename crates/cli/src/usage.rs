//! Wrong command lines, in the language of the user: clap itself speaks English only.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::lang::Lang;

/// Exit code of a wrong command line.
const CODE: u8 = 2;

/// Help and version are answers; the rest is a usage error.
pub(crate) fn answer(error: &clap::Error, lang: Lang) -> ExitCode {
    let kind = error.kind();
    if kind == ErrorKind::DisplayHelp || kind == ErrorKind::DisplayVersion {
        print!("{error}");
        return ExitCode::SUCCESS;
    }
    if kind == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        eprint!("{error}");
    } else {
        eprint!("{}", lang.pick(text(error), in_english(error)));
    }
    ExitCode::from(CODE)
}

fn in_english(error: &clap::Error) -> String {
    format!("usage error, nothing was done; see --help\n{error}")
}

/// What is wrong, what was expected, how the command is written.
fn text(error: &clap::Error) -> String {
    let hint = hint(error).map_or(String::new(), |hint| format!("  {hint}\n"));
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => usage.to_string(),
        Some(_) | None => String::new(),
    };
    let usage = usage.replace("Usage: ", "用法：").replace("[OPTIONS]", "[选项]");
    let what = what(error);
    format!(
        "命令写法有误，什么都没有做：{what}\n{hint}\n{}\n\n用 --help 看说明。\n",
        usage.trim_end()
    )
}

fn what(error: &clap::Error) -> String {
    let of = |kind| value(error, kind);
    let argument = of(ContextKind::InvalidArg);
    let found = of(ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => format!("没有“{argument}”这个选项"),
        ErrorKind::InvalidSubcommand => {
            format!("没有“{}”这个命令", of(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => "缺少命令".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("缺少 {argument}"),
        ErrorKind::InvalidValue if found.is_empty() => format!("“{argument}”后面缺少值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("“{argument}”的值“{found}”不对")
        }
        ErrorKind::ArgumentConflict => {
            let other = of(ContextKind::PriorArg);
            if other == argument {
                format!("“{argument}”只能写一次")
            } else {
                format!("“{argument}”不能与“{other}”同用")
            }
        }
        ErrorKind::TooManyValues => format!("“{argument}”的值太多，“{found}”是多余的"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("“{argument}”的值的个数不对")
        }
        ErrorKind::NoEquals => format!("“{argument}”与它的值之间要写等号"),
        ErrorKind::InvalidUtf8 => "有的文字不是 UTF-8 编码".to_owned(),
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::Io
        | ErrorKind::Format => "不能显示说明".to_owned(),
        // The list is open; what it may hold one day is told in clap's own words.
        _ => error.kind().as_str().unwrap_or("不能识别").to_owned(),
    }
}

/// What would be right, if that can be told.
fn hint(error: &clap::Error) -> Option<String> {
    for kind in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand] {
        let suggested = likeliest(error, kind);
        if !suggested.is_empty() {
            return Some(format!("是不是“{suggested}”？"));
        }
    }
    let valid = value(error, ContextKind::ValidValue);
    if !valid.is_empty() {
        return Some(format!("可以写：{valid}"));
    }
    let argument = value(error, ContextKind::InvalidArg);
    if error.kind() != ErrorKind::ValueValidation {
        return None;
    }
    let number = ["<N>", "<X>", "<BATCH>"].iter().any(|name| argument.contains(name));
    if argument.contains("<DATE>") {
        return Some("应为日期，如 2019-06-30".to_owned());
    }
    number.then(|| "应为数字".to_owned())
}

/// Of several suggestions clap puts the likeliest last.
fn likeliest(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::Strings(texts)) => texts.last().cloned().unwrap_or_default(),
        Some(_) | None => value(error, kind),
    }
}

fn value(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(_) | None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        let line = std::iter::once("baoxue").chain(line.split_whitespace());
        let error = args::command(Lang::Zh).try_get_matches_from(line).unwrap_err();
        let text = text(&error);
        for part in expected {
            assert!(text.contains(part), "{part}: {text}");
        }
        let english = ["error:", "argument", "value", "Usage", "For more", "OPTIONS", "tip"];
        for word in english {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }

    #[test]
    fn every_usual_mistake_is_told_in_chinese() {
        check("run x --data d --outt o", &["没有“--outt”这个选项", "是不是“--out”？"]);
        check("imprt a.csv", &["没有“imprt”这个命令", "是不是“import”？"]);
        check("--lang zh", &["缺少命令"]);
        check("import --data d", &["缺少 <FILE>...", "用法：baoxue import"]);
        check("status", &["缺少 --data <DIR>"]);
        check("status --data", &["“--data <DIR>”后面缺少值"]);
        check("export all --data d", &["的值“all”不对", "可以写：links、determinations"]);
        check("import a.csv --data d --as-of 6月", &["的值“6月”不对", "应为日期"]);
        check("withdraw x --data d --why y", &["的值“x”不对", "应为数字"]);
        check("status --data a --data b", &["“--data <DIR>”只能写一次"]);
        check("decide same 1-1 --data d --why x", &["“<ROW> <ROW>”的值的个数不对"]);
    }
}
