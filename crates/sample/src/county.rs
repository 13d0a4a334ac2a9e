//! The order of a synthetic county, and the way from it to files.
//!
//! ```text
//! Spec ─► geography ─► households, children ─► story ─► faults, evidence ─► input/… (one writer per source)
//!                                                 └───► facts ───────────► truth/…
//! ```
//! What the files show and what the truth expects come from the same story, so that they cannot drift apart.

mod book;
mod calendar;
mod chance;
mod county_error;
mod evidence;
mod fault;
mod file;
mod names;
mod people;
mod place;
#[cfg(test)]
mod reader;
mod registers;
mod story;
mod style;
mod truth;
mod unusual;
mod words;

use std::{collections::BTreeMap, io};

use baoxue_claim::Town;
use chrono::NaiveDate;
use serde::Serialize;

use self::{
    book::Finished,
    calendar::Calendar,
    chance::Chance,
    county_error::CountyError,
    evidence::Teller,
    file::{County, Sink},
    names::Names,
    people::{Child, Household, Maker},
    place::Geography,
    style::CountyStyle,
    truth::Truth,
};

pub use self::registers::{RegistersSpec, RegistersTold, registers};

/// What county to make. The same order gives the same bytes.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Number from which everything is drawn.
    pub seed: u64,
    /// How many children of 0 to 17 years, before those of other counties and those who are registered twice.
    pub children: u32,
    /// Factor on every rate of mistakes: 1.0 as in the sample district, 3.0 three times as many. What happens to the
    /// children does not depend on it.
    pub noise: f64,
    /// The day as of which the truth holds.
    pub as_of: NaiveDate,
    /// Which headers, file names, orders, encodings and formats; from `seed` when `None`.
    pub style: Option<u32>,
    /// The towns; [`default_towns`] when empty. With more than three, the first three have no child out of school.
    pub towns: Vec<Town>,
}

/// One file of the county.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileEntry {
    /// Name without folder.
    pub file: String,
    /// Sheets in order, one empty name for csv.
    pub sheets: Vec<String>,
    /// Rows that are not blank.
    pub rows: u64,
    /// Rows that name a child.
    pub child_rows: u64,
    /// Format and encoding.
    pub written_as: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// What was made; written as `truth/manifest.json` too.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Manifest {
    /// As ordered.
    pub seed: u64,
    /// As ordered.
    pub noise: f64,
    /// As ordered.
    pub children_param: u32,
    /// As ordered, or as derived from the seed.
    pub style: u32,
    /// As ordered.
    pub as_of: NaiveDate,
    /// Name of the county as the addresses have it.
    pub county: String,
    /// The towns in order.
    pub towns: Vec<Town>,
    /// Children in `truth/children.csv`, registered twice or not.
    pub people: u64,
    /// Households with a child.
    pub households: u64,
    /// Schools of the county.
    pub schools: u64,
    /// Children by expected code.
    pub codes: BTreeMap<String, u64>,
    /// Children by tag, such as `twin` or `survey_name_homophone`.
    pub tags: BTreeMap<String, u64>,
    /// The files under `input/`.
    pub files: Vec<FileEntry>,
}

/// Twelve invented towns: three street offices and nine towns.
pub fn default_towns() -> Vec<Town> {
    const TOWNS: [(&str, &str); 12] = [
        ("001", "城关办"),
        ("002", "滨江办"),
        ("003", "东岭办"),
        ("100", "双溪镇"),
        ("101", "青龙镇"),
        ("102", "石佛镇"),
        ("103", "柏杨镇"),
        ("104", "长坪镇"),
        ("105", "茶园镇"),
        ("106", "红岩镇"),
        ("107", "清泉镇"),
        ("108", "马鞍镇"),
    ];
    TOWNS
        .iter()
        .filter_map(|(code, name)| {
            let code = format!("610931{code}").parse().ok()?;
            Some(Town { code, name: (*name).to_owned(), aliases: Vec::new(), from: None, to: None })
        })
        .collect()
}

/// Makes the county and hands each file to `emit` with its relative path, `input/…` first, `truth/…` last.
///
/// # Errors
/// Whatever `emit` returns; [`io::ErrorKind::InvalidInput`] when `as_of` lies outside the calendar; another error when a
/// workbook cannot be written.
pub fn county(
    spec: &Spec,
    emit: &mut dyn FnMut(&str, &[u8]) -> io::Result<()>,
) -> io::Result<Manifest> {
    let Some(calendar) = Calendar::new(spec.as_of) else {
        let message = "the day lies outside the calendar";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    };
    Ok(made(spec, &calendar, emit)?)
}

/// Everybody, with story, faults and evidence.
struct Population {
    households: Vec<Household>,
    children: Vec<Child>,
    officials: Vec<(String, String)>,
}

fn made(
    spec: &Spec,
    calendar: &Calendar,
    emit: &mut dyn FnMut(&str, &[u8]) -> io::Result<()>,
) -> Result<Manifest, CountyError> {
    let towns = if spec.towns.is_empty() { default_towns() } else { spec.towns.clone() };
    let number = spec.style.unwrap_or_else(|| derived_style(spec.seed));
    let style = CountyStyle::new(number, towns.len(), spec.noise);
    let names = Names::new();
    let geography = Geography::new(&towns, spec.children, spec.seed, &names);
    let population = population(spec, calendar, (&geography, &style, &names));
    let Population { households, children, officials } = &population;
    let county = County {
        geography: &geography,
        calendar,
        style: &style,
        households,
        children,
        officials,
        seed: spec.seed,
        noise: spec.noise,
    };
    let mut truth = Truth::new(spec.as_of, children.len())?;
    let files = inputs(&county, &mut truth, emit)?;
    let told = truth.finish()?;
    let (csv, tally) = truth::children_csv(children, households, (&geography, calendar), &told)?;
    emit("truth/children.csv", &csv)?;
    emit("truth/rows.csv", &told.rows)?;
    emit("truth/headers.csv", &told.headers)?;
    emit("truth/aid.csv", &told.aid)?;
    emit("truth/seed_scenario.csv", &truth::seed_csv(children, households, &geography)?)?;
    let manifest = Manifest {
        seed: spec.seed,
        noise: spec.noise,
        children_param: spec.children,
        style: number,
        as_of: spec.as_of,
        county: geography.county.to_owned(),
        towns,
        people: children.len() as u64,
        households: households.len() as u64,
        schools: geography.schools.len() as u64,
        codes: tally.codes,
        tags: tally.tags,
        files,
    };
    emit("truth/manifest.json", &serde_json::to_vec_pretty(&manifest)?)?;
    Ok(manifest)
}

fn derived_style(seed: u64) -> u32 {
    u32::try_from(Chance::new(seed, 0).below(1_000_000)).unwrap_or(0)
}

fn population(
    spec: &Spec,
    calendar: &Calendar,
    (geography, style, names): (&Geography, &CountyStyle, &Names),
) -> Population {
    let mut maker = Maker::new(names, geography, calendar, spec.seed);
    let (mut households, mut children) = maker.people(spec.children as usize);
    unusual::outsiders(&mut maker, &mut households, &mut children);
    let mut chance = Chance::new(spec.seed, 3);
    let n_towns = geography.places.len();
    story::assign(&mut children, &households, calendar, (n_towns, &mut chance));
    unusual::namesakes(&mut maker, &mut children);
    unusual::movers(&mut maker, &households, &mut children);
    unusual::unregistered(&mut children);
    unusual::duplicates(&mut maker, &mut households, &mut children);
    let mut chance = Chance::new(spec.seed, 4);
    for child in &mut children {
        child.faults = fault::draw(child, names, spec.noise, &mut chance);
    }
    let chance = Chance::new(spec.seed, 5);
    let mut teller = Teller { geography, calendar, towns: &style.towns, chance };
    for child in &mut children {
        child.evidence = teller.tell(child, &households[child.household]);
    }
    let officials = (0..300).map(|_| (maker.official(), maker.phone())).collect();
    Population { households, children, officials }
}

/// A writer of one source's files.
type Writer = fn(&County<'_>, &mut Truth, &mut Sink<'_>) -> Result<(), CountyError>;

fn inputs(
    county: &County<'_>,
    truth: &mut Truth,
    emit: &mut dyn FnMut(&str, &[u8]) -> io::Result<()>,
) -> Result<Vec<FileEntry>, CountyError> {
    const WRITERS: [Writer; 15] = [
        file::register::write,
        file::registry::write,
        file::poverty::write,
        file::disability::write,
        file::survey::write,
        file::absence::write,
        file::inspection::write,
        file::tip::write,
        file::certificate::write,
        file::leave::write,
        file::exits::write,
        file::contacts::schools,
        file::contacts::duty_lines,
        file::aid::write,
        file::visits::write,
    ];
    let mut files = Vec::new();
    for (source, write) in (1..).zip(WRITERS) {
        truth.source = source;
        write(county, truth, &mut |finished: Finished| {
            emit(&format!("input/{}", finished.file), &finished.bytes)?;
            files.push(finished.entry);
            Ok(())
        })?;
    }
    Ok(files)
}
