//! Values as the policies see them; the words are those of `policies/schema.cedarschema`.

use std::collections::{HashMap, HashSet};

use cedar_policy::{
    Entities, Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression as Value,
};

use crate::{Action, Actor, Factor, Place, PolicyError, Resource};

/// The uid of an entity of a type of the schema.
fn uid(kind: &str, id: &str) -> Result<EntityUid, PolicyError> {
    let kind: EntityTypeName = kind.parse().map_err(PolicyError::of)?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

pub(crate) fn action(action: Action) -> Result<EntityUid, PolicyError> {
    uid("Action", action.name())
}

fn text(text: &str) -> Value {
    Value::new_string(text.to_owned())
}

fn pair(keys: [&str; 2], values: [&str; 2]) -> Result<Value, PolicyError> {
    let fields = keys.into_iter().map(str::to_owned).zip(values.into_iter().map(text));
    Value::new_record(fields).map_err(PolicyError::of)
}

fn village(town: &str, name: &str) -> Result<Value, PolicyError> {
    pair(["town", "name"], [town, name])
}

fn class(school: &str, name: &str) -> Result<Value, PolicyError> {
    pair(["school", "name"], [school, name])
}

/// The entity that asks.
pub(crate) fn account(actor: &Actor) -> Result<Entity, PolicyError> {
    let areas = &actor.areas;
    let villages = areas.villages.iter().map(|(town, name)| village(&town.to_string(), name));
    let classes = areas.classes.iter().map(|(school, name)| class(school, name));
    let factor = match actor.factor {
        Factor::None => 0,
        Factor::AtSignIn => 1,
        Factor::Fresh => 2,
    };
    let mut fields = HashMap::from([
        ("account", Value::new_long(actor.account)),
        ("role", Value::new_entity_uid(uid("Role", actor.role.word())?)),
        ("state", Value::new_entity_uid(uid("State", actor.state.word())?)),
        ("factor", Value::new_long(factor)),
        ("wide", Value::new_bool(actor.is_wide())),
        ("towns", Value::new_set(areas.towns.iter().map(|town| text(&town.to_string())))),
        ("villages", Value::new_set(villages.collect::<Result<Vec<_>, _>>()?)),
        ("schools", Value::new_set(areas.schools.iter().map(|school| text(school)))),
        ("classes", Value::new_set(classes.collect::<Result<Vec<_>, _>>()?)),
        ("sources", Value::new_set(areas.sources.iter().map(|source| text(source.name())))),
    ]);
    if let Some(unit) = actor.unit() {
        fields.insert("unit", text(&unit));
    }
    entity(uid("Account", &actor.account.to_string())?, fields)
}

fn entity(uid: EntityUid, fields: HashMap<&str, Value>) -> Result<Entity, PolicyError> {
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Entity::new(uid, fields, HashSet::new()).map_err(PolicyError::of)
}

/// A name that is there and not empty.
fn named(name: Option<&String>) -> Option<&str> {
    name.map(String::as_str).filter(|name| !name.is_empty())
}

fn place(place: &Place) -> Result<HashMap<&'static str, Value>, PolicyError> {
    let mut fields = HashMap::new();
    if let Some(town) = place.town {
        let town = town.to_string();
        if let Some(name) = named(place.village.as_ref()) {
            fields.insert("village", village(&town, name)?);
        }
        fields.insert("town", text(&town));
    }
    if let Some(school) = named(place.school.as_ref()) {
        if let Some(name) = named(place.class.as_ref()) {
            fields.insert("class", class(school, name)?);
        }
        fields.insert("school", text(school));
    }
    Ok(fields)
}

/// The entity it is about.
pub(crate) fn resource(resource: &Resource) -> Result<Entity, PolicyError> {
    let optional = |name, value: Option<&str>| value.map(|value| (name, text(value)));
    let (kind, fields) = match resource {
        Resource::Child(at) => ("Child", place(at)?),
        Resource::County => ("County", HashMap::new()),
        Resource::File { source, town, school } => {
            let town = town.map(|town| town.to_string());
            let fields = [("source", text(source.name()))]
                .into_iter()
                .chain(optional("town", town.as_deref()))
                .chain(optional("school", named(school.as_ref())));
            ("File", fields.collect())
        }
        Resource::Export { requester } => {
            ("Export", HashMap::from([("requester", Value::new_long(*requester))]))
        }
        Resource::Task { unit } => {
            ("Task", optional("unit", named(unit.as_ref())).into_iter().collect())
        }
        Resource::Account(account) => {
            ("Person", HashMap::from([("account", Value::new_long(*account))]))
        }
        Resource::Log { account, unit } => {
            let fields = [("account", Value::new_long(*account))]
                .into_iter()
                .chain(optional("unit", named(unit.as_ref())));
            ("Log", fields.collect())
        }
    };
    entity(uid(kind, "it")?, fields)
}

/// All that a request speaks of.
pub(crate) fn all(actor: Entity, resource: Entity) -> Result<Entities, PolicyError> {
    Entities::from_entities([actor, resource], None).map_err(PolicyError::of)
}
