//! Aid and the households for which schooling is secured, in the words of the report stage.

use baoxue_claim::{AidKind, RecordId};
use baoxue_determine::{
    aid::{Aid, AidCase, AidCount, Standing, aid},
    exit::{Exit, ExitRow, exit},
};
use baoxue_report::{AidLine, Evidence, ExitChild, Head, Workbook};

use super::Results;
use crate::{County, Derived, FlowError, lines};

/// Who is entitled to aid and who received it, and whether schooling is secured for the households of the poverty register.
#[derive(Clone, Debug)]
pub struct Help {
    /// The aid of the term.
    pub aid: Aid,
    /// Its cases by standing.
    pub counts: Vec<AidCount>,
    /// The households.
    pub exit: Exit,
}

impl Help {
    /// Of all that was derived.
    ///
    /// # Errors
    /// [`FlowError::Sum`] when a table does not add up.
    pub fn of(county: &County, derived: &Derived) -> Result<Self, FlowError> {
        let known = derived.known();
        let aid = aid(&known, &county.settings);
        Ok(Self { counts: aid.counts()?, aid, exit: exit(&known)? })
    }

    /// For each aid how many cases there are of each standing, those without any left out.
    pub fn by_standing(&self) -> Vec<(AidKind, Vec<(Standing, u32)>)> {
        let of = |count: &AidCount| {
            let standings = Standing::ALL.into_iter().zip(count.standings);
            (count.aid, standings.filter(|(_, n)| *n > 0).collect())
        };
        self.counts.iter().map(of).collect()
    }
}

/// The aid of the term as a workbook; cases that are right are counted, not listed.
///
/// # Errors
/// [`FlowError::Report`].
pub(super) fn aid_workbook(
    aid: &Aid,
    results: &Results<'_>,
    head: &Head,
) -> Result<Workbook, FlowError> {
    let Results { county, derived, .. } = *results;
    let wanted = aid.cases.iter().filter(|case| case.standing != Standing::Right);
    let cases: Vec<AidLine> = wanted
        .filter_map(|case| {
            let line = lines::line(derived, derived.position(case.child)?, county);
            Some(AidLine { case: case.clone(), line, payments: payments(case, derived) })
        })
        .collect();
    Ok(baoxue_report::aid(&aid.counts()?, &cases, head)?)
}

/// The rows of the payments.
fn payments(case: &AidCase, derived: &Derived) -> Vec<Evidence> {
    let of = |record: RecordId, position: u8| {
        let record = derived.record(record)?;
        Some(lines::evidence_of(record, record.claims.get(usize::from(position))?))
    };
    case.payments.iter().filter_map(|claim| of(claim.record, claim.position)).collect()
}

/// The households as a workbook.
///
/// # Errors
/// [`FlowError::Report`].
pub(super) fn exit_workbook(
    exit: &Exit,
    results: &Results<'_>,
    head: &Head,
) -> Result<Workbook, FlowError> {
    let Results { county, derived, .. } = *results;
    let named = |row: &ExitRow| (lines::town_name(row.town, &county.towns), row.clone());
    let villages: Vec<_> = exit.villages.iter().map(named).collect();
    let towns: Vec<_> = exit.towns.iter().map(named).collect();
    let mut children = Vec::new();
    for (n, household) in (1..).zip(&exit.households) {
        if household.secured == baoxue_determine::exit::Secured::Yes {
            continue;
        }
        for (child, _) in &household.children {
            let Some(at) = derived.position(*child) else { continue };
            let line = lines::line(derived, at, county);
            children.push(ExitChild { household: n, secured: household.secured, line });
        }
    }
    Ok(baoxue_report::exit(&towns, &villages, &children, (&exit.county, head))?)
}
