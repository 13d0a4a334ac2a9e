//! An accusation is held back while a row that may be the child's, and would clear it, waits for a person.
//!
//! Linkage shows uncertain pairs to people instead of guessing. Until they have answered, a certificate or a leave paper in
//! such a row must not count for the child, but neither may a family be accused as if it did not exist.

use std::sync::Arc;

use baoxue_claim::VerdictCode;

use crate::{Child, Ground, Settings, Verdict, pack::Rule, verdict};

/// The verdict, or "unverified" when it accuses and would not with one of the rows that wait, or with all of them.
pub(crate) fn judge(child: &Child<'_>, rules: &[&Rule], settings: &Settings) -> Verdict {
    let verdict = verdict::judge(child, rules, settings);
    if !verdict.code.accuses() {
        return verdict;
    }
    // Who it is must be found out first: it may be a child whom other lists know.
    if child.records.iter().all(|record| record.review_only.is_some()) {
        return held_back(verdict, settings);
    }
    if child.maybe.is_empty() {
        return verdict;
    }
    let clears = |more: &[&baoxue_claim::Record]| {
        let records = child.records.iter().chain(more).copied().collect();
        let with = Child { records, maybe: Vec::new(), ..child.clone() };
        !verdict::judge(&with, rules, settings).code.accuses()
    };
    let each = child.maybe.iter().any(|row| clears(&[*row]));
    if each || clears(&child.maybe) { held_back(verdict, settings) } else { verdict }
}

fn held_back(verdict: Verdict, settings: &Settings) -> Verdict {
    let said = verdict.code;
    Verdict {
        code: VerdictCode::Unverified,
        reason: "PENDING_REVIEW".to_owned(),
        ground: Arc::new(Ground {
            rule: "pending_review".to_owned(),
            version: "1".to_owned(),
            title: "有待人工核对的行，暂不认定".to_owned(),
            law: "系统约定：可能排除认定的材料未核对前，不作不利认定".to_owned(),
        }),
        conflict: None,
        expires: None,
        missing: Vec::new(),
        answer: settings.answers.of(VerdictCode::Unverified, true),
        confirmed: false,
        words_zh: format!(
            "核实中：按现有材料为“{}”，但有疑似该生的材料待人工核对，核对前不作认定。{}",
            said.zh(),
            verdict.words_zh
        ),
        words_en: format!(
            "Unverified: the evidence at hand says \"{}\", but a paper that may be this child's waits for a person. {}",
            said.en(),
            verdict.words_en
        ),
        ..verdict
    }
}

#[cfg(test)]
mod tests {
    use baoxue_claim::{
        Absence, BatchId, ChildId, Claim, Leave, LeaveKind, Origin, Person, Record, RecordId,
        Source, Statement, VerdictCode,
    };
    use chrono::NaiveDate;

    use crate::{Child, Files, Pack, Settings, determine};

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, month, day).unwrap()
    }

    fn record(ordinal: u32, source: Source, what: Statement) -> Record {
        let birth = NaiveDate::from_ymd_opt(2008, 5, 1).map(baoxue_claim::Birth::Day);
        Record {
            id: RecordId::new(BatchId(1), ordinal),
            origin: Origin { file: "a.csv".into(), sheet: "".into(), row: ordinal + 2 },
            source,
            as_of: day(7, 5),
            town: None,
            person: Person { birth, ..Person::default() },
            claims: vec![Claim { what, on: day(7, 5), words: None }],
            doubts: Vec::new(),
            review_only: None,
        }
    }

    #[test]
    fn a_paper_that_waits_for_a_person_holds_the_accusation_back_and_clears_nobody() {
        let absent = record(
            0,
            Source::SchoolReport,
            Statement::Absence(Absence {
                until: day(7, 5),
                since: Some(day(5, 1)),
                days: Some(65),
                school_days: None,
                persuasions: None,
                returned: false,
                returned_on: None,
                no_show: false,
                school: None,
                cause: None,
            }),
        );
        let leave = |approved| {
            record(
                1,
                Source::Approval,
                Statement::Leave(Leave {
                    kind: LeaveKind::SickLeave,
                    period: Some((day(5, 1), day(8, 31))),
                    approved: Some(approved),
                    approver: Some("学校批准".to_owned()),
                    school: None,
                    diagnosed: None,
                }),
            )
        };
        let (approved, refused) = (leave(true), leave(false));
        let code = |maybe: Vec<&Record>| {
            let child = Child { maybe, ..Child::new(ChildId(1), vec![&absent]) };
            determine(&[child], &Files::default(), &Pack::builtin(), &Settings::new(day(8, 25)))[0]
                .verdict
                .code
        };
        assert_eq!(code(Vec::new()), VerdictCode::Dropout);
        assert_eq!(code(vec![&approved]), VerdictCode::Unverified);
        assert_eq!(code(vec![&refused]), VerdictCode::Dropout);
    }

    #[test]
    fn whom_only_a_name_tells_of_stands_on_the_list_and_is_not_accused() {
        let finding = baoxue_claim::SurveyFinding::NeverEnrolled;
        let mut thin = record(0, Source::TownSurvey, Statement::Survey { finding });
        thin.person.birth = None;
        let found = |thin: &Record| {
            let child = Child::new(ChildId(1), vec![thin]);
            let found = determine(
                &[child],
                &Files::default(),
                &Pack::builtin(),
                &Settings::new(day(8, 25)),
            );
            (found[0].verdict.code, found[0].is_of_age())
        };
        assert_eq!(found(&thin), (VerdictCode::NeverEnrolled, true));
        thin.review_only = Some("只有姓名".to_owned());
        assert_eq!(found(&thin), (VerdictCode::Unverified, true));
    }

    #[test]
    fn absence_from_a_registry_that_has_not_come_accuses_nobody() {
        let out = baoxue_claim::SurveyFinding::Out { cause: None };
        let surveyed = record(0, Source::TownSurvey, Statement::Survey { finding: out });
        let other = record(1, Source::StudentRegistry, Statement::TipOff);
        let code = |more: Vec<&Record>| {
            let children = [Child::new(ChildId(1), vec![&surveyed]), Child::new(ChildId(2), more)];
            determine(&children, &Files::default(), &Pack::builtin(), &Settings::new(day(8, 25)))[0]
                .verdict
                .code
        };
        assert_eq!(code(Vec::new()), VerdictCode::Unverified);
        assert_eq!(code(vec![&other]), VerdictCode::NeverEnrolled);
    }
}
