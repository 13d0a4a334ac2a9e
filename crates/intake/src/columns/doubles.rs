//! Columns with the same heading: whose they are, and when a row holds two children side by side.

use super::{Draft, Evidence, by_header};
use crate::{
    Field, Recognised,
    synonyms::{self, Sure, bare},
    values::Looks,
};

/// Meanings that several columns of a sheet may have.
const MANY: [Field; 7] = [
    Field::Phone,
    Field::Remark,
    Field::Serial,
    Field::Official,
    Field::Cadre,
    Field::Unused,
    Field::Kind,
];

/// What is there once for every child: doubled behind a second name, it is of a second child.
pub(crate) const ONE_EACH: [Field; 7] = [
    Field::Serial,
    Field::Id,
    Field::Sex,
    Field::Birth,
    Field::Status,
    Field::Grade,
    Field::School,
];

/// A second 身份证号 or 电话 behind a guardian's column is the guardian's, unless its numbers are of children; a second
/// 就读情况 under the same words is a second word about the child; other doubles are left out.
pub(super) fn settle(drafts: &mut [Draft], answered: &[bool], evidence: &Evidence<'_>) {
    for (at, is_answered) in answered.iter().enumerate() {
        let Some(field) = drafts[at].field.filter(|_| !is_answered) else { continue };
        let Some(earlier) = drafts[..at].iter().find(|draft| draft.field == Some(field)) else {
            continue;
        };
        if field == Field::Status && bare(&earlier.label) == bare(&drafts[at].label) {
            continue;
        }
        let owner = drafts[..at].iter().rev().find_map(|draft| owned(draft.field?, field));
        let free = owner.filter(|own| !drafts.iter().any(|draft| draft.field == Some(*own)));
        if let Some(own) = free.filter(|_| field != Field::Id || !of_children(evidence, at)) {
            drafts[at].field = Some(own);
            drafts[at].sure = Sure::Composed;
        } else if !MANY.contains(&field) {
            drafts[at].field = None;
            drafts[at].by = Recognised::Guess;
        }
    }
}

/// The meaning of a bare attribute behind a person's column.
fn owned(person: Field, attribute: Field) -> Option<Field> {
    match (person, attribute) {
        (Field::Father, Field::Id) => Some(Field::FatherId),
        (Field::Father, Field::Phone) => Some(Field::FatherPhone),
        (Field::Mother, Field::Id) => Some(Field::MotherId),
        (Field::Mother, Field::Phone) => Some(Field::MotherPhone),
        (Field::Head, Field::Id) => Some(Field::HeadId),
        (Field::Guardian, Field::Id) => Some(Field::GuardianId),
        (Field::Guardian2, Field::Id) => Some(Field::Guardian2Id),
        (Field::Guardian2, Field::Phone) => Some(Field::Guardian2Phone),
        (Field::Guardian2, Field::GuardianRelation) => Some(Field::Guardian2Relation),
        _ => None,
    }
}

/// Whether the numbers of the column are of children.
fn of_children(evidence: &Evidence<'_>, at: usize) -> bool {
    evidence.looks.get(at).is_some_and(|looks| looks.born_after(evidence.child_from) > 0.5)
}

/// The name column of a second child, where the table goes on beside itself: a second name with columns behind it that
/// were there before the name. The numbers of adults behind it make it a guardian's.
pub(super) fn second_child(
    drafts: &[Draft],
    answered: &[bool],
    evidence: &Evidence<'_>,
) -> Option<usize> {
    let meanings: Vec<Option<Field>> =
        by_header(evidence.header).iter().map(|word| word.map(|(field, _)| field)).collect();
    let is_name = |at: &usize| meanings[*at] == Some(Field::Name);
    let first = (0..meanings.len()).find(is_name)?;
    let second = (first + 1..meanings.len()).find(is_name)?;
    // Answered as a name it is still a second child; answered as anything else it is that.
    let open = drafts[second].field.is_none() && !answered[second];
    if !(open || drafts[second].field == Some(Field::Name)) {
        return None;
    }
    let again = |at: &usize| {
        meanings[*at].is_some_and(|field| {
            ONE_EACH.contains(&field) && meanings[..second].contains(&Some(field))
        })
    };
    let mut repeated = (second + 1..meanings.len()).filter(again).peekable();
    repeated.peek()?;
    let adults = repeated.any(|at| {
        meanings[at] == Some(Field::Id)
            && evidence.looks.get(at).is_some_and(Looks::has_births)
            && !of_children(evidence, at)
    });
    (!adults).then_some(second)
}

/// What is asked about a column whose heading stood before.
pub(super) fn why(drafts: &[Draft], at: usize, evidence: &Evidence<'_>) -> Option<&'static str> {
    if drafts[at].by == Recognised::Answer {
        return None;
    }
    if drafts[at].field == Some(Field::Status) {
        let before = drafts[..at].iter().any(|draft| draft.field == Some(Field::Status));
        return before.then_some("表头重复：两列都按就读情况读取，说法不一的按两种说法并列");
    }
    let (field, _) = synonyms::meaning(&drafts[at].label).filter(|_| drafts[at].field.is_none())?;
    if second_child(drafts, &vec![false; drafts.len()], evidence) == Some(at) {
        return Some(
            "左右并排的两栏表头不一致，不能确定这是另一名学生还是监护人：是监护人的请填 guardian，不使用的请填 unused；是另一名学生的，请把两栏表头改成完全相同，或改为一人一行后重新提交",
        );
    }
    if field == Field::Id && of_children(evidence, at) {
        return Some(
            "表头重复：这一列多是未成年人的身份证号，不像监护人的；已采用前面的同名列，这一列未使用",
        );
    }
    matches!(field, Field::Name | Field::Id | Field::Birth | Field::Status)
        .then_some("表头重复：已采用前面的同名列，这一列未使用")
}
