//! The interface for programs, shown from its own document.

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use serde_json::{Map, Value};

use super::pager::Pager;
use crate::{
    api::{DESCRIBED, DOCUMENT},
    app::App,
    chrome::{Chrome, Tab},
    display::html,
    door::Signed,
    forms::Asked,
    i18n::Lang,
    trouble::Trouble,
};

/// A parameter, or a field of a shape.
#[derive(Clone, PartialEq, Eq)]
struct Named {
    name: String,
    kind: String,
    about: String,
}

/// Something that programs may ask.
struct Operation {
    method: String,
    path: String,
    words: String,
    parameters: Vec<Named>,
    /// Shape of the body of a write.
    body: String,
    /// Status, what it means, shape of the answer.
    answers: Vec<Named>,
}

/// What an answer is made of.
struct Shape {
    name: String,
    about: String,
    fields: Vec<Named>,
}

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage {
    chrome: Chrome,
    document: &'static str,
    version: String,
    about: String,
    /// What any request may be answered with, told once.
    always: Vec<Named>,
    operations: Vec<Operation>,
    /// A part of the shapes, where they are asked for.
    shapes: Vec<Shape>,
    pager: Option<Pager>,
    n_shapes: usize,
}

/// The page.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let lang = Lang::of(&headers);
    let document = serde_json::to_value(&*DESCRIBED).map_err(|error| Trouble::broken(&error))?;
    let all = shapes(&document);
    let n_shapes = all.len();
    let (mut operations, mut always, mut shown, mut pager) =
        (Vec::new(), Vec::new(), Vec::new(), None);
    if asked.one("show") == Some("shapes") {
        // All of them are more than an old browser shows at once.
        let from = (asked.page() - 1).saturating_mul(asked.size());
        shown = all.into_iter().skip(from).take(asked.size()).collect();
        pager = Some(Pager::new(&asked, n_shapes, shown.len(), lang));
    } else {
        operations = self::operations(&document, lang);
        always = shared(&mut operations);
    }
    html(&ApiPage {
        document: DOCUMENT,
        version: text(&document, "openapi"),
        about: text(&document["info"], "description"),
        operations,
        always,
        shapes: shown,
        pager,
        n_shapes,
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::None, &lang.t("api-title")),
    })
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn operations(document: &Value, lang: Lang) -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in members(&document["paths"]) {
        for (method, operation) in members(item) {
            all.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                words: lang.t(&format!("api-op-{}", text(operation, "operationId"))),
                parameters: parameters(&operation["parameters"]),
                body: kind_of(&operation["requestBody"]["content"]["application/json"]["schema"]),
                answers: answers(&operation["responses"]),
            });
        }
    }
    all
}

/// Takes the answers that every operation has out of each, and gives them.
fn shared(operations: &mut [Operation]) -> Vec<Named> {
    let Some(first) = operations.first() else { return Vec::new() };
    let is_in = |answer: &Named, operation: &Operation| operation.answers.contains(answer);
    let everywhere = |answer: &&Named| operations.iter().all(|operation| is_in(answer, operation));
    let always: Vec<Named> = first.answers.iter().filter(everywhere).cloned().collect();
    for operation in operations {
        operation.answers.retain(|answer| !always.contains(answer));
    }
    always
}

fn parameters(parameters: &Value) -> Vec<Named> {
    let all = parameters.as_array().into_iter().flatten();
    let named = all.map(|parameter| Named {
        name: text(parameter, "name"),
        kind: kind_of(&parameter["schema"]),
        about: text(parameter, "description"),
    });
    named.collect()
}

fn answers(responses: &Value) -> Vec<Named> {
    let named = members(responses).map(|(status, response)| {
        let content = members(&response["content"]).next();
        let kind = content.map(|(_, content)| kind_of(&content["schema"])).unwrap_or_default();
        Named { name: status.clone(), kind, about: text(response, "description") }
    });
    named.collect()
}

fn shapes(document: &Value) -> Vec<Shape> {
    let shape = |(name, schema): (&String, &Value)| Shape {
        name: name.clone(),
        about: text(schema, "description"),
        fields: members(&schema["properties"])
            .map(|(name, field)| Named {
                name: name.clone(),
                kind: kind_of(field),
                about: text(field, "description"),
            })
            .collect(),
    };
    let all = members(&document["components"]["schemas"]).map(shape);
    all.filter(|shape| !shape.fields.is_empty()).collect()
}

/// What values a schema allows, in one line: `string?` may be absent, `Words[]` is a list.
fn kind_of(schema: &Value) -> String {
    let named = |pointer: &Value| {
        let path = pointer.as_str().unwrap_or_default();
        path.rsplit('/').next().unwrap_or_default().to_owned()
    };
    if !schema["$ref"].is_null() {
        return named(&schema["$ref"]);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let kinds: Vec<String> = choices.iter().map(kind_of).collect();
        // `?` alone is nothing but null.
        let some: Vec<&str> = kinds.iter().map(String::as_str).filter(|k| *k != "?").collect();
        let absent = if some.len() < kinds.len() { "?" } else { "" };
        return format!("{}{absent}", some.join(" | "));
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | ");
    }
    let said = &schema["type"];
    let listed = said.as_array().into_iter().flatten().filter_map(Value::as_str);
    let kinds: Vec<&str> = said.as_str().into_iter().chain(listed).collect();
    let absent = if kinds.contains(&"null") { "?" } else { "" };
    let kind = kinds.into_iter().find(|kind| *kind != "null").unwrap_or_default();
    let kind = match kind {
        "array" => format!("{}[]", kind_of(&schema["items"])),
        kind => schema["format"].as_str().unwrap_or(kind).to_owned(),
    };
    format!("{kind}{absent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_in_one_line() {
        let told = |schema: &str| kind_of(&serde_json::from_str(schema).unwrap());
        assert_eq!(told(r##"{"$ref": "#/components/schemas/Words"}"##), "Words");
        assert_eq!(told(r#"{"type": ["string", "null"], "format": "date"}"#), "date?");
        assert_eq!(told(r#"{"type": "array", "items": {"type": "string"}}"#), "string[]");
        let either = r##"{"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Words"}]}"##;
        assert_eq!(told(either), "Words?");
        assert_eq!(told(r#"{"type": "string", "enum": ["a", "b"]}"#), "a | b");
    }

    #[test]
    fn what_every_request_may_be_answered_with_is_told_once() {
        let document = serde_json::to_value(&*DESCRIBED).unwrap();
        let mut all = operations(&document, Lang::Zh);
        let before: usize = all.iter().map(|operation| operation.answers.len()).sum();
        let always = shared(&mut all);
        let after: usize = all.iter().map(|operation| operation.answers.len()).sum();
        assert!(!always.is_empty() && before == after + always.len() * all.len());
    }

    #[test]
    fn every_operation_has_words_in_both_languages_and_every_shape_is_there() {
        let document = serde_json::to_value(&*DESCRIBED).unwrap();
        for lang in [Lang::Zh, Lang::En] {
            let all = operations(&document, lang);
            assert!(all.len() >= 15);
            for operation in &all {
                assert!(!operation.words.contains("api-op-"), "{}", operation.words);
            }
        }
        let known: Vec<String> =
            members(&document["components"]["schemas"]).map(|(name, _)| name.clone()).collect();
        let whole = document.to_string();
        for name in whole.split("#/components/schemas/").skip(1) {
            let name = name.split('"').next().unwrap();
            assert!(known.iter().any(|known| known == name), "{name} is not described");
        }
        assert_eq!(document["openapi"], "3.1.0");
    }
}
