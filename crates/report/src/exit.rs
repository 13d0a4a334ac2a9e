//! 义务教育有保障: households of the poverty register by town and village, and the children of those for which it is not met.

use baoxue_determine::exit::{ExitRow, Secured};

use crate::{
    Head, Lang, Line, ReportError, Workbook,
    cell::Cell,
    sheet::{Book, Field, Page},
    style::Kind::{Day, Short, Words},
};

/// A child of a household that is not secured.
#[derive(Clone, Debug, PartialEq)]
pub struct ExitChild {
    /// Running number of the household.
    pub household: u32,
    /// Whether schooling is secured for it.
    pub secured: Secured,
    /// The child.
    pub line: Line,
}

/// A row with the name of its town.
type Named = (Option<String>, ExitRow);

/// Towns, villages, then the children of households that are not secured; `n_rows` counts the towns.
///
/// # Errors
/// [`ReportError`] when a sheet is too long, a date cannot be written, or the writer refuses.
pub fn exit(
    towns: &[Named],
    villages: &[Named],
    children: &[ExitChild],
    (county, head): (&ExitRow, &Head),
) -> Result<Workbook, ReportError> {
    let mut book = Book::new(head.lang.pick("义务教育有保障核对表", "Schooling secured"), head)?;
    let title = |zh: &str, en: &str| match head.lang {
        Lang::Zh => format!("{}脱贫（监测）户义务教育有保障{zh}", head.county),
        Lang::En => format!("Households with schooling secured, {en}, {}", head.county),
    };
    let by_town = title("分镇办统计表", "by town");
    let page = Page {
        form: "BX-14 v1",
        tab: head.lang.pick("分镇办", "Towns"),
        title: &by_town,
        unit: ("个镇办", "towns"),
        notes: vec![note(head.lang)],
        totals: Some(totals(county, head.lang)),
        n_fixed_columns: 2,
    };
    let mut fields = vec![town_field()];
    fields.extend(numbers());
    book.table(&page, &fields, &towns.iter().collect::<Vec<_>>())?;
    let by_village = title("分村统计表", "by village");
    let page = Page {
        tab: head.lang.pick("分村", "Villages"),
        title: &by_village,
        unit: ("个村", "villages"),
        notes: Vec::new(),
        totals: None,
        n_fixed_columns: 3,
        ..page
    };
    let mut fields = vec![
        town_field(),
        Field::new(("村/社区", "Village"), Short, 14, |row: &Named, _| {
            Cell::maybe(row.1.village.as_deref())
        }),
    ];
    fields.extend(numbers());
    book.sheet(&page, &fields, &villages.iter().collect::<Vec<_>>())?;
    add_children(&mut book, children, head)?;
    book.finish()
}

fn note(lang: Lang) -> String {
    lang.pick(
        "只核对“义务教育阶段无失学辍学”一项（退出标准户级指标）；户数＝有保障＋未保障＋待核，只含有适龄儿童的户。延缓入学、休学、经评估不具备学习条件的依规不视为失学辍学。",
        "Only the one item that is schooling's; households = secured + not + open, those with a child of compulsory age. Deferred, \
         suspended and children assessed unable to learn are no dropouts by the rules.",
    )
    .to_owned()
}

fn town_field() -> Field<Named> {
    Field::new(("镇办", "Town"), Short, 16, |row: &Named, head| {
        Cell::text(row.0.as_deref().unwrap_or(head.lang.pick("（镇办不明）", "(not known)")))
    })
}

fn numbers() -> Vec<Field<Named>> {
    vec![
        Field::number(("户数", "Households"), |row: &Named, _| Cell::Number(row.1.households)),
        Field::number(("有保障", "Secured"), |row, _| Cell::Number(row.1.secured)),
        Field::number(("未保障", "Not secured"), |row, _| Cell::Number(row.1.not_secured)),
        Field::number(("待核", "Open"), |row, _| Cell::Number(row.1.open)),
        Field::number(("适龄儿童", "Children of age"), |row, _| Cell::Number(row.1.children)),
    ]
}

fn totals(county: &ExitRow, lang: Lang) -> Vec<Cell> {
    let ExitRow { households, secured, not_secured, open, children, .. } = county;
    let numbers = [households, secured, not_secured, open, children];
    let total = Cell::text(lang.pick("合计", "Total"));
    std::iter::once(total).chain(numbers.into_iter().map(|n| Cell::Number(*n))).collect()
}

fn add_children(
    book: &mut Book<'_>,
    children: &[ExitChild],
    head: &Head,
) -> Result<(), ReportError> {
    let page = Page {
        form: "BX-14 v1",
        tab: head.lang.pick("未保障、待核户", "Not secured"),
        title: &match head.lang {
            Lang::Zh => format!("{}义务教育未保障及待核户儿童名单", head.county),
            Lang::En => format!("Children of households not secured, {}", head.county),
        },
        unit: ("人", "children"),
        notes: Vec::new(),
        totals: None,
        n_fixed_columns: 3,
    };
    let fields = vec![
        Field::number(("户序", "Household"), |row: &ExitChild, _| Cell::Number(row.household)),
        Field::new(("户情况", "Condition"), Short, 10, |row, head| {
            Cell::text(match row.secured {
                Secured::No => head.lang.pick("未保障", "not secured"),
                Secured::Open => head.lang.pick("待核", "open"),
                Secured::Yes => head.lang.pick("有保障", "secured"),
            })
        }),
        Field::new(("镇办", "Town"), Short, 8, |row, _| {
            Cell::maybe(row.line.who.town.as_deref())
        }),
        Field::new(("村/社区", "Village"), Short, 10, |row, _| {
            Cell::maybe(row.line.who.village.as_deref())
        }),
        Field::new(("儿童姓名", "Child"), Short, 8, |row, _| row.line.who.name_cell()),
        Field::new(("出生日期", "Born"), Day, 11, |row, _| row.line.who.birth_cell()),
        Field::new(("就读学校", "School"), Words, 18, |row, head| row.line.school_cell(head)),
        Field::new(("认定状态", "Status"), Short, 12, |row, head| row.line.status_cell(head)),
    ];
    book.sheet(&page, &fields, &children.iter().collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use baoxue_claim::VerdictCode;

    use super::*;
    use crate::sample::{data, head, line, read_back};

    #[test]
    fn towns_villages_and_children_print() {
        let of_town = ExitRow {
            households: 3,
            secured: 1,
            not_secured: 1,
            open: 1,
            children: 5,
            ..ExitRow::default()
        };
        let village = ExitRow { village: Some("青石村".into()), ..of_town };
        let child =
            ExitChild { household: 1, secured: Secured::No, line: line(1, VerdictCode::Dropout) };
        let towns = [(Some("柳林镇".to_owned()), of_town.clone())];
        let villages = [(Some("柳林镇".to_owned()), village)];
        let book = exit(&towns, &villages, &[child], (&of_town, &head())).unwrap();
        let sheets = read_back(&book.bytes);
        let (_, rows) = data(&sheets[0].1);
        assert_eq!(rows[0][1..], ["柳林镇", "3", "1", "1", "1", "5"]);
        assert_eq!(rows[1][1..], ["合计", "3", "1", "1", "1", "5"]);
        assert_eq!(data(&sheets[1].1).1[0][2], "青石村");
        assert_eq!(data(&sheets[2].1).1[0][1..3], ["1", "未保障"]);
    }
}
