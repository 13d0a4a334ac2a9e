//! How many clusters have how many rows.

use std::collections::BTreeMap;

use super::{
    Lang,
    svg::{Bar, Fill, Svg, TOP, bars, count, float, rows},
};

/// Sizes from this one on stand together.
const LARGE: u64 = 10;

/// Cluster sizes. `sizes` has for each size the number of clusters that have it.
pub fn sizes(sizes: &BTreeMap<u64, u64>, lang: Lang) -> String {
    let mut shown: Vec<(String, u64)> = (1..LARGE)
        .map(|size| (size.to_string(), sizes.get(&size).copied().unwrap_or_default()))
        .collect();
    let large = sizes.range(LARGE..).map(|(_, n)| n).sum();
    shown.push((lang.pick(format!("{LARGE} 及以上"), format!("{LARGE} and more")), large));
    while shown.len() > 1 && shown.last().is_some_and(|(_, n)| *n == 0) {
        shown.pop();
    }
    let most = shown.iter().map(|(_, n)| *n).max().unwrap_or_default().max(1);
    let (n_clusters, largest) =
        (count(sizes.values().sum()), sizes.keys().last().copied().unwrap_or_default());
    let title = lang.pick("每类行数（类的个数）", "Rows per cluster (number of clusters)");
    let describes = lang.pick(
        format!("共 {n_clusters} 类，最大的一类有 {largest} 行。"),
        format!("{n_clusters} clusters, the largest has {largest} rows."),
    );
    let mut svg = Svg::new("sizes", TOP + rows(shown.len()) + 8.0, title, &describes);
    let bar = |(size, n): &(String, u64)| Bar {
        label: lang.pick(format!("{size} 行"), format!("{size} rows")),
        share: float(*n) / float(most),
        value: count(*n),
        fill: Fill::For,
    };
    bars(&mut svg, &shown.iter().map(bar).collect::<Vec<_>>());
    svg.finish()
}
