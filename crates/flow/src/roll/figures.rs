//! The figures of a map: children by town and status, and which sources contradict each other, in one pass.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};

use baoxue_authz::Scope;
use baoxue_claim::{ChildId, TownCode};
use chrono::NaiveDate;

use super::{Entry, Filter, Roll, Said, Tally};

/// The sources of the strip that say whether a child is in school: all but the first, the population register, which
/// knows the child and no more.
pub const TALKERS: Range<usize> = 1..8;

/// What a reader's map counts. Each number is the length of a list of [`Roll::find`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapFigures {
    /// Every child that any file mentions.
    pub everybody: usize,
    /// Of compulsory age.
    pub whole: Tally,
    /// The same by town; `None` where no source tells. The towns add up to the whole.
    pub towns: BTreeMap<Option<TownCode>, Tally>,
    /// Of compulsory age, with something due before the day.
    pub overdue: usize,
    /// Of the children with a quarrel: pairs of sources of the strip that say different things. A child may stand under
    /// several.
    pub pairs: BTreeMap<(usize, usize), usize>,
}

impl Entry {
    /// Whether two sources of the strip both say something of whether the child is in school, and not the same.
    pub fn differs(&self, one: usize, other: usize) -> bool {
        let said = |at: usize| {
            let cell = self.strip.get(at).filter(|_| TALKERS.contains(&at));
            cell.map(|cell| cell.said).filter(|said| *said != Said::Nothing)
        };
        said(one).zip(said(other)).is_some_and(|(one, other)| one != other)
    }
}

impl Tally {
    fn count(&mut self, entry: &Entry) {
        self.of_age += 1;
        self.quarrels += usize::from(entry.quarrel);
        *self.kinds.entry(entry.kind()).or_default() += 1;
    }
}

impl MapFigures {
    fn count(&mut self, entry: &Entry, today: NaiveDate) {
        self.everybody += 1;
        if !entry.of_age {
            return;
        }
        self.whole.count(entry);
        self.towns.entry(entry.town).or_default().count(entry);
        self.overdue += usize::from(entry.due().is_some_and(|due| due < today));
        if !entry.quarrel {
            return;
        }
        for one in TALKERS {
            for other in one + 1..TALKERS.end {
                if entry.differs(one, other) {
                    *self.pairs.entry((one, other)).or_default() += 1;
                }
            }
        }
    }
}

/// What was counted and looked up of a run, for each part of the county that somebody sees.
#[derive(Debug, Default)]
pub(super) struct Counted {
    figures: Mutex<BTreeMap<(Scope, NaiveDate), Arc<MapFigures>>>,
    firsts: Mutex<BTreeMap<Scope, Kept>>,
}

/// How long each of some lists is, and its first children.
pub type Firsts = Vec<(usize, Vec<ChildId>)>;

#[derive(Debug)]
struct Kept {
    lists: Vec<Filter>,
    n: usize,
    found: Arc<Firsts>,
}

/// Parts of a county that are kept counted: some thousand bytes each. More accounts than that have areas of their own in no
/// county; then counting begins anew.
const N_COUNTED: usize = 1000;

impl Roll {
    /// What a reader's map counts: once for each run and scope, since lines never change within a run.
    pub fn figures_of(&self, scope: &Scope, today: NaiveDate) -> Arc<MapFigures> {
        let key = (scope.clone(), today);
        // The lock is not held while counting; a lock that a panic left behind still holds whole values.
        let known = || self.counted.figures.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(figures) = known().get(&key) {
            return Arc::clone(figures);
        }
        let figures = Arc::new(self.figures(&|entry| scope.sees(entry.standing()), today));
        let mut known = known();
        if known.len() >= N_COUNTED {
            known.clear();
        }
        known.insert(key, Arc::clone(&figures));
        figures
    }

    /// How long each list is and its first `n` children: what a day's work begins with, asked for with the same lists again and
    /// again, so it is kept for each scope.
    pub fn firsts(&self, scope: &Scope, lists: &[Filter], n: usize) -> Arc<Firsts> {
        let known = || self.counted.firsts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = known().get(scope).filter(|kept| kept.lists == lists && kept.n == n) {
            return Arc::clone(&kept.found);
        }
        let first = |filter: &Filter| {
            let found = self.find(&|entry| scope.sees(entry.standing()), filter, (0, n));
            (found.total, found.entries.iter().map(|entry| entry.child).collect())
        };
        let found: Arc<Firsts> = Arc::new(lists.iter().map(first).collect());
        let mut known = known();
        if known.len() >= N_COUNTED {
            known.clear();
        }
        known.insert(scope.clone(), Kept { lists: lists.to_vec(), n, found: Arc::clone(&found) });
        found
    }

    /// Counts the children that the reader may see. Who may see whom is asked before anything is counted (T-20).
    pub fn figures(&self, visible: &dyn Fn(&Entry) -> bool, today: NaiveDate) -> MapFigures {
        let mut figures = MapFigures::default();
        self.entries().iter().filter(|e| visible(e)).for_each(|e| figures.count(e, today));
        figures
    }

    /// The children of compulsory age that the reader may see, by status.
    pub fn tally(&self, visible: &dyn Fn(&Entry) -> bool) -> Tally {
        let mut tally = Tally::default();
        let seen = self.entries().iter().filter(|entry| entry.of_age && visible(entry));
        seen.for_each(|entry| tally.count(entry));
        tally
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use baoxue_claim::VerdictCode;

    use super::*;
    use crate::{Group, Kind, Sort, StripCell, roll::entry::tests::plain_entry};

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 8, n).unwrap()
    }

    /// A child that two sources may quarrel about; every fifth is not of age, every seventh of no town.
    fn entry(n: u32) -> Entry {
        let code = VerdictCode::ALL[n as usize % VerdictCode::ALL.len()];
        let said = |said| StripCell { said, old: false };
        let mut strip = [StripCell::default(); 8];
        strip[0] = said(Said::In);
        strip[1] = said(if n.is_multiple_of(2) { Said::In } else { Said::Out });
        strip[2] = said(if n.is_multiple_of(3) { Said::Out } else { Said::In });
        Entry {
            town: (!n.is_multiple_of(7)).then(|| format!("61090200{}", n % 4).parse().unwrap()),
            code,
            of_age: !n.is_multiple_of(5) && Kind::of(code) != Kind::Gone,
            quarrel: n.is_multiple_of(4),
            answer_by: n.is_multiple_of(4).then(|| day(1 + n % 30)),
            strip,
            ..plain_entry(n)
        }
    }

    fn roll() -> Roll {
        Roll::of_entries((0..200).map(entry).collect())
    }

    #[test]
    fn what_is_kept_counted_is_what_would_be_counted_for_that_reader() {
        let (roll, towns) = (roll(), ["610902001", "610902002"].map(|code| code.parse().unwrap()));
        let of = |towns: &[TownCode]| Scope::Places {
            towns: towns.iter().copied().collect(),
            villages: BTreeSet::new(),
            schools: BTreeSet::new(),
            classes: BTreeSet::new(),
        };
        let scopes = [Scope::All, of(&towns[..1]), of(&towns), Scope::Nothing];
        for _ in 0..2 {
            for scope in &scopes {
                for today in [day(3), day(15)] {
                    let anew = roll.figures(&|entry| scope.sees(entry.standing()), today);
                    assert_eq!(*roll.figures_of(scope, today), anew);
                }
            }
        }
        let one = roll.figures_of(&scopes[1], day(3));
        assert!(Arc::ptr_eq(&one, &roll.figures_of(&scopes[1].clone(), day(3))));
        assert!(one.everybody > 0 && one.everybody < roll.figures_of(&scopes[2], day(3)).everybody);
    }

    #[test]
    fn what_is_kept_of_lists_is_their_length_and_beginning_for_that_reader() {
        let (roll, town) = (roll(), "610902001".parse().unwrap());
        let of_town = Scope::Places {
            towns: [town].into(),
            villages: BTreeSet::new(),
            schools: BTreeSet::new(),
            classes: BTreeSet::new(),
        };
        let due = |n| Filter { due_by: Some(day(n)), sort: Sort::Due, ..Filter::default() };
        let kinds = Filter { kinds: vec![Kind::Out], ..Filter::default() };
        for _ in 0..2 {
            for scope in [&Scope::All, &of_town, &Scope::Nothing] {
                for lists in [vec![kinds.clone(), due(9)], vec![due(20)], Vec::new()] {
                    let told = roll.firsts(scope, &lists, 3);
                    assert_eq!(told.len(), lists.len());
                    for ((total, first), filter) in told.iter().zip(&lists) {
                        let visible = |entry: &Entry| scope.sees(entry.standing());
                        let found = roll.find(&visible, filter, (0, 3));
                        let anew: Vec<_> = found.entries.iter().map(|e| e.child).collect();
                        assert_eq!((*total, first), (found.total, &anew));
                    }
                }
            }
        }
        let lists = [kinds];
        let one = roll.firsts(&of_town, &lists, 3);
        assert!(Arc::ptr_eq(&one, &roll.firsts(&of_town, &lists, 3)));
        assert!(one[0].0 < roll.firsts(&Scope::All, &lists, 3)[0].0);
    }

    #[test]
    fn every_number_is_the_length_of_its_list_and_towns_add_up() {
        let (roll, today) = (roll(), day(15));
        let visible = |entry: &Entry| entry.child.0 % 3 != 0;
        let figures = roll.figures(&visible, today);
        let total = |filter: Filter| roll.find(&visible, &filter, (0, 1)).total;
        assert_eq!(figures.whole, roll.tally(&visible));
        assert_eq!(total(Filter::default()), figures.whole.of_age);
        assert_eq!(figures.whole.kinds.values().sum::<usize>(), figures.whole.of_age);
        for (kind, n) in &figures.whole.kinds {
            assert_eq!(total(Filter { kinds: vec![*kind], ..Filter::default() }), *n);
            let of_towns = figures.towns.values().filter_map(|town| town.kinds.get(kind));
            assert_eq!(of_towns.sum::<usize>(), *n);
        }
        for (town, tally) in &figures.towns {
            let towns = town.iter().copied().collect();
            let filter = Filter { towns, no_town: town.is_none(), ..Filter::default() };
            assert_eq!(total(filter), tally.of_age);
        }
        let overdue = Filter { due_by: today.pred_opt(), ..Filter::default() };
        assert_eq!(total(overdue), figures.overdue);
        assert!(figures.overdue > 0 && !figures.pairs.is_empty());
        for (pair, n) in &figures.pairs {
            let groups = vec![Group::Quarrel];
            assert_eq!(total(Filter { groups, pair: Some(*pair), ..Filter::default() }), *n);
        }
    }
}
