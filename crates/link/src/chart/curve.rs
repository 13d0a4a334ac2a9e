//! Precision and recall at each threshold.

use serde::{Deserialize, Serialize};

use super::{
    Lang,
    svg::{AGAINST, Anchor, FOR, Svg, TOP, WIDTH, bits},
};

/// What joining at a threshold gives.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThresholdPoint {
    /// Log2 odds from which on pairs count as found.
    pub bits: f64,
    /// Of the found pairs the share that is right.
    pub precision: f64,
    /// Of the right pairs the share that is found.
    pub recall: f64,
}

/// What a curve shows of a point.
type Of = fn(&ThresholdPoint) -> f64;

const LEFT: f64 = 56.0;
const RIGHT: f64 = WIDTH - 90.0;
const BOTTOM: f64 = TOP + 220.0;

/// Precision (solid) and recall (dashed) against the threshold; `chosen` is marked. Points are in order of bits.
pub fn thresholds(points: &[ThresholdPoint], chosen: f64, lang: Lang) -> String {
    let best = points.iter().max_by(|a, b| f1(a).total_cmp(&f1(b)));
    let title = lang.pick("门槛与准确率、召回率", "Threshold against precision and recall");
    let describes = best.map_or_else(String::new, |best| {
        let (at, f1) = (bits(best.bits), f1(best));
        lang.pick(
            format!("F1 最高 {f1:.4}，门槛 {at} 比特；现用门槛 {} 比特。", bits(chosen)),
            format!(
                "the best F1 is {f1:.4} at {at} bits; the threshold in use is {} bits.",
                bits(chosen)
            ),
        )
    });
    let mut svg = Svg::new("thresholds", BOTTOM + 48.0, title, &describes);
    let from = points.first().map_or(0.0, |point| point.bits).min(chosen);
    let to = points.last().map_or(1.0, |point| point.bits).max(chosen).max(from + 1.0);
    let lowest = points.iter().flat_map(|p| [p.precision, p.recall]).fold(0.99, f64::min);
    let lowest = (lowest * 10.0).floor() / 10.0;
    let x = |bits: f64| LEFT + (bits - from) / (to - from) * (RIGHT - LEFT);
    let y = |share: f64| BOTTOM - (share - lowest) / (1.0 - lowest) * (BOTTOM - TOP);
    for step in 0..=4 {
        let share = lowest + (1.0 - lowest) * f64::from(step) / 4.0;
        svg.line((LEFT, y(share)), (RIGHT, y(share)), false);
        svg.note((LEFT - 6.0, y(share) + 4.0), Anchor::End, &format!("{share:.3}"));
        let at = from + (to - from) * f64::from(step) / 4.0;
        svg.note((x(at), BOTTOM + 18.0), Anchor::Middle, &bits(at));
    }
    svg.line((x(chosen), TOP), (x(chosen), BOTTOM), true);
    svg.note((x(chosen), BOTTOM + 36.0), Anchor::Middle, lang.pick("现用门槛", "threshold in use"));
    let curves: [(&str, Of, &str, bool); 2] = [
        (lang.pick("准确率", "precision"), |point| point.precision, FOR, false),
        (lang.pick("召回率", "recall"), |point| point.recall, AGAINST, true),
    ];
    for (label, of, colour, dashed) in curves {
        let line: Vec<_> = points.iter().map(|point| (x(point.bits), y(of(point)))).collect();
        svg.curve(&line, colour, dashed);
        if let Some((x, y)) = line.last() {
            svg.text((x + 6.0, y + 4.0), Anchor::Start, label);
        }
    }
    svg.finish()
}

fn f1(point: &ThresholdPoint) -> f64 {
    let sum = point.precision + point.recall;
    if sum > 0.0 { 2.0 * point.precision * point.recall / sum } else { 0.0 }
}
