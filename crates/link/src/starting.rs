//! Where training starts when nobody has given weights: for each comparator what registers of people commonly show.
//!
//! These numbers say which levels speak for a match and roughly how strongly. They are a starting point: training
//! replaces what the table can teach and names the rest.

use crate::{Comparator, Level};

/// Levels of a field that belongs to the person alone: a name, a birth date, a number. `family` is given where brothers
/// and sisters are nearer to each other than strangers are.
pub fn starting_levels(comparator: Comparator) -> Vec<Level> {
    let rows = rows(comparator);
    let level = |row: &Row| Level {
        name: row.0.to_owned(),
        m: row.1,
        u: row.2,
        family: row.3,
        term_frequency_weight: 0.0,
    };
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
        Comparator::Text => &TEXT,
        Comparator::Words | Comparator::Rest | Comparator::Set => &WORDS,
        Comparator::LatinName => &LATIN_NAME,
        Comparator::Pair => &[
            ("equal", 0.62, 1e-5, Some(1e-5)),
            ("crossed", 0.01, 1e-5, Some(1e-5)),
            ("half", 0.01, 1e-4, Some(1e-4)),
            ("other", 0.36, 0.999, None),
        ],
        Comparator::Code => &[
            ("equal", 0.85, 1e-5, None),
            ("slip", 0.06, 1e-4, None),
            ("two", 0.02, 1e-3, None),
            ("start", 0.01, 2e-3, None),
            ("other", 0.06, 0.996, None),
        ],
        Comparator::Postcode => &POSTCODE,
        Comparator::Email => &EMAIL,
        Comparator::Number => &[
            ("equal", 0.8, 0.02, None),
            ("one", 0.08, 0.02, None),
            ("close", 0.05, 0.06, None),
            ("near", 0.03, 0.2, None),
            ("other", 0.04, 0.7, None),
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
        Comparator::Together => &TOGETHER,
        Comparator::RegionCode => &[
            ("equal", 0.8, 0.02, None),
            ("town", 0.1, 0.05, None),
            ("county", 0.08, 0.4, None),
            ("other", 0.02, 0.53, None),
        ],
    }
}

/// Nothing is known of how two fields depend on each other.
const TOGETHER: [Row; 4] = [
    ("equal", 0.001, 0.001, Some(0.001)),
    ("first", 0.001, 0.001, Some(0.001)),
    ("second", 0.001, 0.001, Some(0.001)),
    ("neither", 0.001, 0.001, Some(0.001)),
];

const PERSON_NAME: [Row; 12] = [
    ("equal", 0.88, 0.001, Some(0.001)),
    ("variant", 0.005, 1e-5, Some(1e-4)),
    ("tone_sound", 0.02, 5e-4, Some(0.005)),
    ("sound", 0.01, 5e-4, Some(0.005)),
    ("near_sound", 0.01, 0.002, Some(0.015)),
    ("glyph", 0.02, 0.001, Some(0.01)),
    ("fragment", 0.02, 0.001, Some(0.003)),
    ("nickname", 0.01, 0.001, Some(0.015)),
    ("given", 0.005, 0.003, Some(0.001)),
    ("shared", 0.005, 0.005, Some(0.2)),
    ("surname", 0.005, 0.05, Some(0.675)),
    ("other", 0.01, 0.935, Some(0.08)),
];

const LATIN_NAME: [Row; 8] = [
    ("equal", 0.75, 0.005, Some(0.005)),
    ("slip", 0.08, 0.001, Some(0.001)),
    ("nickname", 0.03, 0.002, Some(0.002)),
    ("prefix", 0.02, 0.002, Some(0.002)),
    ("close", 0.02, 0.001, Some(0.001)),
    ("near", 0.02, 0.005, Some(0.005)),
    ("far", 0.02, 0.034, Some(0.034)),
    ("other", 0.06, 0.95, None),
];

const TEXT: [Row; 6] = [
    ("equal", 0.75, 0.01, None),
    ("slip", 0.07, 0.001, None),
    ("close", 0.05, 0.002, None),
    ("near", 0.03, 0.007, None),
    ("far", 0.02, 0.02, None),
    ("other", 0.08, 0.96, None),
];

const WORDS: [Row; 6] = [
    ("equal", 0.6, 0.002, None),
    ("contains", 0.1, 0.002, None),
    ("most", 0.1, 0.002, None),
    ("half", 0.08, 0.004, None),
    ("some", 0.06, 0.05, None),
    ("other", 0.06, 0.94, None),
];

const POSTCODE: [Row; 6] = [
    ("equal", 0.7, 0.002, None),
    ("sector", 0.06, 0.002, None),
    ("slip", 0.06, 0.002, None),
    ("district", 0.05, 0.004, None),
    ("area", 0.05, 0.03, None),
    ("other", 0.08, 0.96, None),
];

const EMAIL: [Row; 7] = [
    ("equal", 0.8, 1e-5, Some(1e-4)),
    ("local", 0.03, 1e-5, Some(1e-5)),
    ("slip", 0.07, 1e-5, Some(1e-4)),
    ("close", 0.02, 1e-5, Some(1e-3)),
    ("name", 0.02, 0.001, Some(0.01)),
    ("domain", 0.01, 0.01, Some(0.1)),
    ("other", 0.05, 0.988, Some(0.88)),
];

const DATE: [Row; 9] = [
    ("equal", 0.88, 3e-4, Some(0.02)),
    ("month", 0.02, 0.005, Some(0.005)),
    ("swapped", 0.01, 3e-4, Some(3e-4)),
    ("digit", 0.02, 0.005, Some(0.005)),
    ("lunar", 0.02, 0.015, Some(0.01)),
    ("year", 0.02, 0.005, Some(0.005)),
    ("year_slip", 0.01, 5e-4, Some(0.001)),
    ("digits", 0.01, 0.05, Some(0.04)),
    ("other", 0.01, 0.919, Some(0.913)),
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
    use crate::chart::{Lang, level_word};

    #[test]
    fn every_comparator_starts_with_all_its_levels_and_three_distributions() {
        let comparators = [
            Comparator::Exact,
            Comparator::Text,
            Comparator::Words,
            Comparator::Rest,
            Comparator::Set,
            Comparator::LatinName,
            Comparator::Pair,
            Comparator::Code,
            Comparator::Postcode,
            Comparator::Email,
            Comparator::Number,
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
                let zh = |name: &&str| level_word(name, Lang::Zh) != *name;
                assert!(names.iter().all(zh), "{names:?}");
                let sum = |of: fn(&Level) -> f64| levels.iter().map(of).sum::<f64>();
                let sums = [sum(|l| l.m), sum(|l| l.u), sum(|l| l.family.unwrap_or(l.u))];
                assert!(sums.iter().all(|sum| (sum - 1.0).abs() < 0.02), "{comparator:?} {sums:?}");
            }
        }
    }
}
