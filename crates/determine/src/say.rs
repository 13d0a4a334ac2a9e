//! Explanations that a village cadre understands and a lawyer accepts: what is so, who said it, which rule, what was
//! not accepted, until when.
//!
//! Names of people never appear: claims are put into words of our own. The senders' words are quoted in conflicts only,
//! and not when they touch what is sealed (custody, correction).

use std::fmt::Write as _;

use baoxue_claim::{
    Absence, Birth, Cause, Departure, Enrolment, EnrolmentStatus, InspectionFinding, LeaveKind,
    Private, Statement, StudyMode, SurveyFinding, VerdictCode,
};
use chrono::NaiveDate;

use crate::{
    Missing,
    evidence::Item,
    facts::{Current, Slot, is_institution},
    pack::Rule,
    verdict::Refused,
};

/// What stands in their place.
const NEUTRAL: &str = "其他就学安排";
/// More refusals than these are counted, not listed.
const MAX_REFUSED: usize = 3;

/// What an explanation is made of.
pub(crate) struct Words<'w, 'a> {
    pub(crate) rule: &'w Rule,
    pub(crate) used: &'w [&'w Current<'a>],
    pub(crate) refused: &'w [Refused],
    pub(crate) missing: &'w [Missing],
    pub(crate) expires: Option<NaiveDate>,
    pub(crate) confirmed: bool,
}

impl Words<'_, '_> {
    /// The explanation in zh-CN.
    pub(crate) fn zh(&self) -> String {
        let mut text = format!("{}：{}。", self.rule.code.zh(), self.rule.ground.title);
        let says: Vec<String> = self.spoken().map(said_zh).collect();
        if !says.is_empty() {
            let _ = write!(text, "{}。", distinct(says).join("；"));
        }
        let _ = write!(text, "依据：{}。", self.rule.ground.law);
        if let Some(day) = self.expires {
            let _ = write!(text, "有效期至{day}，次日起须重新认定。");
        }
        let mut why: Vec<String> = self.refused.iter().map(|refused| refused.why.clone()).collect();
        why = distinct(why);
        if !why.is_empty() {
            let more = if why.len() > MAX_REFUSED { "等" } else { "" };
            why.truncate(MAX_REFUSED);
            let _ = write!(text, "未采信的材料：{}{more}。", why.join("；"));
        }
        if !self.missing.is_empty() {
            let lacks: Vec<&str> = self.missing.iter().map(|missing| missing.zh.as_str()).collect();
            let _ = write!(text, "尚缺：{}。", lacks.join("、"));
        }
        if self.rule.code.accuses() && !self.confirmed {
            text += "目前只有一方来源，须入户或到校核实后才能作为正式结论。";
        }
        // Kept for every child of a county; growing has left up to half of it unused.
        text.shrink_to_fit();
        text
    }

    /// The explanation in English.
    pub(crate) fn en(&self) -> String {
        let mut text = format!("{}: {}.", capital(self.rule.code.en()), self.rule.title_en);
        let says: Vec<String> = self.spoken().map(said_en).collect();
        if !says.is_empty() {
            let _ = write!(text, " {}.", distinct(says).join("; "));
        }
        let _ = write!(text, " Rule {} v{}.", self.rule.id, self.rule.ground.version);
        if let Some(day) = self.expires {
            let _ = write!(text, " Holds until {day}; from the next day it must be judged again.");
        }
        let mut why: Vec<String> = self.refused.iter().map(|r| r.why_en.clone()).collect();
        why = distinct(why);
        if !why.is_empty() {
            let more = if why.len() > MAX_REFUSED { " and more" } else { "" };
            why.truncate(MAX_REFUSED);
            let _ = write!(text, " Evidence not accepted: {}{more}.", why.join("; "));
        }
        if !self.missing.is_empty() {
            let lacks: Vec<&str> = self.missing.iter().map(|missing| missing.en.as_str()).collect();
            let _ = write!(text, " Still missing: {}.", lacks.join(", "));
        }
        if self.rule.code.accuses() && !self.confirmed {
            text += " One source only so far: to be checked at the home or school first.";
        }
        text.shrink_to_fit();
        text
    }
}

impl<'a> Words<'_, 'a> {
    /// The claims that are put into words. Of a child in the neutral class nothing is said: what is said of one placement and
    /// not of another would tell them apart.
    fn spoken(&self) -> impl Iterator<Item = &Current<'a>> {
        let neutral = self.rule.code == VerdictCode::OtherArrangement;
        self.used.iter().copied().filter(move |_| !neutral)
    }
}

/// What a claim says, followed by the sender's own words, unless these touch what is sealed.
pub(crate) fn quote_zh(current: &Current<'_>) -> String {
    let ours = said_zh(current);
    let item = &current.item;
    let theirs = item.claim.words.as_ref().map(Private::expose).unwrap_or_default();
    if theirs.is_empty() || ours.contains(NEUTRAL) || current.slot == Slot::Birth {
        return ours;
    }
    if baoxue_claim::names_sealed(theirs) {
        return format!("{}（{}）：{NEUTRAL}", item.source().zh(), item.claim.on);
    }
    format!("{ours}（原文：“{theirs}”）")
}

fn said_zh(current: &Current<'_>) -> String {
    let item = &current.item;
    let what = if current.slot == Slot::Birth {
        format!("出生日期{}", birth(item))
    } else {
        statement_zh(&item.claim.what)
    };
    format!("{}（{}）：{what}", item.source().zh(), item.claim.on)
}

fn said_en(current: &Current<'_>) -> String {
    let item = &current.item;
    let source = item.source().name().replace('_', " ");
    let what = if current.slot == Slot::Birth {
        format!("born {}", birth(item))
    } else {
        statement_en(&item.claim.what)
    };
    format!("{source} ({}): {what}", item.claim.on)
}

/// The birth of a row, and that of its ID number where it is another.
fn birth(item: &Item<'_>) -> String {
    let person = &item.record.person;
    let number = person.id.as_ref().and_then(|id| id.valid()).map(|id| Birth::Day(id.birth()));
    match (person.birth, number) {
        (Some(birth), Some(number)) if !birth.agrees(number) => format!("{birth} ({number})"),
        (Some(birth), _) | (None, Some(birth)) => birth.to_string(),
        (None, None) => String::new(),
    }
}

/// What a claim says with its source and day, in zh-CN and English.
pub(crate) fn tell(item: &Item<'_>) -> (String, String) {
    let (zh, en) = statement(&item.claim.what);
    let source = item.source().name().replace('_', " ");
    let on = item.claim.on;
    (format!("{}（{on}）：{zh}", item.source().zh()), format!("{source} ({on}): {en}"))
}

/// A statement in zh-CN and English.
pub(crate) fn statement(what: &Statement) -> (String, String) {
    (statement_zh(what), statement_en(what))
}

fn distinct(mut texts: Vec<String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    texts.retain(|text| {
        let new = !seen.contains(text);
        if new {
            seen.push(text.clone());
        }
        new
    });
    texts
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What a statement says, in zh-CN and English, in words of our own.
pub fn statement_words(statement: &Statement) -> (String, String) {
    (statement_zh(statement), statement_en(statement))
}

fn statement_zh(what: &Statement) -> String {
    match what {
        Statement::Registered => "有户籍登记".to_owned(),
        Statement::Enrolment(row) => enrolment_zh(row),
        Statement::Survey { finding } => finding_zh(finding).to_owned(),
        Statement::Ledger(row) => {
            let cause = row.cause.filter(|cause| *cause != Cause::Offence);
            cause.map_or_else(
                || "列入失学辍学学生台账".to_owned(),
                |cause| format!("列入失学辍学学生台账，原因：{}", cause.zh()),
            )
        }
        Statement::Absence(row) => absence_zh(row),
        Statement::Inspection { finding, seen } => inspection_zh(*finding, *seen),
        Statement::TipOff => "群众反映".to_owned(),
        Statement::Certificate(row) => {
            let school = row.school.as_deref().unwrap_or("（未写学校）");
            if is_institution(school) {
                NEUTRAL.to_owned()
            } else {
                format!("{school}就读证明")
            }
        }
        Statement::Leave(row) => {
            let kind = match row.kind {
                LeaveKind::Suspension => "休学",
                LeaveKind::SickLeave => "病假",
            };
            format!("{kind}{}", period_zh(row.period))
        }
        Statement::Deferral(row) => format!("缓学或免学批准{}", period_zh(row.period)),
        Statement::Departure(departure) => departure_zh(*departure).to_owned(),
        Statement::Poverty { .. } => "在建档立卡名单".to_owned(),
        Statement::Disability { .. } => "持残疾证".to_owned(),
        Statement::Aid(paid) => format!("领取{}", paid.aid.zh()),
        Statement::HomeVisit(visit) => match visit.periods {
            Some(periods) => format!("上门送教{periods}节"),
            None => "上门送教".to_owned(),
        },
        Statement::HomePlan(plan) => match plan.per_month {
            Some(visits) => format!("送教计划每月{visits}次"),
            None => "送教学期评估".to_owned(),
        },
    }
}

fn enrolment_zh(row: &Enrolment) -> String {
    let state = match row.status {
        EnrolmentStatus::Attending if row.mode == Some(StudyMode::HomeTeaching) => "送教上门",
        EnrolmentStatus::Attending => "在校",
        EnrolmentStatus::Suspended => "休学",
        EnrolmentStatus::TransferredOut => "转出",
        EnrolmentStatus::Graduated => "毕业",
        EnrolmentStatus::Dead => "死亡",
        EnrolmentStatus::Abroad => "出国",
        EnrolmentStatus::Left => "其他离校",
        EnrolmentStatus::DroppedOut => "辍学",
        EnrolmentStatus::Missing => "下落不明",
        EnrolmentStatus::Unclear => "状态不明",
    };
    if is_institution(&row.school) {
        return NEUTRAL.to_owned();
    }
    let mut text = format!("{}{state}", row.school);
    if row.status == EnrolmentStatus::TransferredOut {
        let to = row.transfer.as_ref().and_then(|transfer| transfer.school.as_deref());
        match to.filter(|school| !is_institution(school)) {
            Some(school) => text.push_str(&["到", school].concat()),
            None => text += "，未写明接收学校",
        }
    }
    text
}

fn absence_zh(row: &Absence) -> String {
    if row.returned {
        return "已返校".to_owned();
    }
    let what = if row.no_show { "未报到" } else { "缺课" };
    match (row.days, row.school_days) {
        (Some(days), _) => format!("{what}{days}天"),
        (None, Some(days)) => format!("{what}{days}个上学日"),
        (None, None) => format!("{what}，天数未写明"),
    }
}

fn inspection_zh(finding: InspectionFinding, seen: bool) -> String {
    let how = if seen { "现场核实" } else { "电话了解" };
    let what = match finding {
        InspectionFinding::InSchool => "在校",
        InspectionFinding::InSchoolMisreported => "在校（误报）",
        InspectionFinding::Out => "不在校",
        InspectionFinding::OutMissed => "不在校（漏报）",
        InspectionFinding::Unclear => "结论不明",
    };
    format!("{how}，{what}")
}

const fn departure_zh(departure: Departure) -> &'static str {
    match departure {
        Departure::Dead { .. } => "死亡登记",
        Departure::Emigrated { .. } => "出国（境）定居",
        Departure::MovedOut { .. } => "户口迁出",
        Departure::Cancelled { .. } => "户口注销（重复或错误）",
        Departure::Missing { .. } => "下落不明",
    }
}

fn period_zh(period: Option<(NaiveDate, NaiveDate)>) -> String {
    period.map_or_else(String::new, |(from, to)| format!("，{from}至{to}"))
}

const fn finding_zh(finding: &SurveyFinding) -> &'static str {
    match finding {
        SurveyFinding::InSchool { .. } => "在校",
        SurveyFinding::InSchoolElsewhere { .. } => "在外地就读，写明学校",
        SurveyFinding::ElsewhereUnnamed => "在外地就读，未写明学校",
        SurveyFinding::NotYetOfAge => "未到入学年龄",
        SurveyFinding::Graduated => "初中毕业",
        SurveyFinding::Out { cause: Some(Cause::Offence) } => NEUTRAL,
        SurveyFinding::Out { .. } => "未上学",
        SurveyFinding::NeverEnrolled => "从未上学",
        SurveyFinding::Returned => "曾辍学，已劝返",
        SurveyFinding::Suspended => "休学",
        SurveyFinding::SuspensionLapsed => "休学期满未复学",
        SurveyFinding::Ill => "生病在家或住院",
        SurveyFinding::DisabledAtHome => "残疾在家",
        SurveyFinding::Deferred => "缓学或免学",
        SurveyFinding::HomeTeaching => "送教上门",
        SurveyFinding::Transferred => "已转学",
        SurveyFinding::Away => "外出，未写明就读",
        SurveyFinding::Unreachable => "联系不上",
        SurveyFinding::NoSuchPerson => "查无此人",
        SurveyFinding::RegisteredTwice => "重复户口",
        SurveyFinding::MovedAway => "已迁走",
        SurveyFinding::Abroad => "出国",
        SurveyFinding::Dead => "去世",
        SurveyFinding::Silent => "就读情况空白",
        SurveyFinding::Unclear => "就读情况的文字无法识别",
    }
}

fn statement_en(what: &Statement) -> String {
    match what {
        Statement::Registered => "in the population register".to_owned(),
        Statement::Enrolment(row) => enrolment_en(row).to_owned(),
        Statement::Survey { finding } => finding_en(finding).to_owned(),
        Statement::Ledger(_) => "on the list of children out of school".to_owned(),
        Statement::Absence(row) if row.returned => "back in school".to_owned(),
        Statement::Absence(row) => match (row.days, row.school_days) {
            (Some(days), _) => format!("absent for {days} days"),
            (None, Some(days)) => format!("absent for {days} school days"),
            (None, None) => "absent, days not given".to_owned(),
        },
        Statement::Inspection { finding, seen } => {
            let how = if *seen { "saw" } else { "was told" };
            let what = match finding {
                InspectionFinding::InSchool | InspectionFinding::InSchoolMisreported => "in school",
                InspectionFinding::Out | InspectionFinding::OutMissed => "out of school",
                InspectionFinding::Unclear => "something unclear",
            };
            format!("{how}: {what}")
        }
        Statement::TipOff => "a tip-off".to_owned(),
        Statement::Certificate(_) => "certificate of study elsewhere".to_owned(),
        Statement::Leave(row) => {
            let kind = match row.kind {
                LeaveKind::Suspension => "suspension",
                LeaveKind::SickLeave => "sick leave",
            };
            format!("{kind}{}", period_en(row.period))
        }
        Statement::Deferral(row) => format!("deferral or exemption{}", period_en(row.period)),
        Statement::Departure(departure) => departure_en(*departure).to_owned(),
        Statement::Poverty { .. } => "in the poverty register".to_owned(),
        Statement::Disability { .. } => "in the disability register".to_owned(),
        Statement::Aid(paid) => format!("received aid: {}", paid.aid.en()),
        Statement::HomeVisit(visit) => match visit.periods {
            Some(1) => "taught at home, 1 lesson".to_owned(),
            Some(periods) => format!("taught at home, {periods} lessons"),
            None => "taught at home".to_owned(),
        },
        Statement::HomePlan(plan) => match plan.per_month {
            Some(visits) => format!("home teaching planned, visits a month: {visits}"),
            None => "home teaching evaluated".to_owned(),
        },
    }
}

const fn enrolment_en(row: &Enrolment) -> &'static str {
    match (row.status, row.mode) {
        (EnrolmentStatus::Attending, Some(StudyMode::HomeTeaching)) => "taught at home",
        (EnrolmentStatus::Attending, _) => "on the roll",
        (EnrolmentStatus::Suspended, _) => "suspended",
        (EnrolmentStatus::TransferredOut, _) => "transferred out",
        (EnrolmentStatus::Graduated, _) => "graduated",
        (EnrolmentStatus::Dead, _) => "dead",
        (EnrolmentStatus::Abroad, _) => "abroad",
        (EnrolmentStatus::Left, _) => "left otherwise",
        (EnrolmentStatus::DroppedOut, _) => "dropped out",
        (EnrolmentStatus::Missing, _) => "whereabouts unknown",
        (EnrolmentStatus::Unclear, _) => "state not understood",
    }
}

const fn departure_en(departure: Departure) -> &'static str {
    match departure {
        Departure::Dead { .. } => "record of death",
        Departure::Emigrated { .. } => "settled abroad",
        Departure::MovedOut { .. } => "registration moved away",
        Departure::Cancelled { .. } => "registration cancelled",
        Departure::Missing { .. } => "missing",
    }
}

fn period_en(period: Option<(NaiveDate, NaiveDate)>) -> String {
    period.map_or_else(String::new, |(from, to)| format!(", {from} to {to}"))
}

const fn finding_en(finding: &SurveyFinding) -> &'static str {
    match finding {
        SurveyFinding::InSchool { .. } => "in school",
        SurveyFinding::InSchoolElsewhere { .. } => "in a named school elsewhere",
        SurveyFinding::ElsewhereUnnamed => "in school elsewhere, not named",
        SurveyFinding::NotYetOfAge => "not yet of age",
        SurveyFinding::Graduated => "finished junior school",
        SurveyFinding::Out { cause: Some(Cause::Offence) } => "other arrangement",
        SurveyFinding::Out { .. } => "out of school",
        SurveyFinding::NeverEnrolled => "never in school",
        SurveyFinding::Returned => "was out, is back",
        SurveyFinding::Suspended => "suspended",
        SurveyFinding::SuspensionLapsed => "suspension over, not back",
        SurveyFinding::Ill => "ill at home or in hospital",
        SurveyFinding::DisabledAtHome => "disabled, at home",
        SurveyFinding::Deferred => "deferred or exempted",
        SurveyFinding::HomeTeaching => "taught at home",
        SurveyFinding::Transferred => "changed school",
        SurveyFinding::Away => "away, no school mentioned",
        SurveyFinding::Unreachable => "could not be reached",
        SurveyFinding::NoSuchPerson => "no such person",
        SurveyFinding::RegisteredTwice => "registered twice",
        SurveyFinding::MovedAway => "moved away",
        SurveyFinding::Abroad => "abroad",
        SurveyFinding::Dead => "dead",
        SurveyFinding::Silent => "nothing said",
        SurveyFinding::Unclear => "words not understood",
    }
}
