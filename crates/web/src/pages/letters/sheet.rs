//! The list of who has not signed as a workbook, and what waits to be signed as one PDF.

use axum::response::Response;
use baoxue_act::letter::Party;
use baoxue_authz::{Action, Resource};
use baoxue_flow::letters::LetterLine;
use baoxue_report::{FigureRow, FigureTable, Head, Masking, figure_table};

use super::{
    Desk, Shown, States, children,
    draw::kept,
    list::{AT_ONCE, View, waits},
};
use crate::{
    app::App,
    door::{Signed, place},
    forms::Asked,
    i18n::Lang,
    pages::{cases::case_key, papers::attached, reports::XLSX},
    trouble::Trouble,
};

/// All that somebody has yet to sign, of the layer and town of the address. A family stands in it by the number of its case:
/// a file is carried about.
pub(super) async fn missing(
    (app, signed): (&App, &Signed),
    asked: &Asked,
    lang: Lang,
) -> Result<Response, Trouble> {
    let desk = Desk::of(app, signed, lang).await?;
    let mut shown = desk.asked(asked)?;
    shown.filter.states = States::Missing;
    let view = View { desk: &desk, asked, shown: &shown };
    let rows: Vec<FigureRow> = shown.kept().map(|line| row(&view, line)).collect();
    let words = [
        "letter-layer",
        "facet-town",
        "letter-giver",
        "letter-giver-who",
        "letter-taker",
        "letter-taker-who",
        "state",
        "letter-unsigned",
        "paper-number",
    ];
    let table = FigureTable {
        form: "BX-22 v1",
        title: lang.t("letters-missing-title"),
        unit: ("份", "letters"),
        words: words.map(|key| lang.t(key)).to_vec(),
        numbers: Vec::new(),
        rows,
        totals: None,
        notes: vec![lang.t("letters-note-changed"), lang.t("letters-note-case")],
    };
    let book = figure_table(&table, &head(&desk, &shown)).map_err(|e| Trouble::broken(&e))?;
    signed.noted(app, (Action::ReadLetters.name(), true), "missing.xlsx").await?;
    attached(book.bytes, XLSX, "letters-missing.xlsx")
}

fn row(view: &View<'_>, line: &LetterLine<'_>) -> FigureRow {
    let found = view.line(line);
    let (taker, who) = match line.demand.edge.taker {
        Party::Seat(_) => (found.taker, found.taker_who),
        Party::Guardian(child) => {
            let cases = view.desk.cases.book.of_child(child);
            let open = cases.filter(|file| file.case.over.is_none()).last();
            let key = open.map(|file| case_key(file.case.id)).unwrap_or_default();
            (view.desk.lang.with("letter-guardian-of", &[("child", key.into())]), String::new())
        }
    };
    let words = vec![
        found.layer,
        found.town,
        found.giver,
        found.giver_who,
        taker,
        who,
        found.state,
        found.unsigned,
        found.number,
    ];
    FigureRow { words, numbers: Vec::new() }
}

fn head(desk: &Desk<'_>, shown: &Shown<'_>) -> Head {
    Head {
        county: desk.county.name.clone(),
        as_of: shown.desk.on(),
        printed_on: desk.today,
        printed_by: desk.signed.name.clone(),
        base: desk.year_words(shown.filter.year),
        rule_pack: desk.county.pack.name(),
        masking: Masking::Masked,
        cautions: Vec::new(),
        lang: match desk.lang {
            Lang::Zh => baoxue_report::Lang::Zh,
            Lang::En => baoxue_report::Lang::En,
        },
    }
}

/// The letters of the address that wait to be signed, as they were frozen, in one document.
pub(super) async fn to_sign(
    (app, signed): (&App, &Signed),
    asked: &Asked,
    lang: Lang,
) -> Result<Response, Trouble> {
    let desk = Desk::of(app, signed, lang).await?;
    let shown = desk.asked(asked)?;
    let start = (asked.page() - 1).saturating_mul(AT_ONCE);
    let waiting = shown.lines.iter().filter(|line| waits(&shown, line));
    let waiting: Vec<&LetterLine<'_>> = waiting.skip(start).take(AT_ONCE).collect();
    let families = children(waiting.iter().copied());
    // Letters of families name children and guardians in full: they are for whoever has them signed.
    let roll = app.roll();
    for entry in families.iter().filter_map(|child| roll.entry(*child)) {
        let child = Resource::Child(place(entry));
        let keeps = [Action::KeepTownLetters, Action::KeepSchoolLetters];
        if !keeps.into_iter().any(|action| signed.could(action, &child)) {
            return Err(Trouble::NotYours);
        }
    }
    signed.lists(app, Action::ReadLetters, &families).await?;
    let mut frozen = Vec::new();
    for letter in waiting.iter().filter_map(|line| line.letter) {
        frozen.extend(app.store().letter_pdf(letter.id).await?);
    }
    if frozen.is_empty() {
        return Err(Trouble::NotFound);
    }
    kept((app, signed), (Action::ReadLetters, "to-sign.pdf"), &families).await?;
    let press = app.press().await.map_err(|error| Trouble::broken(&error))?;
    let _turn = app.heavy().await;
    let bound = tokio::task::spawn_blocking(move || press.bind("待签责任书", frozen)).await;
    let bound = bound.map_err(|error| Trouble::broken(&error))?;
    let pdf = bound.map_err(|error| Trouble::broken(&error))?.pdf;
    attached(pdf, "application/pdf", "to-sign.pdf")
}
