//! Tables that go on beside themselves (双栏): the same headings twice or more on one sheet, each with rows of its own.

use std::ops::Range;

use baoxue_claim::Report;

use super::{Desk, Done, Heading, look};
use crate::{
    Field, Level, Outcome, SheetReading,
    columns::{self, ONE_EACH},
    correction::Correction,
    format::{Cell, Sheet},
    grid::{Grid, index, number},
    header::Header,
    notes::Notes,
    rowkind,
    synonyms::bare,
    text::fold,
    values,
};

/// The columns of one table, from 0; the last one reaches to the end of the sheet.
type Span = Range<usize>;

impl Desk<'_> {
    /// The sheet once per table on it, each with the cells of the others left out, so that every cell keeps its row and
    /// column; `None` where there is one table, or where it is not certain that there are several.
    pub(super) fn unfold(
        &self,
        (sheet, grid): (&Sheet, &Grid<'_>),
        header: &Header,
        correction: &Correction,
        notes: &mut Notes,
    ) -> Option<Vec<Sheet>> {
        let spans = spans(header)?;
        if !self.are_children(grid, header, &spans[1..])
            || self.is_answered((sheet, grid), header, correction)
        {
            return None;
        }
        let parts: Vec<Sheet> =
            (0..spans.len()).map(|nth| cut((sheet, grid), header, &spans, nth)).collect();
        // Half a header may be too little to be found again.
        let same = |part: &Sheet| {
            Header::find(&Grid::new(part)).is_some_and(|found| found.rows == header.rows)
        };
        if !parts.iter().all(same) {
            return None;
        }
        say(&spans, header, notes);
        Some(parts)
    }

    /// Whether the further tables hold children: numbers of children, or running numbers and no numbers of adults. The
    /// same headings over the numbers of adults are a guardian's.
    fn are_children(&self, grid: &Grid<'_>, header: &Header, spans: &[Span]) -> bool {
        let (looks, _) = look(grid, header, self.lexicon);
        let meanings = columns::by_header(header);
        let child_from = self.child_from();
        spans.iter().all(|span| {
            let of = |field| {
                let means = move |word: &Option<(Field, _)>| word.is_some_and(|(f, _)| f == field);
                let columns = meanings.iter().enumerate().filter(move |(_, word)| means(word));
                columns.map(|(at, _)| at).filter(|at| span.contains(at))
            };
            let numbers = of(Field::Id).filter_map(|at| looks.get(at));
            let mut numbers = numbers.filter(|looks| looks.has_births()).peekable();
            let told = numbers.peek().is_some() || of(Field::Serial).next().is_some();
            told && numbers.all(|looks| looks.born_after(child_from) > 0.5)
        })
    }

    /// Whether a person has said what one of the doubled columns is.
    fn is_answered(
        &self,
        (sheet, grid): (&Sheet, &Grid<'_>),
        header: &Header,
        correction: &Correction,
    ) -> bool {
        let heading = Heading::of((grid, header), &sheet.name, self.context.file, correction);
        let Some(layout) = self.whose(grid, header, &heading, correction).layout else {
            return false;
        };
        let labels = header.labels();
        let keys = columns::keys(labels.iter().map(String::as_str));
        keys.iter().any(|key| key.contains('#') && layout.columns.contains_key(key))
    }
}

/// The columns of each table, when the headings are those of one table over and over, at equal distances.
fn spans(header: &Header) -> Option<Vec<Span>> {
    let labels = header.labels();
    let named: Vec<(usize, String)> = labels
        .iter()
        .enumerate()
        .map(|(at, label)| (at, bare(label)))
        .filter(|(_, label)| !label.is_empty())
        .collect();
    let n = named.len();
    let length = (2..=n / 2).filter(|length| n.is_multiple_of(*length)).find(|length| {
        let wide = named[*length].0 - named[0].0;
        named
            .iter()
            .zip(&named[*length..])
            .all(|((left, one), (right, other))| one == other && right - left == wide)
    })?;
    let meanings = columns::by_header(header);
    let first = named[..length].iter().filter_map(|(at, _)| meanings[*at]);
    let first: Vec<Field> = first.map(|(field, _)| field).collect();
    let n_children = first.iter().filter(|field| **field == Field::Name).count();
    if n_children != 1 || !first.iter().any(|field| ONE_EACH.contains(field)) {
        return None;
    }
    let starts: Vec<usize> = named.iter().step_by(length).map(|(at, _)| *at).collect();
    let ends = starts[1..].iter().copied().chain([usize::MAX]);
    Some(
        std::iter::once(0)
            .chain(starts[1..].iter().copied())
            .zip(ends)
            .map(|(a, b)| a..b)
            .collect(),
    )
}

/// One of the tables. What stands above the header is of all of them; who signs below is said once, with the first.
fn cut((sheet, grid): (&Sheet, &Grid<'_>), header: &Header, spans: &[Span], nth: usize) -> Sheet {
    let top = header.rows[0];
    let part = |(at, row): (usize, &Vec<Cell>)| {
        let texts = grid.row(at);
        let child = || texts.iter().any(|text| values::is_id(&fold(text)));
        let shared = if at < top { !child() } else { rowkind::is_signed(texts) };
        match nth {
            // A child above the header goes back once.
            0 if shared || at < top => row.clone(),
            _ if shared && at < top => row.clone(),
            _ if shared || at < top => Vec::new(),
            _ => masked(row, &spans[nth]),
        }
    };
    let within = |left: u32, right: u32| {
        spans[nth].contains(&index(left)) && spans[nth].contains(&index(right))
    };
    Sheet {
        name: sheet.name.clone(),
        hidden: sheet.hidden,
        rows: sheet.rows.iter().enumerate().map(part).collect(),
        merges: sheet
            .merges
            .iter()
            .filter(|merge| index(merge.bottom) < top || within(merge.left, merge.right))
            .copied()
            .collect(),
        ..Sheet::default()
    }
}

fn masked(row: &[Cell], span: &Span) -> Vec<Cell> {
    let cell = |(at, cell): (usize, &Cell)| {
        if span.contains(&at) { cell.clone() } else { Cell::Empty }
    };
    row.iter().enumerate().take(span.end).map(cell).collect()
}

fn say(spans: &[Span], header: &Header, notes: &mut Notes) {
    let columns: Vec<String> =
        spans[1..].iter().map(|span| number(span.start).to_string()).collect();
    let (n, zh) = (spans.len(), columns.join("、"));
    let en = columns.join(", ");
    let zh = format!(
        "一张表里左右并排了{n}栏相同的表格，已拆开逐栏读取，每栏的每一行各算一行；后面各栏从第{zh}列开始"
    );
    let en = format!(
        "{n} tables with the same headings stand side by side; each was read by itself and its rows counted as rows of their own; the further ones begin in column {en}"
    );
    let at = (Some(number(header.last_row())), Some(number(spans[1].start)));
    notes.say(Level::Notice, "SIDE_BY_SIDE", at, (&zh, &en));
}

/// Puts what was read from the tables of one sheet in order: what holds for all of them is said and asked once, a school
/// with children in any of them has reported children, a table without rows reports nothing.
pub(super) fn settle(dones: &mut [Done]) {
    let Some((first, others)) = dones.split_first_mut() else { return };
    for other in others {
        let keys = first.reading.column_keys();
        let own = other.reading.column_keys();
        let key = |keys: &[String], column: u32| keys.get(index(column)).cloned();
        other.questions.retain(|question| {
            let same = |before: &crate::Question| match (before.column, question.column) {
                (0, 0) => true,
                (0, _) | (_, 0) => false,
                (one, two) => key(&keys, one) == key(&own, two),
            };
            !first.questions.iter().any(same)
        });
        let of_sheet = first.notes.messages.iter().filter(|message| message.row.is_none());
        let said: Vec<String> = of_sheet.map(|message| message.code.clone()).collect();
        other
            .notes
            .messages
            .retain(|message| message.row.is_some() || !said.contains(&message.code));
        let reports = std::mem::take(&mut other.reading.reports);
        if speaks(&other.reading) {
            join(&mut first.reading.reports, reports);
        }
    }
}

fn speaks(reading: &SheetReading) -> bool {
    let spoken = |outcome: &Outcome| match outcome {
        Outcome::Record(_) | Outcome::Reject(_) => true,
        Outcome::Aside(aside) => *aside == crate::Aside::ZeroReport,
    };
    reading.rows.iter().any(|row| spoken(&row.outcome))
}

fn join(reports: &mut Vec<Report>, others: Vec<Report>) {
    for other in others {
        let of = |known: &&mut Report| {
            known.school == other.school && known.town == other.town && known.until == other.until
        };
        match reports.iter_mut().find(of) {
            Some(known) => known.zero &= other.zero,
            None => reports.push(other),
        }
    }
}
