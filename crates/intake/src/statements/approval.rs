//! Approved absences and certificates of schools elsewhere.

use baoxue_claim::{
    Certificate, Deferral, DeferralKind, Diagnosed, Doubt, Leave, LeaveKind, Person, Private,
    Statement, read_period,
};
use chrono::NaiveDate;

use super::{Said, own_day, read_day, yes_no};
use crate::{
    Field,
    line::Line,
    text::{fold, has, words},
};

/// Suspension, sick leave, deferral or exemption, told by the row's kind or else by the title.
pub(crate) fn read(line: &Line<'_>, person: &Person) -> Said {
    let kind = line.get(Field::Kind).map(|cell| fold(cell).into_owned()).unwrap_or_default();
    let told = |text: &str| kind_of(text);
    let heading = fold(line.facts.heading);
    let diagnosis =
        line.get(Field::Diagnosis).map(|cell| fold(cell).into_owned()).unwrap_or_default();
    let found = told(&kind).or_else(|| told(&diagnosis)).or_else(|| told(&heading));
    let period = period(line);
    let approved = line.get(Field::Approval).and_then(approved);
    let signed_by = line.get(Field::Approver).map(|cell| cell.trim().to_owned());
    let diagnosed = diagnosed(line);
    let fields = [
        Field::Kind,
        Field::Diagnosis,
        Field::Hospital,
        Field::Period,
        Field::Approver,
        Field::Approval,
        Field::Remark,
    ];
    let (on, doubt) = own_day(line, Field::Date);
    let what = match found {
        Some(Kind::Leave(kind)) => Statement::Leave(Leave {
            kind,
            period,
            approved,
            approver: signed_by,
            school: person.school.clone(),
            diagnosed,
        }),
        Some(Kind::Deferral(kind)) => {
            Statement::Deferral(Deferral { kind, period, approved, document: signed_by, diagnosed })
        }
        None => {
            let doubts = vec![line.doubt(Doubt::WordsUnclear, Field::Kind)];
            return Said { claims: Vec::new(), doubts };
        }
    };
    let mut said = Said::one(what, on, line.words(&fields)).with_doubt(doubt);
    if period.is_none() && line.get(Field::Period).is_some() {
        said.doubts.push(line.doubt(Doubt::DateUnreadable, Field::Period));
    }
    if approved.is_none() && line.get(Field::Approval).is_some() {
        said.doubts.push(line.doubt(Doubt::WordsUnclear, Field::Approval));
    }
    said
}

/// The hospital and the doctor, where the list has columns for them.
fn diagnosed(line: &Line<'_>) -> Option<Box<Diagnosed>> {
    let cell = |field| line.get(field).map(str::trim).filter(|cell| !cell.is_empty());
    let hospital = cell(Field::Hospital).map(str::to_owned);
    let doctor = cell(Field::Doctor).map(Private::new);
    (hospital.is_some() || doctor.is_some()).then(|| Box::new(Diagnosed { hospital, doctor }))
}

enum Kind {
    Leave(LeaveKind),
    Deferral(DeferralKind),
}

fn kind_of(text: &str) -> Option<Kind> {
    let hits: [(&str, Kind); 4] = [
        ("缓学 延缓 暂缓入学 推迟入学", Kind::Deferral(DeferralKind::Deferral)),
        ("免学 免予入学 失能 不具备学习", Kind::Deferral(DeferralKind::Exemption)),
        ("病假 请假 事假", Kind::Leave(LeaveKind::SickLeave)),
        ("休学 保留学籍", Kind::Leave(LeaveKind::Suspension)),
    ];
    // 休学(病假) in a title names both; the graver one is the one that needs more, so 休学 wins there.
    let both = text.contains("休学") && has(text, "病假 请假");
    if both {
        return Some(Kind::Leave(LeaveKind::Suspension));
    }
    hits.into_iter().find(|(words, _)| has(text, words)).map(|(_, kind)| kind)
}

/// Words of assent that hold a word of denial: 审核无误, 无异议.
const ASSENT: &str = "没有异议 没有问题 未发现问题 未发现异常 未见异常 无误 无异议 无问题 无不符 无不当 无疑义 \
    无出入";

/// The text without its words of assent, and whether it had any.
fn without_assent(text: &str) -> (String, bool) {
    let rest = words(ASSENT).fold(text.to_owned(), |rest, word| rest.replace(word, ""));
    let had = rest.len() < text.len();
    (rest, had)
}

/// 同意, 批准, 学校同意; 不同意, 不予批准, 退回; `None` for other words.
fn approved(cell: &str) -> Option<bool> {
    let (text, assents) = without_assent(&fold(cell));
    if has(&text, "不 未 否 退回 驳回 拒 没有 没批 无") {
        return Some(false);
    }
    if has(&text, "待 审核中 办理中 审批中") {
        return None;
    }
    if has(&text, "同意 批准 通过 准予 准许 已批 合格 属实 许可") || assents {
        return Some(true);
    }
    yes_no(&text)
}

fn period(line: &Line<'_>) -> Option<(NaiveDate, NaiveDate)> {
    let day = |field| line.get(field).and_then(|cell| read_day(line, cell));
    line.get(Field::Period)
        .and_then(read_period)
        .or_else(|| Some((day(Field::PeriodFrom)?, day(Field::PeriodTo)?)))
        .filter(|(from, to)| from <= to)
}

/// A certificate of study outside the county.
pub(crate) fn certificate(line: &Line<'_>, person: &Person) -> Said {
    let has_column = |field| line.facts.columns.has(field);
    let sealed = match line.get(Field::Seal) {
        Some(cell) => yes_no(cell),
        // A blank under 是否盖章 is not a seal.
        None => has_column(Field::Seal).then_some(false),
    };
    let how = line.get(Field::Verified).map(|cell| cell.trim().to_owned());
    let verified = has_column(Field::Verified).then(|| how.as_deref().is_some_and(is_verified));
    let issued = line.get(Field::Date).and_then(|cell| read_day(line, cell));
    let certificate = Certificate {
        school: person.school.clone(),
        place: line.get(Field::Place).map(|cell| cell.trim().to_owned()),
        issued,
        sealed,
        verified,
        verified_how: how,
    };
    let fields = [
        Field::Place,
        Field::School,
        Field::Grade,
        Field::Date,
        Field::Seal,
        Field::Verified,
        Field::Remark,
    ];
    let (_, doubt) = own_day(line, Field::Date);
    let on = issued.unwrap_or(line.facts.as_of);
    Said::one(Statement::Certificate(certificate), on, line.words(&fields)).with_doubt(doubt)
}

/// 电话核实, 学籍系统查询, 是; not 未核实, 待核实, 无法核实.
fn is_verified(cell: &str) -> bool {
    let (text, assents) = without_assent(&fold(cell));
    (assents || !text.is_empty())
        && !has(&text, "未 待 没 无 否 不 ×")
        && !matches!(text.as_str(), "/" | "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn approvals_and_refusals() {
        for (text, expected) in [
            ("同意", Some(true)),
            ("学校同意", Some(true)),
            ("批准", Some(true)),
            ("不予批准", Some(false)),
            ("不同意", Some(false)),
            ("退回补充材料", Some(false)),
            ("待审核", None),
            ("经审核无误，同意休学", Some(true)),
            ("无异议", Some(true)),
            ("材料无问题，批准", Some(true)),
            ("审核无误，不同意", Some(false)),
            ("情况无误，待审批", None),
        ] {
            assert_eq!(approved(text), expected, "{text}");
        }
    }

    #[test]
    fn a_certificate_is_verified_only_if_somebody_did() {
        for (text, expected) in [
            ("电话核实", true),
            ("全国学籍系统查询", true),
            ("未核实", false),
            ("待核实", false),
            ("核实无误", true),
            ("无误", true),
            ("无法核实", false),
            ("核实不符", false),
        ] {
            assert_eq!(is_verified(text), expected, "{text}");
        }
    }
}
