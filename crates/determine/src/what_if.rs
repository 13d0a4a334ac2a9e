//! What a changed rule or threshold would do before it applies: who would move from where to where.

use baoxue_claim::{ChildId, VerdictCode};
use serde::{Deserialize, Serialize};

use crate::{Child, Files, Pack, Settings, determine};

/// Rules with the county's settings.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'r> {
    /// The rules.
    pub pack: &'r Pack,
    /// The settings.
    pub settings: &'r Settings,
}

/// A child whose status would be another, or whose status would stand on another rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The child.
    pub child: ChildId,
    /// Its status by the rules in force.
    pub from: VerdictCode,
    /// Its status by the changed rules.
    pub to: VerdictCode,
    /// The rule in force that decides.
    pub from_rule: String,
    /// The changed rule that would.
    pub to_rule: String,
}

/// Every child that would move, in the order given. Nothing is kept. Which rows newer registers replace stays as
/// [`mark_superseded`](crate::mark_superseded) found it in `children`.
pub fn what_if(
    children: &[Child<'_>],
    files: &Files,
    now: Rules<'_>,
    then: Rules<'_>,
) -> Vec<Move> {
    let before = determine(children, files, now.pack, now.settings);
    let after = determine(children, files, then.pack, then.settings);
    let pairs = before.into_iter().zip(after).map(|(was, is)| (was.verdict, is.verdict));
    pairs
        .filter(|(was, is)| was.code != is.code || was.ground.rule != is.ground.rule)
        .map(|(was, is)| Move {
            child: was.child,
            from: was.code,
            to: is.code,
            from_rule: was.ground.rule.clone(),
            to_rule: is.ground.rule.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use baoxue_claim::{
        Absence, BatchId, Claim, Origin, Person, Record, RecordId, Source, Statement,
    };
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn a_lower_threshold_moves_exactly_the_children_between_old_and_new() {
        let day = |m, d| NaiveDate::from_ymd_opt(2019, m, d).unwrap();
        let absent = |at: u32, days| Record {
            id: RecordId::new(BatchId(1), at),
            origin: Origin { file: "a.csv".into(), sheet: "".into(), row: at + 2 },
            source: Source::SchoolReport,
            as_of: day(6, 30),
            town: None,
            person: Person {
                birth: NaiveDate::from_ymd_opt(2008, 5, 1).map(baoxue_claim::Birth::Day),
                ..Person::default()
            },
            claims: vec![Claim {
                what: Statement::Absence(Absence {
                    until: day(6, 30),
                    since: None,
                    days: Some(days),
                    school_days: None,
                    persuasions: None,
                    returned: false,
                    returned_on: None,
                    no_show: false,
                    school: None,
                    cause: None,
                }),
                on: day(6, 30),
                words: None,
            }],
            doubts: Vec::new(),
            review_only: None,
        };
        let records: Vec<Record> =
            [12, 21, 40].into_iter().zip(0..).map(|(days, at)| absent(at, days)).collect();
        let children: Vec<Child<'_>> =
            (1..).zip(&records).map(|(id, r)| Child::new(ChildId(id), vec![r])).collect();
        let pack = Pack::builtin();
        let now = Settings::new(day(7, 5));
        let mut then = now.clone();
        then.thresholds.dropout_days = 20;
        let moves = what_if(
            &children,
            &Files::default(),
            Rules { pack: &pack, settings: &now },
            Rules { pack: &pack, settings: &then },
        );
        let told: Vec<_> = moves.iter().map(|m| (m.child.0, m.from, m.to)).collect();
        assert_eq!(told, [(2, VerdictCode::Suspected, VerdictCode::Dropout)]);
    }
}
