//! Forms of a child that are printed from what is known, to be signed by hand: records, plans and applications, and the plan of
//! its household (一户一案).

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use baoxue_act::Case;
use baoxue_authz::{Action, Resource};
use baoxue_claim::VerdictCode;
use baoxue_determine::aid::AidCase;
use baoxue_flow::{
    ChildPage, Entry,
    cases::Speaker,
    child_page,
    papers::{Besides, Form, OfChild, child_aid, household_plan},
    teaching::{TeachingLog, teaching_log},
};

use super::{
    super::papers::{attached, printed, unprinted},
    readable,
};
use crate::{
    app::App,
    casebook::CaseDesk,
    display::child_key,
    door::{Signed, place},
    i18n::Lang,
    trouble::Trouble,
};

/// The forms that can be printed of a child: address and words.
pub(in crate::pages) fn prints(
    (app, desk): (&App, &CaseDesk),
    (page, case): (&ChildPage, Option<&Case>),
    besides: Besides<'_>,
    lang: Lang,
) -> Vec<(String, String)> {
    let county = app.county();
    let of = OfChild {
        page,
        case,
        teaching: besides.teaching,
        aid: besides.aid,
        county: &county,
        speaker: Speaker { rules: &desk.rules, towns: &county.towns, zh: true },
        now: desk.moment(app.now()),
    };
    let mut forms = of.forms();
    if page.entry.code != VerdictCode::OtherArrangement {
        forms.push(Form::HouseholdPlan);
    }
    let line = |form: Form| {
        let spec = app.forms().spec(form);
        let href = format!("/children/{}/forms/{form}.pdf", child_key(page.entry.child));
        (href, lang.pick(&spec.zh, &spec.en).to_owned())
    };
    forms.into_iter().map(line).collect()
}

/// What a form tells of a child, with what it is made from.
pub(super) struct Read<'d> {
    pub(super) page: ChildPage,
    pub(super) case: Option<&'d Case>,
    pub(super) teaching: Option<TeachingLog>,
    pub(super) aid: Vec<AidCase>,
}

impl<'d> Read<'d> {
    /// From the child's page, as it was read already.
    pub(super) fn of(app: &App, desk: &'d CaseDesk, page: ChildPage) -> Self {
        let (roll, county) = (app.roll(), app.county());
        let case = desk.book.of_child(page.entry.child).last().map(|file| &file.case);
        let teaching = teaching_log(&page, &county);
        let aid = child_aid(&page, &roll, &county);
        Self { page, case, teaching, aid }
    }
}

/// The form as a PDF.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    Path((key, form)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let (roll, desk, county) = (app.roll(), app.cases().await?, app.county());
    // Names and addresses stand on it: it is for who works with the family, not for who only looks.
    let entry = readable(&roll, &signed, &key, Action::WorkCase)?;
    let form = form.strip_suffix(".pdf").ok_or(Trouble::NotFound)?;
    let form: Form = form.parse().map_err(|_| Trouble::NotFound)?;
    if entry.code == VerdictCode::OtherArrangement {
        return Err(Trouble::NotFound);
    }
    // Of the household only the children that the reader may see, the one that is asked for first.
    let household = if form == Form::HouseholdPlan { roll.household(entry) } else { Vec::new() };
    let others = household.into_iter().filter(|other| {
        let works = signed.could(Action::WorkCase, &Resource::Child(place(other)));
        let told = other.code != VerdictCode::OtherArrangement;
        other.child != entry.child && works && told
    });
    let children: Vec<&Entry> = std::iter::once(entry).chain(others).collect();
    signed.opens_page(&app).await?;
    let mut read = Vec::new();
    for child in &children {
        let page = child_page(app.store(), &county, &roll, child.child).await?;
        read.push(Read::of(&app, &desk, page));
    }
    let now = desk.moment(app.now());
    let speaker = Speaker { rules: &desk.rules, towns: &county.towns, zh: true };
    let of = read.iter().map(|read| OfChild {
        page: &read.page,
        case: read.case,
        teaching: read.teaching.as_ref(),
        aid: &read.aid,
        county: &county,
        speaker,
        now,
    });
    let of: Vec<OfChild<'_>> = of.collect();
    let spec = app.forms().spec(form);
    let sheet = if form == Form::HouseholdPlan {
        household_plan(&of, spec, &signed.name)
    } else {
        of.first().and_then(|of| of.sheet(spec, &signed.name))
    };
    // What is not to be had was shown to nobody.
    let sheet = sheet.ok_or(Trouble::NotFound)?;
    let seen: Vec<_> = children.iter().map(|entry| entry.child).collect();
    signed.kept(&app, (Action::ReadPapers, &format!("{key}/{form}.pdf")), &seen).await?;
    match printed(&app, form, sheet).await {
        Ok(bytes) => attached(bytes, "application/pdf", &format!("{key}-{form}.pdf")),
        Err(error) => {
            super::family::show((&app, &signed), &key, &headers, {
                Some(unprinted(&error, Lang::of(&headers))?)
            })
            .await
        }
    }
}
