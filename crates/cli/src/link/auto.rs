//! A model for columns that nobody has described: by the kind of each column, with the engine's starting weights.

use baoxue_link::{
    BlockKey, BlockRule, Comparator, Containment, FieldModel, IdentityRule, Model, Prior, Table,
    Thresholds, Transform, household_levels, starting_levels,
};

use super::kind::Kind;

/// Which columns are what, from names and contents. Empty columns are left out.
pub(super) fn guess(table: &Table) -> Model {
    let kinds: Vec<(&str, Kind)> =
        table.columns().iter().map(|column| (column.name(), Kind::of(column))).collect();
    let first = |kind| kinds.iter().find(|(_, other)| *other == kind).map(|(name, _)| *name);
    let id = first(Kind::ResidentId);
    let name = first(Kind::PersonName);
    // What contains others must stand before them.
    let mut ordered = kinds.clone();
    ordered.sort_by_key(|(_, kind)| *kind != Kind::ResidentId);
    let fields = ordered.iter().filter_map(|(column, kind)| {
        let comparator = kind.comparator()?;
        let is_household = matches!(kind, Kind::Place | Kind::Phone | Kind::RegionCode)
            || *kind == Kind::PersonName && Some(*column) != name;
        Some(FieldModel {
            name: (*column).to_owned(),
            columns: vec![(*column).to_owned()],
            comparator,
            term_frequency: *kind != Kind::ResidentId && *kind != Kind::Date,
            contained_in: contained(*kind, id),
            levels: if is_household {
                household_levels(comparator)
            } else {
                starting_levels(comparator)
            },
        })
    });
    Model {
        name: "auto".to_owned(),
        prior: Prior { partners_per_record: 1.0, relatives_per_record: 1.0 },
        thresholds: Thresholds { join_bits: 5.0, review_bits: -2.0, bridge_bits: 0.0 },
        identity: id.map(|id| IdentityRule {
            field: id.to_owned(),
            birth: first(Kind::Date).map(str::to_owned),
        }),
        relatives: None,
        fields: fields.collect(),
        blocks: blocks(&kinds),
    }
}

/// The first date of a row with a resident number is taken to be in the number.
fn contained(kind: Kind, id: Option<&str>) -> Vec<Containment> {
    match id {
        Some(id) if kind == Kind::Date => vec![Containment {
            field: id.to_owned(),
            levels: vec!["equal".to_owned(), "partial".to_owned()],
        }],
        Some(_) | None => Vec::new(),
    }
}

/// Numbers alone; every other two columns that say enough together.
fn blocks(kinds: &[(&str, Kind)]) -> Vec<BlockRule> {
    let transform = |kind| match kind {
        Kind::PersonName => Some(Transform::Sound),
        Kind::Place | Kind::School => Some(Transform::Place),
        Kind::Date | Kind::ResidentId | Kind::Phone | Kind::Text | Kind::Number => {
            Some(Transform::Whole)
        }
        Kind::Category | Kind::RegionCode | Kind::Empty => None,
    };
    let key = |name: &str, transform| BlockKey { columns: vec![name.to_owned()], transform };
    let rule = |name: String, keys| BlockRule { name, keys, refine: Vec::new(), most_rows: 200 };
    let keys: Vec<(&str, Kind, Transform)> =
        kinds.iter().filter_map(|(name, kind)| Some((*name, *kind, transform(*kind)?))).collect();
    let mut rules = Vec::new();
    for (at, (name, kind, transform)) in keys.iter().enumerate() {
        if matches!(kind.comparator(), Some(Comparator::ResidentId | Comparator::Phone)) {
            rules.push(rule((*name).to_owned(), vec![key(name, *transform)]));
        }
        for (other, _, other_transform) in &keys[at + 1..] {
            let keys = vec![key(name, *transform), key(other, *other_transform)];
            rules.push(rule(format!("{name} + {other}"), keys));
        }
    }
    rules
}
