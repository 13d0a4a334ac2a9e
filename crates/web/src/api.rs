//! `/api/v1`: what the pages show, for programs. The same rights, the same access log, the same covered numbers; whole
//! numbers are shown on pages only. The document of the interface is made from the handlers, and a route of it cannot be
//! without its description: the table of routes is read from there.

mod answer;
mod audit;
mod child;
mod children;
mod claim;
mod conflicts;
mod map;
mod me;
mod once;
mod pairs;
mod problem;
mod query;
mod rules;
mod sources;

use std::sync::LazyLock;

use axum::{
    Json,
    http::Method,
    response::{IntoResponse, Response},
};
use baoxue_authz::Action;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ComponentsBuilder, ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder,
        Paths, SecurityRequirement,
        path::PathItem,
        security::{ApiKey, ApiKeyValue, SecurityScheme},
    },
};
use utoipa_axum::{router::UtoipaMethodRouter, routes};

use crate::{
    app::App,
    door::Signed,
    routes::{Line, Needs, get},
};

pub(crate) use problem::told as problem;

/// Where the interface stands.
const BASE: &str = "/api/v1/";
/// Where its document stands.
pub(crate) const DOCUMENT: &str = "/api/v1/openapi.json";

/// Whether an address is of the interface.
pub(crate) fn is_ours(path: &str) -> bool {
    path.starts_with(BASE)
}

/// What the interface offers and needs.
fn offered() -> Vec<(UtoipaMethodRouter<App>, Needs)> {
    let reads = Needs::Action(&[Action::ReadChild]);
    let reads_claims = Needs::Action(&[Action::ReadClaims]);
    let decides = Needs::Action(&[Action::DecideIdentity]);
    let (rules, sources) =
        (Needs::Action(&[Action::ReadRules]), Needs::Action(&[Action::ReadSources]));
    vec![
        (routes!(me::me), Needs::Action(&[Action::ManageOwn])),
        (routes!(children::list), reads),
        (routes!(child::one), reads),
        (routes!(claim::one), reads_claims),
        (routes!(conflicts::list), reads_claims),
        (routes!(conflicts::answer), Needs::Action(&[Action::AnswerConflict])),
        (routes!(pairs::list), decides),
        (routes!(pairs::one), decides),
        (routes!(pairs::answer), decides),
        (routes!(map::figures), Needs::Action(&[Action::ReadMap])),
        (routes!(rules::list), rules),
        (routes!(rules::one), rules),
        (routes!(sources::list), sources),
        (routes!(sources::one), sources),
        (routes!(audit::list), Needs::Action(&[Action::ReadOwnAudit])),
    ]
}

/// The routes of the interface, as their descriptions name them.
pub(crate) fn table() -> Vec<Line> {
    let described = offered().into_iter().flat_map(|((_, paths, answers), needs)| {
        let place = paths.paths.iter().flat_map(|(path, item)| {
            methods(item).into_iter().map(|method| (method, path.clone()))
        });
        place.map(|place| Line::new(place, answers.clone(), needs)).collect::<Vec<_>>()
    });
    described.chain([get(DOCUMENT, served, Needs::Session)]).collect()
}

fn methods(item: &PathItem) -> Vec<Method> {
    let known = [(item.get.is_some(), Method::GET), (item.post.is_some(), Method::POST)];
    known.into_iter().filter(|(has, _)| *has).map(|(_, method)| method).collect()
}

/// The document of the interface, of version 3.1.
pub(crate) static DESCRIBED: LazyLock<OpenApi> = LazyLock::new(document);

fn document() -> OpenApi {
    let mut paths = Paths::new();
    let mut components = ComponentsBuilder::new()
        .schema(problem::Problem::name(), problem::Problem::schema())
        .schemas_from_iter(answer::keys())
        .schemas_from_iter(answer::forms())
        .security_scheme("session", by_cookie());
    for ((schemas, own, _), _) in offered() {
        paths.merge(own);
        components = components.schemas_from_iter(schemas);
    }
    let info = InfoBuilder::new()
        .title("Baoxue")
        .version("v1")
        .description(Some(ABOUT))
        .contact(None::<ContactBuilder>.map(ContactBuilder::build))
        .license(Some(
            LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
        ));
    OpenApiBuilder::new()
        .info(info.build())
        .paths(paths)
        .components(Some(components.build()))
        .security(Some([SecurityRequirement::new("session", Vec::<String>::new())]))
        .build()
}

const ABOUT: &str = "What the pages show, for programs: the same rights, the same access log, numbers covered in the \
    middle. Sign in by the form of `/login` and send its cookie; a session ends as that of a browser does. A write brings \
    the token of `/api/v1/me` as `X-CSRF-Token`, the origin of the server as `Origin`, and an `Idempotency-Key`. A list \
    comes in parts: `next` of one is `after` of the following. Troubles are problem details (RFC 9457).";

fn by_cookie() -> SecurityScheme {
    SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
        "bx",
        "The session of the sign-in form; `__Host-bx` where the server is reached by https.",
    )))
}

/// The document.
async fn served(_signed: Signed) -> Response {
    Json(&*DESCRIBED).into_response()
}
