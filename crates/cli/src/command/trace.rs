//! `baoxue trace`: whose export an excerpt comes from (T-22).

use anyhow::Context;
use baoxue_flow::{
    Roll,
    exports::{Suspect, Trace, read_excerpt, trace},
    people::{Account, People},
};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang, session::Session};

/// Other exports that are told of.
const TOLD: usize = 5;

/// Compares a file that was found with the exports that were made.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let session = Session::open_existing(matches).await?;
    let file = args::path(matches, "file").context("FILE")?;
    let program = std::env::current_exe().context("finding the running program")?;
    let excerpt = read_excerpt(&program, file)
        .map_err(|error| Failure::File(lang.pick(error.zh(), error.en())))?;
    let roll = Roll::load(&session.store, &session.county.towns).await?;
    let found = trace(&session.store, &roll, &excerpt).await?;
    let people = People::new(session.store.clone(), super::serve::people_settings(&session));
    let accounts = people.accounts().await.map_err(anyhow::Error::from)?;
    if matches.get_flag("json") {
        println!("{}", json(&found, &accounts));
    } else {
        tell(&found, &accounts, lang);
    }
    Ok(if found.named().is_some() { Done::Clean } else { Done::NeedsPerson })
}

fn name(suspect: &Suspect, accounts: &[Account]) -> String {
    let account = accounts.iter().find(|account| account.id == suspect.account);
    account.map(|account| format!("{} {}", account.name, account.login)).unwrap_or_default()
}

fn json(found: &Trace, accounts: &[Account]) -> serde_json::Value {
    let login = |suspect: &Suspect| {
        let account = accounts.iter().find(|account| account.id == suspect.account);
        account.map(|account| account.login.clone())
    };
    let one = |suspect: &Suspect| {
        serde_json::json!({
            "export": suspect.export, "login": login(suspect),
            "rows": suspect.n_rows, "in_order": suspect.n_in_order,
        })
    };
    serde_json::json!({
        "rows": found.n_rows,
        "named": found.named().as_ref().map(one),
        "exports": found.suspects.iter().map(one).collect::<Vec<_>>(),
    })
}

fn tell(found: &Trace, accounts: &[Account], lang: Lang) {
    println!(
        "{}",
        lang.pick(
            format!("{} 行写有本县儿童。", found.n_rows),
            format!("{} rows name children of the county.", found.n_rows),
        )
    );
    for suspect in found.suspects.iter().take(TOLD) {
        let Suspect { export, n_rows, n_in_order, .. } = suspect;
        let who = name(suspect, accounts);
        println!(
            "{}",
            lang.pick(
                format!(
                    "  第 {export} 号导出（{who}）：含其中 {n_rows} 行，顺序相符 {n_in_order} 行"
                ),
                format!(
                    "  export {export} ({who}): has {n_rows} of them, {n_in_order} in its order"
                ),
            )
        );
    }
    match found.named() {
        Some(suspect) => {
            let who = name(&suspect, accounts);
            println!(
                "{}",
                lang.pick(
                    format!("行序是第 {} 号导出的：{who}。", suspect.export),
                    format!("the order of rows is that of export {}: {who}", suspect.export),
                )
            );
        }
        None => println!("{}", lang.pick(
            "行序不足以断定是谁：行数太少、重新排过序，或不是从本系统导出的。谁下载过这些儿童，见网页“审计记录”。",
            "the order does not tell whose it is: too few rows, sorted anew, or not exported from here; the audit tells who fetched these children",
        )),
    }
}
