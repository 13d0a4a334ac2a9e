//! Columns of the ledger of suspected dropouts (疑似辍学学生台账).

use super::cells::{address, with_day};
use crate::{
    Line,
    cell::Cell,
    sealed::{shown_words, shown_words_about},
    sheet::Field,
    style::Kind::{Code, Count, Day, Short, Words},
};

/// The headings of `forms.md` §1 in their order, after 序号.
pub(super) const FIELDS: &[Field<Line>] = &[
    Field::new(("学校", "School"), Words, 14, Line::school_cell),
    Field::new(("年级班", "Grade and class"), Short, 8, |l, _| l.class_cell()),
    Field::new(("姓名", "Name"), Short, 8, |l, _| l.who.name_cell()),
    Field::new(("性别", "Sex"), Short, 4, |l, head| l.who.sex_cell(head)),
    Field::new(("民族", "Ethnicity"), Short, 6, |l, _| Cell::maybe(l.who.ethnicity.as_deref())),
    Field::new(("出生日期", "Born"), Day, 11, |l, _| l.who.birth_cell()),
    Field::new(("身份证号", "Resident ID"), Code, 19, |l, head| l.who.id_cell(head)),
    Field::new(("学籍号", "Student number"), Code, 20, Line::student_number_cell),
    Field::new(("户籍地", "Registered at"), Words, 14, |l, head| {
        address(&l.who.registered_at, head)
    }),
    Field::new(("监护人/关系/电话", "Guardian/relation/telephone"), Words, 12, |l, head| {
        l.who.guardian_cell(l.who.relation.as_deref(), head)
    }),
    Field::new(("缺勤起始日", "Absent since"), Day, 11, |l, _| Cell::day(l.out.absent_since)),
    Field::new(("连续缺勤天数", "Days absent in a row"), Count, 6, |l, _| {
        Cell::count(l.out.n_absent_days)
    }),
    Field::new(("原因(编码+文字)", "Cause (code and words)"), Words, 14, |l, head| {
        l.cause_cell(head)
    }),
    Field::new(("去向", "Whereabouts"), Words, 12, |l, head| {
        let words = l.out.whereabouts.as_ref();
        Cell::maybe(words.map(|words| shown_words_about(&l.who, words.expose(), head)))
    }),
    Field::new(("首次发现人/日期", "First found by/on"), Words, 12, |l, _| {
        with_day(l.out.found_by.as_ref(), l.out.found_on)
    }),
    Field::new(("班主任", "Class teacher"), Short, 6, |l, _| {
        Cell::maybe(l.duties.class_teacher.as_deref())
    }),
    Field::new(("包保领导", "Leader in charge"), Short, 8, |l, _| {
        Cell::maybe(l.duties.leader.as_deref())
    }),
    Field::new(("劝返次数", "Persuasions"), Count, 5, |l, _| Cell::count(l.out.n_persuasions)),
    Field::new(("最近劝返日期/结果", "Last persuasion/result"), Words, 12, |l, head| {
        let result = l.out.persuasion_result.as_deref().map(|text| shown_words(text, head));
        Cell::joined([l.out.persuaded_on.map(|day| day.to_string()), result], " ")
    }),
    Field::new(("责任七长", "Seven duty seats"), Words, 14, |l, _| {
        Cell::text(l.duties.chain.join("；"))
    }),
    Field::new(
        (
            "是否脱贫/监测/低保/残疾/留守/孤儿",
            "Lifted from poverty/monitored/low income/disabled/left behind/orphan",
        ),
        Short,
        10,
        Line::hardship_cell,
    ),
    Field::new(("状态", "Status"), Short, 10, Line::status_cell),
    Field::new(("转辍学日期", "Turned dropout on"), Day, 11, |l, _| {
        Cell::day(l.out.turned_dropout_on)
    }),
];
