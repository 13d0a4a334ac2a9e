//! Whoever guesses is slowed down (T-11).

use std::time::Duration;

use baoxue_authz::Role;
use baoxue_flow::people::{People, PeopleError, SignInError, SignInTry};

use crate::common::{
    PASSWORD, TestDatabase, add, later, morning, on_both_engines, sign_in_try, tries,
};

/// The wait that was told; nothing when the attempt was looked at.
fn wait<T>(result: &Result<T, PeopleError>) -> Option<Duration> {
    match result {
        Err(PeopleError::SignIn(SignInError::Wait(wait))) => Some(*wait),
        Ok(_) | Err(_) => None,
    }
}

async fn t11_the_wait_doubles_and_fewer_than_ten_are_looked_at_in_a_minute(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "town", Role::Town).await;
    let mut n_looked_at = 0;
    let mut waits = Vec::new();
    for second in 0..60 {
        for _ in 0..3 {
            match wait(&tries(&people, "town", "wrong password", later(second)).await) {
                None => n_looked_at += 1,
                Some(wait) => waits.push(wait.as_secs()),
            }
        }
    }
    assert!(n_looked_at < 10, "{n_looked_at}");
    assert!(waits.len() > 150);
    for doubled in [1, 2, 4, 8, 16, 32] {
        assert!(waits.contains(&doubled), "{doubled}: {waits:?}");
    }
}

async fn t11_the_longest_wait_is_fifteen_minutes_and_a_right_password_ends_it(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "town", Role::Town).await;
    let mut now = morning();
    let mut longest = Duration::ZERO;
    for n in 0..40 {
        // From ever new addresses, with ever new passwords.
        let attempt = SignInTry {
            address: format!("10.0.0.{n}"),
            ..sign_in_try("town", &format!("wrong password {n}"))
        };
        if let Some(wait) = wait(&people.sign_in(&attempt, now).await) {
            longest = longest.max(wait);
            now += wait;
        }
    }
    now += longest;
    assert_eq!(longest, Duration::from_mins(15));
    assert!(tries(&people, "town", PASSWORD, now).await.is_ok());
    assert_eq!(wait(&tries(&people, "town", "wrong", now).await), None);
    assert!(tries(&people, "town", PASSWORD, now).await.is_ok());
}

async fn t11_limits_survive_a_restart(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "town", Role::Town).await;
    for n in 0..4 {
        let _ = tries(&people, "town", &format!("wrong {n}"), morning()).await;
    }
    assert!(wait(&tries(&people, "town", PASSWORD, morning()).await).is_some());
    let restarted = db.people().await;
    assert!(wait(&tries(&restarted, "town", PASSWORD, morning()).await).is_some());
    assert!(tries(&restarted, "town", PASSWORD, later(2)).await.is_ok());
}

async fn t11_sixty_names_from_one_address_are_too_many(db: TestDatabase) {
    let people = db.people().await;
    let mut n_looked_at = 0;
    for n in 0..60 {
        let result =
            tries(&people, &format!("name{n}"), &format!("pass word {n}"), morning()).await;
        n_looked_at += i32::from(wait(&result).is_none());
    }
    assert_eq!(n_looked_at, 20);
}

async fn t11_one_password_on_many_names_from_many_addresses_is_noticed(db: TestDatabase) {
    let people = db.people().await;
    let mut n_looked_at = 0;
    for n in 0..60 {
        let attempt = SignInTry {
            address: format!("10.0.0.{n}"),
            ..sign_in_try(&format!("name{n}"), "Spring 2026 in town")
        };
        n_looked_at += i32::from(wait(&people.sign_in(&attempt, morning()).await).is_none());
    }
    assert_eq!(n_looked_at, 20);
}

async fn t11_a_whole_office_signs_in_from_one_address(db: TestDatabase) {
    let people = db.people().await;
    for n in 0..40 {
        let login = format!("user{n}");
        add(&people, &login, Role::Teacher).await;
        assert!(tries(&people, &login, PASSWORD, morning()).await.is_ok(), "{n}");
    }
}

async fn t11_a_clock_that_was_put_back_keeps_nobody_out(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "town", Role::Town).await;
    let three_days = 3 * 24 * 3600;
    for n in 0..4 {
        let _ = tries(&people, "town", &format!("wrong {n}"), later(three_days)).await;
    }
    assert!(wait(&tries(&people, "town", PASSWORD, later(three_days)).await).is_some());
    assert!(tries(&people, "town", PASSWORD, morning()).await.is_ok());
}

async fn t11_attempts_at_once_count_one_after_the_other(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "town", Role::Town).await;
    let guess = |people: People, n: i32| async move {
        wait(&tries(&people, "town", &format!("wrong password {n}"), morning()).await).is_none()
    };
    let all: Vec<_> = (0..30).map(|n| tokio::spawn(guess(people.clone(), n))).collect();
    let mut n_looked_at = 0;
    for one in all {
        n_looked_at += i32::from(one.await.unwrap());
    }
    assert_eq!(n_looked_at, 4);
}

async fn t11_known_and_unknown_names_are_answered_alike(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "known", Role::Town).await;
    let disabled = add(&people, "gone", Role::Town).await;
    people.disable(baoxue_flow::people::By::Operator, disabled, morning()).await.unwrap();
    for second in [0, 0, 0, 0, 0, 1, 5] {
        let mut answers = Vec::new();
        for name in ["known", "unknown", "gone", "bad/name"] {
            let attempt = SignInTry {
                address: format!("10.0.0.{name}"),
                ..sign_in_try(name, &format!("wrong {name}{second}"))
            };
            answers.push(people.sign_in(&attempt, later(second)).await.unwrap_err().to_string());
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    }
    // The right password of an account that is disabled is answered like a wrong one.
    let right = tries(&people, "gone", PASSWORD, later(1000)).await.unwrap_err().to_string();
    let wrong = tries(&people, "unknown", PASSWORD, later(1000)).await.unwrap_err().to_string();
    assert_eq!(right, wrong);
}

on_both_engines![
    t11_the_wait_doubles_and_fewer_than_ten_are_looked_at_in_a_minute,
    t11_the_longest_wait_is_fifteen_minutes_and_a_right_password_ends_it,
    t11_limits_survive_a_restart,
    t11_sixty_names_from_one_address_are_too_many,
    t11_one_password_on_many_names_from_many_addresses_is_noticed,
    t11_a_whole_office_signs_in_from_one_address,
    t11_a_clock_that_was_put_back_keeps_nobody_out,
    t11_attempts_at_once_count_one_after_the_other,
    t11_known_and_unknown_names_are_answered_alike,
];
