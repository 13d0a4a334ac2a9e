//! Rows of the registers of persons: police, poverty office, federation of the disabled.

use baoxue_claim::{Departure, DisabilityNumber, Grade, Person, Statement};

use super::{Said, boxes, own_day};
use crate::{
    Field,
    line::Line,
    text::{fold, has, leading_number},
    words,
};

/// A live row, or one that was cancelled.
pub(crate) fn population(line: &Line<'_>) -> Said {
    let fields = [Field::RegisterState, Field::ChangeKind, Field::Remark];
    let words = line.words(&fields);
    let state = words.as_ref().map(|words| fold(words.expose()).into_owned()).unwrap_or_default();
    let day_field =
        if line.get(Field::ChangeDate).is_some() { Field::ChangeDate } else { Field::Date };
    let (day, doubt) = own_day(line, day_field);
    let on = line.get(day_field).map(|_| day).filter(|_| doubt.is_none());
    let what = match cancelled(&state, on) {
        Some(departure) => Statement::Departure(departure),
        None => Statement::Registered,
    };
    Said::one(what, line.facts.as_of, words).with_doubt(doubt)
}

/// 死亡注销, 户口迁出, 出国定居, 重复户口注销. Somebody moving in, or born, is alive.
fn cancelled(state: &str, on: Option<chrono::NaiveDate>) -> Option<Departure> {
    let denied = "未注销 未迁出 无注销 非注销 未死亡";
    if state.is_empty() || has(state, denied) {
        return None;
    }
    // 父母 in the remark: 父亲死亡 is no word about the child.
    let family = has(state, "父亲 母亲 父母 双亲 父已 母已");
    if has(state, "死亡 去世 病故 亡故") && !family {
        return Some(Departure::Dead { on });
    }
    if has(state, "出国定居 出国(境) 出国 国(境)外定居 加入外国") && !family {
        return Some(Departure::Emigrated { on });
    }
    if has(state, "迁出 迁往 迁离") && !has(state, "迁入") {
        return Some(Departure::MovedOut { on });
    }
    if has(state, "失踪 下落不明") && !family {
        return Some(Departure::Missing { on });
    }
    has(state, "重复 重户 注销 虚假").then_some(Departure::Cancelled { on })
}

/// 在校生状况 in words or as code.
pub(crate) fn poverty(line: &Line<'_>) -> Said {
    let cell = line.get(Field::PovertySchoolStatus).or(line.get(Field::OutOfSchool));
    let state = cell.map(|cell| fold(cell).into_owned()).unwrap_or_default();
    let boxes = boxes::read(line).finding;
    let dropped = line.get(Field::OutOfSchool).is_some() && boxes::is_out(&boxes);
    let denied = has(
        &state,
        "未失学 未辍学 无失学 无辍学 没有失学 没有辍学 非失学 非辍学 不存在 未出现 疑似 风险",
    );
    let by_state = line.get(Field::PovertySchoolStatus).is_some()
        && (state == "01" || (has(&state, "非在校 失学 辍学") && !denied));
    let out = dropped || by_state;
    let what = Statement::Poverty { grade: poverty_grade(&state).filter(|_| !out), out };
    let fields = [Field::PovertySchoolStatus, Field::OutOfSchool, Field::Reason, Field::Remark];
    Said::one(what, line.facts.as_of, line.words(&fields))
}

/// Codes of the poverty register: 02 before school, 03 primary, 04–06 junior, 07–09 senior, 10–12 vocational.
fn poverty_grade(state: &str) -> Option<Grade> {
    if let Ok(code) = state.parse::<u8>() {
        return match code {
            2 => Grade::new(0),
            4..=9 => Grade::new(code + 3),
            10..=12 => Grade::new(code),
            _ => None,
        };
    }
    if has(state, "学前 学龄前 幼儿") {
        return Grade::new(0);
    }
    words::grade(state)
}

/// Category and grade from their columns, or from the number itself.
pub(crate) fn disability(line: &Line<'_>, person: &Person) -> Said {
    const CATEGORIES: [&str; 7] = ["视力", "听力", "言语", "肢体", "智力", "精神", "多重"];
    let number = person.disability_number.as_ref();
    let by_number = number
        .and_then(|number| CATEGORIES.get(usize::from(number.category()).checked_sub(1)?))
        .map(|name| (*name).to_owned());
    let category = line.get(Field::DisabilityCategory).map(|cell| {
        let text = fold(cell);
        text.strip_suffix("残疾").unwrap_or(&text).to_owned()
    });
    let grade = line.get(Field::DisabilityGrade).and_then(disability_grade);
    let what = Statement::Disability {
        category: category.or(by_number),
        grade: grade.or(number.map(DisabilityNumber::grade)),
        in_school: in_school(line),
    };
    let fields = [
        Field::DisabilityCategory,
        Field::DisabilityGrade,
        Field::InSchool,
        Field::Status,
        Field::Remark,
    ];
    Said::one(what, line.facts.as_of, line.words(&fields))
}

/// 是否在学 in a tick or in words; `None` for words that do not tell.
fn in_school(line: &Line<'_>) -> Option<bool> {
    let found = boxes::read(line).finding;
    let at_school = boxes::is_in(&found) || found == baoxue_claim::SurveyFinding::HomeTeaching;
    (at_school || boxes::is_out(&found)).then_some(at_school)
}

/// 一级, 壹级, 1级, 1.
fn disability_grade(cell: &str) -> Option<u8> {
    let text = fold(cell);
    let capital = "壹贰叁肆".chars().position(|sign| text.starts_with(sign));
    let number = match capital {
        Some(at) => u8::try_from(at + 1).ok()?,
        None => leading_number(&text)?.0,
    };
    (1..=4).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_in_the_register_is_read_with_care() {
        assert_eq!(cancelled("死亡注销", None), Some(Departure::Dead { on: None }));
        assert_eq!(cancelled("户口迁出", None), Some(Departure::MovedOut { on: None }));
        assert_eq!(cancelled("重户注销", None), Some(Departure::Cancelled { on: None }));
        for alive in ["", "正常", "迁入", "补报出生", "信息变更", "双胞胎", "父亲死亡", "未注销"]
        {
            assert_eq!(cancelled(alive, None), None, "{alive}");
        }
    }

    #[test]
    fn school_status_of_the_poverty_register() {
        let grade = |text| poverty_grade(text).map(Grade::number);
        for (text, number) in [
            ("七年级", Some(7)),
            ("普通高中一年级", Some(10)),
            ("中职一年级", Some(10)),
            ("学前教育", Some(0)),
            ("小学", None),
            ("05", Some(8)),
            ("大专及以上", None),
        ] {
            assert_eq!(grade(text), number, "{text}");
        }
    }
}
