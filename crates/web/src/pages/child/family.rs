//! 家庭与帮扶: the household of a child with its members and children, the aid that is due and received, what is difficult, what is
//! done, and the forms to be printed.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use baoxue_authz::{Action, Resource, Role};
use baoxue_claim::{SchoolTerm, VerdictCode};
use baoxue_determine::aid::AidCase;
use baoxue_flow::{
    Entry,
    papers::{Besides, HouseholdMember},
};
use baoxue_report::masked_name;

use super::{
    Head, Opened,
    forms::{self, Read},
    open,
};
use crate::{
    app::App,
    chrome::Chrome,
    display::{Status, age, child_key, covered, html, name_of},
    door::{Signed, place},
    i18n::Lang,
    trouble::Trouble,
};

/// A child of the household.
struct ChildLine {
    key: String,
    name: String,
    years: String,
    school: String,
    status: Status,
    /// Whether it is the one whose page this is.
    own: bool,
}

/// One aid of the term: policy, how it stands, and what is due and received.
struct AidLine {
    policy: String,
    standing: String,
    class: &'static str,
    icon: &'static str,
    due: String,
    received: String,
}

#[derive(Template)]
#[template(path = "child_family.html")]
struct FamilyPage {
    chrome: Chrome,
    head: Head,
    tab: &'static str,
    /// Name, its middle covered, and relation.
    members: Vec<(String, String)>,
    children: Vec<ChildLine>,
    /// Children of the household that the reader may not see.
    n_hidden: usize,
    aid: Vec<AidLine>,
    term: String,
    /// What families said is difficult: day and words.
    needs: Vec<(String, String)>,
    /// The measures of the plan: words, and whether each is done.
    measures: Vec<(String, bool)>,
    /// Address and words of the child's case.
    case: Option<(String, String)>,
    prints: Vec<(String, String)>,
    error: Option<String>,
}

/// The page.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    show((&app, &signed), &key, &headers, None).await
}

/// The page, with why a form could not be printed.
pub(super) async fn show(
    (app, signed): (&App, &Signed),
    key: &str,
    headers: &HeaderMap,
    error: Option<String>,
) -> Result<Response, Trouble> {
    let (roll, desk, lang) = (app.roll(), app.cases().await?, Lang::of(headers));
    let opened = open((app, signed), key, (Action::ReadChild, "family"), headers).await?;
    let Opened { page, head, chrome, place: child } = opened;
    let entry = roll.entry(page.entry.child).ok_or(Trouble::NotFound)?;
    let neutral = entry.code == VerdictCode::OtherArrangement;
    let household = roll.household(entry);
    let seen: Vec<&Entry> = household
        .iter()
        .copied()
        .filter(|other| signed.can(Action::ReadChild, &Resource::Child(place(other))))
        .collect();
    let others: Vec<_> =
        seen.iter().map(|other| other.child).filter(|c| *c != entry.child).collect();
    if !others.is_empty() {
        signed.lists(app, Action::ReadChild, &others).await?;
    }
    let read = Read::of(app, &desk, page);
    let works = signed.can(Action::ReadCase, &child) && !neutral;
    let case = read.case.filter(|_| works);
    if case.is_some() {
        signed.kept(app, (Action::ReadCase, "family"), &[entry.child]).await?;
    }
    let letters = [];
    let besides = Besides { letters: &letters, teaching: read.teaching.as_ref(), aid: &read.aid };
    let prints = if signed.could(Action::WorkCase, &child) {
        forms::prints((app, &desk), (&read.page, read.case), besides, lang)
    } else {
        Vec::new()
    };
    let as_of = app.county().settings.as_of;
    let failed = error.is_some();
    let shown = html(&FamilyPage {
        members: if neutral { Vec::new() } else { members(&read) },
        children: seen.iter().map(|other| line(other, entry, (as_of, lang))).collect(),
        // Only whoever answers for a whole town or more hears of others: to a school or village that is somebody else's family.
        n_hidden: if tells_hidden(signed) { household.len() - seen.len() } else { 0 },
        aid: if neutral { Vec::new() } else { read.aid.iter().map(|c| aid(c, lang)).collect() },
        term: read.aid.first().map(|case| term(case.term, lang)).unwrap_or_default(),
        needs: case.map(|case| needs(case, lang)).unwrap_or_default(),
        measures: case.map(|case| measures(case, lang)).unwrap_or_default(),
        case: case.map(|_| head.cases.first().cloned()).unwrap_or_default(),
        prints,
        error,
        chrome,
        head,
        tab: "family",
    })?;
    let status = if failed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, shown).into_response())
}

/// Whether the reader answers for a town or more.
fn tells_hidden(signed: &Signed) -> bool {
    match signed.actor.role {
        Role::CountyLeader | Role::Bureau | Role::Town | Role::Inspector | Role::Auditor => true,
        Role::Village
        | Role::Principal
        | Role::Teacher
        | Role::Department
        | Role::SystemAdmin
        | Role::SecurityAdmin
        | Role::AuditAdmin => false,
    }
}

fn term(term: SchoolTerm, lang: Lang) -> String {
    let key = if term.autumn { "term-autumn" } else { "term-spring" };
    lang.with(key, &[("year", term.year.to_string().into())])
}

fn members(read: &Read<'_>) -> Vec<(String, String)> {
    let members = HouseholdMember::all(read.page.records.iter()).into_iter();
    members.map(|member| (masked_name(&member.name), member.relation)).collect()
}

fn line(other: &Entry, own: &Entry, (as_of, lang): (chrono::NaiveDate, Lang)) -> ChildLine {
    let years = other.birth.and_then(|birth| age(birth, as_of));
    ChildLine {
        key: child_key(other.child),
        name: name_of(other, lang),
        years: years
            .map(|years| lang.n("years-old", usize::try_from(years).unwrap_or_default()))
            .unwrap_or_default(),
        school: other.school_shown().unwrap_or_default().to_owned(),
        status: Status::of_entry(other, lang),
        own: other.child == own.child,
    }
}

fn aid(case: &AidCase, lang: Lang) -> AidLine {
    use baoxue_determine::aid::{Standing, Title};
    let (class, icon) = match case.standing {
        Standing::Right => ("c-in", "circle-check"),
        Standing::Gap
        | Standing::OtherAmount
        | Standing::WithoutTitle
        | Standing::Twice
        | Standing::PaidWhileOut => ("c-out", "circle-x"),
        Standing::NoList | Standing::Unknown => ("muted", "circle-dashed"),
    };
    let yuan = |key: &str, fen: u32| {
        let amount = format!("{}.{:02}", fen / 100, fen % 100);
        lang.with(key, &[("n", amount.into())])
    };
    let due = case.due_fen.filter(|_| case.title == Title::Entitled);
    let received = match (case.payments.is_empty(), case.received_fen) {
        (true, _) => String::new(),
        // Lists may say that something was paid and not how much.
        (false, 0) => lang.t("family-received"),
        (false, fen) => yuan("family-received-n", fen),
    };
    AidLine {
        policy: lang.pick(case.aid.zh(), case.aid.en()).to_owned(),
        standing: lang.pick(case.standing.zh(), case.standing.en()).to_owned(),
        class,
        icon,
        due: due.map(|fen| yuan("family-due-n", fen)).unwrap_or_default(),
        received,
    }
}

fn needs(case: &baoxue_act::Case, lang: Lang) -> Vec<(String, String)> {
    let heard = case.standing().filter_map(|visit| {
        Some((visit.what.on.to_string(), visit.what.heard.difficulty.as_ref()?))
    });
    heard.map(|(on, words)| (on, covered(words, lang))).collect()
}

fn measures(case: &baoxue_act::Case, lang: Lang) -> Vec<(String, bool)> {
    let planned = case.plan().into_iter().flat_map(|plan| &plan.what.measures);
    let done = case.plan_review().map(|review| &review.what.done);
    let line = |(at, measure): (u8, &baoxue_act::Measure)| {
        let kind = lang.pick(measure.kind.zh(), measure.kind.en());
        let words = [kind, &measure.what, &measure.who].join(" ");
        (covered(&format!("{words} {}", measure.by), lang), done.is_some_and(|d| d.contains(&at)))
    };
    (0_u8..).zip(planned).map(line).collect()
}
