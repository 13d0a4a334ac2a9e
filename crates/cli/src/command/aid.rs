//! `baoxue aid`: who is entitled, who received, and the households for which schooling is secured.

use clap::ArgMatches;
use serde_json::json;

use crate::{Done, failure::Failure, lang::Lang};

/// Prints the aid of the term by standing, then the households of the poverty register.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let (session, derived) = super::derive::derived(matches, false, lang).await?;
    let help = baoxue_flow::Help::of(&session.county, &derived)?;
    if matches.get_flag("json") {
        println!("{}", json!({ "aid": help.aid, "counts": help.counts, "secured": help.exit }));
        return Ok(Done::Clean);
    }
    println!(
        "{}",
        lang.pick(format!("学期：{}", help.aid.term), format!("term: {}", help.aid.term))
    );
    for (kind, standings) in help.by_standing() {
        println!("{}", lang.pick(kind.zh(), kind.en()));
        for (standing, n) in standings {
            println!("  {n:>7}  {}", lang.pick(standing.zh(), standing.en()));
        }
    }
    let row = &help.exit.county;
    println!("{}", lang.pick(
        format!("脱贫（监测）户 {} 户（有适龄儿童）＝ 有保障 {} ＋ 未保障 {} ＋ 待核 {}", row.households, row.secured, row.not_secured, row.open),
        format!("{} households of the poverty register with children of age = {} secured + {} not + {} open", row.households, row.secured, row.not_secured, row.open),
    ));
    let gaps = help.aid.cases.iter().any(|case| case.standing != baoxue_flow::AidStanding::Right);
    Ok(if gaps || row.not_secured > 0 { Done::NeedsPerson } else { Done::Clean })
}
