//! What inspectors find, and who leaves the population.

use baoxue_claim::{Departure, InspectionFinding, Statement};
use chrono::{Months, NaiveDate};

use super::{Basis, Slot, Stance, TOO_EARLY, sealed::is_sealed};
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
    /// Somebody has met the child here since, or lists of much later days still hold it.
    pub(crate) answered: bool,
}

/// Whether the child was met in the county after the day on which it is said to have left, or a register, roll or report of
/// so much later a day still has it that no delay explains it.
pub(crate) fn is_answered(basis: &Basis<'_>, settings: &Settings) -> bool {
    let gone = basis.current.iter().filter_map(|current| {
        let Statement::Departure(departure) = &current.item.claim.what else { return None };
        match departure {
            Departure::Dead { on }
            | Departure::Emigrated { on }
            | Departure::MovedOut { on }
            | Departure::Cancelled { on } => Some(on.unwrap_or(current.item.claim.on)),
            Departure::Missing { .. } => None,
        }
    });
    let Some(day) = gone.max() else { return false };
    let lag = Months::new(settings.departure_lag_months);
    let listed_until = day.checked_add_months(lag).unwrap_or(NaiveDate::MAX);
    let here = |stance: Stance| matches!(stance, Stance::InSchool | Stance::Out);
    basis.current.iter().any(|current| {
        let (item, stance) = (&current.item, current.stance);
        match current.slot {
            // Who teaches a child at home has met it.
            Slot::HomeLog => item.claim.on > day,
            Slot::Inspection | Slot::Survey | Slot::Ledger => here(stance) && item.claim.on > day,
            Slot::School if stance == Stance::InSchool => item.claim.on > day,
            Slot::School => item.claim.on > listed_until,
            Slot::Registry => stance == Stance::InSchool && item.record.as_of > listed_until,
            Slot::Register => item.record.as_of > listed_until,
            Slot::Leave
            | Slot::Deferral
            | Slot::Certificate
            | Slot::Departure
            | Slot::TipOff
            | Slot::Poverty
            | Slot::Arrangement
            | Slot::Birth => false,
        }
    })
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
            // Custody that inspectors tell of is read with the neutral class, and accuses nobody.
            InspectionFinding::Out | InspectionFinding::OutMissed | InspectionFinding::Unclear
                if is_sealed(item.claim) => {}
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
