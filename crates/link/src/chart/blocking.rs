//! How many pairs each blocking rule gives.

use crate::BlockReport;

use super::{
    Lang,
    svg::{Bar, Fill, Svg, TOP, bars, count, float, rows},
};

/// Pairs of each rule; a rule with keys that were left out is striped and says so.
pub fn blocking(blocks: &[BlockReport], lang: Lang) -> String {
    let most = blocks.iter().map(|block| block.n_pairs).max().unwrap_or_default().max(1);
    let n_pairs: u64 = blocks.iter().map(|block| block.n_pairs).sum();
    let n_capped = blocks.iter().filter(|block| block.capped.n_keys > 0).count();
    let (n, pairs) = (blocks.len(), count(n_pairs));
    let title = lang.pick("各分组规则给出的对数", "Pairs given by each blocking rule");
    let describes = lang.pick(
        format!("{n} 条规则共 {pairs} 对（同一对可由几条规则给出）；{n_capped} 条规则有过热的键被略过（斜纹）。"),
        format!("{n} rules give {pairs} pairs (a pair may come from several); {n_capped} rules left hot keys out (striped)."),
    );
    let mut svg = Svg::new("blocking", TOP + rows(n) + 8.0, title, &describes);
    let bar = |block: &BlockReport| {
        let capped = match block.capped.n_keys {
            0 => String::new(),
            keys => lang.pick(
                format!("，略过 {} 键", count(keys)),
                format!(", {} keys left out", count(keys)),
            ),
        };
        Bar {
            label: block.name.clone(),
            share: float(block.n_pairs) / float(most),
            value: format!("{}{capped}", count(block.n_pairs)),
            fill: if block.capped.n_keys > 0 { Fill::Against } else { Fill::For },
        }
    };
    bars(&mut svg, &blocks.iter().map(bar).collect::<Vec<_>>());
    svg.finish()
}
