//! Children who are easily taken for each other, live where they are not registered, or are registered twice or never.

use std::collections::HashMap;

use chrono::{Datelike, Months};

use super::{
    people::{Child, Household, Maker},
    place::neighbour,
    story::Story,
};

/// Adds children of other counties who are on a roll here: one in forty.
pub(super) fn outsiders(
    maker: &mut Maker<'_>,
    households: &mut Vec<Household>,
    children: &mut Vec<Child>,
) {
    let n = children.len() / 40;
    let (mut new_households, mut new_children) = maker.people(n * 3);
    let (first_household, mut added) = (households.len(), 0);
    for household in &mut new_households {
        household.poor = false;
        household.children.clear();
    }
    for mut child in new_children.drain(..) {
        if added == n || !(1..=8).contains(&child.grade) {
            continue;
        }
        let county = neighbour(&mut maker.chance);
        child.id = maker.id(county.1, child.birth, child.male);
        child.outside = Some(county);
        child.registered = false;
        child.twin = false;
        child.left_behind = false;
        child.story = Story::Pupil;
        new_households[child.household].children.push(children.len());
        child.household += first_household;
        children.push(child);
        added += 1;
    }
    households.append(&mut new_households);
}

/// Gives pairs of children the same name: of one surname and sex in different households, half of them born on the same
/// day. Eight pairs in 3,000 children.
pub(super) fn namesakes(maker: &mut Maker<'_>, children: &mut [Child]) {
    let mut wanted = children.len().div_ceil(375);
    let mut waiting: HashMap<(char, bool), usize> = HashMap::new();
    let mut order: Vec<usize> = (0..children.len()).collect();
    maker.chance.shuffle(&mut order);
    for at in order {
        if wanted == 0 {
            return;
        }
        let child = &children[at];
        let free = !child.twin && child.seed.is_none() && child.registered && !child.rare;
        let Some(surname) = child.name.chars().next() else { continue };
        if !free || child.name.contains('·') || child.grade < 1 {
            continue;
        }
        let key = (surname, child.male);
        let Some(other) = waiting.remove(&key) else {
            waiting.insert(key, at);
            continue;
        };
        let apart = children[other].household != child.household;
        let near = children[other].grade == child.grade;
        if !apart || !near {
            waiting.insert(key, at);
            continue;
        }
        rename(maker, children, (other, at));
        wanted -= 1;
    }
}

fn rename(maker: &mut Maker<'_>, children: &mut [Child], (like, at): (usize, usize)) {
    let (name, birth) = (children[like].name.clone(), children[like].birth);
    children[like].namesake = true;
    let child = &mut children[at];
    child.name = name;
    child.namesake = true;
    if maker.chance.hit(0.5) {
        child.birth = birth;
        child.id = maker.id(&child.id[..6], birth, child.male);
    }
}

/// Sends one pupil in twenty-five of the rural towns to live, and be surveyed, in another town, mostly a street office.
pub(super) fn movers(maker: &mut Maker<'_>, households: &[Household], children: &mut [Child]) {
    let places = &maker.geography.places;
    let streets: Vec<usize> = (0..places.len()).filter(|at| places[*at].street).collect();
    let all: Vec<usize> = (0..places.len()).collect();
    for child in children.iter_mut() {
        let home = households[child.household].town;
        let plain = child.story == Story::Pupil && child.registered && !child.twin;
        if !plain || places[home].street || !maker.chance.hit(0.055) {
            continue;
        }
        let towns = if streets.is_empty() { &all } else { &streets };
        let town = *maker.chance.pick(towns);
        child.lives_in = (town != home).then_some(town);
    }
}

/// Takes the registration from the children whose story says so.
pub(super) fn unregistered(children: &mut [Child]) {
    for child in children.iter_mut().filter(|child| child.story == Story::NoHousehold) {
        child.registered = false;
        child.id.clear();
        child.rare = false;
    }
}

/// Registers eight pupils in 3,000 a second time, in another village, half of them with another day of birth.
pub(super) fn duplicates(
    maker: &mut Maker<'_>,
    households: &mut Vec<Household>,
    children: &mut Vec<Child>,
) {
    let n = children.len().div_ceil(375);
    let mut order: Vec<usize> = (0..children.len())
        .filter(|at| {
            let child = &children[*at];
            let plain = !child.twin && !child.namesake && child.lives_in.is_none();
            child.story == Story::Pupil && child.registered && plain && !child.rare
        })
        .collect();
    maker.chance.shuffle(&mut order);
    for original in order.into_iter().take(n) {
        let mut child = children[original].clone();
        let mut household = households[child.household].clone();
        household.town = maker.geography.draw_town(&mut maker.chance);
        household.village = maker.geography.draw_village(household.town, &mut maker.chance);
        household.poor = false;
        household.children = vec![children.len()];
        let village = &maker.geography.places[household.town].villages[household.village];
        household.number = format!("{}{:05}", village.code, households.len() % 100_000);
        if maker.chance.hit(0.5) {
            let moved = if child.birth.year() % 2 == 0 { 1 } else { 12 };
            child.birth = child.birth.checked_add_months(Months::new(moved)).unwrap_or(child.birth);
        }
        child.grade = maker.calendar.grade(child.birth);
        child.id = maker.id(&child.id[..6], child.birth, child.male);
        child.household = households.len();
        child.alias_of = Some(original);
        child.story = Story::Duplicate;
        child.seed = None;
        households.push(household);
        children.push(child);
    }
}
