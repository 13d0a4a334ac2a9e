//! A row of a town's list of children out of school.

use baoxue_claim::{Doubt, Ledgered, Person, Statement, SurveyFinding};

use super::{Said, count, own_day};
use crate::{Field, line::Line, words};

pub(crate) fn read(line: &Line<'_>, person: &Person) -> Said {
    let reason = line.get(Field::Reason).or(line.get(Field::Diagnosis));
    let whereabouts = line
        .get(Field::Status)
        .or(line.get(Field::Remark))
        .map_or(SurveyFinding::Silent, |cell| line.finding(cell));
    let unclear =
        matches!(whereabouts, SurveyFinding::Unclear) && line.get(Field::Status).is_some();
    let ledgered = Ledgered {
        school: line
            .get(Field::FormerSchool)
            .map(|cell| cell.trim().to_owned())
            .or_else(|| person.school.clone()),
        since: line.get(Field::AbsentFrom).map(|cell| cell.trim().to_owned()),
        cause: reason.and_then(words::stated_cause),
        whereabouts,
        persuasions: line.get(Field::Persuasions).and_then(count),
    };
    // Whereabouts stay last but for the remark: the ledgers print the last cell.
    let fields =
        [Field::AbsentFrom, Field::Persuasions, Field::Reason, Field::Status, Field::Remark];
    let (on, doubt) = own_day(line, Field::Date);
    let mut said =
        Said::one(Statement::Ledger(ledgered), on, line.words(&fields)).with_doubt(doubt);
    if unclear {
        said.doubts.push(line.doubt(Doubt::WordsUnclear, Field::Status));
    }
    said
}
