//! `baoxue expiring`: the grounds that end in the next days, and what the children are the day after.

use baoxue_claim::VerdictCode;
use baoxue_flow::{Ending, Gathered};
use chrono::NaiveDate;
use clap::ArgMatches;

use crate::{Done, failure::Failure, lang::Lang, session::Session};

/// Prints them by day.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let session = Session::open_existing(matches).await?;
    let county = match matches.get_one::<NaiveDate>("on") {
        Some(day) => session.county.on(*day).map_err(baoxue_flow::FlowError::from)?,
        None => session.county.clone(),
    };
    let days = matches.get_one::<u64>("days").copied().unwrap_or_default();
    session.warn_stale(lang).await?;
    let gathered = Gathered::load(&session.store).await?;
    let endings = gathered.ending(&county, days)?;
    // Children who come of age are no ground that ends: they are counted, not listed.
    let (of_age, grounds): (Vec<&Ending>, Vec<&Ending>) =
        endings.iter().partition(|ending| ending.code == VerdictCode::NotYetOfAge);
    if matches.get_flag("json") {
        let list: Vec<serde_json::Value> = grounds.iter().map(|ending| json(ending)).collect();
        let out = serde_json::json!({
            "from": county.settings.as_of, "days": days, "grounds": list, "come_of_age": of_age.len(),
        });
        println!("{out}");
    } else {
        for ending in &grounds {
            println!("{}", line(ending, lang));
        }
        let (from, n, n_age) = (county.settings.as_of, grounds.len(), of_age.len());
        println!(
            "{}",
            lang.pick(
                format!("{from} 起 {days} 天内：{n} 项依据到期；另有 {n_age} 个孩子到入学年龄。"),
                format!(
                    "{days} days from {from} on: {n} grounds end; {n_age} children come of age"
                ),
            )
        );
    }
    Ok(if grounds.is_empty() { Done::Clean } else { Done::NeedsPerson })
}

fn line(ending: &Ending, lang: Lang) -> String {
    let Ending { child, town, code, title, until, then, .. } = ending;
    let town = town.as_deref().unwrap_or("—");
    match lang {
        Lang::Zh => {
            format!("{until}  {child}  {town}  {}（{title}） → 次日：{}", code.zh(), then.zh())
        }
        Lang::En => {
            format!("{until}  {child}  {town}  {} → the day after: {}", code.en(), then.en())
        }
    }
}

fn json(ending: &Ending) -> serde_json::Value {
    serde_json::json!({
        "child": ending.child.to_string(), "town": ending.town, "code": ending.code,
        "title": ending.title, "until": ending.until, "then": ending.then,
        "then_reason": ending.then_reason,
    })
}
