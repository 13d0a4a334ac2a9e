//! Letters by generated chains: states, days, who may sign, and that signed and missing are what is demanded.

use proptest::prelude::*;

use super::*;
use crate::{Directory, Post};
use baoxue_claim::Private;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn town(n: u8) -> baoxue_claim::TownCode {
    format!("6109021{n:02}").parse().unwrap()
}

fn post(holder: Holder, name: &str, from: &str, to: Option<&str>) -> Post {
    let (name, to) = (Private::new(name), to.map(day));
    Post { holder, is_substitute: false, name, phone: None, from: day(from), to }
}

fn village(n: u8) -> Holder {
    Holder { seat: Seat::VillageHead, office: Office::Village(town(n), "东村".into()) }
}

fn town_head(n: u8) -> Holder {
    Holder { seat: Seat::TownHead, office: Office::Town(town(n)) }
}

fn edge() -> Edge {
    Edge { layer: Layer::TownVillage, giver: town_head(1), taker: Party::Seat(village(1)) }
}

fn directory() -> Directory {
    Directory::new([
        post(town_head(1), "甲", "2019-01-01", None),
        post(village(1), "乙", "2019-01-01", Some("2019-10-31")),
        post(village(1), "丙", "2019-11-10", None),
    ])
}

fn drawn(on: &str) -> Letter {
    let named = |side| named_today(&edge(), side, &directory(), day(on)).unwrap();
    let what = DrawnUp {
        edge: edge(),
        place: Place { town: Some(town(1)), village: Some("东村".into()), ..Place::default() },
        year: LetterYear::School(2019),
        number: "1号".into(),
        on: day(on),
        hash: String::new(),
        giver: named(Side::Giver),
        taker: named(Side::Taker),
        code: String::new(),
    };
    Letter::new(1, what, "周干事".into())
}

fn signed(side: Side, on: &str, name: &str) -> LetterEvent {
    LetterEvent::Signed { side, on: day(on), name: Private::new(name) }
}

fn scan() -> LetterEvent {
    LetterEvent::Scanned(LetterScan { key: "K".into(), media: "m".into(), hash: "h".into() })
}

fn state(letter: &Letter, on: &str) -> LetterState {
    standing(&edge(), Some(letter), &directory(), day(on))
}

fn record(letter: &mut Letter, what: LetterEvent, today: &str) -> Result<(), LetterRefusal> {
    may_record(letter, &what, &directory(), day(today))?;
    letter.apply(what, "周干事".into());
    Ok(())
}

#[test]
fn a_letter_goes_from_nothing_to_signed_and_is_signed_anew_by_the_next_holder() {
    let today = "2019-09-20";
    assert_eq!(standing(&edge(), None, &directory(), day(today)), LetterState::NotDrawn);
    let mut letter = drawn("2019-09-02");
    assert_eq!(state(&letter, today), LetterState::Drawn);
    assert_eq!(record(&mut letter, scan(), today), Err(LetterRefusal::Unsigned));
    record(&mut letter, signed(Side::Taker, "2019-09-03", "乙"), today).unwrap();
    assert_eq!(state(&letter, today), LetterState::OneSigned);
    record(&mut letter, signed(Side::Giver, "2019-09-02", "甲"), today).unwrap();
    assert_eq!(state(&letter, today), LetterState::NoScan);
    record(&mut letter, scan(), today).unwrap();
    assert_eq!(state(&letter, today), LetterState::Signed);
    assert_eq!(letter.signed_on(), Some(day("2019-09-03")));
    // Between two holders the seat is empty; the next one has signed nothing.
    assert_eq!(state(&letter, "2019-11-05"), LetterState::Vacant);
    assert_eq!(state(&letter, "2019-11-10"), LetterState::Changed);
    let withdrawn = LetterEvent::Withdrawn { why: "换人".into() };
    record(&mut letter, withdrawn.clone(), "2019-11-10").unwrap();
    assert_eq!(record(&mut letter, withdrawn, "2019-11-10"), Err(LetterRefusal::Over));
}

#[test]
fn days_names_and_double_signatures_are_looked_at() {
    let today = "2019-09-20";
    let refused = |what: LetterEvent| record(&mut drawn("2019-09-02"), what, today).unwrap_err();
    assert_eq!(refused(signed(Side::Giver, "2019-09-21", "甲")), LetterRefusal::Future);
    assert_eq!(refused(signed(Side::Giver, "2019-09-01", "甲")), LetterRefusal::Early);
    assert_eq!(refused(signed(Side::Giver, "2019-09-02", " ")), LetterRefusal::Nameless);
    assert_eq!(refused(signed(Side::Giver, "2019-09-02", "丁")), LetterRefusal::OtherHolder);
    assert_eq!(refused(LetterEvent::Withdrawn { why: " ".into() }), LetterRefusal::Wordless);
    let mut letter = drawn("2019-09-02");
    record(&mut letter, signed(Side::Giver, "2019-09-02", "甲"), today).unwrap();
    let twice = record(&mut letter, signed(Side::Giver, "2019-09-03", "甲"), today);
    assert_eq!(twice, Err(LetterRefusal::Twice));
    // The old holder is printed on it; on a day when another sits there nobody signs it.
    let late = record(&mut letter, signed(Side::Taker, "2019-11-12", "乙"), "2019-11-12");
    assert_eq!(late, Err(LetterRefusal::OtherHolder));
    let empty = record(&mut letter, signed(Side::Taker, "2019-11-05", "乙"), "2019-11-12");
    assert_eq!(empty, Err(LetterRefusal::Vacant));
    for _ in 0..10 {
        record(&mut letter, scan(), today).unwrap();
    }
    assert_eq!(record(&mut letter, scan(), today), Err(LetterRefusal::Many));
}

#[test]
fn a_representative_of_the_teachers_is_named_for_no_class() {
    let school = || Office::School("五里小学".into());
    let teacher = Holder { seat: Seat::Teacher, office: school() };
    let directory = Directory::new([post(teacher, "丁", "2019-01-01", None)]);
    let class = Office::Class("五里小学".into(), "三年级1班".into());
    let edge = Edge {
        layer: Layer::SchoolTeacher,
        giver: Holder { seat: Seat::Principal, office: school() },
        taker: Party::Seat(Holder { seat: Seat::Teacher, office: class }),
    };
    let named = named_today(&edge, Side::Taker, &directory, day("2019-09-01"));
    assert_eq!(named, Ok(None));
}

#[test]
fn years_end_when_they_end() {
    let school = LetterYear::of(YearKind::School, day("2019-08-31"));
    assert_eq!((school, school.last()), (LetterYear::School(2018), day("2019-08-31")));
    assert_eq!(school.zh(), "2018—2019学年");
    let year = LetterYear::of(YearKind::Calendar, day("2019-08-31"));
    assert_eq!((year, year.last()), (LetterYear::Calendar(2019), day("2019-12-31")));
}

#[test]
fn a_family_is_asked_by_its_village_and_its_class_where_it_has_such() {
    let child = ChildId(7);
    let home = Place { town: Some(town(1)), village: Some("东村".into()), ..Place::default() };
    let layers = |place: &Place, label| -> Vec<Layer> {
        let demands = family_demands(child, place, label, Layer::ALL);
        demands.iter().map(|demand| demand.edge.layer).collect()
    };
    assert_eq!(layers(&home, None), [Layer::VillageGuardian]);
    let pupil = Place { school: Some("五里小学".into()), ..home };
    assert_eq!(layers(&pupil, Some("三年级1班")), [Layer::VillageGuardian, Layer::TeacherGuardian]);
    assert_eq!(layers(&Place::default(), None), []);
    assert_eq!(family_demands(child, &pupil, None, &[Layer::CountyTown]), []);
}

/// What may have happened on an edge: how far it went, whether seats are filled, whether the holder changed.
fn steps() -> impl Strategy<Value = (u8, bool, bool)> {
    (0..5_u8, any::<bool>(), any::<bool>())
}

proptest! {
    /// Every demanded letter is in one state, and the counts of a layer add up.
    #[test]
    fn signed_and_missing_are_what_is_demanded(
        chain in prop::collection::vec(prop::collection::vec(steps(), 0..6), 1..6),
    ) {
        let mut district = District::default();
        let mut posts = Vec::new();
        let mut letters = std::collections::BTreeMap::new();
        for (n, villages) in (0_u8..).zip(&chain) {
            district.towns.insert(town(n));
            posts.push(post(town_head(n), "甲", "2019-01-01", None));
            for (m, (step, filled, changed)) in villages.iter().enumerate() {
                let name = format!("村{m}");
                let office = Office::Village(town(n), name.clone());
                let head = Holder { seat: Seat::VillageHead, office };
                district.villages.insert((town(n), name));
                let until = changed.then_some("2019-10-01");
                posts.push(post(head.clone(), "乙", "2019-01-01", until));
                if *changed && *filled {
                    posts.push(post(head.clone(), "丙", "2019-10-02", None));
                }
                letters.insert(head, (*step, *filled, *changed));
            }
        }
        let directory = Directory::new(posts);
        let today = day("2019-11-01");
        let demands = district.demands(Layer::ALL);
        let n_villages = chain.iter().map(Vec::len).sum::<usize>();
        let mut states = std::collections::BTreeMap::<(Layer, LetterState), usize>::new();
        for Demand { edge, place } in &demands {
            let Party::Seat(taker) = &edge.taker else { panic!("a family") };
            let Some((step, filled, changed)) = letters.get(taker) else {
                prop_assert!(edge.layer != Layer::TownVillage);
                *states.entry((edge.layer, LetterState::NotDrawn)).or_default() += 1;
                continue;
            };
            let named = |side| named_today(edge, side, &directory, day("2019-09-02")).unwrap();
            let what = DrawnUp {
                edge: edge.clone(),
                place: place.clone(),
                giver: named(Side::Giver),
                taker: named(Side::Taker),
                ..drawn("2019-09-02").drawn
            };
            let mut letter = Letter::new(1, what, String::new());
            for n in 1..*step {
                let what = match n {
                    1 => signed(Side::Giver, "2019-09-03", "甲"),
                    2 => signed(Side::Taker, "2019-09-04", "乙"),
                    _ => scan(),
                };
                prop_assert_eq!(may_record(&letter, &what, &directory, today), Ok(()));
                letter.apply(what, String::new());
            }
            let kept = (*step > 0).then_some(&letter);
            let found = standing(edge, kept, &directory, today);
            let expected = match (changed, filled, step) {
                (true, false, _) => LetterState::Vacant,
                (_, _, 0) => LetterState::NotDrawn,
                (true, true, _) => LetterState::Changed,
                (false, _, 1) => LetterState::Drawn,
                (false, _, 2) => LetterState::OneSigned,
                (false, _, 3) => LetterState::NoScan,
                (false, ..) => LetterState::Signed,
            };
            prop_assert_eq!(found, expected);
            *states.entry((edge.layer, found)).or_default() += 1;
        }
        for (layer, n) in [
            (Layer::CountyTown, chain.len()),
            (Layer::TownVillage, n_villages),
            (Layer::CountyBureau, 1),
            (Layer::BureauSchool, 0),
        ] {
            let of = |signed: bool| -> usize {
                let of_layer = states.iter().filter(|((of, _), _)| *of == layer);
                of_layer.filter(|((_, s), _)| s.is_signed() == signed).map(|(_, n)| n).sum()
            };
            prop_assert_eq!(of(true) + of(false), n);
        }
    }
}
