//! What is kept of a letter: that it was drawn up, who signed when, scans, and that it counts no more.

use std::fmt;

use baoxue_claim::Private;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Edge, LetterYear, named_today};
use crate::{Directory, Place};

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// 甲方.
    Giver,
    /// 乙方.
    Taker,
}

/// That a letter was drawn up.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnUp {
    /// Between whom.
    pub edge: Edge,
    /// Where the taking party belonged then.
    pub place: Place,
    /// For which year.
    pub year: LetterYear,
    /// Its number as printed.
    pub number: String,
    /// Its day.
    pub on: NaiveDate,
    /// SM3 of the PDF in hex.
    pub hash: String,
    /// Who is named for the giving party; `None` where nobody was known: whoever signs is told then.
    pub giver: Option<Private>,
    /// Who is named for the taking party.
    pub taker: Option<Private>,
    /// The code on it, by which anybody can check that it is genuine; empty on a letter from before there were codes.
    #[serde(default)]
    pub code: String,
}

impl fmt::Debug for DrawnUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DrawnUp({}, {})", self.number, self.edge.layer.word())
    }
}

/// A scan that was put in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterScan {
    /// Under which word the store keeps it.
    pub key: String,
    /// Its media type.
    pub media: String,
    /// SM3 of what is kept, in hex.
    pub hash: String,
}

/// What happens to a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub enum LetterEvent {
    /// It is drawn up.
    DrawnUp(Box<DrawnUp>),
    /// A party has signed.
    Signed {
        /// Which.
        side: Side,
        /// When.
        on: NaiveDate,
        /// Who.
        name: Private,
    },
    /// A scan is there.
    Scanned(LetterScan),
    /// It counts no more.
    Withdrawn {
        /// Why.
        why: String,
    },
}

/// A signature, with who recorded it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// When it was signed.
    pub on: NaiveDate,
    /// Who signed.
    pub name: Private,
    /// Who recorded it.
    pub by: String,
}

/// A letter as its events leave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its number among all letters.
    pub id: i64,
    /// What was drawn up.
    pub drawn: DrawnUp,
    /// By whom.
    pub by: String,
    /// The signature of the giving party.
    pub giver: Option<Signature>,
    /// The signature of the taking party.
    pub taker: Option<Signature>,
    /// Scans of it.
    pub scans: Vec<LetterScan>,
    /// Why it counts no more, and who said so.
    pub withdrawn: Option<(String, String)>,
    /// How many events it has.
    pub n_events: u32,
}

impl Letter {
    /// A letter as it is drawn up.
    pub fn new(id: i64, drawn: DrawnUp, by: String) -> Self {
        let (giver, taker, scans, withdrawn) = Default::default();
        Self { id, drawn, by, giver, taker, scans, withdrawn, n_events: 1 }
    }

    /// Takes in what happened next; a second beginning is no event of a letter and changes nothing.
    pub fn apply(&mut self, what: LetterEvent, by: String) {
        self.n_events += 1;
        match what {
            LetterEvent::DrawnUp(_) => {}
            LetterEvent::Signed { side, on, name } => {
                *self.signature_mut(side) = Some(Signature { on, name, by });
            }
            LetterEvent::Scanned(scan) => self.scans.push(scan),
            LetterEvent::Withdrawn { why } => self.withdrawn = Some((why, by)),
        }
    }

    fn signature_mut(&mut self, side: Side) -> &mut Option<Signature> {
        match side {
            Side::Giver => &mut self.giver,
            Side::Taker => &mut self.taker,
        }
    }

    /// The signature of a party.
    pub const fn signature(&self, side: Side) -> Option<&Signature> {
        match side {
            Side::Giver => self.giver.as_ref(),
            Side::Taker => self.taker.as_ref(),
        }
    }

    /// Who is named on it for a party.
    pub const fn named(&self, side: Side) -> Option<&Private> {
        match side {
            Side::Giver => self.drawn.giver.as_ref(),
            Side::Taker => self.drawn.taker.as_ref(),
        }
    }

    /// Who is bound by it for a party: who signed, or who is named on it.
    pub(super) fn bound(&self, side: Side) -> Option<&Private> {
        self.signature(side).map(|signature| &signature.name).or(self.named(side))
    }

    /// Which parties have not signed.
    pub fn unsigned(&self) -> Vec<Side> {
        let sides = [Side::Giver, Side::Taker];
        sides.into_iter().filter(|side| self.signature(*side).is_none()).collect()
    }

    /// The last day on which somebody signed, when both have.
    pub fn signed_on(&self) -> Option<NaiveDate> {
        Some(self.giver.as_ref()?.on.max(self.taker.as_ref()?.on))
    }
}

/// Why something is not recorded about a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterRefusal {
    /// It was withdrawn.
    Over,
    /// The day has not come.
    Future,
    /// The day lies before the letter was drawn up.
    Early,
    /// That party has signed already.
    Twice,
    /// Who signed is not told, and the letter names nobody.
    Nameless,
    /// Somebody else sat there on that day than the letter names.
    OtherHolder,
    /// The seat is empty.
    Vacant,
    /// Nobody has signed, so there is nothing to scan.
    Unsigned,
    /// It has as many scans as a letter may have.
    Many,
    /// Words are missing.
    Wordless,
    /// Both have signed, or a letter that waits to be signed is there already.
    Again,
}

/// Most scans of one letter.
const MOST_SCANS: usize = 10;

/// Whether something may be recorded about a letter on a day.
///
/// # Errors
/// [`LetterRefusal`] says why not.
pub fn may_record(
    letter: &Letter,
    what: &LetterEvent,
    directory: &Directory,
    today: NaiveDate,
) -> Result<(), LetterRefusal> {
    if letter.withdrawn.is_some() {
        return Err(LetterRefusal::Over);
    }
    match what {
        LetterEvent::DrawnUp(_) => Err(LetterRefusal::Again),
        LetterEvent::Signed { side, on, name } => {
            may_sign(letter, (*side, *on, name), directory, today)
        }
        LetterEvent::Scanned(_) if letter.unsigned().len() == 2 => Err(LetterRefusal::Unsigned),
        LetterEvent::Scanned(_) if letter.scans.len() >= MOST_SCANS => Err(LetterRefusal::Many),
        LetterEvent::Withdrawn { why } if why.trim().is_empty() => Err(LetterRefusal::Wordless),
        LetterEvent::Scanned(_) | LetterEvent::Withdrawn { .. } => Ok(()),
    }
}

fn may_sign(
    letter: &Letter,
    (side, on, name): (Side, NaiveDate, &Private),
    directory: &Directory,
    today: NaiveDate,
) -> Result<(), LetterRefusal> {
    if on > today {
        return Err(LetterRefusal::Future);
    }
    if on < letter.drawn.on {
        return Err(LetterRefusal::Early);
    }
    if letter.signature(side).is_some() {
        return Err(LetterRefusal::Twice);
    }
    if name.expose().trim().is_empty() {
        return Err(LetterRefusal::Nameless);
    }
    // Whoever is printed on the paper signs it; another must have a letter of his own.
    if letter.named(side).is_some_and(|named| named != name) {
        return Err(LetterRefusal::OtherHolder);
    }
    match named_today(&letter.drawn.edge, side, directory, on)? {
        Some(there) if there != *name => Err(LetterRefusal::OtherHolder),
        Some(_) | None => Ok(()),
    }
}
