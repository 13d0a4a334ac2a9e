//! Rows of payment lists of aid to pupils.

use baoxue_claim::{AidKind, AidPaid, Doubt, SchoolTerm, Statement, StudyMode, read_date};

use super::Said;
use crate::{
    Field,
    line::Line,
    text::{fold, has},
};

/// What was paid. Where the row names neither aid nor term, the heading of the list does.
pub(crate) fn read(line: &Line<'_>) -> Said {
    let heading = line.facts.heading;
    let aid = line.get(Field::Aid).and_then(AidKind::read).or_else(|| AidKind::read(heading));
    let term = line.get(Field::Term).and_then(SchoolTerm::read);
    let term = term.or_else(|| SchoolTerm::read(heading));
    let day = line.get(Field::Date);
    let on = day.and_then(read_date);
    let paid = AidPaid {
        aid: aid.unwrap_or(AidKind::Other),
        term,
        fen: line.get(Field::Amount).and_then(fen),
        on,
        mode: line.get(Field::Mode).and_then(mode),
    };
    let unread = |field: Field, read: bool, doubt: Doubt| {
        (line.get(field).is_some() && !read).then(|| line.doubt(doubt, field))
    };
    let doubts = [
        unread(Field::Date, on.is_some(), Doubt::DateUnreadable),
        unread(Field::Amount, paid.fen.is_some(), Doubt::AmountUnreadable),
    ];
    let fields = [Field::Aid, Field::Term, Field::Amount, Field::Date, Field::Remark];
    let said = Said::one(Statement::Aid(paid), on.unwrap_or(line.facts.as_of), line.words(&fields));
    doubts.into_iter().fold(said, Said::with_doubt)
}

/// `625`, `625.00`, `￥1,250元` in fen; `None` for what is no amount.
fn fen(cell: &str) -> Option<u32> {
    let text = fold(cell);
    let plain: String = text.chars().filter(|c| !"¥￥,元人民币".contains(*c)).collect();
    let (yuan, rest) = plain.split_once('.').unwrap_or((plain.as_str(), ""));
    let yuan: u32 = yuan.parse().ok()?;
    // 0.5 is fifty fen; a third decimal is no money.
    let digits = rest.trim_end_matches('0');
    let part = match digits.len() {
        0 => 0,
        1 => digits.parse::<u32>().ok()? * 10,
        2 => digits.parse::<u32>().ok()?,
        _ => return None,
    };
    yuan.checked_mul(100)?.checked_add(part)
}

fn mode(cell: &str) -> Option<StudyMode> {
    let text = fold(cell);
    if has(&text, "非寄宿 走读") {
        return Some(StudyMode::Day);
    }
    has(&text, "寄宿 住校 住宿").then_some(StudyMode::Boarding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_to_the_fen() {
        for (text, amount) in [
            ("500", Some(50_000)),
            ("625.00", Some(62_500)),
            ("￥1,250元", Some(125_000)),
            ("0.5", Some(50)),
            ("五百", None),
            ("-500", None),
            ("5.005", None),
        ] {
            assert_eq!(fen(text), amount, "{text}");
        }
    }
}
