//! What each level of each field weighs.

use crate::{FieldModel, Model};

use super::{
    Lang, field_word, level_word,
    svg::{Anchor, Fill, ROW, Svg, TOP, WIDTH, bits, rows},
};

const MIDDLE: f64 = 420.0;
/// Pixels left and right of the middle.
const ROOM: f64 = 190.0;

/// Match weights: for each field and level `log2(m / u)`, blue to the right for a match, orange to the left against.
pub fn weights(model: &Model, lang: Lang) -> String {
    let n_rows = model.fields.iter().map(|field| field.levels.len() + 1).sum::<usize>();
    let weight = |m: f64, u: f64| (m / u).log2();
    let all = model.fields.iter().flat_map(|field| &field.levels);
    let widest = all.map(|level| weight(level.m, level.u).abs()).fold(1.0, f64::max);
    let n_fields = model.fields.len();
    let title = lang.pick("各字段各等级的权重（比特）", "Match weights by field and level (bits)");
    let describes = lang.pick(
        format!("{n_fields} 个字段。向右（蓝）支持是同一人，向左（橙、斜纹）反对。最大 {widest:.1} 比特。"),
        format!("{n_fields} fields. To the right (blue) speaks for one person, to the left (orange, striped) against. At most {widest:.1} bits."),
    );
    let mut svg = Svg::new("weights", TOP + rows(n_rows) + 8.0, title, &describes);
    let mut y = TOP;
    for field in &model.fields {
        heading(&mut svg, field, y, lang);
        y += ROW;
        for level in &field.levels {
            let weight = weight(level.m, level.u);
            let label = level_word(&level.name, lang);
            svg.note((MIDDLE - ROOM - 50.0, y + 15.0), Anchor::End, label);
            let fill = if weight < 0.0 { Fill::Against } else { Fill::For };
            let width = weight / widest * ROOM;
            svg.bar((MIDDLE, y + 4.0), (width, 14.0), fill);
            let (at, anchor) =
                if weight < 0.0 { (-6.0, Anchor::End) } else { (6.0, Anchor::Start) };
            svg.text((MIDDLE + width + at, y + 15.0), anchor, &bits(weight));
            y += ROW;
        }
    }
    svg.line((MIDDLE, TOP), (MIDDLE, y), false);
    svg.finish()
}

fn heading(svg: &mut Svg, field: &FieldModel, y: f64, lang: Lang) {
    svg.text((0.0, y + 15.0), Anchor::Start, field_word(&field.name, lang));
    svg.line((0.0, y), (WIDTH, y), false);
}
