//! Who an answer was given for: the same header may mean another thing on another sender's sheet.

use std::{fmt, str::FromStr};

use baoxue_claim::{Source, TownCode, UnknownSource};

use crate::text::fold;

/// Between the kind of source and the place.
const BETWEEN: char = '｜';

/// The sender of a sheet as the sheet itself tells: the kind of source together with the town or school, or the file
/// where nothing else is named. Answers are kept for it, and no other sender's sheet is read by them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sender {
    /// The kind of source; `None` while it is in doubt, and then part of what is asked.
    pub(super) source: Option<Source>,
    /// Code of the town, name of the school, or name of the file without numbers; empty for a department of the county.
    pub(super) place: String,
}

/// What a sheet says about where it comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signature<'a> {
    /// The kind of source, where it is not in doubt.
    pub(crate) source: Option<Source>,
    /// The one town that heading or rows name.
    pub(crate) town: Option<TownCode>,
    /// The one school that the heading names.
    pub(crate) school: Option<&'a str>,
    /// Name of the file.
    pub(crate) file: &'a str,
}

impl Sender {
    /// The sender by its signature. A school signs its own reports, a town everything else that names it; a department
    /// is known by the kind of its list. Who names neither is known by the name of the file, dates and numbers left out,
    /// so that next month's file is the same sender's.
    pub(crate) fn of(signature: &Signature<'_>) -> Self {
        let town = signature.town.map(|town| town.to_string());
        let school = signature.school.map(|school| fold(school).into_owned());
        let place = match signature.source {
            Some(Source::SchoolReport | Source::RollCall | Source::HomeTeachingLog) => {
                school.or(town)
            }
            Some(_) | None => town.or(school),
        };
        let department = signature.source.is_some_and(is_department);
        let place = place.unwrap_or_else(|| {
            if department { String::new() } else { without_numbers(signature.file) }
        });
        Self { source: signature.source, place }
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{BETWEEN}{}", self.source.map_or("", Source::name), self.place)
    }
}

impl FromStr for Sender {
    type Err = UnknownSource;

    fn from_str(text: &str) -> Result<Self, UnknownSource> {
        let (source, place) = text.split_once(BETWEEN).unwrap_or(("", text));
        let source = match source.trim() {
            "" => None,
            name => Some(name.parse()?),
        };
        Ok(Self { source, place: place.trim().to_owned() })
    }
}

/// Whether one office of the county sends lists of this kind; the others come from every town or school.
fn is_department(source: Source) -> bool {
    match source {
        Source::TownSurvey
        | Source::TownLedger
        | Source::SchoolReport
        | Source::RollCall
        | Source::HomeTeachingLog => false,
        Source::PopulationRegister
        | Source::StudentRegistry
        | Source::PovertyRegister
        | Source::DisabilityRegister
        | Source::CivilAffairs
        | Source::Inspection
        | Source::TipOff
        | Source::Certificate
        | Source::Approval
        | Source::Departure
        | Source::AidPayment
        | Source::SchoolDirectory
        | Source::OfficialsDirectory => true,
    }
}

fn without_numbers(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let no_number = |c: &char| !c.is_ascii_digit() && !"年月日-_.()｜ ".contains(*c);
    fold(stem).chars().filter(no_number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Signature<'_> = Signature { source: None, town: None, school: None, file: "" };

    #[track_caller]
    fn check(signature: Signature<'_>, expected: &str) {
        let sender = Sender::of(&signature);
        assert_eq!(sender.to_string(), expected);
        assert_eq!(expected.parse::<Sender>().unwrap(), sender);
    }

    #[test]
    fn a_sender_is_known_by_source_and_place() {
        let town = "330102101".parse().ok();
        let school = Some("东沟小学");
        let survey = Some(Source::TownSurvey);
        check(Signature { source: survey, town, school, ..NOTHING }, "town_survey｜330102101");
        let report = Some(Source::SchoolReport);
        check(Signature { source: report, town, school, ..NOTHING }, "school_report｜东沟小学");
        check(Signature { town, ..NOTHING }, "｜330102101");
        let register = Some(Source::PopulationRegister);
        check(Signature { source: register, file: "a.xls", ..NOTHING }, "population_register｜");
        check(Signature { source: survey, file: "摸排.xls", ..NOTHING }, "town_survey｜摸排");
    }

    #[test]
    fn next_months_file_of_an_unnamed_sender_is_the_same_senders() {
        let of = |file| Sender::of(&Signature { file, ..NOTHING });
        assert_eq!(of("名单2019年6月.xlsx"), of("名单 2019-07.csv"));
        assert_ne!(of("名单.xlsx"), of("台账.xlsx"));
    }
}
