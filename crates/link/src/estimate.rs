//! Numbers that were estimated, with the interval that belongs to them.

use serde::{Deserialize, Serialize};

/// The normal quantile of 95 %.
pub(crate) const Z: f64 = 1.96;

/// An estimate and the interval that holds the true value with 95 % confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The most likely value.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Estimate {
    /// A number that is known.
    pub const fn exact(value: f64) -> Self {
        Self { value, low: value, high: value }
    }

    /// The share that `n_hits` of `n` drawn at random stand for; of none drawn anything from 0 to 1.
    ///
    /// Source: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference" (1927).
    pub fn share(n_hits: u64, n: u64) -> Self {
        if n == 0 {
            return Self { value: 0.5, low: 0.0, high: 1.0 };
        }
        let n = float(n);
        let share = float(n_hits) / n;
        let spread = Z * ((share * (1.0 - share) + Z * Z / (4.0 * n)) / n).sqrt();
        let (middle, scale) = (share + Z * Z / (2.0 * n), 1.0 + Z * Z / n);
        Self {
            value: share,
            low: ((middle - spread) / scale).clamp(0.0, share),
            high: ((middle + spread) / scale).clamp(share, 1.0),
        }
    }

    /// So many times the number.
    pub(crate) fn times(self, factor: f64) -> Self {
        Self { value: self.value * factor, low: self.low * factor, high: self.high * factor }
    }

    /// The sum of numbers that were estimated apart.
    pub(crate) fn sum(parts: &[Self]) -> Self {
        let value = parts.iter().map(|part| part.value).sum();
        Self::through(value, parts.iter().map(|part| (*part, 1.0)))
    }

    /// What was computed from numbers estimated apart: `value`, and for each number how much the value grows with it.
    /// The intervals need not be symmetric (method of variance estimates recovery).
    ///
    /// Source: Zou and Donner, "Construction of confidence limits about effect measures: a general approach" (2008).
    pub(crate) fn through(value: f64, parts: impl Iterator<Item = (Self, f64)>) -> Self {
        let (mut below, mut above) = (0.0, 0.0);
        for (part, slope) in parts {
            let (down, up) = (part.value - part.low, part.high - part.value);
            let (down, up) = if slope < 0.0 { (up, down) } else { (down, up) };
            below += (slope * down).powi(2);
            above += (slope * up).powi(2);
        }
        Self { value, low: value - below.sqrt(), high: value + above.sqrt() }
    }

    /// The part of the interval that a share can have.
    pub(crate) fn as_share(self) -> Self {
        let share = |x: f64| x.clamp(0.0, 1.0);
        Self { value: share(self.value), low: share(self.low), high: share(self.high) }
    }
}

/// A share; of nothing all is right.
pub(crate) fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { float(part) / float(whole) }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(crate) const fn float(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_gives_the_textbook_interval() {
        // Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662.
        let share = Estimate::share(81, 263);
        assert!(
            (share.low - 0.2553).abs() < 1e-4 && (share.high - 0.3662).abs() < 1e-4,
            "{share:?}"
        );
        let none = Estimate::share(0, 20);
        assert!(
            none.value.abs() < 1e-12 && none.low.abs() < 1e-12 && (none.high - 0.1611).abs() < 1e-3
        );
    }

    #[test]
    fn a_falling_slope_turns_the_interval() {
        let part = Estimate { value: 1.0, low: 0.9, high: 1.5 };
        let found = Estimate::through(2.0, [(part, -1.0)].into_iter());
        assert!((found.low - 1.5).abs() < 1e-12 && (found.high - 2.1).abs() < 1e-12);
    }
}
