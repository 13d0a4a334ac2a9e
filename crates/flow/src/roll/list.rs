//! Lists of children: who may see them, which are wanted, in which order.

use std::cmp::Ordering;

use baoxue_claim::ChildId;

use super::{Counts, Entry, Filter, Found, Population, Roll, Sort, words::Sought};

impl Roll {
    /// A page of the children that the reader may see (`visible`) and that are wanted.
    ///
    /// Who may see whom is asked before anything is counted, so that no number tells of a child of somebody else (T-20).
    pub fn find(
        &self,
        visible: &dyn Fn(&Entry) -> bool,
        filter: &Filter,
        (first, size): (usize, usize),
    ) -> Found<'_> {
        let (hits, found) = self.hits(visible, filter);
        let entries = self.page(hits, filter.sort, (first, size));
        Found { entries, ..found }
    }

    /// The same list from behind a child on (keyset): a child that comes or goes meanwhile shifts nothing. `None` when the
    /// reader may not see the child behind which it goes on, so that nobody asks where a foreign child stands (T-20).
    pub fn find_after(
        &self,
        visible: &dyn Fn(&Entry) -> bool,
        filter: &Filter,
        (after, size): (Option<ChildId>, usize),
    ) -> Option<Found<'_>> {
        let (mut hits, found) = self.hits(visible, filter);
        if let Some(child) = after {
            let at = self.at(child)?;
            if !visible(&self.entries[at]) {
                return None;
            }
            hits.retain(|hit| self.order(at, *hit, filter.sort) == Ordering::Less);
        }
        let entries = self.page(hits, filter.sort, (0, size));
        Some(Found { entries, ..found })
    }

    /// The children that are wanted, in no order, with what is counted of them.
    fn hits(&self, visible: &dyn Fn(&Entry) -> bool, filter: &Filter) -> (Vec<usize>, Found<'_>) {
        let sought = Sought::new(&filter.typed);
        let mut counts = Counts::default();
        let mut hits: Vec<usize> = Vec::new();
        let mut n_visible = 0;
        for (at, entry) in self.entries.iter().enumerate() {
            let wanted = filter.population == Population::Everybody || entry.of_age;
            if !wanted || !visible(entry) {
                continue;
            }
            n_visible += 1;
            let typed = sought.as_ref().is_none_or(|sought| sought.finds(&self.words[at]));
            let hit = filter.hits(entry, typed);
            counts.count(entry, &hit);
            if hit.all() {
                hits.push(at);
            }
        }
        let total = hits.len();
        (hits, Found { entries: Vec::new(), total, visible: n_visible, counts })
    }

    fn page(&self, mut hits: Vec<usize>, sort: Sort, (first, size): (usize, usize)) -> Vec<&Entry> {
        let last = first.saturating_add(size).min(hits.len());
        let order = |one: &usize, other: &usize| self.order(*one, *other, sort);
        // Of a hundred thousand lines only the page must be in order.
        if last < hits.len() && last > 0 {
            hits.select_nth_unstable_by(last - 1, order);
            hits.truncate(last);
        }
        hits.sort_unstable_by(order);
        hits.into_iter().skip(first).take(size).map(|at| &self.entries[at]).collect()
    }

    fn order(&self, one: usize, other: usize, sort: Sort) -> Ordering {
        let (a, b) = (&self.entries[one], &self.entries[other]);
        let name = || self.words[one].sort_key().cmp(self.words[other].sort_key());
        let due = || (a.due().is_none(), a.due()).cmp(&(b.due().is_none(), b.due()));
        let place = || (a.town, &a.village, a.group).cmp(&(b.town, &b.village, b.group));
        let first = match sort {
            Sort::Urgency => a.kind().cmp(&b.kind()).then_with(due).then_with(name),
            Sort::Name => name(),
            Sort::Place => place().then_with(name),
            Sort::Due => due().then_with(name),
            Sort::Birth => b.birth.cmp(&a.birth).then_with(name),
        };
        first.then_with(|| a.child.cmp(&b.child))
    }
}

/// The table of roles and rights as the tests of the policies read it.
#[cfg(test)]
#[path = "../../../authz/tests/oracle/plain.rs"]
mod plain;

#[cfg(test)]
mod tests {
    use baoxue_authz::{Actor, Areas, Factor, Place, Resource, Role, State, decide, scope};
    use proptest::{collection::vec, option, prelude::*, sample::select};

    use super::*;
    use crate::roll::entry::tests::plain_entry;

    const TOWNS: [&str; 3] = ["610902104", "610902105", "610902001"];
    /// Villages of the same name stand in several towns; a name may be missing.
    const NAMES: [&str; 4] = ["铁沟村", "江北", "五里小学", ""];

    fn name() -> impl Strategy<Value = String> {
        select(&NAMES[..]).prop_map(str::to_owned)
    }

    fn place() -> impl Strategy<Value = Place> {
        let town = option::of(select(&TOWNS[..]).prop_map(|code| code.parse().unwrap()));
        (town, option::of(name()), option::of(name()), option::of(name()))
            .prop_map(|(town, village, school, class)| Place { town, village, school, class })
    }

    /// An account whose areas are some of the places that children stand in.
    fn actor() -> impl Strategy<Value = Actor> {
        let state = prop_oneof![8 => Just(State::Active), 1 => select(&State::ALL[..])];
        let factor = select(&[Factor::None, Factor::AtSignIn, Factor::Fresh][..]);
        (select(Role::ALL), vec(place(), 0..3), state, factor).prop_map(
            |(role, places, state, factor)| {
                let mut areas = Areas::default();
                for Place { town, village, school, class } in places {
                    areas.towns.extend(town);
                    areas.villages.extend(town.zip(village));
                    areas.classes.extend(school.clone().zip(class));
                    areas.schools.extend(school);
                }
                Actor { account: 1, role, areas, state, factor }
            },
        )
    }

    fn roll(places: &[Place]) -> Roll {
        let entry = |(n, place): (usize, &Place)| {
            let Place { town, village, school, class } = place.clone();
            let plain = plain_entry(u32::try_from(n).unwrap());
            let [village, school, class] =
                [village, school, class].map(|name| name.map(Into::into));
            Entry { town, village, school, class, of_age: n % 5 > 0, quarrel: n % 3 > 0, ..plain }
        };
        Roll::of_entries(places.iter().enumerate().map(entry).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

        /// The rows that lists, counts and maps show are those that a plain reading of the table of rights permits, one by
        /// one; the policies say the same of each.
        #[test]
        fn t21_rows_of_a_list_are_those_that_the_oracle_permits(
            places in vec(place(), 0..60),
            actor in actor(),
            action in select(baoxue_authz::Action::ALL),
        ) {
            let roll = roll(&places);
            let permitted: Vec<ChildId> = roll
                .entries()
                .iter()
                .filter(|entry| plain::oracle(&actor, action, &Resource::Child(entry.place())))
                .map(|entry| entry.child)
                .collect();
            let scope = scope(&actor, action);
            let visible = |entry: &Entry| scope.sees(entry.standing());
            let filter = Filter { population: Population::Everybody, ..Filter::default() };
            let found = roll.find(&visible, &filter, (0, places.len()));
            let mut rows: Vec<ChildId> = found.entries.iter().map(|entry| entry.child).collect();
            rows.sort_unstable();
            prop_assert_eq!(&rows, &permitted);
            prop_assert_eq!((found.total, found.visible), (permitted.len(), permitted.len()));
            let day = chrono::NaiveDate::MIN;
            prop_assert_eq!(roll.figures(&visible, day).everybody, permitted.len());
            for entry in roll.entries() {
                let allowed = decide(&actor, action, &Resource::Child(entry.place())).allowed;
                prop_assert_eq!(allowed, permitted.contains(&entry.child));
            }
        }

        /// Page after page gives the list whole, whatever the size; behind a foreign child there is nothing.
        #[test]
        fn pages_behind_a_child_give_the_whole_list_once(
            places in vec(place(), 0..60),
            size in 1_usize..20,
            sort in select(&[Sort::Urgency, Sort::Name, Sort::Place, Sort::Due, Sort::Birth][..]),
        ) {
            let roll = roll(&places);
            let visible = |entry: &Entry| entry.quarrel;
            let filter = Filter { sort, ..Filter::default() };
            let whole = roll.find(&visible, &filter, (0, places.len()));
            let mut told: Vec<ChildId> = Vec::new();
            while let Some(found) = roll.find_after(&visible, &filter, (told.last().copied(), size)) {
                prop_assert_eq!(found.total, whole.total);
                if found.entries.is_empty() {
                    break;
                }
                told.extend(found.entries.iter().map(|entry| entry.child));
            }
            prop_assert_eq!(told, whole.entries.iter().map(|e| e.child).collect::<Vec<_>>());
            for foreign in roll.entries().iter().filter(|entry| !visible(entry)) {
                let page = roll.find_after(&visible, &filter, (Some(foreign.child), size));
                prop_assert!(page.is_none());
            }
        }
    }
}
