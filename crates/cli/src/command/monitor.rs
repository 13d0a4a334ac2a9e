//! `baoxue monitor`: what changed between two registers, and what runs towards a day.

use clap::ArgMatches;
use serde_json::json;

use crate::{Done, failure::Failure, lang::Lang};

/// Prints pairs of registers with their sums, and the findings by kind.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let (_, derived) = super::derive::derived(matches, false, lang).await?;
    let found = &derived.monitoring;
    if matches.get_flag("json") {
        println!("{}", json!({ "doubts": derived.doubts, "monitoring": found }));
    } else {
        super::run::show_doubts(&derived, lang);
        for pair in &found.pairs {
            println!("{}", lang.pick(
                format!("{} {}至{}：上期 {} ＝ 未变 {} ＋ 换学校 {} ＋ 离开 {} ＋ 消失 {}；本期新增 {}", pair.source.zh(), pair.older, pair.newer, pair.older_children, pair.stayed, pair.changed_school, pair.left, pair.vanished, pair.arrived),
                format!("{}, {} to {}: {} = {} stayed + {} changed school + {} left + {} vanished; {} arrived", pair.source.name(), pair.older, pair.newer, pair.older_children, pair.stayed, pair.changed_school, pair.left, pair.vanished, pair.arrived),
            ));
        }
        for change in baoxue_flow::change_counts(&derived) {
            let overdue = lang.pick("期限已过", "overdue");
            println!(
                "  {:>7}  {}（{overdue} {}）",
                change.findings,
                lang.pick(change.zh, change.en),
                change.overdue
            );
        }
    }
    let waits = !derived.doubts.is_empty() || found.findings.iter().any(|found| found.overdue);
    Ok(if waits { Done::NeedsPerson } else { Done::Clean })
}
