//! The third sheet of the of-age ledger: the population by base and by the three answers, each with its sum.

use baoxue_determine::population::{BaseRow, Counted, Dropouts, Population};

use crate::{
    Head, Lang, ReportError,
    cell::Cell,
    sheet::{Book, Field, Page},
    style::Kind::Short,
};

/// Adds the sheet.
pub(super) fn add(
    book: &mut Book<'_>,
    ledger: &Page<'_>,
    population: &Population,
    head: &Head,
) -> Result<(), ReportError> {
    let page = Page {
        form: ledger.form,
        tab: head.lang.pick("口径", "Base and answers"),
        title: &format!(
            "{}{}",
            ledger.title,
            head.lang.pick("（人口基数与三项口径）", ", base and answers")
        ),
        unit: ("类", "parts"),
        notes: notes(population, head.lang),
        totals: Some(totals(&population.total, head)),
        n_fixed_columns: 2,
    };
    book.sheet(&page, &fields(), &population.bases.iter().collect::<Vec<_>>())
}

/// One count of a row.
type Part = fn(&BaseRow) -> u32;

const COUNTS: [((&str, &str), Part); 12] = [
    (("人数", "Children"), |row| row.children),
    (("算辍学：是", "Dropout: yes"), |row| row.dropout.yes),
    (("算辍学：尚未", "Dropout: not yet"), |row| row.dropout.not_yet),
    (("算辍学：否", "Dropout: no"), |row| row.dropout.no),
    (("算辍学：未定", "Dropout: open"), |row| row.dropout.open),
    (("计入在校：是", "In school: yes"), |row| row.in_school.yes),
    (("计入在校：名义在校", "In school: nominally"), |row| row.in_school.nominally),
    (("计入在校：否", "In school: no"), |row| row.in_school.no),
    (("计入在校：不在基数", "In school: not in the base"), |row| row.in_school.left),
    (("计入在校：未定", "In school: open"), |row| row.in_school.open),
    (("持续关注：是", "Watched: yes"), |row| row.watched.yes),
    (("持续关注：否", "Watched: no"), |row| row.watched.no),
];

fn fields() -> Vec<Field<BaseRow>> {
    let base =
        Field::new(("人口基数", "Population base"), Short, 16, |row: &BaseRow, head: &Head| {
            Cell::maybe(row.base.map(|base| head.lang.pick(base.zh(), base.en())))
        });
    let count = |(n, (heading, _)): (usize, &((&'static str, &'static str), Part))| {
        Field::nth_of(*heading, n, |row: &BaseRow, n| {
            Cell::count(COUNTS.get(n).map(|(_, part)| part(row)))
        })
    };
    std::iter::once(base).chain(COUNTS.iter().enumerate().map(count)).collect()
}

fn totals(total: &BaseRow, head: &Head) -> Vec<Cell> {
    let label = Cell::text(head.lang.pick("合计", "Total"));
    let counts = COUNTS.iter().map(|(_, part)| Cell::Number(part(total)));
    std::iter::once(label).chain(counts).collect()
}

/// The sums in words, so that whoever quotes a number quotes its base with it.
fn notes(population: &Population, lang: Lang) -> Vec<String> {
    let Population { determined, outside, waiting, bases, total } = population;
    let n = total.children;
    let Counted { yes: counted, nominally, no: out, left, open } = total.in_school;
    let Dropouts { yes: dropouts, not_yet, no, open: undecided } = total.dropout;
    let parts: Vec<String> = bases
        .iter()
        .filter_map(|row| Some((row.base?, row.children)))
        .map(|(base, n)| match lang {
            Lang::Zh => format!("{}{n}", base.zh()),
            Lang::En => format!("{} {n}", base.en()),
        })
        .collect();
    let stopped = match (*waiting, lang) {
        (0, _) => String::new(),
        (n, Lang::Zh) => format!(" + 只见于未生效的新名册、名册经人核对前不入基数{n}人"),
        (n, Lang::En) => format!(" + {n} named by a stopped register alone, in no base yet"),
    };
    match lang {
        Lang::Zh => vec![
            format!(
                "认定{determined}人 = 适龄人口{n}人 + 未到龄、超龄或已移出基数{outside}人{stopped}；适龄人口{n}人 = {}。",
                parts.join(" + ")
            ),
            format!(
                "适龄人口{n}人 = 计入在校{counted} + 名义在校{nominally} + 不计入在校{out} + 不在基数{left} + 未定{open}。"
            ),
            format!("适龄人口{n}人 = 辍学{dropouts} + 尚未{not_yet} + 不是辍学{no} + 未定{undecided}。"),
            "延缓入学、休学、不具备学习条件者是否计入在校，由本县规则包的三项口径（answers）确定。".to_owned(),
        ],
        Lang::En => vec![
            format!(
                "{determined} determined = {n} of compulsory age + {outside} too young, too old or gone{stopped}; {n} = {}.",
                parts.join(" + ")
            ),
            format!(
                "{n} of age = {counted} in school + {nominally} nominally + {out} not + {left} not in the base + {open} open."
            ),
            format!("{n} of age = {dropouts} dropouts + {not_yet} not yet + {no} not + {undecided} open."),
            "Whether the deferred, the suspended and those unable to learn count as in school is the county's to say \
             (`answers` of the rule pack)."
                .to_owned(),
        ],
    }
}
