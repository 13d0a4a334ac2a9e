//! What the data did not teach, told: a level that keeps its starting value may weigh too much or too little.

use baoxue_link::{Hypothesis, Untrained, chart, say};

use crate::lang::Lang;

/// Nothing is told of what was learnt.
pub(super) fn note(untrained: &[Untrained], lang: Lang) {
    for line in told(untrained, lang) {
        eprintln!("{}{line}", lang.pick("注意：", "note: "));
    }
}

/// A line for each hypothesis of which something was not learnt: fields with their levels.
pub(super) fn told(untrained: &[Untrained], lang: Lang) -> Vec<String> {
    let all = [Hypothesis::Same, Hypothesis::Strangers, Hypothesis::Family];
    let line = |of: Hypothesis| {
        let mut fields: Vec<(&str, Vec<&str>)> = Vec::new();
        for found in untrained.iter().filter(|found| found.of.contains(&of)) {
            match fields.last_mut() {
                Some((field, levels)) if *field == found.field => levels.push(&found.level),
                Some(_) | None => fields.push((&found.field, vec![&found.level])),
            }
        }
        let field = |(field, levels): &(&str, Vec<&str>)| {
            let levels = levels.join(lang.pick("、", ", "));
            lang.pick(format!("{field}（{levels}）"), format!("{field} ({levels})"))
        };
        let fields: Vec<String> = fields.iter().map(field).collect();
        let (who, fields) = (word(of, lang), fields.join(lang.pick("；", "; ")));
        (!fields.is_empty()).then(|| {
            lang.pick(
                format!("数据中学不到、用模型原有的值（{who}）：{fields}"),
                format!("not learnt from the data, the model's own value stands ({who}): {fields}"),
            )
        })
    };
    all.into_iter().filter_map(line).collect()
}

/// For the report: field, level, and of whom it was not learnt.
pub(super) fn row(found: &Untrained, (said, lang): (say::Lang, Lang)) -> Vec<String> {
    let of: Vec<&str> = found.of.iter().map(|of| word(*of, lang)).collect();
    vec![
        chart::field_word(&found.field, said).to_owned(),
        chart::level_word(&found.level, said).to_owned(),
        of.join(lang.pick("、", ", ")),
    ]
}

const fn word(of: Hypothesis, lang: Lang) -> &'static str {
    let (zh, en) = match of {
        Hypothesis::Same => ("同一人", "one person"),
        Hypothesis::Strangers => ("不相干的人", "strangers"),
        Hypothesis::Family => ("兄弟姐妹", "brothers and sisters"),
    };
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}
