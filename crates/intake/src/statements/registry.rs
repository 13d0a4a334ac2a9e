//! A row of the student registry.

use baoxue_claim::{Doubt, Enrolment, EnrolmentStatus, Person, Statement, StudyMode, Transfer};

use super::{Said, own_day};
use crate::{
    Field,
    line::Line,
    text::{fold, has},
};

pub(crate) fn read(line: &Line<'_>, person: &Person) -> Said {
    let mut doubts = Vec::new();
    let transfer = transfer(line);
    let stated = line.get(Field::StudentStatus);
    let moved = transfer.as_ref().and_then(|transfer| by_movement(&transfer.kind));
    let status = match stated.map(status) {
        Some(Some(status)) => status,
        Some(None) => {
            doubts.push(line.doubt(Doubt::WordsUnclear, Field::StudentStatus));
            moved.unwrap_or(EnrolmentStatus::Attending)
        }
        // A roll without the column lists those who attend.
        None => moved.unwrap_or(EnrolmentStatus::Attending),
    };
    let enrolment = Enrolment {
        school: person.school.clone().unwrap_or_default(),
        grade: person.grade,
        status,
        mode: mode(line, person.school.as_deref()),
        transfer,
    };
    let fields = [
        Field::StudentStatus,
        Field::ChangeKind,
        Field::ChangeDate,
        Field::ToSchool,
        Field::Mode,
        Field::Inclusive,
        Field::Remark,
    ];
    let mut said =
        Said::one(Statement::Enrolment(enrolment), line.facts.as_of, line.words(&fields));
    said.doubts = doubts;
    if let (_, Some(noted)) = own_day(line, Field::ChangeDate) {
        said.doubts.push(noted);
    }
    said
}

/// Words and the codes of the national standard (01 在读 … 15 下落不明).
fn status(cell: &str) -> Option<EnrolmentStatus> {
    use EnrolmentStatus as S;
    let text = fold(cell);
    let by_code = match text.trim_start_matches('0') {
        "1" | "5" => Some(S::Attending),
        "2" => Some(S::Suspended),
        "3" | "4" | "6" | "9" | "14" => Some(S::Left),
        "7" | "8" => Some(S::Graduated),
        "10" => Some(S::TransferredOut),
        "11" => Some(S::Dead),
        "13" => Some(S::Abroad),
        "15" => Some(S::Missing),
        _ => None,
    };
    if by_code.is_some() {
        return by_code;
    }
    let table: [(&str, S); 9] = [
        ("死亡 去世 病故", S::Dead),
        ("下落不明 失踪", S::Missing),
        ("出国 境外 公派", S::Abroad),
        ("复学 未辍学 未休学", S::Attending),
        ("休学", S::Suspended),
        ("转出 转走 转学 已转", S::TransferredOut),
        ("退学 停学 开除 流失 辍学 离校 失学 肄业 除名 自动离校 不在校 未在校 未报到", S::Left),
        ("毕业 结业", S::Graduated),
        ("在校 在读 正常 在籍 就读 转入 在册 注册 走读 住校", S::Attending),
    ];
    table.iter().find(|(words, _)| has(&text, words)).map(|(_, status)| *status)
}

/// A movement that ends the attendance when the status itself is blank.
fn by_movement(kind: &str) -> Option<EnrolmentStatus> {
    let out = has(kind, "转出 毕业 结业 休学 出国 死亡 退学 辍学 流失");
    if out { status(kind) } else { None }
}

fn mode(line: &Line<'_>, school: Option<&str>) -> Option<StudyMode> {
    let cell = line.get(Field::Mode).map(|cell| fold(cell).into_owned()).unwrap_or_default();
    let inclusive = line.get(Field::Inclusive).map(|cell| fold(cell).into_owned());
    if has(&cell, "送教 上门") {
        return Some(StudyMode::HomeTeaching);
    }
    if cell.contains("随班")
        || inclusive
            .is_some_and(|text| !text.starts_with(['非', '否', '无', '不']) && !text.is_empty())
    {
        return Some(StudyMode::Inclusive);
    }
    if has(&cell, "特教 特殊") || school.is_some_and(|name| has(name, "特殊教育 特教")) {
        return Some(StudyMode::SpecialSchool);
    }
    match cell.as_str() {
        "1" | "01" => Some(StudyMode::Day),
        "2" | "02" => Some(StudyMode::Boarding),
        text if has(text, "住校 寄宿 住读 住宿") => Some(StudyMode::Boarding),
        text if has(text, "走读 通学") => Some(StudyMode::Day),
        _ => None,
    }
}

fn transfer(line: &Line<'_>) -> Option<Transfer> {
    let kind = line.get(Field::ChangeKind).map(|cell| cell.trim().to_owned());
    let school = line.get(Field::ToSchool).map(|cell| cell.trim().to_owned());
    let on = line.get(Field::ChangeDate).and_then(|cell| super::read_day(line, cell));
    if kind.is_none() && school.is_none() && on.is_none() {
        return None;
    }
    Some(Transfer { kind: kind.unwrap_or_default(), on, school })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_in_words_and_codes() {
        use EnrolmentStatus as S;
        for (text, expected) in [
            ("在校", Some(S::Attending)),
            ("正常", Some(S::Attending)),
            ("01", Some(S::Attending)),
            ("复学", Some(S::Attending)),
            ("休学", Some(S::Suspended)),
            ("跨省转出", Some(S::TransferredOut)),
            ("县内转入", Some(S::Attending)),
            ("毕业", Some(S::Graduated)),
            ("其他离校", Some(S::Left)),
            ("疑似辍学", Some(S::Left)),
            ("15", Some(S::Missing)),
            ("死亡", Some(S::Dead)),
            ("99", None),
        ] {
            assert_eq!(status(text), expected, "{text}");
        }
    }
}
