//! Papers on both engines: numbered without gaps, frozen with their event or not at all.

use baoxue_claim::ChildId;
use baoxue_store::{CaseAppend, NewCaseEvent, NewCaseFile, NewPaper, Series, Store, StoreError};

use crate::common::{TestDatabase, instant, on_both_engines};

fn series() -> Series {
    Series { issuer: "town/610902104".to_owned(), year: 2019 }
}

/// A paper with the number.
pub(crate) fn paper(number: u32, case: i64) -> NewPaper {
    NewPaper {
        series: series(),
        number,
        case,
        paper: number,
        code: format!("code{case}x{number}"),
        hash: [7; 32],
        pdf: b"%PDF-1.7 synthetic".to_vec(),
        at: instant(),
    }
}

/// A file under a word.
pub(crate) fn file(key: &str) -> NewCaseFile {
    NewCaseFile {
        key: key.to_owned(),
        case: Some(1),
        media: "image/jpeg".to_owned(),
        hash: [8; 32],
        bytes: vec![1, 2, 3],
        at: instant(),
        by: "周干事".to_owned(),
    }
}

fn event(position: u32) -> CaseAppend {
    let body = r#"{"what":"issued"}"#.to_owned();
    let events = vec![NewCaseEvent { at: instant(), by: "周干事".to_owned(), body }];
    let case = (position > 0).then_some(1);
    CaseAppend { case, child: ChildId(7), position, known: 0, events }
}

/// A paper and a file, of case `n`.
pub(crate) async fn one(store: &Store, n: i64) {
    let number = store.next_paper_number(&series()).await.unwrap();
    store.issue_paper(&paper(number, n), Vec::new()).await.unwrap();
    store.attach_file(&file(&format!("key{n}")), Vec::new()).await.unwrap();
}

async fn numbers_have_neither_gaps_nor_doubles(db: TestDatabase) {
    let store = db.open().await;
    crate::cases::one(&store).await;
    assert_eq!(store.next_paper_number(&series()).await.unwrap(), 1);
    store.issue_paper(&paper(1, 1), vec![event(1)]).await.unwrap();
    for number in [1, 3] {
        let refused = store.issue_paper(&paper(number, 1), vec![event(2)]).await;
        assert!(matches!(refused, Err(StoreError::NumberTaken)), "{number}");
    }
    // The case has moved: neither the paper nor its number is there.
    let refused = store.issue_paper(&paper(2, 1), vec![event(1)]).await;
    assert!(matches!(refused, Err(StoreError::CaseMoved(1))));
    assert_eq!(store.next_paper_number(&series()).await.unwrap(), 2);
    assert_eq!(store.last_case_event().await.unwrap(), 2);
    store.issue_paper(&paper(2, 1), vec![event(2)]).await.unwrap();
    let next_year = Series { year: 2020, ..series() };
    assert_eq!(store.next_paper_number(&next_year).await.unwrap(), 1);
    let state = store.paper_series().await.unwrap();
    assert_eq!(state.iter().map(|s| (s.n, s.last)).collect::<Vec<_>>(), [(2, 2)]);
    assert_eq!(store.check_tree().await.unwrap().fault, None);
}

async fn what_is_frozen_comes_back_as_it_was(db: TestDatabase) {
    let store = db.open().await;
    one(&store, 1).await;
    assert_eq!(store.paper_of_code("code1x1").await.unwrap(), Some((1, 1)));
    assert_eq!(store.paper_of_code("code1x2").await.unwrap(), None);
    assert_eq!(store.paper_pdf(1, 1).await.unwrap(), Some(paper(1, 1).pdf));
    assert_eq!(store.paper_pdf(1, 2).await.unwrap(), None);
    let found = store.case_file("key1").await.unwrap().unwrap();
    assert_eq!((found.case, found.media.as_str(), found.bytes), (1, "image/jpeg", vec![1, 2, 3]));
    assert_eq!(store.case_file("key2").await.unwrap(), None);
}

on_both_engines!(numbers_have_neither_gaps_nor_doubles, what_is_frozen_comes_back_as_it_was);
