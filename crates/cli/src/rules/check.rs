//! `baoxue rules check`: whether the rules can be loaded and their worked cases hold.

use baoxue_determine::{Pack, Settings};
use chrono::NaiveDate;
use clap::{ArgMatches, Command};

use crate::{Done, failure::Failure, lang::Lang};

/// The command line.
pub(super) fn command(lang: Lang) -> Command {
    Command::new("check")
        .about(lang.pick("检查规则包并运行全部判例", "load the rules and run their cases"))
}

/// Loads the pack and runs its cases.
pub(super) fn run(_matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let pack = Pack::builtin();
    // The day is that of each case.
    let failures = pack.failing_cases(&Settings::new(NaiveDate::MIN));
    if !failures.is_empty() {
        let lines: Vec<String> = failures.iter().map(ToString::to_string).collect();
        return Err(Failure::File(lines.join("\n")));
    }
    let (n_rules, n_cases) = (pack.rules().len(), pack.n_cases());
    println!(
        "{}",
        lang.pick(
            format!("规则 {n_rules} 条，判例 {n_cases} 个，全部成立。"),
            format!("{n_rules} rules, {n_cases} cases, all hold"),
        )
    );
    Ok(Done::Clean)
}
