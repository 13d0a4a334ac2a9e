//! Packs that lie on each other: which rules are in force on a day and in which order, and whether the packs fit.

use std::{cmp::Reverse, collections::BTreeSet, sync::Arc};

use chrono::NaiveDate;

use super::{Pack, RuleError, layer::Layer, rule::Rule};
use crate::Settings;

impl Pack {
    /// The rules in force on the day of the settings, in the order in which evidence decides: by the county's order of
    /// groups, within a group the upper pack's first, then as the files have them; a rule that names another stands directly
    /// before it.
    pub(crate) fn in_order(&self, settings: &Settings) -> Vec<&Rule> {
        let mut rules: Vec<(usize, &Rule)> = self.on(settings.as_of).collect();
        let place = |rule: &Rule| {
            let named = |name: &String| *rule.id == **name || rule.group == *name;
            settings.order.iter().position(named).unwrap_or(usize::MAX)
        };
        rules.sort_by_key(|(layer, rule)| (rule.fallback, place(rule), Reverse(*layer)));
        let (mut moving, mut order): (Vec<&Rule>, Vec<&Rule>) = rules
            .iter()
            .map(|(_, rule)| *rule)
            .partition(|rule| rule.before.as_ref().is_some_and(|id| holds(&rules, id)));
        // Each round places those whose target is placed; there is no cycle, so the rounds end.
        while !moving.is_empty() {
            let n_before = moving.len();
            moving.retain(|rule| {
                let at = order.iter().position(|other| Some(&*other.id) == rule.before.as_deref());
                if let Some(at) = at {
                    order.insert(at, rule);
                }
                at.is_none()
            });
            if moving.len() == n_before {
                order.append(&mut moving);
            }
        }
        order
    }

    /// The rules in force on a day with the number of their pack: an upper pack's rule hides the one of the same id below,
    /// and what an upper pack switches off is not there.
    pub(crate) fn on(&self, day: NaiveDate) -> impl Iterator<Item = (usize, &Rule)> {
        let all = self.layers.iter().enumerate();
        all.flat_map(move |(at, layer)| {
            let above = &self.layers[at + 1..];
            let hidden = move |rule: &Rule| {
                above.iter().any(|upper| {
                    upper.switches_off(&rule.id, day)
                        || upper.rules.iter().any(|new| new.id == rule.id && new.in_force(day))
                })
            };
            layer
                .rules
                .iter()
                .filter(move |rule| rule.in_force(day) && !hidden(rule))
                .map(move |rule| (at, rule))
        })
    }
}

fn holds(rules: &[(usize, &Rule)], id: &str) -> bool {
    rules.iter().any(|(_, rule)| *rule.id == *id)
}

/// Faults of packs on each other: one that stands on none of those below it, a rule that hides another without saying so,
/// a name that is no rule's, rules that stand before each other in a circle.
pub(super) fn faults(layers: &[Arc<Layer>]) -> Vec<RuleError> {
    let mut errors = Vec::new();
    let mut below: BTreeSet<&str> = BTreeSet::new();
    let mut packs: Vec<&str> = Vec::new();
    for layer in layers {
        if let Some(head) = &layer.head {
            match &head.over {
                Some(over) if !packs.contains(&over.as_str()) => {
                    errors.push(head.place.error(format!(
                        "pack `{}` stands over `{over}`, which is not below it; below are: {}",
                        head.id,
                        packs.join(", ")
                    )));
                }
                None if !packs.is_empty() => errors.push(head.place.error(format!(
                    "pack `{}` lies over {}; name it with `over`",
                    head.id,
                    packs.join(", ")
                ))),
                Some(_) | None => {}
            }
            packs.push(&head.id);
        }
        errors.extend(layer.rules.iter().filter_map(|rule| {
            match (below.contains(&*rule.id), rule.replaces) {
                (true, false) => Some(rule.place.error(format!(
                    "rule `{}` is in a pack below too; write `replaces = true` or another id",
                    rule.id
                ))),
                (false, true) => {
                    Some(rule.place.error(format!(
                        "rule `{}` replaces nothing: no pack below has it",
                        rule.id
                    )))
                }
                (true, true) | (false, false) => None,
            }
        }));
        let unknown = layer.offs.iter().filter(|off| !below.contains(off.rule.as_str()));
        errors.extend(unknown.map(|off| {
            off.place.error(format!("`{}` is no rule of a pack below {}", off.rule, layer.name()))
        }));
        below.extend(layer.rules.iter().map(|rule| &*rule.id));
    }
    errors.extend(order_faults(layers));
    errors
}

/// Rules that stand before a rule that does not exist, or in a circle.
fn order_faults(layers: &[Arc<Layer>]) -> Vec<RuleError> {
    let all: Vec<&Rule> = layers.iter().flat_map(|layer| &layer.rules).collect();
    let next = |id: &str| {
        let mut named = all.iter().filter(|rule| *rule.id == *id);
        named.find_map(|rule| rule.before.as_deref())
    };
    let mut errors = Vec::new();
    for rule in &all {
        let Some(target) = rule.before.as_deref() else { continue };
        if !all.iter().any(|other| *other.id == *target) {
            let message = format!("`before`: there is no rule `{target}`");
            errors.push(rule.place.error(message));
            continue;
        }
        let mut path = vec![&*rule.id, target];
        while let Some(id) = path.last().copied().and_then(next) {
            let closed = id == &*rule.id;
            let seen = path.contains(&id);
            path.push(id);
            if closed {
                let circle = path.join(" → ");
                errors.push(rule.place.error(format!("rules stand before each other: {circle}")));
            }
            if seen {
                break;
            }
        }
    }
    errors
}
