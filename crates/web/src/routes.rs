//! A route as the table of `pages.rs` lists it: method, address, what it needs, and who answers. The router is built from the
//! table, and so are the tests that send every role to every route.

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    handler::Handler,
    http::Method,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{self, MethodRouter},
};
use baoxue_authz::Action;

use crate::{app::App, door::Signed, trouble::Trouble};

/// What a route asks of whoever calls it. More may be asked once it is known what the address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: it is there before anybody signed in.
    Nothing,
    /// A session, whoever's.
    Session,
    /// One of these actions, on what the address names or on what is listed.
    Action(&'static [Action]),
}

/// A route that the application answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The address, with its parts that vary in braces.
    pub path: String,
    /// What it needs.
    pub needs: Needs,
}

/// A line of the table.
pub(crate) struct Line {
    pub(crate) route: Route,
    pub(crate) answers: MethodRouter<App>,
}

impl Line {
    pub(crate) fn new(
        (method, path): (Method, String),
        answers: MethodRouter<App>,
        needs: Needs,
    ) -> Self {
        Self { route: Route { method, path, needs }, answers }
    }
}

/// A page.
pub(crate) fn get<H, T>(path: &str, handler: H, needs: Needs) -> Line
where
    H: Handler<T, App>,
    T: 'static,
{
    Line::new((Method::GET, path.to_owned()), routing::get(handler), needs)
}

/// What a form sends.
pub(crate) fn post<H, T>(path: &str, handler: H, needs: Needs) -> Line
where
    H: Handler<T, App>,
    T: 'static,
{
    Line::new((Method::POST, path.to_owned()), routing::post(handler), needs)
}

/// Largest form with a file: 20 MB and what else stands in it.
pub(crate) const FILE_FORM_BYTES: usize = (20 << 20) + 64 * 1024;

/// What a form sends that may carry a file.
pub(crate) fn post_file<H, T>(path: &str, handler: H, needs: Needs) -> Line
where
    H: Handler<T, App>,
    T: 'static,
{
    let answers = routing::post(handler).layer(DefaultBodyLimit::max(FILE_FORM_BYTES));
    Line::new((Method::POST, path.to_owned()), answers, needs)
}

/// The router of a table. Whatever needs something is closed to whoever has no session, before its handler is asked.
pub(crate) fn router_of(table: Vec<Line>) -> Router<App> {
    table.into_iter().fold(Router::new(), |router, Line { route, answers }| {
        let answers = match route.needs {
            Needs::Nothing => answers,
            Needs::Session | Needs::Action(_) => {
                answers.route_layer(middleware::from_fn(must_be_signed))
            }
        };
        router.route(&route.path, answers)
    })
}

async fn must_be_signed(request: Request, next: Next) -> Response {
    if request.extensions().get::<Signed>().is_none() {
        return Trouble::SignIn.into_response();
    }
    next.run(request).await
}
