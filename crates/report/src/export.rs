//! The list of children that somebody takes out of the program, with whose it is, when and for what on every page.

use baoxue_claim::{Private, Sex};
use chrono::NaiveDate;

use crate::{
    Head, Lang, ReportError, Workbook,
    cell::Cell,
    sealed::unless_sealed,
    sheet::{Book, Field, Page},
    style::Kind::{Code, Count, Day, Short, Words},
};

/// A child as the list on screen shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct ExportRow {
    /// Name.
    pub name: Option<Private>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Whole years.
    pub age: Option<u32>,
    /// Resident ID, in full or masked already: a masked table masks it in any case.
    pub id: Option<Private>,
    /// The town in charge.
    pub town: Option<String>,
    /// Village or community.
    pub village: Option<String>,
    /// School as written.
    pub school: Option<String>,
    /// Grade, 1 to 9.
    pub grade: Option<u8>,
    /// What each source says, in words.
    pub said: String,
    /// The status in words.
    pub status: String,
    /// What has to be done next; empty when nothing.
    pub next: String,
    /// By when.
    pub due: Option<NaiveDate>,
}

impl std::fmt::Debug for ExportRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ExportRow")
    }
}

/// Whose copy it is: the visible watermark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportStamp {
    /// Number of the export.
    pub number: i64,
    /// Name and sign-in name of whoever took it out.
    pub who: String,
    /// The minute, by the clock of China.
    pub at: String,
    /// For what.
    pub purpose: String,
}

const FIELDS: &[Field<ExportRow>] = &[
    Field::new(("儿童姓名", "Child"), Short, 8, |r, _| {
        Cell::maybe(r.name.as_ref().map(Private::expose))
    }),
    Field::new(("性别", "Sex"), Short, 4, |r, head| {
        Cell::maybe(r.sex.map(|sex| match (head.lang, sex) {
            (Lang::Zh, sex) => sex.zh(),
            (Lang::En, Sex::Male) => "male",
            (Lang::En, Sex::Female) => "female",
        }))
    }),
    Field::new(("年龄", "Age"), Count, 4, |r, _| Cell::count(r.age)),
    Field::new(("身份证号", "Resident ID"), Code, 19, |r, head| {
        Cell::maybe(head.shown_id(r.id.as_ref()))
    }),
    Field::new(("镇办", "Town"), Short, 8, |r, _| Cell::maybe(r.town.as_deref())),
    Field::new(("村/社区", "Village"), Short, 10, |r, _| Cell::maybe(r.village.as_deref())),
    Field::new(("学校", "School"), Words, 18, |r, head| {
        Cell::maybe(r.school.as_deref().map(|school| unless_sealed(school, head.lang)))
    }),
    Field::new(("年级", "Grade"), Count, 4, |r, _| Cell::count(r.grade.map(u32::from))),
    Field::new(("各方口径", "What sources say"), Words, 26, |r, _| Cell::text(r.said.as_str())),
    Field::new(("认定状态", "Status"), Short, 12, |r, _| Cell::text(r.status.as_str())),
    Field::new(("下一步", "Next"), Words, 16, |r, _| Cell::text(r.next.as_str())),
    Field::new(("期限", "Due"), Day, 11, |r, _| Cell::day(r.due)),
];

/// The list, its rows in the order given. Every cell is a literal (T-41); numbers are masked unless `head` says otherwise.
///
/// # Errors
/// [`ReportError`] when it is longer than a sheet, a date cannot be written, or the writer refuses.
pub fn export_list(
    rows: &[ExportRow],
    stamp: &ExportStamp,
    head: &Head,
) -> Result<Workbook, ReportError> {
    let ExportStamp { number, who, at, purpose } = stamp;
    let mark = match head.lang {
        Lang::Zh => format!("第 {number} 号导出　{who}　{at}　用途：{purpose}"),
        Lang::En => format!("Export {number}  {who}  {at}  Purpose: {purpose}"),
    };
    let care = head.lang.pick(
        "含个人信息，只供上述用途，不得转发、张贴或上网；用后删除。行序带有可追查的暗记。",
        "Personal data, for this purpose only: not to be passed on, posted or put online; delete it after use. The order of \
         the rows tells whose copy it is.",
    );
    let page = Page {
        form: "BX-15 v1",
        tab: head.lang.pick("儿童名单", "Children"),
        title: &match head.lang {
            Lang::Zh => format!("{}儿童名单", head.county),
            Lang::En => format!("List of children, {}", head.county),
        },
        unit: ("人", "children"),
        notes: vec![mark.clone(), care.to_owned()],
        totals: None,
        n_fixed_columns: 2,
    };
    let mut book = Book::new(page.tab, head)?.stamped(mark);
    book.table(&page, FIELDS, &rows.iter().collect::<Vec<_>>())?;
    book.finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Masking,
        cell::cell_text,
        sample::{data, head, part, read_back},
    };

    const ID: &str = "610902200809080018";

    fn row(text: &str) -> ExportRow {
        ExportRow {
            name: Some(Private::new(text)),
            sex: Some(Sex::Female),
            age: Some(12),
            id: Some(Private::new(ID)),
            town: Some("五里镇".to_owned()),
            village: Some(text.to_owned()),
            school: None,
            grade: Some(6),
            said: text.to_owned(),
            status: "疑似辍学".to_owned(),
            next: text.to_owned(),
            due: NaiveDate::from_ymd_opt(2019, 9, 1),
        }
    }

    fn stamp(purpose: &str) -> ExportStamp {
        ExportStamp {
            number: 7,
            who: "李敏（jiaotiju）".to_owned(),
            at: "2019-08-25 09:30".to_owned(),
            purpose: purpose.to_owned(),
        }
    }

    #[test]
    fn t22_every_page_says_whose_copy_it_is_when_and_for_what() {
        let book = export_list(&[row("王")], &stamp("上户&核查"), &head()).unwrap();
        let sheets = read_back(&book.bytes);
        let above = sheets[0].1[..6].concat().concat();
        for word in ["李敏（jiaotiju）", "2019-08-25 09:30", "上户&核查", "第 7 号导出"]
        {
            assert!(above.contains(word), "{word}: {above}");
        }
        let xml = part(&book.bytes, "xl/worksheets/sheet1.xml");
        let header = xml.split("<oddHeader>").nth(1).unwrap().split("</oddHeader>").next().unwrap();
        // An ampersand begins a code in a header; two are one.
        assert!(header.contains("李敏（jiaotiju）") && header.contains("上户&amp;&amp;核查"));
        let long = export_list(&[row("王")], &stamp(&"用途".repeat(400)), &head()).unwrap();
        assert!(part(&long.bytes, "xl/worksheets/sheet1.xml").contains("<oddHeader>"));
    }

    #[test]
    fn t23_numbers_are_masked_unless_the_table_is_in_full() {
        let shown = |head: &Head| {
            let book = export_list(&[row("王")], &stamp("核查"), head).unwrap();
            data(&read_back(&book.bytes)[0].1).1[0][4].clone()
        };
        assert_eq!(shown(&head()), "610902********0018");
        let full = Head { masking: Masking::Full { reason: "核查".to_owned() }, ..head() };
        assert_eq!(shown(&full), ID);
        let masked = ExportRow { id: Some(Private::new("610902********0018")), ..row("王") };
        let book = export_list(&[masked], &stamp("核查"), &head()).unwrap();
        assert_eq!(data(&read_back(&book.bytes)[0].1).1[0][4], "610902********0018");
    }

    fn check(texts: &[String]) {
        let rows: Vec<ExportRow> = texts.iter().map(|text| row(text)).collect();
        let book = export_list(&rows, &stamp("=1+1"), &head()).unwrap();
        let sheets = read_back(&book.bytes);
        let (_, read) = data(&sheets[0].1);
        for (row, text) in read.iter().zip(texts) {
            let expected = cell_text(text);
            for at in [1, 6, 9, 11] {
                assert_eq!(row[at], expected, "column {at}");
            }
        }
        let xml = part(&book.bytes, "xl/worksheets/sheet1.xml");
        assert!(!xml.contains("<f>") && !xml.contains("<f ") && !xml.contains("hyperlink"));
    }

    #[test]
    fn t41_what_looks_like_a_formula_stays_text_in_an_export() {
        let texts = ["=1+1", "+86", "-5", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x"];
        check(&texts.map(str::to_owned));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(30))]

        #[test]
        fn t41_any_text_of_a_child_is_read_back_equal(
            texts in proptest::collection::vec(any::<String>(), 1..20)
        ) {
            check(&texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>());
        }
    }
}
