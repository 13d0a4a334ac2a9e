//! A child as linkage hands it over.

use baoxue_claim::{ChildId, Record};

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
}

impl<'a> Child<'a> {
    /// A child that is nobody's duplicate.
    pub fn new(id: ChildId, records: Vec<&'a Record>) -> Self {
        Self { id, records, duplicate_of: None }
    }
}
