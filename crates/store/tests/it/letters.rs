//! Letters on both engines: one between two parties at a time, numbered without gaps, and never two events at one position.

use baoxue_store::{
    NewLetter, NewLetterScan, NewStreamEvent, Series, Store, StoreError, StoredLetterScan,
};

use crate::common::{TestDatabase, instant, on_both_engines};

fn series() -> Series {
    Series { issuer: "town/610902104".to_owned(), year: 2019 }
}

fn event(words: &str) -> NewStreamEvent {
    NewStreamEvent { at: instant(), by: "周干事".to_owned(), body: words.to_owned() }
}

/// A letter with the number, to a village of that number.
pub(crate) fn letter(number: u32, round: u32) -> NewLetter {
    NewLetter {
        edge: format!("2019|610902104|{number}村"),
        round,
        series: series(),
        number,
        hash: [7; 32],
        pdf: b"%PDF-1.7 synthetic".to_vec(),
        event: event("drawn up"),
    }
}

/// A scan under a word.
pub(crate) fn scan(of: (i64, u32), key: &str) -> NewLetterScan {
    NewLetterScan {
        of,
        key: key.to_owned(),
        media: "image/jpeg".to_owned(),
        hash: [8; 32],
        bytes: vec![1, 2, 3],
        event: event("scanned"),
    }
}

/// A letter of that number with a scan.
pub(crate) async fn one(store: &Store, number: u32) {
    let ids = store.draw_up_letters(&[letter(number, 0)]).await.unwrap();
    store.attach_letter_scan(&scan((ids[0], 1), &format!("key{number}"))).await.unwrap();
}

async fn letters_are_drawn_up_together_or_not_at_all(db: TestDatabase) {
    let store = db.open().await;
    assert_eq!(store.next_letter_number(&series()).await.unwrap(), 1);
    let ids = store.draw_up_letters(&[letter(1, 0), letter(2, 0)]).await.unwrap();
    assert_eq!(ids, [1, 2]);
    // A number that is taken, and one that would leave a gap; the third of three sinks the other two.
    for wrong in [2, 6] {
        let new = [letter(3, 0), letter(4, 0), NewLetter { number: wrong, ..letter(9, 0) }];
        let refused = store.draw_up_letters(&new).await;
        assert!(matches!(refused, Err(StoreError::NumberTaken)), "{refused:?}");
    }
    // The same two parties: another letter counts how many came before.
    let again = NewLetter { number: 3, ..letter(1, 0) };
    let refused = store.draw_up_letters(std::slice::from_ref(&again)).await;
    assert!(matches!(refused, Err(StoreError::Moved("letter", _))), "{refused:?}");
    assert_eq!(store.next_letter_number(&series()).await.unwrap(), 3);
    assert_eq!(store.last_letter_event().await.unwrap(), 2);
    assert_eq!(store.draw_up_letters(&[NewLetter { round: 1, ..again }]).await.unwrap(), [3]);
    let other = Series { issuer: "county".to_owned(), year: 2019 };
    assert_eq!(store.next_letter_number(&other).await.unwrap(), 1);
    assert_eq!(store.letter_pdf(2).await.unwrap().unwrap(), letter(2, 0).pdf);
    assert!(store.letter_pdf(9).await.unwrap().is_none());
    assert_eq!(store.check_tree().await.unwrap().fault, None);
}

async fn t85_an_event_of_a_letter_has_its_position_once(db: TestDatabase) {
    let store = db.open().await;
    one(&store, 1).await;
    for position in [0, 1, 3] {
        let refused = store.append_letter_events(&[((1, position), event("x"))]).await;
        assert!(matches!(refused, Err(StoreError::Moved("letter", 1))), "{refused:?}");
        let refused = store.attach_letter_scan(&scan((1, position), "other")).await;
        assert!(matches!(refused, Err(StoreError::Moved("letter", 1))), "{refused:?}");
    }
    // Of two events the second is wrong: the first is not kept either.
    let both = [((1, 2), event("one")), ((1, 2), event("two"))];
    assert!(store.append_letter_events(&both).await.is_err());
    assert_eq!(store.last_letter_event().await.unwrap(), 2);
    let both = [((1, 2), event("one")), ((1, 3), event("two"))];
    store.append_letter_events(&both).await.unwrap();
    let events = store.letter_events_after(2).await.unwrap();
    let told: Vec<_> = events.iter().map(|e| (e.of, e.position, e.event.body.as_str())).collect();
    assert_eq!(told, [(1, 2, "one"), (1, 3, "two")]);
    let StoredLetterScan { letter, media, bytes } =
        store.letter_scan("key1").await.unwrap().unwrap();
    assert_eq!((letter, media.as_str(), bytes), (1, "image/jpeg", vec![1, 2, 3]));
    assert!(store.letter_scan("other").await.unwrap().is_none());
    assert_eq!(store.check_tree().await.unwrap().fault, None);
}

on_both_engines!(
    letters_are_drawn_up_together_or_not_at_all,
    t85_an_event_of_a_letter_has_its_position_once,
);
