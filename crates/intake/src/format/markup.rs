//! What the XML readers share: attributes by local name, character references, references to cells.

use std::borrow::Cow;

use quick_xml::{
    XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart},
};

/// Rows of an Excel sheet.
pub(super) const MAX_ROW: u32 = 1_048_576;
/// Columns of an Excel sheet.
pub(super) const MAX_COLUMN: u32 = 16_384;

/// The value of an attribute, whatever the prefix of its name.
pub(super) fn attribute<'e>(element: &'e BytesStart<'_>, name: &str) -> Option<Cow<'e, str>> {
    element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .and_then(|attribute| attribute.normalized_value(XmlVersion::Explicit1_0).ok())
}

/// Whether an attribute says yes (`1` or `true`).
pub(super) fn flag(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).is_some_and(|value| matches!(value.as_ref(), "1" | "true"))
}

/// A whole number in an attribute.
pub(super) fn number(element: &BytesStart<'_>, name: &str) -> Option<u64> {
    attribute(element, name).and_then(|value| value.trim().parse().ok())
}

/// Appends `&lt;`, `&#20013;` and the like. There are no other entities, since declaring them is refused.
pub(super) fn push_reference(text: &mut String, reference: &BytesRef<'_>) {
    if let Some(known) = resolve_predefined_entity(reference) {
        text.push_str(known);
    } else if let Ok(Some(character)) = reference.resolve_char_ref() {
        text.push(character);
    }
}

/// Row and column, from 1, of a reference such as `AB12`; `None` when it is none or lies outside every sheet.
pub(super) fn position(reference: &str) -> Option<(u32, u32)> {
    let reference = reference.trim().as_bytes();
    let n_letters = reference.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let (letters, digits) = reference.split_at(n_letters);
    if letters.is_empty() || letters.len() > 3 || digits.is_empty() || digits.len() > 10 {
        return None;
    }
    let column = letters
        .iter()
        .fold(0, |column, letter| column * 26 + u32::from(letter.to_ascii_uppercase() - b'A' + 1));
    let row: u32 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    ((1..=MAX_ROW).contains(&row) && column <= MAX_COLUMN).then_some((row, column))
}
