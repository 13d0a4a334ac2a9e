//! What somebody records in a case.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_act::{
    Answer, Case, Found, Heard, Holder, Measure, MeasureKind, Met, Plan, PlanReview, Request,
    RequestState, Return, ReturnForm, Rules, Visit, Visitor, What,
};
use baoxue_authz::{Action, Resource, Role};
use baoxue_flow::cases::{self, CaseFile};
use chrono::NaiveDate;

use super::{
    super::papers::refused,
    DETERMINATIONS, case_of,
    one::{CAUSES, NotTaken, show},
    still,
};
use crate::{
    app::App,
    door::{Signed, place},
    forms::{self, Posted},
    i18n::Lang,
    trouble::Trouble,
};

/// Longest words of a field, in characters.
const WORDS: usize = 500;

pub(super) type Fields = BTreeMap<String, String>;

/// Takes what a form of the page says.
pub(super) async fn record(
    State(app): State<App>,
    signed: Signed,
    Path((key, act)): Path<(String, String)>,
    headers: HeaderMap,
    Posted(fields): Posted<Fields>,
) -> Result<Response, Trouble> {
    let actions = actions_of(&act).ok_or(Trouble::NotFound)?;
    let typed = fields.clone();
    // Whoever confirms one after the other goes on with the next.
    let next = if act == "determine" && fields.contains_key("next") {
        DETERMINATIONS.to_owned()
    } else {
        format!("/cases/{key}")
    };
    match recorded((&app, &signed), (&key, &act, actions), fields, &headers).await? {
        // What 今日 asks is answered there.
        None if act == "still" => Ok(Redirect::to("/today").into_response()),
        None => Ok(Redirect::to(&next).into_response()),
        Some((status, why)) => {
            let not_taken = NotTaken { act, why, typed };
            let page = show((&app, &signed), &key, &headers, Some(not_taken)).await?;
            Ok((status, page).into_response())
        }
    }
}

/// Records it, or gives why not.
async fn recorded(
    (app, signed): (&App, &Signed),
    (key, act, actions): (&str, &str, &[Action]),
    fields: Fields,
    headers: &HeaderMap,
) -> Result<Option<(StatusCode, String)>, Trouble> {
    let (desk, roll, lang) = (app.cases().await?, app.roll(), Lang::of(headers));
    let file = case_of(key).and_then(|id| desk.book.get(id)).ok_or(Trouble::NotFound)?;
    let entry = roll.entry(file.case.child).ok_or(Trouble::NotFound)?;
    let child = Resource::Child(place(entry));
    signed.may(Action::ReadCase, &child)?;
    let allowed = actions.iter().copied().find(|action| signed.could(*action, &child));
    let action = allowed.or(actions.first().copied()).ok_or(Trouble::NotFound)?;
    signed.may(action, &child)?;
    let what = match read((signed, file), &desk.rules, act, &fields)? {
        Read::Says(what) => what,
        Read::Known => return Ok(None),
        Read::Moved => return Ok(Some((StatusCode::CONFLICT, lang.t("case-moved")))),
        Read::Incomplete => {
            return Ok(Some((StatusCode::UNPROCESSABLE_ENTITY, lang.t("case-incomplete"))));
        }
    };
    let by = format!("{} {}", signed.name, signed.login);
    if let What::RequestWithdrawn { request, .. } = &what
        && !may_withdraw(signed, file.case.request(*request), &child)
    {
        return Ok(Some((StatusCode::UNPROCESSABLE_ENTITY, lang.t("case-withdraw-whose"))));
    }
    let now = desk.moment(app.now());
    // What the school registers is also its word in the next run; from others it is an event of the case alone.
    let back = if let What::Returned(back) = &what { Some(back.clone()) } else { None };
    let back = back.filter(|_| signed.actor.role == Role::Principal);
    if let Some(back) = &back
        && !signed.actor.areas.schools.contains(&back.school)
    {
        return Ok(Some((StatusCode::UNPROCESSABLE_ENTITY, lang.t("case-own-school"))));
    }
    let done = (file.case.id, by.as_str(), what);
    if let Some(back) = back {
        // First the word, which can be told again, then the event, which cannot: a return whose word is lost would leave the
        // child out of school for every run.
        let possible = cases::may_record(&desk.book, &desk.rules, done.clone(), now);
        if possible.is_ok() {
            let of = (entry.child, &back);
            cases::tell_return(app.store(), (&app.county(), &roll), of, (&by, app.now())).await?;
        }
    }
    if let Err(error) = cases::record(app.store(), &desk.book, &desk.rules, done, now).await {
        return refused((app, &desk), error, lang).map(Some);
    }
    app.store().settle().await?;
    signed.kept(app, (action, act), &[entry.child]).await?;
    Ok(None)
}

/// Whether the reader may withdraw a request: the bureau any, others what they asked themselves.
pub(super) fn may_withdraw(
    signed: &Signed,
    request: Option<&RequestState>,
    child: &Resource,
) -> bool {
    let by = format!("{} {}", signed.name, signed.login);
    let own = request.is_some_and(|request| request.asked.by == by);
    own || signed.could(Action::ConfirmDetermination, child)
}

/// What a form comes to.
pub(super) enum Read {
    /// Something to be recorded.
    Says(What),
    /// It is recorded already: the same form was sent twice.
    Known,
    /// Something happened in the case since the form was filled.
    Moved,
    /// A field is missing or is not what it must be.
    Incomplete,
}

fn read(
    (signed, file): (&Signed, &CaseFile),
    rules: &Rules,
    act: &str,
    fields: &Fields,
) -> Result<Read, Trouble> {
    if act == "still" {
        return still::answer(signed, file, fields);
    }
    // Whoever filled the form has seen so many events; what came since may have changed what is right to do.
    if fields.get("seen").and_then(|seen| seen.parse().ok()) != Some(file.events.len()) {
        return Ok(Read::Moved);
    }
    Ok(what(act, fields, (&file.case, rules)).map_or(Read::Incomplete, |mut what| {
        if let What::Visited(visit) = &mut what {
            still::seated(visit, signed);
        }
        Read::Says(what)
    }))
}

/// That a child is back, and was there, its school says, or the bureau: a town does not end what it is measured by.
pub(super) const PROVE: &[Action] = &[Action::ReportAbsence, Action::ConfirmDetermination];
/// The principal signs the written report; one that came on paper the bureau records.
pub(super) const REPORT: &[Action] = &[Action::IssueReport, Action::ConfirmDetermination];

/// The rights of which an act needs one.
fn actions_of(act: &str) -> Option<&'static [Action]> {
    Some(match act {
        // The bureau's: a town must not stop its own clocks, answer what is said against it, or close what it is measured by.
        "determine" | "object" | "answer-objection" | "leave" | "close" | "answer" | "transfer"
        | "transfer-answer" | "legal" | "correct" => &[Action::ConfirmDetermination],
        "owner" | "helper" | "propose" | "ask" | "withdraw" => &[Action::DecideCase],
        "return" | "attended" | "checked" => PROVE,
        "report" => REPORT,
        "visit" | "cause" | "note" | "carry-out" | "plan" | "plan-review" | "still" => {
            &[Action::WorkCase]
        }
        "instruct" => &[Action::Instruct],
        _ => return None,
    })
}

/// What a form says; `None` when a field is missing or is not what it must be.
fn what(act: &str, fields: &Fields, (case, rules): (&Case, &Rules)) -> Option<What> {
    Some(match act {
        "determine" => What::Determined { code: case.judged.what.code },
        "helper" => What::HelperNamed { helper: words(fields, "helper")? },
        "owner" => What::OwnerNamed { owner: words(fields, "owner")? },
        "visit" => What::Visited(visit(fields)?),
        "cause" => {
            let number: u8 = fields.get("cause")?.parse().ok()?;
            What::CauseFound { cause: *CAUSES.iter().find(|cause| cause.number() == number)? }
        }
        "plan" => What::Planned(plan(fields)?),
        "plan-review" => What::PlanReviewed(plan_review(fields, case)?),
        "legal" => What::LegalStep { on: day(fields, "on")?, words: words(fields, "words")? },
        "note" => What::Noted { words: words(fields, "words")? },
        "report" => What::Reported { on: day(fields, "on")? },
        "return" => What::Returned(back(fields)?),
        "attended" => What::Attended {
            from: day(fields, "from")?,
            to: day(fields, "to")?,
            days: fields.get("days")?.trim().parse().ok()?,
        },
        "checked" => {
            let present = yes(fields, "present")?;
            What::Checked { on: day(fields, "on")?, present }
        }
        "object" => What::Objected { words: words(fields, "words")? },
        "answer-objection" => What::ObjectionAnswered {
            upheld: yes(fields, "upheld")?,
            words: words(fields, "words")?,
        },
        "leave" => What::OnLeave { from: day(fields, "from")?, to: day(fields, "to")? },
        "transfer" => What::TransferAsked { county: words(fields, "county")? },
        "transfer-answer" => What::TransferAnswered { accepted: yes(fields, "accepted")? },
        "correct" => What::Corrected {
            of: fields.get("of")?.parse().ok()?,
            instead: None,
            why: words(fields, "why")?,
        },
        "propose" => What::ClosingProposed,
        "close" => What::Closed,
        "instruct" => instruct(fields, case)?,
        "ask" => ask(fields, case, rules)?,
        "answer" => What::Answered {
            request: fields.get("request")?.parse().ok()?,
            answer: *Answer::ALL.get(number(fields, "answer")?)?,
            words: words(fields, "words").unwrap_or_default(),
            found: None,
        },
        "withdraw" => What::RequestWithdrawn {
            request: fields.get("request")?.parse().ok()?,
            why: words(fields, "why")?,
        },
        "carry-out" => What::CarriedOut {
            instruction: fields.get("instruction")?.parse().ok()?,
            words: words(fields, "words")?,
        },
        _ => return None,
    })
}

fn back(fields: &Fields) -> Option<Return> {
    Some(Return {
        on: day(fields, "on")?,
        school: words(fields, "school")?,
        class: words(fields, "class"),
        form: *ReturnForm::ALL.get(number(fields, "form")?)?,
    })
}

fn visit(fields: &Fields) -> Option<Visit> {
    let names = words(fields, "visitors")?;
    let names = names.split(['、', '，', ',', '；', ';']).map(str::trim);
    let visitors = names.filter(|name| !name.is_empty());
    let visitors: Vec<Visitor> =
        visitors.map(|name| Visitor { name: name.to_owned(), seat: None }).collect();
    Some(Visit {
        on: day(fields, "on")?,
        visitors,
        met: *Met::ALL.get(number(fields, "met")?)?,
        found: *Found::ALL.get(number(fields, "found")?)?,
        words: words(fields, "words")?,
        promised: optional_day(fields, "promised")?,
        next: optional_day(fields, "next")?,
        heard: Heard {
            guardian: words(fields, "guardian_view"),
            child: words(fields, "child_view"),
            difficulty: words(fields, "difficulty"),
        },
        employer: words(fields, "employer"),
    })
}

/// What is done of the plan in force, a field for each of its measures.
fn plan_review(fields: &Fields, case: &Case) -> Option<PlanReview> {
    let plan = case.plan()?;
    let measures = plan.what.measures.len();
    let done = (0u8..).take(measures).filter(|at| fields.contains_key(&format!("done{at}")));
    Some(PlanReview {
        plan: plan.no,
        done: done.collect(),
        words: words(fields, "words")?,
        next: optional_day(fields, "next")?,
    })
}

/// Most measures of a plan that the form has room for.
const MEASURES: usize = 4;

/// A plan; a measure that is begun must be whole.
fn plan(fields: &Fields) -> Option<Plan> {
    let mut measures = Vec::new();
    for n in 1..=MEASURES {
        let of = |name: &str| format!("{name}{n}");
        let names = ["kind", "what", "who", "by"].map(of);
        if names.iter().all(|name| words(fields, name).is_none()) {
            continue;
        }
        let [kind, what, who, by] = &names;
        measures.push(Measure {
            kind: *MeasureKind::ALL.get(number(fields, kind)?)?,
            what: words(fields, what)?,
            who: words(fields, who)?,
            by: day(fields, by)?,
        });
    }
    Some(Plan { analysis: words(fields, "analysis")?, measures, review: day(fields, "review")? })
}

fn instruct(fields: &Fields, case: &Case) -> Option<What> {
    let (seat, office) = case.place.chain().into_iter().nth(number(fields, "to")?)?;
    Some(What::Instructed {
        instruction: case.instructions.iter().map(|given| given.instruction).max().unwrap_or(0) + 1,
        to: Holder { seat, office: office? },
        words: words(fields, "words")?,
        within: format!("{} working_days", fields.get("days")?.trim()).parse().ok()?,
    })
}

/// A request to a department; the task says how long it has.
fn ask(fields: &Fields, case: &Case, rules: &Rules) -> Option<What> {
    let (department, task) = fields.get("task")?.split_once('.')?;
    let (_, known) = rules.task(department, task)?;
    let numbers = case.requests.iter().map(|request| request.asked.what.request);
    Some(What::Asked(Request {
        request: numbers.max().unwrap_or(0) + 1,
        department: department.to_owned(),
        task: task.to_owned(),
        within: known.within,
        words: words(fields, "words")?,
    }))
}

/// The words of a field, cut where they are too long; `None` when there are none.
fn words(fields: &Fields, name: &str) -> Option<String> {
    let words: String = fields.get(name)?.trim().chars().take(WORDS).collect();
    (!words.is_empty()).then_some(words)
}

fn yes(fields: &Fields, name: &str) -> Option<bool> {
    match fields.get(name)?.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn day(fields: &Fields, name: &str) -> Option<NaiveDate> {
    forms::day(fields.get(name)?)
}

/// A day that may be left out; `None` when what is written is no day.
#[expect(clippy::option_option, reason = "left out and written wrongly are two things")]
fn optional_day(fields: &Fields, name: &str) -> Option<Option<NaiveDate>> {
    match fields.get(name).map(|text| text.trim()).filter(|text| !text.is_empty()) {
        None => Some(None),
        Some(text) => forms::day(text).map(Some),
    }
}

fn number(fields: &Fields, name: &str) -> Option<usize> {
    fields.get(name)?.trim().parse().ok()
}
