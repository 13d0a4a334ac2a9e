//! One letter: its parties, who has signed, scans, and the letters before it.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use baoxue_act::letter::{Letter, LetterState, Party, Side};
use baoxue_authz::{Action, Resource};
use baoxue_claim::ChildId;

use super::{Desk, draw::kept, keeping, letter_key, letter_of, list::look, sheet};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::html,
    door::Signed,
    forms::Asked,
    i18n::Lang,
    pages::papers::attached,
    trouble::Trouble,
};

/// A party as the page shows it.
struct PartyView {
    /// Key of its word: giver or taker.
    side: &'static str,
    office: String,
    /// Who is named on the letter; empty when nobody is.
    named: String,
    /// When it was signed, by whom, and who recorded it.
    signed: Option<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct LetterPage {
    chrome: Chrome,
    key: String,
    number: String,
    layer: String,
    year: String,
    state: String,
    icon: &'static str,
    class: &'static str,
    parties: [PartyView; 2],
    drawn: String,
    by: String,
    hash: String,
    /// The code for anybody; empty on a letter from before there were codes.
    code: String,
    /// Address and media type of each.
    scans: Vec<(String, String)>,
    withdrawn: Option<(String, String)>,
    /// Address, number and words of other letters between the same two.
    others: Vec<(String, String, String)>,
    keeps: bool,
    n_events: u32,
    today: String,
    first_day: String,
    error: Option<String>,
}

impl LetterPage {
    /// Whether a signature is missing.
    fn is_open(&self) -> bool {
        self.parties.iter().any(|party| party.signed.is_none())
    }

    fn is_unsigned(&self) -> bool {
        self.parties.iter().all(|party| party.signed.is_none())
    }
}

/// The page of a letter; the PDF when the address ends with `.pdf`; or one of the lists as a file.
pub(super) async fn page(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    match key.as_str() {
        "missing.xlsx" => sheet::missing((&app, &signed), &asked, Lang::of(&headers)).await,
        "to-sign.pdf" => sheet::to_sign((&app, &signed), &asked, Lang::of(&headers)).await,
        _ => match key.strip_suffix(".pdf") {
            Some(key) => pdf(&app, &signed, key).await,
            None => show((&app, &signed), &key, &headers, None).await,
        },
    }
}

/// A letter that the reader may read, and the child of its family.
pub(super) fn found<'d>(
    desk: &'d Desk<'_>,
    key: &str,
) -> Result<(&'d Letter, Vec<ChildId>), Trouble> {
    let letter = letter_of(key).and_then(|id| desk.shelf.book.get(id)).ok_or(Trouble::NotFound)?;
    desk.signed.may(Action::ReadLetters, &place_of(desk, letter))?;
    let child = match letter.drawn.edge.taker {
        Party::Guardian(child) => vec![child],
        Party::Seat(_) => Vec::new(),
    };
    Ok((letter, child))
}

/// Where a letter's taking party belongs, as the policies ask.
pub(super) fn place_of(desk: &Desk<'_>, letter: &Letter) -> Resource {
    Resource::Child(desk.place(&letter.drawn.edge.taker, &letter.drawn.place))
}

/// The page, with what could not be done.
pub(super) async fn show(
    (app, signed): (&App, &Signed),
    key: &str,
    headers: &HeaderMap,
    error: Option<(StatusCode, String)>,
) -> Result<Response, Trouble> {
    let desk = Desk::of(app, signed, Lang::of(headers)).await?;
    let (letter, child) = found(&desk, key)?;
    if !child.is_empty() {
        signed.opens_page(app).await?;
        signed.kept(app, (Action::ReadLetters, key), &child).await?;
    }
    let (status, error) = error.map_or((StatusCode::OK, None), |(s, why)| (s, Some(why)));
    let (lang, edge) = (desk.lang, &letter.drawn.edge);
    let state = state_of(&desk, letter);
    let (icon, class) = state.map_or(("archive", "muted"), look);
    let may_keep = signed.could(keeping(edge.layer), &place_of(&desk, letter));
    let page = html(&LetterPage {
        key: key.to_owned(),
        number: letter.drawn.number.clone(),
        layer: lang.pick(edge.layer.zh(), edge.layer.en()).to_owned(),
        year: desk.year_words(letter.drawn.year),
        state: state.map_or_else(
            || lang.t("letter-withdrawn"),
            |state| lang.pick(state.zh(), state.en()).to_owned(),
        ),
        icon,
        class,
        parties: parties(&desk, letter),
        drawn: letter.drawn.on.to_string(),
        by: letter.by.clone(),
        hash: letter.drawn.hash.clone(),
        code: letter.drawn.code.clone(),
        scans: letter
            .scans
            .iter()
            .map(|scan| (format!("/letters/{key}/scans/{}", scan.key), scan.media.clone()))
            .collect(),
        withdrawn: letter.withdrawn.clone(),
        others: others(&desk, letter),
        keeps: may_keep && letter.withdrawn.is_none(),
        n_events: letter.n_events,
        today: desk.today.to_string(),
        first_day: letter.drawn.on.to_string(),
        error,
        chrome: Chrome::new(app, Some(signed), lang, Tab::Papers, &lang.t("letter")),
    })?;
    Ok((status, page).into_response())
}

/// Where the letter stands; `None` when it was withdrawn or another has taken its place.
fn state_of(desk: &Desk<'_>, letter: &Letter) -> Option<LetterState> {
    if letter.withdrawn.is_some() {
        return None;
    }
    let year = desk.year(letter.drawn.year);
    let (directory, on) = (year.directory, year.on());
    Some(baoxue_act::letter::standing(&letter.drawn.edge, Some(letter), directory, on))
}

fn parties(desk: &Desk<'_>, letter: &Letter) -> [PartyView; 2] {
    let (giver, taker) = desk.parties(&letter.drawn.edge);
    let view = |side, word, office| {
        let signed = letter.signature(side).map(|signature| {
            let name = signature.name.expose().to_owned();
            (signature.on.to_string(), name, signature.by.clone())
        });
        let named = letter.named(side).map(|name| name.expose().to_owned());
        PartyView { side: word, office, named: named.unwrap_or_default(), signed }
    };
    [view(Side::Giver, "letter-giver", giver), view(Side::Taker, "letter-taker", taker)]
}

/// The other letters between the same two in the same year: an old one stays visible.
fn others(desk: &Desk<'_>, letter: &Letter) -> Vec<(String, String, String)> {
    let all = desk.shelf.book.between(letter.drawn.year, &letter.drawn.edge);
    let others = all.filter(|other| other.id != letter.id).map(|other| {
        let words = match (&other.withdrawn, other.signed_on()) {
            (Some((why, _)), _) => {
                desk.lang.with("letter-withdrawn-why", &[("why", why.clone().into())])
            }
            (None, Some(on)) => {
                desk.lang.with("letter-signed-on", &[("on", on.to_string().into())])
            }
            (None, None) => desk.unsigned(&other.unsigned()),
        };
        (format!("/letters/{}", letter_key(other.id)), other.drawn.number.clone(), words)
    });
    others.collect()
}

/// The letter as it was frozen.
async fn pdf(app: &App, signed: &Signed, key: &str) -> Result<Response, Trouble> {
    let desk = Desk::of(app, signed, Lang::Zh).await?;
    let (letter, child) = found(&desk, key)?;
    if !child.is_empty() {
        signed.opens_page(app).await?;
    }
    kept((app, signed), (Action::ReadLetters, &format!("{key}.pdf")), &child).await?;
    let bytes = app.store().letter_pdf(letter.id).await?.ok_or(Trouble::NotFound)?;
    attached(bytes, "application/pdf", &format!("{key}.pdf"))
}
