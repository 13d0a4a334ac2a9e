//! 常用筛选: filters of the ledger kept under a name, own ones and those that the bureau shares.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use baoxue_authz::{Action, Resource};
use baoxue_store::{StoreError, StoredView, ViewBody};
use serde::Deserialize;

use super::{children::list_query, export::asked_of};
use crate::{app::App, door::Signed, forms::Posted, trouble::Trouble};

/// Views of one account; more are no help.
const MOST: usize = 30;
/// Characters of a name.
const MAX_NAME: usize = 30;

/// A view as the ledger lists it.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) shared: bool,
    /// Whether the reader may remove it.
    pub(crate) removes: bool,
    /// Whether it is what the page shows.
    pub(crate) on: bool,
}

#[derive(Deserialize)]
pub(crate) struct SaveForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    query: String,
    #[serde(default)]
    shared: String,
}

/// The views that the reader sees above a list.
pub(crate) async fn listed(app: &App, signed: &Signed, query: &str) -> Result<Vec<View>, Trouble> {
    let shares = signed.can(Action::ShareView, &Resource::County);
    let view = |view: StoredView| View {
        slug: slug(view.id),
        removes: removes(&view, signed, shares),
        on: view.body.query == query,
        name: view.body.name,
        shared: view.shared,
    };
    let views = app.store().views_of(signed.actor.account).await?;
    Ok(views.into_iter().map(view).collect())
}

fn slug(id: i64) -> String {
    format!("v_{id}")
}

/// Own views, and shared ones by whoever may share.
fn removes(view: &StoredView, signed: &Signed, shares: bool) -> bool {
    view.account == signed.actor.account || (view.shared && shares)
}

async fn find(app: &App, signed: &Signed, key: &str) -> Result<StoredView, Trouble> {
    let views = app.store().views_of(signed.actor.account).await?;
    views.into_iter().find(|view| slug(view.id) == key).ok_or(Trouble::NotFound)
}

/// The list of a view.
pub(crate) async fn open(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
) -> Result<Response, Trouble> {
    signed.scope(Action::ReadChild)?;
    let view = find(&app, &signed, &key).await?;
    Ok(Redirect::to(&format!("/children?{}", view.body.query)).into_response())
}

/// Keeps the filter that is shown under a name.
pub(crate) async fn save(
    State(app): State<App>,
    signed: Signed,
    Posted(form): Posted<SaveForm>,
) -> Result<Response, Trouble> {
    signed.scope(Action::ReadChild)?;
    let shared = form.shared == "1";
    if shared {
        signed.may(Action::ShareView, &Resource::County)?;
    }
    let name = form.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > MAX_NAME {
        return Err(Trouble::Bad("view-name"));
    }
    let _turn = app.turn().await;
    let account = signed.actor.account;
    let views = app.store().views_of(account).await?;
    let query = list_query(&asked_of(&form.query));
    let is_same = |view: &&StoredView| {
        (view.account, view.shared) == (account, shared)
            && (&view.body.name, &view.body.query) == (&name, &query)
    };
    if let Some(view) = views.iter().find(is_same) {
        return Ok(Redirect::to(&format!("/children/views/{}", slug(view.id))).into_response());
    }
    if views.iter().filter(|view| view.account == account).count() >= MOST {
        return Err(Trouble::Bad("view-many"));
    }
    let body = ViewBody { name, query };
    let id = app.store().save_view((account, shared), &body, app.now()).await?;
    if shared {
        signed.kept(&app, (Action::ShareView, &body.name), &[]).await?;
    }
    Ok(Redirect::to(&format!("/children/views/{}", slug(id))).into_response())
}

/// Removes a view; the list stays.
pub(crate) async fn remove(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let view = find(&app, &signed, &key).await?;
    if !removes(&view, &signed, signed.can(Action::ShareView, &Resource::County)) {
        return Err(Trouble::NotYours);
    }
    let removed = app.store().remove_view(view.id, signed.actor.account, app.now()).await;
    match removed {
        Ok(()) | Err(StoreError::NoView(_)) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to(&crate::trouble::back_to("/children", &headers)).into_response())
}
