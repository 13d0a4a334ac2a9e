//! Signs of abuse (§4.2 of the rule set): papers and gaps that somebody should look at. They decide nothing by themselves.

mod issuer;

use std::collections::BTreeMap;

use baoxue_claim::{
    Cause, ChildId, Claim, ClaimId, DeferralKind, Departure, EnrolmentStatus, Grade,
    InspectionFinding, LeaveKind, Private, Record, Statement, TownCode,
};
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{Child, Determined, Files, Settings, facts, sitting::files_with_rows};

/// What is odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// An approval signed after an inspection found the child out of school, for days before that.
    SignedAfterInspection,
    /// The diagnosis is of a hospital below the county level.
    LowHospital,
    /// A certificate of a school whose roll does not hold the child.
    NotOnRoll,
    /// Exempted for reasons of the body, and said to work.
    ExemptAtWork,
    /// A lawful ground is over, and nobody has said anything of the child since.
    EndedUnnoticed,
    /// Missing by the police, not looked for again in time.
    RecheckDue,
    /// An approval for longer than one may last.
    TooLong,
    /// Struck off the roll by the school, which no school of compulsory education may do.
    StruckOff,
    /// Many papers of one kind in one village.
    Cluster,
    /// Many diagnoses of one hospital in a short time.
    SameHospital,
    /// Many diagnoses of one doctor in a short time.
    SameDoctor,
    /// The population register gives the child two births.
    TwoBirths,
}

impl Sign {
    /// What it is called in zh-CN.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::SignedAfterInspection => "督查发现不在校之后才签批、却包括此前日期的材料",
            Self::LowHospital => "诊断出自县级以下医疗机构",
            Self::NotOnRoll => "就读证明所写学校的名册没有该生",
            Self::ExemptAtWork => "认定不具备学习条件，又有人称其务工",
            Self::EndedUnnoticed => "依据已到期，此后无人过问",
            Self::RecheckDue => "下落不明，未按期复核",
            Self::TooLong => "一次批准的期限超过最长期限",
            Self::StruckOff => "学籍为退学、停学、开除，义务教育阶段不得开除学生",
            Self::Cluster => "同一村同一种材料集中出现",
            Self::SameHospital => "同一医院短期内集中出具诊断",
            Self::SameDoctor => "同一医生短期内集中出具诊断",
            Self::TwoBirths => "户籍名册给出两个出生日期，须由公安核定",
        }
    }

    /// What it is called in English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::SignedAfterInspection => {
                "a paper signed after the inspection, for days before it"
            }
            Self::LowHospital => "a diagnosis from below the county level",
            Self::NotOnRoll => "a certificate of a school whose roll lacks the child",
            Self::ExemptAtWork => "exempted for reasons of the body, yet said to work",
            Self::EndedUnnoticed => "the ground is over and nobody has asked since",
            Self::RecheckDue => "missing, and not looked for again in time",
            Self::TooLong => "an approval for longer than one may last",
            Self::StruckOff => "struck off the roll, which compulsory schooling forbids",
            Self::Cluster => "many papers of one kind in one village",
            Self::SameHospital => "many diagnoses of one hospital in a short time",
            Self::SameDoctor => "many diagnoses of one doctor in a short time",
            Self::TwoBirths => {
                "the population register gives two births; the police must say which"
            }
        }
    }
}

/// One thing to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspicion {
    /// What is odd.
    pub sign: Sign,
    /// The children concerned, ascending; one but for clusters.
    pub children: Vec<ChildId>,
    /// The claims, ascending.
    pub claims: Vec<ClaimId>,
    /// The day from which it is odd.
    pub since: NaiveDate,
    /// The hospital, or the hospital and its doctor, where that is what is odd.
    pub issuer: Option<String>,
}

/// The signs among children that were determined, `found` in the order of `children`; by sign, then by child.
pub fn signs(
    children: &[Child<'_>],
    found: &[Determined],
    files: &Files,
    settings: &Settings,
) -> Vec<Suspicion> {
    let files = files_with_rows(children, files, settings);
    let mut all = Vec::new();
    for child in children {
        let child = Child { files: Some(&files), ..child.clone() };
        of_child(&child, settings, &mut all);
        all.extend(two_births(&child, settings));
    }
    clusters(children, found, settings, &mut all);
    issuer::clusters(children, settings, &mut all);
    all.sort_by(|a, b| (a.sign, &a.children, a.since).cmp(&(b.sign, &b.children, b.since)));
    all
}

/// A claim of a child up to the day.
type Said<'a> = (ClaimId, &'a Record, &'a Claim);

fn said<'a>(child: &Child<'a>, settings: &Settings) -> Vec<Said<'a>> {
    let all = child.records.iter().flat_map(|&record| {
        let claims = record.claims.iter().zip(0..=u8::MAX);
        claims
            .map(move |(claim, position)| (ClaimId { record: record.id, position }, record, claim))
    });
    let mut said: Vec<Said<'a>> = all.filter(|(_, _, claim)| claim.on <= settings.as_of).collect();
    said.sort_by_key(|(id, ..)| *id);
    said
}

/// An approved paper: its kind, its days and when it was signed, where the row gives a day of its own.
struct Paper {
    kind: Kind,
    from: NaiveDate,
    to: NaiveDate,
    signed: Option<NaiveDate>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Suspension,
    SickLeave,
    Deferral,
    Exemption,
}

fn paper((_, record, claim): &Said<'_>) -> Option<Paper> {
    let (kind, period, approved) = if let Statement::Leave(row) = &claim.what {
        let kind = match row.kind {
            LeaveKind::Suspension => Kind::Suspension,
            LeaveKind::SickLeave => Kind::SickLeave,
        };
        (kind, row.period, row.approved)
    } else {
        let Statement::Deferral(row) = &claim.what else { return None };
        let kind = match row.kind {
            DeferralKind::Deferral => Kind::Deferral,
            DeferralKind::Exemption => Kind::Exemption,
        };
        (kind, row.period, row.approved)
    };
    let (from, to) = period?;
    // A row without a day of its own has that of its file.
    let signed = (claim.on != record.as_of).then_some(claim.on);
    (approved == Some(true)).then_some(Paper { kind, from, to, signed })
}

fn of_child(child: &Child<'_>, settings: &Settings, all: &mut Vec<Suspicion>) {
    let said = said(child, settings);
    let mut note = |sign, claim: ClaimId, since| {
        all.push(Suspicion {
            sign,
            children: vec![child.id],
            claims: vec![claim],
            since,
            issuer: None,
        });
    };
    let out = |finding| matches!(finding, InspectionFinding::Out | InspectionFinding::OutMissed);
    let seen_out = said.iter().filter_map(|(_, _, claim)| {
        let Statement::Inspection { finding, .. } = claim.what else { return None };
        out(finding).then_some(claim.on)
    });
    let first_out = seen_out.min();
    let works = said.iter().any(|(_, _, claim)| facts::stated_cause(claim) == Some(Cause::Work));
    for item in &said {
        let (id, _, claim) = item;
        if let Statement::Certificate(row) = &claim.what
            && !facts::on_its_roll(row, child)
        {
            note(Sign::NotOnRoll, *id, claim.on);
        }
        if is_struck_off(claim) {
            note(Sign::StruckOff, *id, claim.on);
        }
        let Some(paper) = paper(item) else { continue };
        let longest = paper.from.checked_add_months(Months::new(longest(paper.kind, settings)));
        if longest.is_some_and(|end| end <= paper.to) {
            note(Sign::TooLong, *id, paper.from);
        }
        if let (Some(out), Some(signed)) = (first_out, paper.signed)
            && out < signed
            && paper.from <= out
        {
            note(Sign::SignedAfterInspection, *id, signed);
        }
        if names_low_hospital(claim, settings) {
            note(Sign::LowHospital, *id, claim.on);
        }
        if works && paper.kind == Kind::Exemption && paper.to >= settings.as_of {
            note(Sign::ExemptAtWork, *id, claim.on);
        }
    }
    if let Some((id, ended)) = ended_unnoticed(&said, settings) {
        note(Sign::EndedUnnoticed, id, ended);
    }
    if let Some((id, due)) = recheck_due(&said, settings) {
        note(Sign::RecheckDue, id, due);
    }
}

/// Two births of the child in the population register.
fn two_births(child: &Child<'_>, settings: &Settings) -> Option<Suspicion> {
    let births = facts::two_births(child, settings);
    let since = births.iter().map(|(_, day)| *day).max()?;
    let claims = births.iter().map(|(claim, _)| *claim).collect();
    let children = vec![child.id];
    Some(Suspicion { sign: Sign::TwoBirths, children, claims, since, issuer: None })
}

/// For how many months one approval of the kind may last.
const fn longest(kind: Kind, settings: &Settings) -> u32 {
    match kind {
        Kind::Suspension => settings.papers.suspension_months,
        Kind::SickLeave => settings.papers.sick_leave_months,
        Kind::Deferral => settings.papers.deferral_months,
        Kind::Exemption => settings.papers.exemption_months,
    }
}

/// Whether a row of grades 1 to 9 is that of a pupil whom the school expelled or let go (退学, 停学, 开除).
fn is_struck_off(claim: &Claim) -> bool {
    let Statement::Enrolment(row) = &claim.what else { return false };
    let words = claim.words.as_ref().map(Private::expose).unwrap_or_default();
    let said = ["退学", "停学", "开除", "除名"].iter().any(|word| words.contains(word));
    row.status == EnrolmentStatus::Left
        && row.grade.is_none_or(|grade| grade <= Grade::LAST)
        && said
}

fn names_low_hospital(claim: &Claim, settings: &Settings) -> bool {
    let words = claim.words.as_ref().map(Private::expose).unwrap_or_default();
    settings.abuse.low_hospitals.iter().any(|word| words.contains(word.as_str()))
}

/// The last paper, when it is over and nothing was said of the child since.
fn ended_unnoticed(said: &[Said<'_>], settings: &Settings) -> Option<(ClaimId, NaiveDate)> {
    let papers = said.iter().filter_map(|item| Some((item.0, paper(item)?.to)));
    let (id, to) = papers.max_by_key(|(_, to)| *to)?;
    let since = said.iter().any(|(_, _, claim)| claim.on > to && notices(&claim.what));
    (to < settings.as_of && !since).then_some((id, to.succ_opt()?))
}

/// Whether somebody who says this has asked where the child is: lists that are sent every year as they are have not.
fn notices(what: &Statement) -> bool {
    match what {
        Statement::Registered
        | Statement::Poverty { .. }
        | Statement::Disability { .. }
        | Statement::Aid(_)
        | Statement::HomePlan(_) => false,
        Statement::Enrolment(row) => row.status != EnrolmentStatus::Suspended,
        Statement::Survey { .. }
        | Statement::Ledger(_)
        | Statement::Absence(_)
        | Statement::Inspection { .. }
        | Statement::TipOff
        | Statement::Certificate(_)
        | Statement::Leave(_)
        | Statement::Deferral(_)
        | Statement::Departure(_)
        | Statement::HomeVisit(_) => true,
    }
}

/// The day by which a child whom the police call missing was to be looked for again.
fn recheck_due(said: &[Said<'_>], settings: &Settings) -> Option<(ClaimId, NaiveDate)> {
    let missing = said.iter().filter(|(_, _, claim)| {
        matches!(claim.what, Statement::Departure(Departure::Missing { .. }))
    });
    let (id, last) = missing.map(|(id, _, claim)| (*id, claim.on)).max_by_key(|(_, on)| *on)?;
    let due = last.checked_add_months(Months::new(settings.recheck_months))?;
    (due < settings.as_of).then_some((id, due))
}

/// Villages with many papers of one kind in force.
fn clusters(
    children: &[Child<'_>],
    found: &[Determined],
    settings: &Settings,
    all: &mut Vec<Suspicion>,
) {
    type Village<'f> = (Kind, Option<TownCode>, &'f str);
    let mut villages: BTreeMap<Village<'_>, Vec<(ChildId, ClaimId, NaiveDate)>> = BTreeMap::new();
    for (child, determined) in children.iter().zip(found) {
        let Some(village) = determined.profile.village.as_deref() else { continue };
        for item in said(child, settings) {
            let Some(paper) = paper(&item) else { continue };
            if paper.from <= settings.as_of && settings.as_of <= paper.to {
                let key = (paper.kind, determined.profile.town, village);
                villages.entry(key).or_default().push((child.id, item.0, item.2.on));
            }
        }
    }
    for papers in villages.into_values() {
        let mut children: Vec<ChildId> = papers.iter().map(|(child, ..)| *child).collect();
        children.sort_unstable();
        children.dedup();
        if children.len() < usize::try_from(settings.abuse.cluster_papers).unwrap_or(usize::MAX) {
            continue;
        }
        let mut claims: Vec<ClaimId> = papers.iter().map(|(_, claim, _)| *claim).collect();
        claims.sort_unstable();
        let since = papers.iter().map(|(.., on)| *on).max().unwrap_or(settings.as_of);
        all.push(Suspicion { sign: Sign::Cluster, children, claims, since, issuer: None });
    }
}
