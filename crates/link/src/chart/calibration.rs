//! Whether a probability means what it says.

use serde::{Deserialize, Serialize};

use super::{
    Lang,
    svg::{Anchor, Fill, Svg, TOP, WIDTH, count, float, rows},
};
use crate::Estimate;

/// Pairs whose probability lies in a band, and how many of them are matches.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// From this probability on.
    pub from: f64,
    /// Below this one.
    pub to: f64,
    /// Pairs in the band.
    pub n_pairs: u64,
    /// Matches among them.
    pub n_matches: u64,
}

impl Band {
    /// The share of matches between these two bounds with 95 % confidence (Wilson's interval).
    pub fn interval(&self) -> (f64, f64) {
        let share = Estimate::share(self.n_matches, self.n_pairs);
        (share.low, share.high)
    }

    /// Whether the band meets the interval.
    pub fn holds(&self) -> bool {
        let (low, high) = self.interval();
        low <= self.to && high >= self.from
    }
}

const LEFT: f64 = 130.0;
const RIGHT: f64 = 460.0;

/// Calibration: for each band (grey) the share of matches (dot) with its interval (line).
pub fn calibration(bands: &[Band], lang: Lang) -> String {
    let n_off = bands.iter().filter(|band| !band.holds()).count();
    let n = bands.len();
    let title = lang.pick("概率是否说得准", "Calibration");
    let describes = lang.pick(
        format!("{n} 个概率段，{n_off} 段的实际比例与所说的概率不符。灰条是所说的概率，圆点是实际比例，线是 95 % 区间。"),
        format!("{n} bands of probability; in {n_off} the share of matches is not what the band says. Grey is the band, the dot the share found, the line its 95 % interval."),
    );
    let mut svg = Svg::new("calibration", TOP + rows(n + 1) + 8.0, title, &describes);
    let x = |share: f64| LEFT + share * (RIGHT - LEFT);
    for (row, band) in bands.iter().enumerate() {
        let y = TOP + rows(row);
        let label = format!("{}–{}", short(band.from), short(band.to));
        svg.text((LEFT - 8.0, y + 15.0), Anchor::End, &label);
        svg.bar((x(0.0), y + 3.0), (x(1.0) - x(0.0), 16.0), Fill::Track);
        svg.bar((x(band.from), y + 3.0), ((x(band.to) - x(band.from)).max(2.0), 16.0), Fill::Third);
        if band.n_pairs > 0 {
            let (low, high) = band.interval();
            svg.bar((x(low), y + 10.0), ((x(high) - x(low)).max(1.0), 2.0), Fill::Sum);
            svg.dot((x(float(band.n_matches) / float(band.n_pairs)), y + 11.0));
        }
        svg.text((RIGHT + 12.0, y + 15.0), Anchor::Start, &found(band, lang));
    }
    let y = TOP + rows(n) + 15.0;
    for share in [0.0, 0.5, 1.0] {
        svg.note((x(share), y), Anchor::Middle, &format!("{share:.1}"));
    }
    svg.note((WIDTH, y), Anchor::End, lang.pick("是同一人的比例", "share of matches"));
    svg.finish()
}

/// Without needless zeros: 0.95, 0.999.
fn short(share: f64) -> String {
    let text = format!("{share:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn found(band: &Band, lang: Lang) -> String {
    let (matches, pairs) = (count(band.n_matches), count(band.n_pairs));
    let verdict = match (band.n_pairs, band.holds()) {
        (0, _) => lang.pick("没有对", "no pairs"),
        (_, true) => lang.pick("相符", "holds"),
        (_, false) => lang.pick("不符", "off"),
    };
    format!("{matches} / {pairs} {verdict}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        let band = Band { from: 0.9, to: 0.95, n_pairs: 100, n_matches: 90 };
        let (low, high) = band.interval();
        assert!((low - 0.8256).abs() < 1e-3 && (high - 0.9448).abs() < 1e-3, "{low} {high}");
        assert!(band.holds());
        assert!(!Band { n_matches: 50, ..band }.holds());
        assert!(Band { n_pairs: 0, n_matches: 0, ..band }.holds());
    }
}
