//! `baoxue signs`: signs of abuse that somebody should look at; they decide nothing.

use baoxue_determine::Suspicion;
use baoxue_flow::Gathered;
use clap::ArgMatches;

use crate::{Done, failure::Failure, lang::Lang, session::Session};

/// Prints them.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let session = Session::open_existing(matches).await?;
    session.warn_stale(lang).await?;
    let gathered = Gathered::load(&session.store).await?;
    let signs = gathered.signs(&session.county);
    if matches.get_flag("json") {
        let list: Vec<serde_json::Value> = signs.iter().map(json).collect();
        println!("{}", serde_json::Value::Array(list));
    } else {
        for suspicion in &signs {
            let children = ids(suspicion).join(" ");
            let what = lang.pick(suspicion.sign.zh(), suspicion.sign.en());
            let who = suspicion.issuer.as_ref().map(|who| format!("  {who}")).unwrap_or_default();
            println!("{}  {what}{who}  {children}", suspicion.since);
        }
        let n = signs.len();
        println!(
            "{}",
            lang.pick(
                format!("共 {n} 条，供核查，不作为认定依据。"),
                format!("{n} signs, to be looked at; none decides"),
            )
        );
    }
    Ok(if signs.is_empty() { Done::Clean } else { Done::NeedsPerson })
}

fn ids(suspicion: &Suspicion) -> Vec<String> {
    suspicion.children.iter().map(ToString::to_string).collect()
}

fn json(suspicion: &Suspicion) -> serde_json::Value {
    serde_json::json!({
        "sign": suspicion.sign, "since": suspicion.since, "children": ids(suspicion),
        "issuer": suspicion.issuer,
    })
}
