//! Commands that ask about children after a run.

use baoxue_claim::ChildId;
use clap::{Arg, ArgMatches, Command, value_parser};

use super::{json, places, text};
use crate::{failure::Failure, lang::Lang};

/// The child that a command is about.
pub(crate) fn child(lang: Lang) -> Arg {
    Arg::new("child").value_name("CHILD").required(true).help(lang.pick(
        "孩子的编号，如 3-120，见 baoxue export determinations",
        "id of the child, such as 3-120, see baoxue export determinations",
    ))
}

/// The child as written.
pub(crate) fn child_of(matches: &ArgMatches) -> Result<ChildId, Failure> {
    let written = text(matches, "child").unwrap_or_default();
    baoxue_flow::parse_record(written).map(ChildId::from).ok_or_else(|| {
        Failure::usage(&format!(
            "孩子的编号 `{written}` 应写成 3-120 的样子 (a child is written as 3-120)"
        ))
    })
}

/// `baoxue expiring`.
pub(super) fn expiring(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("expiring")
        .about(t(
            "近期到期的依据，以及次日的认定",
            "grounds that end soon, and what is so the day after",
        ))
        .arg(
            Arg::new("days")
                .long("days")
                .value_name("N")
                .default_value("30")
                .value_parser(value_parser!(u64).range(0..=3660))
                .help(t("多少天内", "within so many days")),
        )
        .arg(
            Arg::new("on")
                .long("on")
                .value_name("DATE")
                .value_parser(value_parser!(chrono::NaiveDate))
                .help(t(
                    "从哪天起，默认为认定日期",
                    "from which day, the day of determination by default",
                )),
        )
        .arg(json(lang));
    places(command, lang)
}

/// `baoxue signs`.
pub(super) fn signs(lang: Lang) -> Command {
    let command = Command::new("signs")
        .about(
            lang.pick("材料造假、滥用的迹象，供核查", "signs of abuse of papers, to be looked at"),
        )
        .arg(json(lang));
    places(command, lang)
}

/// `baoxue answer`.
pub(super) fn answer(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("answer")
        .about(t(
            "说法不一的一方答复：更正，或仍不一致及理由",
            "a side of a conflict answers: it corrects itself, or still disagrees and why",
        ))
        .arg(child(lang))
        .arg(
            Arg::new("side")
                .long("side")
                .value_name("SOURCE")
                .required(true)
                .help(t("哪一方，如 town_survey 或 镇办摸排", "which side, such as town_survey")),
        )
        .arg(
            Arg::new("outcome")
                .long("outcome")
                .value_name("corrects|disagrees")
                .required(true)
                .value_parser(["corrects", "disagrees"])
                .help(t(
                    "corrects 更正，disagrees 仍不一致",
                    "corrects itself, or still disagrees",
                )),
        )
        .arg(
            Arg::new("why")
                .long("why")
                .value_name("TEXT")
                .required(true)
                .help(t("理由", "the reason")),
        )
        .arg(
            Arg::new("by")
                .long("by")
                .value_name("NAME")
                .default_value("cli")
                .help(t("谁答复的", "who answers")),
        );
    places(command, lang)
}
