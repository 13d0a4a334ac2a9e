//! `baoxue compare`: the set comparisons, and whether a breakdown that somebody brings adds up.

use clap::ArgMatches;
use serde_json::json;

use crate::{Done, args, failure::Failure, lang::Lang};

/// Prints every comparison, or the one asked for; refuses a breakdown that does not add up.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let (session, derived) = super::derive::derived(matches, false, lang).await?;
    let figures = baoxue_flow::figures(&session.store, &session.county, &derived).await?;
    let wanted = args::text(matches, "table");
    let classes: Vec<&str> =
        matches.get_many::<String>("classes").into_iter().flatten().map(String::as_str).collect();
    let mut tables = Vec::new();
    if let Some(table) = wanted {
        let all: Vec<&str> = figures
            .comparisons
            .all()
            .into_iter()
            .filter(|comparison| comparison.name == table)
            .flat_map(|comparison| comparison.classes.iter().map(|class| class.name.as_str()))
            .collect();
        let asked = (table, if classes.is_empty() { &all } else { &classes }.as_slice());
        let of = &figures.comparisons;
        tables.push(baoxue_flow::breakdown(of, asked, &session.county, &derived)?);
    } else {
        tables.extend(figures.comparisons.all().into_iter().cloned());
    }
    if matches.get_flag("json") {
        println!("{}", json!({ "as_of": session.county.settings.as_of, "comparisons": tables }));
        return Ok(Done::Clean);
    }
    for table in &tables {
        println!("{} ({})", lang.pick(&table.title_zh, &table.title_en), table.name);
        for class in &table.classes {
            let title = lang.pick(&class.title_zh, &class.title_en);
            println!("  {:>7}  {title} ({})", class.children.len(), class.name);
        }
        println!("  {:>7}  {}\n", table.base, lang.pick("合计", "total"));
    }
    Ok(Done::Clean)
}
