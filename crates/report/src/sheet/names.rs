//! Names that spreadsheets and file systems accept.

use std::collections::BTreeSet;

/// Characters of a tab name, in UTF-16 units.
const MAX_TAB: usize = 31;

/// A tab name that spreadsheets accept and that is not in `taken` yet, which it then joins.
pub(crate) fn tab_name(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let clean: String = wanted
        .chars()
        .map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { '_' } else { c })
        .collect();
    let base = if clean.trim().is_empty() { "Sheet".to_owned() } else { clean };
    for n in 1u32.. {
        let tail = if n == 1 { String::new() } else { format!("~{n}") };
        let name = format!("{}{tail}", cut_units(&base, MAX_TAB - tail.len()));
        // Spreadsheets compare tab names without regard to case.
        if taken.insert(name.to_lowercase()) {
            return name;
        }
    }
    base
}

/// A file name without characters that some system forbids.
pub(super) fn file_name(stem: &str) -> String {
    let clean: String = stem
        .chars()
        .map(|c| if "/\\:*?\"<>|".contains(c) || c.is_control() { '_' } else { c })
        .collect();
    format!("{clean}.xlsx")
}

fn cut_units(text: &str, units: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += c.len_utf16();
        used > units
    });
    end.map_or(text, |(at, _)| &text[..at])
}
