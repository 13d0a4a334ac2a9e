//! `baoxue listings`: who listed a child wrongly, who knew first, which towns reported zero while others knew.

use clap::ArgMatches;
use serde_json::json;

use crate::{Done, failure::Failure, lang::Lang};

/// Prints the account of towns and sources.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let (session, derived) = super::derive::derived(matches, false, lang).await?;
    let account = baoxue_flow::figures(&session.store, &session.county, &derived).await?.account;
    if matches.get_flag("json") {
        println!("{}", json!(account));
        return Ok(Done::Clean);
    }
    for row in &account.towns {
        let (name, report) = (&row.name, report(json!(row.report).as_str(), lang));
        println!("{}", lang.pick(
            format!("{name}（{report}）：失学辍学 {} ＝ 自己最先发现 {} ＋ 后列出 {} ＋ 漏报 {}；其中报零而他人发现 {}；错报 {}", row.out, row.found_first, row.found_later, row.missed, row.zero_contradicted, row.wrong),
            format!("{name} ({report}): {} out = {} found first + {} named later + {} missed; {} missed by a zero report; {} listed wrongly", row.out, row.found_first, row.found_later, row.missed, row.zero_contradicted, row.wrong),
        ));
    }
    println!();
    for row in &account.sources {
        let [right, suspected, back, explained, wrong, open] = row.outcomes;
        println!("{}", lang.pick(
            format!("{}：列出 {} ＝ 属实 {right} ＋ 疑似 {suspected} ＋ 已返校 {back} ＋ 有手续或已返校 {explained} ＋ 错报 {wrong} ＋ 待核 {open}", row.source.zh(), row.named),
            format!("{}: {} named = {right} right + {suspected} suspected + {back} back + {explained} explained + {wrong} wrong + {open} open", row.source, row.named),
        ));
    }
    Ok(Done::Clean)
}

fn report(state: Option<&str>, lang: Lang) -> &'static str {
    match state {
        Some("zero") => lang.pick("报零", "zero"),
        Some("named") => lang.pick("已报", "named"),
        Some(_) | None => lang.pick("未报送或被退回", "none, or returned"),
    }
}
