//! How good a linkage is, by the answers of people about a sample of pairs.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{Estimate, Label, LabelSample, Stratum};

/// Precision and recall of pairs, each with an interval of 95 %.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Of the pairs in one cluster the share that is one person.
    pub precision: Estimate,
    /// Of the pairs that are one person the share that is in one cluster.
    pub recall: Estimate,
    /// Their harmonic mean.
    pub f1: Estimate,
    /// Each kind of pair, in the order of the sample.
    pub strata: Vec<StratumFound>,
    /// Answers about pairs that the sample does not ask about; they are not counted.
    pub n_unasked: u64,
}

/// What people said about pairs of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StratumFound {
    /// The kind.
    pub stratum: Stratum,
    /// Pairs judged.
    pub n_judged: u64,
    /// Of these, pairs of one person.
    pub n_same: u64,
    /// The share of pairs of one person, with Wilson's interval. Where nobody has judged, the value is what the
    /// probabilities say, and the interval everything.
    pub share: Estimate,
}

/// Estimates precision and recall from people's answers about a sample, see
/// [`sample_for_labels`](crate::sample_for_labels) for an example.
///
/// Each kind of pair counts by how many there are, not by how many were judged. `missed` is how many matches no rule
/// reaches, as `total - reached - unreached` of [`BlockingRecall`](crate::BlockingRecall); pairs that were compared and fell below
/// `review_bits` are taken for no matches. The intervals join those of the kinds by the method of variance estimates
/// recovery, and assume that the pairs of a kind were judged independently.
pub fn evaluate_labels(
    sample: &LabelSample,
    labels: &[Label],
    missed: Option<Estimate>,
) -> Evaluation {
    let stratum_of: HashMap<(u32, u32), usize> =
        sample.asked.iter().map(|asked| ((asked.left, asked.right), asked.stratum)).collect();
    let mut judged = vec![(0, 0); sample.strata.len()];
    let mut n_unasked = 0;
    for Label { left, right, is_same } in labels {
        match stratum_of.get(&(*left.min(right), *left.max(right))) {
            Some(stratum) => {
                judged[*stratum].0 += 1;
                judged[*stratum].1 += u64::from(*is_same);
            }
            None => n_unasked += 1,
        }
    }
    let strata: Vec<StratumFound> =
        sample.strata.iter().zip(judged).map(|(stratum, judged)| found(*stratum, judged)).collect();
    let matches = |is_joined: bool| -> Vec<Estimate> {
        let of = strata.iter().filter(|found| found.stratum.is_joined == is_joined);
        of.map(|found| found.share.times(crate::estimate::float(found.stratum.n_pairs))).collect()
    };
    let right = Estimate::sum(&matches(true));
    let mut apart = matches(false);
    apart.extend(missed);
    let lost = Estimate::sum(&apart);
    let joined = sample.strata.iter().filter(|stratum| stratum.is_joined);
    let n_joined = crate::estimate::float(joined.map(|stratum| stratum.n_pairs).sum());
    let precision = if n_joined > 0.0 { right.times(1.0 / n_joined) } else { Estimate::exact(1.0) };
    Evaluation {
        precision: precision.as_share(),
        recall: recall(right, lost),
        f1: f1(right, lost, n_joined),
        strata,
        n_unasked,
    }
}

fn found(stratum: Stratum, (n_judged, n_same): (u64, u64)) -> StratumFound {
    let mut share = Estimate::share(n_same, n_judged);
    if n_judged == 0 {
        share.value = stratum.expected / crate::estimate::float(stratum.n_pairs.max(1));
    } else if n_judged >= stratum.n_pairs {
        share = Estimate::exact(share.value);
    }
    StratumFound { stratum, n_judged, n_same, share }
}

/// right / (right + lost).
fn recall(right: Estimate, lost: Estimate) -> Estimate {
    let all = right.value + lost.value;
    if all <= 0.0 {
        return Estimate { value: 1.0, low: 0.0, high: 1.0 };
    }
    let slopes = (lost.value / all.powi(2), -right.value / all.powi(2));
    Estimate::through(right.value / all, [(right, slopes.0), (lost, slopes.1)].into_iter())
        .as_share()
}

/// 2 right / (joined + right + lost).
fn f1(right: Estimate, lost: Estimate, n_joined: f64) -> Estimate {
    let all = n_joined + right.value + lost.value;
    if all <= 0.0 {
        return Estimate { value: 1.0, low: 0.0, high: 1.0 };
    }
    let slopes = (2.0 * (n_joined + lost.value) / all.powi(2), -2.0 * right.value / all.powi(2));
    let value = 2.0 * right.value / all;
    Estimate::through(value, [(right, slopes.0), (lost, slopes.1)].into_iter()).as_share()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Asked;

    /// 900 joined pairs of which 10 in 100 are wrong, 500 apart of which 5 in 50 are matches.
    fn sample() -> (LabelSample, Vec<Label>) {
        let stratum = |is_joined, n_pairs, expected| Stratum {
            is_joined,
            band: Some((0.9, 0.95)),
            n_pairs,
            expected,
        };
        let asked: Vec<Asked> = (0..150)
            .map(|at| Asked { left: at, right: at + 1000, stratum: usize::from(at >= 100) })
            .collect();
        let labels = asked
            .iter()
            .map(|asked| Label {
                left: asked.right,
                right: asked.left,
                is_same: if asked.stratum == 0 { asked.left >= 10 } else { asked.left < 105 },
            })
            .collect();
        (
            LabelSample {
                strata: vec![stratum(true, 900, 800.0), stratum(false, 500, 60.0)],
                asked,
            },
            labels,
        )
    }

    #[test]
    fn kinds_count_by_what_they_stand_for() {
        let (sample, labels) = sample();
        let found = evaluate_labels(&sample, &labels, None);
        assert!((found.precision.value - 0.9).abs() < 1e-9);
        assert!((found.recall.value - 810.0 / 860.0).abs() < 1e-9);
        for estimate in [found.precision, found.recall, found.f1] {
            assert!(
                estimate.low < estimate.value && estimate.value < estimate.high,
                "{estimate:?}"
            );
        }
        assert!(found.precision.low > 0.82 && found.precision.high < 0.95);
        let with_missed = evaluate_labels(&sample, &labels, Some(Estimate::exact(140.0)));
        assert!((with_missed.recall.value - 0.81).abs() < 1e-9);
    }

    #[test]
    fn what_nobody_judged_is_open() {
        let (sample, mut labels) = sample();
        labels.truncate(100);
        labels.push(Label { left: 7, right: 8, is_same: true });
        let found = evaluate_labels(&sample, &labels, None);
        assert_eq!((found.n_unasked, found.strata[1].n_judged), (1, 0));
        assert!((found.strata[1].share.value - 0.12).abs() < 1e-9);
        assert!(found.recall.low < 0.7 && found.recall.high > 0.99, "{:?}", found.recall);
    }
}
