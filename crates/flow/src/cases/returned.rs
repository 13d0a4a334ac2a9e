//! What a school registers as a return becomes its word: a roll call of one row, which the next run uses like any other. A
//! case follows the evidence, and the school's own form is evidence of the school. It is no report of the school's month: of
//! its other children it says nothing.

use baoxue_act::Return;
use baoxue_claim::{ChildId, RecordId, Source};
use baoxue_store::{Ruling, Store};
use chrono::{DateTime, Utc};

use crate::{
    County, FileStatus, FlowError, ImportOptions, Roll, child_page,
    import::{Form, take_in_form},
    rule,
};

/// The headings, in the words of a school's report.
const HEADER: [&str; 6] = ["学校", "学生姓名", "身份证号", "出生日期", "班级", "是否返校"];

/// Takes the return in as the school's word, and rules that its row is this child. Gives whether there is a new row: the same
/// return told again changes nothing.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn tell_return(
    store: &Store,
    (county, roll): (&County, &Roll),
    (child, back): (ChildId, &Return),
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, FlowError> {
    let page = child_page(store, county, roll, child).await?;
    let known = &page.profile;
    let header = HEADER.map(str::to_owned).to_vec();
    let row = vec![
        back.school.clone(),
        known.name.as_ref().map(|name| name.expose().to_owned()).unwrap_or_default(),
        known.id.as_ref().map(|id| id.expose().to_owned()).unwrap_or_default(),
        known.birth.map(|birth| birth.to_string()).unwrap_or_default(),
        back.class.clone().unwrap_or_default(),
        "是".to_owned(),
    ];
    let options = ImportOptions {
        source: Some(Source::RollCall),
        as_of: Some(back.on),
        ..ImportOptions::of_form(by, now)
    };
    let name = format!("复学登记_{}", back.on);
    let form = Form { name: &name, sheet: "登记", rows: vec![header, row] };
    let outcome = take_in_form(store, county, form, &options).await?;
    let (FileStatus::Accepted, Some(batch), 1) = (outcome.status, outcome.batch, outcome.imported)
    else {
        // What cannot be read as a row (a child without a name) stays what it is: an event of the case.
        if let (FileStatus::Accepted | FileStatus::Partial, Some(batch)) =
            (outcome.status, outcome.batch)
        {
            store.withdraw(batch, "复学登记的行无法使用，自动撤回", by, now).await?;
        }
        return Ok(false);
    };
    if let Some(first) = page.records.first() {
        let rows = (first.id, RecordId::new(batch, 0));
        rule(store, Some(Ruling::MustLink), rows, ("学校登记的就是这名学生", by, now)).await?;
    }
    Ok(true)
}
