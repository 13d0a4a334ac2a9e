//! The public side: a tip-off is taken, and its answer is read by a code.

use baoxue_act::TipSettings;
use baoxue_store::{NewTip, Store, StoreError, TipLimit, TipTaken};
use chrono::{DateTime, TimeDelta, Utc};

use super::{TipBook, TipError, TipEvent, TipOutcome, TipState, TipText, folded};
use crate::FlowError;

/// Longest line, in characters.
const LINE: usize = 80;
/// Longest telling, in characters.
const WORDS: usize = 2_000;
/// The same words within so many days are one tip.
const SAME: TimeDelta = TimeDelta::days(30);
/// Signs of a code that are not taken for one another. A code has sixty bits.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
const CODE: usize = 12;
/// Whoever leaves nothing of himself is not told apart from others: where a tip came from is not kept.
const ANONYMOUS: &str = "anonymous";

/// A tip-off as the page sends it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TipForm {
    /// What is told.
    pub text: TipText,
    /// How to reach the sender; may be empty.
    pub contact: String,
}

impl std::fmt::Debug for TipForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TipForm")
    }
}

impl TipForm {
    /// Whether it can be taken.
    ///
    /// # Errors
    /// [`TipError::Wordless`] without what is seen and where, [`TipError::Long`].
    pub fn check(&self) -> Result<(), TipError> {
        let text = &self.text;
        let lines = [&text.child, &text.place, &text.school, &text.since, &self.contact];
        let is_long = |text: &str, most: usize| text.chars().count() > most;
        if is_long(&text.what, WORDS) || lines.iter().any(|line| is_long(line, LINE)) {
            return Err(TipError::Long);
        }
        // Signs alone tell nothing.
        if folded(&text.what).is_empty() || folded(&text.place).is_empty() {
            return Err(TipError::Wordless);
        }
        Ok(())
    }
}

/// That a tip-off was taken.
#[derive(Clone, PartialEq, Eq)]
pub struct TipReceipt {
    /// The code by which the sender asks for the answer, as it is shown once.
    pub code: String,
}

impl std::fmt::Debug for TipReceipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TipReceipt")
    }
}

/// What the sender of a tip-off reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TipAnswer {
    /// When it came.
    pub received: DateTime<Utc>,
    /// Where it stands, as far as a sender is told.
    pub state: TipState,
    /// The answer: what came of it, words, when.
    pub answer: Option<(TipOutcome, String, DateTime<Utc>)>,
}

/// Takes a tip-off.
///
/// # Errors
/// [`TipError::Wordless`] without what is seen and where, [`TipError::Long`], and [`TipError::Full`] when the county took as
/// many within an hour as it may.
pub async fn take(
    store: &Store,
    form: &TipForm,
    limits: TipSettings,
    now: DateTime<Utc>,
) -> Result<TipReceipt, TipError> {
    form.check()?;
    let text = trimmed(&form.text);
    let contact = form.contact.trim();
    let code = new_code()?;
    let parts = [&text.child, &text.place, &text.school, &text.what];
    let tip = NewTip {
        sameness: parts.map(|part| folded(part)).join("|"),
        code: code.clone(),
        channel: channel(contact),
        informer: (!contact.is_empty()).then(|| contact.to_owned()),
        body: serde_json::to_string(&TipEvent::Received(text))?,
        at: now,
    };
    let limit = TipLimit {
        since: now - TimeDelta::hours(1),
        most: limits.per_hour,
        same_since: now - SAME,
    };
    match store.take_tip(&tip, limit).await? {
        TipTaken::New(_) | TipTaken::Again(_) => {
            store.settle().await?;
            Ok(TipReceipt { code: shown(&code) })
        }
        TipTaken::Full => Err(TipError::Full),
    }
}

/// What a sender may read by a code; `None` when there is no such code.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn answer_of_code(store: &Store, code: &str) -> Result<Option<TipAnswer>, FlowError> {
    let code = folded(code);
    if code.len() != CODE {
        return Ok(None);
    }
    let Some((id, received)) = store.tip_of_code(&code).await? else { return Ok(None) };
    let book = TipBook::load(store).await?;
    let Some(tip) = book.get(id) else { return Ok(None) };
    // That a tip is taken for harassment is for the office alone.
    let state = match tip.state() {
        TipState::New | TipState::Harassing => TipState::New,
        other @ (TipState::Again | TipState::Verifying | TipState::Answered) => other,
    };
    let answer = tip.answered.as_ref();
    let answer = answer.map(|answer| (answer.outcome, answer.words.clone(), answer.at));
    Ok(Some(TipAnswer { received, state, answer }))
}

fn trimmed(text: &TipText) -> TipText {
    let own = |text: &String| text.trim().to_owned();
    TipText {
        child: own(&text.child),
        place: own(&text.place),
        school: own(&text.school),
        what: own(&text.what),
        since: own(&text.since),
    }
}

/// By what tips of one sender are known: the digits of a telephone number, however they are grouped, or the words.
fn channel(contact: &str) -> String {
    let digits: String = contact.chars().filter(char::is_ascii_digit).collect();
    if digits.len() >= 7 {
        return digits;
    }
    let words = folded(contact);
    if words.is_empty() { ANONYMOUS.to_owned() } else { words }
}

fn new_code() -> Result<String, TipError> {
    let mut bytes = [0; CODE];
    getrandom::fill(&mut bytes).map_err(|_| StoreError::from(baoxue_store::KeyError::Random))?;
    Ok(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
}

/// A code in groups of four.
fn shown(code: &str) -> String {
    let parts: Vec<&str> = [0..4, 4..8, 8..CODE].into_iter().filter_map(|r| code.get(r)).collect();
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_known_by_its_number_and_nobody_else_is() {
        assert_eq!(channel("139 0915-7766"), channel("电话13909157766"));
        assert_eq!(channel(" 李 大姐 "), channel("李大姐。"));
        assert_ne!(channel("李大姐"), channel(""));
        assert_eq!(channel(""), channel("——"));
    }

    #[test]
    fn a_code_is_long_and_read_as_people_type_it() {
        let code = new_code().unwrap();
        assert_eq!(code.len(), CODE);
        assert_eq!(folded(&shown(&code).to_uppercase().replace('-', " ")), code);
    }
}
