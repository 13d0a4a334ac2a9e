//! 还成立吗: what two people say of one child, put before whoever recorded the visit. Both stay.

use baoxue_act::{Event, Holder, Noted, Question, Reconsidered, Visit, What, questions};
use baoxue_authz::Role;
use baoxue_determine::Seat;
use baoxue_flow::cases::{CaseFile, Speaker, numbered};

use super::{
    act::{Fields, Read},
    case_key, is_own,
};
use crate::{door::Signed, i18n::Lang, trouble::Trouble};

/// A visit about which the reader is asked.
pub(crate) struct Still {
    /// The case in addresses.
    pub(crate) case: String,
    pub(crate) visit: u32,
    pub(crate) against: u32,
    /// The child.
    pub(crate) person: String,
    /// What the reader's seat said, and what another says.
    pub(crate) both: String,
    /// The words of the button that takes over what the other says.
    pub(crate) change: String,
}

/// What the reader is asked in a case.
pub(crate) fn asked(
    (signed, speaker, lang): (&Signed, &Speaker<'_>, Lang),
    file: &CaseFile,
    person: &str,
) -> Vec<Still> {
    let all = questions(&file.case, &file.events).into_iter();
    let all = all.filter_map(|question| {
        let visit = visit_of(file, question.visit).filter(|visit| answers(signed, file, visit))?;
        let against = numbered(&file.events, question.against)?;
        let said = lang.pick(question.said.zh(), question.said.en());
        Some(Still {
            case: case_key(file.case.id),
            visit: question.visit,
            against: question.against,
            person: person.to_owned(),
            both: both((signed, speaker, lang), file, visit, against),
            change: lang.with("still-no", &[("said", said.to_owned().into())]),
        })
    });
    all.collect()
}

/// Both statements, each with who said it and for which day.
fn both(
    (signed, speaker, lang): (&Signed, &Speaker<'_>, Lang),
    file: &CaseFile,
    visit: &Noted<Visit>,
    against: &Event,
) -> String {
    let who = if is_by(signed, visit) { lang.t("still-you") } else { name(&visit.by).to_owned() };
    let found = lang.pick(visit.what.found.zh(), visit.what.found.en());
    let values = [
        ("who", who.into()),
        ("on", visit.what.on.to_string().into()),
        ("found", found.to_owned().into()),
        ("other", speaker.says_otherwise(&file.case, against).into()),
        ("by", name(&against.by).to_owned().into()),
    ];
    let by_program = against.by == baoxue_act::PROGRAM;
    lang.with(if by_program { "still-both-run" } else { "still-both" }, &values)
}

/// What an answer says; whoever is not asked finds nothing.
pub(super) fn answer(signed: &Signed, file: &CaseFile, fields: &Fields) -> Result<Read, Trouble> {
    let number = |name: &str| fields.get(name)?.parse().ok();
    let holds = match fields.get("holds").map(String::as_str) {
        Some("yes") => true,
        Some("no") => false,
        Some(_) | None => return Ok(Read::Incomplete),
    };
    let (Some(visit), Some(against)) = (number("visit"), number("against")) else {
        return Ok(Read::Incomplete);
    };
    let recorded = visit_of(file, visit).ok_or(Trouble::NotFound)?;
    if !answers(signed, file, recorded) {
        return Err(Trouble::NotFound);
    }
    let same = |of: &Noted<Reconsidered>| {
        (of.what.visit, of.what.against, of.what.holds) == (visit, against, holds)
    };
    if file.case.reconsidered.iter().any(same) {
        return Ok(Read::Known);
    }
    let asked = questions(&file.case, &file.events).into_iter();
    let mut asked = asked.filter(|asked| (asked.visit, asked.against) == (visit, against));
    Ok(asked.next().map_or(Read::Moved, |Question { said, .. }| {
        Read::Says(What::Reconsidered(Reconsidered { visit, against, said, holds }))
    }))
}

/// Puts the seat of whoever fills the form beside the own name: whoever sits there later answers for the visit, too.
pub(super) fn seated(visit: &mut Visit, signed: &Signed) {
    let seat = match signed.actor.role {
        Role::CountyLeader => Some(Seat::CountyHead),
        Role::Bureau => Some(Seat::BureauHead),
        Role::Town => Some(Seat::TownHead),
        Role::Village => Some(Seat::VillageHead),
        Role::Principal => Some(Seat::Principal),
        Role::Teacher => Some(Seat::Teacher),
        Role::Department
        | Role::Inspector
        | Role::Auditor
        | Role::SystemAdmin
        | Role::SecurityAdmin
        | Role::AuditAdmin => None,
    };
    for visitor in visit.visitors.iter_mut().filter(|visitor| visitor.name == signed.name) {
        visitor.seat = seat;
    }
}

fn visit_of(file: &CaseFile, no: u32) -> Option<&Noted<Visit>> {
    file.case.visits.iter().find(|visit| visit.no == no)
}

/// Whether the reader answers for a visit: by having recorded it, or by the seat of one who went.
fn answers(signed: &Signed, file: &CaseFile, visit: &Noted<Visit>) -> bool {
    let place = &file.case.place;
    let seats = visit.what.visitors.iter().filter_map(|visitor| visitor.seat);
    let mut holders = seats.filter_map(|seat| Some(Holder { seat, office: place.office(seat)? }));
    is_by(signed, visit) || holders.any(|holder| is_own(signed, &holder))
}

/// Whether the reader recorded it.
fn is_by(signed: &Signed, visit: &Noted<Visit>) -> bool {
    visit.by == format!("{} {}", signed.name, signed.login)
}

/// The name without the name of the account.
fn name(by: &str) -> &str {
    by.rsplit_once(' ').map_or(by, |(name, _)| name)
}
