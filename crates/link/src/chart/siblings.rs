//! How many clusters mix persons, and whether brothers and sisters are among them.

use serde::{Deserialize, Serialize};

use super::{
    Lang,
    svg::{Bar, Fill, Svg, TOP, bars, count, float, rows},
};

/// Clusters whose truth is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mixing {
    /// Clusters with one person.
    pub n_pure: u64,
    /// Clusters with several persons of one household.
    pub n_siblings: u64,
    /// Clusters with persons of several households.
    pub n_strangers: u64,
}

/// Sibling mixing: the clusters with several persons on a scale of their own, since they are few.
pub fn siblings(mixing: Mixing, lang: Lang) -> String {
    let n_mixed = mixing.n_siblings + mixing.n_strangers;
    let all = (mixing.n_pure + n_mixed).max(1);
    let per_10k = float(n_mixed) / float(all) * 10_000.0;
    let title = lang.pick("混有不同人的类", "Clusters that mix persons");
    let describes = lang.pick(
        format!(
            "{} 类中 {n_mixed} 类混有不同人（每万类 {per_10k:.1}），其中兄弟姐妹 {}。",
            count(all),
            mixing.n_siblings
        ),
        format!(
            "{n_mixed} of {} clusters mix persons ({per_10k:.1} in 10,000), {} of them siblings.",
            count(all),
            mixing.n_siblings
        ),
    );
    let mut svg = Svg::new("siblings", TOP + rows(2) + 8.0, title, &describes);
    let bar = |label: &str, n: u64, fill| Bar {
        label: label.to_owned(),
        share: float(n) / float(n_mixed.max(1)),
        value: lang.pick(
            format!("{} 类，每万类 {:.1}", count(n), float(n) / float(all) * 10_000.0),
            format!("{}, {:.1} in 10,000", count(n), float(n) / float(all) * 10_000.0),
        ),
        fill,
    };
    bars(
        &mut svg,
        &[
            bar(lang.pick("兄弟姐妹", "siblings"), mixing.n_siblings, Fill::Third),
            bar(lang.pick("无关的人", "strangers"), mixing.n_strangers, Fill::Against),
        ],
    );
    svg.finish()
}
