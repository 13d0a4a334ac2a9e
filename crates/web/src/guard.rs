//! What stands before every route: headers on every answer, and no change without a form of ours (T-13, T-30).

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    body::{Body, to_bytes},
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    app::App,
    door::Signed,
    doubles, held,
    i18n::cookie,
    routes::{Line, Needs},
    trouble::Trouble,
};

/// Forms are short; files come in pieces by another way.
pub(crate) const MAX_FORM_BYTES: usize = 1024 * 1024;

/// A cookie that the sign-in form must repeat, since there is no session yet whose token it could carry.
pub(crate) const FORM_COOKIE: &str = "bx-form";

/// Whether the form of an address carries a file. It is too long to be looked at here, so its handler compares the token, which
/// stands before the file, and takes nothing before that.
fn carries_file(path: &str) -> bool {
    path == "/imports/new"
        || (path.starts_with("/cases/") && path.ends_with("/files"))
        || (path.starts_with("/letters/") && path.ends_with("/scans"))
        || (path.starts_with("/documents/") && path.ends_with("/serve"))
        || path == "/inspect"
}

/// The token that a form with a file must carry.
#[derive(Clone)]
pub(crate) struct Expected(String);

impl Expected {
    /// Whether this is the token.
    pub(crate) fn is(&self, sent: &str) -> bool {
        same(sent.as_bytes(), self.0.as_bytes())
    }
}

const CSP: &str = "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; \
    frame-ancestors 'none'; form-action 'self'";

/// Puts the headers on every answer, errors and assets among them.
pub(crate) async fn headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let all = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        all.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, CSP);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "geolocation=(), microphone=(), camera=()");
    // Whatever is not named by its content may hold a child's data.
    set(header::CACHE_CONTROL, "no-store");
    if app.options().secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    response
}

/// The addresses of forms that are there for whoever is not signed in.
#[derive(Clone)]
pub(crate) struct Open(Arc<BTreeSet<String>>);

impl Open {
    pub(crate) fn of(table: &[Line]) -> Self {
        let open = table.iter().filter(|line| line.route.needs == Needs::Nothing);
        Self(Arc::new(open.map(|line| line.route.path.clone()).collect()))
    }

    /// Whether a request goes to one of them, or nowhere.
    fn has(&self, request: &Request) -> bool {
        let path = request.extensions().get::<MatchedPath>();
        path.is_none_or(|path| self.0.contains(path.as_str()))
    }
}

/// Lets a changing request through only when it comes from a page of ours, by origin and by token. A form whose session is
/// over, or which needs a fresh code, is given back with what was typed.
pub(crate) async fn from_our_page(
    State((app, open)): State<(App, Open)>,
    headers: HeaderMap,
    request: Request,
    next: Next,
) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    if !same_origin(&app, &headers) {
        return Trouble::Foreign.into_response();
    }
    let signed = request.extensions().get::<Signed>().cloned();
    if signed.is_none() && !open.has(&request) {
        if held::is_form(&request) {
            return held::over(&app, request).await;
        }
        return Trouble::SignIn.into_response();
    }
    let token = signed.as_ref().map(|signed| signed.csrf.clone());
    let Some(token) = token.or_else(|| cookie(&headers, FORM_COOKIE).map(str::to_owned)) else {
        return Trouble::SignIn.into_response();
    };
    if let Some(sent) = headers.get("x-csrf-token") {
        if same(sent.as_bytes(), token.as_bytes()) {
            return next.run(request).await;
        }
        return Trouble::Foreign.into_response();
    }
    let is_file = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
    if is_file && carries_file(request.uri().path()) {
        let mut request = request;
        request.extensions_mut().insert(Expected(token));
        return next.run(request).await;
    }
    plain((&app, signed.as_ref()), &token, request, next).await
}

/// A form without files: the token stands in its body.
async fn plain(
    (app, signed): (&App, Option<&Signed>),
    token: &str,
    request: Request,
    next: Next,
) -> Response {
    let is_form = held::is_form(&request);
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, MAX_FORM_BYTES).await else {
        return Trouble::Bad("too-long").into_response();
    };
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&bytes).unwrap_or_default();
    let sent = fields.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.as_str());
    if !sent.is_some_and(|sent| same(sent.as_bytes(), token.as_bytes())) {
        return Trouble::Foreign.into_response();
    }
    let to = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let headers = parts.headers.clone();
    let key = signed.and_then(|signed| doubles::key(&signed.csrf, &to, &fields));
    let request = Request::from_parts(parts, Body::from(bytes));
    let response = match key {
        Some(key) => app.doubles().once(key, app.now(), (request, next)).await,
        None => next.run(request).await,
    };
    let wants_code = matches!(response.extensions().get(), Some(Trouble::StepUp));
    let Some(signed) = signed.filter(|_| wants_code && is_form) else { return response };
    held::stepped((app, signed), (&to, &headers), fields).unwrap_or(response)
}

/// Browsers tell where a form was sent from. An old one that tells nothing is not let through.
fn same_origin(app: &App, headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site")
        && site != "same-origin"
    {
        return false;
    }
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else {
        return headers.get("sec-fetch-site").is_some();
    };
    if let Some(ours) = &app.options().origin {
        return origin == ours;
    }
    let host = text(header::HOST).unwrap_or_default();
    origin.split_once("://").is_some_and(|(_, place)| place == host)
}

/// Compares without telling by its time where two tokens differ.
pub(crate) fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len()
        && !other.is_empty()
        && one.iter().zip(other).fold(0, |d, (a, b)| d | (a ^ b)) == 0
}
