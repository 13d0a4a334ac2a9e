//! Two rows in sentences.

use super::{Lang, field_word, level_word, list, percent};
use crate::{FieldBits, Model, Waterfall};

/// Weights below this many bits say nothing.
const SILENT: f32 = 0.3;

/// What speaks for and against two rows being one person, how strongly, what was left out, and what follows. `waterfall`
/// comes from [`explain`](crate::explain) with this model.
pub fn pair(waterfall: &Waterfall, model: &Model, lang: Lang) -> String {
    let mut parts = Vec::new();
    let mut add = |zh: &str, en: &str, words: Vec<String>| {
        if !words.is_empty() {
            parts.push(format!("{}{}", lang.pick(zh, en), list(&words, lang)));
        }
    };
    add("支持是同一人的：", "For one person: ", side(waterfall, true, lang));
    add("反对的：", "Against: ", side(waterfall, false, lang));
    add(
        "没有比较的（有一方没填，或两者说不上话）：",
        "Not compared (missing): ",
        missing(waterfall, lang),
    );
    add("没有另计的：", "Not counted again: ", contained(waterfall, model, lang));
    if let Some(words) = family(waterfall, model, lang) {
        parts.push(words.to_owned());
    }
    parts.push(verdict(waterfall, model, lang));
    let sentences = parts.join(lang.pick("。", ". "));
    format!("{sentences}{}", lang.pick("。", "."))
}

/// Fields on one side, the strongest first.
fn side(waterfall: &Waterfall, is_for: bool, lang: Lang) -> Vec<String> {
    let sign = if is_for { 1.0 } else { -1.0 };
    let speaks = |field: &&FieldBits| field.bits * sign >= SILENT;
    let mut fields: Vec<&FieldBits> = waterfall.fields.iter().filter(speaks).collect();
    fields.sort_by(|a, b| b.bits.abs().total_cmp(&a.bits.abs()));
    let word = |field: &&FieldBits| {
        let name = field_word(&field.field, lang);
        let level = level_word(field.level.as_deref().unwrap_or_default(), lang);
        let strength = strength(field.bits.abs(), lang);
        lang.pick(format!("{name}（{level}，{strength}）"), format!("{name} ({level}, {strength})"))
    };
    fields.iter().map(word).collect()
}

/// How strongly in words: a step is a factor of about 30 and more in the odds.
pub(super) fn strength(bits: f32, lang: Lang) -> &'static str {
    match bits {
        10.0.. => lang.pick("极有力", "very strong"),
        5.0.. => lang.pick("很有力", "strong"),
        2.0.. => lang.pick("有些分量", "fair"),
        _ => lang.pick("分量轻", "slight"),
    }
}

fn missing(waterfall: &Waterfall, lang: Lang) -> Vec<String> {
    let fields = waterfall.fields.iter().filter(|field| field.level.is_none());
    fields.map(|field| field_word(&field.field, lang).to_owned()).collect()
}

/// Fields whose evidence another field contains, with that field.
fn contained(waterfall: &Waterfall, model: &Model, lang: Lang) -> Vec<String> {
    let level_of = |name: &str| {
        let field = waterfall.fields.iter().find(|field| field.field == name)?;
        field.level.as_deref()
    };
    let word = |field: &FieldBits| {
        let name = field_word(&field.field, lang);
        let of = model.fields.iter().find(|other| other.name == field.field)?;
        let container = of.contained_in.iter().find(|containment| {
            let level = level_of(&containment.field);
            level.is_some_and(|level| containment.levels.iter().any(|name| name == level))
        })?;
        let other = field_word(&container.field, lang);
        Some(
            lang.pick(format!("{name}（{other}里已含）"), format!("{name} (contained in {other})")),
        )
    };
    let fields = waterfall.fields.iter().filter(|field| field.contained);
    fields.filter_map(word).collect()
}

/// What relatives have to do with it.
fn family(waterfall: &Waterfall, model: &Model, lang: Lang) -> Option<&'static str> {
    if model.prior.relatives_per_record <= 0.0 {
        return None;
    }
    let is_joined = waterfall.bits >= model.thresholds.join_bits;
    Some(match -waterfall.family_bits {
        1.0.. if is_joined => lang.pick(
            "已考虑两人是兄弟姐妹或双胞胎的可能，证据仍然够",
            "That they are brothers, sisters or twins was considered; the evidence still suffices",
        ),
        1.0.. => lang.pick(
            "这些相同之处也可能因为两人是兄弟姐妹或双胞胎，把握因此减少",
            "They may be brothers, sisters or twins; that takes away from it",
        ),
        _ => lang.pick(
            "已考虑两人是兄弟姐妹的可能，影响不大",
            "That they are brothers or sisters was considered; it matters little",
        ),
    })
}

fn verdict(waterfall: &Waterfall, model: &Model, lang: Lang) -> String {
    let thresholds = model.thresholds;
    let verdict = if waterfall.bits >= thresholds.join_bits {
        lang.pick("够得上归为同一人", "that is enough to join them")
    } else if waterfall.bits >= thresholds.review_bits {
        lang.pick("拿不准，要由人来看", "a person should look")
    } else {
        lang.pick("不归为同一人", "they are left apart")
    };
    let chance = percent(f64::from(waterfall.probability), lang);
    lang.pick(
        format!("总的看，是同一人的可能性为 {chance}，{verdict}"),
        format!("All in all they are one person with a chance of {chance}: {verdict}"),
    )
}
