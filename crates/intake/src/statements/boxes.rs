//! Columns that ask yes or no, and what stands there: a tick, the column's own words, or a sentence of its own.

use baoxue_claim::SurveyFinding;

use super::yes_no;
use crate::{
    Field,
    line::Line,
    text::{fold, has, words},
    words::{cause, speaks_of_schooling},
};

/// What 是否在校 and 是否辍学 say together.
#[derive(Debug)]
pub(super) struct Boxes {
    /// Silent where neither says whether the child is at school.
    pub(super) finding: SurveyFinding,
    /// The column whose words are not understood, or contradict the other's.
    pub(super) unclear: Option<Field>,
}

/// Reads both columns.
pub(super) fn read(line: &Line<'_>) -> Boxes {
    let inside = line.get(Field::InSchool).map_or(SurveyFinding::Silent, |c| in_school(line, c));
    let outside = line.get(Field::OutOfSchool).map_or(SurveyFinding::Silent, |c| out(line, c));
    let (finding, field) = match (inside, outside) {
        (finding, SurveyFinding::Silent) => (finding, Field::InSchool),
        (SurveyFinding::Silent, finding) => (finding, Field::OutOfSchool),
        (inside, outside) if is_in(&inside) && is_out(&outside) => {
            (SurveyFinding::Unclear, Field::OutOfSchool)
        }
        (inside, outside) if is_out(&inside) && is_in(&outside) => {
            (SurveyFinding::Unclear, Field::InSchool)
        }
        // 否 under 是否在校 with 是,外出务工 under 是否辍学: what says more.
        (SurveyFinding::Out { cause: None }, outside) => (outside, Field::OutOfSchool),
        (SurveyFinding::InSchool { school: None, grade: None }, outside) => {
            (outside, Field::OutOfSchool)
        }
        (inside, _) => (inside, Field::InSchool),
    };
    let unclear = (finding == SurveyFinding::Unclear).then_some(field);
    Boxes { finding, unclear }
}

/// A cell under 是否在校. 在家, 在外打工 and 在籍不在校 begin like a yes and are none.
fn in_school(line: &Line<'_>, cell: &str) -> SurveyFinding {
    const OWN: &str = "在校生 在校 在读 就读 在学 上学 就学 入学 读书";
    let no = |text: &str| SurveyFinding::Out { cause: reason(line, text) };
    let yes = || SurveyFinding::InSchool { school: None, grade: None };
    let text = fold(cell);
    match (ticked(&text, OWN), text.as_ref()) {
        (Some(true), _) | (None, "在") => return yes(),
        (Some(false), _) | (None, "不在") => return no(""),
        (None, _) => {}
    }
    let Some((yes_or_no, rest)) = divided(&text, OWN) else { return line.finding(&text) };
    match (yes_or_no, line.finding(rest)) {
        (true, said) if is_out(&said) => SurveyFinding::Unclear,
        (true, SurveyFinding::Unclear) if speaks_of_schooling(rest) => SurveyFinding::Unclear,
        (true, SurveyFinding::Unclear | SurveyFinding::Silent) => yes(),
        (false, SurveyFinding::InSchool { .. } | SurveyFinding::Returned) => SurveyFinding::Unclear,
        (false, SurveyFinding::Unclear) if cause(rest).is_none() && is_open(rest) => {
            SurveyFinding::Unclear
        }
        (false, SurveyFinding::Unclear | SurveyFinding::Silent) => no(rest),
        (true | false, said) => said,
    }
}

/// A cell under 是否辍学. That somebody is no dropout does not say that it is in school; a yes under 是否疑似辍学 says no
/// more than that somebody suspects it.
fn out(line: &Line<'_>, cell: &str) -> SurveyFinding {
    const OWN: &str = "辍学 失学 情况 现象 学生";
    let suspects = line.facts.columns.header(line.cells, Field::OutOfSchool).contains('疑');
    let yes = |text: &str| {
        if suspects {
            return SurveyFinding::Unclear;
        }
        SurveyFinding::Out { cause: reason(line, text) }
    };
    let text = fold(cell);
    match ticked(&text, OWN) {
        Some(true) => return yes(""),
        Some(false) => return SurveyFinding::Silent,
        None => {}
    }
    let Some((yes_or_no, rest)) = divided(&text, OWN) else { return line.finding(&text) };
    match (yes_or_no, line.finding(rest)) {
        (true, SurveyFinding::InSchool { .. } | SurveyFinding::InSchoolElsewhere { .. }) => {
            SurveyFinding::Unclear
        }
        (true, SurveyFinding::Unclear | SurveyFinding::Silent) => yes(rest),
        (true, said) if is_out(&said) && suspects => SurveyFinding::Unclear,
        (false, said) if is_out(&said) => SurveyFinding::Unclear,
        (false, SurveyFinding::Unclear) if !speaks_of_schooling(rest) => SurveyFinding::Silent,
        (true | false, said) => said,
    }
}

/// A yes or no with the column's own words around it or in its stead: 已辍学, 不在校, 在读.
fn ticked(text: &str, own: &str) -> Option<bool> {
    let rest = words(own).fold(text.to_owned(), |rest, word| rest.replacen(word, "", 1));
    if rest.is_empty() && !text.is_empty() {
        return Some(true);
    }
    yes_no(&rest)
}

/// A yes or no and what is said behind it: 否,外出务工.
fn divided<'t>(text: &'t str, own: &str) -> Option<(bool, &'t str)> {
    let at = text.find([',', ';', ':', '。', '(', '/', '、'])?;
    let yes_or_no = ticked(&text[..at], own)?;
    let rest = text[at..].trim_matches(|c: char| ",;:。()/、".contains(c));
    Some((yes_or_no, rest))
}

/// Not yet looked into.
fn is_open(text: &str) -> bool {
    speaks_of_schooling(text) || has(text, "核 查 不详 不清 不明 未知 待")
}

fn reason(line: &Line<'_>, rest: &str) -> Option<baoxue_claim::Cause> {
    line.get(Field::Reason).and_then(cause).or_else(|| cause(rest))
}

/// Says that the child is at a school.
pub(super) fn is_in(finding: &SurveyFinding) -> bool {
    matches!(
        finding,
        SurveyFinding::InSchool { .. }
            | SurveyFinding::InSchoolElsewhere { .. }
            | SurveyFinding::ElsewhereUnnamed
            | SurveyFinding::Returned
    )
}

/// Says that it is at none.
pub(super) fn is_out(finding: &SurveyFinding) -> bool {
    matches!(
        finding,
        SurveyFinding::Out { .. } | SurveyFinding::NeverEnrolled | SurveyFinding::SuspensionLapsed
    )
}
