//! Short forms of what is sealed: tuples instead of named fields.

use baoxue_claim::{Guardian, IdForm, IdMention, Name, Place, Private, TownCode};

use crate::StoreError;

/// An ID as it is sealed: the cell, and the form unless the cell is the verified number itself. Half of a county's time
/// goes into the cipher, so what is sealed is kept short; the same holds for the tuples below.
pub(super) type SealedId = (Private, Option<IdForm>);
/// Name, ID, relation, telephones.
pub(super) type SealedGuardian = (Option<Name>, Option<SealedId>, Option<String>, Vec<Private>);
/// Town, village, group, text.
pub(super) type SealedPlace = (Option<TownCode>, Option<String>, Option<u8>, Option<Private>);

pub(super) fn short_id(id: IdMention) -> SealedId {
    let is_cell = id.valid().is_some_and(|number| number.expose() == id.raw.expose());
    (id.raw, (!is_cell).then_some(id.form))
}

pub(super) fn long_id((raw, form): SealedId, place: &'static str) -> Result<IdMention, StoreError> {
    let form = match form {
        Some(form) => form,
        None => IdForm::Valid(raw.expose().parse().map_err(|_| StoreError::Damaged(place))?),
    };
    Ok(IdMention { form, raw })
}

pub(super) fn short_guardian(guardian: Guardian) -> SealedGuardian {
    let Guardian { name, id, relation, phones } = guardian;
    (name, id.map(short_id), relation, phones)
}

pub(super) fn long_guardian(sealed: SealedGuardian) -> Result<Guardian, StoreError> {
    let (name, id, relation, phones) = sealed;
    let id = id.map(|id| long_id(id, "record.guardians")).transpose()?;
    Ok(Guardian { name, id, relation, phones })
}

/// `None` for a place of which nothing is known.
pub(super) fn short_place(place: Place) -> Option<SealedPlace> {
    let Place { town, village, group, text } = place;
    let sealed = (town, village, group, text);
    (sealed != (None, None, None, None)).then_some(sealed)
}

pub(super) fn long_place(sealed: Option<SealedPlace>) -> Place {
    let (town, village, group, text) = sealed.unwrap_or_default();
    Place { town, village, group, text }
}
