//! The claims of one child that may be used on the day, in a fixed order.

use baoxue_claim::{Claim, ClaimId, Record, Source};
use chrono::NaiveDate;

use crate::{
    Child,
    verdict::{Refused, Why},
};

/// Why a claim of days to come does not count.
pub(crate) const TO_COME: Why = ("日期在判定日之后", "dated after the day of determination");

/// One claim with the record that makes it.
#[derive(Clone, Copy)]
pub(crate) struct Item<'a> {
    /// The claim's id.
    pub(crate) id: ClaimId,
    /// The record.
    pub(crate) record: &'a Record,
    /// The claim.
    pub(crate) claim: &'a Claim,
}

impl Item<'_> {
    /// Who says it.
    pub(crate) fn source(&self) -> Source {
        self.record.source
    }
}

/// A claim of one kind: the item and the statement inside.
pub(crate) type Of<'a, T> = (Item<'a>, &'a T);

/// Claims of a child up to the day, sorted, so that no result depends on the order of arrival.
pub(crate) struct Evidence<'a> {
    /// Accepted for reading.
    pub(crate) items: Vec<Item<'a>>,
    /// Set aside, because they speak of days to come.
    pub(crate) refused: Vec<Refused>,
}

impl<'a> Evidence<'a> {
    /// Gathers the claims of `child`; a claim dated after `as_of` is refused.
    pub(crate) fn gather(child: &Child<'a>, as_of: NaiveDate) -> Self {
        let mut items = Vec::new();
        let mut refused = Vec::new();
        for &record in &child.records {
            for (claim, position) in record.claims.iter().zip(0..=u8::MAX) {
                let item = Item { id: ClaimId { record: record.id, position }, record, claim };
                if claim.on > as_of {
                    refused.push(Refused::new(item.id, TO_COME));
                } else {
                    items.push(item);
                }
            }
        }
        items.sort_by(|a, b| a.id.cmp(&b.id).then_with(|| a.record.origin.cmp(&b.record.origin)));
        Self { items, refused }
    }

    /// The claims that `pick` recognises, with what it took out of them.
    pub(crate) fn of<T: 'a>(&self, pick: fn(&'a Claim) -> Option<&'a T>) -> Vec<Of<'a, T>> {
        self.items.iter().filter_map(|item| Some((*item, pick(item.claim)?))).collect()
    }
}
