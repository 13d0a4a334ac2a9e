//! Columns of the of-age ledger (适龄儿童少年台账).

use super::cells::{address, grade, mode};
use crate::{
    Line,
    cell::Cell,
    sealed::unless_sealed,
    sheet::Field,
    style::Kind::{Code, Day, Short, Words},
};

/// The headings of `forms.md` §1 in their order, after 序号; then the three answers that are easily taken for one, and which
/// part of the population base holds the child.
pub(super) const FIELDS: &[Field<Line>] = &[
    Field::new(("镇办", "Town"), Short, 8, |l, _| Cell::maybe(l.who.town.as_deref())),
    Field::new(("村/社区", "Village"), Short, 8, |l, _| Cell::maybe(l.who.village.as_deref())),
    Field::new(("组", "Group"), Short, 5, |l, _| l.who.group_cell()),
    Field::new(("户主", "Head of household"), Short, 6, |l, head| {
        Cell::maybe(head.shown_adult(l.who.household_head.as_ref()))
    }),
    Field::new(("儿童姓名", "Child"), Short, 8, |l, _| l.who.name_cell()),
    Field::new(("性别", "Sex"), Short, 4, |l, head| l.who.sex_cell(head)),
    Field::new(("民族", "Ethnicity"), Short, 6, |l, _| Cell::maybe(l.who.ethnicity.as_deref())),
    Field::new(("出生日期", "Born"), Day, 11, |l, _| l.who.birth_cell()),
    Field::new(("身份证号", "Resident ID"), Code, 19, |l, head| l.who.id_cell(head)),
    Field::new(("户籍地", "Registered at"), Words, 14, |l, head| {
        address(&l.who.registered_at, head)
    }),
    Field::new(("现住址", "Lives at"), Words, 14, |l, head| address(&l.who.lives_at, head)),
    Field::new(("监护人/电话", "Guardian/telephone"), Words, 12, |l, head| {
        l.who.guardian_cell(None, head)
    }),
    Field::new(("应入学年份", "Year of entry due"), Short, 6, |l, _| {
        Cell::maybe(l.study.entry_year.map(|year| year.to_string()))
    }),
    Field::new(("应就读年级", "Grade due"), Short, 6, |l, _| grade(l.study.due_grade)),
    Field::new(("就读学校", "School"), Words, 14, Line::school_cell),
    Field::new(("年级班", "Grade and class"), Short, 8, |l, _| l.class_cell()),
    Field::new(("学籍号", "Student number"), Code, 20, Line::student_number_cell),
    Field::new(
        ("就读形式(普通/特教/随班/送教)", "Mode (ordinary/special/inclusive/home)"),
        Short,
        8,
        |l, head| mode(l.study.mode.filter(|_| !l.is_neutral()), head.lang),
    ),
    Field::new(("特殊类别(多选)", "Special categories"), Short, 8, |l, head| {
        let open = l.study.categories.iter().map(|word| Some(unless_sealed(word, head.lang)));
        Cell::joined(open, "、")
    }),
    Field::new(("就读状态", "Status"), Short, 10, Line::status_cell),
    Field::new(("依据/证明编号", "Basis/document no."), Words, 18, |l, head| {
        l.basis_cell(head)
    }),
    Field::new(("有效期至", "Valid until"), Day, 11, |l, _| {
        Cell::day(l.finding.valid_until.filter(|_| !l.is_neutral()))
    }),
    Field::new(("核实人", "Verified by"), Short, 6, |l, _| {
        Cell::maybe(l.verification.by.as_deref())
    }),
    Field::new(("核实日期", "Verified on"), Day, 11, |l, _| Cell::day(l.verification.on)),
    Field::new(("备注", "Remarks"), Words, 14, Line::remarks_cell),
    Field::new(("算辍学", "Dropout"), Short, 6, |l, head| {
        let dropout = l.finding.answer.dropout;
        Cell::text(head.lang.pick(dropout.zh(), dropout.en()))
    }),
    Field::new(("计入在校", "Counts as in school"), Short, 8, |l, head| {
        let in_school = l.finding.answer.in_school;
        Cell::text(head.lang.pick(in_school.zh(), in_school.en()))
    }),
    Field::new(("持续关注", "Watched"), Short, 6, |l, head| {
        let watched = l.finding.answer.watched;
        Cell::text(if watched { head.lang.pick("是", "yes") } else { head.lang.pick("否", "no") })
    }),
    Field::new(("人口基数", "Population base"), Short, 8, |l, head| {
        Cell::text(head.lang.pick(l.finding.base.zh(), l.finding.base.en()))
    }),
];
