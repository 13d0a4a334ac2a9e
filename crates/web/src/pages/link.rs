//! Pages for people who have no password yet: the link that sets one, and the first administrator of an empty database.

use askama::Template;
use axum::{
    extract::{Extension, Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{login::form_token, people_words::why_not};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::html,
    door::Signed,
    forms::Posted,
    i18n::Lang,
    trouble::Trouble,
};

#[derive(Template)]
#[template(path = "link.html")]
struct LinkPage {
    chrome: Chrome,
    /// Where the form goes.
    action: String,
    /// Whose password it is; `None` on the page that makes the first account.
    of: Option<String>,
    login: String,
    name: String,
    token: String,
    error: Option<String>,
}

#[derive(Deserialize, Default)]
pub(crate) struct LinkForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    name: String,
    new: String,
    again: String,
}

/// What a page of these is made of.
struct Asking<'a> {
    app: &'a App,
    headers: &'a HeaderMap,
    /// Somebody else may be signed in at this machine.
    signed: Option<Extension<Signed>>,
    action: String,
}

impl Asking<'_> {
    fn shown(
        &self,
        of: Option<String>,
        form: LinkForm,
        error: Option<String>,
    ) -> Result<Response, Trouble> {
        let lang = Lang::of(self.headers);
        let title = lang.t(if of.is_some() { "link-title" } else { "setup-title" });
        let (token, kept) = form_token(self.app, self.headers)?;
        let token = self.signed.as_ref().map_or(token, |signed| signed.csrf.clone());
        let status =
            if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let page = LinkPage {
            chrome: Chrome::new(self.app, None, lang, Tab::None, &title),
            action: self.action.clone(),
            of,
            login: form.login,
            name: form.name,
            token,
            error,
        };
        Ok((status, kept, html(&page)?).into_response())
    }
}

/// The sign-in name of the account whose password a link sets.
async fn login_of(app: &App, token: &str) -> Result<String, Trouble> {
    let found = app.people().login_of_link(token, app.now()).await;
    found.map_err(|error| Trouble::broken(&error))?.ok_or(Trouble::Changed("link"))
}

/// The form behind a link.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Option<Extension<Signed>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let login = login_of(&app, &token).await?;
    let action = baoxue_flow::people::link_path(&token);
    let asking = Asking { app: &app, headers: &headers, signed, action };
    asking.shown(Some(login), LinkForm::default(), None)
}

/// Sets the password.
pub(crate) async fn set_password(
    State(app): State<App>,
    signed: Option<Extension<Signed>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Posted(form): Posted<LinkForm>,
) -> Result<Response, Trouble> {
    let login = login_of(&app, &token).await?;
    let lang = Lang::of(&headers);
    let error = if form.new == form.again {
        match app.people().set_password(&token, &form.new, app.now()).await {
            Ok(()) => return Ok(Redirect::to("/login").into_response()),
            Err(error) => why_not(&error, lang)?,
        }
    } else {
        lang.t("passwords-differ")
    };
    let action = baoxue_flow::people::link_path(&token);
    let asking = Asking { app: &app, headers: &headers, signed, action };
    asking.shown(Some(login), form, Some(error))
}

async fn must_be_first(app: &App, token: &str) -> Result<(), Trouble> {
    let works = app.people().is_first_setup(token, app.now()).await;
    let works = works.map_err(|error| Trouble::broken(&error))?;
    if works { Ok(()) } else { Err(Trouble::Changed("link")) }
}

/// The form for the first administrator.
pub(crate) async fn first_page(
    State(app): State<App>,
    signed: Option<Extension<Signed>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    must_be_first(&app, &token).await?;
    let action = baoxue_flow::people::setup_path(&token);
    let asking = Asking { app: &app, headers: &headers, signed, action };
    asking.shown(None, LinkForm::default(), None)
}

/// Makes the first administrator.
pub(crate) async fn set_up(
    State(app): State<App>,
    signed: Option<Extension<Signed>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Posted(form): Posted<LinkForm>,
) -> Result<Response, Trouble> {
    must_be_first(&app, &token).await?;
    let lang = Lang::of(&headers);
    let error = if form.new == form.again {
        let given = (form.login.as_str(), form.name.as_str(), form.new.as_str());
        match app.people().set_up(&token, given, app.now()).await {
            Ok(_) => return Ok(Redirect::to("/login").into_response()),
            Err(error) => why_not(&error, lang)?,
        }
    } else {
        lang.t("passwords-differ")
    };
    let action = baoxue_flow::people::setup_path(&token);
    let asking = Asking { app: &app, headers: &headers, signed, action };
    asking.shown(None, form, Some(error))
}
