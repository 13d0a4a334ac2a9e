//! Who asks: the session behind a request, and the rights that come with it.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header::CACHE_CONTROL, request::Parts},
    middleware::Next,
    response::Response,
};
use baoxue_authz::{Action, Actor, Decision, Factor, Place, Resource, Scope, decide, scope};
use baoxue_claim::ChildId;
use baoxue_flow::{
    Entry, Seen,
    limits::{Counts, PageTurn, counts},
    people,
};
use chrono::{DateTime, TimeDelta, Utc};

use crate::{app::App, i18n::cookie, trouble::Trouble};

/// The word of the log for somebody who opened more pages in an hour than anybody needs.
pub(crate) const BULK_LIMIT: &str = "BulkLimit";

/// Seconds until the session ends when nothing more is asked.
const SESSION_ENDS: HeaderName = HeaderName::from_static("x-session-ends");

/// What somebody has chosen in this browser, as its cookies keep it.
#[derive(Clone, Debug)]
pub(crate) struct Taste {
    /// `light`, `dark`, or empty for what the system says.
    pub(crate) theme: String,
    /// Whether single keys do something (WCAG 2.1.4).
    pub(crate) hotkeys: bool,
}

impl Taste {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        Self {
            theme: cookie(headers, "theme").unwrap_or_default().to_owned(),
            hotkeys: cookie(headers, "hotkeys") != Some("off"),
        }
    }
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Signed(Arc<Person>);

#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) session: people::Session,
    pub(crate) actor: Actor,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) taste: Taste,
    pub(crate) csrf: String,
    pub(crate) ends: DateTime<Utc>,
    /// Whether this request has been counted as a page about a child.
    counted: AtomicBool,
}

impl std::ops::Deref for Signed {
    type Target = Person;

    fn deref(&self) -> &Person {
        &self.0
    }
}

/// Name of the session cookie. Bound to https where there is https; browsers refuse the bound name elsewhere.
pub(crate) const fn session_cookie(secure: bool) -> &'static str {
    if secure { "__Host-bx" } else { "bx" }
}

/// Finds the session of a request and lays it down for whoever asks.
pub(crate) async fn recognise(
    State(app): State<App>,
    headers: HeaderMap,
    mut request: Request,
    next: Next,
) -> Response {
    let token = cookie(&headers, session_cookie(app.options().secure)).map(str::to_owned);
    let mut left = None;
    if let Some(token) = token {
        match app.people().session(&token, app.now()).await {
            Ok(Some(session)) => {
                let signed = Signed::new(session, Taste::of(&headers));
                left = Some(signed.left(&app).num_seconds());
                request.extensions_mut().insert(signed);
            }
            Ok(None) => {}
            // Nobody is let in because the database does not answer.
            Err(error) => {
                return axum::response::IntoResponse::into_response(Trouble::broken(&error));
            }
        }
    }
    let mut response = next.run(request).await;
    // The clock in the browser goes on with every answer, fragments among them. What is kept for a year has none.
    let is_kept = response.headers().contains_key(CACHE_CONTROL);
    if let Some(left) = left.filter(|_| !is_kept) {
        response.headers_mut().insert(SESSION_ENDS, HeaderValue::from(left));
    }
    response
}

impl<S: Send + Sync> FromRequestParts<S> for Signed {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Trouble> {
        parts.extensions.get::<Self>().cloned().ok_or(Trouble::SignIn)
    }
}

impl Signed {
    pub(crate) fn new(session: people::Session, taste: Taste) -> Self {
        Self(Arc::new(Person {
            actor: session.actor.clone(),
            login: session.account.login.clone(),
            name: session.account.name.clone(),
            taste,
            csrf: session.csrf.clone(),
            ends: session.ends_at,
            counted: AtomicBool::new(false),
            session,
        }))
    }

    /// How long the session still lasts when nothing more is asked.
    pub(crate) fn left(&self, app: &App) -> TimeDelta {
        let idle = TimeDelta::from_std(app.people().settings().idle).unwrap_or_default();
        idle.min(self.ends - app.now())
    }

    /// Refuses what no policy permits. What is refused about a child looks like a child that is not there.
    pub(crate) fn may(&self, action: Action, resource: &Resource) -> Result<(), Trouble> {
        if decide(&self.actor, action, resource).allowed {
            return Ok(());
        }
        Err(match resource {
            _ if self.could(action, resource) => Trouble::StepUp,
            Resource::Child(_) => Trouble::NotFound,
            Resource::County
            | Resource::File { .. }
            | Resource::Export { .. }
            | Resource::Task { .. }
            | Resource::Account(_)
            | Resource::Log { .. } => Trouble::NotYours,
        })
    }

    /// Whether a policy permits it once the second factor is proved again: what buttons ask.
    pub(crate) fn could(&self, action: Action, resource: &Resource) -> bool {
        decide(&self.with_fresh_factor(), action, resource).allowed
    }

    fn with_fresh_factor(&self) -> Actor {
        Actor { factor: Factor::Fresh, ..self.actor.clone() }
    }

    /// Whether a policy permits it.
    pub(crate) fn can(&self, action: Action, resource: &Resource) -> bool {
        decide(&self.actor, action, resource).allowed
    }

    /// Keeps that these children were shown, and by which policy; it counts as a page or as a list (T-22). Returns when it is
    /// on the disk: what cannot be logged is not shown (T-64).
    pub(crate) async fn looked(
        &self,
        app: &App,
        action: Action,
        children: &[ChildId],
    ) -> Result<(), Trouble> {
        if children.is_empty() {
            return Ok(());
        }
        self.kept(app, (action, ""), children).await
    }

    /// Keeps what was done, for what, and about whom. What shows children counts as a page or as a list, so that nothing is
    /// kept that is not counted (T-22).
    pub(crate) async fn kept(
        &self,
        app: &App,
        (action, purpose): (Action, &str),
        children: &[ChildId],
    ) -> Result<(), Trouble> {
        match counts(action, children.len()) {
            Counts::No => {}
            Counts::Page => self.opens_page(app).await?,
            Counts::List => self.listed(app, children).await?,
        }
        self.logged(app, (action, purpose), children).await
    }

    async fn logged(
        &self,
        app: &App,
        (action, purpose): (Action, &str),
        children: &[ChildId],
    ) -> Result<(), Trouble> {
        let decision = self.permitted(app, action, children);
        self.kept_as(app, (action, purpose), (&decision, children)).await
    }

    async fn kept_as(
        &self,
        app: &App,
        (what, purpose): (Action, &str),
        (decision, children): (&Decision, &[ChildId]),
    ) -> Result<(), Trouble> {
        let address = &self.session.address;
        let seen = Seen { what, decision, children, purpose, address };
        Ok(app.access().log_read(&self.session, &seen, app.now()).await?)
    }

    /// Opens a page about one child, unless too many were opened in the last hour: then somebody is told (T-22). A request
    /// counts once; whoever would read much before it is known whom to show asks beforehand.
    pub(crate) async fn opens_page(&self, app: &App) -> Result<(), Trouble> {
        if self.counted.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let turn = app.pages().turn(self.actor.account, app.now()).await?;
        self.within(app, turn, "too-many-pages").await
    }

    /// Keeps that a list shows children, unless lists have shown too many in the last hour: then somebody is told (T-22).
    pub(crate) async fn lists(
        &self,
        app: &App,
        action: Action,
        children: &[ChildId],
    ) -> Result<(), Trouble> {
        self.listed(app, children).await?;
        if children.is_empty() {
            return Ok(());
        }
        self.logged(app, (action, ""), children).await
    }

    async fn listed(&self, app: &App, children: &[ChildId]) -> Result<(), Trouble> {
        let turn = app.pages().lists(self.actor.account, children, app.now()).await?;
        self.within(app, turn, "too-many-listed").await
    }

    async fn within(&self, app: &App, turn: PageTurn, why: &'static str) -> Result<(), Trouble> {
        let PageTurn::TooMany { alarm, until } = turn else { return Ok(()) };
        if alarm {
            self.noted(app, (BULK_LIMIT, false), "").await?;
        }
        let wait = (until - app.now()).num_seconds().max(1);
        Err(Trouble::TooMany(why, wait))
    }

    /// Keeps an act that shows no child.
    pub(crate) async fn noted(
        &self,
        app: &App,
        act: (&str, bool),
        purpose: &str,
    ) -> Result<(), Trouble> {
        Ok(app.access().log_act(&self.session, act, purpose, app.now()).await?)
    }

    /// Whether a policy permits it on any child once the second factor is proved again: what buttons of lists ask.
    pub(crate) fn could_on_some(&self, action: Action) -> bool {
        scope(&self.with_fresh_factor(), action) != Scope::Nothing
    }

    /// Keeps that something was done that is about no child.
    pub(crate) async fn did(
        &self,
        app: &App,
        (action, purpose): (Action, &str),
        resource: &Resource,
    ) -> Result<(), Trouble> {
        let decision = decide(&self.actor, action, resource);
        self.kept_as(app, (action, purpose), (&decision, &[])).await
    }

    /// What was done, with the policies that permitted it on each of the children; without children, on whatever else the
    /// action is about.
    fn permitted(&self, app: &App, action: Action, children: &[ChildId]) -> Decision {
        let roll = app.roll();
        let resources: Vec<Resource> = if children.is_empty() {
            let own = Resource::Log { account: self.actor.account, unit: self.actor.unit() };
            let export = Resource::Export { requester: 0 };
            let task = Resource::Task { unit: self.actor.unit() };
            vec![Resource::County, Resource::Account(0), own, export, task]
        } else {
            let of = |child: &ChildId| roll.entry(*child).map(place).unwrap_or_default();
            children.iter().map(of).map(Resource::Child).collect()
        };
        let decided = resources.iter().map(|resource| decide(&self.actor, action, resource));
        let permitting = decided.filter(|decision| decision.allowed);
        let policies: BTreeSet<String> = permitting.flat_map(|found| found.policies).collect();
        Decision { allowed: true, policies: policies.into_iter().collect() }
    }

    /// The children on whom an action is permitted; nobody who may do it to none sees the page at all.
    pub(crate) fn scope(&self, action: Action) -> Result<Scope, Trouble> {
        match scope(&self.actor, action) {
            Scope::Nothing if scope(&self.with_fresh_factor(), action) != Scope::Nothing => {
                Err(Trouble::StepUp)
            }
            Scope::Nothing => Err(Trouble::NotYours),
            some @ (Scope::All | Scope::Places { .. }) => Ok(some),
        }
    }
}

/// Where a child stands, as the policies ask.
pub(crate) fn place(entry: &Entry) -> Place {
    entry.place()
}
