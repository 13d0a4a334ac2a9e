//! 群众举报: the public page, without an account and without scripts. Nothing of where a tip-off comes from is kept (T-54).

use std::{collections::BTreeMap, net::SocketAddr};

use askama::Template;
use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use baoxue_flow::tips::{self, TipError, TipForm, TipOutcome, TipState, TipText};

use super::login::form_token;
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{html, moment},
    door::Signed,
    forms::Posted,
    i18n::Lang,
    routes::{Line, Needs, get, post},
    trouble::Trouble,
};

/// Codes that one address may try in an hour.
const GUESSES: u32 = 20;

type Fields = BTreeMap<String, String>;

/// The public routes.
pub(super) fn table() -> Vec<Line> {
    vec![
        get("/tip", page, Needs::Nothing),
        post("/tip", send, Needs::Nothing),
        get("/tip/answer", ask, Needs::Nothing),
        post("/tip/answer", answer, Needs::Nothing),
    ]
}

#[derive(Template)]
#[template(path = "tip.html")]
struct TipPage {
    chrome: Chrome,
    token: String,
    error: Option<String>,
    typed: Fields,
}

impl TipPage {
    fn typed(&self, name: &str) -> &str {
        self.typed.get(name).map_or("", String::as_str)
    }
}

#[derive(Template)]
#[template(path = "tip_sent.html")]
struct SentPage {
    chrome: Chrome,
    code: String,
}

#[derive(Template)]
#[template(path = "tip_answer.html")]
struct AnswerPage {
    chrome: Chrome,
    token: String,
    error: Option<String>,
    answer: Option<AnswerView>,
}

struct AnswerView {
    received: String,
    state: String,
    /// What came of it, the words, when.
    answer: Option<(String, String, String)>,
}

/// Whoever asks, with an account or without: language and the token of the form.
struct Visitor {
    signed: Option<Signed>,
    lang: Lang,
    token: String,
    cookie: Option<[(header::HeaderName, String); 1]>,
}

impl Visitor {
    fn of(app: &App, parts: &Parts) -> Result<Self, Trouble> {
        let lang = Lang::of(&parts.headers);
        if let Some(signed) = parts.extensions.get::<Signed>().cloned() {
            let token = signed.csrf.clone();
            return Ok(Self { signed: Some(signed), lang, token, cookie: None });
        }
        let (token, cookie) = form_token(app, &parts.headers)?;
        Ok(Self { signed: None, lang, token, cookie: Some(cookie) })
    }

    fn chrome(&self, app: &App, key: &str) -> Chrome {
        Chrome::new(app, self.signed.as_ref(), self.lang, Tab::None, &self.lang.t(key))
    }

    fn shows(self, status: StatusCode, page: &impl Template) -> Result<Response, Trouble> {
        let page = html(page)?;
        Ok(match self.cookie {
            Some(cookie) => (status, cookie, page).into_response(),
            None => (status, page).into_response(),
        })
    }
}

/// The form.
async fn page(State(app): State<App>, parts: Parts) -> Result<Response, Trouble> {
    let visitor = Visitor::of(&app, &parts)?;
    form(&app, visitor, (Fields::new(), None), StatusCode::OK)
}

fn form(
    app: &App,
    visitor: Visitor,
    (typed, error): (Fields, Option<String>),
    status: StatusCode,
) -> Result<Response, Trouble> {
    let (chrome, token) = (visitor.chrome(app, "tip-title"), visitor.token.clone());
    visitor.shows(status, &TipPage { chrome, token, error, typed })
}

/// Takes a tip-off and shows its code, once.
async fn send(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    parts: Parts,
    Posted(fields): Posted<Fields>,
) -> Result<Response, Trouble> {
    let visitor = Visitor::of(&app, &parts)?;
    let lang = visitor.lang;
    let told = told(&fields);
    let invalid = told.check().err();
    let (limits, now) = (app.county().act.tips, app.now());
    // What is not complete counts for nothing.
    let turn = if invalid.is_some() {
        Ok(0)
    } else {
        let address = app.address_of(peer, &parts.headers);
        app.doors().tips.turn(&address, limits.per_address, now)
    };
    let taken = match (invalid, turn) {
        (Some(error), _) => Err(error),
        (None, Err(wait)) => return too_many(&app, visitor, fields, ("tip-too-many", wait)),
        (None, Ok(nth)) => tips::take(app.store(), &told, limits.of_turn(nth), now).await,
    };
    let why = match taken {
        Ok(receipt) => {
            let page = SentPage { chrome: visitor.chrome(&app, "tip-sent"), code: receipt.code };
            return visitor.shows(StatusCode::OK, &page);
        }
        Err(TipError::Full) => return too_many(&app, visitor, fields, ("tip-full", 3600)),
        Err(TipError::Wordless) => "tip-wordless",
        Err(TipError::Long) => "tip-long",
        Err(error) => return Err(Trouble::broken(&error)),
    };
    form(&app, visitor, (fields, Some(lang.t(why))), StatusCode::UNPROCESSABLE_ENTITY)
}

fn told(fields: &Fields) -> TipForm {
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let text = TipText {
        child: field("child"),
        place: field("place"),
        school: field("school"),
        what: field("what"),
        since: field("since"),
    };
    TipForm { text, contact: field("contact") }
}

/// The form as it was typed, with how long to wait.
fn too_many(
    app: &App,
    visitor: Visitor,
    fields: Fields,
    (key, wait): (&str, i64),
) -> Result<Response, Trouble> {
    let minutes = usize::try_from(wait.max(1)).unwrap_or(3600).div_ceil(60);
    let why = visitor.lang.n(key, minutes);
    let status = StatusCode::TOO_MANY_REQUESTS;
    let mut response = form(app, visitor, (fields, Some(why)), status)?;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
    Ok(response)
}

/// Asks for the code.
async fn ask(State(app): State<App>, parts: Parts) -> Result<Response, Trouble> {
    let visitor = Visitor::of(&app, &parts)?;
    answered(&app, visitor, (None, None), StatusCode::OK)
}

fn answered(
    app: &App,
    visitor: Visitor,
    (answer, error): (Option<AnswerView>, Option<String>),
    status: StatusCode,
) -> Result<Response, Trouble> {
    let (chrome, token) = (visitor.chrome(app, "tip-answer-title"), visitor.token.clone());
    visitor.shows(status, &AnswerPage { chrome, token, error, answer })
}

/// Where the tip-off of a code stands.
async fn answer(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    parts: Parts,
    Posted(fields): Posted<Fields>,
) -> Result<Response, Trouble> {
    let visitor = Visitor::of(&app, &parts)?;
    let lang = visitor.lang;
    let address = app.address_of(peer, &parts.headers);
    if let Err(wait) = app.doors().guesses.turn(&address, GUESSES, app.now()) {
        return Err(Trouble::TooMany("tip-guesses", wait));
    }
    let code = fields.get("code").map_or("", String::as_str);
    let Some(found) = tips::answer_of_code(app.store(), code).await? else {
        let error = Some(lang.t("tip-no-code"));
        return answered(&app, visitor, (None, error), StatusCode::UNPROCESSABLE_ENTITY);
    };
    let answer =
        found.answer.map(|(outcome, words, at)| (lang.t(outcome_key(outcome)), words, moment(at)));
    let view = AnswerView {
        received: moment(found.received),
        state: lang.t(match found.state {
            TipState::New | TipState::Harassing => "tip-told-new",
            TipState::Again => "tip-told-again",
            TipState::Verifying => "tip-told-verifying",
            TipState::Answered => "tip-told-answered",
        }),
        answer,
    };
    answered(&app, visitor, (Some(view), None), StatusCode::OK)
}

/// The words of what came of a tip-off.
pub(super) fn outcome_key(outcome: TipOutcome) -> &'static str {
    match outcome {
        TipOutcome::Founded => "tip-founded",
        TipOutcome::Unfounded => "tip-unfounded",
        TipOutcome::Unverifiable => "tip-unverifiable",
        TipOutcome::Elsewhere => "tip-elsewhere",
    }
}
