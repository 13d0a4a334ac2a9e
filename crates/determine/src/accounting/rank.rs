//! The order of towns that rewards truth: what others had to find counts against a town, what it finds itself never does.

use super::{ReportState, TownAccount};

/// A town with its place. Its components stand in its account: there is no score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranked<'t> {
    /// From 1; towns that are alike share one. `None` for a town that has sent nothing, of which 0 would be a guess, and for
    /// children of no town.
    pub place: Option<u32>,
    /// The town.
    pub town: &'t TownAccount,
}

/// Towns in their order, the best first: fewer children whom others alone found, then fewer whom others found first, then
/// fewer wrong listings. Children whom a town found itself are in none of these. Towns that have sent nothing come after
/// all that have: silence is no way up.
pub fn ranked(towns: &[TownAccount]) -> Vec<Ranked<'_>> {
    let mut order: Vec<&TownAccount> = towns.iter().collect();
    order.sort_by_key(|a| (unranked(a), against(a), a.town));
    let mut placed: Vec<Ranked<'_>> = Vec::with_capacity(order.len());
    for (before, town) in (0u32..).zip(order) {
        let alike = placed.last().filter(|last| against(last.town) == against(town));
        let place = alike.map_or(Some(before + 1), |last| last.place);
        placed.push(Ranked { place: place.filter(|_| !unranked(town)), town });
    }
    placed
}

/// What counts against a town, the gravest first.
const fn against(town: &TownAccount) -> [u32; 3] {
    [town.missed, town.found_later, town.wrong]
}

fn unranked(town: &TownAccount) -> bool {
    town.report == ReportState::None || town.town.is_none()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// How a town deals with one of its children who are out of school.
    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Dealt {
        /// Names it before anybody else.
        Names,
        /// Names it after somebody else has.
        NamesLater,
        /// Hides it, and others find it.
        HidesInVain,
        /// Hides it, and nobody has found it yet.
        Hides,
    }

    fn dealt() -> impl Strategy<Value = Dealt> {
        let all = [Dealt::Names, Dealt::NamesLater, Dealt::HidesInVain, Dealt::Hides];
        proptest::sample::select(all.to_vec())
    }

    /// What is known of a town that sends its lists.
    fn account(n: usize, children: &[Dealt]) -> TownAccount {
        let count =
            |of: Dealt| u32::try_from(children.iter().filter(|d| **d == of).count()).unwrap();
        let (first, later) = (count(Dealt::Names), count(Dealt::NamesLater));
        let missed = count(Dealt::HidesInVain);
        let report = if first + later > 0 { ReportState::Named } else { ReportState::Zero };
        let town = format!("9900011{n:02}").parse().ok();
        TownAccount {
            town,
            report,
            out: first + later + missed,
            found_first: first,
            found_later: later,
            missed,
            ..TownAccount::default()
        }
    }

    /// How many towns stand before the first one.
    fn place(towns: &[Vec<Dealt>]) -> u32 {
        let accounts: Vec<TownAccount> =
            towns.iter().enumerate().map(|(n, children)| account(n, children)).collect();
        let first = ranked(&accounts).into_iter().find(|r| r.town.town == accounts[0].town);
        first.unwrap().place.unwrap()
    }

    proptest! {
        #[test]
        fn hiding_lowers_a_town_once_found_and_finding_never_does(
            towns in prop::collection::vec(prop::collection::vec(dealt(), 0..12), 2..10),
            n_hidden in 1usize..6,
        ) {
            let before = place(&towns);
            let with = |dealt: Dealt| {
                let mut towns = towns.clone();
                towns[0].extend(std::iter::repeat_n(dealt, n_hidden));
                towns
            };
            // Naming its own costs nothing, however many they are.
            prop_assert_eq!(place(&with(Dealt::Names)), before);
            // Hiding gains nothing while it lasts, and lowers the town when others find the children.
            prop_assert_eq!(place(&with(Dealt::Hides)), before);
            prop_assert!(place(&with(Dealt::HidesInVain)) >= before);
            prop_assert!(place(&with(Dealt::NamesLater)) >= before);
            // Whoever names what others found stands no worse than who goes on hiding it.
            prop_assert!(place(&with(Dealt::NamesLater)) <= place(&with(Dealt::HidesInVain)));
            // Against a twin that named the same children, who hid them stands strictly below.
            let mut twins = with(Dealt::HidesInVain);
            twins.push(with(Dealt::Names)[0].clone());
            let twin: Vec<Vec<Dealt>> = twins.iter().rev().cloned().collect();
            prop_assert!(place(&twins) > place(&twin));
        }

        #[test]
        fn the_order_in_which_towns_are_given_changes_nothing(
            towns in prop::collection::vec(prop::collection::vec(dealt(), 0..12), 2..10),
        ) {
            let accounts: Vec<TownAccount> =
                towns.iter().enumerate().map(|(n, of)| account(n, of)).collect();
            let turned: Vec<TownAccount> = accounts.iter().rev().cloned().collect();
            prop_assert_eq!(ranked(&accounts), ranked(&turned));
        }
    }

    #[test]
    fn a_town_that_sent_nothing_has_no_place_and_stands_below_all_that_did() {
        let worst = account(1, &[Dealt::HidesInVain; 9]);
        let silent = TownAccount { report: ReportState::None, ..account(2, &[]) };
        let unknown = TownAccount { town: None, ..account(3, &[Dealt::HidesInVain]) };
        let towns = [silent, unknown, worst];
        let order: Vec<_> = ranked(&towns).iter().map(|r| (r.place, r.town.missed)).collect();
        assert_eq!(order, [(Some(1), 9), (None, 0), (None, 1)]);
    }
}
