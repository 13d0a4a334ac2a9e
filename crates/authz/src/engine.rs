//! The one function that decides.

use std::sync::LazyLock;

use cedar_policy::{
    Authorizer, Context, Decision as Answer, PolicyId, PolicySet, Request, Schema, ValidationMode,
    Validator,
};

use crate::{Action, Actor, Resource, entities};

const SCHEMA: &str = include_str!("../policies/schema.cedarschema");
const POLICIES: [&str; 3] = [
    include_str!("../policies/forbid.cedar"),
    include_str!("../policies/children.cedar"),
    include_str!("../policies/county.cedar"),
];

/// Policies or schema are wrong. Everything is refused then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the authorization policies are wrong: {0}")]
pub struct PolicyError(String);

impl PolicyError {
    pub(crate) fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// An answer, with what decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether it may be done.
    pub allowed: bool,
    /// Names of the policies that decided: those that permit, or those that forbid. None when nothing permits.
    pub policies: Vec<String>,
}

impl Decision {
    fn refused() -> Self {
        Self { allowed: false, policies: Vec::new() }
    }
}

pub(crate) struct Engine {
    schema: Schema,
    policies: PolicySet,
    authorizer: Authorizer,
}

static ENGINE: LazyLock<Result<Engine, PolicyError>> =
    LazyLock::new(|| Engine::new(&POLICIES.concat()));

/// Loads the policies and checks each against the schema. Programs call it at start; [`decide`] refuses everything when
/// it fails.
///
/// # Errors
/// [`PolicyError`].
pub fn check() -> Result<(), PolicyError> {
    ENGINE.as_ref().map(drop).map_err(Clone::clone)
}

/// Whether `actor` may do `action` on `resource`. What cannot be decided is refused.
pub fn decide(actor: &Actor, action: Action, resource: &Resource) -> Decision {
    let engine = ENGINE.as_ref().map_err(Clone::clone);
    engine.and_then(|engine| engine.decide(actor, action, resource)).unwrap_or(Decision::refused())
}

impl Engine {
    fn new(policies: &str) -> Result<Self, PolicyError> {
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA).map_err(PolicyError::of)?;
        let parsed: PolicySet = policies.parse().map_err(PolicyError::of)?;
        let mut named = PolicySet::new();
        for policy in parsed.policies() {
            let Some(name) = policy.annotation("id").filter(|name| !name.is_empty()) else {
                return Err(PolicyError(format!("a policy has no name: {policy}")));
            };
            named.add(policy.new_id(PolicyId::new(name))).map_err(PolicyError::of)?;
        }
        let result = Validator::new(schema.clone()).validate(&named, ValidationMode::Strict);
        let problems: Vec<String> = result
            .validation_errors()
            .map(ToString::to_string)
            .chain(result.validation_warnings().map(ToString::to_string))
            .collect();
        if !problems.is_empty() {
            return Err(PolicyError(problems.join("; ")));
        }
        Ok(Self { schema, policies: named, authorizer: Authorizer::new() })
    }

    fn decide(
        &self,
        actor: &Actor,
        action: Action,
        resource: &Resource,
    ) -> Result<Decision, PolicyError> {
        let (account, resource) = (entities::account(actor)?, entities::resource(resource)?);
        let request = Request::new(
            account.uid(),
            entities::action(action)?,
            resource.uid(),
            Context::empty(),
            Some(&self.schema),
        )
        .map_err(PolicyError::of)?;
        let entities = entities::all(account, resource)?;
        let response = self.authorizer.is_authorized(&request, &self.policies, &entities);
        if let Some(error) = response.diagnostics().errors().next() {
            return Err(PolicyError::of(error));
        }
        let mut policies: Vec<String> =
            response.diagnostics().reason().map(ToString::to_string).collect();
        policies.sort();
        Ok(Decision { allowed: response.decision() == Answer::Allow, policies })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Areas, Factor, Place, Role, State};

    /// An actor of `role` with one area of each kind, and a child that stands in all of them.
    fn actor(role: Role) -> (Actor, Place) {
        let town = "610902104".parse().unwrap();
        let (village, school, class) =
            ("铁沟村".to_owned(), "五里小学".to_owned(), "三年级一班".to_owned());
        let areas = Areas {
            towns: [town].into(),
            villages: [(town, village.clone())].into(),
            schools: [school.clone()].into(),
            classes: [(school.clone(), class.clone())].into(),
            ..Areas::default()
        };
        let actor = Actor { account: 1, role, areas, state: State::Active, factor: Factor::Fresh };
        let place = Place {
            town: Some(town),
            village: Some(village),
            school: Some(school),
            class: Some(class),
        };
        (actor, place)
    }

    /// The policies without one of them.
    fn without(name: &str) -> Engine {
        let mut engine = Engine::new(&POLICIES.concat()).unwrap();
        engine.policies.remove_static(PolicyId::new(name)).unwrap();
        engine
    }

    #[test]
    fn t24_the_policy_named_is_the_one_that_permits() {
        let mut n_allowed = 0;
        let mut engines = std::collections::HashMap::new();
        for role in Role::ALL {
            let (actor, place) = actor(*role);
            for action in Action::ALL {
                for resource in
                    [Resource::Child(place.clone()), Resource::County, Resource::Account(2)]
                {
                    let decision = decide(&actor, *action, &resource);
                    if !decision.allowed {
                        continue;
                    }
                    n_allowed += 1;
                    let [name] = decision.policies.as_slice() else {
                        panic!("{role:?} {action:?}: {decision:?}")
                    };
                    let engine = engines.entry(name.clone()).or_insert_with(|| without(name));
                    let refused = engine.decide(&actor, *action, &resource).unwrap();
                    assert!(!refused.allowed, "{role:?} {action:?} without {name}");
                }
            }
        }
        assert!(n_allowed > 100, "{n_allowed}");
    }

    #[test]
    fn t21_forbid_wins_over_whatever_permits() {
        let all = "@id(\"all\") permit (principal, action, resource);";
        let engine = Engine::new(&format!("{}{all}", POLICIES[0])).unwrap();
        for role in Role::ALL {
            let (actor, place) = actor(*role);
            let child = Resource::Child(place);
            let decide = |actor: &Actor| engine.decide(actor, Action::ReadChild, &child).unwrap();
            assert_eq!(decide(&actor).allowed, !role.is_administrator(), "{role:?}");
            for state in [State::Suspended, State::Unconfirmed, State::Expired] {
                assert!(!decide(&Actor { state, ..actor.clone() }).allowed);
            }
            let bare = Actor { factor: Factor::None, ..actor.clone() };
            assert_eq!(decide(&bare).allowed, !role.is_county_wide(), "{role:?}");
        }
    }

    #[test]
    fn t21_a_policy_with_a_mistake_is_refused_at_start() {
        for wrong in [
            "@id(\"a\") permit (principal, action, resource) when { principal.rôle == 1 };",
            "@id(\"a\") permit (principal, action, resource) when { principal.towm == \"x\" };",
            "@id(\"a\") permit (principal, action, resource) when { principal.role == Role::\"mayor\" };",
            "@id(\"a\") permit (principal, action == Action::\"ReadChildren\", resource);",
            "@id(\"a\") permit (principal, action, resource is Child) when { resource.town == \"x\" };",
            "permit (principal, action, resource);",
            "@id(\"a\") permit (principal, action, resource); @id(\"a\") permit (principal, action, resource);",
            "permit",
        ] {
            assert!(Engine::new(wrong).is_err(), "{wrong}");
        }
    }
}
