//! A guardian's objection by the code on the paper: without an account, and without the paper telling whose it is.

use baoxue_act::{CaseId, Moment, Rules, What};
use baoxue_store::Store;

use super::{CaseBook, CaseError, Recorded, record};
use crate::FlowError;

/// A paper that was issued in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedPaper {
    /// The case.
    pub case: CaseId,
    /// Its document number (文号).
    pub number: String,
}

/// Finds the paper of a code as it is printed on it.
pub trait PaperLookup {
    /// The paper; `None` when no paper has that code.
    ///
    /// # Errors
    /// [`FlowError`] when the store refuses.
    fn paper_of_code(
        &self,
        store: &Store,
        code: &str,
    ) -> impl Future<Output = Result<Option<IssuedPaper>, FlowError>>;
}

/// Records that the guardian objects, in the case of the paper with that code. Clocks stand still until it is answered.
/// `None` when no paper has the code.
///
/// # Errors
/// [`CaseError::Refused`] when an objection waits for its answer already, the case is over, or there are no words.
pub async fn object_by_code(
    store: &Store,
    papers: &impl PaperLookup,
    (book, rules): (&CaseBook, &Rules),
    (code, words): (&str, &str),
    now: Moment,
) -> Result<Option<Recorded>, CaseError> {
    let Some(paper) = papers.paper_of_code(store, code).await? else { return Ok(None) };
    // Nobody has proved who wrote it: the paper is all that is known.
    let by = format!("监护人（文书{}）", paper.number);
    let what = What::Objected { words: words.to_owned() };
    record(store, book, rules, (paper.case, &by, what), now).await.map(Some)
}
