//! The three official ledgers (台账) with the headings of `forms.md` §1, each with a second sheet of counts by town.

pub(crate) mod cells;
mod dropout;
mod of_age;
mod population;
mod summary;
mod suspected;

#[cfg(test)]
mod tests;

use baoxue_claim::VerdictCode;
use baoxue_determine::population::Population;

use crate::{
    Head, Line, Lines, ReportError, Workbook,
    rows::{Chosen, Rows},
    sheet::{Book, Field, Page},
};

/// The of-age ledger (适龄儿童少年台账): every line that is of compulsory age, each once; behind it the population by base
/// and by the three answers, as `population` counts it.
///
/// # Errors
/// [`ReportError`] when the ledger and the population are not of one size, the table is longer than a sheet, a date cannot
/// be written, or the writer refuses.
pub fn of_age_ledger(
    lines: &dyn Lines,
    population: &Population,
    head: &Head,
) -> Result<Workbook, ReportError> {
    let lines = Chosen::new(lines, |line| line.finding.of_age);
    let page = Page {
        form: "BX-01 v1",
        tab: head.lang.pick("适龄儿童少年台账", "Of-age ledger"),
        title: &title(head, "适龄儿童少年台账", "Ledger of children of compulsory age"),
        unit: ("人", "children"),
        notes: vec![
            head.lang
                .pick(
                    "延缓入学、休学、经评估不具备学习条件者不计入在校，也不计入辍学；核实中者单列，不推定在校或辍学。",
                    "Deferred, suspended and children assessed unable to learn count neither as in school nor as \
                     dropouts; the unverified are counted apart.",
                )
                .to_owned(),
        ],
        totals: None,
        n_fixed_columns: 7,
    };
    let (n_lines, counted) = (lines.n_rows(), population.total.children);
    if u32::try_from(n_lines) != Ok(counted) {
        return Err(ReportError::Population(n_lines, counted));
    }
    let mut book = Book::new(page.tab, head)?;
    book.table(&page, of_age::FIELDS, &lines)?;
    summary::add(&mut book, &page, &lines, head)?;
    population::add(&mut book, &page, population, head)?;
    book.finish()
}

/// The ledger of suspected dropouts (疑似辍学学生台账): every line whose code is `SUSPECTED`.
///
/// # Errors
/// As [`of_age_ledger`].
pub fn suspected_ledger(lines: &dyn Lines, head: &Head) -> Result<Workbook, ReportError> {
    let lines = Chosen::new(lines, |line| line.finding.code == VerdictCode::Suspected);
    let page = Page {
        form: "BX-02 v1",
        tab: head.lang.pick("疑似辍学学生台账", "Suspected dropouts"),
        title: &title(head, "疑似辍学学生台账", "Ledger of suspected dropouts"),
        unit: ("人", "children"),
        notes: vec![pending(head)],
        totals: None,
        n_fixed_columns: 5,
    };
    ledger(&page, suspected::FIELDS, &lines, head)
}

/// The ledger of dropouts (辍学学生台账): every line whose code is `DROPOUT` or `NEVER_ENROLLED` (失学).
///
/// # Errors
/// As [`of_age_ledger`].
pub fn dropout_ledger(lines: &dyn Lines, head: &Head) -> Result<Workbook, ReportError> {
    let lines = Chosen::new(lines, |line| line.finding.code.is_out());
    let page = Page {
        form: "BX-03 v1",
        tab: head.lang.pick("辍学学生台账", "Dropouts"),
        title: &title(head, "辍学学生台账", "Ledger of dropouts"),
        unit: ("人", "children"),
        notes: vec![pending(head)],
        totals: None,
        n_fixed_columns: 5,
    };
    let fields = [suspected::FIELDS, dropout::FIELDS].concat();
    ledger(&page, &fields, &lines, head)
}

fn ledger(
    page: &Page<'_>,
    fields: &[Field<Line>],
    lines: &Chosen<'_>,
    head: &Head,
) -> Result<Workbook, ReportError> {
    let mut book = Book::new(page.tab, head)?;
    book.table(page, fields, lines)?;
    summary::add(&mut book, page, lines, head)?;
    book.finish()
}

fn title(head: &Head, zh: &str, en: &str) -> String {
    match head.lang {
        crate::Lang::Zh => format!("{}{zh}", head.county),
        crate::Lang::En => format!("{en}, {}", head.county),
    }
}

fn pending(head: &Head) -> String {
    head.lang
        .pick(
            "状态后注“待确认”者，须经两个独立来源、督查或入户核实并由负责人签批后，方可据以发出文书。",
            "A status marked as to be confirmed needs two independent sources, an inspection or a visit, and an \
             approver's signature, before any paper may rest on it.",
        )
        .to_owned()
}
