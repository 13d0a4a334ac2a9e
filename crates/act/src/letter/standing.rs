//! Where a letter that a year demands stands.

use baoxue_claim::Private;
use chrono::NaiveDate;

use super::{Edge, Letter, LetterRefusal, Party, Side};
use crate::{Directory, Holder, Seated, event::words};

/// Where a letter that is demanded stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LetterState {
    /// 岗位空缺: nobody sits where a party is, so nobody can sign. A finding.
    Vacant,
    /// 换人待重签: whoever is named or has signed sits there no more.
    Changed,
    /// 未制发.
    NotDrawn,
    /// 已制发未签.
    Drawn,
    /// 一方已签.
    OneSigned,
    /// 双方已签，缺扫描件.
    NoScan,
    /// 已签.
    Signed,
}

words!(LetterState {
    Vacant = "岗位空缺", "seat is empty";
    Changed = "换人待重签", "holder changed, to be signed anew";
    NotDrawn = "未制发", "not drawn up";
    Drawn = "已制发未签", "drawn up, not signed";
    OneSigned = "一方已签", "signed by one party";
    NoScan = "双方已签，缺扫描件", "signed, no scan";
    Signed = "已签", "signed, with scan";
});

impl LetterState {
    /// Whether both parties have signed and still sit where they signed. Whether a scan is there is asked beside it.
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::NoScan | Self::Signed)
    }

    /// The word of addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Vacant => "vacant",
            Self::Changed => "changed",
            Self::NotDrawn => "not-drawn",
            Self::Drawn => "drawn",
            Self::OneSigned => "one",
            Self::NoScan => "no-scan",
            Self::Signed => "signed",
        }
    }
}

/// Who sits in a party's seat; nothing is known of guardians, who change with no directory.
fn seated<'d>(party: Option<&Holder>, directory: &'d Directory, on: NaiveDate) -> Seated<'d> {
    party.map_or(Seated::Unknown, |holder| directory.seated_in_person(holder, on))
}

fn seat_of(edge: &Edge, side: Side) -> Option<&Holder> {
    match (side, &edge.taker) {
        (Side::Giver, _) => Some(&edge.giver),
        (Side::Taker, Party::Seat(holder)) => Some(holder),
        (Side::Taker, Party::Guardian(_)) => None,
    }
}

/// Who would be named on a letter that is drawn up today; `None` where the directory says nothing.
///
/// # Errors
/// [`LetterRefusal::Vacant`] when a seat is empty.
pub fn named_today(
    edge: &Edge,
    side: Side,
    directory: &Directory,
    on: NaiveDate,
) -> Result<Option<Private>, LetterRefusal> {
    match seated(seat_of(edge, side), directory, on) {
        Seated::Filled(post) | Seated::Substitute(post) => Ok(Some(post.name.clone())),
        Seated::Vacant => Err(LetterRefusal::Vacant),
        Seated::Unknown => Ok(None),
    }
}

/// Where a demanded letter stands on a day. `letter` is the newest of its parties and year that is not withdrawn.
pub fn standing(
    edge: &Edge,
    letter: Option<&Letter>,
    directory: &Directory,
    on: NaiveDate,
) -> LetterState {
    let sides = [Side::Giver, Side::Taker];
    let now = sides.map(|side| named_today(edge, side, directory, on));
    if now.contains(&Err(LetterRefusal::Vacant)) {
        return LetterState::Vacant;
    }
    let Some(letter) = letter else { return LetterState::NotDrawn };
    let changed = sides.into_iter().zip(&now).any(|(side, now)| {
        let (Ok(Some(now)), Some(bound)) = (now, letter.bound(side)) else { return false };
        now != bound
    });
    match (changed, letter.unsigned().len()) {
        (true, _) => LetterState::Changed,
        (false, 0) if letter.scans.is_empty() => LetterState::NoScan,
        (false, 0) => LetterState::Signed,
        (false, 1) => LetterState::OneSigned,
        (false, _) => LetterState::Drawn,
    }
}
