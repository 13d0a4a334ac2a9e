//! Drafting a paper: what is known is filled in, the rest is asked.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_act::{Draft, PaperKind, What, offered};
use baoxue_authz::{Action, Resource};
use baoxue_determine::Seat;
use baoxue_flow::{
    cases::{self, CaseFile, Speaker},
    child_page,
    papers::{Field, FieldKind, Issuer, Subject, fields_of, form_of, holds_number},
};
use chrono::{Days, NaiveDate};

use super::{super::cases::case_of, paper_key, refused};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{html, name_of},
    door::{Signed, place},
    forms::{Asked, Posted},
    i18n::Lang,
    trouble::Trouble,
};

/// Longest text of a field, in characters.
const LONGEST: usize = 4_000;

type Typed = BTreeMap<String, String>;

/// A field as the form asks for it.
struct Ask {
    name: String,
    label: String,
    value: String,
    required: bool,
    /// `date`, `text`, or `area` for several lines.
    input: &'static str,
    hint: String,
}

#[derive(Template)]
#[template(path = "draft.html")]
struct DraftPage {
    chrome: Chrome,
    case: String,
    kind: &'static str,
    title: String,
    child: String,
    n_events: usize,
    /// Value, words, whether chosen.
    issuers: Vec<(&'static str, String, bool)>,
    /// The day by which something is to be done, where the form has one.
    until: Option<String>,
    fields: Vec<Ask>,
    refused: Option<String>,
}

/// The words of forms and seats in addresses.
const KINDS: [(PaperKind, &str); 6] = [
    (PaperKind::EntryNotice, "entry-notice"),
    (PaperKind::ReturnNotice, "return-notice"),
    (PaperKind::CorrectionOrder, "correction-order"),
    (PaperKind::SchoolReport, "school-report"),
    (PaperKind::Inquiry, "inquiry"),
    (PaperKind::Penalty, "penalty-decision"),
];
const SEATS: [(Seat, &str); 4] = [
    (Seat::TownHead, "town"),
    (Seat::BureauHead, "bureau"),
    (Seat::Principal, "school"),
    (Seat::CountyHead, "county"),
];

/// The word of a form.
pub(crate) fn kind_word(kind: PaperKind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("", |(_, word)| word)
}

fn kind_of(word: &str) -> Option<PaperKind> {
    KINDS.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
}

/// Whether somebody with an office drafts a paper of that kind: a school writes its own report and nothing else.
pub(crate) fn drafts(signed: &Signed, kind: PaperKind) -> bool {
    use baoxue_authz::Role;
    (signed.actor.role == Role::Principal) == (kind == PaperKind::SchoolReport)
}

/// The form.
pub(super) async fn page(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let case = asked.one("case").unwrap_or_default().to_owned();
    let kind = asked.one("type").and_then(kind_of).ok_or(Trouble::NotFound)?;
    shown((&app, &signed), (&case, kind), &headers, None).await
}

async fn shown(
    (app, signed): (&App, &Signed),
    (key, kind): (&str, PaperKind),
    headers: &HeaderMap,
    again: Option<(Typed, String)>,
) -> Result<Response, Trouble> {
    let (desk, roll, lang) = (app.cases().await?, app.roll(), Lang::of(headers));
    let file = case_of(key).and_then(|id| desk.book.get(id)).ok_or(Trouble::NotFound)?;
    let entry = roll.entry(file.case.child).ok_or(Trouble::NotFound)?;
    signed.may(Action::DraftPaper, &Resource::Child(place(entry)))?;
    if !drafts(signed, kind) {
        return Err(Trouble::NotYours);
    }
    signed.opens_page(app).await?;
    signed.kept(app, (Action::DraftPaper, ""), &[entry.child]).await?;
    let (county, now) = (app.county(), desk.moment(app.now()));
    let seats = offered(&file.case, &desk.rules, now).into_iter().find(|(of, _)| *of == kind);
    let (_, seats) = seats.ok_or(Trouble::Changed("paper-not-now"))?;
    let page = child_page(app.store(), &county, &roll, entry.child).await?;
    let speaker = Speaker { rules: &desk.rules, towns: &county.towns, zh: true };
    let (case, profile) = (&file.case, &page.profile);
    let subject = Subject { case, profile, county: &county, speaker, now };
    let (typed, refused) = match again {
        Some((typed, why)) => (typed, Some(why)),
        None => (known(&subject, file, kind), None),
    };
    if holds_number(&typed) {
        // Whoever drafts an inquiry reads the number that goes out with it.
        signed.may(Action::RevealId, &Resource::Child(place(entry)))?;
        signed.kept(app, (Action::RevealId, kind_word(kind)), &[entry.child]).await?;
    }
    let forms = app.forms();
    let spec = forms.spec(form_of(kind));
    let days = Days::new(u64::from(county.papers.days));
    let until = spec.fields.iter().any(|field| field.name == "until");
    let until = until.then(|| {
        let usual = || now.date().checked_add_days(days).map(|day| day.to_string());
        typed.get("until").cloned().or_else(usual).unwrap_or_default()
    });
    let chosen = typed.get("seat").map(String::as_str);
    let words = SEATS.iter().filter(|(seat, _)| seats.contains(seat));
    let issuers = words.map(|(seat, word)| {
        let name = Issuer::of(&case.place.holder(*seat), &county).name;
        (*word, name, chosen == Some(*word))
    });
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = html(&DraftPage {
        case: key.to_owned(),
        kind: kind_word(kind),
        title: lang.pick(kind.zh(), kind.en()).to_owned(),
        child: name_of(entry, lang),
        n_events: file.events.len(),
        issuers: issuers.collect(),
        until,
        fields: fields_of(spec).map(|field| ask(field, &typed, lang)).collect(),
        refused,
        chrome: Chrome::new(app, Some(signed), lang, Tab::Cases, &lang.t("paper-draft")),
    })?;
    Ok((status, page).into_response())
}

/// What stands in a fresh form: the last draft of the kind, else what is known.
fn known(subject: &Subject<'_>, file: &CaseFile, kind: PaperKind) -> Typed {
    // A draft from before the evidence or the place changed is not carried on.
    let drafted = file.case.open_drafts().find(|draft| draft.what.kind == kind);
    let drafted = drafted.filter(|draft| !file.case.is_stale(draft));
    let of_program =
        subject.known(kind).into_iter().map(|(name, value)| (format!("f-{name}"), value));
    let mut typed: Typed = of_program.collect();
    if let Some(draft) = drafted {
        let fields = draft.what.fields.iter();
        typed.extend(fields.map(|(name, value)| (format!("f-{name}"), value.clone())));
        typed.extend(draft.what.until.map(|until| ("until".to_owned(), until.to_string())));
        let seat = SEATS.iter().find(|(seat, _)| *seat == draft.what.issuer.seat);
        typed.extend(seat.map(|(_, word)| ("seat".to_owned(), (*word).to_owned())));
    }
    typed
}

fn ask(field: &Field, typed: &Typed, lang: Lang) -> Ask {
    let columns: Vec<&str> =
        field.columns.iter().map(|column| lang.pick(&column.zh, &column.en)).collect();
    let (input, hint) = match field.kind {
        FieldKind::Text => ("text", String::new()),
        FieldKind::Date => ("date", String::new()),
        FieldKind::Lines => ("area", lang.t("paper-lines")),
        FieldKind::Rows => {
            ("area", lang.with("paper-rows", &[("cells", columns.join(" | ").into())]))
        }
    };
    Ask {
        label: lang.pick(&field.zh, &field.en).to_owned(),
        value: typed.get(&format!("f-{}", field.name)).cloned().unwrap_or_default(),
        name: field.name.clone(),
        required: field.required,
        input,
        hint,
    }
}

/// Keeps the draft.
pub(super) async fn save(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Trouble> {
    let (desk, roll, lang) = (app.cases().await?, app.roll(), Lang::of(&headers));
    let key = typed.get("case").cloned().unwrap_or_default();
    let kind = typed.get("type").and_then(|word| kind_of(word)).ok_or(Trouble::NotFound)?;
    let file = case_of(&key).and_then(|id| desk.book.get(id)).ok_or(Trouble::NotFound)?;
    let entry = roll.entry(file.case.child).ok_or(Trouble::NotFound)?;
    signed.may(Action::DraftPaper, &Resource::Child(place(entry)))?;
    if !drafts(&signed, kind) {
        return Err(Trouble::NotYours);
    }
    let again =
        |why: String| shown((&app, &signed), (&key, kind), &headers, Some((typed.clone(), why)));
    if typed.get("seen").and_then(|seen| seen.parse().ok()) != Some(file.events.len()) {
        return again(lang.t("case-moved")).await;
    }
    let seat = SEATS.iter().find(|(_, word)| typed.get("seat").map(String::as_str) == Some(*word));
    let until = typed.get("until").map(|day| day.trim()).filter(|day| !day.is_empty());
    let until: Option<Result<NaiveDate, _>> = until.map(str::parse);
    let (Some((seat, _)), None | Some(Ok(_))) = (seat, &until) else {
        return again(lang.t("case-incomplete")).await;
    };
    let fields = typed.iter().filter_map(|(name, value)| {
        let value: String = value.trim().chars().take(LONGEST).collect();
        Some((name.strip_prefix("f-")?.to_owned(), value)).filter(|(_, value)| !value.is_empty())
    });
    let forms = app.forms();
    let asked: Vec<&str> = fields_of(forms.spec(form_of(kind))).map(|f| f.name.as_str()).collect();
    let draft = Draft {
        paper: file.case.next_paper(),
        kind,
        issuer: file.case.place.holder(*seat),
        until: until.and_then(Result::ok),
        fields: fields.filter(|(name, _)| asked.contains(&name.as_str())).collect(),
    };
    let paper = draft.paper;
    let (by, now) = (format!("{} {}", signed.name, signed.login), desk.moment(app.now()));
    let done = (file.case.id, by.as_str(), What::Drafted(draft));
    if let Err(error) = cases::record(app.store(), &desk.book, &desk.rules, done, now).await {
        let (_, why) = refused((&app, &desk), error, lang)?;
        return again(why).await;
    }
    app.store().settle().await?;
    signed.kept(&app, (Action::DraftPaper, kind_word(kind)), &[entry.child]).await?;
    Ok(Redirect::to(&format!("/documents/{}", paper_key(file.case.id, paper))).into_response())
}
