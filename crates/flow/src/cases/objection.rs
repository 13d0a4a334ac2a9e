//! A guardian's objection by the code on the paper: without an account, and without the paper telling whose it is.

use baoxue_act::{Moment, Rules, What};
use baoxue_store::Store;

use super::{CaseBook, CaseError, Recorded, record};
use crate::papers::paper_of_code;

/// Records that the guardian objects, in the case of the paper with that code. Clocks stand still until it is answered.
/// `None` when no paper has the code.
///
/// # Errors
/// [`CaseError::Refused`] when an objection waits for its answer already, the case is over, or there are no words.
pub async fn object_by_code(
    store: &Store,
    (book, rules): (&CaseBook, &Rules),
    (code, words): (&str, &str),
    now: Moment,
) -> Result<Option<Recorded>, CaseError> {
    let Some((case, paper)) = paper_of_code(store, code).await? else { return Ok(None) };
    let Some(paper) = book.get(case).and_then(|file| file.case.paper(paper)) else {
        return Ok(None);
    };
    // Nobody has proved who wrote it: the paper is all that is known.
    let by = format!("监护人（文书{}）", paper.issued.what.number);
    let what = What::Objected { words: words.to_owned() };
    record(store, book, rules, (case, &by, what), now).await.map(Some)
}
