//! Recording what happens to a letter: signatures, scans, that it counts no more.

use baoxue_act::{
    Directory, Moment,
    letter::{Letter, LetterEvent, LetterScan, may_record},
};
use baoxue_store::{NewLetterScan, NewStreamEvent, Store};
use sm3::{Digest, Sm3};

use super::LetterError;
use crate::{
    cases::CaseClock,
    hex::hex,
    papers::{FileError, Upload, new_code},
};

/// Who records, and with what.
#[derive(Clone, Copy, Debug)]
pub struct Recorder<'a> {
    /// The store.
    pub store: &'a Store,
    /// Who sits where.
    pub directory: &'a Directory,
    /// The moment of cases.
    pub now: Moment,
    /// Whoever records.
    pub by: &'a str,
}

impl Recorder<'_> {
    fn event(&self, what: &LetterEvent) -> Result<NewStreamEvent, LetterError> {
        let body = serde_json::to_string(what)?;
        Ok(NewStreamEvent { at: CaseClock::stored(self.now), by: self.by.to_owned(), body })
    }
}

/// Records events of a letter, in their order, all or none.
///
/// # Errors
/// [`LetterError::Refused`] when the facts do not let one happen; [`baoxue_store::StoreError::Moved`] when somebody else
/// recorded something meanwhile.
pub async fn record(
    of: Recorder<'_>,
    letter: &Letter,
    events: Vec<LetterEvent>,
) -> Result<(), LetterError> {
    record_all(of, vec![(letter, events)]).await
}

/// Records events of several letters, all or none.
///
/// # Errors
/// As [`record`].
pub async fn record_all(
    of: Recorder<'_>,
    letters: Vec<(&Letter, Vec<LetterEvent>)>,
) -> Result<(), LetterError> {
    let mut new = Vec::new();
    for (letter, events) in letters {
        let mut letter = letter.clone();
        for what in events {
            may_record(&letter, &what, of.directory, of.now.date())
                .map_err(LetterError::Refused)?;
            new.push(((letter.id, letter.n_events), of.event(&what)?));
            letter.apply(what, of.by.to_owned());
        }
    }
    Ok(of.store.append_letter_events(&new).await?)
}

/// Keeps a scan of a letter.
///
/// # Errors
/// As [`record`].
pub async fn put_scan(
    of: Recorder<'_>,
    letter: &Letter,
    upload: Upload,
) -> Result<(), LetterError> {
    let code = || new_code().map_err(|_| FileError::Random);
    let key = code()? + &code()?;
    let hash: [u8; 32] = Sm3::digest(&upload.bytes).into();
    let media = upload.media.to_owned();
    let scan = LetterScan { key: key.clone(), media: media.clone(), hash: hex(&hash) };
    let what = LetterEvent::Scanned(scan);
    may_record(letter, &what, of.directory, of.now.date()).map_err(LetterError::Refused)?;
    let new = NewLetterScan {
        of: (letter.id, letter.n_events),
        key,
        media,
        hash,
        bytes: upload.bytes,
        event: of.event(&what)?,
    };
    Ok(of.store.attach_letter_scan(&new).await?)
}
