//! Letters of responsibility, from the directory to the scan: drawn up once whoever presses first, numbered by whoever gives, signed
//! by whom the directory names, signed anew by the next holder; on both databases.

use std::path::Path;

use baoxue_act::{
    Directory, Holder, Moment, Office, Post,
    letter::{District, Layer, LetterEvent, LetterRefusal, LetterState, LetterYear, Side},
};
use baoxue_claim::{Private, TownCode};
use baoxue_determine::Seat;
use baoxue_flow::{
    County, FlowError, county_beside,
    letters::{
        Drawing, LetterBook, LetterDesk, LetterError, Recorder, Wanted, draw_up, put_scan, record,
    },
    papers::{Press, PressSetup, clean},
};
use baoxue_store::{Store, StoreError};
use chrono::NaiveDate;

use crate::common::{TestDatabase, on_both_engines};

const BY: &str = "周干事 zhenban";

fn county() -> County {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/county/county.toml");
    county_beside(&std::fs::read_to_string(&file).unwrap(), &file, NaiveDate::MIN).unwrap()
}

fn town() -> TownCode {
    "610902104".parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn village(name: &str) -> Holder {
    Holder { seat: Seat::VillageHead, office: Office::Village(town(), name.to_owned()) }
}

fn post(holder: Holder, name: &str, from: &str, to: Option<&str>) -> Post {
    let (name, to) = (Private::new(name), to.map(day));
    Post { holder, is_substitute: false, name, phone: None, from: day(from), to }
}

/// A town with three villages: of one the head changes in November, of one the seat is empty.
fn directory() -> Directory {
    let head = Holder { seat: Seat::TownHead, office: Office::Town(town()) };
    let posts = [
        post(head, "甲镇长", "2019-01-01", None),
        post(village("东村"), "乙", "2019-01-01", Some("2019-10-31")),
        post(village("东村"), "丙", "2019-11-01", None),
        post(village("西村"), "丁", "2019-01-01", None),
    ];
    let offices = ["东村", "西村", "南村"].map(|name| Office::Village(town(), name.to_owned()));
    Directory::new(posts).with_offices(offices)
}

fn at(on: &str) -> Moment {
    day(on).and_hms_opt(9, 0, 0).unwrap()
}

struct Room {
    store: Store,
    county: County,
    directory: Directory,
    district: District,
    press: Press,
    book: LetterBook,
}

impl Room {
    async fn open(db: &TestDatabase) -> Self {
        let (store, directory) = (db.store().await, directory());
        let mut district = District::default();
        for office in directory.offices() {
            let Office::Village(town, name) = office else { panic!("{office:?}") };
            district.villages.insert((*town, name.clone()));
        }
        let press = Press::open(&PressSetup::default()).unwrap();
        let book = LetterBook::load(&store).await.unwrap();
        Self { store, county: county(), directory, district, press, book }
    }

    fn desk(&self, on: &str) -> LetterDesk<'_> {
        LetterDesk {
            book: &self.book,
            directory: &self.directory,
            district: &self.district,
            settings: &self.county.letters,
            year: LetterYear::School(2019),
            today: day(on),
        }
    }

    fn wanted(&self, names: &[&str]) -> Vec<Wanted> {
        let demands = self.district.demands(&[Layer::TownVillage]).into_iter();
        let wanted = demands
            .filter(|demand| names.contains(&demand.place.village.as_deref().unwrap_or_default()));
        wanted.map(|demand| Wanted { demand, family: (None, None) }).collect()
    }

    async fn draw(&self, names: &[&str], on: &str) -> Result<Vec<i64>, LetterError> {
        let drawing = Drawing {
            store: &self.store,
            county: &self.county,
            press: &self.press,
            desk: self.desk(on),
            now: at(on),
        };
        draw_up(drawing, self.wanted(names), BY).await
    }

    fn recorder(&self, on: &str) -> Recorder<'_> {
        Recorder { store: &self.store, directory: &self.directory, now: at(on), by: BY }
    }

    async fn sign(&mut self, letter: i64, name: &str, on: &str) -> Result<(), LetterError> {
        let event =
            |side, name| LetterEvent::Signed { side, on: day(on), name: Private::new(name) };
        let events = vec![event(Side::Giver, "甲镇长"), event(Side::Taker, name)];
        let letter = self.book.get(letter).unwrap();
        record(self.recorder(on), letter, events).await?;
        self.book.refresh(&self.store).await.unwrap();
        Ok(())
    }

    fn states(&self, on: &str) -> Vec<LetterState> {
        let desk = self.desk(on);
        let demands = self.district.demands(&[Layer::TownVillage]).into_iter();
        demands.map(|demand| desk.line(demand).state).collect()
    }
}

async fn a_letter_is_drawn_up_signed_scanned_and_signed_anew_by_the_next_holder(db: TestDatabase) {
    use LetterState::{Changed, Drawn, NoScan, NotDrawn, Signed, Vacant};
    let mut room = Room::open(&db).await;
    // In the order of their names: 东村, 南村, 西村.
    assert_eq!(room.states("2019-09-02"), [NotDrawn, Vacant, NotDrawn]);
    let empty = room.draw(&["东村", "南村"], "2019-09-02").await;
    assert!(matches!(empty, Err(LetterError::Refused(LetterRefusal::Vacant))), "{empty:?}");
    let ids = room.draw(&["东村", "西村"], "2019-09-02").await.unwrap();
    // Whoever has not seen it is told, and no number is used up.
    let stale = room.draw(&["西村"], "2019-09-02").await;
    let moved =
        matches!(stale, Err(LetterError::Flow(FlowError::Store(StoreError::Moved("letter", _)))));
    assert!(moved, "{stale:?}");
    room.book.refresh(&room.store).await.unwrap();
    let again = room.draw(&["西村"], "2019-09-02").await;
    assert!(matches!(again, Err(LetterError::Refused(LetterRefusal::Again))), "{again:?}");
    let numbers: Vec<_> = room.book.all().map(|letter| letter.drawn.number.as_str()).collect();
    assert_eq!(numbers, ["五里镇控保责〔2019〕1号", "五里镇控保责〔2019〕2号"]);
    assert!(room.store.letter_pdf(ids[0]).await.unwrap().unwrap().starts_with(b"%PDF"));
    assert_eq!(room.states("2019-09-03"), [Drawn, Vacant, Drawn]);
    let other = room.sign(ids[0], "丁", "2019-09-03").await;
    assert!(matches!(other, Err(LetterError::Refused(LetterRefusal::OtherHolder))), "{other:?}");
    assert_eq!(room.book.get(ids[0]).unwrap().n_events, 1, "neither signature was kept");
    room.sign(ids[0], "乙", "2019-09-03").await.unwrap();
    assert_eq!(room.states("2019-09-03"), [NoScan, Vacant, Drawn]);
    let scan = clean(include_bytes!("../data/page.pdf")).unwrap();
    let letter = room.book.get(ids[0]).unwrap();
    put_scan(room.recorder("2019-09-04"), letter, scan.clone()).await.unwrap();
    // The same upload sent twice: the second has not seen the first.
    let twice = put_scan(room.recorder("2019-09-04"), letter, scan).await;
    assert!(matches!(twice, Err(LetterError::Flow(FlowError::Store(StoreError::Moved(..))))));
    room.book.refresh(&room.store).await.unwrap();
    assert_eq!(room.states("2019-09-04"), [Signed, Vacant, Drawn]);
    assert_eq!(room.states("2019-11-01"), [Changed, Vacant, Drawn]);
    // The new head has a letter of his own; the old one stays, signed as it was.
    let new = room.draw(&["东村"], "2019-11-02").await.unwrap();
    room.book.refresh(&room.store).await.unwrap();
    assert_eq!(room.states("2019-11-02"), [Drawn, Vacant, Drawn]);
    room.sign(new[0], "丙", "2019-11-03").await.unwrap();
    assert_eq!(room.states("2019-11-03"), [NoScan, Vacant, Drawn]);
    assert_eq!(room.book.get(ids[0]).unwrap().signed_on(), Some(day("2019-09-03")));
    let fresh = LetterBook::load(&room.store).await.unwrap();
    assert_eq!(fresh.all().collect::<Vec<_>>(), room.book.all().collect::<Vec<_>>());
    assert_eq!(room.store.check_tree().await.unwrap().fault, None);
}

on_both_engines!(a_letter_is_drawn_up_signed_scanned_and_signed_anew_by_the_next_holder);
