//! Snoopers of five kinds among honest readers, and honest weeks.

use baoxue_claim::VerdictCode;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

use super::*;
use crate::roll::plain_entry;

/// The commonest surnames of the sample, about as common as they are.
const SURNAMES: [(&str, u32); 12] = [
    ("王", 8),
    ("李", 8),
    ("张", 7),
    ("刘", 6),
    ("陈", 5),
    ("杨", 4),
    ("赵", 3),
    ("黄", 3),
    ("周", 2),
    ("吴", 2),
    ("徐", 1),
    ("饶", 1),
];
const N_CHILDREN: u32 = 12_000;
const MONDAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 16).unwrap();

/// Which children somebody opens.
type Wanted<'w> = &'w dyn Fn(&mut Dice, &Entry) -> bool;

struct Dice(ChaCha8Rng);

impl Dice {
    fn below(&mut self, n: u32) -> u32 {
        self.0.next_u32() % n
    }

    fn hits(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }
}

/// A county of twelve towns with ten villages of five groups; one child in twelve gives occasion to look.
fn county(dice: &mut Dice) -> Roll {
    let all: u32 = SURNAMES.iter().map(|(_, n)| n).sum();
    let entry = |n: u32| {
        let mut at = dice.below(all);
        let of = SURNAMES.iter().find(|(_, share)| {
            let here = at < *share;
            at = at.saturating_sub(*share);
            here
        });
        let surname = of.unwrap().0;
        Entry {
            name: Some(format!("{surname}小明").into()),
            town: Some(format!("6109021{:02}", n % 12).parse().unwrap()),
            village: Some(format!("{}村", n / 12 % 10).into()),
            group: u8::try_from(n / 120 % 5).ok(),
            code: if n.is_multiple_of(13) {
                VerdictCode::Suspected
            } else {
                VerdictCode::EnrolledLocal
            },
            ..plain_entry(n)
        }
    };
    Roll::of_entries((0..N_CHILDREN).map(entry).collect())
}

fn reader(account: i64, name: &str, town: Option<u32>) -> Reader {
    let scope = town.map_or(Scope::All, |town| Scope::Places {
        towns: [format!("6109021{town:02}").parse().unwrap()].into(),
        villages: BTreeSet::new(),
        schools: BTreeSet::new(),
        classes: BTreeSet::new(),
    });
    Reader { account, name: name.to_owned(), scope }
}

fn moment(dice: &mut Dice, night: bool) -> DateTime<Utc> {
    let day = MONDAY + TimeDelta::days(i64::from(dice.below(5)));
    let hour = if night { 20 + dice.below(4) } else { 8 + dice.below(10) };
    day.and_hms_opt(hour, dice.below(60), 0).unwrap().and_utc() - EAST
}

/// Opens `n` of the children that `wanted` holds of and the reader may see.
fn opens(
    dice: &mut Dice,
    (reader, roll): (&Reader, &Roll),
    n: usize,
    (night, acts): (u32, u32),
    wanted: &dyn Fn(&mut Dice, &Entry) -> bool,
) -> Vec<StoredLook> {
    let seen: Vec<&Entry> =
        roll.entries().iter().filter(|entry| reader.scope.sees(entry.standing())).collect();
    let mut looks = Vec::new();
    let mut done = 0;
    while done < n {
        let entry = seen[dice.below(u32::try_from(seen.len()).unwrap()) as usize];
        if !wanted(dice, entry) {
            continue;
        }
        done += 1;
        let at_night = dice.hits(night);
        let at = moment(dice, at_night);
        let look = StoredLook { account: reader.account, child: entry.child, at, acted: false };
        looks.push(look);
        if dice.hits(acts) {
            looks.push(StoredLook { acted: true, ..look });
        }
    }
    looks
}

/// A hundred honest readers with habits of their own open a hundred children each: most of them children that give occasion,
/// some late, some seldom doing anything.
fn honest(dice: &mut Dice, roll: &Roll) -> (Vec<Reader>, Vec<StoredLook>) {
    let (mut readers, mut looks) = (Vec::new(), Vec::new());
    for n in 0..100_u32 {
        let (name, _) = SURNAMES[(n % 12) as usize];
        let reader = reader(i64::from(n), &format!("{name}同志"), (n % 4 > 0).then_some(n % 12));
        let (night, acts) = (dice.below(8), 30 + dice.below(50));
        let idle = 20 + dice.below(15);
        looks.extend(opens(dice, (&reader, roll), 100, (night, acts), &|dice, entry| {
            has_occasion(entry) || dice.hits(idle / 5)
        }));
        readers.push(reader);
    }
    (readers, looks)
}

#[test]
fn t25_five_snoopers_among_ten_thousand_honest_opens_are_all_named() {
    for seed in 0..8 {
        let mut dice = Dice(ChaCha8Rng::seed_from_u64(seed));
        let roll = county(&mut dice);
        let (mut readers, mut looks) = honest(&mut dice, &roll);
        assert_eq!(looks.iter().filter(|look| !look.acted).count(), 10_000);
        let family = |_: &mut Dice, entry: &Entry| entry.name.as_deref().unwrap().starts_with('饶');
        let street = |_: &mut Dice, entry: &Entry| {
            let place = place(entry);
            place == "610902103".parse().ok().map(|town| (town, "3村", Some(2)))
        };
        let work = |dice: &mut Dice, entry: &Entry| has_occasion(entry) || dice.hits(5);
        let anybody = |_: &mut Dice, _: &Entry| true;
        let idle = |_: &mut Dice, entry: &Entry| !has_occasion(entry);
        // Relatives; neighbours; at night; far more than is done about them; children of whom nothing is to be done.
        let kinds: [(usize, (u32, u32), Wanted<'_>); 5] = [
            (20, (4, 40), &family),
            (20, (4, 40), &street),
            (40, (70, 30), &work),
            (150, (4, 1), &anybody),
            (60, (4, 40), &idle),
        ];
        for (at, (n, habits, wanted)) in (1000..).zip(kinds) {
            let town = (at % 2 == 0).then_some(7);
            let snooper = reader(at, "饶同志", town);
            looks.extend(opens(&mut dice, (&snooper, &roll), n, habits, wanted));
            readers.push(snooper);
        }
        let named = unusual(&looks, &readers, &roll);
        let snoopers = named.iter().filter(|line| line.account >= 1000).count();
        assert_eq!(snoopers, 5, "seed {seed}: {named:?}");
        assert!(named.len() <= 10, "seed {seed}: {named:?}");
        let has = |account: i64, reason| {
            let line = named.iter().find(|line| line.account == account).unwrap();
            line.findings.iter().any(|finding| finding.reason == reason && finding.bits > 10.0)
        };
        let reasons = [
            Reason::OwnSurname,
            Reason::OnePlace,
            Reason::Night,
            Reason::NoAct,
            Reason::NoOccasion,
        ];
        for (account, reason) in (1000..).zip(reasons) {
            assert!(has(account, reason), "seed {seed}: {account} for {reason:?}: {named:?}");
        }
    }
}

#[test]
fn honest_weeks_name_hardly_anybody_and_few_opens_nobody() {
    let mut n_named = 0;
    for seed in 100..108 {
        let mut dice = Dice(ChaCha8Rng::seed_from_u64(seed));
        let roll = county(&mut dice);
        let (mut readers, mut looks) = honest(&mut dice, &roll);
        let new = reader(2000, "饶同志", None);
        looks.extend(opens(&mut dice, (&new, &roll), FEW - 1, (100, 0), &|_, _| true));
        readers.push(new);
        let named = unusual(&looks, &readers, &roll);
        assert!(named.iter().all(|line| line.account != 2000), "{named:?}");
        n_named += named.len();
    }
    assert!(n_named <= 8, "{n_named} accounts in eight honest weeks");
}

#[test]
fn weeks_begin_on_monday_and_the_clock_is_chinas() {
    assert_eq!(week_of(MONDAY), MONDAY);
    assert_eq!(week_of(MONDAY + TimeDelta::days(6)), MONDAY);
    let late = "2026-11-16T23:40:00Z".parse().unwrap();
    assert_eq!(by_the_clock(late), MONDAY.succ_opt().unwrap().and_hms_opt(7, 40, 0).unwrap());
    assert!(is_night(MONDAY.and_hms_opt(7, 29, 0).unwrap()));
    assert!(!is_night(MONDAY.and_hms_opt(7, 30, 0).unwrap()));
    assert!(is_night(MONDAY.and_hms_opt(20, 0, 0).unwrap()));
}
