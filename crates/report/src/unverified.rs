//! The unverified list (核实中): children of whom nothing is known that would decide, and who must find out.

use baoxue_claim::VerdictCode;

use crate::{
    Head, Lang, Line, Lines, ReportError, Workbook,
    cell::Cell,
    ledger::cells::address,
    rows::{Chosen, Rows},
    sealed::shown_words,
    sheet::{Book, Field, Page},
    style::Kind::{Code, Day, Short, Words},
};

/// The unverified list: every line whose code is `UNVERIFIED` or `MISSING`.
///
/// # Errors
/// [`ReportError`] when the table is longer than a sheet, a date cannot be written, or the writer refuses.
pub fn unverified_list(lines: &dyn Lines, head: &Head) -> Result<Workbook, ReportError> {
    let open = [VerdictCode::Unverified, VerdictCode::Missing];
    let lines = Chosen::new(lines, |line| open.contains(&line.finding.code));
    let sum = Sum::of(&lines)?;
    let page = Page {
        form: "BX-05 v1",
        tab: head.lang.pick("核实中清单", "Unverified"),
        title: &match head.lang {
            Lang::Zh => format!("{}就学状况核实中儿童少年清单", head.county),
            Lang::En => format!("Children whose schooling is being verified, {}", head.county),
        },
        unit: ("人", "children"),
        notes: vec![
            head.lang
                .pick(
                    "现有材料不足以认定在校，也不足以认定辍学，不得按辍学处理；由镇办、学校两线分别核实。",
                    "What is at hand proves these children neither in school nor out of it; both lines verify.",
                )
                .to_owned(),
            sum.says(head.lang),
        ],
        totals: None,
        n_fixed_columns: 6,
    };
    let mut book = Book::new(page.tab, head)?;
    book.table(&page, FIELDS, &lines)?;
    book.finish()
}

/// Names of waiting children that the sum shows.
const SHOWN: usize = 10;

/// The children of the list by whether they are in the population base: whoever compares it with the of-age ledger finds
/// those that this one has more.
#[derive(Default)]
struct Sum {
    in_base: usize,
    /// Not of age, or gone by a word that is still to be confirmed.
    outside: usize,
    /// Named by a stopped register alone.
    waiting: usize,
    names: Vec<String>,
}

impl Sum {
    fn of(lines: &Chosen<'_>) -> Result<Self, ReportError> {
        let mut sum = Self::default();
        lines.each(&mut |line| {
            match (line.finding.of_age, line.finding.waiting) {
                (true, _) => sum.in_base += 1,
                (false, false) => sum.outside += 1,
                (false, true) => {
                    sum.waiting += 1;
                    if let Some(name) = line.who.name.as_ref().filter(|_| sum.names.len() < SHOWN) {
                        sum.names.push(name.expose().to_owned());
                    }
                }
            }
            Ok(())
        })?;
        Ok(sum)
    }

    fn says(&self, lang: Lang) -> String {
        let Self { in_base, outside, waiting, names } = self;
        let all = in_base + outside + waiting;
        let (who, more) = (names.join("、"), waiting - names.len());
        let mut text = match lang {
            Lang::Zh => format!(
                "本清单{all}人 = 适龄人口基数内{in_base}人 + 按年龄或去向不在基数{outside}人"
            ),
            Lang::En => format!(
                "{all} on this list = {in_base} in the base + {outside} outside by age or whereabouts"
            ),
        };
        if *waiting > 0 {
            let waiting = match lang {
                Lang::Zh => format!(
                    " + 只见于未生效的新名册、名册经人核对前不入基数{waiting}人（{who}{}）",
                    if more > 0 { format!("等，另{more}人") } else { String::new() }
                ),
                Lang::En => format!(
                    " + {waiting} named by a stopped register alone, in no base yet ({who}{})",
                    if more > 0 { format!(" and {more} more") } else { String::new() }
                ),
            };
            text.push_str(&waiting);
        }
        text + lang.pick("。", ".")
    }
}

const FIELDS: &[Field<Line>] = &[
    Field::new(("镇办", "Town"), Short, 8, |l, _| Cell::maybe(l.who.town.as_deref())),
    Field::new(("村/社区", "Village"), Short, 10, |l, _| Cell::maybe(l.who.village.as_deref())),
    Field::new(("组", "Group"), Short, 5, |l, _| l.who.group_cell()),
    Field::new(("儿童姓名", "Child"), Short, 8, |l, _| l.who.name_cell()),
    Field::new(("性别", "Sex"), Short, 4, |l, head| l.who.sex_cell(head)),
    Field::new(("出生日期", "Born"), Day, 11, |l, _| l.who.birth_cell()),
    Field::new(("身份证号", "Resident ID"), Code, 19, |l, head| l.who.id_cell(head)),
    Field::new(("户籍地", "Registered at"), Words, 14, |l, head| {
        address(&l.who.registered_at, head)
    }),
    Field::new(("监护人/电话", "Guardian/telephone"), Words, 12, |l, head| {
        l.who.guardian_cell(None, head)
    }),
    Field::new(("状态", "Status"), Short, 8, Line::status_cell),
    Field::new(("待核原因", "Why open"), Words, 20, |l, head| {
        Cell::maybe(l.finding.reason.as_deref().map(|reason| shown_words(reason, head)))
    }),
    Field::new(("已知情况(来源及原话)", "What the sources say"), Words, 40, |l, head| {
        l.evidence_cell(head)
    }),
    Field::new(("镇办线核实人", "Verifies: town line"), Short, 8, |l, _| {
        Cell::maybe(l.duties.town_line.as_deref())
    }),
    Field::new(("学校线核实人", "Verifies: school line"), Short, 8, |l, _| {
        Cell::maybe(l.duties.school_line.as_deref())
    }),
    Field::new(("核实期限", "Verify by"), Day, 11, |l, _| Cell::day(l.verification.due)),
    Field::by_hand(("核实结果", "Result"), 12),
    Field::by_hand(("核实人/日期", "Verified by/on"), 10),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{data, head, line, read_back};

    #[test]
    fn the_unverified_and_the_missing_stand_with_what_was_said() {
        let codes = [VerdictCode::Unverified, VerdictCode::Missing, VerdictCode::Dropout];
        let lines: Vec<Line> = (0u32..).zip(codes).map(|(n, code)| line(n, code)).collect();
        let book = unverified_list(&lines, &head()).unwrap();
        assert_eq!(book.n_rows, 2);
        let sheets = read_back(&book.bytes);
        let (_, rows) = data(&sheets[0].1);
        assert_eq!((rows[0][10].as_str(), rows[1][10].as_str()), ("核实中", "下落不明"));
        assert_eq!(
            rows[0][12],
            "镇办摸排 2019-07-20：外出打工，电话138****5678（柳林镇摸排表.xlsx/Sheet1/第4行）"
        );
    }

    #[test]
    fn the_sum_says_who_is_on_the_list_and_in_no_base() {
        let mut lines: Vec<Line> = (0u32..15).map(|n| line(n, VerdictCode::Unverified)).collect();
        lines[1].finding.of_age = false;
        for line in &mut lines[2..14] {
            (line.finding.of_age, line.finding.waiting) = (false, true);
        }
        let book = unverified_list(&lines, &head()).unwrap();
        let rows = &read_back(&book.bytes)[0].1;
        let said = rows.iter().flatten().find(|cell| cell.starts_with("本清单")).unwrap();
        let name = lines[2].who.name.as_ref().unwrap().expose();
        assert!(
            said.starts_with(
                "本清单15人 = 适龄人口基数内2人 + 按年龄或去向不在基数1人 + 只见于未生效的新名册、名册经人核对前不入基数12人（"
            ),
            "{said}"
        );
        assert!(said.contains(name) && said.ends_with("等，另2人）。"), "{said}");
        let none = unverified_list(&lines[..2].to_vec(), &head()).unwrap();
        let rows = &read_back(&none.bytes)[0].1;
        let said = rows.iter().flatten().find(|cell| cell.starts_with("本清单")).unwrap();
        assert_eq!(said, "本清单2人 = 适龄人口基数内1人 + 按年龄或去向不在基数1人。");
    }
}
