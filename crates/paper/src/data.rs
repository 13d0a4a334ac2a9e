//! A sheet as the data that a template reads.

use serde_json::{Map, Value as Json, json};

use crate::{Kind, PaperError, Place, Sheet, Spec, Value};

/// What a template gets as `d`: everything of the sheet, with every field of the form there, filled or empty.
///
/// # Errors
/// When the sheet has a field that the form has not, or a value of another kind.
pub(crate) fn of(spec: &Spec, sheet: &Sheet) -> Result<Json, PaperError> {
    let wrong =
        |field: &str, why| PaperError::Field { form: spec.form, field: field.to_owned(), why };
    for (name, value) in &sheet.fields {
        let field = spec
            .field(name)
            .filter(|field| field.of == Place::Fields)
            .ok_or_else(|| wrong(name, "the form has no such field"))?;
        if let Some(why) = field.wrong(value) {
            return Err(wrong(name, why));
        }
    }
    let law = if sheet.law.is_empty() { &spec.law } else { &sheet.law };
    Ok(json!({
        "form": spec.form.id(),
        "code": spec.code,
        "version": spec.version,
        "title": spec.zh,
        "copies": if spec.copies.is_empty() { vec![String::new()] } else { spec.copies.clone() },
        "issuer": sheet.issuer,
        "number": sheet.number,
        "draft": spec.numbered && sheet.number.is_empty(),
        "red_head": sheet.red_head,
        "date": sheet.date,
        "case": sheet.case,
        "until": sheet.until,
        "check": sheet.check,
        "check_code": sheet.check_code,
        // The file of the code's pixels and their number in a row; the press puts it there.
        "qr": null,
        "printed_by": sheet.printed_by,
        "printed_at": sheet.printed_at.map(|at| at.format("%Y-%m-%d %H:%M").to_string()),
        "as_of": sheet.as_of,
        "f": values(spec, sheet),
        "labels": spec.fields.iter().map(|f| (f.name.clone(), json!(f.zh))).collect::<Map<_, _>>(),
        "choices": spec.fields.iter().map(|f| (f.name.clone(), json!(f.choices))).collect::<Map<_, _>>(),
        "columns": columns(spec),
        "layers": layers(spec),
        "parts": spec.parts.iter().map(|part| json!({"n": part.n, "zh": part.zh})).collect::<Vec<_>>(),
        "law": law,
        // Filled for a dossier; its cover alone can be printed too.
        "items": [],
        "not_needed": {},
    }))
}

fn values(spec: &Spec, sheet: &Sheet) -> Map<String, Json> {
    let of_fields = spec.fields.iter().filter(|field| field.of == Place::Fields);
    of_fields
        .map(|field| {
            let value = sheet.fields.get(&field.name).filter(|value| !value.is_empty());
            let json = match (value, field.kind) {
                (Some(Value::Date(day)), Kind::Text) => {
                    json!(day.format("%Y年%-m月%-d日").to_string())
                }
                (Some(Value::Rows(rows)), _) => rows
                    .iter()
                    .map(|row| {
                        let cell = |name: &String| json!(row.get(name).map_or("", String::as_str));
                        field.columns.iter().map(|c| (c.name.clone(), cell(&c.name))).collect()
                    })
                    .collect::<Vec<Map<_, _>>>()
                    .into(),
                (Some(value), _) => json!(value),
                (None, Kind::Text) => json!(""),
                (None, Kind::Date) => Json::Null,
                (None, Kind::Lines | Kind::Rows) => json!([]),
            };
            (field.name.clone(), json)
        })
        .collect()
}

fn columns(spec: &Spec) -> Map<String, Json> {
    let tables = spec.fields.iter().filter(|field| !field.columns.is_empty());
    tables
        .map(|field| {
            let columns = field.columns.iter().map(|c| json!({"name": c.name, "zh": c.zh}));
            (field.name.clone(), columns.collect())
        })
        .collect()
}

fn layers(spec: &Spec) -> Map<String, Json> {
    let layer =
        |layer: &crate::Layer| json!({"zh": layer.zh, "giver": layer.giver, "taker": layer.taker});
    spec.layers.iter().map(|l| (l.id.clone(), layer(l))).collect()
}

/// The title of a document: what a reader of PDF shows in its bar. No name stands in it.
pub(crate) fn title(spec: &Spec, sheet: &Sheet) -> String {
    let draft = spec.numbered && sheet.number.is_empty();
    format!("{} {}", spec.zh, if draft { "草稿" } else { &sheet.number }).trim_end().to_owned()
}
