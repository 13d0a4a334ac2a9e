//! Whether a JSON value is what a schema of the interface's document says: types, what must be there, what may be there, the
//! values of a list of choices, days and moments. What the document does not describe is wrong too.

use serde_json::Value;

/// The first thing in which a value is not as the schema says.
pub(crate) fn fault(document: &Value, schema: &Value, value: &Value) -> Option<String> {
    check(document, schema, value, "$").err()
}

fn check(document: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(pointer) = schema["$ref"].as_str() {
        let schema = document.pointer(pointer.trim_start_matches('#'));
        return check(document, schema.ok_or(format!("{at}: no {pointer}"))?, value, at);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fits = choices.iter().filter(|choice| check(document, choice, value, at).is_ok());
        let n = fits.count();
        return if n == 1 {
            Ok(())
        } else {
            Err(format!("{at}: fits {n} of its choices: {value}"))
        };
    }
    let said = &schema["type"];
    let listed = said.as_array().into_iter().flatten().filter_map(Value::as_str);
    let kinds: Vec<&str> = said.as_str().into_iter().chain(listed).collect();
    if kinds.is_empty() {
        return Err(format!("{at}: the schema says no type: {schema}"));
    }
    if !kinds.iter().any(|kind| is_of(kind, value)) {
        return Err(format!("{at}: {value} is no {kinds:?}"));
    }
    match value {
        Value::Object(members) => object(document, schema, members, at),
        Value::Array(items) => items.iter().enumerate().try_for_each(|(n, item)| {
            check(document, &schema["items"], item, &format!("{at}[{n}]"))
        }),
        Value::String(text) => string(schema, text, at),
        Value::Number(number) => {
            let (least, most) = (schema["minimum"].as_f64(), schema["maximum"].as_f64());
            let number = number.as_f64().unwrap();
            let fits =
                least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most);
            if fits { Ok(()) } else { Err(format!("{at}: {number} is out of bounds")) }
        }
        Value::Null | Value::Bool(_) => Ok(()),
    }
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

fn object(
    document: &Value,
    schema: &Value,
    members: &serde_json::Map<String, Value>,
    at: &str,
) -> Result<(), String> {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    for name in required {
        if !members.contains_key(name) {
            return Err(format!("{at}: has no {name}"));
        }
    }
    for (name, member) in members {
        let described =
            schema["properties"].get(name).ok_or(format!("{at}.{name}: not described"))?;
        check(document, described, member, &format!("{at}.{name}"))?;
    }
    Ok(())
}

fn string(schema: &Value, text: &str, at: &str) -> Result<(), String> {
    let fits = match schema["format"].as_str() {
        Some("date") => text.parse::<chrono::NaiveDate>().is_ok(),
        Some("date-time") => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        Some(other) => return Err(format!("{at}: what is the format {other}?")),
        None => true,
    };
    let choices = schema["enum"].as_array();
    let is_choice = choices.is_none_or(|choices| choices.iter().any(|choice| choice == text));
    if fits && is_choice { Ok(()) } else { Err(format!("{at}: `{text}` does not fit {schema}")) }
}

#[test]
fn what_does_not_fit_a_schema_is_noticed() {
    let document = serde_json::json!({ "components": { "schemas": { "Day": { "type": "string", "format": "date" } } } });
    let schema = serde_json::json!({
        "type": "object", "required": ["n", "day"],
        "properties": {
            "n": { "type": "integer", "minimum": 0 },
            "day": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Day" }] },
            "kind": { "type": "string", "enum": ["a", "b"] },
            "list": { "type": "array", "items": { "type": "boolean" } },
        },
    });
    let fault = |value: Value| fault(&document, &schema, &value);
    assert_eq!(
        fault(serde_json::json!({ "n": 1, "day": "2026-01-31", "kind": "a", "list": [true] })),
        None
    );
    assert_eq!(fault(serde_json::json!({ "n": 1, "day": null })), None);
    for wrong in [
        serde_json::json!({ "day": null }),
        serde_json::json!({ "n": -1, "day": null }),
        serde_json::json!({ "n": 1.5, "day": null }),
        serde_json::json!({ "n": 1, "day": "2026-02-31" }),
        serde_json::json!({ "n": 1, "day": null, "kind": "c" }),
        serde_json::json!({ "n": 1, "day": null, "list": [0] }),
        serde_json::json!({ "n": 1, "day": null, "more": 0 }),
        serde_json::json!([]),
    ] {
        assert!(fault(wrong.clone()).is_some(), "{wrong}");
    }
}
