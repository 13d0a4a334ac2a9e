//! The findings of monitoring in the words of the report stage.

use baoxue_report::{Changed, Head, Workbook};

use super::Results;
use crate::{FlowError, lines};

/// The findings as a workbook.
///
/// # Errors
/// [`FlowError::Report`].
pub(super) fn workbook(results: &Results<'_>, head: &Head) -> Result<Workbook, FlowError> {
    let Results { county, derived, .. } = *results;
    let found = &derived.monitoring;
    let changed = found.findings.iter().filter_map(|finding| {
        let line = lines::line(derived, derived.position(finding.child)?, county);
        let record = derived.record(finding.record);
        let evidence =
            record.and_then(|record| Some(lines::evidence_of(record, record.claims.first()?)));
        Some(Changed { finding: finding.clone(), line, evidence })
    });
    Ok(baoxue_report::monitoring(found, &changed.collect::<Vec<_>>(), head)?)
}
