//! The set comparisons of 四查三比对: how many children stand in each class, and their names.

use std::collections::HashMap;

use baoxue_claim::ChildId;
use baoxue_determine::comparison::{Class, Comparison, Comparisons};

use crate::{
    Head, Lang, Line, ReportError, Workbook,
    cell::Cell,
    ledger::cells::address,
    sheet::{Book, Field, Page, count},
    style::Kind::{Code, Count, Day, Short, Words},
};

/// A class with more children prints its count only. Such a class is never a difference that anybody could work off
/// from a list; its children stand in the of-age ledger one by one.
const LISTED: usize = 10_000;

/// The comparisons: a sheet of counts, then for each comparison a sheet of names. `lines` are looked up by
/// [`crate::Who::child`]; a child without a line prints its number. `n_rows` counts the classes of the first sheet.
///
/// # Errors
/// [`ReportError`] when a sheet is too long, a date cannot be written, or the writer refuses.
pub fn comparisons(
    compared: &Comparisons,
    lines: &[Line],
    head: &Head,
) -> Result<Workbook, ReportError> {
    let all = [
        &compared.household_and_registry,
        &compared.registry_and_school,
        &compared.dropout_and_poverty,
        &compared.registers,
    ];
    let lines: HashMap<ChildId, &Line> =
        lines.iter().filter_map(|line| line.who.child.map(|child| (child, line))).collect();
    let mut book = Book::new(head.lang.pick("四查三比对", "Comparisons"), head)?;
    add_counts(&mut book, &all, head)?;
    for comparison in all {
        add_names(&mut book, comparison, &lines, head)?;
    }
    book.finish()
}

struct ClassRow<'a> {
    comparison: &'a Comparison,
    class: &'a Class,
}

fn add_counts(book: &mut Book<'_>, all: &[&Comparison], head: &Head) -> Result<(), ReportError> {
    let rows: Vec<ClassRow<'_>> = all
        .iter()
        .flat_map(|comparison| {
            comparison.classes.iter().map(|class| ClassRow { comparison, class })
        })
        .collect();
    let page = Page {
        form: "BX-10 v1",
        tab: head.lang.pick("比对汇总", "Counts"),
        title: &match head.lang {
            Lang::Zh => format!("{}四查三比对汇总表", head.county),
            Lang::En => format!("Set comparisons, {}", head.county),
        },
        unit: ("类", "classes"),
        notes: all.iter().map(|comparison| sum_note(comparison, head.lang)).collect(),
        totals: None,
        n_fixed_columns: 2,
    };
    let fields = [
        Field::new(("比对", "Comparison"), Words, 30, |row: &ClassRow<'_>, head| {
            Cell::text(title(row.comparison, head.lang))
        }),
        Field::new(("类别", "Class"), Words, 44, |row, head| {
            Cell::text(head.lang.pick(&row.class.title_zh, &row.class.title_en))
        }),
        Field::new(("人数", "Children"), Count, 10, |row, _| {
            Cell::count(u32::try_from(row.class.children.len()).ok())
        }),
    ];
    book.table(&page, &fields, &rows.iter().collect::<Vec<_>>())
}

/// That the classes add up to the children compared, or that they do not.
fn sum_note(comparison: &Comparison, lang: Lang) -> String {
    let sum: usize = comparison.classes.iter().map(|class| class.children.len()).sum();
    let (title, base) = (title(comparison, lang), comparison.base);
    match (sum == base, lang) {
        (true, Lang::Zh) => format!("{title}：比对{base}人，各类合计{sum}人，相符。"),
        (true, Lang::En) => format!("{title}: {base} compared, classes add up."),
        (false, Lang::Zh) => format!("{title}：比对{base}人，各类合计{sum}人，不符，须查清。"),
        (false, Lang::En) => {
            format!("{title}: {base} compared, classes add up to {sum}; look into it.")
        }
    }
}

struct NameRow<'a> {
    class: &'a Class,
    child: ChildId,
    line: Option<&'a Line>,
}

impl NameRow<'_> {
    fn of(&self, part: impl Fn(&Line) -> Cell) -> Cell {
        self.line.map_or(Cell::Blank, part)
    }
}

fn add_names(
    book: &mut Book<'_>,
    comparison: &Comparison,
    lines: &HashMap<ChildId, &Line>,
    head: &Head,
) -> Result<(), ReportError> {
    let (long, listed): (Vec<&Class>, Vec<&Class>) =
        comparison.classes.iter().partition(|class| class.children.len() > LISTED);
    let rows: Vec<NameRow<'_>> = listed
        .into_iter()
        .flat_map(|class| class.children.iter().map(move |child| (class, *child)))
        .map(|(class, child)| NameRow { class, child, line: lines.get(&child).copied() })
        .collect();
    let unlisted = long.iter().map(|class| {
        let (n, word) = (class.children.len(), head.lang.pick(&class.title_zh, &class.title_en));
        match head.lang {
            Lang::Zh => format!("“{word}”{n}人，人数较多，此处不逐一列出，见适龄儿童少年台账。"),
            Lang::En => format!("`{word}`: {n} children, not listed here, see the of-age ledger."),
        }
    });
    let title = title(comparison, head.lang);
    let page = Page {
        form: "BX-10 v1",
        tab: title,
        title: &match head.lang {
            Lang::Zh => format!("{}{title}名单", head.county),
            Lang::En => format!("{title}, names, {}", head.county),
        },
        unit: ("人", "children"),
        notes: unlisted.collect(),
        totals: None,
        n_fixed_columns: 5,
    };
    count(rows.len())?;
    book.sheet(&page, &name_fields(), &rows.iter().collect::<Vec<_>>())
}

fn name_fields<'a>() -> Vec<Field<NameRow<'a>>> {
    vec![
        Field::new(("类别", "Class"), Words, 30, |row, head| {
            Cell::text(head.lang.pick(&row.class.title_zh, &row.class.title_en))
        }),
        Field::new(("镇办", "Town"), Short, 8, |row, _| {
            row.of(|l| Cell::maybe(l.who.town.as_deref()))
        }),
        Field::new(("村/社区", "Village"), Short, 10, |row, _| {
            row.of(|l| Cell::maybe(l.who.village.as_deref()))
        }),
        Field::new(("儿童姓名", "Child"), Short, 8, |row, _| {
            let name = row.of(|l| l.who.name_cell());
            if name == Cell::Blank { Cell::text(row.child.to_string()) } else { name }
        }),
        Field::new(("性别", "Sex"), Short, 4, |row, head| row.of(|l| l.who.sex_cell(head))),
        Field::new(("出生日期", "Born"), Day, 11, |row, _| row.of(|l| l.who.birth_cell())),
        Field::new(("身份证号", "Resident ID"), Code, 19, |row, head| {
            row.of(|l| l.who.id_cell(head))
        }),
        Field::new(("户籍地", "Registered at"), Words, 16, |row, head| {
            row.of(|l| address(&l.who.registered_at, head))
        }),
        Field::new(("就读学校", "School"), Words, 18, |row, head| {
            row.of(|l| l.school_cell(head))
        }),
        Field::new(("年级班", "Grade and class"), Short, 12, |row, _| row.of(Line::class_cell)),
        Field::new(("就读状态", "Status"), Short, 12, |row, head| {
            row.of(|l| l.status_cell(head))
        }),
    ]
}

fn title(comparison: &Comparison, lang: Lang) -> &str {
    lang.pick(&comparison.title_zh, &comparison.title_en)
}

#[cfg(test)]
mod tests {
    use baoxue_claim::VerdictCode;

    use super::*;
    use crate::sample::{data, head, line, read_back};

    fn class(name: &str, children: std::ops::Range<i64>) -> Class {
        Class {
            name: name.into(),
            title_zh: name.into(),
            title_en: name.into(),
            children: children.map(ChildId).collect(),
        }
    }

    fn comparison(title: &str, base: usize, classes: Vec<Class>) -> Comparison {
        Comparison {
            name: title.into(),
            title_zh: title.into(),
            title_en: title.into(),
            base,
            classes,
        }
    }

    fn compared() -> Comparisons {
        Comparisons {
            household_and_registry: comparison(
                "户籍−学籍",
                3,
                vec![class("两边都有", 0..2), class("有户籍无学籍", 2..3)],
            ),
            registry_and_school: comparison("学籍−在校", 3, vec![class("在校", 0..2)]),
            dropout_and_poverty: comparison(
                "辍学∩脱贫",
                3,
                vec![class("都不是", 0..3), class("都是", 9..9)],
            ),
            registers: comparison("四册均无", 10_001, vec![class("有", 0..10_001)]),
        }
    }

    #[test]
    fn classes_print_with_counts_names_and_whether_they_add_up() {
        let lines: Vec<Line> = (0..2).map(|n| line(n, VerdictCode::EnrolledLocal)).collect();
        let book = comparisons(&compared(), &lines, &head()).unwrap();
        let sheets = read_back(&book.bytes);
        let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["比对汇总", "户籍−学籍", "学籍−在校", "辍学∩脱贫", "四册均无"]);
        let said = |text: &str| sheets[0].1.iter().any(|row| row[0] == text);
        assert!(said("户籍−学籍：比对3人，各类合计3人，相符。"));
        assert!(said("学籍−在校：比对3人，各类合计2人，不符，须查清。"));
        let (_, counts) = data(&sheets[0].1);
        assert_eq!(counts.len(), book.n_rows as usize);
        assert_eq!(counts[0][1..], ["户籍−学籍", "两边都有", "2"]);
        let (_, rows) = data(&sheets[1].1);
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[0][4], "赵小雨");
        assert_eq!(rows[2][4], "C0-2", "a child without a line prints its number");
        assert!(data(&sheets[4].1).1.is_empty());
        assert!(sheets[4].1.iter().any(|row| row[0].contains("“有”10001人")));
    }
}
