//! The names that rule files may use, what each means, and where its value comes from.

use super::{Facts, Schooling, survey};

/// One fact that rules may name.
#[derive(Debug)]
pub(crate) struct Field {
    /// Its name, such as `school.days`.
    pub(crate) path: &'static str,
    /// What it means.
    pub(crate) meaning: &'static str,
    /// How it is read.
    pub(crate) get: Getter,
}

/// Reads a fact; the variant is its type.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Getter {
    /// Yes or no.
    Bool(fn(&Facts) -> bool),
    /// A whole number.
    Int(fn(&Facts) -> i64),
    /// A word out of the list.
    Word(fn(&Facts) -> &'static str, &'static [&'static str]),
}

macro_rules! fields {
    ($($kind:ident $path:literal: $meaning:literal = $get:expr $(, $words:expr)?;)*) => {
        /// All facts, in the order of the reference page.
        pub(crate) static FIELDS: &[Field] = &[
            $(Field { path: $path, meaning: $meaning, get: Getter::$kind($get $(, $words)?) },)*
        ];
    };
}

fields! {
    Bool "age.known": "a birth is known" = |f| f.age.known;
    Bool "age.implausible": "the birth makes the person 25 or older: a mistake of the list" = |f| f.age.implausible;
    Bool "age.not_yet": "born after the cohort of compulsory age" = |f| f.age.not_yet;
    Bool "age.enters_next": "born after the cohort, of age when the next school year begins" = |f| f.age.enters_next;
    Bool "age.over": "born before the cohort" = |f| f.age.over;
    Bool "age.watched": "younger than the age at which watching ends, or age unknown" = |f| f.age.watched;
    Int "age.years": "completed years of age, the youngest it can be; -1 when unknown" = |f| f.age.years;
    Int "age.expected_grade": "grade it would be in if it entered in time; -1 when unknown" = |f| f.age.expected_grade;
    Bool "age.accountable": "of age as far as is known: neither before, past, nor an impossible birth" = |f| f.age.accountable();
    Bool "age.disputed": "the source that decides gives two births, and the child is of age by one of them alone" = |f| f.age.disputed;
    Bool "age.entering": "of age for the first time, until the day by which entry is checked" = |f| f.age.entering;
    Bool "roll.any": "on a roll in any way: live, taught at home or suspended" = |f| f.registry.on_roll();
    Bool "arrangement.any": "somebody names a placement of the neutral class, recently enough" = |f| f.arrangement;
    Bool "register.any": "a row of the population register" = |f| f.register;
    Bool "duplicate.hinted": "linkage found the same name, birth and guardian under another ID" = |f| f.duplicate;
    Bool "registry.any": "any row of the student registry" = |f| f.registry.any;
    Bool "registry.live": "on a roll of grades 1 to 9 now" = |f| f.registry.live;
    Bool "registry.home_teaching": "on a roll now, taught at home, in the school year of the export" = |f| f.registry.home_teaching;
    Bool "registry.suspended": "held as suspended, no live row" = |f| f.registry.suspended;
    Bool "registry.transferred_out": "held as transferred out" = |f| f.registry.transferred_out;
    Bool "registry.received": "transferred out to a school that is named, and the export is recent enough" = |f| f.registry.received;
    Bool "registry.graduated_junior": "finished grade 9, or on a senior roll" = |f| f.registry.graduated_junior;
    Bool "registry.graduated_primary": "finished a grade below 9" = |f| f.registry.graduated_primary;
    Bool "registry.graduated_unclear": "finished, but the row does not tell which school" = |f| f.registry.graduated_unclear;
    Bool "registry.left": "left otherwise: expelled, stopped, lost, dropped out" = |f| f.registry.left;
    Bool "registry.dead": "the registry says dead" = |f| f.registry.dead;
    Bool "registry.abroad": "the registry says abroad" = |f| f.registry.abroad;
    Bool "registry.missing": "the registry says whereabouts unknown" = |f| f.registry.missing;
    Bool "registry.vanished": "was on a roll, a newer export of it lacks the child, and nobody has said since that it is at a school" = |f| f.registry.vanished;
    Bool "survey.any": "a town has surveyed the child" = |f| f.survey.any;
    Word "survey.says": "the latest finding as a word" = |f| f.survey.says, survey::WORDS;
    Bool "survey.in_school": "the town says in school, or back in school" = |f| f.survey.in_school;
    Bool "survey.out": "the town's survey says plainly out of school" = |f| f.survey.out;
    Bool "survey.split": "two towns, or two rows of one day, say opposite things" = |f| f.survey.split;
    Bool "survey.names_school": "the town names a school of the county" = |f| f.survey.names_school;
    Bool "survey.elsewhere_named": "the town names a school elsewhere, recently enough" = |f| f.survey.elsewhere_named;
    Bool "survey.refused_by_school": "the town says that no school took the child" = |f| f.survey.refused_by_school;
    Bool "survey.registered_twice": "all the town says is that the child is registered twice" = |f| f.survey.registered_twice;
    Bool "ledger.listed": "on a town's own list of children out of school" = |f| f.ledger;
    Bool "town.out": "the town says plainly out, in its survey or on its list" = Facts::town_says_out;
    Bool "school.returned": "the last report about the child says back" = |f| f.school.returned;
    Bool "school.absent": "the last report about the child says absent, and its school has not answered since" = |f| f.school.absent;
    Bool "school.days_known": "the report gives days or a first day" = |f| f.school.days_known;
    Int "school.days": "days absent that no approved leave covers; -1 when unknown" = |f| f.school.days;
    Int "school.school_days": "school days missed that no approved leave covers; -1 where the report does not count them" = |f| f.school.missed;
    Int "persuasion.attempts": "attempts at persuasion that school or town have recorded, the most; -1 where nobody says" = |f| f.persuasions;
    Bool "school.overdue": "other schools have since reported so many months more that the report is old" = |f| f.school.overdue;
    Bool "school.leave_covers": "approved leave covers a part of the absence" = |f| f.school.leave_covers;
    Bool "leave.suspension": "an approved suspension on paper is in force" = |f| f.leave.suspension;
    Bool "leave.by_registry": "a suspension in the registry is in force, no paper" = |f| f.leave.by_registry;
    Bool "leave.sick": "approved sick leave is in force" = |f| f.leave.sick;
    Bool "leave.undated": "the registry says suspended without a day, and there is no paper" = |f| f.leave.undated;
    Bool "leave.not_resumed": "the suspension has ended and nobody says that the child is back" = |f| f.leave.not_resumed;
    Bool "leave.lapsed": "the suspension has ended" = |f| f.leave.lapsed;
    Bool "deferral.deferral": "an approved deferral is in force" = |f| f.deferral.deferral;
    Bool "deferral.exemption": "an approved exemption is in force" = |f| f.deferral.exemption;
    Bool "deferral.lapsed": "an approved deferral or exemption has ended" = |f| f.deferral.lapsed;
    Bool "certificate.valid": "a certificate that is accepted" = |f| f.certificate.valid;
    Bool "certificate.refused": "certificates, none accepted" = |f| f.certificate.refused;
    Bool "inspection.saw_out": "the latest inspection that saw for itself says out" = |f| f.inspection.saw == Some(Schooling::Out);
    Bool "inspection.saw_in": "the latest inspection that saw for itself says in school" = |f| f.inspection.saw == Some(Schooling::In);
    Bool "inspection.heard_out": "the latest inspection of any kind says out" = |f| f.inspection.heard == Some(Schooling::Out);
    Bool "inspection.heard_in": "the latest inspection of any kind says in school" = |f| f.inspection.heard == Some(Schooling::In);
    Bool "inspection.unclear": "the words of the latest inspection are not understood" = |f| f.inspection.unclear;
    Bool "departure.dead": "a record of death" = |f| f.departure.dead;
    Bool "departure.emigrated": "a record of settling abroad" = |f| f.departure.emigrated;
    Bool "departure.moved_out": "a record of the registration moving away" = |f| f.departure.moved_out;
    Bool "departure.cancelled": "the police cancelled the registration as double or mistaken" = |f| f.departure.cancelled;
    Bool "departure.missing": "the police say missing" = |f| f.departure.missing;
    Bool "tip_off.any": "a tip-off; decides nothing" = |f| f.tip_off;
    Bool "poverty.any": "a row of the poverty register; decides nothing" = |f| f.poverty;
    Bool "disability.any": "a row of the disability register" = |f| f.disability;
    Bool "county.has_register": "a population register is in the store" = |f| f.has_register;
    Bool "county.has_registry": "a student registry is in the store" = |f| f.has_registry;
    Int "county.suspected_days": "the county's first threshold" = |f| i64::from(f.county.suspected_days);
    Int "county.suspected_school_days": "the county's first threshold in school days" = |f| i64::from(f.county.suspected_school_days);
    Int "county.dropout_persuasions": "attempts at persuasion before an absence is called dropout" = |f| i64::from(f.county.dropout_persuasions);
    Int "county.dropout_days": "the county's second threshold" = |f| i64::from(f.county.dropout_days);
}
