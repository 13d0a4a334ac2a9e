//! The truth files, growing while the input files are written.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    book::Row,
    calendar::Calendar,
    county_error::CountyError,
    people::{Child, Household},
    place::Geography,
    story,
};

/// What is so, row by row, and how often each child is named where.
pub(super) struct Truth {
    pub(super) as_of: NaiveDate,
    rows: csv::Writer<Vec<u8>>,
    headers: csv::Writer<Vec<u8>>,
    aid: csv::Writer<Vec<u8>>,
    /// Per child: rows, and a bit for each source by its number.
    seen: Vec<(u32, u32)>,
    /// The number of the source that is being written, 1 to 14.
    pub(super) source: u32,
}

impl Truth {
    pub(super) fn new(as_of: NaiveDate, n_children: usize) -> Result<Self, CountyError> {
        let mut rows = csv::Writer::from_writer(Vec::new());
        rows.write_record(["source_file", "sheet", "row", "entity", "child_uid", "tags"])?;
        let mut headers = csv::Writer::from_writer(Vec::new());
        headers.write_record([
            "source_file",
            "sheet",
            "header_row",
            "column",
            "header",
            "field",
        ])?;
        let mut aid = csv::Writer::from_writer(Vec::new());
        aid.write_record(["child_uid", "standing"])?;
        Ok(Self { as_of, rows, headers, aid, seen: vec![(0, 0); n_children], source: 1 })
    }

    pub(super) fn row(
        &mut self,
        (file, sheet): (&str, &str),
        row: u32,
        what: Row<'_>,
    ) -> Result<(), CountyError> {
        let (uid, tags) = match what {
            Row::Child(child, tags) => {
                self.seen[child].0 += 1;
                self.seen[child].1 |= 1 << self.source;
                (uid(child), tags)
            }
            Row::Title
            | Row::Note
            | Row::Header
            | Row::Total
            | Row::Blank
            | Row::Adult
            | Row::School
            | Row::Official => (String::new(), ""),
        };
        let row = row.to_string();
        self.rows.write_record([file, sheet, &row, what.entity(), &uid, tags])?;
        Ok(())
    }

    pub(super) fn header(
        &mut self,
        (file, sheet): (&str, &str),
        row: u32,
        (column, header, field): (usize, &str, &str),
    ) -> Result<(), CountyError> {
        let (row, column) = (row.to_string(), column.to_string());
        self.headers.write_record([file, sheet, &row, &column, header, field])?;
        Ok(())
    }

    /// How the living allowance of a boarder stands, as the product should find it.
    pub(super) fn aid(&mut self, child: usize, standing: &str) -> Result<(), CountyError> {
        self.aid.write_record([uid(child).as_str(), standing])?;
        Ok(())
    }

    /// `rows.csv`, `headers.csv`, `aid.csv`, and what is known of how often each child is named.
    pub(super) fn finish(self) -> Result<Told, CountyError> {
        let bytes = |writer: csv::Writer<Vec<u8>>| -> Result<Vec<u8>, CountyError> {
            writer.into_inner().map_err(|error| error.into_error().into())
        };
        let (rows, headers) = (bytes(self.rows)?, bytes(self.headers)?);
        Ok(Told { rows, headers, aid: bytes(self.aid)?, seen: self.seen })
    }
}

/// The finished tables about rows.
pub(super) struct Told {
    pub(super) rows: Vec<u8>,
    pub(super) headers: Vec<u8>,
    pub(super) aid: Vec<u8>,
    seen: Vec<(u32, u32)>,
}

pub(super) fn uid(child: usize) -> String {
    format!("C{:06}", child + 1)
}

/// Children by code and by tag.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) codes: BTreeMap<String, u64>,
    pub(super) tags: BTreeMap<String, u64>,
}

const COLUMNS: [&str; 25] = [
    "child_uid",
    "name",
    "sex",
    "birth",
    "id_card",
    "registered",
    "local",
    "town",
    "village",
    "guardian",
    "grade",
    "true_status",
    "true_in_school",
    "expected_code",
    "expected_reason",
    "acceptable_codes",
    "decidable",
    "seed",
    "seed_class",
    "reported",
    "accused",
    "alias_of",
    "tags",
    "n_rows",
    "sources",
];

/// `children.csv` and the counts over it.
pub(super) fn children_csv(
    children: &[Child],
    households: &[Household],
    (geography, calendar): (&Geography, &Calendar),
    told: &Told,
) -> Result<(Vec<u8>, Counts), CountyError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    let mut counts = Counts::default();
    for (at, child) in children.iter().enumerate() {
        let household = &households[child.household];
        let place = &geography.places[household.town];
        let facts = story::facts(child, calendar);
        let (n_rows, sources) = told.seen[at];
        let tags = tags(child, sources);
        *counts.codes.entry(facts.code.to_owned()).or_default() += 1;
        for tag in &tags {
            *counts.tags.entry((*tag).to_owned()).or_default() += 1;
        }
        let village = child.outside.map_or_else(
            || place.villages[household.village].name.clone(),
            |(county, _)| county.to_owned(),
        );
        let flag = |yes: bool| if yes { "1" } else { "0" }.to_owned();
        writer.write_record([
            uid(at),
            child.name.clone(),
            if child.male { "M" } else { "F" }.to_owned(),
            child.birth.to_string(),
            child.id.clone(),
            flag(child.registered),
            flag(child.outside.is_none()),
            place.town.name.clone(),
            village,
            household.adult(child.guardian).name.clone(),
            child.grade.to_string(),
            facts.status,
            facts.in_school.to_owned(),
            facts.code.to_owned(),
            facts.reason,
            facts.acceptable.to_owned(),
            flag(facts.decidable),
            child.seed.map(|seed| format!("SEED-{:02}", seed + 1)).unwrap_or_default(),
            child.seed.map(story::seed_class).unwrap_or_default().to_owned(),
            flag(child.seed.is_some()),
            facts.accused.to_owned(),
            child.alias_of.map(uid).unwrap_or_default(),
            tags.join(" "),
            n_rows.to_string(),
            source_list(sources),
        ])?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok((bytes, counts))
}

fn source_list(sources: u32) -> String {
    let numbers = (1..=14).filter(|number| sources & (1 << number) != 0);
    numbers.map(|number| format!("{number:02}")).collect::<Vec<_>>().join(" ")
}

fn tags(child: &Child, sources: u32) -> Vec<&'static str> {
    let mut tags = Vec::new();
    let mut put = |yes: bool, tag: &'static str| tags.extend(yes.then_some(tag));
    put(child.left_behind, "left_behind");
    put(child.twin, "twin");
    put(child.namesake, "namesake");
    put(child.rare, "rare_char");
    put(child.outside.is_some(), "nonlocal_register");
    put(child.lives_in.is_some(), "lives_elsewhere_in_district");
    put(child.alias_of.is_some(), "dup_register");
    put(child.id.is_empty(), "unregistered");
    put(child.id.is_empty(), "no_id_anywhere");
    put(sources == 1 << 1 && child.story == story::Story::NoEvidence, "only_register");
    put(child.story.is_out() && child.seed.is_none(), "hidden");
    tags.extend(child.faults.tags((sources & (1 << 5) != 0, sources & (1 << 2) != 0)));
    tags
}

/// `seed_scenario.csv`: per town what was reported and what is so.
pub(super) fn seed_csv(
    children: &[Child],
    households: &[Household],
    geography: &Geography,
) -> Result<Vec<u8>, CountyError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "town",
        "reported",
        "not_dropout_by_policy",
        "mishandled_policy",
        "city_inspection",
        "unexplained",
        "true_out_of_school_all",
        "hidden_unreported",
    ])?;
    for (at, place) in geography.places.iter().enumerate() {
        let here: Vec<&Child> =
            children.iter().filter(|child| households[child.household].town == at).collect();
        let of = |class: &str| {
            here.iter().filter(|c| c.seed.map(story::seed_class) == Some(class)).count()
        };
        let out = here.iter().filter(|c| c.story.is_out() && c.alias_of.is_none());
        let hidden = out.clone().filter(|child| child.seed.is_none()).count();
        let counts = [
            here.iter().filter(|child| child.seed.is_some()).count(),
            of("NOT_DROPOUT_BY_POLICY"),
            of("DROPOUT_MISHANDLED_POLICY"),
            of("DROPOUT_FOUND_BY_CITY_INSPECTION"),
            of("DROPOUT_UNEXPLAINED"),
            out.count(),
            hidden,
        ];
        let counts = counts.iter().map(ToString::to_string);
        writer.write_record(std::iter::once(place.town.name.clone()).chain(counts))?;
    }
    Ok(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)
}
