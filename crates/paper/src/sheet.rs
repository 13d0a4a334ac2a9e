//! What is put on one paper.

use std::{collections::BTreeMap, fmt};

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

/// What is put on one paper. Can be kept as JSON; its `Debug` shows no field, since fields hold names.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sheet {
    /// Name of the body that issues it, as it signs.
    pub issuer: String,
    /// Document number (文号). Empty: a draft, and 草稿 stands on every page, where the form has numbers ([`crate::Spec::numbered`]).
    pub number: String,
    /// Text of a red head (红头), such as `示例县教育体育局文件`. Empty: none.
    pub red_head: String,
    /// Day of the paper (落款日期). None: a blank to be filled by hand.
    pub date: Option<NaiveDate>,
    /// Case key, printed at the top and in the footer. Empty: none.
    pub case: String,
    /// Last day of the term that the paper sets.
    pub until: Option<NaiveDate>,
    /// Address of the public check page, put into the QR code. Must be an http(s) address without Chinese and without a number
    /// of 15 digits or more, so that neither a name nor an identity number gets in. Empty: no code.
    pub check: String,
    /// The code of the check page in words, for whoever cannot scan. Empty: none.
    pub check_code: String,
    /// Who printed it, as shown in the footer.
    pub printed_by: String,
    /// When it was printed, local time.
    pub printed_at: Option<NaiveDateTime>,
    /// As-of date of the data.
    pub as_of: Option<NaiveDate>,
    /// Values by name of the field (see [`crate::Spec::fields`]). An unknown name and a wrong kind are errors.
    pub fields: BTreeMap<String, Value>,
    /// The law that is cited. Empty: the articles that the form's data name.
    pub law: Vec<Article>,
}

impl fmt::Debug for Sheet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Sheet")
            .field("issuer", &self.issuer)
            .field("number", &self.number)
            .field("case", &self.case)
            .finish_non_exhaustive()
    }
}

/// Value of a field. As JSON: a string, a day `2026-09-01`, a list of strings, a list of objects.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A day, for fields of kind [`crate::Kind::Date`]. Must stand before text: a string that is a day is read as one.
    Date(NaiveDate),
    /// One text; a line break in it begins a new paragraph where the template has room for one.
    Text(String),
    /// Several texts: paragraphs or entries of a list.
    Lines(Vec<String>),
    /// Rows of a table: cells by name of the column (see [`crate::Field::columns`]).
    Rows(Vec<BTreeMap<String, String>>),
}

impl Value {
    /// Whether nothing but white space stands in it.
    pub fn is_empty(&self) -> bool {
        let blank = |text: &String| text.trim().is_empty();
        match self {
            Self::Date(_) => false,
            Self::Text(text) => blank(text),
            Self::Lines(lines) => lines.iter().all(blank),
            Self::Rows(rows) => rows.iter().all(|row| row.values().all(blank)),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Date(_) => "Date(..)",
            Self::Text(_) => "Text(..)",
            Self::Lines(_) => "Lines(..)",
            Self::Rows(_) => "Rows(..)",
        })
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<NaiveDate> for Value {
    fn from(day: NaiveDate) -> Self {
        Self::Date(day)
    }
}

impl From<Vec<String>> for Value {
    fn from(lines: Vec<String>) -> Self {
        Self::Lines(lines)
    }
}

/// An article of law as it is cited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Full name without brackets: `中华人民共和国义务教育法`.
    pub law: String,
    /// `第五十八条`, with paragraph or item where it matters.
    pub article: String,
    /// Its wording, printed after its number. Empty where the wording is not at hand: then only the number is printed.
    #[serde(default)]
    pub words: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_gets_into_debug() {
        let mut sheet = Sheet { issuer: "示例镇人民政府".into(), ..Sheet::default() };
        sheet.fields.insert("child".into(), "王小宇".into());
        let shown = format!("{sheet:?} {:?}", sheet.fields["child"]);
        assert!(shown.contains("示例镇") && !shown.contains("王小宇"), "{shown}");
    }

    #[test]
    fn a_sheet_survives_json() {
        let day = NaiveDate::from_ymd_opt(2026, 9, 17).unwrap();
        let mut sheet =
            Sheet { date: Some(day), number: "示教〔2026〕1号".into(), ..Sheet::default() };
        sheet.fields.insert("a".into(), day.into());
        sheet.fields.insert("b".into(), "2026 年".into());
        sheet.fields.insert("c".into(), vec!["一".to_owned()].into());
        sheet
            .fields
            .insert("d".into(), Value::Rows(vec![BTreeMap::from([("n".into(), "1".into())])]));
        let json = serde_json::to_string(&sheet).unwrap();
        assert_eq!(serde_json::from_str::<Sheet>(&json).unwrap(), sheet);
    }
}
