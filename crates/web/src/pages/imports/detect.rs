//! 识别表格: what the file is, sheet by sheet, and whose; what was told wrongly is put right here.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_claim::{Private, Source, TownCode};
use baoxue_flow::{
    ToldLevel,
    intray::{Note, RowMark, RowView, SheetView, Told, Upload},
};
use chrono::NaiveDate;
use serde::Deserialize;

use super::{
    list::size,
    own, rights,
    steps::{Step, steps},
};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{column_letter, covered, html, source_word, thousands},
    door::Signed,
    forms::{Asked, Posted},
    i18n::{Lang, number},
    trouble::Trouble,
};

/// Characters of a cell that are shown.
const CELL_CHARS: usize = 40;

/// A cell of a sheet as shown.
struct CellView {
    text: String,
    class: &'static str,
}

/// A row of a sheet as shown.
struct LineView {
    number: u32,
    class: &'static str,
    /// The one text of a row without data.
    across: Option<String>,
    cells: Vec<CellView>,
}

/// A sheet as shown.
struct SheetBox {
    name: String,
    hidden: bool,
    source: Option<String>,
    asked: bool,
    town: String,
    as_of: String,
    header: Option<String>,
    data: String,
    left_out: String,
    stated: Option<String>,
    letters: Vec<String>,
    width: usize,
    lines: Vec<LineView>,
    open: bool,
}

/// Something said about the file.
struct NoteView {
    class: &'static str,
    icon: &'static str,
    sheet: String,
    text: String,
}

/// A choice of a select.
struct Choice {
    value: String,
    word: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "import_detect.html")]
struct DetectPage {
    chrome: Chrome,
    steps: Vec<Step>,
    key: String,
    file: String,
    size: String,
    hash: String,
    /// The same file was dropped twice.
    same: bool,
    /// What was told cannot be read.
    wrong: bool,
    sources: Vec<Choice>,
    towns: Vec<Choice>,
    as_of: String,
    notes: Vec<NoteView>,
    sheets: Vec<SheetBox>,
    /// Lists in it that are not the reader's to bring.
    foreign: Vec<String>,
    goes_on: bool,
}

/// What was found in the file.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let upload = own(&app, &signed, &key).await?;
    let as_of = upload.told.as_of.map(|day| day.to_string()).unwrap_or_default();
    let mut page = view(&app, (&signed, &upload), as_of, Lang::of(&headers)).await?;
    page.same = asked.one("same").is_some();
    html(&page)
}

async fn view(
    app: &App,
    (signed, upload): (&Signed, &Upload),
    as_of: String,
    lang: Lang,
) -> Result<DetectPage, Trouble> {
    let inspection = app.intray().inspection(app, (signed, upload)).await?;
    let foreign = rights::foreign(signed, &inspection);
    let foreign: Vec<String> = foreign.iter().map(|sheet| what(sheet, lang)).collect();
    let first = inspection.sheets.iter().position(|sheet| !sheet.columns.is_empty());
    let sheets = inspection.sheets.iter().enumerate();
    Ok(DetectPage {
        steps: steps(&upload.id, 1, lang),
        key: upload.id.clone(),
        file: upload.name.clone(),
        size: size(upload.size),
        hash: inspection.hash.clone(),
        same: false,
        wrong: false,
        sources: sources(signed, upload.told.source, lang),
        towns: towns(app, upload.told.town, lang),
        as_of,
        notes: inspection.notes.iter().map(|note| note_view(note, lang)).collect(),
        sheets: sheets.map(|(at, s)| sheet_box(app, s, first == Some(at), lang)).collect(),
        goes_on: foreign.is_empty() && inspection.refused.is_none(),
        foreign,
        chrome: Chrome::new(app, Some(signed), lang, Tab::Imports, &lang.t("step-detect")),
    })
}

/// What a sheet is, in a few words.
pub(super) fn what(sheet: &SheetView, lang: Lang) -> String {
    let source = sheet.source.map(|source| source_word(source, lang)).unwrap_or_default();
    if sheet.name.is_empty() { source } else { format!("{} {source}", sheet.name) }
}

fn sources(signed: &Signed, told: Option<Source>, lang: Lang) -> Vec<Choice> {
    let kinds = rights::kinds(signed).into_iter().map(|source| Choice {
        value: source.name().to_owned(),
        word: source_word(source, lang),
        on: told == Some(source),
    });
    let auto = Choice { value: String::new(), word: lang.t("told-auto"), on: told.is_none() };
    [auto].into_iter().chain(kinds).collect()
}

fn towns(app: &App, told: Option<TownCode>, lang: Lang) -> Vec<Choice> {
    let county = app.county();
    let towns = county.towns.all().iter().map(|town| Choice {
        value: town.code.to_string(),
        word: town.name.clone(),
        on: told == Some(town.code),
    });
    let auto = Choice { value: String::new(), word: lang.t("told-auto"), on: told.is_none() };
    [auto].into_iter().chain(towns).collect()
}

fn note_view(note: &Note, lang: Lang) -> NoteView {
    let (class, icon) = match note.level {
        ToldLevel::Error => ("al-e", "alert-circle"),
        ToldLevel::Warning => ("al-w", "alert-triangle"),
        ToldLevel::Notice => ("", "info-circle"),
    };
    let text = lang.pick(note.zh.expose(), note.en.expose());
    NoteView {
        class,
        icon,
        sheet: note.sheet.clone().unwrap_or_default(),
        text: covered(text, lang),
    }
}

fn sheet_box(app: &App, sheet: &SheetView, open: bool, lang: Lang) -> SheetBox {
    let county = app.county();
    let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    let count = |n: u64| thousands(usize::try_from(n).unwrap_or(usize::MAX));
    let rows = &sheet.counts;
    let data = rows.fresh + rows.known + rows.rejected + rows.untouched;
    let header = sheet.header_rows.first().zip(sheet.header_rows.last()).map(|(first, last)| {
        let values = [("first", first.to_string().into()), ("last", last.to_string().into())];
        lang.with(if first == last { "header-row" } else { "header-rows" }, &values)
    });
    let town = sheet.town.and_then(|town| county.towns.get(town));
    SheetBox {
        name: sheet.name.clone(),
        hidden: sheet.hidden,
        source: sheet.source.map(|source| source_word(source, lang)),
        asked: sheet.asked.is_some() && !sheet.header_rows.is_empty(),
        town: town.map(|town| town.name.clone()).unwrap_or_default(),
        as_of: sheet.as_of.to_string(),
        header,
        data: count(data),
        left_out: lang.with(
            "rows-left-out",
            &[
                ("n", number(usize::try_from(rows.without_data).unwrap_or_default())),
                ("totals", number(usize::try_from(rows.totals).unwrap_or_default())),
            ],
        ),
        stated: sheet.stated_total.map(|n| lang.with("stated-total", &[("n", n.into())])),
        letters: (0..width).map(column_letter).collect(),
        width,
        lines: sheet.rows.iter().map(|row| line((row, width), lang)).collect(),
        open,
    }
}

fn line((row, width): (&RowView, usize), lang: Lang) -> LineView {
    let (class, across) = match row.mark {
        RowMark::Header => ("hd", None),
        RowMark::Data => ("", None),
        RowMark::Aside => ("sk", Some(together(&row.cells, lang))),
    };
    let cell = |(at, cell): (usize, &Private)| {
        let wrong = row.wrong.iter().filter(|(column, _)| *column as usize == at + 1);
        let class = match wrong.map(|(_, reject)| *reject).max() {
            Some(true) => "cellbad",
            Some(false) => "cellwarn",
            None => "",
        };
        CellView { text: cell_text(cell, lang), class }
    };
    let mut cells: Vec<CellView> = Vec::new();
    if across.is_none() {
        cells.extend(row.cells.iter().enumerate().map(cell));
        cells.resize_with(width, || CellView { text: String::new(), class: "" });
    }
    LineView { number: row.number, class, across, cells }
}

/// The different texts of a row one after the other; a merged cell stands in each of its places.
fn together(cells: &[Private], lang: Lang) -> String {
    let mut texts: Vec<String> = cells.iter().map(|cell| cell_text(cell, lang)).collect();
    texts.retain(|text| !text.is_empty());
    texts.dedup();
    texts.join("　")
}

/// A cell as a page may show it: numbers covered, not too long, and nothing that betrays what no page may tell.
pub(super) fn cell_text(cell: &Private, lang: Lang) -> String {
    let text = cell.expose().trim();
    let text = covered(text, lang);
    if text.chars().count() <= CELL_CHARS {
        return text;
    }
    text.chars().take(CELL_CHARS).chain(['…']).collect()
}

#[derive(Deserialize)]
pub(crate) struct TellForm {
    #[serde(default)]
    source: String,
    #[serde(default)]
    town: String,
    #[serde(default)]
    as_of: String,
}

/// Keeps whose file it is.
pub(crate) async fn tell(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
    Posted(form): Posted<TellForm>,
) -> Result<Response, Trouble> {
    let upload = own(&app, &signed, &key).await?;
    let Some((source, town, as_of)) = read(&form) else {
        let lang = Lang::of(&headers);
        let mut page = view(&app, (&signed, &upload), form.as_of, lang).await?;
        page.wrong = true;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
    };
    let known = town.is_none_or(|town| app.county().towns.get(town).is_some());
    if !known {
        return Err(Trouble::Bad("form"));
    }
    let told = Told { source, as_of, town, answers: upload.told.answers };
    app.intray().uploads.tell(upload.owner, &upload.id, told).await?;
    Ok(Redirect::to(&format!("/imports/{key}/detect")).into_response())
}

/// What was told; `None` when a part of it makes no sense. Empty parts tell nothing.
fn read(form: &TellForm) -> Option<(Option<Source>, Option<TownCode>, Option<NaiveDate>)> {
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let source = given(&form.source).map(|text| text.parse()).transpose().ok()?;
    let town = given(&form.town).map(|text| text.parse()).transpose().ok()?;
    let as_of = match given(&form.as_of) {
        Some(text) => Some(day(&text)?),
        None => None,
    };
    Some((source, town, as_of))
}

/// A day in one of the ways in which people write it: 2026-09-12, 2026.9.12, 2026/9/12, 2026年9月12日, 20260912.
fn day(text: &str) -> Option<NaiveDate> {
    let plain = text.replace(['.', '/', '年', '月'], "-").replace('日', "");
    let forms = ["%Y-%m-%d", "%Y%m%d"];
    let found = forms.iter().find_map(|form| NaiveDate::parse_from_str(&plain, form).ok())?;
    let sensible = NaiveDate::from_ymd_opt(2000, 1, 1)?..NaiveDate::from_ymd_opt(2100, 1, 1)?;
    sensible.contains(&found).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        let expected = NaiveDate::from_ymd_opt(2026, 9, 2);
        for text in ["2026-09-02", "2026.9.2", "2026/9/2", "2026年9月2日", "20260902"] {
            assert_eq!(day(text), expected, "{text}");
        }
        for text in ["9月2日", "2026-02-30", "1899-01-01", "明天"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
