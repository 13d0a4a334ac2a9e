//! A row of a town's survey: what the words, the school, the grade and the remark say together.

use baoxue_claim::{Claim, Doubt, Person, Private, Statement, SurveyFinding};

use super::{
    Said,
    boxes::{self, is_in, is_out},
    own_day,
};
use crate::{
    Field,
    line::Line,
    text::{has, is_blank},
    words,
};

/// Cells whose words are kept with the claim.
const WORDS: [Field; 8] = [
    Field::Status,
    Field::Reason,
    Field::SchoolAndGrade,
    Field::School,
    Field::Grade,
    Field::InSchool,
    Field::OutOfSchool,
    Field::Remark,
];

pub(crate) fn read(line: &Line<'_>, person: &Person) -> Said {
    let (mut finding, mut unclear) = finding(line, person);
    // 在校 with the remark 疑似辍学 or 经常旷课 is no clearance.
    if in_school(&finding) && line.get(Field::Remark).is_some_and(words::doubts_attendance) {
        (finding, unclear) = (SurveyFinding::Unclear, Some(Field::Remark));
    }
    let (on, doubt) = own_day(line, Field::Date);
    let mut said =
        Said::one(Statement::Survey { finding }, on, line.words(&WORDS)).with_doubt(doubt);
    said.doubts.extend(unclear.map(|field| line.doubt(Doubt::WordsUnclear, field)));
    for cell in other_words(line) {
        let finding = line.finding(cell);
        if finding == SurveyFinding::Unclear {
            said.doubts.push(line.doubt(Doubt::WordsUnclear, Field::Status));
        }
        let what = Statement::Survey { finding };
        said.claims.push(Claim { what, on, words: Some(Private::new(cell)) });
    }
    said
}

/// What further columns of the same heading say, where they say it in other words: the row then says two things, and
/// neither may be lost.
fn other_words<'a>(line: &Line<'a>) -> Vec<&'a str> {
    let columns = line.facts.columns.at(Field::Status);
    let mut cells: Vec<&str> = Vec::new();
    for cell in columns.iter().filter_map(|at| line.cells.get(*at)).map(|cell| cell.trim()) {
        if !is_blank(cell) && !cells.contains(&cell) {
            cells.push(cell);
        }
    }
    cells.into_iter().skip(1).collect()
}

/// The finding, and the cell whose words are not understood or contradict another.
fn finding(line: &Line<'_>, person: &Person) -> (SurveyFinding, Option<Field>) {
    let said = |field| line.get(field).map_or(SurveyFinding::Silent, |cell| line.finding(cell));
    let status = said(Field::Status);
    let reason = said(Field::Reason);
    let remark = remark(line);
    let boxes = boxes::read(line);
    let by_school = by_school(line, person);
    let cause = line.get(Field::Reason).or(line.get(Field::Remark)).and_then(words::cause);
    match (&status, &reason) {
        (SurveyFinding::Silent, SurveyFinding::Silent) => {
            let unread = boxes.unclear.unwrap_or_else(|| school_field(line));
            let found = in_order([boxes.finding, remark, by_school]);
            let open = found == SurveyFinding::Unclear;
            (found, open.then_some(unread))
        }
        (SurveyFinding::Silent, SurveyFinding::Unclear) => {
            // A cause alone (厌学, 家庭困难) does not say that the child is out when a school is given.
            let other = said_something(in_order([boxes.finding, remark, by_school]));
            let out = open(line, Field::Reason) || asks_why_not(line);
            match other.filter(|other| !(in_school(other) && out)) {
                None | Some(SurveyFinding::Unclear) => {
                    (SurveyFinding::Unclear, Some(Field::Reason))
                }
                Some(other) => (other, None),
            }
        }
        (SurveyFinding::Silent, _) if disagree(&reason, &boxes.finding) => {
            (SurveyFinding::Unclear, Some(Field::Reason))
        }
        (SurveyFinding::Silent, _) => (words::with_cause(reason, cause), None),
        (SurveyFinding::Unclear, _) => {
            // 留守 says nothing about schooling, a school does; 疑似辍学 takes the school's word away.
            let open = open(line, Field::Status);
            let last =
                if open { remark } else { in_order([remark, SurveyFinding::Silent, by_school]) };
            let other = said_something(in_order([known(reason), boxes.finding, last]));
            let found = other.filter(|other| !(in_school(other) && open));
            (found.unwrap_or(SurveyFinding::Unclear), Some(Field::Status))
        }
        // 否 under 是否在读 against 在校 in words.
        _ if disagree(&status, &boxes.finding) => (SurveyFinding::Unclear, Some(Field::Status)),
        _ => together(line, status, [known(reason), remark], &by_school, cause),
    }
}

/// One says at school and the other out.
fn disagree(one: &SurveyFinding, other: &SurveyFinding) -> bool {
    (is_in(one) && is_out(other)) || (is_out(one) && is_in(other))
}

/// Whether the reason stands under a heading that asks why the child is not at school, and is one.
fn asks_why_not(line: &Line<'_>) -> bool {
    has(&line.facts.columns.header(line.cells, Field::Reason), "未 失学 辍学 不 休学")
        && line.get(Field::Reason).is_some_and(|cell| words::cause(cell).is_some())
}

/// The status with what the other cells add; cells that contradict it make it unclear.
fn together(
    line: &Line<'_>,
    status: SurveyFinding,
    others: [SurveyFinding; 2],
    by_school: &SurveyFinding,
    cause: Option<baoxue_claim::Cause>,
) -> (SurveyFinding, Option<Field>) {
    let SurveyFinding::InSchool { school: None, grade } = &status else {
        if in_school(&status) && others.iter().any(contradicts) {
            return (SurveyFinding::Unclear, Some(Field::Status));
        }
        return (words::with_cause(status, cause), None);
    };
    if others.iter().any(contradicts) {
        return (SurveyFinding::Unclear, Some(Field::Status));
    }
    if *by_school == SurveyFinding::Unclear {
        return (SurveyFinding::Unclear, Some(school_field(line)));
    }
    if let Some(finer) = others.into_iter().find(is_finer) {
        return (finer, None);
    }
    let grade = *grade;
    let mut filled = if in_school(by_school) || *by_school == SurveyFinding::NotYetOfAge {
        by_school.clone()
    } else {
        status
    };
    if let SurveyFinding::InSchool { grade: own, .. }
    | SurveyFinding::InSchoolElsewhere { grade: own, .. } = &mut filled
    {
        *own = own.or(grade);
    }
    (filled, None)
}

/// The cell of the school, for a person to look at.
fn school_field(line: &Line<'_>) -> Field {
    if line.get(Field::SchoolAndGrade).is_some() { Field::SchoolAndGrade } else { Field::School }
}

/// Whether the words of a cell that are not understood speak of schooling.
fn open(line: &Line<'_>, field: Field) -> bool {
    line.get(field).is_some_and(words::speaks_of_schooling)
}

fn in_school(finding: &SurveyFinding) -> bool {
    matches!(
        finding,
        SurveyFinding::InSchool { .. }
            | SurveyFinding::InSchoolElsewhere { .. }
            | SurveyFinding::ElsewhereUnnamed
    )
}

fn contradicts(finding: &SurveyFinding) -> bool {
    matches!(
        finding,
        SurveyFinding::Out { .. } | SurveyFinding::NeverEnrolled | SurveyFinding::SuspensionLapsed
    )
}

/// Says more than 在校 does.
fn is_finer(finding: &SurveyFinding) -> bool {
    matches!(
        finding,
        SurveyFinding::Returned
            | SurveyFinding::Suspended
            | SurveyFinding::HomeTeaching
            | SurveyFinding::Dead
            | SurveyFinding::MovedAway
            | SurveyFinding::Deferred
            | SurveyFinding::Graduated
            | SurveyFinding::NotYetOfAge
            | SurveyFinding::RegisteredTwice
            | SurveyFinding::NoSuchPerson
            | SurveyFinding::Abroad
            | SurveyFinding::InSchoolElsewhere { .. }
            | SurveyFinding::ElsewhereUnnamed
    )
}

/// A remark counts only when it speaks of schooling in plain words.
fn remark(line: &Line<'_>) -> SurveyFinding {
    let said = line.get(Field::Remark).map_or(SurveyFinding::Silent, |c| line.finding(c));
    if contradicts(&said) || is_finer(&said) || matches!(said, SurveyFinding::Unreachable) {
        return said;
    }
    SurveyFinding::Silent
}

/// What school and grade say when no words do.
fn by_school(line: &Line<'_>, person: &Person) -> SurveyFinding {
    let lexicon = line.facts.lexicon;
    for field in [Field::SchoolAndGrade, Field::School] {
        let said = line.get(field).map_or(SurveyFinding::Silent, |cell| line.finding(cell));
        if said == SurveyFinding::Unclear && open(line, field) {
            return SurveyFinding::Unclear;
        }
        if field == Field::SchoolAndGrade
            && let Some(said) = said_something(known(said))
        {
            return said;
        }
    }
    let kindergarten = person.grade.is_some_and(|grade| grade.number() == 0)
        || line.get(Field::School).is_some_and(|cell| cell.contains("幼儿园"));
    if kindergarten {
        return SurveyFinding::NotYetOfAge;
    }
    // A school under 原就读学校 is not where the child is today, and a grade alone may be the one it left.
    let today = line.get(Field::School).or(line.get(Field::SchoolAndGrade));
    match (person.school.as_ref().filter(|_| today.is_some()), person.grade) {
        // The school's cell may hold words instead of a name: 在家, 外出务工.
        (Some(school), grade) => {
            let said = known(line.finding(school));
            if said == SurveyFinding::Silent || in_school(&said) {
                return lexicon.school(school, grade);
            }
            said
        }
        (None, _) => SurveyFinding::Silent,
    }
}

fn said_something(finding: SurveyFinding) -> Option<SurveyFinding> {
    (finding != SurveyFinding::Silent).then_some(finding)
}

fn known(finding: SurveyFinding) -> SurveyFinding {
    if finding == SurveyFinding::Unclear { SurveyFinding::Silent } else { finding }
}

/// The first that says something. 在校 from a tick gives way to a school that is named.
fn in_order(findings: [SurveyFinding; 3]) -> SurveyFinding {
    let [first, .., last] = &findings;
    if matches!(first, SurveyFinding::InSchool { school: None, .. }) && in_school(last) {
        let [_, middle, last] = findings;
        return if matches!(middle, SurveyFinding::Silent) { last } else { middle };
    }
    findings
        .into_iter()
        .find(|finding| !matches!(finding, SurveyFinding::Silent))
        .unwrap_or(SurveyFinding::Silent)
}
