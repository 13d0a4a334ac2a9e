//! A draft as the sheet that is printed.

use std::collections::BTreeMap;

use baoxue_act::{Draft, Moment, Noted};
use baoxue_paper::{Kind, Place, Press, Sheet, Spec, Value};

use super::{Issuer, form_of};
use crate::County;

/// What a paper gets when it is issued.
#[derive(Clone, Copy, Debug)]
pub struct Frozen<'a> {
    /// Its document number; empty for a draft, which says so on every page.
    pub number: &'a str,
    /// Its code; empty for a draft.
    pub code: &'a str,
    /// The moment of cases.
    pub now: Moment,
    /// Who prints it.
    pub by: &'a str,
}

/// The sheet of a draft.
pub fn sheet(draft: &Noted<Draft>, county: &County, spec: &Spec, frozen: &Frozen<'_>) -> Sheet {
    let papers = &county.papers;
    let check =
        if frozen.code.is_empty() { String::new() } else { papers.check_address(frozen.code) };
    Sheet {
        issuer: Issuer::of(&draft.what.issuer, county).name,
        number: frozen.number.to_owned(),
        date: Some(frozen.now.date()),
        until: draft.what.until,
        check,
        check_code: frozen.code.to_owned(),
        printed_by: frozen.by.to_owned(),
        printed_at: Some(frozen.now),
        as_of: Some(county.settings.as_of),
        fields: values(spec, &draft.what.fields),
        ..Sheet::default()
    }
}

/// What is typed, as the form's kinds of values: lines by line, cells of a row between `|`.
fn values(spec: &Spec, typed: &BTreeMap<String, String>) -> BTreeMap<String, Value> {
    let own = spec.fields.iter().filter(|field| field.of == Place::Fields);
    let values = own.filter_map(|field| {
        let text =
            typed.get(&field.name).map(|text| text.trim()).filter(|text| !text.is_empty())?;
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
        let value = match field.kind {
            Kind::Text => Value::Text(text.to_owned()),
            Kind::Date => text.parse().map_or_else(|_| Value::Text(text.to_owned()), Value::Date),
            Kind::Lines => Value::Lines(lines().map(str::to_owned).collect()),
            Kind::Rows => {
                let names = field.columns.iter().map(|column| column.name.clone());
                let row = |line: &str| {
                    let cells = line.split('|').map(|cell| cell.trim().to_owned());
                    names.clone().zip(cells).collect()
                };
                Value::Rows(lines().map(row).collect())
            }
        };
        Some((field.name.clone(), value))
    });
    values.collect()
}

/// The labels of what a draft lacks, in Chinese.
pub fn lacking(press: &Press, draft: &Noted<Draft>, now: Moment, county: &County) -> Vec<String> {
    let spec = press.forms().spec(form_of(draft.what.kind));
    let frozen = Frozen { number: "", code: "", now, by: "" };
    let sheet = sheet(draft, county, spec, &frozen);
    spec.lacks(&sheet).into_iter().map(|field| field.zh.clone()).collect()
}

/// The fields that whoever drafts fills in.
pub fn fields_of(spec: &Spec) -> impl Iterator<Item = &baoxue_paper::Field> {
    spec.fields.iter().filter(|field| field.of == Place::Fields)
}
