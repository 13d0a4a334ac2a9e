//! One paper: what stands on it, what it lacks, and what can be done with it now.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use baoxue_act::{Draft, Noted, PaperState};
use baoxue_authz::{Action, Resource};
use baoxue_flow::{
    Entry,
    cases::{CaseFile, Speaker},
    child_page,
    papers::{
        Field, Form, Frozen, Issuer, OfChild, PaperError, Sheet, fields_of, form_of, holds_number,
        lacking, service_slip, sheet, without_numbers,
    },
};

use super::{super::cases::NotTaken, Standing, draft::kind_word, paper_of, standing};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{day, html, name_of},
    door::{Signed, place},
    forms::Asked,
    i18n::Lang,
    trouble::Trouble,
};

#[derive(Template)]
#[template(path = "document.html")]
struct DocumentPage {
    chrome: Chrome,
    key: String,
    case: String,
    kind: &'static str,
    title: String,
    number: String,
    child: String,
    issuer: String,
    state: String,
    icon: &'static str,
    class: &'static str,
    /// Label and text of what stands on it.
    fields: Vec<(String, Vec<String>)>,
    when: String,
    until: String,
    by: String,
    code: String,
    hash: String,
    lacks: Vec<String>,
    /// How it was served, or why it is void.
    told: Vec<String>,
    /// Address and words of the picture or scan that shows how it was served.
    proof: Option<(String, String)>,
    /// Whether it is served, so that a slip is signed.
    slip: bool,
    rights: Rights,
    n_events: usize,
    today: String,
    refused: Option<NotTaken>,
}

impl DocumentPage {
    /// What was typed into a field of the form that was not taken, or what the field begins with.
    fn typed<'a>(&'a self, how: &str, name: &str, first: &'a str) -> &'a str {
        let sent = self.refused.as_ref().map(|refused| &refused.typed);
        let sent = sent.filter(|sent| sent.get("how").map_or("", String::as_str) == how);
        sent.and_then(|sent| sent.get(name)).map_or(first, String::as_str)
    }

    /// Whether that way of serving is the one that was not taken; the first is open before anything was sent.
    fn is_unfolded(&self, how: &str) -> bool {
        match self.refused.as_ref().and_then(|refused| refused.typed.get("how")) {
            Some(sent) => sent == how,
            None => how == "signed",
        }
    }
}

/// What the reader may do with it.
#[expect(clippy::struct_excessive_bools, reason = "four acts, each by itself")]
struct Rights {
    edit: bool,
    issue: bool,
    /// Why not, when the reader may issue but not this one.
    serve: bool,
    void: bool,
}

/// The page, or the PDF when the address ends with `.pdf`.
pub(super) async fn page(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    if let Some(key) = key.strip_suffix(".slip.pdf") {
        return slip(&app, &signed, key, &headers).await;
    }
    match key.strip_suffix(".pdf") {
        Some(TO_SERVE) => to_serve(&app, &signed, asked.page()).await,
        Some(key) => pdf(&app, &signed, key, &headers).await,
        None => show((&app, &signed), &key, &headers, None).await,
    }
}

/// The page, with what could not be done.
pub(super) async fn show(
    (app, signed): (&App, &Signed),
    key: &str,
    headers: &HeaderMap,
    refused: Option<NotTaken>,
) -> Result<Response, Trouble> {
    let (desk, roll, lang) = (app.cases().await?, app.roll(), Lang::of(headers));
    let (case, paper) = paper_of(key).ok_or(Trouble::NotFound)?;
    let file = desk.book.get(case).ok_or(Trouble::NotFound)?;
    let entry = roll.entry(file.case.child).ok_or(Trouble::NotFound)?;
    signed.may(Action::ReadPapers, &Resource::Child(place(entry)))?;
    let draft = file.case.draft(paper).ok_or(Trouble::NotFound)?;
    signed.opens_page(app).await?;
    signed.kept(app, (Action::ReadPapers, key), &[entry.child]).await?;
    let issued = file.case.paper(paper);
    let stands = issued.map_or(Standing::Drafted, standing);
    let (now, county) = (desk.moment(app.now()), app.county());
    let lacks = match (issued, app.press().await) {
        (None, Ok(press)) => lacking(&press, draft, now, &county),
        _ => Vec::new(),
    };
    let (kind, (icon, class)) = (draft.what.kind, stands.look());
    let on = issued.map_or(draft.at.date(), |paper| paper.issued.what.on);
    let speaker = desk.speaker(&county, lang);
    html(&DocumentPage {
        key: key.to_owned(),
        case: super::case_key(case),
        kind: kind_word(kind),
        title: lang.pick(kind.zh(), kind.en()).to_owned(),
        number: issued.map(|paper| paper.issued.what.number.clone()).unwrap_or_default(),
        child: name_of(entry, lang),
        issuer: Issuer::of(&draft.what.issuer, &county).name,
        state: lang.t(stands.key()),
        icon,
        class,
        fields: fields(app, draft, lang),
        when: day(on, now.date(), lang),
        until: draft.what.until.map(|until| day(until, now.date(), lang)).unwrap_or_default(),
        by: issued.map_or(&draft.by, |paper| &paper.issued.by).clone(),
        code: issued.map(|paper| paper.issued.what.code.clone()).unwrap_or_default(),
        hash: issued.map(|paper| paper.issued.what.hash.clone()).unwrap_or_default(),
        lacks,
        told: file
            .events
            .iter()
            .filter(|event| is_about(event, paper))
            .map(|e| speaker.event(e))
            .collect(),
        proof: proof((signed, entry), file, issued, lang),
        slip: issued.is_some_and(|paper| paper.issued.what.kind.is_served()),
        rights: rights(signed, (file, entry), draft, issued),
        n_events: file.events.len(),
        today: now.date().to_string(),
        refused,
        chrome: Chrome::new(app, Some(signed), lang, Tab::Papers, &lang.t("paper")),
    })
}

/// The file that the service of the paper names, for who may read the case; one that was struck out is no proof any more.
fn proof(
    (signed, entry): (&Signed, &Entry),
    file: &CaseFile,
    issued: Option<&PaperState>,
    lang: Lang,
) -> Option<(String, String)> {
    let key = issued?.served.as_ref()?.what.file.as_ref()?;
    let attached = file.case.attached.iter().find(|attached| attached.what.key == *key)?;
    let may = signed.could(Action::ReadCase, &Resource::Child(place(entry)));
    let is_pdf = attached.what.media == "application/pdf";
    let words = lang.t(if is_pdf { "serve-proof-scan" } else { "serve-proof-picture" });
    may.then(|| (format!("/files/{key}"), words))
}

/// What happened with a paper after it was issued.
fn is_about(event: &baoxue_act::Event, paper: u32) -> bool {
    use baoxue_act::What;
    if let What::Served(service) = &event.what {
        return service.paper == paper;
    }
    matches!(event.what, What::Voided { paper: of, .. } if of == paper)
}

fn fields(app: &App, draft: &Noted<Draft>, lang: Lang) -> Vec<(String, Vec<String>)> {
    let forms = app.forms();
    let spec = forms.spec(form_of(draft.what.kind));
    let value = |field: &Field| draft.what.fields.get(&field.name).cloned().unwrap_or_default();
    let lines = fields_of(spec).map(|field| (field, value(field)));
    let lines = lines.filter(|(_, value)| !value.is_empty());
    lines
        .map(|(field, value)| {
            let label = lang.pick(&field.zh, &field.en).to_owned();
            // The whole number stands on the paper alone, and who fetches that is kept.
            (label, value.lines().map(without_numbers).collect())
        })
        .collect()
}

fn rights(
    signed: &Signed,
    (file, entry): (&CaseFile, &Entry),
    draft: &Noted<Draft>,
    issued: Option<&PaperState>,
) -> Rights {
    let child = Resource::Child(place(entry));
    let is_open = file.case.over.is_none();
    let waits = file.case.open_drafts().any(|open| open.what.paper == draft.what.paper);
    let stands = issued.is_some_and(PaperState::stands);
    let serves = issued.is_some_and(|paper| standing(paper) == Standing::ToServe);
    Rights {
        edit: is_open && waits && signed.could(Action::DraftPaper, &child),
        issue: is_open && waits && may_issue(signed, draft, &child),
        serve: is_open && serves && signed.could(Action::DeliverPaper, &child),
        void: is_open && stands && signed.could(Action::IssuePaper, &child),
    }
}

/// Whether the reader's office issues the paper: the bureau's papers and orders, a school its own report.
pub(super) fn may_issue(signed: &Signed, draft: &Noted<Draft>, child: &Resource) -> bool {
    signed.could(issuing(draft), child)
}

/// The right that issuing a draft needs.
pub(super) fn issuing(draft: &Noted<Draft>) -> Action {
    if draft.what.kind == baoxue_act::PaperKind::SchoolReport {
        Action::IssueReport
    } else {
        Action::IssuePaper
    }
}

/// The PDF: of an issued paper as it was frozen, of a draft with 草稿 on every page.
async fn pdf(
    app: &App,
    signed: &Signed,
    key: &str,
    headers: &HeaderMap,
) -> Result<Response, Trouble> {
    let (desk, roll, lang) = (app.cases().await?, app.roll(), Lang::of(headers));
    let (case, paper) = paper_of(key).ok_or(Trouble::NotFound)?;
    let file = desk.book.get(case).ok_or(Trouble::NotFound)?;
    let entry = roll.entry(file.case.child).ok_or(Trouble::NotFound)?;
    signed.may(Action::ReadPapers, &Resource::Child(place(entry)))?;
    let draft = file.case.draft(paper).ok_or(Trouble::NotFound)?;
    signed.opens_page(app).await?;
    let action = if holds_number(&draft.what.fields) {
        signed.may(Action::RevealId, &Resource::Child(place(entry)))?;
        Action::RevealId
    } else {
        Action::ReadPapers
    };
    signed.kept(app, (action, &format!("{key}.pdf")), &[entry.child]).await?;
    let bytes = match app.store().paper_pdf(case.0, paper).await? {
        Some(frozen) => frozen,
        None => match drafted(app, draft, desk.moment(app.now()), &signed.name).await {
            Ok(bytes) => bytes,
            Err(error) => {
                let why = unprinted(&error, lang)?;
                let typed = BTreeMap::new();
                let not_taken = NotTaken { act: "pdf".to_owned(), why, typed };
                let page = show((app, signed), key, headers, Some(not_taken)).await?;
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
            }
        },
    };
    attached(bytes, "application/pdf", &format!("{key}.pdf"))
}

/// 送达回证 of a paper that is served: to be signed, or with what was recorded.
async fn slip(
    app: &App,
    signed: &Signed,
    key: &str,
    headers: &HeaderMap,
) -> Result<Response, Trouble> {
    let (desk, roll, county) = (app.cases().await?, app.roll(), app.county());
    let (case, paper) = paper_of(key).ok_or(Trouble::NotFound)?;
    let file = desk.book.get(case).ok_or(Trouble::NotFound)?;
    let entry = roll.entry(file.case.child).ok_or(Trouble::NotFound)?;
    signed.may(Action::ReadPapers, &Resource::Child(place(entry)))?;
    let paper = file.case.paper(paper).filter(|paper| paper.issued.what.kind.is_served());
    let paper = paper.ok_or(Trouble::NotFound)?;
    signed.opens_page(app).await?;
    let of_child = child_page(app.store(), &county, &roll, entry.child).await?;
    signed.kept(app, (Action::ReadPapers, &format!("{key}.slip.pdf")), &[entry.child]).await?;
    let of = OfChild {
        page: &of_child,
        case: Some(&file.case),
        teaching: None,
        aid: &[],
        county: &county,
        speaker: Speaker { rules: &desk.rules, towns: &county.towns, zh: true },
        now: desk.moment(app.now()),
    };
    let spec = app.forms().spec(Form::ServiceSlip);
    let sheet = service_slip(&of, paper, spec, &signed.name);
    match printed(app, Form::ServiceSlip, sheet).await {
        Ok(bytes) => attached(bytes, "application/pdf", &format!("{key}-slip.pdf")),
        Err(error) => {
            let (why, typed) = (unprinted(&error, Lang::of(headers))?, BTreeMap::new());
            let not_taken = NotTaken { act: "pdf".to_owned(), why, typed };
            let page = show((app, signed), key, headers, Some(not_taken)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// A sheet, printed.
pub(in crate::pages) async fn printed(
    app: &App,
    form: Form,
    sheet: Sheet,
) -> Result<Vec<u8>, PaperError> {
    let press = app.press().await?;
    let printed = tokio::task::spawn_blocking(move || press.print(form, &sheet)).await;
    Ok(printed.map_err(|error| PaperError::Typesetter(error.to_string()))??.pdf)
}

/// The word of all papers that wait to be served.
const TO_SERVE: &str = "to-serve";

/// So many papers are bound at once; more stand in further parts.
pub(super) const BOUND: usize = 50;

/// All papers that the reader has to serve, as they were frozen, in one document.
async fn to_serve(app: &App, signed: &Signed, part: usize) -> Result<Response, Trouble> {
    let (desk, roll) = (app.cases().await?, app.roll());
    // Who reads papers sees them one by one; who serves them takes them along.
    let scope = signed.scope(Action::DeliverPaper)?;
    let mut papers = Vec::new();
    for file in desk.book.open() {
        let Some(entry) = roll.entry(file.case.child).filter(|e| scope.sees(e.standing())) else {
            continue;
        };
        let waiting = file.case.notices().filter(|paper| standing(paper) == Standing::ToServe);
        papers.extend(waiting.map(|paper| (entry.child, file.case.id, paper.issued.what.paper)));
    }
    let papers: Vec<_> =
        papers.into_iter().skip(part.saturating_sub(1).saturating_mul(BOUND)).take(BOUND).collect();
    let children: Vec<_> = papers.iter().map(|(child, ..)| *child).collect();
    signed.lists(app, Action::ReadPapers, &children).await?;
    let mut frozen = Vec::new();
    for (_, case, paper) in &papers {
        frozen.extend(app.store().paper_pdf(case.0, *paper).await?);
    }
    if frozen.is_empty() {
        return Err(Trouble::NotFound);
    }
    let press = app.press().await.map_err(|error| Trouble::broken(&error))?;
    let bound = tokio::task::spawn_blocking(move || press.bind("待送达文书", frozen)).await;
    let bound = bound.map_err(|error| Trouble::broken(&error))?;
    let pdf = bound.map_err(|error| Trouble::broken(&error))?.pdf;
    attached(pdf, "application/pdf", "to-serve.pdf")
}

/// Why a paper could not be printed, for whoever drafts; what only an operator can mend is a fault of ours.
pub(in crate::pages) fn unprinted(error: &PaperError, lang: Lang) -> Result<String, Trouble> {
    Ok(match error {
        PaperError::Glyph { character, page } => {
            let page = page.to_string();
            let values = [("character", character.to_string().into()), ("page", page.into())];
            lang.with("unprinted-glyph", &values)
        }
        PaperError::Overflow { page, .. } => {
            lang.with("unprinted-overflow", &[("page", page.to_string().into())])
        }
        PaperError::Attachment { item, .. } => {
            lang.with("unprinted-attachment", &[("item", item.to_string().into())])
        }
        PaperError::NoFont { .. } => lang.t("unprinted-font"),
        PaperError::Read { .. }
        | PaperError::Spec { .. }
        | PaperError::Template { .. }
        | PaperError::Field { .. }
        | PaperError::Check { .. }
        | PaperError::Typesetter(_) => return Err(Trouble::broken(error)),
    })
}

async fn drafted(
    app: &App,
    draft: &Noted<Draft>,
    now: baoxue_act::Moment,
    by: &str,
) -> Result<Vec<u8>, PaperError> {
    let form = form_of(draft.what.kind);
    let frozen = Frozen { number: "", code: "", now, by };
    let sheet = sheet(draft, &app.county(), app.forms().spec(form), &frozen);
    printed(app, form, sheet).await
}

/// A file that the browser keeps and does not run (T-44).
pub(in crate::pages) fn attached(
    bytes: Vec<u8>,
    media: &str,
    name: &str,
) -> Result<Response, Trouble> {
    let value = |text: String| HeaderValue::try_from(text).map_err(|error| Trouble::broken(&error));
    let kind = value(media.to_owned())?;
    let disposition = value(format!("attachment; filename=\"{name}\""))?;
    let policy = HeaderValue::from_static("default-src 'none'; sandbox");
    let told = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    Ok((told, bytes).into_response())
}
