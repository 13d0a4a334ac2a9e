//! Lines of the roll as the rows of an export: the columns of the screen.

use std::collections::HashMap;

use baoxue_claim::{ChildId, Private};
use baoxue_report::{ExportRow, Lang};
use chrono::NaiveDate;

use crate::{Entry, Roll, STRIP, Said};

/// The rows of children in their order, with the whole numbers where they are given.
pub(super) fn rows(
    roll: &Roll,
    order: &[ChildId],
    (ids, as_of, lang): (&HashMap<ChildId, Private>, NaiveDate, Lang),
) -> Vec<ExportRow> {
    let entries = order.iter().filter_map(|child| roll.entry(*child));
    let row = |entry: &Entry| {
        let id = ids.get(&entry.child).cloned();
        ExportRow {
            name: entry.name.as_deref().map(Private::new),
            sex: entry.sex,
            age: entry.birth.and_then(|birth| as_of.years_since(birth.earliest())),
            id: id.or_else(|| entry.id.as_deref().map(Private::new)),
            town: roll.town_name(entry).map(str::to_owned),
            village: entry.village.as_deref().map(str::to_owned),
            school: entry.school_shown().map(str::to_owned),
            grade: entry.grade,
            said: said(entry, lang),
            status: lang.pick(entry.code.zh(), entry.code.en()).to_owned(),
            next: next(entry, lang).to_owned(),
            due: entry.due(),
        }
    };
    entries.map(row).collect()
}

/// What each source says, those that say nothing left out.
fn said(entry: &Entry, lang: Lang) -> String {
    let cells = STRIP.iter().zip(&entry.strip);
    let words = cells.filter_map(|((glyph, sources), cell)| {
        let word = match (cell.said, *glyph) {
            (Said::Nothing, _) => return None,
            // A population register knows the child; it does not say that it is in school.
            (Said::In, "户") => lang.pick("在册", "listed"),
            (Said::In, _) => lang.pick("在校", "in school"),
            (Said::Out, _) => lang.pick("不在校", "not in school"),
            (Said::Excused, _) => lang.pick("合法情形", "excused"),
        };
        let old = if cell.old { lang.pick("（旧）", " (old)") } else { "" };
        let name = sources.first().map(|source| source.name().replace('_', " "));
        Some(match lang {
            Lang::Zh => format!("{glyph}{word}{old}"),
            Lang::En => format!("{}: {word}{old}", name.unwrap_or_default()),
        })
    });
    words.collect::<Vec<_>>().join(lang.pick("、", "; "))
}

fn next(entry: &Entry, lang: Lang) -> &'static str {
    match (entry.answer_by, entry.expires) {
        (Some(_), _) => lang.pick("双方答复", "both sides answer"),
        (None, Some(_)) => lang.pick("情形到期", "the ground ends"),
        (None, None) => "",
    }
}
