//! Which rows are the same child: turns records into columns, brings the model for children, and calls `link`.

mod columns;

use std::collections::HashMap;

use baoxue_claim::{Record, RecordId, Source};
use baoxue_link::{Constraints, LinkError, Linkage, Model, Progress, Table, Untrained};
use serde::Serialize;

/// What people have ruled about rows. Absolute, and revocable by leaving it out of the next run. A ruling about a record
/// that is not there (its batch was withdrawn) rests until it comes back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// The same child.
    pub must: Vec<(RecordId, RecordId)>,
    /// Two children.
    pub cannot: Vec<(RecordId, RecordId)>,
}

/// Why children could not be linked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChildrenError {
    /// The model file of this build cannot be read.
    #[error("the model for children cannot be read: {0}")]
    Model(String),
    /// The engine refused.
    #[error(transparent)]
    Link(#[from] LinkError),
}

/// The records as columns, in their order. The names of the columns are those of `models/children.toml`.
///
/// # Errors
/// [`LinkError::Rows`] when there are too many.
pub fn table(records: &[Record]) -> Result<Table, LinkError> {
    Table::new(columns::columns(records), records.iter().map(|record| record.id.0).collect())
}

/// The model for children.
///
/// # Errors
/// [`ChildrenError::Model`] when the embedded file is broken.
pub fn model() -> Result<Model, ChildrenError> {
    toml::from_str(include_str!("../models/children.toml"))
        .map_err(|error| ChildrenError::Model(error.to_string()))
}

/// What the sources promise about the records: one row per child in one file, where the source says so, and which
/// records only a person may link.
pub fn constraints(records: &[Record]) -> Constraints {
    let mut lists: HashMap<(u32, &str, Source), u16> = HashMap::new();
    let mut one_per_source = Vec::new();
    let source = records
        .iter()
        .map(|record| {
            // The file tells lists apart that have not been stored yet, and so have no batch.
            let list = (record.id.batch().0, &*record.origin.file, record.source);
            *lists.entry(list).or_insert_with(|| {
                one_per_source.push(record.source.promises_one_row());
                u16::try_from(one_per_source.len() - 1).unwrap_or(u16::MAX)
            })
        })
        .collect();
    let review_only = records.iter().map(|record| record.review_only.is_some()).collect();
    Constraints { source, one_per_source, review_only, ..Constraints::default() }
}

/// Chooses the pairs that training looks at: the same in every run, so that equal records give equal children.
const SEED: u64 = 1;

/// Fewer records than this teach too little: the starting values stand.
const FEWEST_TO_LEARN: usize = 500;

/// What linking has learnt of the records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Learning {
    /// Whether it has; of fewer than `fewest` records it does not, and all probabilities are the model's own.
    pub learnt: bool,
    /// Records from which on it learns.
    pub fewest: usize,
    /// Levels whose probabilities are the model's own all the same.
    pub untrained: Vec<Untrained>,
}

/// Decides which records are one child, with probabilities learnt from these records. The linkage's rows are the positions in `records`.
///
/// # Errors
/// [`ChildrenError`] when decisions contradict each other.
pub fn link_children(
    records: &[Record],
    decisions: &Decisions,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Learning, Linkage), ChildrenError> {
    let mut constraints = constraints(records);
    let rows: HashMap<RecordId, u32> = records.iter().map(|record| record.id).zip(0..).collect();
    let here = |pairs: &[(RecordId, RecordId)]| -> Vec<(u32, u32)> {
        let row = |id: &RecordId| rows.get(id).copied();
        pairs.iter().filter_map(|(left, right)| Some((row(left)?, row(right)?))).collect()
    };
    constraints.must_link = here(&decisions.must);
    constraints.cannot_link = here(&decisions.cannot);
    let (table, model) = (table(records)?, model()?);
    let fewest = FEWEST_TO_LEARN;
    if records.len() < fewest {
        let linkage = baoxue_link::clusters(&table, &model, &constraints, progress)?;
        return Ok((Learning { learnt: false, fewest, untrained: Vec::new() }, linkage));
    }
    let (training, linkage) =
        baoxue_link::train_and_link(&table, &model, &constraints, SEED, progress)?;
    let untrained = training.untrained().collect();
    Ok((Learning { learnt: true, fewest, untrained }, linkage))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use baoxue_claim::{BatchId, Birth, Guardian, IdMention, Name, Origin, Person};
    use baoxue_link::Hypothesis;
    use chrono::NaiveDate;

    use super::*;

    const DAY: NaiveDate = NaiveDate::from_ymd_opt(2019, 8, 25).unwrap();

    /// A row of the list numbered `batch`.
    fn record(batch: u32, ordinal: u32, source: Source, person: Person) -> Record {
        let text: Arc<str> = format!("{batch}.xlsx").into();
        Record {
            id: RecordId::new(BatchId(batch), ordinal),
            origin: Origin { file: text.clone(), sheet: text, row: ordinal + 2 },
            source,
            as_of: DAY,
            town: None,
            person,
            claims: Vec::new(),
            doubts: Vec::new(),
            review_only: None,
        }
    }

    fn person(name: &str, id: &str, birth: &str, guardian: &str) -> Person {
        let guardian = Name::read(guardian).map(|(name, _)| name);
        Person {
            name: Name::read(name).map(|(name, _)| name),
            id: IdMention::read(id).map(|(id, _)| id),
            birth: Birth::read(birth, DAY).0,
            guardians: vec![Guardian { name: guardian, ..Guardian::default() }],
            ..Person::default()
        }
    }

    fn family() -> Vec<Record> {
        let girl = "110105200912310028";
        vec![
            record(
                1,
                0,
                Source::PopulationRegister,
                person("张小莉", girl, "2009-12-31", "张大山"),
            ),
            record(1, 1, Source::PopulationRegister, person("张小军", "", "2011-05-04", "张大山")),
            record(2, 0, Source::TownSurvey, person("张小丽", "", "2009.12.31", "张大山")),
            record(2, 1, Source::TownSurvey, person("张小莉", "1.10105200912310E+17", "", "")),
        ]
    }

    #[test]
    fn one_girl_in_two_lists_and_her_brother() {
        let (learning, linkage) =
            link_children(&family(), &Decisions::default(), &mut |_| {}).unwrap();
        assert_eq!(linkage.cluster, [0, 1, 0, 0]);
        assert!(!learning.learnt, "four rows teach nothing");
    }

    #[test]
    fn what_records_do_not_teach_is_named() {
        // Nobody here has a brother or sister.
        let records: Vec<Record> = (0..600)
            .map(|at| {
                let birth = format!("2011-{:02}-{:02}", at / 2 % 12 + 1, at / 2 % 27 + 1);
                let guardian = format!("{}大山", ["王", "李", "赵", "陈"][at as usize / 2 % 4]);
                let given =
                    ["一", "小雨", "文强", "思远", "佳", "明亮", "梓涵"][at as usize / 8 % 7];
                let child = person(&format!("张{given}"), "", &birth, &guardian);
                record(at % 2 + 1, at / 2, Source::TownSurvey, child)
            })
            .collect();
        let (learning, _) = link_children(&records, &Decisions::default(), &mut |_| {}).unwrap();
        assert!(learning.learnt);
        let id = learning.untrained.iter().find(|found| found.field == "id").unwrap();
        assert!(id.of.contains(&Hypothesis::Family), "{id:?}");
    }

    #[test]
    fn rulings_hold_and_those_about_absent_records_rest() {
        let records = family();
        let absent = RecordId::new(BatchId(9), 0);
        let decisions = Decisions {
            must: vec![(records[1].id, absent)],
            cannot: vec![(records[0].id, records[2].id), (absent, records[0].id)],
        };
        let (_, linkage) = link_children(&records, &decisions, &mut |_| {}).unwrap();
        assert_ne!(linkage.cluster[0], linkage.cluster[2]);
    }

    #[test]
    fn a_row_that_a_person_must_link_stays_alone() {
        let mut records = family();
        records[2].review_only = Some("姓名在文字中".to_owned());
        let (_, linkage) = link_children(&records, &Decisions::default(), &mut |_| {}).unwrap();
        assert_eq!(linkage.cluster, [0, 1, 2, 0]);
        assert!(linkage.review.iter().any(|review| review.right == 2 || review.left == 2));
    }

    #[test]
    fn the_former_number_in_a_student_number_is_the_childs_too() {
        let mut pupil = person("张小莉", "110105200912310108", "2009-12-31", "");
        pupil.student_number = "G110105200912310028".parse().ok();
        let record = record(3, 0, Source::StudentRegistry, pupil);
        let table = table(&[record]).unwrap();
        let ids = table.column("id").unwrap();
        assert_eq!(ids.text(0), "110105200912310108|110105200912310028");
    }
}
