//! Reading the truth and the answer from csv texts.

use std::collections::{HashMap, HashSet};

use super::{ScoreError, TruthFiles};

/// Where a row stands: file without folder, sheet (empty for csv), 1-based row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) file: String,
    sheet: String,
    row: u64,
}

impl Key {
    fn new(file: &str, sheet: &str, row: u64) -> Self {
        let file = file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned();
        let csv = file.to_lowercase().ends_with(".csv");
        let sheet = if csv { String::new() } else { sheet.trim().to_owned() };
        Self { file, sheet, row }
    }

    /// File, sheet, row.
    pub(super) fn place(&self) -> (&str, &str, u64) {
        (&self.file, &self.sheet, self.row)
    }
}

/// One row of the truth that names a child.
#[derive(Debug)]
pub(super) struct ChildRow {
    pub(super) key: Key,
    /// Index into [`Truth::children`].
    pub(super) child: usize,
    pub(super) tags: Vec<String>,
}

impl ChildRow {
    pub(super) fn has(&self, tag: &str) -> bool {
        self.tags.iter().any(|t| t == tag)
    }
}

/// One child of the truth.
#[derive(Debug)]
pub(super) struct ChildTruth {
    pub(super) uid: String,
    pub(super) name: String,
    pub(super) id: String,
    pub(super) town: String,
    pub(super) expected: String,
    pub(super) reason: String,
    pub(super) acceptable: Vec<String>,
    pub(super) in_school: String,
    pub(super) seed: String,
    pub(super) seed_class: String,
    pub(super) reported: bool,
    /// Index of the child that this entry duplicates.
    pub(super) alias_of: Option<usize>,
    pub(super) n_rows: u64,
}

/// The truth, with indices instead of uids.
#[derive(Debug)]
pub(super) struct Truth {
    pub(super) children: Vec<ChildTruth>,
    pub(super) rows: Vec<ChildRow>,
    /// Index into `rows` by place.
    pub(super) row_of: HashMap<Key, usize>,
    /// Places of rows that name no child.
    pub(super) others: HashSet<Key>,
    /// Town and number reported, in order.
    pub(super) towns: Vec<(String, u64)>,
}

impl Truth {
    pub(super) fn read(files: &TruthFiles) -> Result<Self, ScoreError> {
        let (children, by_uid) = children(&files.children)?;
        let table = Table::read("rows.csv", &files.rows)?;
        let columns =
            table.columns(["source_file", "sheet", "row", "entity", "child_uid", "tags"])?;
        let (mut rows, mut row_of, mut others) = (Vec::new(), HashMap::new(), HashSet::new());
        for at in 0..table.records.len() {
            let [file, sheet, _, entity, uid, tags] = table.fields(at, &columns);
            let row = table.number(at, columns[2], "row")?;
            let key = Key::new(file, sheet, row);
            if entity != "child" {
                others.insert(key);
                continue;
            }
            let Some(child) = by_uid.get(uid) else {
                return Err(table.invalid(at, "child_uid"));
            };
            row_of.insert(key.clone(), rows.len());
            let tags = tags.split_whitespace().map(str::to_owned).collect();
            rows.push(ChildRow { key, child: *child, tags });
        }
        let table = Table::read("seed_scenario.csv", &files.seed_scenario)?;
        let columns = table.columns(["town", "reported"])?;
        let towns = (0..table.records.len())
            .map(|at| {
                let [town, _] = table.fields(at, &columns);
                Ok((town.to_owned(), table.number(at, columns[1], "reported")?))
            })
            .collect::<Result<_, ScoreError>>()?;
        Ok(Self { children, rows, row_of, others, towns })
    }
}

fn children(text: &str) -> Result<(Vec<ChildTruth>, HashMap<String, usize>), ScoreError> {
    let table = Table::read("children.csv", text)?;
    let columns = table.columns([
        "child_uid",
        "name",
        "id_card",
        "town",
        "expected_code",
        "expected_reason",
        "acceptable_codes",
        "true_in_school",
        "seed",
        "seed_class",
        "reported",
        "alias_of",
        "n_rows",
    ])?;
    let by_uid: HashMap<String, usize> =
        (0..table.records.len()).map(|at| (table.fields(at, &columns)[0].to_owned(), at)).collect();
    let mut children = Vec::with_capacity(table.records.len());
    for at in 0..table.records.len() {
        let [
            uid,
            name,
            id,
            town,
            expected,
            reason,
            acceptable,
            in_school,
            seed,
            class,
            reported,
            alias,
            _,
        ] = table.fields(at, &columns);
        let alias_of = match by_uid.get(alias) {
            None if !alias.is_empty() => return Err(table.invalid(at, "alias_of")),
            found => found.copied(),
        };
        children.push(ChildTruth {
            uid: uid.to_owned(),
            name: name.to_owned(),
            id: id.to_uppercase(),
            town: town.to_owned(),
            expected: expected.to_owned(),
            reason: reason.to_owned(),
            acceptable: acceptable
                .split('|')
                .filter(|c| !c.is_empty())
                .map(str::to_owned)
                .collect(),
            in_school: in_school.to_owned(),
            seed: seed.to_owned(),
            seed_class: class.to_owned(),
            reported: reported == "1",
            alias_of,
            n_rows: table.number(at, columns[12], "n_rows")?,
        });
    }
    Ok((children, by_uid))
}

/// What the product says of a row.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) child: String,
    pub(super) disposition: String,
}

/// What the product says of a child.
#[derive(Debug)]
pub(super) struct Determination {
    pub(super) child: String,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) code: String,
}

/// The answer.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) links: HashMap<Key, Link>,
    pub(super) rows_twice: u64,
    pub(super) determinations: Vec<Determination>,
}

impl Answered {
    pub(super) fn read(links: &str, determinations: &str) -> Result<Self, ScoreError> {
        let table = Table::read("links", links)?;
        let columns = table.columns(["source_file", "sheet", "row", "child_id"])?;
        let disposition = table.headers.iter().position(|header| header == "disposition");
        let (mut found, mut rows_twice) = (HashMap::new(), 0);
        for at in 0..table.records.len() {
            let [file, sheet, _, child] = table.fields(at, &columns);
            let key = Key::new(file, sheet, table.number(at, columns[2], "row")?);
            let disposition = disposition.and_then(|column| table.records[at].get(column));
            let disposition = disposition.unwrap_or_default().trim().to_owned();
            let link = Link { child: child.trim().to_owned(), disposition };
            rows_twice += u64::from(found.insert(key, link).is_some());
        }
        let table = Table::read("determinations", determinations)?;
        let columns = table.columns(["child_id", "id_card", "name", "code"])?;
        let determinations = (0..table.records.len())
            .map(|at| {
                let [child, id, name, code] =
                    table.fields(at, &columns).map(|text| text.trim().to_owned());
                Determination { child, id: id.to_uppercase(), name, code }
            })
            .collect();
        Ok(Self { links: found, rows_twice, determinations })
    }
}

/// A csv text with its header.
struct Table {
    name: &'static str,
    headers: Vec<String>,
    records: Vec<csv::StringRecord>,
}

impl Table {
    fn read(name: &'static str, text: &str) -> Result<Self, ScoreError> {
        let fail = |cause| ScoreError::Csv { table: name, cause };
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers = reader.headers().map_err(fail)?.iter().map(str::to_owned).collect();
        let records = reader.records().collect::<Result<_, _>>().map_err(fail)?;
        Ok(Self { name, headers, records })
    }

    fn columns<const N: usize>(&self, names: [&'static str; N]) -> Result<[usize; N], ScoreError> {
        let mut found = [0; N];
        for (slot, name) in found.iter_mut().zip(names) {
            let at = self.headers.iter().position(|header| header == name);
            *slot = at.ok_or(ScoreError::Column { table: self.name, column: name })?;
        }
        Ok(found)
    }

    fn fields<const N: usize>(&self, record: usize, columns: &[usize; N]) -> [&str; N] {
        columns.map(|column| self.records[record].get(column).unwrap_or_default())
    }

    fn number(&self, record: usize, column: usize, name: &'static str) -> Result<u64, ScoreError> {
        let text = self.records[record].get(column).unwrap_or_default().trim();
        text.parse().map_err(|_| self.invalid(record, name))
    }

    fn invalid(&self, record: usize, column: &'static str) -> ScoreError {
        ScoreError::Value { table: self.name, record: record as u64 + 1, column }
    }
}
