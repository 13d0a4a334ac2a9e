//! 错报、漏报: the account in the words of the report stage.

use std::collections::BTreeSet;

use baoxue_claim::{ChildId, TownCode};
use baoxue_determine::accounting::{Accounting, Naming, accounting};
use baoxue_report::{Evidence, Head, Listed, Workbook};

use super::Results;
use crate::{County, Derived, FlowError, lines};

/// Who listed whom, rightly or not; `silent` are the towns that sent nothing.
///
/// # Errors
/// [`FlowError::Sum`] when a town's figures do not add up.
pub(crate) fn account(
    silent: &[TownCode],
    county: &County,
    derived: &Derived,
) -> Result<Accounting, FlowError> {
    let towns = county.towns.all().iter().map(|town| town.code);
    let sent: BTreeSet<TownCode> = towns.filter(|code| !silent.contains(code)).collect();
    let settings = &county.settings;
    let days = (settings.as_of, &settings.thresholds);
    Ok(accounting(&derived.known(), (&county.towns, &sent), days)?)
}

/// The account as a workbook.
///
/// # Errors
/// [`FlowError::Report`].
pub(super) fn workbook(
    account: &Accounting,
    results: &Results<'_>,
    head: &Head,
) -> Result<Workbook, FlowError> {
    let wrong = account.wrong.iter();
    let wrong: Vec<_> =
        wrong.filter_map(|of| listed(results, of.child, Some(&of.by), of.clone())).collect();
    let out = account.out.iter();
    let out: Vec<_> =
        out.filter_map(|of| listed(results, of.child, of.first.as_ref(), of.clone())).collect();
    Ok(baoxue_report::listings(account, &wrong, &out, head)?)
}

fn listed<T>(
    results: &Results<'_>,
    child: ChildId,
    by: Option<&Naming>,
    of: T,
) -> Option<Listed<T>> {
    let Results { county, derived, .. } = *results;
    let line = lines::line(derived, derived.position(child)?, county);
    let sender =
        by.and_then(|by| lines::town_name(by.town, &county.towns).or_else(|| by.school.clone()));
    Some(Listed { of, line, evidence: by.and_then(|by| evidence(results, by)), sender })
}

fn evidence(results: &Results<'_>, by: &Naming) -> Option<Evidence> {
    let record = results.derived.record(by.claim.record)?;
    let claim = record.claims.get(usize::from(by.claim.position))?;
    Some(lines::evidence_of(record, claim))
}
