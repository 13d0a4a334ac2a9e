//! The evidence for a pair in one sentence.

use baoxue_link::{FieldBits, Waterfall, chart};

use crate::lang::Lang;

/// For charts the language has a type of its own.
pub(super) const fn chart_lang(lang: Lang) -> chart::Lang {
    match lang {
        Lang::Zh => chart::Lang::Zh,
        Lang::En => chart::Lang::En,
    }
}

/// What speaks for, what against, and what follows from it.
pub(super) fn sentence(
    pair: &Waterfall,
    (join_bits, review_bits): (f32, f32),
    lang: Lang,
) -> String {
    let percent = format!("{:.2} %", f64::from(pair.probability) * 100.0);
    let (for_, against) = (named(pair, true, lang), named(pair, false, lang));
    let verdict = if pair.bits >= join_bits {
        lang.pick("归为同一人", "they are joined")
    } else if pair.bits >= review_bits {
        lang.pick("交人工核对", "a person should look")
    } else {
        lang.pick("不归为同一人", "they are left apart")
    };
    let family = pair.family_bits < -1.0;
    match lang {
        Lang::Zh => {
            let family = if family { "；也可能是兄弟姐妹" } else { "" };
            format!(
                "支持的有：{for_}；反对的有：{against}{family}。合计 {:.1} 比特，是同一人的概率 {percent}：{verdict}。",
                pair.bits
            )
        }
        Lang::En => {
            let family = if family { "; they may be siblings" } else { "" };
            format!(
                "For: {for_}; against: {against}{family}. In sum {:.1} bits, the probability of one person is {percent}: {verdict}.",
                pair.bits
            )
        }
    }
}

/// Fields on one side, the strongest first.
fn named(pair: &Waterfall, is_for: bool, lang: Lang) -> String {
    let side = |field: &&FieldBits| if is_for { field.bits > 0.05 } else { field.bits < -0.05 };
    let mut fields: Vec<&FieldBits> = pair.fields.iter().filter(side).collect();
    fields.sort_by(|a, b| b.bits.abs().total_cmp(&a.bits.abs()));
    let words = fields.iter().map(|field| {
        let lang = chart_lang(lang);
        let level = chart::level_word(field.level.as_deref().unwrap_or_default(), lang);
        format!("{} {level}（{:+.1}）", chart::field_word(&field.field, lang), field.bits)
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() {
        return lang.pick("无", "nothing").to_owned();
    }
    let joined = words.join(lang.pick("，", ", "));
    if lang == Lang::En { joined.replace('（', " (").replace('）', ")") } else { joined }
}
