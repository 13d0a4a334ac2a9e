//! Papers of cases (文书): what the program fills in, numbers, issue, and what is frozen. Forms and typesetting are
//! `baoxue-paper`'s; who may issue what, and when, is `baoxue-act`'s.

mod circular;
mod files;
mod fill;
mod folder;
mod numbers;
mod records;
mod settings;
mod sheet;
mod told;

use baoxue_act::{Draft, Moment, Noted, Paper, What};
pub use baoxue_paper::{
    Dossier, Enclosed, Field, Form, Forms, Item as DossierItem, Kind as FieldKind, PaperError,
    Press, Setup as PressSetup, Sheet,
};
use baoxue_store::{NewPaper, Series, Store, StoreError};
use chrono::Datelike;
use sm3::{Digest, Sm3};

use crate::{
    County,
    cases::{CaseBook, CaseClock, CaseError, CaseFile, prepared},
    hex::hex,
};

pub use circular::{Circular, circular};
pub use files::{FileError, Upload, attach, clean, serve};
pub(crate) use files::{filed, has_room};
pub use fill::{Subject, form_of};
pub use folder::{Besides, Numbers, folder, is_sealed, is_sealed_file};
pub use numbers::{holds_number, without_numbers};
pub use records::{HouseholdMember, OfChild, child_aid, household_plan, service_slip};
pub use settings::{Issuer, PaperSettings};
pub use sheet::{Frozen, fields_of, lacking, sheet};
pub use told::told;

/// How often a paper is printed anew because another took its number meanwhile.
const TRIES: usize = 5;

/// Letters of a code: none that is taken for another when it is read aloud or copied by hand.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Length of a code: 60 bits cannot be guessed over a line that counts tries.
const CODE_LETTERS: usize = 12;

/// Why a paper was not issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The case does not let it happen, or the store refuses.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// Fields are missing, by their labels.
    #[error("the paper lacks {}", .0.join(", "))]
    Lacks(Vec<String>),
    /// It could not be printed.
    #[error(transparent)]
    Paper(#[from] PaperError),
    /// There is no randomness for a code.
    #[error("no randomness")]
    Random,
}

impl From<StoreError> for IssueError {
    fn from(error: StoreError) -> Self {
        Self::Case(error.into())
    }
}

/// What issuing needs besides the case.
#[derive(Clone, Copy, Debug)]
pub struct IssueDesk<'a> {
    /// The store.
    pub store: &'a Store,
    /// All cases.
    pub book: &'a CaseBook,
    /// The county's rules.
    pub rules: &'a baoxue_act::Rules,
    /// The county.
    pub county: &'a County,
    /// The press.
    pub press: &'a Press,
}

/// Issues a draft: gives it the next number of its issuer, prints it, and freezes it with its event, in one transaction. Gives
/// the number.
///
/// # Errors
/// [`IssueError`]; no number is used up then.
pub async fn issue(
    desk: IssueDesk<'_>,
    (file, draft): (&CaseFile, &Noted<Draft>),
    by: &str,
    now: Moment,
) -> Result<String, IssueError> {
    let issuer = Issuer::of(&draft.what.issuer, desk.county);
    let lacks = lacking(desk.press, draft, now, desk.county);
    if !lacks.is_empty() {
        return Err(IssueError::Lacks(lacks));
    }
    let series = Series { issuer: issuer.series.clone(), year: now.year() };
    for tried in 1..=TRIES {
        let number = desk.store.next_paper_number(&series).await?;
        let code = new_code()?;
        let words = document_number(desk.county, &issuer, now.year(), number);
        let form = form_of(draft.what.kind);
        let frozen = Frozen { number: &words, code: &code, now, by };
        let sheet = sheet(draft, desk.county, desk.press.forms().spec(form), &frozen);
        let press = desk.press.clone();
        let printed = tokio::task::spawn_blocking(move || press.print(form, &sheet)).await;
        let pdf = printed.map_err(|error| PaperError::Typesetter(error.to_string()))??.pdf;
        let hash: [u8; 32] = Sm3::digest(&pdf).into();
        let Draft { paper, kind, issuer: holder, until, .. } = draft.what.clone();
        let what = What::Issued(Paper {
            paper,
            kind,
            number: words.clone(),
            issuer: holder,
            on: now.date(),
            until,
            hash: hex(&hash),
            code: code.clone(),
        });
        let (appends, _) = prepared(desk.book, desk.rules, (file.case.id, by, what), now)?;
        let case = file.case.id.0;
        let at = CaseClock::stored(now);
        let series = series.clone();
        let new = NewPaper { series, number, case, paper, code, hash, pdf, at };
        match desk.store.issue_paper(&new, appends).await {
            Ok(()) => return Ok(words),
            Err(StoreError::NumberTaken) if tried < TRIES => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(StoreError::NumberTaken.into())
}

/// The document number (文号).
fn document_number(county: &County, issuer: &Issuer, year: i32, n: u32) -> String {
    let pattern = &county.papers.number;
    let words = pattern.replace("{unit}", &issuer.unit).replace("{year}", &year.to_string());
    words.replace("{n}", &n.to_string())
}

pub(crate) fn new_code() -> Result<String, IssueError> {
    let mut bytes = [0; CODE_LETTERS];
    getrandom::fill(&mut bytes).map_err(|_| IssueError::Random)?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect())
}

/// A code as somebody typed it: without spaces and dashes, in capitals; `None` when it can be none.
pub fn read_code(typed: &str) -> Option<String> {
    let code: String =
        typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let is_code = code.len() == CODE_LETTERS && code.bytes().all(|byte| LETTERS.contains(&byte));
    is_code.then_some(code)
}

/// The case of a code and the paper's number in it; `None` when no paper has it.
///
/// # Errors
/// [`StoreError`].
pub async fn paper_of_code(
    store: &Store,
    typed: &str,
) -> Result<Option<(baoxue_act::CaseId, u32)>, StoreError> {
    let Some(code) = read_code(typed) else { return Ok(None) };
    let found = store.paper_of_code(&code).await?;
    Ok(found.map(|(case, paper)| (baoxue_act::CaseId(case), paper)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_write_it() {
        let code = new_code().unwrap();
        let typed = format!(" {}-{} ", &code[..4].to_lowercase(), &code[4..]);
        assert_eq!(read_code(&typed), Some(code));
        for bad in ["", "2345", "0O1I0O1I0O1I", "2345678923456"] {
            assert_eq!(read_code(bad), None, "{bad}");
        }
    }
}
