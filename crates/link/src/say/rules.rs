//! Blocking rules in sentences.

use super::{Lang, percent};
use crate::{BlockingRecall, RuleRecall};

/// What each rule reaches, what only it reaches, what hot keys cost, and what all rules together miss.
pub fn blocking(recall: &BlockingRecall, lang: Lang) -> String {
    let mut lines: Vec<String> = recall.rules.iter().map(|rule| line(rule, lang)).collect();
    lines.push(missed(recall, lang));
    lines.join("\n")
}

fn line(rule: &RuleRecall, lang: Lang) -> String {
    let (name, share, only) =
        (&rule.name, percent(rule.share, lang), percent(rule.only_share, lang));
    let mut line = lang.pick(
        format!("规则“{name}”找到了应归在一起的记录对的 {share}，只有它找得到的占 {only}。"),
        format!("Rule `{name}` reaches {share} of the matches; {only} are reached by it alone."),
    );
    if rule.capped.n_keys > 0 {
        let (keys, rows) = (rule.capped.n_keys, rule.capped.n_rows);
        line.push_str(&lang.pick(
            format!("有 {keys} 个值太常见（共 {rows} 行），没有用它们配对，因此少找到约 {:.0} 对。", rule.hot),
            format!(
                " {keys} of its keys are too frequent ({rows} rows) and were left out, which cost about {:.0} pairs.",
                rule.hot
            ),
        ));
    }
    line
}

fn missed(recall: &BlockingRecall, lang: Lang) -> String {
    let (Some(share), Some(total)) = (recall.recall, recall.total) else {
        return lang
            .pick(
                "各规则看的列互相重叠，无法估计漏掉多少。",
                "The rules look at the same columns, so what they miss cannot be estimated.",
            )
            .to_owned();
    };
    let [low, high] = [share.low, share.high].map(|share| percent(share, lang));
    let missed = (total.value - recall.reached).max(0.0);
    let rules = super::list(&recall.independent, lang);
    lang.pick(
        format!(
            "全部规则合起来约漏掉 {missed:.0} 对，找到的占 {low} 到 {high}。这是把看不同列的规则（{rules}）当作互不相干来估的；一条规则容易找到的往往别的规则也容易找到，所以实际漏掉的可能更多。"
        ),
        format!(
            "All rules together miss about {missed:.0} pairs; they reach {low} to {high}. This takes rules that look at different columns ({rules}) as independent; what one of them reaches easily the others often do too, so more may be missed."
        ),
    )
}
