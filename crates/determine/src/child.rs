//! A child as linkage hands it over.

use std::collections::BTreeMap;

use baoxue_claim::{ChildId, Record, RecordId};
use chrono::NaiveDate;

use crate::Files;

/// One child: the records that linkage put together.
#[derive(Clone, Debug)]
pub struct Child<'a> {
    /// Its id.
    pub id: ChildId,
    /// Its records in any order; none of the results depends on the order.
    pub records: Vec<&'a Record>,
    /// The child of whom this one is a second registration, when linkage found the same name, birth and guardian
    /// under another ID number.
    pub duplicate_of: Option<ChildId>,
    /// Rows that a newer full register replaces, each with the day of that register. They are history: on that day the
    /// child was on the list. [`mark_superseded`](crate::mark_superseded) finds them.
    pub superseded: BTreeMap<RecordId, NaiveDate>,
    /// What the files tell beside their rows. `None` when only this child is at hand: then no report is known besides its
    /// own, and no file came later than another.
    pub files: Option<&'a Files>,
    /// Whether a population register is in the store; without one, that the child is in none says nothing.
    /// [`determine`](crate::determine) finds it among all children; of one child alone it is assumed.
    pub has_register: bool,
    /// Whether a student registry is in the store that is whole for the child's town, likewise.
    pub has_registry: bool,
    /// Rows that may be this child's and wait for a person to say so. They never speak for or against it, but an
    /// accusation that would not stand with one of them is held back.
    pub maybe: Vec<&'a Record>,
}

impl<'a> Child<'a> {
    /// A child that is nobody's duplicate.
    pub fn new(id: ChildId, records: Vec<&'a Record>) -> Self {
        Self {
            id,
            records,
            duplicate_of: None,
            superseded: BTreeMap::new(),
            files: None,
            has_register: true,
            has_registry: true,
            maybe: Vec::new(),
        }
    }
}
