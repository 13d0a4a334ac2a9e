//! A determined child with the records it was determined from: what figures about sources are made of.

use baoxue_claim::{Claim, ClaimId, Record};

use crate::Determined;

/// A child after determination.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// Its records in any order, those among them that newer registers replace.
    pub records: Vec<&'a Record>,
    /// What was found.
    pub found: &'a Determined,
}

impl<'a> Known<'a> {
    /// Every claim with its number and record.
    pub(crate) fn claims(&self) -> impl Iterator<Item = (ClaimId, &'a Record, &'a Claim)> {
        self.records.iter().flat_map(|record| {
            let record: &'a Record = record;
            let claims = record.claims.iter().zip(0..=u8::MAX);
            claims.map(move |(claim, position)| {
                (ClaimId { record: record.id, position }, record, claim)
            })
        })
    }
}
