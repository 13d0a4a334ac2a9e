//! The further sheets of a town's file: the ledger of children out of school, and what the clerk hid.

use chrono::Datelike;

use super::{TownWriter, tags};
use crate::county::{
    book::{Book, Cell, Row, Visible},
    county_error::CountyError,
};

impl TownWriter<'_> {
    pub(super) fn ledger_children(&self) -> Vec<usize> {
        let here = |at: &usize| {
            let child = &self.county.children[*at];
            child.evidence.ledger.is_some() && self.county.household(child).town == self.town
        };
        (0..self.county.children.len()).filter(here).collect()
    }

    pub(super) fn ledger(
        &mut self,
        book: &mut Book<'_>,
        children: &[usize],
    ) -> Result<(), CountyError> {
        const HEADS: [(&str, &str); 13] = [
            ("序号", ""),
            ("镇办", "town"),
            ("村(社区)", "village"),
            ("学生姓名", "name"),
            ("性别", "sex"),
            ("身份证号", "id"),
            ("监护人", "guardian"),
            ("原就读学校", "school"),
            ("失学辍学时间", "absent_from"),
            ("失学辍学原因", "why"),
            ("目前去向", "status"),
            ("帮扶责任人", ""),
            ("备注", ""),
        ];
        let place = &self.county.geography.places[self.town];
        let as_of = self.county.calendar.as_of;
        book.sheet("失学辍学学生台账", HEADS.len(), Visible::Shown)?;
        book.line(Row::Title, &format!("{}义务教育阶段失学辍学学生台账", place.formal))?;
        let note = format!(
            "统计时间:{}年{}月(每月一报,无辍学学生实行零报告)",
            as_of.year(),
            as_of.month()
        );
        book.line(Row::Note, &note)?;
        book.header(&HEADS)?;
        for (n, at) in children.iter().enumerate() {
            let (cells, row_tags) = self.ledger_row(*at, n + 1);
            book.row(Row::Child(*at, &row_tags), &cells)?;
        }
        if children.is_empty() {
            let mut cells =
                vec![Cell::Blank, Cell::text(place.town.name.clone()), Cell::text("无")];
            cells.resize(12, Cell::Blank);
            cells.push(Cell::text("零报告"));
            book.row(Row::Note, &cells)?;
        }
        Ok(())
    }

    fn ledger_row(&mut self, at: usize, n: usize) -> (Vec<Cell>, String) {
        let child = &self.county.children[at];
        let household = self.county.household(child);
        let place = &self.county.geography.places[self.town];
        let (id, id_tag) = self.style.ids.write(&child.id, &mut self.chance);
        let seed = child.seed.map(|at| format!("SEED-{:02}", at + 1)).unwrap_or_default();
        let said = child.evidence.surveys.first().map(|said| said.text.clone()).unwrap_or_default();
        let ledger = child.evidence.ledger.as_ref();
        let cells = vec![
            Cell::count(n),
            Cell::text(place.town.name.clone()),
            Cell::text(place.villages[household.village].name.clone()),
            Cell::text(child.name.clone()),
            Cell::text(if child.male { "男" } else { "女" }),
            id,
            Cell::text(household.adult(child.guardian).name.clone()),
            Cell::text(ledger.map(|ledger| ledger.school.clone()).unwrap_or_default()),
            Cell::text(ledger.map(|ledger| ledger.since.clone()).unwrap_or_default()),
            Cell::text(ledger.map_or("", |ledger| ledger.why)),
            Cell::text(said),
            Cell::text(self.county.official(&mut self.chance).0.clone()),
            Cell::Blank,
        ];
        (cells, tags(&["ledger", id_tag, &seed]))
    }

    /// A sheet that the clerk hid: the visiting plan, without a child in it.
    pub(super) fn hidden(&mut self, book: &mut Book<'_>) -> Result<(), CountyError> {
        book.sheet("入户安排", 3, Visible::Hidden)?;
        book.line(Row::Title, "入户摸排安排")?;
        book.header(&[("村(社区)", "village"), ("包村干部", ""), ("电话", "phone")])?;
        for village in &self.county.geography.places[self.town].villages {
            let (name, phone) = self.county.official(&mut self.chance);
            let cells = [village.name.as_str(), name.as_str(), phone.as_str()].map(Cell::text);
            book.row(Row::Official, &cells)?;
        }
        Ok(())
    }
}
