//! What a form asks for: data beside its template, which a county can replace.

use std::path::Path;

use serde::Deserialize;

use crate::{Article, Form, PaperError, Sheet, Value, templates};

/// The forms with what they ask for, and their templates. Needs no fonts, so that pages can show fields where nothing can be printed.
#[derive(Debug, Clone)]
pub struct Forms {
    specs: Vec<Spec>,
    pub(crate) sources: templates::Sources,
}

impl Forms {
    /// Reads the built-in forms, and the county's where `folder` has files of the same names.
    ///
    /// # Errors
    /// When the folder cannot be read, or data of a form is wrong; a template is first read when it is printed.
    pub fn open(folder: Option<&Path>) -> Result<Self, PaperError> {
        let sources = templates::Sources::read(folder)?;
        let specs = Form::ALL
            .into_iter()
            .map(|form| {
                let file = format!("{form}.toml");
                Spec::parse(form, sources.text(&file)?)
                    .map_err(|why| PaperError::Spec { file: sources.shown(&file), why })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { specs, sources })
    }

    /// What a form asks for.
    pub fn spec(&self, form: Form) -> &Spec {
        let at = Form::ALL.iter().position(|other| *other == form).unwrap_or_default();
        &self.specs[at]
    }

    /// All forms, in the order of [`Form::ALL`].
    pub fn all(&self) -> impl Iterator<Item = &Spec> {
        self.specs.iter()
    }
}

/// What one form asks for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// The form.
    #[serde(skip, default = "unset")]
    pub form: Form,
    /// Code that is printed on it, `BX-02`.
    pub code: String,
    /// Version that is printed on it.
    pub version: String,
    /// Title as printed.
    pub zh: String,
    /// Title for readers of English.
    pub en: String,
    /// Whether it is issued under a document number. If so, a sheet without number is a draft and says so on every page; records and
    /// applications are none.
    #[serde(default = "yes")]
    pub numbered: bool,
    /// What each copy is for (`第一联：送达监护人`); the paper is printed once for each. Empty: one copy without heading.
    #[serde(default)]
    pub copies: Vec<String>,
    /// The law that is cited where the sheet cites none.
    #[serde(default)]
    pub law: Vec<Article>,
    /// The fields, in the order of a form to fill in.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
    /// Letters of responsibility only: the layers and what each party promises.
    #[serde(default, rename = "layer")]
    pub layers: Vec<Layer>,
    /// The dossier only: its checklist.
    #[serde(default, rename = "part")]
    pub parts: Vec<Part>,
}

fn yes() -> bool {
    true
}

fn unset() -> Form {
    Form::Dossier
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Key in [`Sheet::fields`].
    pub name: String,
    /// Label as printed.
    pub zh: String,
    /// Label for readers of English.
    pub en: String,
    /// What its value is.
    #[serde(default)]
    pub kind: Kind,
    /// Whether the paper may be issued without it.
    #[serde(default)]
    pub required: bool,
    /// Where its value stands.
    #[serde(default)]
    pub of: Place,
    /// The only values it can have. Empty: any.
    #[serde(default)]
    pub choices: Vec<String>,
    /// Columns of a field of kind [`Kind::Rows`].
    #[serde(default, rename = "column")]
    pub columns: Vec<Column>,
}

/// What the value of a field is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One text ([`Value::Text`]; a day is printed as one).
    #[default]
    Text,
    /// A day ([`Value::Date`]).
    Date,
    /// Several texts ([`Value::Lines`]).
    Lines,
    /// Rows of a table ([`Value::Rows`]).
    Rows,
}

/// Where the value of a field stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// In [`Sheet::fields`].
    #[default]
    Fields,
    /// In the sheet itself: `issuer`, `date`, `until` or `as_of`.
    Sheet,
}

/// Column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Key in each row.
    pub name: String,
    /// Heading as printed.
    pub zh: String,
    /// Heading for readers of English.
    pub en: String,
}

/// A layer of the chain of responsibility letters (责任书).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Value of the field `layer`: `county-town`.
    pub id: String,
    /// Name of the layer.
    pub zh: String,
    /// Name for readers of English.
    pub en: String,
    /// What the party that hands the duty on promises.
    pub giver: Vec<String>,
    /// What the party that takes it promises.
    pub taker: Vec<String>,
}

/// A part of the checklist of the dossier.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Number, from 1.
    pub n: u8,
    /// What belongs there.
    pub zh: String,
    /// What belongs there, for readers of English.
    pub en: String,
}

const OF_SHEET: [&str; 4] = ["issuer", "date", "until", "as_of"];

impl Spec {
    fn parse(form: Form, text: &str) -> Result<Self, String> {
        let mut spec: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        spec.form = form;
        for (at, field) in spec.fields.iter().enumerate() {
            if spec.fields[..at].iter().any(|other| other.name == field.name) {
                return Err(format!("field `{}` stands twice", field.name));
            }
            if field.of == Place::Sheet && !OF_SHEET.contains(&field.name.as_str()) {
                return Err(format!("field `{}`: a sheet has {}", field.name, OF_SHEET.join(", ")));
            }
            if (field.kind == Kind::Rows) == field.columns.is_empty() {
                return Err(format!("field `{}`: rows have columns, nothing else has", field.name));
            }
        }
        Ok(spec)
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Which required fields are missing or blank: the completeness check before a paper is issued.
    pub fn lacks(&self, sheet: &Sheet) -> Vec<&Field> {
        self.fields.iter().filter(|field| field.required && !is_filled(field, sheet)).collect()
    }
}

fn is_filled(field: &Field, sheet: &Sheet) -> bool {
    if field.of == Place::Fields {
        return sheet.fields.get(&field.name).is_some_and(|value| !value.is_empty());
    }
    match field.name.as_str() {
        "date" => sheet.date.is_some(),
        "until" => sheet.until.is_some(),
        "as_of" => sheet.as_of.is_some(),
        _ => !sheet.issuer.trim().is_empty(),
    }
}

impl Field {
    /// What is wrong with a value of this field.
    pub(crate) fn wrong(&self, value: &Value) -> Option<&'static str> {
        let fits = match self.kind {
            Kind::Text => matches!(value, Value::Text(_) | Value::Date(_)),
            Kind::Date => matches!(value, Value::Date(_)) || value.is_empty(),
            Kind::Lines => matches!(value, Value::Lines(_)),
            Kind::Rows => matches!(value, Value::Rows(_)) || value.is_empty(),
        };
        if !fits {
            return Some(match self.kind {
                Kind::Text => "expected a text",
                Kind::Date => "expected a day",
                Kind::Lines => "expected lines",
                Kind::Rows => "expected rows",
            });
        }
        match value {
            Value::Text(text) if !self.choices.is_empty() && !value.is_empty() => {
                (!self.choices.contains(text)).then_some("not one of its choices")
            }
            Value::Rows(rows) => {
                let known = |name: &String| self.columns.iter().any(|column| column.name == *name);
                (!rows.iter().flat_map(|row| row.keys()).all(known))
                    .then_some("a row has an unknown column")
            }
            Value::Text(_) | Value::Date(_) | Value::Lines(_) => None,
        }
    }
}
