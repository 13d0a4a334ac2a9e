//! A sample of the children of one town, drawn by a seed that stands on the paper.

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use baoxue_authz::Action;
use baoxue_claim::TownCode;
use baoxue_flow::findings::sample;

use super::samples;
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{Status, age, child_key, html, name_of, thousands},
    door::Signed,
    forms::Asked,
    i18n::Lang,
    trouble::Trouble,
};

/// Children drawn unless asked otherwise, and at most.
const USUAL: usize = 20;
const MOST: usize = 200;

struct Row {
    key: String,
    name: String,
    who: String,
    village: String,
    school: String,
    status: Status,
}

#[derive(Template)]
#[template(path = "inspect_sample.html")]
struct SamplePage {
    chrome: Chrome,
    /// Code, name, whether chosen.
    towns: Vec<(String, String, bool)>,
    n: usize,
    seed: String,
    /// Name of the town, of how many children, run and day.
    drawn: Option<(String, String, String, String)>,
    rows: Vec<Row>,
}

/// The form, and the sample once a seed is given.
pub(super) async fn page(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    if !samples(&signed) {
        return Err(Trouble::NotYours);
    }
    // Whoever could, but has not proved the second factor, does so first.
    signed.scope(Action::ReadChild)?;
    let (roll, county, lang) = (app.roll(), app.county(), Lang::of(&headers));
    let town: Option<TownCode> = asked.one("town").and_then(|town| town.parse().ok());
    let town = town.and_then(|code| county.towns.get(code));
    let n = asked.one("n").and_then(|n| n.parse().ok()).unwrap_or(USUAL).clamp(1, MOST);
    let seed: String = asked.one("seed").unwrap_or_default().chars().take(40).collect();
    let drawing = town.filter(|_| !seed.is_empty());
    let (mut rows, mut shown, mut drawn) = (Vec::new(), Vec::new(), None);
    if let Some(town) = drawing {
        let of_town = roll.entries().iter().filter(|e| e.of_age && e.town == Some(town.code));
        let of_town: Vec<_> = of_town.collect();
        let run = roll.run.as_ref();
        drawn = Some((
            town.name.clone(),
            thousands(of_town.len()),
            run.map(|run| run.id.to_string()).unwrap_or_default(),
            run.map(|run| run.as_of.to_string()).unwrap_or_default(),
        ));
        for entry in sample(of_town, &seed, n) {
            let years = entry.birth.and_then(|birth| age(birth, county.settings.as_of));
            let years = years.map(|n| lang.n("years-old", usize::try_from(n).unwrap_or_default()));
            shown.push(entry.child);
            rows.push(Row {
                key: child_key(entry.child),
                name: name_of(entry, lang),
                who: years.unwrap_or_default(),
                village: entry.village.as_deref().unwrap_or_default().to_owned(),
                school: entry.school_shown().unwrap_or_default().to_owned(),
                status: Status::of_entry(entry, lang),
            });
        }
    }
    signed.lists(&app, Action::ReadChild, &shown).await?;
    let here = town.map(|town| town.code);
    let towns = county.towns.all().iter();
    html(&SamplePage {
        towns: towns
            .map(|town| (town.code.to_string(), town.name.clone(), Some(town.code) == here))
            .collect(),
        n,
        seed: if seed.is_empty() { fresh_seed()? } else { seed },
        drawn,
        rows,
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Inspect, &lang.t("sample-title")),
    })
}

/// A seed that nobody has chosen.
fn fresh_seed() -> Result<String, Trouble> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_err(|error| Trouble::broken(&std::io::Error::other(error)))?;
    Ok(format!("{:08x}", u32::from_be_bytes(bytes)))
}
