//! A row of the student registry.

use baoxue_claim::{Doubt, Enrolment, EnrolmentStatus, Person, Statement, StudyMode, Transfer};

use super::{Said, own_day, yes_no};
use crate::{
    Field,
    line::Line,
    text::{fold, has},
};

pub(crate) fn read(line: &Line<'_>, person: &Person) -> Said {
    let mut doubts = Vec::new();
    let transfer = transfer(line);
    let moved = transfer.as_ref().map(|transfer| fold(&transfer.kind).into_owned());
    let ended = moved.as_deref().and_then(by_movement);
    let status = match line.get(Field::StudentStatus) {
        Some(cell) => status(cell).or(ended),
        // A blank cell under 学生状态 says nothing; the last movement may.
        None if line.facts.columns.has(Field::StudentStatus) => moved.as_deref().and_then(status),
        // A roll without the column lists those who attend, unless its title says otherwise.
        None => ended.or_else(|| by_title(line.facts.heading)),
    };
    let understood = line.get(Field::StudentStatus).is_none_or(|cell| self::status(cell).is_some());
    if status.is_none() || !understood {
        doubts.push(line.doubt(Doubt::WordsUnclear, Field::StudentStatus));
    }
    let status = status.unwrap_or(EnrolmentStatus::Unclear);
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

/// Words and the codes of the national standard (01 在读 … 15 下落不明); `None` for what is not understood, such as 99 其他,
/// 12 保留入学资格, 待注册 or 拟转出.
fn status(cell: &str) -> Option<EnrolmentStatus> {
    use EnrolmentStatus as S;
    const DROPPED_OUT: &str = "辍学 失学 辍读";
    const NOT_DROPPED_OUT: &str = "未辍学 没辍学 没有辍学 无辍学 非辍学 未失学 防辍 控辍 未休学 没休学 没有休学 未离校 未退学 未流失";
    // 复学 is what a suspended child has not done.
    const NOT_BACK: &str = "未复学 没复学 未按时复学 未按期复学 未返校 没返校 逾期 超期 到期 期满";
    const AWAY: &str = "不在校 未在校 未报到 没报到 未到校 没到校 不在读 未在读 未就读 未注册 没注册 未入学 未上学 没上学";
    const OPEN: &str = "未 不 非 没 无 待 拟 申请 应 疑 可能 中止 暂 空挂 挂名 挂靠 分离 异常 有误 其他 其它 办理 审核 审批 \
        保留 是否 ?";
    const OTHER_MATTER: &str = "非随班就读 无异动 无变动 无异常 不住校 未住校 非住校 非寄宿 不寄宿 非留守 非本地 非本县 非本省 非农 非独生";
    let text = fold(cell);
    let text = text.as_ref();
    if let Some(by_code) = by_code(text) {
        return Some(by_code);
    }
    let denied = has(text, NOT_DROPPED_OUT);
    if !denied && has(text, DROPPED_OUT) && !has(text, "复学 返校 风险 预警 倾向 隐患")
    {
        return Some(S::DroppedOut);
    }
    if has(text, AWAY)
        || (has(text, "休学") && has(text, NOT_BACK))
        || has(text, "其他离校 其它离校")
    {
        return Some(S::Left);
    }
    let plain = crate::text::words(NOT_DROPPED_OUT)
        .fold(text.to_owned(), |text, word| text.replace(word, ""));
    let plain = crate::text::words(OTHER_MATTER)
        .fold(plain, |text, word| text.replace(word, ""))
        .replace("下落不明", "失踪");
    if has(&plain, OPEN) {
        return None;
    }
    if plain.is_empty() && !text.is_empty() {
        return Some(S::Attending);
    }
    let table: [(&str, S); 9] = [
        ("死亡 去世 病故", S::Dead),
        ("失踪", S::Missing),
        ("出国 境外 公派", S::Abroad),
        ("复学 返校", S::Attending),
        ("休学", S::Suspended),
        ("转出 转走 转学 已转", S::TransferredOut),
        ("退学 停学 开除 流失 离校 肄业 除名", S::Left),
        ("毕业 结业", S::Graduated),
        (
            "在校 在读 正常 在籍 就读 转入 在册 注册 走读 住校 寄宿 借读 寄读 新生 留级 跳级 升级 送教 在学 有效",
            S::Attending,
        ),
    ];
    let hit = table.iter().find(|(words, _)| has(&plain, words)).map(|(_, status)| *status);
    hit.or_else(|| denied.then_some(S::Attending))
}

/// A code alone, or before its words: 01, 1-在读.
fn by_code(text: &str) -> Option<EnrolmentStatus> {
    use EnrolmentStatus as S;
    match text.trim_start_matches('0') {
        "1" | "5" => Some(S::Attending),
        "2" => Some(S::Suspended),
        "3" | "4" | "6" | "9" | "14" => Some(S::Left),
        "7" | "8" => Some(S::Graduated),
        "10" => Some(S::TransferredOut),
        "11" => Some(S::Dead),
        "13" => Some(S::Abroad),
        "15" => Some(S::Missing),
        _ => None,
    }
}

/// A movement that ends the attendance, whatever the state itself says of it.
fn by_movement(kind: &str) -> Option<EnrolmentStatus> {
    status(kind).filter(|status| *status != EnrolmentStatus::Attending)
}

/// What a list without a column for the state is of: 休学学生名册, 转出学生名单. A title that names several states, or says
/// 学籍 alone, lists those who attend.
fn by_title(heading: &str) -> Option<EnrolmentStatus> {
    use EnrolmentStatus as S;
    const STATES: [(&str, S); 6] = [
        ("休学学生 休学名单 休学名册 休学花名册", S::Suspended),
        ("转出学生 转出名单 转出名册 转出花名册", S::TransferredOut),
        ("辍学学生 疑似辍学 辍学名单 辍学花名册 失学学生 失学儿童", S::DroppedOut),
        ("离校学生 流失学生 退学学生 离校名单 流失名单", S::Left),
        ("已毕业学生 毕业生名册 毕业生名单 毕业生花名册", S::Graduated),
        ("死亡学生 死亡名单", S::Dead),
    ];
    let text = fold(heading);
    let mut named = STATES.iter().filter(|(words, _)| has(&text, words));
    let only = match (named.next(), named.next()) {
        (None, _) => Some(S::Attending),
        (Some((_, state)), None) => Some(*state),
        // Which of the two a row is cannot be told.
        (Some(_), Some(_)) => None,
    };
    if has(&text, "在校 在读 控辍") && only.is_some() { Some(S::Attending) } else { only }
}

fn mode(line: &Line<'_>, school: Option<&str>) -> Option<StudyMode> {
    let cell = line.get(Field::Mode).map(|cell| fold(cell).into_owned()).unwrap_or_default();
    let inclusive = line.get(Field::Inclusive).map(|cell| fold(cell).into_owned());
    let taught_at_home =
        |text: &str| has(text, "送教 上门") && !has(text, "未 没 无 不 停 拒 应 待 需 拟");
    if taught_at_home(&cell) || inclusive.as_deref().is_some_and(taught_at_home) {
        return Some(StudyMode::HomeTeaching);
    }
    let inclusive = inclusive.is_some_and(|text| {
        // 10 随班就读, 11 to 13 and 19 by kind of disability in the older standard.
        let coded = matches!(text.as_str(), "10" | "11" | "12" | "13" | "19");
        let kind =
            has(&text, "随班 视力 听力 智力 言语 肢体 精神") && !has(&text, "非 否 无 不 未 没");
        coded || kind || yes_no(&text) == Some(true)
    });
    if cell.contains("随班") || inclusive {
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
            ("疑似辍学", Some(S::DroppedOut)),
            ("辍学", Some(S::DroppedOut)),
            ("已失学", Some(S::DroppedOut)),
            ("退学", Some(S::Left)),
            ("06", Some(S::Left)),
            ("未报到", Some(S::Left)),
            ("未注册", Some(S::Left)),
            ("在籍不在校", Some(S::Left)),
            ("休学期满未复学", Some(S::Left)),
            ("15", Some(S::Missing)),
            ("下落不明", Some(S::Missing)),
            ("死亡", Some(S::Dead)),
            ("未辍学", Some(S::Attending)),
            ("在校（未辍学）", Some(S::Attending)),
            ("休学后已复学", Some(S::Attending)),
            ("正常(非随班就读)", Some(S::Attending)),
            ("01-在读", Some(S::Attending)),
            ("留级", Some(S::Attending)),
            ("正常（无异动）", Some(S::Attending)),
            ("在读(不住校)", Some(S::Attending)),
        ] {
            assert_eq!(status(text), expected, "{text}");
        }
    }

    #[test]
    fn a_state_that_is_not_understood_is_not_attending() {
        for text in [
            "蓝色",
            "其他",
            "99",
            "参军",
            "保留入学资格",
            "12",
            "待复学",
            "应复学",
            "拟转出",
            "转出办理中",
            "申请休学",
            "待注册",
            "学籍异常",
            "空挂学籍",
            "人籍分离",
            "不正常",
            "非正常",
            "疑似空挂",
            "有辍学风险",
            "待核实",
            "00",
        ] {
            assert_eq!(status(text), None, "{text}");
        }
    }

    #[test]
    fn a_list_without_states_is_told_by_its_title() {
        use EnrolmentStatus as S;
        for (title, expected) in [
            ("全国中小学生学籍信息导出", Some(S::Attending)),
            ("毕业班学生信息", Some(S::Attending)),
            ("休学学生名册", Some(S::Suspended)),
            ("疑似辍学学生名单", Some(S::DroppedOut)),
            ("转出学生花名册", Some(S::TransferredOut)),
            ("休学学生、转出学生名单", None),
            ("控辍保学在校学生名册", Some(S::Attending)),
        ] {
            assert_eq!(by_title(title), expected, "{title}");
        }
    }
}
