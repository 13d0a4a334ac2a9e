//! How likely a count is.

use super::{FEW, as_f64};

/// The share that three of four accounts stay below, of how many of how much each: what is still usual. With hardly any other
/// account it is the share of all of them together.
pub(super) fn usual(mut shares: Vec<(usize, usize)>) -> f64 {
    let (k, n) = shares.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    // One more of each kind: what nobody has done yet is not impossible.
    let pooled = as_f64(k + 1) / as_f64(n + 2);
    shares.retain(|(_, n)| *n >= FEW);
    let mut shares: Vec<f64> = shares.iter().map(|(k, n)| as_f64(*k) / as_f64(*n)).collect();
    shares.sort_by(f64::total_cmp);
    let at = shares.len() * 3 / 4;
    shares.get(at).map_or(pooled, |share| share.max(pooled)).min(1.0)
}

/// The bits of `k` or more of `n` where each has the chance `share`: minus log2 of the upper tail of the binomial
/// distribution.
pub(super) fn bits(k: usize, n: usize, share: f64) -> f64 {
    if k == 0 || share >= 1.0 {
        return 0.0;
    }
    if as_f64(k) <= share * as_f64(n) {
        return 0.0;
    }
    // log2 of the first term, built up factor by factor so that nothing overflows.
    let choose = (1..=k).map(|i| (as_f64(n - k + i) / as_f64(i)).log2()).sum::<f64>();
    let first = choose + as_f64(k) * share.log2() + as_f64(n - k) * (1.0 - share).log2();
    // Above the mean each further term is a falling share of the one before.
    let (mut sum, mut term) = (1.0, 1.0);
    for i in k..n {
        term *= as_f64(n - i) / as_f64(i + 1) * share / (1.0 - share);
        sum += term;
        if term < 1e-12 {
            break;
        }
    }
    -(first + sum.log2())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_those_of_coins() {
        for (k, n, share, expected) in [
            (10, 10, 0.5, 10.0),
            (1, 1, 0.25, 2.0),
            (0, 5, 0.5, 0.0),
            (5, 10, 0.5, 0.0),
            (3, 3, 1.0, 0.0),
            // 45 + 10 + 1 of 1024.
            (8, 10, 0.5, (1024.0_f64 / 56.0).log2()),
        ] {
            assert!(
                (bits(k, n, share) - expected).abs() < 1e-9,
                "{k} of {n}: {}",
                bits(k, n, share)
            );
        }
        assert!(bits(900, 1000, 0.01) > 1000.0, "no overflow");
    }

    #[test]
    fn three_of_four_stay_below_what_is_usual() {
        let shares = (0..20).map(|n| (n, 20)).collect();
        assert!((usual(shares) - 0.75).abs() < 0.01);
        assert!((usual(vec![]) - 0.5).abs() < 1e-9, "nobody else: anything may be");
        assert!((usual(vec![(1, 4)]) - 2.0 / 6.0).abs() < 1e-9);
    }
}
