//! Ids of clusters that stay the same when linkage runs again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Gives each row the id of its cluster.
///
/// `cluster` is as in [`Linkage::cluster`](crate::Linkage::cluster). `home` is for each row the id of the cluster in
/// which it was first seen, `None` for a new row; it never changes afterwards, so that what comes and goes leaves no
/// trace. `founder` is for each row the id that a cluster founded by it gets; founders are distinct.
///
/// A cluster takes the home that most of its rows have, of equals the smallest. A home claimed by several clusters goes
/// to the one with more rows of that home, of equals the one with the smallest founder; the others take their next
/// home, or else their smallest founder that no other cluster has taken. When a row is split off from the cluster that
/// it founded, all of these can be taken; it then gets its founder with one of the bits 31 down to 24 flipped, so
/// founders should differ in other bits.
///
/// ```
/// use baoxue_link::identity::assign;
/// // Two rows of child 10 and a new row with them; another new row founds a child of its own.
/// let ids = assign(&[0, 0, 0, 3], &[Some(10), Some(10), None, None], &[10, 11, 12, 13]);
/// assert_eq!(ids, [10, 10, 10, 13]);
/// ```
pub fn assign(cluster: &[u32], home: &[Option<i64>], founder: &[i64]) -> Vec<i64> {
    let mut groups: BTreeMap<u32, Group> = BTreeMap::new();
    for (row, first) in cluster.iter().enumerate() {
        let group = groups.entry(*first).or_default();
        group.founders.insert(founder[row]);
        if let Some(home) = home[row] {
            *group.homes.entry(home).or_default() += 1;
        }
    }
    let mut claims: Vec<Claim> = groups.iter().flat_map(|(first, group)| group.claims(*first)).collect();
    claims.sort_unstable();
    let mut taken: BTreeSet<i64> = BTreeSet::new();
    let mut ids: HashMap<u32, i64> = HashMap::new();
    for claim in claims {
        if !ids.contains_key(&claim.cluster) && taken.insert(claim.id) {
            ids.insert(claim.cluster, claim.id);
        }
    }
    for (first, group) in &groups {
        if !ids.contains_key(first) {
            let id = group.spare(&taken);
            taken.insert(id);
            ids.insert(*first, id);
        }
    }
    cluster.iter().zip(founder).map(|(first, own)| ids.get(first).copied().unwrap_or(*own)).collect()
}

#[derive(Default)]
struct Group {
    homes: BTreeMap<i64, u32>,
    founders: BTreeSet<i64>,
}

/// What a cluster would like to be called. Sorted as they are granted: homes before founders, more rows first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    is_founder: bool,
    n_rows: std::cmp::Reverse<u32>,
    smallest_founder: i64,
    id: i64,
    cluster: u32,
}

impl Group {
    /// An id that nobody has, made of the smallest founder.
    fn spare(&self, taken: &BTreeSet<i64>) -> i64 {
        let founder = self.founders.first().copied().unwrap_or_default();
        let mut flipped = (24..=31).rev().map(|bit| founder ^ (1 << bit));
        flipped.find(|id| !taken.contains(id)).unwrap_or(!founder)
    }

    fn claims(&self, cluster: u32) -> impl Iterator<Item = Claim> {
        let smallest_founder = self.founders.first().copied().unwrap_or_default();
        let claim = move |is_founder, n_rows, id| Claim {
            is_founder,
            n_rows: std::cmp::Reverse(n_rows),
            smallest_founder,
            id,
            cluster,
        };
        let homes = self.homes.iter().map(move |(id, n_rows)| claim(false, *n_rows, *id));
        homes.chain(self.founders.iter().map(move |id| claim(true, 0, *id)))
    }
}
