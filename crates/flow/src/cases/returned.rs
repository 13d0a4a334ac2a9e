//! What a school registers of one pupil becomes its word: a roll call of one row, which the next run uses like any other. A
//! case follows the evidence, and the school's own form is evidence of the school. It is no report of the school's month: of
//! its other children it says nothing.

use baoxue_act::Return;
use baoxue_claim::{BatchId, ChildId, RecordId, Source};
use baoxue_store::{Ruling, Store};
use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    ChildPage, County, FileStatus, FlowError, ImportOptions, Roll, child_page,
    import::{Form, take_in_form},
    rule,
};

/// The headings of whose row it is, in the words of a school's report.
const WHO: [&str; 5] = ["学校", "学生姓名", "身份证号", "出生日期", "班级"];

/// What a school says of one of its pupils.
pub(super) struct Word<'a> {
    /// What its list is called.
    pub(super) name: String,
    /// For which day.
    pub(super) on: NaiveDate,
    /// The school.
    pub(super) school: &'a str,
    /// The class.
    pub(super) class: &'a str,
    /// Heading and cell of what is said.
    pub(super) said: Vec<(&'static str, String)>,
}

/// Takes the return in as the school's word, and rules that its row is this child. Gives whether there is a new row: the
/// same return told again changes nothing.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn tell_return(
    store: &Store,
    place: (&County, &Roll),
    (child, back): (ChildId, &Return),
    by: (&str, DateTime<Utc>),
) -> Result<bool, FlowError> {
    let word = Word {
        name: format!("复学登记_{}", back.on),
        on: back.on,
        school: &back.school,
        class: back.class.as_deref().unwrap_or_default(),
        said: vec![("是否返校", "是".to_owned())],
    };
    tell(store, place, (child, word), by).await
}

/// Takes in what the school says of the child, and rules that its row is this child. Gives whether there is a new row: the
/// same word told again changes nothing.
pub(super) async fn tell(
    store: &Store,
    (county, roll): (&County, &Roll),
    (child, word): (ChildId, Word<'_>),
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, FlowError> {
    let page = child_page(store, county, roll, child).await?;
    let known = &page.profile;
    let mut header = WHO.map(str::to_owned).to_vec();
    let mut row = vec![
        word.school.to_owned(),
        known.name.as_ref().map(|name| name.expose().to_owned()).unwrap_or_default(),
        known.id.as_ref().map(|id| id.expose().to_owned()).unwrap_or_default(),
        known.birth.map(|birth| birth.to_string()).unwrap_or_default(),
        word.class.to_owned(),
    ];
    for (heading, cell) in word.said {
        header.push(heading.to_owned());
        row.push(cell);
    }
    let options = ImportOptions {
        source: Some(Source::RollCall),
        as_of: Some(word.on),
        ..ImportOptions::of_form(by, now)
    };
    let form = Form { name: &word.name, sheet: "登记", rows: vec![header, row] };
    let outcome = take_in_form(store, county, form, &options).await?;
    let (batch, is_new) = match (outcome.status, outcome.batch) {
        // Killed between the row and the ruling, the same form finds its row again.
        (FileStatus::Duplicate, Some(batch)) => (batch, false),
        (FileStatus::Accepted, Some(batch)) if outcome.imported == 1 => (batch, true),
        // What cannot be read as a row (a child without a name) stays what it is: an event of the case.
        (FileStatus::Accepted | FileStatus::Partial, Some(batch)) => {
            store.withdraw(batch, "学校登记的行无法使用，自动撤回", by, now).await?;
            return Ok(false);
        }
        (_, _) => return Ok(false),
    };
    join(store, &page, batch, ("学校登记的就是这名学生", by, now)).await?;
    Ok(is_new)
}

/// Rules that the row of a list of one row is the child, unless that was ruled.
pub(crate) async fn join(
    store: &Store,
    page: &ChildPage,
    batch: BatchId,
    why: (&str, &str, DateTime<Utc>),
) -> Result<(), FlowError> {
    let new = RecordId::new(batch, 0);
    let others = page.records.iter().map(|record| record.id);
    let Some(first) = others.clone().find(|id| *id != new) else { return Ok(()) };
    let ruled = store.decisions().await?;
    let is_ruled =
        others.into_iter().any(|id| ruled.iter().any(|d| d.decision.records == (id, new)));
    if is_ruled { Ok(()) } else { rule(store, Some(Ruling::MustLink), (first, new), why).await }
}
