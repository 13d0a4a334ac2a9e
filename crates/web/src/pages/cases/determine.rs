//! 待认定: what evidence gives and nobody has confirmed yet, one case after the other, each with its reasons. A conclusion
//! is read and confirmed or left; nobody types one.

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use baoxue_act::{Done, Duty, PROGRAM, Stage, is_confirmed, questions};
use baoxue_authz::{Action, Resource, Scope};
use baoxue_flow::{Entry, Roll, cases::CaseFile, child_page};

use super::{case_key, due};
use crate::{
    app::App,
    casebook::CaseDesk,
    chrome::{Chrome, Tab},
    display::{Status, child_key, covered, html, name_of},
    door::{Signed, place},
    forms::Asked,
    i18n::{Lang, number},
    pages::child::{Told, Why, told},
    trouble::Trouble,
};

/// Cases in the list beside the one that is read.
const LISTED: usize = 30;

/// Where a case waits to be confirmed.
pub(crate) const PATH: &str = "/determinations";

/// Cases that accuse and that nobody has confirmed, what is due first before the rest.
pub(crate) struct Proposed<'a> {
    /// Two sources or a visit agree: it can be confirmed now.
    pub(crate) ready: Vec<One<'a>>,
    /// A second source or a visit is lacking.
    pub(crate) lacking: Vec<One<'a>>,
}

/// One of them.
pub(crate) struct One<'a> {
    file: &'a CaseFile,
    entry: &'a Entry,
    /// Until when it must be confirmed.
    duty: Option<Duty>,
}

impl<'a> Proposed<'a> {
    /// Of the children in a scope.
    pub(crate) fn of(app: &App, desk: &'a CaseDesk, roll: &'a Roll, scope: &Scope) -> Self {
        let now = desk.moment(app.now());
        let open = desk.book.open().filter(|file| {
            let case = &file.case;
            case.determined.is_none()
                && case.judged.what.code.accuses()
                && desk.stage(file) == Stage::Found
        });
        let known = open.filter_map(|file| Some((file, roll.entry(file.case.child)?)));
        let seen = known.filter(|(_, entry)| scope.sees(entry.standing()));
        let mut all: Vec<One<'a>> = seen
            .map(|(file, entry)| {
                let duties = desk.duties(file, now);
                let owed = duties
                    .iter()
                    .filter(|duty| duty.step.done == Done::Determined && duty.done.is_none());
                let duty = owed.min_by_key(|duty| (duty.due.moment().is_none(), duty.due.moment()));
                let duty = duty.cloned();
                One { file, entry, duty }
            })
            .collect();
        all.sort_by_key(|one| {
            let due = one.duty.as_ref().and_then(|duty| duty.due.moment());
            (due.is_none(), due, one.file.case.id)
        });
        let (ready, lacking) = all.into_iter().partition(|one| one.lacks().is_none());
        Self { ready, lacking }
    }
}

impl One<'_> {
    /// The key of the words that say why it cannot be confirmed now.
    fn lacks(&self) -> Option<&'static str> {
        let case = &self.file.case;
        if self.file.unread.is_some() {
            Some("determination-unread")
        } else if case.open_objection().is_some() {
            Some("determination-objected")
        } else if !questions(case, &self.file.events).is_empty() {
            Some("determination-contradicted")
        } else if is_confirmed(case) {
            None
        } else {
            Some("determination-source")
        }
    }
}

/// A line of the lists.
struct Item {
    key: String,
    name: String,
    town: String,
    due: String,
    due_class: &'static str,
    here: bool,
    /// What it lacks.
    why: String,
}

/// The case that is read.
struct Open {
    key: String,
    child: String,
    name: String,
    status: Status,
    who: String,
    /// The verdict in words.
    code: String,
    /// So many things have happened: what came since is told before it is confirmed.
    n_events: usize,
    why: Why,
    claims: Vec<Told>,
    /// What people recorded in the case, the newest first: day and words.
    said: Vec<(String, String)>,
    confirms: bool,
}

#[derive(Template)]
#[template(path = "determinations.html")]
struct DeterminationsPage {
    chrome: Chrome,
    meta: String,
    open: Option<Open>,
    ready: Vec<Item>,
    lacking: Vec<Item>,
    /// How many are not shown in each list.
    more: (usize, usize),
}

/// The page; `?at=` names the case that is read, without it the first.
pub(super) async fn page(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let (desk, roll, lang) = (app.cases().await?, app.roll(), Lang::of(&headers));
    let scope = signed.scope(Action::ConfirmDetermination)?;
    let proposed = Proposed::of(&app, &desk, &roll, &scope);
    let at = asked.one("at");
    let named = proposed.ready.iter().find(|one| Some(case_key(one.file.case.id).as_str()) == at);
    let open = match named.or(proposed.ready.first()) {
        Some(one) => Some(opened((&app, &signed), (&desk, &roll), one, lang).await?),
        None => None,
    };
    let shown = |all: &[One<'_>]| {
        let here = open.as_ref().map(|open| open.key.as_str());
        let shown = all.iter().take(LISTED);
        let items = shown.map(|one| item(one, (&app, &desk, &roll), here, lang));
        (items.collect::<Vec<_>>(), all.len().saturating_sub(LISTED))
    };
    let ((ready, more_ready), (lacking, more_lacking)) =
        (shown(&proposed.ready), shown(&proposed.lacking));
    let lists = [&proposed.ready, &proposed.lacking];
    let named = lists.iter().flat_map(|all| all.iter().take(LISTED)).map(|one| one.entry.child);
    signed.lists(&app, Action::ReadCase, &named.collect::<Vec<_>>()).await?;
    let counts =
        [("ready", number(proposed.ready.len())), ("lacking", number(proposed.lacking.len()))];
    html(&DeterminationsPage {
        meta: lang.with("determinations-sub", &counts),
        open,
        ready,
        lacking,
        more: (more_ready, more_lacking),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Cases, &lang.t("determinations")),
    })
}

fn item(
    one: &One<'_>,
    (app, desk, roll): (&App, &CaseDesk, &Roll),
    here: Option<&str>,
    lang: Lang,
) -> Item {
    let today = desk.moment(app.now()).date();
    let key = case_key(one.file.case.id);
    let (due, due_class) =
        one.duty.as_ref().map_or_else(Default::default, |duty| due(duty, today, lang));
    Item {
        here: here == Some(key.as_str()),
        why: one.lacks().map(|key| lang.t(key)).unwrap_or_default(),
        name: name_of(one.entry, lang),
        town: roll.town_name(one.entry).unwrap_or_default().to_owned(),
        due,
        due_class,
        key,
    }
}

/// The reasons of one case; that they were read is kept.
async fn opened(
    (app, signed): (&App, &Signed),
    (desk, roll): (&CaseDesk, &Roll),
    one: &One<'_>,
    lang: Lang,
) -> Result<Open, Trouble> {
    let (case, entry) = (&one.file.case, one.entry);
    let child = Resource::Child(place(entry));
    signed.opens_page(app).await?;
    let page = child_page(app.store(), &app.county(), roll, entry.child).await?;
    signed.kept(app, (Action::ReadCase, ""), &[entry.child]).await?;
    let sees = signed.can(Action::ReadClaims, &child);
    let code = case.judged.what.code;
    let opened =
        lang.with("determination-opened", &[("on", case.opened.date().to_string().into())]);
    let parts = [roll.town_name(entry).unwrap_or_default().to_owned(), opened];
    let county = app.county();
    let speaker = desk.speaker(&county, lang);
    let of_people = one.file.events.iter().rev().filter(|event| event.by != PROGRAM);
    let said =
        of_people.map(|event| (event.at.date().to_string(), covered(&speaker.event(event), lang)));
    Ok(Open {
        key: case_key(case.id),
        child: child_key(entry.child),
        name: name_of(entry, lang),
        status: Status::of_entry(entry, lang),
        who: parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(&lang.t("comma")),
        code: lang.pick(code.zh(), code.en()).to_owned(),
        n_events: one.file.events.len(),
        why: Why::of(&page, sees, lang),
        claims: if sees { told(&page.explanation, lang) } else { Vec::new() },
        said: said.collect(),
        confirms: signed.could(Action::ConfirmDetermination, &child),
    })
}
