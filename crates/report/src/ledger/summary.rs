//! The second sheet of a ledger: its children by town and status. All sums are those of the rows, so they cannot differ
//! from the ledger; children whose town is not known stand in a row of their own, never left out.

use std::collections::BTreeMap;

use baoxue_claim::VerdictCode;

use crate::{
    Head, Lang, ReportError,
    cell::Cell,
    rows::{Chosen, Rows},
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
    lines: &Chosen<'_>,
    head: &Head,
) -> Result<(), ReportError> {
    let tallies = tallies(lines)?;
    let occurs = |code: &VerdictCode| tallies.iter().any(|tally| tally.codes.contains_key(code));
    let codes: Vec<VerdictCode> = VerdictCode::ALL.iter().copied().filter(occurs).collect();
    let rows = by_town(&tallies, &codes, head);
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
        notes: notes(&tallies, head),
        totals: Some(totals(&rows, codes.len() + 1, head)),
        n_fixed_columns: 2,
    };

    book.sheet(&page, &fields, &rows.iter().collect::<Vec<_>>())
}

/// The children of one town by their status.
struct Tally {
    town: Option<String>,
    codes: BTreeMap<VerdictCode, u32>,
}

/// Towns in the order in which the ledger brings them.
fn tallies(lines: &Chosen<'_>) -> Result<Vec<Tally>, ReportError> {
    let mut tallies: Vec<Tally> = Vec::new();
    lines.each(&mut |line| {
        let town = &line.who.town;
        let at = tallies.iter().position(|tally| tally.town == *town).unwrap_or_else(|| {
            tallies.push(Tally { town: town.clone(), codes: BTreeMap::new() });
            tallies.len() - 1
        });
        *tallies[at].codes.entry(line.finding.code).or_default() += 1;
        Ok(())
    })?;
    Ok(tallies)
}

/// Towns in the order in which the ledger brings them, the unknown town last.
fn by_town(tallies: &[Tally], codes: &[VerdictCode], head: &Head) -> Vec<TownCounts> {
    let row = |tally: &Tally| {
        let unknown = || head.lang.pick("（镇办不明）", "(not known)").to_owned();
        let of = |code: &VerdictCode| tally.codes.get(code).copied().unwrap_or(0);
        let sum = tally.codes.values().sum();
        TownCounts {
            town: tally.town.clone().unwrap_or_else(unknown),
            counts: codes.iter().map(of).chain([sum]).collect(),
        }
    };
    let known = tallies.iter().filter(|tally| tally.town.is_some());
    let unknown = tallies.iter().filter(|tally| tally.town.is_none());
    known.chain(unknown).map(row).collect()
}

fn totals(rows: &[TownCounts], n_columns: usize, head: &Head) -> Vec<Cell> {
    let sum = |n: usize| rows.iter().map(|row| row.counts[n]).sum();
    let label = Cell::text(head.lang.pick("合计", "Total"));
    std::iter::once(label).chain((0..n_columns).map(|n| Cell::Number(sum(n)))).collect()
}

fn notes(tallies: &[Tally], head: &Head) -> Vec<String> {
    let unknown = tallies.iter().filter(|tally| tally.town.is_none());
    let n_lost: u32 = unknown.flat_map(|tally| tally.codes.values()).sum();
    if n_lost == 0 {
        return Vec::new();
    }
    vec![match head.lang {
        Lang::Zh => format!("其中{n_lost}人镇办不明，列在“（镇办不明）”行，已计入合计。"),
        Lang::En => format!("{n_lost} children of no known town stand in a row of their own."),
    }]
}
