//! A row of an inspection's findings.

use baoxue_claim::{Doubt, InspectionFinding, Statement, SurveyFinding, names_custody};

use super::{
    Said,
    boxes::{is_in, is_out},
    own_day,
};
use crate::{
    Field,
    line::Line,
    text::{fold, has},
};

pub(crate) fn read(line: &Line<'_>) -> Said {
    let verdict = line.get(Field::Verdict).map(|cell| fold(cell).into_owned()).unwrap_or_default();
    let status = line.get(Field::Status).map(|cell| fold(cell).into_owned()).unwrap_or_default();
    let mut finding = by_words(&verdict, line);
    if finding == InspectionFinding::Unclear {
        finding = by_words(&status, line);
    }
    // 认定 在校 beside 在家放羊 in the row's own words: which of the two holds is for a person to tell.
    let in_words = line.finding(&status);
    let in_verdict = line.finding(&verdict);
    let contradicted =
        (is_in(&in_verdict) && is_out(&in_words)) || (is_out(&in_verdict) && is_in(&in_words));
    // Where a child is held it is not named for being out of school: a person reads the words.
    let held = names_custody(&status) || names_custody(&verdict);
    if contradicted || held {
        finding = InspectionFinding::Unclear;
    }
    let finding = match finding {
        InspectionFinding::InSchool if has(&status, "误报") => {
            InspectionFinding::InSchoolMisreported
        }
        InspectionFinding::Out if has(&status, "漏报 未上报 未列入") => {
            InspectionFinding::OutMissed
        }
        InspectionFinding::InSchool
        | InspectionFinding::InSchoolMisreported
        | InspectionFinding::Out
        | InspectionFinding::OutMissed
        | InspectionFinding::Unclear => finding,
    };
    let fields = [Field::Method, Field::Status, Field::Verdict, Field::Remark];
    let (on, doubt) = own_day(line, Field::Date);
    let what = Statement::Inspection { finding, seen: seen(line, &status) };
    let mut said = Said::one(what, on, line.words(&fields)).with_doubt(doubt);
    if finding == InspectionFinding::Unclear {
        let field = if verdict.is_empty() { Field::Status } else { Field::Verdict };
        said.doubts.push(line.doubt(Doubt::WordsUnclear, field));
    }
    said
}

fn by_words(text: &str, line: &Line<'_>) -> InspectionFinding {
    if text.is_empty() {
        return InspectionFinding::Unclear;
    }
    if has(text, "误报 错报") && !has(text, "在校(漏报") {
        return InspectionFinding::InSchoolMisreported;
    }
    if has(text, "漏报 瞒报 未上报") {
        return InspectionFinding::OutMissed;
    }
    match line.finding(text) {
        SurveyFinding::InSchool { .. }
        | SurveyFinding::InSchoolElsewhere { .. }
        | SurveyFinding::ElsewhereUnnamed
        | SurveyFinding::Returned
        | SurveyFinding::HomeTeaching => InspectionFinding::InSchool,
        SurveyFinding::Out { .. }
        | SurveyFinding::NeverEnrolled
        | SurveyFinding::SuspensionLapsed => InspectionFinding::Out,
        SurveyFinding::NotYetOfAge
        | SurveyFinding::Graduated
        | SurveyFinding::Suspended
        | SurveyFinding::Ill
        | SurveyFinding::DisabledAtHome
        | SurveyFinding::Deferred
        | SurveyFinding::Transferred
        | SurveyFinding::Away
        | SurveyFinding::Unreachable
        | SurveyFinding::NoSuchPerson
        | SurveyFinding::RegisteredTwice
        | SurveyFinding::MovedAway
        | SurveyFinding::Abroad
        | SurveyFinding::Dead
        | SurveyFinding::Silent
        | SurveyFinding::Unclear => InspectionFinding::Unclear,
    }
}

/// Seen with own eyes: at home, in class or on the roll, not by telephone.
fn seen(line: &Line<'_>, status: &str) -> bool {
    let method = line.get(Field::Method).map(|cell| fold(cell).into_owned()).unwrap_or_default();
    let own_eyes = "入户 到校 现场 实地 走访 点名 面见 见到 查看课堂 推门";
    if has(&method, "电话 微信 资料") && !has(&method, own_eyes) {
        return false;
    }
    has(&method, own_eyes) || has(status, "见到学生 学生本人在班 现场核实 入户见到 到校核实")
}
