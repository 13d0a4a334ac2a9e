//! The policies and the row filter against a plain reading of the table of roles (T-20, T-21, T-15).
#![cfg(test)]

#[path = "oracle/plain.rs"]
mod plain;

use std::collections::BTreeSet;

use baoxue_authz::{
    Action, Actor, Areas, Factor, Place, Resource, Role, Scope, State, decide, scope,
};
use baoxue_claim::{Source, TownCode};
use proptest::{collection::btree_set, option, prelude::*, sample::select};

use crate::plain::oracle;

const TOWNS: [&str; 3] = ["610902104", "610902105", "610902001"];
/// Villages of the same name stand in several towns; a name may be missing.
const NAMES: [&str; 3] = ["铁沟村", "江北", ""];

fn town() -> impl Strategy<Value = TownCode> {
    select(&TOWNS[..]).prop_map(|code| code.parse().unwrap())
}

fn name() -> impl Strategy<Value = String> {
    select(&NAMES[..]).prop_map(str::to_owned)
}

fn place() -> impl Strategy<Value = Place> {
    (option::of(town()), option::of(name()), option::of(name()), option::of(name()))
        .prop_map(|(town, village, school, class)| Place { town, village, school, class })
}

fn areas() -> impl Strategy<Value = Areas> {
    (
        btree_set(town(), 0..3),
        btree_set((town(), name()), 0..3),
        btree_set(name(), 0..3),
        btree_set((name(), name()), 0..3),
        btree_set(select(&Source::ALL[..]), 0..3),
        option::of(name()),
    )
        .prop_map(|(towns, villages, schools, classes, sources, department)| Areas {
            towns,
            villages,
            schools,
            classes,
            sources,
            department,
        })
}

fn actor() -> impl Strategy<Value = Actor> {
    let state = prop_oneof![8 => Just(State::Active), 1 => select(&State::ALL[..])];
    let factor = select(&[Factor::None, Factor::AtSignIn, Factor::Fresh][..]);
    (0_i64..3, select(Role::ALL), areas(), state, factor).prop_map(
        |(account, role, areas, state, factor)| Actor { account, role, areas, state, factor },
    )
}

fn resource() -> impl Strategy<Value = Resource> {
    let unit = select(&["", "bureau", "town/610902104", "department/江北"][..]);
    prop_oneof![
        8 => place().prop_map(Resource::Child),
        2 => Just(Resource::County),
        2 => (select(&Source::ALL[..]), option::of(town()), option::of(name()))
            .prop_map(|(source, town, school)| Resource::File { source, town, school }),
        1 => (0_i64..3).prop_map(|requester| Resource::Export { requester }),
        1 => option::of(unit.clone()).prop_map(|unit| Resource::Task { unit: unit.map(str::to_owned) }),
        1 => (0_i64..3).prop_map(Resource::Account),
        1 => (0_i64..3, option::of(unit))
            .prop_map(|(account, unit)| Resource::Log { account, unit: unit.map(str::to_owned) }),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    select(Action::ALL)
}

/// A triple in which action and resource fit together three times of four.
fn triple() -> impl Strategy<Value = (Actor, Action, Resource)> {
    let fitting = resource().prop_flat_map(|resource| {
        let fitting: Vec<Action> =
            Action::ALL.iter().copied().filter(|action| plain::fits(*action, &resource)).collect();
        (select(fitting), Just(resource))
    });
    (actor(), prop_oneof![3 => fitting, 1 => (action(), resource())])
        .prop_map(|(actor, (action, resource))| (actor, action, resource))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn t21_policies_row_filter_and_oracle_agree((actor, action, resource) in triple()) {
        let decision = decide(&actor, action, &resource);
        prop_assert_eq!(decision.allowed, oracle(&actor, action, &resource), "{:?}", decision);
        if let Resource::Child(place) = &resource {
            prop_assert_eq!(scope(&actor, action).holds(place), decision.allowed);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn t20_less_area_never_gives_more(actor in actor(), action in action(), place in place(), less in areas()) {
        let both = |own: &BTreeSet<_>, other: &BTreeSet<_>| own.intersection(other).cloned().collect();
        let areas = Areas {
            towns: actor.areas.towns.intersection(&less.towns).copied().collect(),
            villages: actor.areas.villages.intersection(&less.villages).cloned().collect(),
            schools: both(&actor.areas.schools, &less.schools),
            ..actor.areas.clone()
        };
        // With one town instead of two an office no longer needs a second factor: no more children, but an easier way in.
        let factor = actor.factor.max(Factor::AtSignIn);
        let actor = Actor { factor, ..actor };
        let narrowed = Actor { areas, ..actor };
        let resource = Resource::Child(place);
        if decide(&narrowed, action, &resource).allowed {
            prop_assert!(decide(&actor, action, &resource).allowed);
        }
    }

    #[test]
    fn t20_a_weaker_factor_never_gives_more((actor, action, resource) in triple()) {
        let weaker = Actor { factor: Factor::None, ..actor.clone() };
        if decide(&weaker, action, &resource).allowed {
            prop_assert!(decide(&actor, action, &resource).allowed);
        }
    }

    #[test]
    fn t20_whoever_is_not_active_may_nothing((actor, action, resource) in triple(), state in select(&State::ALL[1..])) {
        let decision = decide(&Actor { state, ..actor }, action, &resource);
        prop_assert!(!decision.allowed);
        prop_assert!(decision.policies.is_empty() || decision.policies.contains(&"account_not_active".to_owned()));
    }

    #[test]
    fn t20_empty_areas_see_nothing(actor in actor(), action in action(), place in place()) {
        let actor = Actor { areas: Areas::default(), ..actor };
        if !actor.role.is_county_wide() {
            prop_assert!(!decide(&actor, action, &Resource::Child(place)).allowed);
            prop_assert_eq!(scope(&actor, action), Scope::Nothing);
        }
    }

    #[test]
    fn t20_no_child_of_another_area(actor in actor(), action in action(), place in place()) {
        let Areas { towns, villages, schools, classes, .. } = &actor.areas;
        let (village, school, class) = (
            place.village.clone().unwrap_or_default(),
            place.school.clone().unwrap_or_default(),
            place.class.clone().unwrap_or_default(),
        );
        let own = place.town.is_some_and(|town| towns.contains(&town) || villages.contains(&(town, village)))
            || schools.contains(&school) || classes.contains(&(school, class));
        if !actor.role.is_county_wide() && !own {
            prop_assert!(!decide(&actor, action, &Resource::Child(place)).allowed);
        }
    }

    #[test]
    fn t15_administrators_see_no_child(actor in actor(), action in action(), place in place()) {
        if actor.role.is_administrator() {
            prop_assert!(!decide(&actor, action, &Resource::Child(place)).allowed);
            prop_assert_eq!(scope(&actor, action), Scope::Nothing);
        }
    }
}

/// T-15: what the three administrators may do does not overlap, except for looking at what administrators did.
#[test]
fn t15_administrators_share_no_power() {
    let may = |role: Role| -> BTreeSet<Action> {
        let actor = Actor {
            account: 1,
            role,
            areas: Areas::default(),
            state: State::Active,
            factor: Factor::Fresh,
        };
        let all = Action::ALL.iter().copied();
        all.filter(|action| {
            [Resource::County, Resource::Account(2)]
                .iter()
                .any(|resource| decide(&actor, *action, resource).allowed)
        })
        .collect()
    };
    let shared = BTreeSet::from([Action::ReadSystemAudit, Action::ReadRules]);
    let [system, security, audit] =
        [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin].map(may);
    for (one, other) in [(&system, &security), (&system, &audit), (&security, &audit)] {
        assert_eq!(one.intersection(other).copied().collect::<BTreeSet<_>>(), shared);
    }
    assert!(system.contains(&Action::ManageAccounts) && security.contains(&Action::ManageRoles));
}

#[test]
fn t20_the_policies_fit_the_schema() {
    baoxue_authz::check().unwrap();
}
