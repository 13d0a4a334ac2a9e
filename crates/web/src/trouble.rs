//! What goes wrong on the way to a page, and what the reader is told of it: nothing of the inside (T-31).

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use baoxue_flow::FlowError;
use baoxue_store::StoreError;

use crate::{
    api,
    app::App,
    chrome::{Chrome, Tab},
    display::html,
    door::Signed,
    i18n::Lang,
};

/// Why there is no page.
#[derive(Clone, Debug)]
pub(crate) enum Trouble {
    /// Nothing there, or nothing that the reader may know of: the same answer for both (T-20).
    NotFound,
    /// The reader's role does not do this; the page says who can help.
    NotYours,
    /// Nobody is signed in.
    SignIn,
    /// The reader may, once the second factor is proved again (T-14).
    StepUp,
    /// The request was not sent from a page of ours (T-13).
    Foreign,
    /// The request makes no sense; key of the words that say why.
    Bad(&'static str),
    /// Something changed meanwhile; key of the words that say what.
    Changed(&'static str),
    /// The address has no such method.
    Method,
    /// More was sent than is taken there.
    Large,
    /// Too much in an hour (T-22); key of the words that say of what, and seconds until there is more.
    TooMany(&'static str, i64),
    /// It was there, and its time is over.
    Gone,
    /// A fault of ours, under this number in the log.
    Broken(String),
}

impl Trouble {
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NotYours | Self::Foreign => StatusCode::FORBIDDEN,
            Self::SignIn | Self::StepUp => StatusCode::UNAUTHORIZED,
            Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::Changed(_) => StatusCode::CONFLICT,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Large => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany(..) => StatusCode::TOO_MANY_REQUESTS,
            Self::Gone => StatusCode::GONE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Key of the words that tell it.
    pub(crate) const fn key(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::NotYours => "not-yours",
            Self::SignIn => "sign-in-again",
            Self::StepUp => "step-up",
            Self::Foreign => "foreign",
            Self::Bad(key) | Self::Changed(key) | Self::TooMany(key, _) => key,
            Self::Gone => "gone",
            Self::Method => "method",
            Self::Large => "too-long",
            Self::Broken(_) => "broken",
        }
    }

    /// Why an answer is none. What the router refuses by itself, such as a number in an address that is none, says so in
    /// words of the inside and is told in ours.
    pub(crate) fn of(response: &Response) -> Option<Self> {
        if let Some(trouble) = response.extensions().get::<Self>() {
            return Some(trouble.clone());
        }
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let ours = kind.is_some_and(|kind| !kind.starts_with("text/plain"));
        match response.status() {
            StatusCode::METHOD_NOT_ALLOWED => Some(Self::Method),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::Large),
            status if status.is_client_error() && !ours => Some(Self::NotFound),
            _ => None,
        }
    }

    /// The number under which the log has the details of a fault.
    pub(crate) fn incident(&self) -> Option<String> {
        if let Self::Broken(number) = self { Some(number.clone()) } else { None }
    }

    /// A fault, written to the log under a number that the page shows.
    pub(crate) fn broken(error: &dyn std::error::Error) -> Self {
        Self::Broken(incident(error))
    }
}

/// Writes a fault of ours to the log and gives its number there.
pub(crate) fn incident(error: &dyn std::error::Error) -> String {
    let mut bytes = [0; 4];
    // Without randomness the number is zero; the log still has the time.
    let _ = getrandom::fill(&mut bytes);
    let number = format!("E{:08X}", u32::from_be_bytes(bytes));
    tracing::error!(incident = %number, error = %chain(error), "a page failed");
    number
}

/// An error with what caused it, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text.replace(['\n', '\r'], " ")
}

impl From<FlowError> for Trouble {
    fn from(error: FlowError) -> Self {
        if matches!(error, FlowError::NoChild(_)) { Self::NotFound } else { Self::broken(&error) }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::broken(&error)
    }
}

impl From<askama::Error> for Trouble {
    fn from(error: askama::Error) -> Self {
        Self::broken(&error)
    }
}

impl IntoResponse for Trouble {
    /// A bare status; [`told`] puts the page around it, since it knows the reader's language.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct TroublePage {
    chrome: Chrome,
    title: String,
    text: String,
    number: Option<String>,
}

/// Puts a page that says what happened and what to do around every trouble.
pub(crate) async fn told(
    State(app): State<App>,
    headers: HeaderMap,
    request: Request,
    next: Next,
) -> Response {
    let signed = request.extensions().get::<Signed>().cloned();
    let path = request.uri().path().to_owned();
    let asked = asked(&request, &headers);
    let response = next.run(request).await;
    if api::is_ours(&path) {
        return api::problem(response, Lang::of(&headers));
    }
    let Some(trouble) = Trouble::of(&response) else { return response };
    let lang = Lang::of(&headers);
    if matches!(trouble, Trouble::SignIn) && headers.get("hx-request").is_none() {
        let next = serde_urlencoded::to_string([("next", asked)]).unwrap_or_default();
        return (StatusCode::SEE_OTHER, [(header::LOCATION, format!("/login?{next}"))])
            .into_response();
    }
    if matches!(trouble, Trouble::StepUp) {
        let next = serde_urlencoded::to_string([("next", asked)]).unwrap_or_default();
        let to = format!("/me/step-up?{next}");
        if headers.get("hx-request").is_some() {
            return (StatusCode::NO_CONTENT, [("hx-redirect", to)]).into_response();
        }
        return (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
    }
    let (key, number) = (trouble.key(), trouble.incident());
    let title = lang.t(&format!("trouble-{key}"));
    let text = lang.t(&format!("trouble-{key}-text"));
    let chrome = Chrome::new(&app, signed.as_ref(), lang, Tab::None, &title);
    let page = TroublePage { chrome, title, text, number };
    let mut response = html(&page).unwrap_or_else(IntoResponse::into_response);
    if let Trouble::TooMany(_, seconds) = &trouble {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    (trouble.status(), response).into_response()
}

/// The page to come back to: the one that was asked for, or the one with the form that was sent.
fn asked(request: &Request, headers: &HeaderMap) -> String {
    if *request.method() == axum::http::Method::GET {
        return request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    }
    back(headers)
}

/// The page somebody comes from, when it is one of ours.
pub(crate) fn back(headers: &HeaderMap) -> String {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let (referer, host) = (text(header::REFERER), text(header::HOST));
    let ours = || {
        let rest = referer?.split_once("://")?.1;
        let path = rest.strip_prefix(host?)?;
        path.starts_with('/').then(|| path.to_owned())
    };
    ours().unwrap_or_else(|| "/".to_owned())
}

/// The page of ours with that path that a form was sent from, with its query; the bare path otherwise.
pub(crate) fn back_to(path: &str, headers: &HeaderMap) -> String {
    let from = back(headers);
    if from.split('?').next() == Some(path) { from } else { path.to_owned() }
}
