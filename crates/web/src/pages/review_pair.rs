//! How a pair of rows is drawn: the table with differences marked, and why it is a question.

use baoxue_claim::Record;
use baoxue_flow::{
    County, PairField, PairLine, QueuedPair, QueuedRow, ReviewReason, Waterfall, evidence_steps,
    pair_lines,
};

use crate::{
    display::{child_key, record_key, source_word},
    i18n::Lang,
};

/// Bits below which a field speaks neither for nor against.
const SILENT: f32 = 0.3;

/// A piece of a text and whether the other row differs there.
pub(crate) type Piece = (bool, String);

/// A line of the table.
pub(crate) struct Line {
    pub(crate) field: String,
    pub(crate) cells: [Vec<Piece>; 2],
    pub(crate) class: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) word: String,
}

/// The head of a column: whose row it is and where it stands.
pub(crate) struct Column {
    pub(crate) source: String,
    pub(crate) file: String,
    pub(crate) place: String,
    /// Address of the row as it came; empty where it belongs to no child of the ledger.
    pub(crate) href: String,
}

/// The evidence as a chart and as a table.
pub(crate) struct Evidence {
    pub(crate) steps: Vec<(String, String)>,
    pub(crate) sum: String,
    pub(crate) json: String,
    pub(crate) sentence: String,
}

pub(crate) fn columns(queued: &QueuedPair, records: [&Record; 2], lang: Lang) -> Vec<Column> {
    let column = |(row, record): (&QueuedRow, &Record)| Column {
        source: source_word(row.source, lang),
        file: record.origin.file.to_string(),
        place: lang.with(
            "pair-place",
            &[
                ("sheet", record.origin.sheet.to_string().into()),
                ("row", record.origin.row.to_string().into()),
            ],
        ),
        href: row.child.map_or_else(String::new, |child| {
            format!("/children/{}/claims/{}", child_key(child), record_key(row.record))
        }),
    };
    queued.rows.iter().zip(records).map(column).collect()
}

pub(crate) fn lines(
    records: [&Record; 2],
    why: Option<&Waterfall>,
    county: &County,
    lang: Lang,
) -> Vec<Line> {
    pair_lines(records, why, county).iter().map(|line| drawn(line, lang)).collect()
}

fn drawn(line: &PairLine, lang: Lang) -> Line {
    let field = lang.t(match line.field {
        PairField::Name => "pair-name",
        PairField::Sex => "pair-sex",
        PairField::Birth => "pair-birth",
        PairField::Id => "pair-id",
        PairField::StudentNumber => "pair-student-number",
        PairField::Guardian => "pair-guardian",
        PairField::Home => "pair-home",
        PairField::School => "pair-school",
        PairField::Phone => "pair-phone",
    });
    let [one, other] = &line.texts;
    let missing = one.is_empty() || other.is_empty();
    let (class, icon, word) = match &line.compared {
        _ if missing => ("z", "circle-dashed", lang.t("pair-missing")),
        Some(compared) => {
            let word = lang.pick(&compared.zh, &compared.en).to_owned();
            match compared.bits {
                bits if bits >= SILENT => ("p", "circle-check", word),
                bits if bits <= -SILENT => ("m", "alert-triangle", word),
                _ => ("z", "circle-dashed", word),
            }
        }
        None if one == other => ("p", "circle-check", lang.t("pair-equal")),
        None => ("m", "alert-triangle", lang.t("pair-unlike")),
    };
    let cells = if missing {
        [vec![(false, one.clone())], vec![(false, other.clone())]]
    } else {
        [pieces(one, other), pieces(other, one)]
    };
    Line { field, cells, class, icon, word }
}

/// A text in pieces: what stands between the beginning and the end that both share is marked.
fn pieces(text: &str, other: &str) -> Vec<Piece> {
    let (text, other): (Vec<char>, Vec<char>) = (text.chars().collect(), other.chars().collect());
    let same = |pairs: &mut dyn Iterator<Item = (&char, &char)>| {
        pairs.take_while(|(one, other)| one == other).count()
    };
    let begin = same(&mut text.iter().zip(&other));
    let most = text.len().min(other.len()) - begin;
    let end = same(&mut text.iter().rev().zip(other.iter().rev())).min(most);
    let middle = begin..text.len() - end;
    let parts =
        [(false, &text[..begin]), (true, &text[middle.clone()]), (false, &text[middle.end..])];
    let parts = parts.into_iter().filter(|(_, part)| !part.is_empty());
    parts.map(|(marked, part)| (marked, part.iter().collect())).collect()
}

pub(crate) fn evidence(why: &Waterfall, lang: Lang) -> Evidence {
    let steps = evidence_steps(why, lang == Lang::Zh);
    let shown = |bits: f32| format!("{bits:+.1}");
    let chart: Vec<_> = steps
        .iter()
        .map(|(label, bits)| serde_json::json!({ "label": label, "value": bits }))
        .collect();
    let json = serde_json::json!({ "steps": chart, "sum": lang.t("pair-sum") }).to_string();
    let steps: Vec<(String, String)> =
        steps.into_iter().map(|(label, bits)| (label, shown(bits))).collect();
    let words: Vec<String> = steps.iter().map(|(label, bits)| format!("{label} {bits}")).collect();
    Evidence {
        sentence: words.join(&lang.t("comma")),
        sum: shown(why.bits),
        // Nothing in it may end the element that it stands in.
        json: json.replace('<', "\\u003c"),
        steps,
    }
}

/// Where a probability stands on a bar of 300.
pub(crate) fn of_bar(probability: f32) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a probability is between 0 and 1"
    )]
    let at = (probability.clamp(0.0, 1.0) * 300.0).round() as u32;
    at
}

/// A probability as lists show it: nothing is certain that a person is asked about.
pub(crate) fn percent(probability: f32) -> String {
    if probability > 0.995 { ">99%".to_owned() } else { format!("{:.0}%", probability * 100.0) }
}

/// Why a person is asked: key of the words.
pub(crate) const fn reason_key(reason: ReviewReason) -> &'static str {
    match reason {
        ReviewReason::Unsure => "pair-unsure",
        ReviewReason::ReviewOnly => "pair-review-only",
        ReviewReason::TwoIdentities => "pair-two-identities",
        ReviewReason::SameSource => "pair-same-source",
        ReviewReason::WeakBridge => "pair-weak-bridge",
    }
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn only_what_differs_is_marked() {
        let check = |one: &str, other: &str, marked: &str| {
            let told: String = pieces(one, other)
                .into_iter()
                .map(|(marked, text)| if marked { format!("[{text}]") } else { text })
                .collect();
            assert_eq!(told, marked, "{one} {other}");
        };
        check("李雨彤", "李雨桐", "李雨[彤]");
        check("2015-06-21", "2015-06-12", "2015-06-[21]");
        check("大河镇双河村二组", "大河镇东岭村", "大河镇[双河村二组]");
        check("张三", "张三", "张三");
        check("张三三", "张三", "张三[三]");
        check("张三", "张三三", "张三");
        check("𠮷田", "吉田", "[𠮷]田");
    }
}
