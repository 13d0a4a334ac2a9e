//! Which children live in one household, as far as registers say: under one household number of one register in one village, or
//! with one guardian by the ID number.

use std::collections::HashMap;

use baoxue_claim::{ChildId, Private, Record, Source, TownCode};

use super::Marks;
use crate::Derived;

/// More children are no household: a column that was filled with one value, or a number that stands for something else.
const MOST_CHILDREN: usize = 8;

/// What children of one household share.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Shared<'r> {
    /// A household number (户号), which counts within its register and village.
    Number(Source, TownCode, &'r str, &'r str),
    /// The guardian's ID number.
    Guardian(&'r str),
}

/// The household of each child, by its first one, in the order of the children; `None` of a child that is alone in its own.
pub(crate) fn households(derived: &Derived, marks: &[Marks]) -> Vec<Option<ChildId>> {
    let is_second: Vec<bool> = marks.iter().map(|marks| marks.duplicate_of.is_some()).collect();
    let mut sharing: HashMap<Shared<'_>, Vec<usize>> = HashMap::new();
    for (at, child) in derived.children.iter().enumerate() {
        // A second registration is no brother or sister of the first.
        if is_second[at] {
            continue;
        }
        for shared in derived.records_of(child).flat_map(shared) {
            let children = sharing.entry(shared).or_default();
            if children.last() != Some(&at) {
                children.push(at);
            }
        }
    }
    let mut first: Vec<usize> = (0..derived.children.len()).collect();
    let groups = sharing.into_values().filter(|of| (2..=MOST_CHILDREN).contains(&of.len()));
    for group in groups {
        for at in &group[1..] {
            let (one, other) = (root(&first, group[0]), root(&first, *at));
            first[one.max(other)] = one.min(other);
        }
    }
    let roots: Vec<usize> = (0..first.len()).map(|at| root(&first, at)).collect();
    let mut n_children = vec![0_u32; roots.len()];
    for root in &roots {
        n_children[*root] += 1;
    }
    let is_household = |n: u32| (2..=MOST_CHILDREN).contains(&(n as usize));
    let of = |root: &usize| is_household(n_children[*root]).then(|| derived.children[*root].id);
    roots.iter().map(of).collect()
}

fn root(first: &[usize], mut at: usize) -> usize {
    while first[at] != at {
        at = first[at];
    }
    at
}

/// What a row shares with rows of its household.
fn shared(record: &Record) -> Vec<Shared<'_>> {
    let person = &record.person;
    let place = &person.registered_at;
    // 无, / and 0 are no numbers, and without its village a number says nothing: many lists count from 1.
    let number = person.household.as_ref().map(Private::expose);
    let number = number.filter(|number| number.chars().any(|c| matches!(c, '1'..='9')));
    let number = number.zip(place.town).zip(place.village.as_deref());
    let number = number
        .map(|((number, town), village)| Shared::Number(record.source, town, village, number));
    let guardians = person.guardians.iter().filter_map(|guardian| guardian.id.as_ref()?.valid());
    // A row that gives the child's own number as the guardian's says nothing of who else lives there.
    let own = person.id.as_ref().and_then(|id| id.valid());
    let guardians = guardians.filter(|id| own != Some(*id));
    number.into_iter().chain(guardians.map(|id| Shared::Guardian(id.expose()))).collect()
}
