//! How values stand on a page.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use baoxue_claim::{Birth, ChildId, RecordId, Sex, Source};
use baoxue_determine::Seat;
use baoxue_flow::{Entry, Kind, STRIP, Said};
use chrono::{Datelike, NaiveDate};

use crate::{i18n::Lang, trouble::Trouble};

/// Renders a page.
pub(crate) fn html(page: &impl Template) -> Result<Response, Trouble> {
    Ok(Html(page.render()?).into_response())
}

/// The name of a child, or that there is none.
pub(crate) fn name_of(entry: &Entry, lang: Lang) -> String {
    entry.name.as_deref().map_or_else(|| lang.t("no-name"), str::to_owned)
}

/// How a status is drawn: class, icon and key of its word (design §5).
pub(crate) const fn status_look(kind: Kind) -> (&'static str, &'static str, &'static str) {
    match kind {
        Kind::Out => ("st-out", "circle-x", "status-out"),
        Kind::Suspected => ("st-sus", "alert-triangle", "status-sus"),
        Kind::Conflict => ("st-con", "arrows-split-2", "status-con"),
        Kind::Unverified => ("st-unk", "help-circle", "status-unk"),
        Kind::Excepted => ("st-ex", "shield-check", "status-ex"),
        Kind::InSchool => ("st-in", "circle-check", "status-in"),
        Kind::Gone => ("st-closed", "archive", "status-gone"),
    }
}

/// A status as drawn.
#[derive(Clone, Debug)]
pub(crate) struct Status {
    pub(crate) class: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) word: String,
}

impl Status {
    pub(crate) fn of(kind: Kind, lang: Lang) -> Self {
        let (class, icon, key) = status_look(kind);
        Self { class, icon, word: lang.t(key) }
    }

    /// The status of a child: its colour by kind, its word by code, since "lawful exception" alone says too little.
    pub(crate) fn of_entry(entry: &Entry, lang: Lang) -> Self {
        let word = lang.pick(entry.code.zh(), entry.code.en()).to_owned();
        Self { word, ..Self::of(entry.kind(), lang) }
    }
}

/// One cell of the strip of sources.
#[derive(Clone, Debug)]
pub(crate) struct StripView {
    pub(crate) glyph: &'static str,
    pub(crate) class: &'static str,
    pub(crate) title: String,
}

/// The strip with the sentence that a screen reader says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Strip {
    pub(crate) cells: Vec<StripView>,
    pub(crate) sentence: String,
}

/// Keys of the names of the strip's sources, in its order.
pub(crate) const STRIP_KEYS: [&str; 8] =
    ["hukou", "xueji", "zhen", "xiao", "fu", "can", "du", "ju"];

/// What a source of the strip is called, by its place.
pub(crate) fn strip_word(at: usize, lang: Lang) -> String {
    STRIP_KEYS.get(at).map(|key| lang.t(&format!("strip-{key}"))).unwrap_or_default()
}

/// The key of two sources of the strip in addresses.
pub(crate) fn pair_key((one, other): (usize, usize)) -> String {
    let key = |at: usize| STRIP_KEYS.get(at).copied().unwrap_or_default();
    format!("{}-{}", key(one), key(other))
}

/// The two sources of a key.
pub(crate) fn pair_of(key: &str) -> Option<(usize, usize)> {
    let at = |key: &str| STRIP_KEYS.iter().position(|known| *known == key);
    let (one, other) = key.split_once('-')?;
    Some((at(one)?, at(other)?))
}

impl Strip {
    pub(crate) fn of(entry: &Entry, lang: Lang) -> Self {
        let cells: Vec<StripView> = STRIP
            .iter()
            .zip(STRIP_KEYS)
            .zip(&entry.strip)
            .map(|(((glyph, _), key), cell)| {
                let (class, says) = match (cell.said, cell.old) {
                    (Said::In, false) => ("y", "says-in"),
                    (Said::In, true) => ("y old", "says-in"),
                    (Said::Out, false) => ("n", "says-out"),
                    (Said::Out, true) => ("n old", "says-out"),
                    (Said::Excused, false) => ("e", "says-excused"),
                    (Said::Excused, true) => ("e old", "says-excused"),
                    (Said::Nothing, _) => ("o", "says-nothing"),
                };
                let source = lang.t(&format!("strip-{key}"));
                // A population register knows the child; it does not say that it is in school.
                let says =
                    if key == "hukou" && cell.said == Said::In { "says-listed" } else { says };
                let old = if cell.old { lang.t("says-old") } else { String::new() };
                let title = format!("{source}{}{}{old}", lang.t("colon"), lang.t(says));
                StripView { glyph, class, title }
            })
            .collect();
        let comma = lang.t("comma");
        let sentence = cells.iter().map(|c| c.title.as_str()).collect::<Vec<_>>().join(&comma);
        Self { cells, sentence }
    }
}

/// The id of a child in addresses.
pub(crate) fn child_key(child: ChildId) -> String {
    let record = RecordId(child.0);
    format!("c_{}-{}", record.batch().0, record.ordinal())
}

/// The child of a key.
pub(crate) fn child_of(key: &str) -> Option<ChildId> {
    let (batch, ordinal) = key.strip_prefix("c_")?.split_once('-')?;
    let batch = baoxue_claim::BatchId(batch.parse().ok()?);
    Some(ChildId(RecordId::new(batch, ordinal.parse().ok()?).0))
}

/// The key of a row in addresses.
pub(crate) fn record_key(record: RecordId) -> String {
    format!("{}-{}", record.batch().0, record.ordinal())
}

/// The row of a key.
pub(crate) fn record_of(key: &str) -> Option<RecordId> {
    let (batch, ordinal) = key.split_once('-')?;
    Some(RecordId::new(baoxue_claim::BatchId(batch.parse().ok()?), ordinal.parse().ok()?))
}

/// A day in a sentence: without the year when it is this year's.
pub(crate) fn day(day: NaiveDate, today: NaiveDate, lang: Lang) -> String {
    if day.year() != today.year() {
        return day.format("%Y-%m-%d").to_string();
    }
    match lang {
        Lang::Zh => format!("{} 月 {} 日", day.month(), day.day()),
        Lang::En => day.format("%-d %b").to_string(),
    }
}

/// A moment as lists show it, by the clock of China.
pub(crate) fn moment(at: chrono::DateTime<chrono::Utc>) -> String {
    at.with_timezone(&china()).format("%Y-%m-%d %H:%M").to_string()
}

/// China has one time, eight hours before Greenwich.
pub(crate) fn china() -> chrono::FixedOffset {
    const EAST_SECONDS: i32 = 8 * 3600;
    chrono::FixedOffset::east_opt(EAST_SECONDS).unwrap_or_else(|| chrono::Offset::fix(&chrono::Utc))
}

/// Thousands with commas.
pub(crate) fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Whole years on a day; of a birth known by month or year only, the years that the earliest day gives.
pub(crate) fn age(birth: Birth, on: NaiveDate) -> Option<u32> {
    on.years_since(birth.earliest())
}

/// Key of the word for a sex.
pub(crate) const fn sex_key(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "male",
        Sex::Female => "female",
    }
}

/// What a source is called.
pub(crate) fn source_word(source: Source, lang: Lang) -> String {
    match lang {
        Lang::Zh => source.zh().to_owned(),
        Lang::En => capital(&source.name().replace('_', " ")),
    }
}

/// What a seat is called.
pub(crate) fn seat_word(seat: Seat, lang: Lang) -> String {
    lang.pick(seat.zh(), seat.en()).to_owned()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    first + chars.as_str()
}

/// The name of a column as spreadsheets write it: A, B, …, Z, AA.
pub(crate) fn column_letter(at: usize) -> String {
    let mut rest = at + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Numbers of persons and telephones inside a text, covered in the middle (T-23): a cell as found may hold both, and so may
/// whatever somebody typed. Words of custody or an offence are shown on no page.
pub(crate) fn covered(text: &str, lang: Lang) -> String {
    unless_sealed(text, lang).unwrap_or_else(|| baoxue_report::masked_text(text))
}

/// What stands for a text of custody or an offence; `None` when it is none.
pub(crate) fn unless_sealed(text: &str, lang: Lang) -> Option<String> {
    baoxue_claim::names_sealed(text).then(|| lang.t("cell-hidden"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_a_cell_are_covered() {
        let check = |text: &str, shown: &str| assert_eq!(covered(text, Lang::Zh), shown);
        check("被公安机关关押", "（不显示）");
        assert_eq!(covered("被公安机关关押", Lang::En), "(not shown)");
        check("61090220080908001X，电话13891231234", "610902********001X，电话138****1234");
        check("2019年3月 12组", "2019年3月 12组");
        check("G610902200809080018", "G610902********0018");
    }

    #[test]
    fn columns_are_lettered_as_in_spreadsheets() {
        let told = [0, 25, 26, 51, 52, 701, 702].map(column_letter);
        assert_eq!(told, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn thousands_are_parted() {
        let told: Vec<String> = [0, 999, 1000, 68412, 1_234_567].map(thousands).into();
        assert_eq!(told, ["0", "999", "1,000", "68,412", "1,234,567"]);
    }

    #[test]
    fn keys_of_pairs_come_back() {
        assert_eq!(pair_of(&pair_key((1, 3))), Some((1, 3)));
        for key in ["", "xueji", "xueji-", "xueji-nobody", "-"] {
            assert_eq!(pair_of(key), None, "{key}");
        }
    }

    #[test]
    fn keys_of_children_come_back() {
        let child = ChildId::from(RecordId::new(baoxue_claim::BatchId(7), 42));
        assert_eq!(child_of(&child_key(child)), Some(child));
        for key in ["", "c_", "c_7", "7-42", "c_x-1", "c_7-42-1", "c_-1-2"] {
            assert_eq!(child_of(key), None, "{key}");
        }
    }
}
