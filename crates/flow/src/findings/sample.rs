//! A sample of children that both sides can draw again: the same town, seed and run give the same children.

use sm3::{Digest, Sm3};

use crate::Entry;

/// `n` of these children, drawn by a seed, in the order of drawing. Each child's place depends on the seed and on itself alone,
/// so that a child that comes or goes changes no other's.
pub fn sample<'r>(
    entries: impl IntoIterator<Item = &'r Entry>,
    seed: &str,
    n: usize,
) -> Vec<&'r Entry> {
    let lot = |entry: &Entry| -> [u8; 32] {
        let mut sm3 = Sm3::new();
        sm3.update(seed.as_bytes());
        sm3.update([0]);
        sm3.update(entry.child.0.to_be_bytes());
        sm3.finalize().into()
    };
    let mut drawn: Vec<([u8; 32], &Entry)> =
        entries.into_iter().map(|entry| (lot(entry), entry)).collect();
    drawn.sort_by_key(|(lot, entry)| (*lot, entry.child));
    drawn.into_iter().take(n).map(|(_, entry)| entry).collect()
}

#[cfg(test)]
mod tests {
    use baoxue_claim::ChildId;

    use super::*;
    use crate::roll::plain_entry;

    fn entries(of: impl IntoIterator<Item = i64>) -> Vec<Entry> {
        let one = |n| Entry { child: ChildId(n), ..plain_entry(0) };
        of.into_iter().map(one).collect()
    }

    fn drawn(all: &[Entry], seed: &str, n: usize) -> Vec<i64> {
        sample(all, seed, n).into_iter().map(|entry| entry.child.0).collect()
    }

    #[test]
    fn the_same_seed_draws_the_same_children_in_whatever_order_they_come() {
        let all = entries(0..200);
        let other_way = entries((0..200).rev());
        let first = drawn(&all, "2019-08", 20);
        assert_eq!(first.len(), 20);
        assert_eq!(drawn(&other_way, "2019-08", 20), first);
        assert_ne!(drawn(&all, "2019-09", 20), first);
        // Without one of them the others stay, and the next in line comes in.
        let without = entries((0..200).filter(|n| *n != first[3]));
        let kept: Vec<i64> = first.iter().copied().filter(|n| *n != first[3]).collect();
        assert_eq!(drawn(&without, "2019-08", 19), kept);
        assert_eq!(drawn(&entries(0..5), "x", 20).len(), 5, "a small town is drawn whole");
    }

    #[test]
    fn every_child_is_drawn_about_as_often_as_any_other() {
        let all = entries(0..50);
        let mut times = [0_usize; 50];
        for seed in 0..1000 {
            for child in drawn(&all, &seed.to_string(), 5) {
                times[usize::try_from(child).unwrap()] += 1;
            }
        }
        // Each is expected a hundred times; six standard deviations are 57.
        assert!(times.iter().all(|n| (43..=157).contains(n)), "{times:?}");
    }
}
