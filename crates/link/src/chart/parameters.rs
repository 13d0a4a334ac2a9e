//! How often each level occurs for one person, for strangers, for brothers and sisters.

use crate::{Level, Model};

use super::{
    Lang, field_word, level_word,
    svg::{Anchor, Fill, Svg, TOP, WIDTH, rows},
};

/// Where the three columns of bars begin, and how wide each is.
const COLUMNS: [f64; 3] = [250.0, 410.0, 570.0];
const ROOM: f64 = 90.0;
/// The rarest outcome that has a bar: its length is the number of powers of ten above this.
const RAREST: f64 = 1e-9;

/// The model's probabilities: m (one person), u (strangers) and, where the model has it, family (brothers and
/// sisters), on a logarithmic scale.
pub fn parameters(model: &Model, lang: Lang) -> String {
    let n_rows = model.fields.iter().map(|field| field.levels.len() + 1).sum::<usize>() + 1;
    let title =
        lang.pick("m、u 与家庭概率（对数刻度）", "m, u and family probabilities (log scale)");
    let describes = lang.pick(
        "每一等级在同一人（m，蓝）、无关的人（u，橙、斜纹）和兄弟姐妹（点纹）之间出现的概率；没有家庭值的等级与无关的人相同。",
        "How often each level occurs for one person (m, blue), strangers (u, orange, striped) and brothers and sisters (dotted); a level without a family value has that of strangers.",
    );
    let mut svg = Svg::new("parameters", TOP + rows(n_rows) + 8.0, title, describes);
    let heads = lang
        .pick(["同一人 m", "无关的人 u", "兄弟姐妹"], ["one person m", "strangers u", "siblings"]);
    for (x, head) in COLUMNS.into_iter().zip(heads) {
        svg.note((x, TOP + 15.0), Anchor::Start, head);
    }
    let mut row = 1;
    for field in &model.fields {
        let y = TOP + rows(row);
        svg.text((0.0, y + 15.0), Anchor::Start, field_word(&field.name, lang));
        svg.line((0.0, y), (WIDTH, y), false);
        row += 1;
        for level in &field.levels {
            let y = TOP + rows(row);
            svg.note((COLUMNS[0] - 10.0, y + 15.0), Anchor::End, level_word(&level.name, lang));
            probabilities(&mut svg, level, y);
            row += 1;
        }
    }
    svg.finish()
}

fn probabilities(svg: &mut Svg, level: &Level, y: f64) {
    let shown =
        [(Some(level.m), Fill::For), (Some(level.u), Fill::Against), (level.family, Fill::Third)];
    for (x, (probability, fill)) in COLUMNS.into_iter().zip(shown) {
        let Some(probability) = probability else { continue };
        let share = ((probability / RAREST).log10() / -RAREST.log10()).clamp(0.01, 1.0);
        svg.bar((x, y + 5.0), (share * ROOM, 12.0), fill);
        svg.text((x + share * ROOM + 4.0, y + 15.0), Anchor::Start, &number(probability));
    }
}

fn number(probability: f64) -> String {
    if probability >= 0.001 { format!("{probability:.3}") } else { format!("{probability:.1e}") }
}
