//! What a case has to tell, and to which seats: told by its duties and climbs. Whoever passes it on tells each thing once.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::{Case, DutyId, Holder, Moment, Rules, Step, duties};

/// Why a seat is told something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Matter {
    /// A duty is this seat's.
    Assigned,
    /// It is due today or tomorrow.
    Due,
    /// A rung of its ladder reached the seat: the duty is late.
    Climbed(u8),
}

/// Something that a seat should hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tell {
    /// Why.
    pub matter: Matter,
    /// Of which duty.
    pub duty: DutyId,
    /// Its step.
    pub step: Arc<Step>,
    /// The seat that owes it.
    pub owed_by: Holder,
    /// The seat that is to hear it.
    pub to: Holder,
    /// When the duty is due; `None` while its clock stands still.
    pub due: Option<Moment>,
}

/// What a case has to tell at a moment, of all that is owed: a case that is over has nothing to tell.
pub fn tells(case: &Case, rules: &Rules, now: Moment) -> Vec<Tell> {
    let mut tells = Vec::new();
    for duty in duties(case, rules, now).into_iter().filter(|duty| duty.done.is_none()) {
        let due = duty.due.moment();
        let mut tell = |matter, to: &Holder| {
            tells.push(Tell {
                matter,
                duty: duty.id.clone(),
                step: Arc::clone(&duty.step),
                owed_by: duty.by.owed_by.clone(),
                to: to.clone(),
                due,
            });
        };
        tell(Matter::Assigned, &duty.by.falls_to);
        let tomorrow = now.date() + TimeDelta::days(1);
        if due.is_some_and(|due| now <= due && due.date() <= tomorrow) {
            tell(Matter::Due, &duty.by.falls_to);
        }
        for climb in case.climbs.values().filter(|climb| climb.duty == duty.id) {
            tell(Matter::Climbed(climb.rung), &climb.to);
        }
    }
    tells
}
