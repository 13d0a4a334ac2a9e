//! What inspectors find, and who leaves the population.

use baoxue_claim::{Departure, InspectionFinding, Statement};
use chrono::NaiveDate;

use super::{Basis, Slot, Stance, TOO_EARLY};
use crate::{
    Settings,
    evidence::{Evidence, Item, TO_COME},
};

/// What inspections say: the latest one that saw for itself, and the latest one at all.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Inspection {
    pub(crate) saw: Option<Schooling>,
    pub(crate) heard: Option<Schooling>,
    pub(crate) on: Option<NaiveDate>,
    /// The latest inspection's words were not understood.
    pub(crate) unclear: bool,
}

/// In school or out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Schooling {
    In,
    Out,
}

/// Departures from the population that are in force.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts that rules name")]
pub(crate) struct Departures {
    pub(crate) dead: bool,
    pub(crate) emigrated: bool,
    pub(crate) moved_out: bool,
    pub(crate) cancelled: bool,
    pub(crate) missing: bool,
}

/// Reads inspections; that a child is out counts from the day on which it is of age.
pub(crate) fn inspection<'a>(
    evidence: &Evidence<'a>,
    entry: Option<NaiveDate>,
    basis: &mut Basis<'a>,
) -> Inspection {
    let mut latest = Inspection::default();
    let mut unclear = None;
    let mut found: Vec<(Item<'a>, Schooling, bool)> = Vec::new();
    for item in &evidence.items {
        let Statement::Inspection { finding, seen } = &item.claim.what else { continue };
        match finding {
            InspectionFinding::InSchool | InspectionFinding::InSchoolMisreported => {
                found.push((*item, Schooling::In, *seen));
            }
            InspectionFinding::Out | InspectionFinding::OutMissed
                if entry.is_some_and(|entry| item.claim.on <= entry) =>
            {
                basis.refuse(*item, TOO_EARLY);
            }
            InspectionFinding::Out | InspectionFinding::OutMissed => {
                found.push((*item, Schooling::Out, *seen));
            }
            InspectionFinding::Unclear => {
                unclear = unclear.max(Some(item.claim.on));
                basis.refuse(*item, ("督查结论的文字无法识别", "the finding could not be read"));
            }
        }
    }
    found.sort_by_key(|(item, ..)| item.claim.on);
    latest.unclear = unclear > found.last().map(|(item, ..)| item.claim.on);
    for (item, schooling, seen) in found {
        if seen {
            latest.saw = Some(schooling);
            latest.on = Some(item.claim.on);
        }
        latest.heard = Some(schooling);
        let stance = match schooling {
            Schooling::In => Stance::InSchool,
            Schooling::Out => Stance::Out,
        };
        basis.cite(Slot::Inspection, stance, item);
    }
    latest
}

/// Reads departures up to the day.
pub(crate) fn departures<'a>(
    evidence: &Evidence<'a>,
    settings: &Settings,
    basis: &mut Basis<'a>,
) -> Departures {
    let mut gone = Departures::default();
    for item in &evidence.items {
        let Statement::Departure(departure) = &item.claim.what else { continue };
        let (flag, on) = match departure {
            Departure::Dead { on } => (&mut gone.dead, on),
            Departure::Emigrated { on } => (&mut gone.emigrated, on),
            Departure::MovedOut { on } => (&mut gone.moved_out, on),
            Departure::Cancelled { on } => (&mut gone.cancelled, on),
            Departure::Missing { on } => (&mut gone.missing, on),
        };
        if on.is_some_and(|on| on > settings.as_of) {
            basis.refuse(*item, TO_COME);
            continue;
        }
        *flag = true;
        basis.cite(Slot::Departure, Stance::Gone, *item);
    }
    gone
}
