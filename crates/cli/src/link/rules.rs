//! What blocking rules reach, in sentences.

use baoxue_link::{BlockingRecall, say};

use crate::lang::Lang;

use super::page::words;

/// Each rule, what all of them miss, and what only other rows have brought together.
pub(super) fn told(recall: &BlockingRecall, lang: Lang) -> Vec<String> {
    let mut lines: Vec<String> =
        say::blocking(recall, words(lang)).lines().map(str::to_owned).collect();
    if recall.total.is_none() && recall.independent.len() > 1 {
        let rules = recall.independent.join(lang.pick("、", ", "));
        lines.pop();
        lines.push(lang.pick(
            format!("看不同列的规则（{rules}）并非互不相干，漏掉多少估不出来。"),
            format!("Rules that look at different columns ({rules}) are not independent, so what they miss cannot be estimated."),
        ));
    }
    if recall.unreached > 0.0 {
        let most = recall.reached / (recall.reached + recall.unreached) * 100.0;
        let n = recall.unreached;
        lines.push(lang.pick(
            format!("另有 {n:.0} 对没有一条规则直接找到，是靠别的记录或人工归到一起的；各规则直接找到的因此不会超过 {most:.1}%。"),
            format!("{n:.0} pairs were reached by no rule and joined by way of other records or by people; so the rules themselves reach {most:.1}% at most."),
        ));
    }
    lines
}
