//! Columns that the ledger of dropouts (辍学学生台账) has after those of the suspected.

use baoxue_claim::VerdictCode;

use super::cells::{grade, with_day};
use crate::{
    Line,
    cell::Cell,
    sealed::{shown_words, unless_sealed},
    sheet::Field,
    style::Kind::{Day, Short, Words},
};

/// The headings of `forms.md` §1 in their order, after those of the suspected.
pub(super) const FIELDS: &[Field<Line>] = &[
    Field::new(("认定日期", "Determined on"), Day, 11, |l, _| Cell::day(l.out.determined_on)),
    Field::new(("认定单位/人", "Determined by"), Short, 8, |l, _| {
        Cell::maybe(l.out.determined_by.as_deref())
    }),
    Field::new(("辍学年月", "Left school in"), Short, 8, |l, _| {
        Cell::maybe(l.out.left_school.as_deref())
    }),
    Field::new(("辍学时年级", "Grade then"), Short, 6, |l, _| grade(l.out.grade_then)),
    Field::new(("是否失学", "Never enrolled"), Short, 5, |l, head| {
        let never = l.finding.code == VerdictCode::NeverEnrolled;
        Cell::text(if never { head.lang.pick("是", "yes") } else { head.lang.pick("否", "no") })
    }),
    Field::new(("采取措施", "Measures"), Words, 14, |l, head| {
        Cell::maybe(l.out.measures.as_deref().map(|text| shown_words(text, head)))
    }),
    Field::new(("通知书文号/送达日", "Notice no./served on"), Words, 12, |l, _| {
        l.out.notice.as_ref().map_or(Cell::Blank, |(number, day)| with_day(Some(number), *day))
    }),
    Field::new(("责令改正文号", "Order to correct no."), Short, 10, |l, _| {
        Cell::maybe(l.out.order.as_deref())
    }),
    Field::new(("法律措施", "Legal measures"), Words, 12, |l, head| {
        Cell::maybe(l.out.legal.as_deref().map(|text| shown_words(text, head)))
    }),
    Field::new(("复学日期", "Returned on"), Day, 11, |l, _| Cell::day(l.out.returned_on)),
    Field::new(("复学学校/形式", "Returned to/form"), Words, 12, |l, head| {
        Cell::maybe(l.out.returned_to.as_deref().map(|text| unless_sealed(text, head.lang)))
    }),
    Field::new(("稳定期核查", "Checks after return"), Words, 10, |l, _| {
        Cell::maybe(l.out.stability.as_deref())
    }),
    Field::new(("销号日期/批准人", "Struck off on/by"), Words, 12, |l, _| {
        let struck = l.out.struck_off.as_ref();
        struck.map_or(Cell::Blank, |(day, by)| with_day(Some(by), Some(*day)))
    }),
];
