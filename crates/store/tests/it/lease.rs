//! Leases on both engines: one holder at a time, and none for longer than its time.

use chrono::TimeDelta;

use crate::common::{TestDatabase, instant, on_both_engines};

const LENGTH: TimeDelta = TimeDelta::minutes(2);

async fn a_lease_has_one_holder_and_ends_by_itself(db: TestDatabase) {
    let (one, other) = (db.open().await, db.open().await);
    let at = |seconds| instant() + TimeDelta::seconds(seconds);
    assert!(one.take_lease(("post", "one"), at(0), LENGTH).await.unwrap());
    assert!(!other.take_lease(("post", "other"), at(1), LENGTH).await.unwrap());
    assert!(other.take_lease(("else", "other"), at(1), LENGTH).await.unwrap(), "other work");
    assert!(one.take_lease(("post", "one"), at(100), LENGTH).await.unwrap(), "made longer");
    assert!(!other.take_lease(("post", "other"), at(219), LENGTH).await.unwrap());
    // The first was killed.
    assert!(other.take_lease(("post", "other"), at(220), LENGTH).await.unwrap());
    assert!(!one.take_lease(("post", "one"), at(221), LENGTH).await.unwrap());
    one.give_lease_back("post", "one").await.unwrap();
    assert!(!one.take_lease(("post", "one"), at(222), LENGTH).await.unwrap(), "not its own");
    other.give_lease_back("post", "other").await.unwrap();
    assert!(one.take_lease(("post", "one"), at(222), LENGTH).await.unwrap());
}

async fn a_lease_of_a_clock_that_stood_ahead_is_none(db: TestDatabase) {
    let store = db.open().await;
    let ahead = instant() + TimeDelta::days(400);
    assert!(store.take_lease(("post", "one"), ahead, LENGTH).await.unwrap());
    assert!(store.take_lease(("post", "other"), instant(), LENGTH).await.unwrap());
    // A clock that is ahead by no more than its length keeps what it has.
    let little = instant() - LENGTH;
    assert!(!store.take_lease(("post", "one"), little, LENGTH).await.unwrap());
}

async fn of_many_who_ask_at_once_one_has_it(db: TestDatabase) {
    let stores = [db.open().await, db.open().await];
    for round in 0..20 {
        let at = instant() + LENGTH * round;
        let [one, other] = &stores;
        let (one, other) = tokio::join!(
            one.take_lease(("post", "one"), at, LENGTH),
            other.take_lease(("post", "other"), at, LENGTH)
        );
        assert!(one.unwrap() != other.unwrap(), "round {round}");
        stores[0].give_lease_back("post", "one").await.unwrap();
        stores[1].give_lease_back("post", "other").await.unwrap();
    }
}

on_both_engines!(
    a_lease_has_one_holder_and_ends_by_itself,
    a_lease_of_a_clock_that_stood_ahead_is_none,
    of_many_who_ask_at_once_one_has_it,
);
