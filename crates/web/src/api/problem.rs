//! What programs are told of trouble: problem details of RFC 9457, with nothing of the inside (T-31).

use std::collections::BTreeMap;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{Content, Ref, RefOr, Response as Described, ResponseBuilder},
};

use crate::{i18n::Lang, trouble::Trouble};

const MEDIA_TYPE: &str = "application/problem+json";

/// Why there is no answer. What is not there and what is not the reader's look alike.
#[derive(Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Always `about:blank`: the status says what kind of problem it is.
    #[schema(example = "about:blank")]
    r#type: &'static str,
    /// The words of the status.
    title: &'static str,
    /// The status.
    status: u16,
    /// A stable word for programs.
    code: &'static str,
    /// What happened and what to do, in the language of the cookie `lang`.
    detail: String,
    /// Under this number the log has the details of a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<String>,
}

/// The problem that stands for an answer that went wrong.
pub(crate) fn told(response: Response, lang: Lang) -> Response {
    let Some(trouble) = Trouble::of(&response) else { return response };
    let (status, code) = (status_of(&trouble), trouble.key());
    let problem = Problem {
        r#type: "about:blank",
        title: status.canonical_reason().unwrap_or_default(),
        status: status.as_u16(),
        code,
        detail: lang.t(&format!("trouble-{code}-text")),
        incident: trouble.incident(),
    };
    let body = serde_json::to_string(&problem).unwrap_or_default();
    let mut told = (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
    if let Some(allowed) = response.headers().get(header::ALLOW) {
        told.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    if let Trouble::TooMany(_, seconds) = &trouble {
        told.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    if status == StatusCode::UNAUTHORIZED {
        let asks = HeaderValue::from_static("Cookie");
        told.headers_mut().insert(header::WWW_AUTHENTICATE, asks);
    }
    told
}

/// The status for programs: who must prove the second factor again is known, so it is no 401.
const fn status_of(trouble: &Trouble) -> StatusCode {
    if matches!(trouble, Trouble::StepUp) { StatusCode::FORBIDDEN } else { trouble.status() }
}

/// What every read may answer instead.
pub(crate) struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        described(&[
            (StatusCode::BAD_REQUEST, "The query is not understood."),
            (StatusCode::UNAUTHORIZED, "Nobody is signed in."),
            (
                StatusCode::FORBIDDEN,
                "The role does not do this, or the second factor must be proved again (`step-up`).",
            ),
            (StatusCode::NOT_FOUND, "Nothing there, or nothing that the reader may know of."),
            (
                StatusCode::TOO_MANY_REQUESTS,
                "Too many children in an hour; `Retry-After` says when there are more.",
            ),
            (StatusCode::INTERNAL_SERVER_ERROR, "A fault; the log has it under `incident`."),
        ])
    }
}

const CONFLICT: &str = "Something changed meanwhile; or the key came with another request, or with the same one, whose \
    answer is not known.";

/// What every write may answer instead.
pub(crate) struct WriteRefusals;

impl IntoResponses for WriteRefusals {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        let mut all = Refusals::responses();
        all.extend(described(&[(StatusCode::CONFLICT, CONFLICT)]));
        all
    }
}

fn described(refusals: &[(StatusCode, &str)]) -> BTreeMap<String, RefOr<Described>> {
    let response = |(status, words): &(StatusCode, &str)| {
        let content = Content::new(Some(Ref::from_schema_name("Problem")));
        let response = ResponseBuilder::new().description(*words).content(MEDIA_TYPE, content);
        (status.as_u16().to_string(), RefOr::T(response.build()))
    };
    refusals.iter().map(response).collect()
}
