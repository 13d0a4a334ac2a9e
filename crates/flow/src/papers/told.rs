//! What a department may be told of a child for a task: the task's fields and nothing else.

use baoxue_act::{Case, Moment, Task, Told};
use baoxue_claim::Private;
use baoxue_determine::Profile;

use crate::County;

/// The fields of a task with what is known of them; a field of which nothing is known is empty, and says so where it is shown.
pub fn told(
    task: &Task,
    (profile, case): (&Profile, &Case),
    county: &County,
    now: Moment,
) -> Vec<(Told, String)> {
    let view = View { profile, case, county, now };
    task.fields.iter().map(|field| (*field, view.value(*field))).collect()
}

struct View<'a> {
    profile: &'a Profile,
    case: &'a Case,
    county: &'a County,
    now: Moment,
}

impl View<'_> {
    fn value(&self, field: Told) -> String {
        let profile = self.profile;
        match field {
            Told::Name => profile.name.as_ref().map_or("", |name| name.expose()).to_owned(),
            Told::Id => profile.id.as_ref().map_or("", |id| id.expose()).to_owned(),
            Told::Age => self.age(),
            Told::Address => {
                let lives = profile.lives_at.as_ref().or(profile.address.as_ref());
                lives.map(Private::expose).map_or_else(|| self.home(), str::to_owned)
            }
            Told::Family => self.family(),
            Told::Guardian => {
                let name = profile.guardian.as_ref().map_or("", |name| name.expose());
                let phone = profile.phone.as_ref().map_or("", Private::expose);
                [name, phone].join(" ").trim().to_owned()
            }
            Told::Reason => self.case.cause.as_ref().map_or("", |cause| cause.what.zh()).to_owned(),
            Told::LastSeen => last_seen(self.case),
            Told::Place => self.home(),
            Told::Disability => profile.hardship.disability.clone().unwrap_or_default(),
            Told::Case => format!("k_{}", self.case.id.0),
            Told::Employer => self.case.employer().unwrap_or_default().to_owned(),
            // In no list: whoever asks writes it into the words of the request.
            Told::Certificate => String::new(),
        }
    }

    fn age(&self) -> String {
        let day = profile_day(self.profile);
        let years = day.and_then(|day| self.now.date().years_since(day));
        years.map(|years| format!("{years}岁")).unwrap_or_default()
    }

    fn home(&self) -> String {
        let town = self.case.place.town.and_then(|code| self.county.towns.get(code));
        let town = town.map_or("", |town| town.name.as_str());
        format!("{town}{}", self.case.place.village.as_deref().unwrap_or_default())
    }

    fn family(&self) -> String {
        let hardship = &self.profile.hardship;
        let kinds = [
            hardship.poverty.then_some("脱贫（监测）户"),
            hardship.disabled.then_some("残疾儿童家庭"),
        ];
        kinds.into_iter().flatten().collect::<Vec<_>>().join("、")
    }
}

/// Of the last visit that found out anything and was not taken back: a day and where the child was.
pub(super) fn last_seen(case: &Case) -> String {
    let met = case.standing().rfind(|visit| visit.what.met.is_attempt());
    met.map_or_else(String::new, |visit| format!("{} {}", visit.what.on, visit.what.found.zh()))
}

fn profile_day(profile: &Profile) -> Option<chrono::NaiveDate> {
    profile.birth.and_then(baoxue_claim::Birth::day)
}
