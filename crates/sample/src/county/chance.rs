//! Draws from a stream of pseudo-random numbers that is the same on every machine and in every version.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

/// One stream of draws. Streams of the same seed with different numbers are independent, so that a new draw in one file
/// does not change the others.
#[derive(Debug)]
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Self(generator)
    }

    /// A number below `n`, or 0 when `n` is 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        let product = u128::from(self.0.next_u64()) * (n as u128);
        usize::try_from(product >> 64).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = usize::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(width)).unwrap_or(0)
    }

    /// True with probability `p`.
    pub(super) fn hit(&mut self, p: f64) -> bool {
        // 53 bits are what a double holds exactly.
        let unit = self.below(1 << 53);
        #[expect(clippy::cast_precision_loss, reason = "below 2^53 the conversion is exact")]
        let unit = unit as f64 / (1u64 << 53) as f64;
        unit < p
    }

    /// One of `items`, which must not be empty.
    pub(super) fn pick<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.below(items.len())]
    }

    /// One of some words, which must not be none.
    pub(super) fn word(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len())]
    }

    /// An index with probability in proportion to its weight, given the running sums of the weights.
    pub(super) fn weighted(&mut self, sums: &[u64]) -> usize {
        let total = sums.last().copied().unwrap_or(0);
        let at = self.below(usize::try_from(total).unwrap_or(usize::MAX)) as u64;
        sums.partition_point(|sum| *sum <= at)
    }

    /// Puts `items` into a random order.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// Running sums of weights for [`Chance::weighted`].
pub(super) fn running_sums(weights: impl Iterator<Item = u64>) -> Vec<u64> {
    weights
        .scan(0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_the_same_every_time_and_differ_from_each_other() {
        let draw = |stream| {
            let mut chance = Chance::new(7, stream);
            (0..8).map(|_| chance.below(1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn weights_are_followed() {
        let sums = running_sums([1, 0, 3].into_iter());
        let mut chance = Chance::new(1, 0);
        let mut seen = [0; 3];
        for _ in 0..4_000 {
            seen[chance.weighted(&sums)] += 1;
        }
        assert_eq!(seen[1], 0);
        assert!((900..1_100).contains(&seen[0]), "{seen:?}");
    }
}
