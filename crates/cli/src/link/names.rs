//! What clusters are called: a name stays with its persons when files come and go.
//!
//! The name of a cluster is the id of one of its records, the smallest when it is new. Each record remembers the name of
//! the cluster that it came into; a cluster is called by the name that most of its records remember. The record whose id
//! the name is may go; but while it is there, no cluster but its own is called by it, so no two have one name.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap, HashSet},
};

use baoxue_columnar::Ids;
use baoxue_link::{
    Changes, LinkError,
    saved::{Damaged, Pieces, put_u32s},
};

/// The names of all rows' clusters, each as the row whose id it is.
#[derive(Clone)]
pub(super) struct Names {
    /// By row the name that its cluster has.
    now: Vec<u32>,
    /// By row the name of the cluster that it came into.
    first: Vec<u32>,
}

/// Rows, their clusters, and which of them are there.
#[derive(Clone, Copy)]
pub(super) struct Rows<'s> {
    pub(super) ids: &'s Ids,
    pub(super) cluster: &'s [u32],
    pub(super) gone: &'s [bool],
}

impl Names {
    /// The names of clusters that are new.
    pub(super) fn new(ids: &Ids, cluster: &[u32]) -> Self {
        let smallest = ids.smallest(cluster);
        let now: Vec<u32> = cluster.iter().map(|cluster| smallest[*cluster as usize]).collect();
        Self { first: now.clone(), now }
    }

    /// By row the row whose id is its cluster's name.
    pub(super) fn by_row(&self) -> &[u32] {
        &self.now
    }

    /// Takes over what has changed.
    pub(super) fn update(&mut self, rows: Rows<'_>, changes: &Changes) {
        let n_before = u32::try_from(self.now.len()).unwrap_or(u32::MAX);
        let n_rows = u32::try_from(rows.cluster.len()).unwrap_or(u32::MAX);
        let joined = changes.joined.iter().map(|joined| joined.cluster);
        let split = changes.split.iter().flat_map(|split| split.into.iter().copied());
        let mut touched: HashSet<u32> = joined.chain(split).collect();
        touched.extend(changes.founded.iter().chain(&changes.stayed));
        let back = came_back(rows, n_before);
        let known = |name: &mut u32| *name = back.get(name).copied().unwrap_or(*name);
        self.now.iter_mut().chain(&mut self.first).for_each(known);
        let again: HashSet<u32> = back.values().copied().collect();
        let called = (0..n_before).filter(|row| again.contains(&self.now[*row as usize]));
        touched.extend(called.map(|row| rows.cluster[row as usize]));
        self.now.extend(n_before..n_rows);
        let mut held = vec![false; n_rows as usize];
        let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for row in (0..n_rows).filter(|row| !rows.gone[*row as usize]) {
            let cluster = rows.cluster[row as usize];
            if touched.contains(&cluster) {
                groups.entry(cluster).or_default().push(row);
            } else {
                held[self.now[row as usize] as usize] = true;
            }
        }
        for (cluster, name) in self.granted(rows, &groups, held) {
            for row in &groups[&cluster] {
                self.now[*row as usize] = name;
            }
        }
        self.first.extend_from_slice(&self.now[n_before as usize..]);
    }

    /// The names of some clusters; `held` are those that others have.
    fn granted(
        &self,
        rows: Rows<'_>,
        groups: &BTreeMap<u32, Vec<u32>>,
        mut held: Vec<bool>,
    ) -> HashMap<u32, u32> {
        let smallest = |rows_of: &[u32]| {
            rows_of.iter().copied().min_by(|a, b| rows.ids.order(*a, *b)).unwrap_or_default()
        };
        let mut claims: Vec<(Reverse<usize>, u32, u32, u32)> = Vec::new();
        for (cluster, of) in groups {
            let mut remembered: BTreeMap<u32, usize> = BTreeMap::new();
            for row in of {
                // A row that is new remembers nothing.
                if let Some(name) = self.first.get(*row as usize) {
                    *remembered.entry(*name).or_default() += 1;
                }
            }
            for (name, n) in remembered {
                let is_here = rows.cluster[name as usize] == *cluster;
                if rows.gone[name as usize] || is_here {
                    claims.push((Reverse(n), smallest(of), name, *cluster));
                }
            }
        }
        claims.sort_by(|a, b| {
            let by_id = rows.ids.order(a.1, b.1).then_with(|| rows.ids.order(a.2, b.2));
            a.0.cmp(&b.0).then(by_id)
        });
        let mut granted = HashMap::new();
        for (_, _, name, cluster) in claims {
            if !granted.contains_key(&cluster) && !held[name as usize] {
                held[name as usize] = true;
                granted.insert(cluster, name);
            }
        }
        for (cluster, of) in groups {
            granted.entry(*cluster).or_insert_with(|| smallest(of));
        }
        granted
    }

    pub(super) fn save(&self, out: &mut impl std::io::Write) -> std::io::Result<()> {
        put_u32s(out, &self.now)?;
        put_u32s(out, &self.first)
    }

    pub(super) fn load(pieces: &mut Pieces<'_>) -> Result<Self, LinkError> {
        let (now, first) = (pieces.u32s()?, pieces.u32s()?);
        let is_row = |name: &u32| (*name as usize) < now.len();
        let is_whole = now.len() == first.len() && now.iter().chain(&first).all(is_row);
        if is_whole { Ok(Self { now, first }) } else { Err(Damaged.into()) }
    }

    pub(super) const fn len(&self) -> usize {
        self.now.len()
    }
}

/// Rows that were withdrawn and whose ids new rows have, with these rows.
fn came_back(rows: Rows<'_>, n_before: u32) -> HashMap<u32, u32> {
    let n_rows = u32::try_from(rows.cluster.len()).unwrap_or(u32::MAX);
    let gone = (0..n_before).filter(|row| rows.gone[*row as usize]);
    let mut gone: Vec<u32> = gone.collect();
    if gone.is_empty() {
        return HashMap::new();
    }
    let new: HashMap<_, u32> = (n_before..n_rows).map(|row| (rows.ids.text(row), row)).collect();
    gone.retain(|row| new.contains_key(&rows.ids.text(*row)));
    gone.into_iter().map(|row| (row, new[&rows.ids.text(row)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clusters that were looked at anew.
    fn looked_at(clusters: &[u32]) -> Changes {
        Changes { stayed: clusters.to_vec(), ..Changes::default() }
    }

    fn ids(numbers: &[i64]) -> Ids {
        Ids::Integers(numbers.to_vec())
    }

    #[test]
    fn a_name_stays_when_a_smaller_id_comes_and_when_its_own_record_goes() {
        let mut names = Names::new(&ids(&[5, 7, 9]), &[0, 0, 0]);
        assert_eq!(names.by_row(), [0, 0, 0]);
        let ids = ids(&[5, 7, 9, 2]);
        let rows = Rows { ids: &ids, cluster: &[0, 0, 0, 0], gone: &[false; 4] };
        names.update(rows, &looked_at(&[0]));
        assert_eq!(names.by_row(), [0; 4], "still called 5, and not 2");
        let rows = Rows { ids: &ids, cluster: &[0, 1, 1, 1], gone: &[true, false, false, false] };
        names.update(rows, &looked_at(&[1]));
        assert_eq!(names.by_row()[1..], [0; 3]);
    }

    #[test]
    fn a_part_that_is_split_off_is_called_by_an_id_of_its_own() {
        let ids = ids(&[1, 2, 3]);
        let mut names = Names::new(&ids, &[0, 0, 0]);
        let rows = Rows { ids: &ids, cluster: &[0, 1, 1], gone: &[false; 3] };
        names.update(rows, &looked_at(&[0, 1]));
        assert_eq!(names.by_row(), [0, 1, 1], "1 is there, and its cluster is called by it");
        let rows = Rows { ids: &ids, cluster: &[0, 0, 0], gone: &[false; 3] };
        names.update(rows, &looked_at(&[0]));
        assert_eq!(names.by_row(), [0, 0, 0], "what is put right again has its name again");
    }

    #[test]
    fn two_that_grow_together_have_the_name_of_the_greater() {
        let ids = ids(&[1, 2, 3, 4]);
        let mut names = Names::new(&ids, &[0, 1, 1, 3]);
        let rows = Rows { ids: &ids, cluster: &[0, 0, 0, 3], gone: &[false; 4] };
        names.update(rows, &looked_at(&[0]));
        assert_eq!(names.by_row(), [1, 1, 1, 3]);
    }

    #[test]
    fn a_record_that_comes_back_takes_its_id_from_those_who_were_called_by_it() {
        let mut names = Names::new(&ids(&[1, 2, 3]), &[0, 0, 0]);
        let ids = ids(&[1, 2, 3, 1]);
        let gone = [true, false, false];
        let rows = Rows { ids: &ids, cluster: &[0, 1, 1], gone: &gone };
        names.update(rows, &looked_at(&[1]));
        assert_eq!(names.by_row()[1..], [0, 0]);
        let gone = [true, false, false, false];
        let rows = Rows { ids: &ids, cluster: &[0, 1, 1, 3], gone: &gone };
        let came = Changes { founded: vec![3], ..Changes::default() };
        names.update(rows, &came);
        assert_eq!(names.by_row()[1..], [1, 1, 3]);
    }
}
