//! The second sheet of a ledger: its children by town and status. All sums are those of the rows, so they cannot differ
//! from the ledger; children whose town is not known stand in a row of their own, never left out.

use std::collections::BTreeMap;

use baoxue_claim::VerdictCode;

use crate::{
    Head, Lang, Line, ReportError,
    cell::Cell,
    sheet::{Book, Field, Page},
    style::Kind::Short,
};

/// One town with a count for each status that occurs in the ledger, their sum last.
struct TownCounts {
    town: String,
    counts: Vec<u32>,
}

/// Adds the sheet.
pub(super) fn add(
    book: &mut Book<'_>,
    ledger: &Page<'_>,
    lines: &[&Line],
    head: &Head,
) -> Result<(), ReportError> {
    let occurs = |code: &VerdictCode| lines.iter().any(|line| line.finding.code == *code);
    let codes: Vec<VerdictCode> = VerdictCode::ALL.iter().copied().filter(occurs).collect();
    let rows = by_town(lines, &codes, head);
    let words = codes.iter().map(|code| head.lang.pick(code.zh(), code.en()));
    let mut fields = vec![Field::new(("镇办", "Town"), Short, 16, |row: &TownCounts, _| {
        Cell::text(row.town.as_str())
    })];
    for (n, word) in words.chain([head.lang.pick("合计", "Total")]).enumerate() {
        fields.push(Field::nth(word, n, |row, n| Cell::count(row.counts.get(n).copied())));
    }
    let page = Page {
        form: ledger.form,
        tab: head.lang.pick("汇总", "Summary"),
        title: &format!("{}{}", ledger.title, head.lang.pick("（分镇办汇总）", ", by town")),
        unit: ("个镇办", "towns"),
        notes: notes(lines, head),
        totals: Some(totals(&rows, codes.len() + 1, head)),
        n_fixed_columns: 2,
    };

    book.sheet(&page, &fields, &rows.iter().collect::<Vec<_>>())
}

/// Towns in the order in which the ledger brings them, the unknown town last.
fn by_town(lines: &[&Line], codes: &[VerdictCode], head: &Head) -> Vec<TownCounts> {
    let mut place: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    let mut rows: Vec<TownCounts> = Vec::new();
    let known = lines.iter().filter(|line| line.who.town.is_some());
    let unknown = lines.iter().filter(|line| line.who.town.is_none());
    for line in known.chain(unknown) {
        let town = line.who.town.as_deref();
        let at = *place.entry(town).or_insert_with(|| {
            let name = town.unwrap_or_else(|| head.lang.pick("（镇办不明）", "(not known)"));
            rows.push(TownCounts { town: name.to_owned(), counts: vec![0; codes.len() + 1] });
            rows.len() - 1
        });
        let code = codes.iter().position(|code| *code == line.finding.code);
        for n in code.into_iter().chain([codes.len()]) {
            rows[at].counts[n] += 1;
        }
    }
    rows
}

fn totals(rows: &[TownCounts], n_columns: usize, head: &Head) -> Vec<Cell> {
    let sum = |n: usize| rows.iter().map(|row| row.counts[n]).sum();
    let label = Cell::text(head.lang.pick("合计", "Total"));
    std::iter::once(label).chain((0..n_columns).map(|n| Cell::Number(sum(n)))).collect()
}

fn notes(lines: &[&Line], head: &Head) -> Vec<String> {
    let n_lost = lines.iter().filter(|line| line.who.town.is_none()).count();
    if n_lost == 0 {
        return Vec::new();
    }
    vec![match head.lang {
        Lang::Zh => format!("其中{n_lost}人镇办不明，列在“（镇办不明）”行，已计入合计。"),
        Lang::En => format!("{n_lost} children of no known town stand in a row of their own."),
    }]
}
