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
    let mut claims: Vec<Claim> =
        groups.iter().flat_map(|(first, group)| group.claims(*first)).collect();
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
    cluster
        .iter()
        .zip(founder)
        .map(|(first, own)| ids.get(first).copied().unwrap_or(*own))
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_cluster_is_called_by_its_smallest_founder() {
        assert_eq!(assign(&[0, 0, 2], &[None; 3], &[7, 5, 9]), [5, 5, 9]);
    }

    #[test]
    fn a_split_leaves_the_id_with_the_greater_part() {
        let home = [Some(1), Some(1), Some(1)];
        let ids = assign(&[0, 1, 1], &home, &[1, 2, 3]);
        assert_eq!(ids[1..], [1, 1]);
        assert!(
            ![1, 2, 3].contains(&ids[0]),
            "the founder that was split off needs an id of its own"
        );
    }

    #[test]
    fn a_merge_takes_the_id_of_the_greater_part_and_gives_it_back() {
        let home = [Some(1), Some(2), Some(2), None];
        assert_eq!(assign(&[0, 0, 0, 3], &home, &[1, 2, 3, 4]), [2, 2, 2, 4]);
        assert_eq!(assign(&[0, 1, 1, 3], &home, &[1, 2, 3, 4]), [1, 2, 2, 4]);
    }

    #[test]
    fn what_is_split_off_and_found_again_has_the_id_that_it_had() {
        let home = [Some(1), Some(1), Some(1), None];
        let apart = assign(&[0, 1, 1, 0], &home, &[1, 2, 3, 4]);
        let later =
            assign(&[0, 1, 1, 0], &[home[0], home[1], home[2], Some(apart[3])], &[1, 2, 3, 4]);
        assert_eq!(apart, later);
        assert_eq!(apart[0], 4, "the smallest founder that is free");
    }
}
