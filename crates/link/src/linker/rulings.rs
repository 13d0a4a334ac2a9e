//! What people have ruled and what lists promise, while rows come and go.

use std::collections::HashSet;

use crate::Constraints;

/// Rulings without those that name a row that is gone.
pub(super) fn without(constraints: &Constraints, gone: &[bool]) -> Constraints {
    let stays = |(l, r): &&(u32, u32)| {
        let is_gone = |row: u32| gone.get(row as usize) == Some(&true);
        !is_gone(*l) && !is_gone(*r)
    };
    Constraints {
        must_link: constraints.must_link.iter().filter(stays).copied().collect(),
        cannot_link: constraints.cannot_link.iter().filter(stays).copied().collect(),
        ..constraints.clone()
    }
}

/// Old rows about which something else is ruled than before.
pub(super) fn ruled_anew(before: &Constraints, now: &Constraints, n_before: u32) -> Vec<u32> {
    let mut rows = Vec::new();
    for (before, now) in
        [(&before.must_link, &now.must_link), (&before.cannot_link, &now.cannot_link)]
    {
        let (was, is): (HashSet<_>, HashSet<_>) = (before.iter().collect(), now.iter().collect());
        rows.extend(was.symmetric_difference(&is).flat_map(|(l, r)| [*l, *r]));
    }
    let differs = |row: &u32| {
        before.promise(*row) != now.promise(*row)
            || before.is_review_only(*row) != now.is_review_only(*row)
    };
    rows.extend((0..n_before).filter(differs));
    rows
}
