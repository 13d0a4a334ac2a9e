//! Issuing, serving and voiding a paper.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_act::{CaseId, Service, ServiceProof, What};
use baoxue_authz::{Action, Resource};
use baoxue_flow::{
    FlowError,
    cases::{self, CaseError, CaseFile},
    papers::{IssueDesk, IssueError, PaperError, issue, serve},
};
use baoxue_store::StoreError;

use super::{
    super::cases::NotTaken,
    files::{cleaned, not_filed},
    one, paper_of,
};
use crate::{
    app::App,
    casebook::CaseDesk,
    door::{Signed, place},
    forms::Brought,
    i18n::Lang,
    trouble::Trouble,
};

/// Longest words of a field, in characters.
const WORDS: usize = 500;

type Fields = BTreeMap<String, String>;

/// Takes what a form of the page says.
pub(super) async fn act(
    State(app): State<App>,
    signed: Signed,
    Path((key, act)): Path<(String, String)>,
    headers: HeaderMap,
    Brought { fields, bytes }: Brought,
) -> Result<Response, Trouble> {
    let lang = Lang::of(&headers);
    match done((&app, &signed), (&key, &act), (&fields, bytes), lang).await? {
        None => Ok(Redirect::to(&format!("/documents/{key}")).into_response()),
        Some((status, why)) => {
            let not_taken = Some(NotTaken { act, why, typed: fields });
            let page = one::show((&app, &signed), &key, &headers, not_taken).await?;
            Ok((status, page).into_response())
        }
    }
}

/// Does it, or gives why not.
async fn done(
    (app, signed): (&App, &Signed),
    (key, act): (&str, &str),
    (fields, bytes): (&Fields, Vec<u8>),
    lang: Lang,
) -> Result<Option<(StatusCode, String)>, Trouble> {
    let (desk, roll) = (app.cases().await?, app.roll());
    let (case, paper) = paper_of(key).ok_or(Trouble::NotFound)?;
    let file = desk.book.get(case).ok_or(Trouble::NotFound)?;
    let entry = roll.entry(file.case.child).ok_or(Trouble::NotFound)?;
    let child = Resource::Child(place(entry));
    signed.may(Action::ReadPapers, &child)?;
    let draft = file.case.draft(paper).ok_or(Trouble::NotFound)?;
    let action = match act {
        "issue" => one::issuing(draft),
        "serve" => Action::DeliverPaper,
        "void" => Action::IssuePaper,
        _ => return Err(Trouble::NotFound),
    };
    signed.may(action, &child)?;
    if fields.get("seen").and_then(|seen| seen.parse().ok()) != Some(file.events.len()) {
        return Ok(Some((StatusCode::CONFLICT, lang.t("case-moved"))));
    }
    let refused = if act == "issue" {
        issued((app, signed), &desk, (file, paper), lang).await?
    } else {
        match what(act, paper, fields) {
            Some(What::Served(service)) if !bytes.is_empty() => {
                served((app, signed), &desk, (case, service, bytes), lang).await?
            }
            Some(what) => recorded((app, signed), &desk, (case, what), lang).await?,
            None => Some((StatusCode::UNPROCESSABLE_ENTITY, lang.t("case-incomplete"))),
        }
    };
    if refused.is_none() {
        app.store().settle().await?;
        signed.kept(app, (action, key), &[entry.child]).await?;
    }
    Ok(refused)
}

async fn issued(
    (app, signed): (&App, &Signed),
    desk: &CaseDesk,
    (file, paper): (&CaseFile, u32),
    lang: Lang,
) -> Result<Option<(StatusCode, String)>, Trouble> {
    let draft = file.case.draft(paper).ok_or(Trouble::NotFound)?;
    let press = match app.press().await {
        Ok(press) => press,
        Err(error) => return unprinted(&error, lang).map(Some),
    };
    let (county, now) = (app.county(), desk.moment(app.now()));
    let by = format!("{} {}", signed.name, signed.login);
    let issuing = IssueDesk {
        store: app.store(),
        book: &desk.book,
        rules: &desk.rules,
        county: &county,
        press: &press,
    };
    match issue(issuing, (file, draft), &by, now).await {
        Ok(_) => Ok(None),
        Err(IssueError::Case(error)) => refused((app, desk), error, lang).map(Some),
        Err(IssueError::Lacks(fields)) => {
            let fields = fields.join(&lang.t("list-comma"));
            let why = lang.with("paper-lacks", &[("fields", fields.into())]);
            Ok(Some((StatusCode::UNPROCESSABLE_ENTITY, why)))
        }
        Err(IssueError::Paper(error)) => unprinted(&error, lang).map(Some),
        Err(error @ IssueError::Random) => Err(Trouble::broken(&error)),
    }
}

fn unprinted(error: &PaperError, lang: Lang) -> Result<(StatusCode, String), Trouble> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, one::unprinted(error, lang)?))
}

async fn recorded(
    (app, signed): (&App, &Signed),
    desk: &CaseDesk,
    (case, what): (CaseId, What),
    lang: Lang,
) -> Result<Option<(StatusCode, String)>, Trouble> {
    let by = format!("{} {}", signed.name, signed.login);
    let done = (case, by.as_str(), what);
    let now = desk.moment(app.now());
    match cases::record(app.store(), &desk.book, &desk.rules, done, now).await {
        Ok(_) => Ok(None),
        Err(error) => refused((app, desk), error, lang).map(Some),
    }
}

/// Records a service with the picture or scan that shows it: both, or neither.
async fn served(
    (app, signed): (&App, &Signed),
    desk: &CaseDesk,
    (case, service, bytes): (CaseId, Service, Vec<u8>),
    lang: Lang,
) -> Result<Option<(StatusCode, String)>, Trouble> {
    let by = format!("{} {}", signed.name, signed.login);
    let of = (app.store(), &desk.book, &*desk.rules);
    let done = match cleaned(app, bytes).await? {
        Ok(upload) => serve(of, case, (upload, service), &by, desk.moment(app.now())).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(None),
        Err(error) => {
            let (status, why) = not_filed((app, desk), error, lang)?;
            Ok(Some((status, lang.with("file-again", &[("why", why.into())]))))
        }
    }
}

/// Why a case did not take something, with the status of the answer.
pub(in crate::pages) fn refused(
    (app, desk): (&App, &CaseDesk),
    error: CaseError,
    lang: Lang,
) -> Result<(StatusCode, String), Trouble> {
    match error {
        CaseError::Refused(refusal) => {
            let why = desk.speaker(&app.county(), lang).refusal(&refusal);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, why))
        }
        CaseError::Flow(FlowError::Store(StoreError::CaseMoved(_) | StoreError::NumberTaken)) => {
            Ok((StatusCode::CONFLICT, lang.t("case-moved")))
        }
        CaseError::Unknown(_) => Err(Trouble::NotFound),
        CaseError::Unreadable(_, no) => Ok((StatusCode::CONFLICT, unread(no, lang))),
        CaseError::Flow(error) => Err(error.into()),
    }
}

/// That a case takes nothing before its record of that number can be read, and what to do.
pub(in crate::pages) fn unread(no: u32, lang: Lang) -> String {
    lang.n("case-unread", usize::try_from(no).unwrap_or_default())
}

/// What a form says; `None` when a field is missing.
fn what(act: &str, paper: u32, fields: &Fields) -> Option<What> {
    if act == "void" {
        return Some(What::Voided { paper, why: words(fields, "why")? });
    }
    let proof = match fields.get("how")?.as_str() {
        "signed" => ServiceProof::Signed { receiver: words(fields, "receiver")? },
        "refused" => ServiceProof::Refused {
            words: words(fields, "words")?,
            witnesses: [words(fields, "witness1")?, words(fields, "witness2")?],
        },
        "mailed" => ServiceProof::Mailed { number: words(fields, "number")? },
        _ => return None,
    };
    let on = fields.get("on")?.trim().parse().ok()?;
    Some(What::Served(Service { paper, on, by: words(fields, "by")?, proof, file: None }))
}

fn words(fields: &Fields, name: &str) -> Option<String> {
    let words: String = fields.get(name)?.trim().chars().take(WORDS).collect();
    (!words.is_empty()).then_some(words)
}
