//! The evidence for one pair, step by step.

use crate::{FieldBits, Waterfall};

use super::{
    Lang, field_word, level_word,
    svg::{Anchor, Fill, Svg, TOP, WIDTH, bits, rows, shortened},
};

/// Where the scale of bits begins and ends.
const LEFT: f64 = 280.0;
const RIGHT: f64 = 660.0;

/// Prior, then the fields in order of weight, what brothers and sisters take away, and the sum.
pub fn waterfall(pair: &Waterfall, lang: Lang) -> String {
    let steps = steps(pair, lang);
    let percent = format!("{:.2} %", f64::from(pair.probability) * 100.0);
    let title = lang.pick("这一对的证据（比特）", "The evidence for this pair (bits)");
    let describes = lang.pick(
        format!("合计 {} 比特，是同一人的概率 {percent}。", bits(f64::from(pair.bits))),
        format!(
            "{} bits in sum, the probability of one person is {percent}.",
            bits(f64::from(pair.bits))
        ),
    );
    let mut svg = Svg::new("waterfall", TOP + rows(steps.len() + 2) + 8.0, title, &describes);
    let (lowest, highest) = range(pair, &steps);
    let x = |at: f64| LEFT + (at - lowest) / (highest - lowest) * (RIGHT - LEFT);
    svg.line((x(0.0), TOP), (x(0.0), TOP + rows(steps.len() + 1)), true);
    let mut sum = 0.0;
    for (row, (label, step)) in steps.iter().enumerate() {
        let y = TOP + rows(row);
        svg.text((LEFT - 60.0, y + 15.0), Anchor::End, &shortened(label, 30));
        svg.text((LEFT - 14.0, y + 15.0), Anchor::End, &bits(*step));
        let fill = if *step < 0.0 { Fill::Against } else { Fill::For };
        svg.bar((x(sum), y + 4.0), (x(sum + step) - x(sum), 14.0), fill);
        sum += step;
        svg.line((x(sum), y + 4.0), (x(sum), y + 26.0), false);
    }
    let y = TOP + rows(steps.len());
    svg.text((LEFT - 60.0, y + 15.0), Anchor::End, lang.pick("合计", "sum"));
    svg.text((LEFT - 14.0, y + 15.0), Anchor::End, &bits(f64::from(pair.bits)));
    svg.bar((x(0.0), y + 4.0), (x(f64::from(pair.bits)) - x(0.0), 14.0), Fill::Sum);
    let probability = lang.pick(format!("概率 {percent}"), format!("probability {percent}"));
    svg.text((WIDTH, y + 37.0), Anchor::End, &probability);
    svg.finish()
}

/// Labels and bits in the order drawn. Values that are missing weigh nothing and are left out.
fn steps(pair: &Waterfall, lang: Lang) -> Vec<(String, f64)> {
    let mut fields: Vec<&FieldBits> =
        pair.fields.iter().filter(|field| field.level.is_some()).collect();
    fields.sort_by(|a, b| b.bits.abs().total_cmp(&a.bits.abs()));
    let prior = (lang.pick("先验", "prior").to_owned(), f64::from(pair.prior_bits));
    let mut steps = vec![prior];
    steps.extend(fields.into_iter().map(|field| {
        let level = level_word(field.level.as_deref().unwrap_or_default(), lang);
        let contained = if field.contained {
            lang.pick("（已含在别处）", " (in another field)")
        } else {
            ""
        };
        let label = format!("{} {level}{contained}", field_word(&field.field, lang));
        (label, f64::from(field.bits))
    }));
    if pair.family_bits < 0.0 {
        let family = lang.pick("可能是兄弟姐妹", "may be siblings").to_owned();
        steps.push((family, f64::from(pair.family_bits)));
    }
    steps
}

/// The least and the greatest sum on the way, 0 among them.
fn range(pair: &Waterfall, steps: &[(String, f64)]) -> (f64, f64) {
    let sums = steps.iter().scan(0.0, |sum, (_, bits)| {
        *sum += bits;
        Some(*sum)
    });
    let (low, high) = sums
        .chain([f64::from(pair.bits)])
        .fold((0.0_f64, 0.0_f64), |(low, high), at| (low.min(at), high.max(at)));
    if high - low < 1.0 { (low, low + 1.0) } else { (low, high) }
}
