//! 对应字段: what each column means. What was answered before is remembered; what is not sure is asked.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use baoxue_claim::Source;
use baoxue_flow::{
    FlowError, Said,
    intray::{self, ColumnAnswer, ColumnView, Inspection, SheetAnswer, SheetView, Spelling, Told},
};

use super::{
    detect::{cell_text, what},
    own, rights,
    steps::{Step, steps},
};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{column_letter, html, source_word, thousands},
    door::Signed,
    forms::Posted,
    i18n::{Lang, number},
    trouble::Trouble,
};

/// The name of a meaning that takes nothing.
const UNUSED: &str = "unused";

struct Choice {
    value: &'static str,
    word: String,
    on: bool,
}

struct SpellingView {
    text: String,
    n: String,
    said: String,
}

struct ColumnLine {
    /// Name of the field of the form.
    field: String,
    letter: String,
    header: String,
    /// Class and icon of how sure it is, with the words for it.
    sure: (&'static str, &'static str, String),
    asked: Option<String>,
    choices: Vec<Choice>,
    samples: String,
}

struct TellingView {
    header: String,
    spellings: Vec<SpellingView>,
}

struct SheetMap {
    at: usize,
    what: String,
    summary: String,
    /// Which source it is, where that is asked.
    sources: Vec<Choice>,
    ignored: bool,
    columns: Vec<ColumnLine>,
    telling: Vec<TellingView>,
}

#[derive(Template)]
#[template(path = "import_map.html")]
struct MapPage {
    chrome: Chrome,
    steps: Vec<Step>,
    key: String,
    file: String,
    sheets: Vec<SheetMap>,
}

/// The columns of all sheets.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let upload = own(&app, &signed, &key).await?;
    let inspection = app.intray().inspection(&app, (&signed, &upload)).await?;
    let lang = Lang::of(&headers);
    let sheets = inspection.sheets.iter().enumerate();
    let sheets = sheets.filter(|(_, sheet)| !sheet.fingerprint.is_empty());
    html(&MapPage {
        steps: steps(&key, 2, lang),
        file: upload.name,
        sheets: sheets.map(|(at, sheet)| sheet_map(&signed, (at, sheet), lang)).collect(),
        key,
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Imports, &lang.t("step-map")),
    })
}

fn sheet_map(signed: &Signed, (at, sheet): (usize, &SheetView), lang: Lang) -> SheetMap {
    let asked = sheet.columns.iter().filter(|column| column.asked.is_some()).count();
    let values = [("all", number(sheet.columns.len())), ("n", number(asked))];
    let key = if sheet.remembered { "map-remembered" } else { "map-found" };
    let named = sheet.columns.iter().filter(|column| !column.header.is_empty());
    SheetMap {
        at,
        what: what(sheet, lang),
        summary: lang.with(key, &values),
        sources: if sheet.asked.is_some() { sources(signed, sheet, lang) } else { Vec::new() },
        ignored: ignored(sheet),
        columns: named.map(|column| column_line((at, sheet), column, lang)).collect(),
        telling: sheet.columns.iter().filter_map(|column| telling(column, lang)).collect(),
    }
}

/// A sheet with a known source and header of which nothing was read was left alone because somebody said so.
fn ignored(sheet: &SheetView) -> bool {
    let counts = &sheet.counts;
    sheet.source.is_some() && counts.untouched > 0 && counts.fresh + counts.known == 0
}

fn sources(signed: &Signed, sheet: &SheetView, lang: Lang) -> Vec<Choice> {
    let none = Choice { value: "", word: lang.t("source-unknown"), on: sheet.source.is_none() };
    let kinds = rights::kinds(signed).into_iter().map(|source| Choice {
        value: source.name(),
        word: source_word(source, lang),
        on: sheet.source == Some(source),
    });
    [none].into_iter().chain(kinds).collect()
}

fn column_line(
    (sheet_at, sheet): (usize, &SheetView),
    column: &ColumnView,
    lang: Lang,
) -> ColumnLine {
    let sure = match (column.asked.is_some(), column.answered, column.meaning) {
        (true, ..) => ("c-sus", "eye", lang.t("sure-asked")),
        (false, true, _) => ("c-in", "history", lang.t("sure-answered")),
        (false, false, Some(_)) => ("c-in", "circle-check", lang.t("sure-known")),
        (false, false, None) => ("muted", "circle-dashed", lang.t("sure-unused")),
    };
    let samples: Vec<String> = column.samples.iter().map(|s| cell_text(s, lang)).collect();
    let at = sheet.columns.iter().position(|other| other.index == column.index);
    ColumnLine {
        field: format!("m.{sheet_at}.{}", column.index),
        letter: column_letter(at.unwrap_or_default()),
        header: column.header.clone(),
        sure,
        asked: column
            .asked
            .clone()
            .map(|why| if lang == Lang::Zh { why } else { lang.t("column-asked") }),
        choices: choices(column, lang),
        samples: samples.join(&lang.t("comma")),
    }
}

/// All meanings, those that are likely first.
fn choices(column: &ColumnView, lang: Lang) -> Vec<Choice> {
    let now = column.meaning.unwrap_or(UNUSED);
    let all: Vec<&'static str> = intray::meanings().map(|meaning| meaning.name).collect();
    let mut names = column.candidates.clone();
    names.retain(|name| *name != UNUSED);
    names.extend(all.iter().filter(|name| **name != UNUSED && !column.candidates.contains(name)));
    let choice = |name: &'static str| Choice {
        value: name,
        word: lang.t(&format!("meaning-{}", name.replace('_', "-"))),
        on: name == now,
    };
    [UNUSED].into_iter().chain(names).map(choice).collect()
}

fn telling(column: &ColumnView, lang: Lang) -> Option<TellingView> {
    if column.spellings.is_empty() {
        return None;
    }
    let spelling = |spelling: &Spelling| SpellingView {
        text: match cell_text(&spelling.text, lang) {
            text if text.is_empty() => lang.t("spelling-empty"),
            text => text,
        },
        n: thousands(usize::try_from(spelling.n).unwrap_or(usize::MAX)),
        said: lang.t(match spelling.said {
            Said::In => "says-in",
            Said::Out => "says-out",
            Said::Excused => "says-excused",
            Said::Nothing => "says-unclear",
        }),
    };
    let header = lang.with(
        "spellings-of",
        &[("header", column.header.clone().into()), ("n", number(column.spellings.len()))],
    );
    Some(TellingView { header, spellings: column.spellings.iter().map(spelling).collect() })
}

/// Keeps what was answered, and goes on.
pub(crate) async fn answer(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    Posted(form): Posted<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let upload = own(&app, &signed, &key).await?;
    let inspection = app.intray().inspection(&app, (&signed, &upload)).await?;
    let answers = answers(&inspection, &form);
    let next = Redirect::to(&format!("/imports/{key}/preview"));
    if answers.is_empty() {
        return Ok(next.into_response());
    }
    let answers = match intray::answered(&upload.told.answers, &answers) {
        Ok(answers) => answers,
        Err(FlowError::Mapping(_)) => return Err(Trouble::Bad("form")),
        Err(error) => return Err(error.into()),
    };
    app.intray().uploads.tell(upload.owner, &upload.id, Told { answers, ..upload.told }).await?;
    Ok(next.into_response())
}

/// Of each sheet what was asked and what was changed. What stands there without a question was understood and is no answer.
fn answers(inspection: &Inspection, form: &[(String, String)]) -> Vec<SheetAnswer> {
    let given = |name: &str| form.iter().rfind(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let mut answers = Vec::new();
    for (at, sheet) in inspection.sheets.iter().enumerate() {
        if sheet.fingerprint.is_empty() {
            continue;
        }
        let mut column = Vec::new();
        for view in &sheet.columns {
            let Some(meaning) = given(&format!("m.{at}.{}", view.index)) else { continue };
            if view.asked.is_some() || meaning != view.meaning.unwrap_or(UNUSED) {
                column.push(ColumnAnswer { header: view.key.clone(), meaning: meaning.to_owned() });
            }
        }
        let source = given(&format!("source.{at}")).filter(|source| !source.is_empty());
        let source = source.filter(|source| sheet.source.map(Source::name) != Some(*source));
        let ignore = given(&format!("ignore.{at}")).is_some();
        if column.is_empty() && source.is_none() && ignore == ignored(sheet) {
            continue;
        }
        answers.push(SheetAnswer {
            sender: sheet.sender.clone(),
            fingerprint: sheet.fingerprint.clone(),
            source: source.map(str::to_owned),
            ignore,
            column,
        });
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meaning_has_words_in_both_languages() {
        for lang in [Lang::Zh, Lang::En] {
            for meaning in intray::meanings() {
                let key = format!("meaning-{}", meaning.name.replace('_', "-"));
                assert!(!lang.t(&key).contains(&key), "{key}");
            }
        }
    }
}
