//! Which lists somebody may bring, and which imports they may look into.

use baoxue_authz::{Action, Resource, decide};
use baoxue_claim::{Source, TownCode, same_school};
use baoxue_flow::intray::{Inspection, SheetView};

use crate::door::Signed;

/// Whether somebody may bring lists of a kind about any of their own places.
fn brings(signed: &Signed, source: Source) -> bool {
    let areas = &signed.actor.areas;
    let towns = areas.towns.iter().copied().map(Some).chain([None]);
    let mut files = towns.flat_map(|town| {
        let schools = areas.schools.iter().cloned().map(Some).chain([None]);
        schools.map(move |school| Resource::File { source, town, school })
    });
    files.any(|file| signed.can(Action::Import, &file))
}

/// The kinds of lists that somebody may bring.
pub(super) fn kinds(signed: &Signed) -> Vec<Source> {
    Source::ALL.into_iter().filter(|source| brings(signed, *source)).collect()
}

/// Whether somebody may bring any list at all.
pub(super) fn brings_any(signed: &Signed) -> bool {
    Source::ALL.into_iter().any(|source| brings(signed, source))
}

/// Whether a sheet of that kind is somebody's to bring: each school on it must be.
pub(super) fn may_bring(
    signed: &Signed,
    source: Source,
    (town, schools): (Option<TownCode>, &[String]),
) -> bool {
    let file = |school: Option<String>| Resource::File { source, town, school };
    let can = |resource: &Resource| decide(&signed.actor, Action::Import, resource).allowed;
    if schools.is_empty() {
        return can(&file(None));
    }
    // A list writes the name of a school with or without that of the county before it.
    let own = |school: &String| {
        let known = signed.actor.areas.schools.iter().find(|known| same_school(known, school));
        known.unwrap_or(school).clone()
    };
    schools.iter().all(|school| can(&file(Some(own(school)))))
}

/// The sheets of a file that are not somebody's to bring. Of a sheet whose kind is not known nothing enters.
pub(super) fn foreign<'i>(signed: &Signed, inspection: &'i Inspection) -> Vec<&'i SheetView> {
    let is_foreign = |sheet: &&SheetView| {
        let place = (sheet.town, sheet.schools.as_slice());
        sheet.source.is_some_and(|source| !may_bring(signed, source, place))
    };
    inspection.sheets.iter().filter(is_foreign).collect()
}

/// What the access log says an upload is about: the kind and place of its first sheet that is known.
pub(super) fn resource(inspection: &Inspection) -> Resource {
    let known = inspection.sheets.iter().find_map(|sheet| Some((sheet.source?, sheet)));
    known.map_or(Resource::County, |(source, sheet)| Resource::File {
        source,
        town: sheet.town,
        school: sheet.schools.first().cloned(),
    })
}
