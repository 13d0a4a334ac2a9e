//! The tree itself: RFC 6962, section 2.1, with SM3 for SHA-256.

use sm3::{Digest, Sm3};

/// A hash of the tree.
pub type Hash = [u8; 32];

/// The hash of a leaf's bytes.
pub(super) fn leaf_hasher() -> Sm3 {
    let mut hasher = Sm3::new();
    hasher.update([0]);
    hasher
}

fn node(left: &Hash, right: &Hash) -> Hash {
    let mut hasher = Sm3::new();
    hasher.update([1]);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize().into()
}

/// The greatest power of two below `n`, which is at least 2.
fn split(n: usize) -> usize {
    n.next_power_of_two() / 2
}

/// The root over leaves.
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sm3::digest([]).into(),
        [only] => *only,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node(&root(left), &root(right))
        }
    }
}

/// What proves that a tree is an earlier one with leaves added.
pub type Consistency = Vec<Hash>;

/// The proof that the tree over `leaves` begins with the tree over the first `size` of them; none when there are not so
/// many or there is no smaller tree.
pub fn consistency(leaves: &[Hash], size: usize) -> Option<Consistency> {
    (1..=leaves.len()).contains(&size).then(|| subproof(leaves, size, true))
}

fn subproof(leaves: &[Hash], size: usize, is_whole: bool) -> Vec<Hash> {
    if size == leaves.len() {
        return if is_whole { Vec::new() } else { vec![root(leaves)] };
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    if size <= left.len() {
        let mut proof = subproof(left, size, is_whole);
        proof.push(root(right));
        proof
    } else {
        let mut proof = subproof(right, size - left.len(), false);
        proof.push(root(left));
        proof
    }
}

/// Whether a proof shows that the tree of `new` begins with the tree of `old`; each is a size and a root. Needs neither
/// leaves nor database (RFC 9162, section 2.1.4.2).
pub fn is_consistent(old: (u64, &Hash), new: (u64, &Hash), proof: &[Hash]) -> bool {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    if old_size == 0 || old_size > new_size {
        return false;
    }
    if old_size == new_size {
        return proof.is_empty() && old_root == new_root;
    }
    let mut path = proof.iter();
    let first = if old_size.is_power_of_two() { Some(old_root) } else { path.next() };
    let Some(first) = first else { return false };
    let (mut at, mut last) = (old_size - 1, new_size - 1);
    while at & 1 == 1 {
        (at, last) = (at >> 1, last >> 1);
    }
    let (mut old_now, mut new_now) = (*first, *first);
    for part in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            old_now = node(part, &old_now);
            new_now = node(part, &new_now);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            new_now = node(&new_now, part);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && old_now == *old_root && new_now == *new_root
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(n: usize) -> Vec<Hash> {
        (0..n).map(|k| Sm3::digest(k.to_be_bytes()).into()).collect()
    }

    /// The shape of RFC 6962, section 2.1.3: seven leaves.
    #[test]
    fn t51_the_root_has_the_shape_of_the_rfc() {
        let all = leaves(7);
        let pair = |at: usize| node(&all[at], &all[at + 1]);
        let left = node(&pair(0), &pair(2));
        assert_eq!(root(&all), node(&left, &node(&pair(4), &all[6])));
        assert_eq!(root(&[]), <Hash>::from(Sm3::digest([])));
    }

    #[test]
    fn t51_every_tree_is_consistent_with_its_beginnings_and_no_other() {
        for n in 1..=40_usize {
            let all = leaves(n);
            for m in 1..=n {
                let proof = consistency(&all, m).unwrap();
                let (old, new) = (root(&all[..m]), root(&all));
                let sizes = (u64::try_from(m).unwrap(), u64::try_from(n).unwrap());
                assert!(is_consistent((sizes.0, &old), (sizes.1, &new), &proof), "{m} of {n}");
                let mut bent = all.clone();
                bent[m / 2][0] ^= 1;
                let bent_root = root(&bent[..m]);
                if m > m / 2 {
                    assert!(!is_consistent((sizes.0, &bent_root), (sizes.1, &new), &proof));
                }
                for at in 0..proof.len() {
                    let mut bent = proof.clone();
                    bent[at][31] ^= 1;
                    assert!(!is_consistent((sizes.0, &old), (sizes.1, &new), &bent));
                }
                let longer: Vec<Hash> = proof.iter().copied().chain([old]).collect();
                assert!(!is_consistent((sizes.0, &old), (sizes.1, &new), &longer));
            }
            assert_eq!(consistency(&all, 0), None);
            assert_eq!(consistency(&all, n + 1), None);
        }
    }
}
