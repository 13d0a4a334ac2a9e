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
    (code, words, official): (&str, &str, Option<&str>),
    now: Moment,
) -> Result<Option<Recorded>, CaseError> {
    let Some((case, paper)) = paper_of_code(store, code).await? else { return Ok(None) };
    let Some(file) = book.get(case) else { return Ok(None) };
    let Some(paper) = file.case.paper(paper) else { return Ok(None) };
    // Letters between offices accuse nobody, and a void paper wants nothing of anybody.
    if !paper.stands() || !paper.issued.what.kind.is_served() {
        return Ok(None);
    }
    // Nobody has proved who wrote it: the paper is all that is known, and who was signed in at the machine.
    let number = &paper.issued.what.number;
    let by = match official {
        Some(official) => format!("{official}（代监护人，文书{number}）"),
        None => format!("监护人（文书{number}）"),
    };
    // One objection for each paper stops the clocks; what is said after its answer is for the bureau to read.
    let is_answered = file.case.objections.iter().any(|objection| {
        objection.answered.is_some() && objection.raised.by.contains(number.as_str())
    });
    let what = if is_answered {
        What::Noted { words: format!("监护人再次提出异议：{words}") }
    } else {
        What::Objected { words: words.to_owned() }
    };
    record(store, book, rules, (case, &by, what), now).await.map(Some)
}
