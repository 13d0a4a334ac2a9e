//! Who has reported absent pupils: schools with children on the sheet, and schools that say they have none.

use std::collections::BTreeMap;

use baoxue_claim::{Report, Source};

use super::Understood;
use crate::{Aside, Field, Outcome, Row, rowkind};

/// The reports that a sheet is: one for each school on it, of the school or town of its heading where a row names none. A
/// sheet without a row of either kind reports nobody for the school or town in its heading.
pub(super) fn reports(understood: &Understood<'_>, rows: &[Row]) -> Vec<Report> {
    let monthly = matches!(understood.source, Some(Source::SchoolReport | Source::RollCall));
    if !monthly || understood.ignore {
        return Vec::new();
    }
    let mut zero: BTreeMap<Option<String>, bool> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let nobody = match &row.outcome {
            Outcome::Record(_) | Outcome::Reject(_) => false,
            Outcome::Aside(Aside::ZeroReport) => true,
            Outcome::Aside(_) => continue,
        };
        let known = zero.entry(school_of(understood, at)).or_insert(true);
        *known &= nobody;
    }
    if zero.is_empty() && (understood.school.is_some() || understood.town.is_some()) {
        zero.insert(understood.school.clone(), true);
    }
    let report = |(school, zero)| {
        let (town, until) = (understood.town, understood.own_day);
        Report { school, town, until, zero }
    };
    zero.into_iter().map(report).collect()
}

fn school_of(understood: &Understood<'_>, at: usize) -> Option<String> {
    let cell = understood.columns.cell(understood.grid.row(at), Field::School);
    let named = cell.filter(|cell| !rowkind::says_nobody(cell)).map(|cell| cell.trim().to_owned());
    named.or_else(|| understood.school.clone())
}
