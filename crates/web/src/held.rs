//! What was typed into a form that could not be taken, since the session was over or a fresh code is wanted: it is held in the
//! answer itself, never on the server, and is sent again by one click of the person who typed it.

use askama::Template;
use axum::{
    body::to_bytes,
    extract::{FromRequest, Multipart, Request},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::html,
    door::{Signed, session_cookie},
    guard::{MAX_FORM_BYTES, same},
    i18n::{Lang, cookie},
    pages::{factor, login},
    trouble::{self, Trouble},
};

/// Longest form that is held: what people type is shorter.
const MOST_BYTES: usize = 64 * 1024;
/// Fields that stay in nobody's page.
const SECRETS: [&str; 8] = ["csrf", "held", "password", "old", "new", "again", "code", "secret"];
/// A text that people typed has at least so many characters; shorter ones are choices.
const TYPED: usize = 4;
/// The account that a session was of, for when it is over. Whoever changes it deceives themselves only.
const WHOSE: &str = "bx-as";

/// A form that was not taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    /// Where it goes.
    to: String,
    /// The page that it stood on.
    from: String,
    /// The account of whoever typed it; nobody else sends it. Unknown when the session left no trace.
    by: Option<i64>,
    fields: Vec<(String, String)>,
    /// Whether files came with it, which are not held.
    files: bool,
    /// Whether it was too long.
    cut: bool,
}

/// A form that is held, as a page shows it.
#[derive(Clone, Debug, Default)]
pub(crate) struct HeldView {
    pub(crate) to: String,
    pub(crate) from: String,
    /// What is sent again.
    pub(crate) fields: Vec<(String, String)>,
    /// What people typed, to read and to copy.
    pub(crate) typed: Vec<String>,
    pub(crate) files: bool,
    pub(crate) cut: bool,
    /// Whether it can be sent again by whoever typed it.
    pub(crate) whose: bool,
    /// The whole in one field of a form.
    pub(crate) kept: String,
}

#[derive(Template)]
#[template(path = "again.html")]
struct AgainPage {
    chrome: Chrome,
    held: HeldView,
    /// Whether whoever signed in is somebody else.
    foreign: bool,
}

impl Held {
    /// A form that was sent to an address by somebody.
    pub(crate) fn of(
        request: (&str, &HeaderMap),
        by: Option<i64>,
        fields: Vec<(String, String)>,
    ) -> Self {
        let (to, headers) = request;
        let held =
            Self { to: to.to_owned(), from: trouble::back(headers), by, fields, ..Self::default() };
        held.sound()
    }

    /// What a page has held. It comes from outside, so it is looked at like any form.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let held: Self = serde_json::from_str(text).ok()?;
        (!held.to.is_empty()).then(|| held.sound())
    }

    /// Without secrets, within its length, and leading nowhere but to us.
    fn sound(mut self) -> Self {
        self.to = login::own_path(&self.to).to_owned();
        self.from = login::own_path(&self.from).to_owned();
        self.fields.retain(|(name, _)| !SECRETS.contains(&name.as_str()));
        let n: usize = self.fields.iter().map(|(name, value)| name.len() + value.len()).sum();
        if n > MOST_BYTES {
            self.fields.clear();
            self.cut = true;
        }
        self
    }

    pub(crate) fn view(self) -> HeldView {
        let typed = self.fields.iter().map(|(_, value)| value.trim());
        let typed = typed.filter(|value| value.chars().count() >= TYPED).map(str::to_owned);
        HeldView {
            typed: typed.collect(),
            // Plain texts and numbers always become JSON.
            kept: serde_json::to_string(&self).unwrap_or_default(),
            whose: self.by.is_some(),
            to: self.to,
            from: self.from,
            fields: self.fields,
            files: self.files,
            cut: self.cut,
        }
    }

    /// The form, to be sent again under the session that there is now. Another account than that of whoever typed it gets
    /// nothing of it.
    pub(crate) fn again(self, app: &App, signed: &Signed, lang: Lang) -> Result<Response, Trouble> {
        let foreign = self.by.is_some_and(|by| by != signed.actor.account);
        let held = if foreign { HeldView::default() } else { self.view() };
        let chrome = Chrome::new(app, Some(signed), lang, Tab::None, &lang.t("again-title"));
        html(&AgainPage { chrome, held, foreign })
    }
}

/// The cookie that says whose a session is.
pub(crate) fn whose(account: i64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{WHOSE}={account}; Path=/; HttpOnly; SameSite=Strict{secure}")
}

/// Whose the form is: the token in it belongs to the session that the browser still names, and the cookie beside it says
/// whose that was.
fn typed_by(app: &App, headers: &HeaderMap, fields: &[(String, String)]) -> Option<i64> {
    let token = cookie(headers, session_cookie(app.options().secure))?;
    let sent = fields.iter().find(|(name, _)| name == "csrf")?;
    let ours = same(sent.1.as_bytes(), app.store().csrf_of(token).as_bytes());
    cookie(headers, WHOSE).filter(|_| ours)?.parse().ok()
}

/// Whether a request is a form that a person sent: scripts and programs keep what they send.
pub(crate) fn is_form(request: &Request) -> bool {
    let head = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let kind = head(header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let form = kind.starts_with("application/x-www-form-urlencoded")
        || kind.starts_with("multipart/form-data");
    let by_person = head("hx-request").is_none() && head("x-csrf-token").is_none();
    // Whoever signs out has nothing to lose.
    form && by_person && request.method() == "POST" && request.uri().path() != "/logout"
}

/// The answer to a form whose session is over: what was typed, and the way back in.
pub(crate) async fn over(app: &App, request: Request) -> Response {
    let headers = request.headers().clone();
    let to = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let kind = headers.get(header::CONTENT_TYPE).map(|kind| kind.as_bytes().to_vec());
    let is_multipart = kind.is_some_and(|kind| kind.starts_with(b"multipart/"));
    let (fields, files, cut) =
        if is_multipart { parts(request).await } else { plain(request).await };
    let by = typed_by(app, &headers, &fields);
    let mut held = Held::of((&to, &headers), by, fields);
    (held.files, held.cut) = (files, held.cut || cut);
    login::over(app, &headers, held).unwrap_or_else(IntoResponse::into_response)
}

/// The fields of a form, whether it had files, and whether it was too long.
type Fields = (Vec<(String, String)>, bool, bool);

async fn plain(request: Request) -> Fields {
    match to_bytes(request.into_body(), MAX_FORM_BYTES).await {
        Ok(bytes) => (serde_urlencoded::from_bytes(&bytes).unwrap_or_default(), false, false),
        Err(_) => (Vec::new(), false, true),
    }
}

/// The texts of a form with files; files are read past, so that whatever stands behind them is held too.
async fn parts(request: Request) -> Fields {
    let (mut fields, mut files) = (Vec::new(), false);
    let Ok(mut parts) = Multipart::from_request(request, &()).await else {
        return (fields, files, false);
    };
    let mut n = 0;
    loop {
        match parts.next_field().await {
            Ok(Some(part)) if part.file_name().is_some() => {
                files |= part.file_name().is_some_and(|name| !name.is_empty());
            }
            Ok(Some(part)) => {
                let name = part.name().unwrap_or_default().to_owned();
                let Ok(text) = part.text().await else { return (fields, files, true) };
                n += text.len();
                if n > MOST_BYTES {
                    return (Vec::new(), files, true);
                }
                fields.push((name, text));
            }
            Ok(None) => return (fields, files, false),
            Err(_) => return (fields, files, true),
        }
    }
}

/// The answer to a form that needs a fresh code first; `None` when there is no code to ask for.
pub(crate) fn stepped(
    (app, signed): (&App, &Signed),
    (to, headers): (&str, &HeaderMap),
    fields: Vec<(String, String)>,
) -> Option<Response> {
    if !signed.session.account.has_factor {
        return None;
    }
    let held = Held::of((to, headers), Some(signed.actor.account), fields);
    factor::held_form((app, signed), Lang::of(headers), held).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(to: &str, fields: &[(&str, &str)]) -> Held {
        let fields = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Held::of((to, &HeaderMap::new()), Some(7), fields)
    }

    #[test]
    fn secrets_are_not_held_and_nothing_leads_elsewhere() {
        let form = [("csrf", "x"), ("password", "x"), ("code", "1"), ("because", "说明原因")];
        let kept = held("//evil.example", &form);
        assert_eq!((kept.to.as_str(), kept.fields.len()), ("/", 1));
        let view = kept.clone().view();
        assert_eq!((view.typed, view.whose), (vec!["说明原因".to_owned()], true));
        assert_eq!(Held::read(&view.kept), Some(kept));
    }

    #[test]
    fn what_comes_back_is_looked_at_again() {
        let text = r#"{"to":"https://evil.example","from":"//x","by":1,
            "fields":[["csrf","y"],["a","b"]],"files":false,"cut":false}"#;
        let read = Held::read(text).unwrap();
        assert_eq!((read.to.as_str(), read.from.as_str(), read.fields.len()), ("/", "/", 1));
        for odd in ["", "{", "[]", "{\"to\":1}"] {
            assert_eq!(Held::read(odd), None, "{odd}");
        }
        let long = "长".repeat(MOST_BYTES);
        let cut = held("/inspect", &[("words", &long)]);
        assert!(cut.cut && cut.fields.is_empty());
    }
}
