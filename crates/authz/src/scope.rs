//! The filter for rows of a list: which children an actor may see, decided once for a request instead of once for a row.

use std::collections::BTreeSet;

use baoxue_claim::TownCode;

use crate::{Action, Actor, Place, Resource, decide};

/// Which children an action is permitted on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// All of the county.
    All,
    /// Those that stand in any of the places.
    Places {
        /// Whole towns.
        towns: BTreeSet<TownCode>,
        /// Villages with their town.
        villages: BTreeSet<(TownCode, String)>,
        /// Whole schools.
        schools: BTreeSet<String>,
        /// Classes with their school.
        classes: BTreeSet<(String, String)>,
    },
    /// None.
    Nothing,
}

/// Where a child stands, lent by whoever keeps its line. An empty name is as good as none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing<'l> {
    /// The town in charge.
    pub town: Option<TownCode>,
    /// The village within the town.
    pub village: Option<&'l str>,
    /// The school, by name.
    pub school: Option<&'l str>,
    /// The class within the school.
    pub class: Option<&'l str>,
}

/// The children on which `actor` may do `action`. The policies are asked about a child of no place, then about one of
/// each kind of place that the actor has.
pub fn scope(actor: &Actor, action: Action) -> Scope {
    let may = |place: Place| decide(actor, action, &Resource::Child(place)).allowed;
    if may(Place::default()) {
        return Scope::All;
    }
    let areas = &actor.areas;
    let towns =
        permitted(&areas.towns, |town| may(Place { town: Some(*town), ..Place::default() }));
    let villages = permitted(&areas.villages, |(town, name)| {
        may(Place { town: Some(*town), village: Some(name.clone()), ..Place::default() })
    });
    let schools = permitted(&areas.schools, |school| {
        may(Place { school: Some(school.clone()), ..Place::default() })
    });
    let classes = permitted(&areas.classes, |(school, name)| {
        let (school, class) = (Some(school.clone()), Some(name.clone()));
        may(Place { school, class, ..Place::default() })
    });
    if towns.is_empty() && villages.is_empty() && schools.is_empty() && classes.is_empty() {
        return Scope::Nothing;
    }
    Scope::Places { towns, villages, schools, classes }
}

/// The places of one kind, when the kind is permitted. Policies do not tell two places of a kind apart otherwise than by
/// whether the actor has them, except that an empty name is no place; so each is asked about.
fn permitted<T: Ord + Clone>(own: &BTreeSet<T>, may: impl Fn(&T) -> bool) -> BTreeSet<T> {
    own.iter().filter(|place| may(place)).cloned().collect()
}

impl Scope {
    /// Whether a child of `place` is in it.
    pub fn holds(&self, place: &Place) -> bool {
        self.sees(Standing {
            town: place.town,
            village: place.village.as_deref(),
            school: place.school.as_deref(),
            class: place.class.as_deref(),
        })
    }

    /// The same where the place is kept by somebody else: asked of every line of a county, so nothing is copied.
    pub fn sees(&self, at: Standing<'_>) -> bool {
        let Self::Places { towns, villages, schools, classes } = self else {
            return *self == Self::All;
        };
        let named = |name: Option<_>| name.filter(|name: &&str| !name.is_empty());
        let (village, school, class) = (named(at.village), named(at.school), named(at.class));
        let in_village = |town, name: &str| {
            let own = villages.range((town, String::new())..).take_while(|(of, _)| *of == town);
            own.map(|(_, village)| village).any(|village| village == name)
        };
        let in_class = |school: &str, name: &str| {
            classes.iter().any(|(of, class)| of == school && class == name)
        };
        at.town.is_some_and(|town| {
            towns.contains(&town) || village.is_some_and(|name| in_village(town, name))
        }) || school.is_some_and(|school| {
            schools.contains(school) || class.is_some_and(|name| in_class(school, name))
        })
    }
}
