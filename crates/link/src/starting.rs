//! Where training starts when nobody has given weights: for each comparator what registers of people commonly show.
//!
//! These numbers say which levels speak for a match and roughly how strongly. They are a starting point: training
//! replaces what the table can teach and names the rest.

use crate::{Comparator, Level};

/// Levels of a field that belongs to the person alone: a name, a birth date, a number. `family` is given where brothers
/// and sisters are nearer to each other than strangers are.
pub fn starting_levels(comparator: Comparator) -> Vec<Level> {
    let rows = rows(comparator);
    let level = |row: &Row| Level { name: row.0.to_owned(), m: row.1, u: row.2, family: row.3 };
    rows.iter().map(level).collect()
}

/// Levels of a field that a household shares: a guardian, an address, a telephone. Brothers and sisters agree in it as
/// often as two rows of one person do.
pub fn household_levels(comparator: Comparator) -> Vec<Level> {
    let mut levels = starting_levels(comparator);
    for level in &mut levels {
        level.family = Some(level.m);
    }
    levels
}

/// Name, m, u, family.
type Row = (&'static str, f64, f64, Option<f64>);

const fn rows(comparator: Comparator) -> &'static [Row] {
    match comparator {
        Comparator::Exact => &[("equal", 0.95, 0.1, None), ("other", 0.05, 0.9, None)],
        Comparator::Text => &[
            ("equal", 0.8, 0.01, None),
            ("close", 0.08, 0.002, None),
            ("near", 0.06, 0.02, None),
            ("other", 0.06, 0.968, None),
        ],
        Comparator::PersonName => &PERSON_NAME,
        Comparator::Date => &DATE,
        Comparator::ResidentId => &RESIDENT_ID,
        Comparator::Phone => &[
            ("equal", 0.85, 1e-5, None),
            ("digit", 0.03, 1e-5, None),
            ("other", 0.12, 0.999_98, None),
        ],
        Comparator::Place | Comparator::School => &[
            ("equal", 0.55, 0.005, None),
            ("contains", 0.25, 0.005, None),
            ("near", 0.05, 0.03, None),
            ("other", 0.15, 0.96, None),
        ],
        Comparator::RegionCode => &[
            ("equal", 0.8, 0.02, None),
            ("town", 0.1, 0.05, None),
            ("county", 0.08, 0.4, None),
            ("other", 0.02, 0.53, None),
        ],
    }
}

const PERSON_NAME: [Row; 11] = [
    ("equal", 0.88, 0.001, Some(0.001)),
    ("variant", 0.005, 1e-5, Some(1e-4)),
    ("sound", 0.03, 0.001, Some(0.01)),
    ("near_sound", 0.01, 0.002, Some(0.015)),
    ("glyph", 0.02, 0.001, Some(0.01)),
    ("fragment", 0.02, 0.001, Some(0.003)),
    ("nickname", 0.01, 0.001, Some(0.015)),
    ("given", 0.005, 0.003, Some(0.001)),
    ("shared", 0.005, 0.005, Some(0.2)),
    ("surname", 0.005, 0.05, Some(0.675)),
    ("other", 0.01, 0.935, Some(0.08)),
];

const DATE: [Row; 8] = [
    ("equal", 0.88, 3e-4, Some(0.02)),
    ("month", 0.02, 0.005, Some(0.005)),
    ("swapped", 0.01, 3e-4, Some(3e-4)),
    ("digit", 0.02, 0.005, Some(0.005)),
    ("lunar", 0.02, 0.015, Some(0.01)),
    ("year", 0.02, 0.005, Some(0.005)),
    ("year_slip", 0.01, 5e-4, Some(0.001)),
    ("other", 0.02, 0.969, Some(0.953)),
];

const RESIDENT_ID: [Row; 7] = [
    ("equal", 0.88, 1e-8, Some(1e-4)),
    ("claimed", 0.01, 1e-8, Some(0.005)),
    ("typo", 0.05, 2e-7, Some(0.001)),
    ("partial", 0.02, 2e-4, Some(0.02)),
    ("tail", 0.01, 1e-4, Some(2e-4)),
    ("unlike", 0.025, 0.08, Some(0.08)),
    ("conflict", 0.005, 0.9195, Some(0.8937)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_comparator_starts_with_all_its_levels_and_three_distributions() {
        let comparators = [
            Comparator::Exact,
            Comparator::Text,
            Comparator::PersonName,
            Comparator::Date,
            Comparator::ResidentId,
            Comparator::Phone,
            Comparator::Place,
            Comparator::School,
            Comparator::RegionCode,
        ];
        for comparator in comparators {
            for levels in [starting_levels(comparator), household_levels(comparator)] {
                let names: Vec<&str> = levels.iter().map(|level| level.name.as_str()).collect();
                assert_eq!(names, comparator.levels());
                let sum = |of: fn(&Level) -> f64| levels.iter().map(of).sum::<f64>();
                let sums = [sum(|l| l.m), sum(|l| l.u), sum(|l| l.family.unwrap_or(l.u))];
                assert!(sums.iter().all(|sum| (sum - 1.0).abs() < 0.02), "{comparator:?} {sums:?}");
            }
        }
    }
}
