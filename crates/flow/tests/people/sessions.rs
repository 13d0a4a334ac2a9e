//! How sessions begin and end (T-12), and the token of their forms (T-13).

use baoxue_authz::{Role, State};
use baoxue_flow::people::{By, Grant, People};
use chrono::{DateTime, NaiveDate, Utc};

use crate::common::{
    PASSWORD, TestDatabase, add, grant, later, morning, on_both_engines, open_session, sign_in,
};

async fn opens(people: &People, token: &str, now: DateTime<Utc>) -> bool {
    people.session(token, now).await.unwrap().is_some()
}

async fn t12_a_session_ends_when_idle_and_after_eight_hours(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "town", Role::Town).await;
    let idle = sign_in(&people, "town", morning()).await.token;
    assert!(opens(&people, &idle, later(15 * 60)).await);
    assert!(!opens(&people, &idle, later(2 * 15 * 60 + 1)).await, "idle for more than 15 minutes");
    assert!(!opens(&people, &idle, later(15 * 60)).await, "and is gone");

    let busy = sign_in(&people, "town", morning()).await.token;
    let eight_hours = 8 * 3600;
    for second in (0..eight_hours).step_by(14 * 60) {
        assert!(opens(&people, &busy, later(second)).await, "{second}");
    }
    assert!(opens(&people, &busy, later(eight_hours - 1)).await);
    assert!(!opens(&people, &busy, later(eight_hours)).await);
}

/// One of the events that end sessions, or that take one of them back.
async fn apply(people: &People, id: i64, (event, token): (&str, &str)) {
    let granted = match event {
        "area" => {
            let mut wider = grant(Role::Town);
            wider.areas.towns.insert("610902105".parse().unwrap());
            Some(wider)
        }
        "role" => Some(grant(Role::Teacher)),
        "role back" | "back" => Some(grant(Role::Town)),
        "expired" => {
            Some(Grant { until: NaiveDate::from_ymd_opt(2026, 3, 1), ..grant(Role::Town) })
        }
        _ => None,
    };
    if let Some(grant) = granted {
        people.grant(By::Operator, id, grant, morning()).await.unwrap();
    } else if event == "disable" {
        people.disable(By::Operator, id, morning()).await.unwrap();
    } else if event == "enable" {
        people.enable(By::Operator, id, morning()).await.unwrap();
    } else if event == "sign out" {
        people.sign_out(token, morning()).await.unwrap();
    } else {
        let session = people.session(token, morning()).await.unwrap().unwrap();
        assert!(people.end_session(id, session.id).await.unwrap());
        assert!(!people.end_session(id, session.id).await.unwrap());
    }
}

/// All that changes an account ends its sessions at once, and only its own.
async fn t12_whatever_changes_an_account_ends_its_sessions(db: TestDatabase) {
    let people = db.people().await;
    let id = add(&people, "town", Role::Town).await;
    add(&people, "other", Role::Town).await;
    let other = sign_in(&people, "other", morning()).await.token;
    for event in
        ["area", "role", "role back", "expired", "back", "disable", "enable", "sign out", "end"]
    {
        let first = people.sign_in(&crate::common::sign_in_try("town", PASSWORD), morning()).await;
        let token = match (&first, event) {
            (Ok(signed_in), _) => signed_in.token.clone(),
            (Err(_), "enable" | "back") => String::new(),
            (Err(error), _) => panic!("{event}: {error}"),
        };
        assert_eq!(opens(&people, &token, morning()).await, !token.is_empty(), "{event}");
        apply(&people, id, (event, &token)).await;
        assert!(!opens(&people, &token, morning()).await, "{event}");
        assert!(opens(&people, &other, morning()).await, "{event}: another account's session");
    }
}

async fn t12_a_new_password_ends_all_sessions_and_renews_this_one(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "town", Role::Town).await;
    let [first, second] = [
        sign_in(&people, "town", morning()).await.token,
        sign_in(&people, "town", morning()).await.token,
    ];
    let wrong = people.change_password(&first, ("wrong", "kettle-Tulip 84"), morning()).await;
    assert!(wrong.is_err());
    assert!(opens(&people, &first, morning()).await && opens(&people, &second, morning()).await);
    let new =
        people.change_password(&first, (PASSWORD, "kettle-Tulip 84"), morning()).await.unwrap();
    assert!(!opens(&people, &first, morning()).await && !opens(&people, &second, morning()).await);
    assert!(opens(&people, &new.token, morning()).await);
    assert!(crate::common::tries(&people, "town", PASSWORD, morning()).await.is_err());
}

async fn t12_a_duty_that_ends_during_the_session_ends_it(db: TestDatabase) {
    let people = db.people().await;
    let id = add(&people, "town", Role::Town).await;
    let until = Grant { until: NaiveDate::from_ymd_opt(2026, 3, 2), ..grant(Role::Town) };
    people.grant(By::Operator, id, until, morning()).await.unwrap();
    // 15:55 UTC is five to midnight in China.
    let evening: DateTime<Utc> = "2026-03-02T15:55:00Z".parse().unwrap();
    let token = sign_in(&people, "town", evening).await.token;
    assert!(opens(&people, &token, evening + chrono::TimeDelta::minutes(4)).await);
    let after_midnight = evening + chrono::TimeDelta::minutes(6);
    assert!(!opens(&people, &token, after_midnight).await);
    assert_eq!(people.account(id).await.unwrap().state_at(after_midnight), State::Expired);
}

async fn t12_own_sessions_are_listed_and_foreign_ones_cannot_be_ended(db: TestDatabase) {
    let people = db.people().await;
    let id = add(&people, "town", Role::Town).await;
    let other = add(&people, "other", Role::Town).await;
    let one = open_session(&people, "town", morning()).await;
    let two = open_session(&people, "town", later(10)).await;
    let foreign = open_session(&people, "other", morning()).await;
    let listed = people.sessions_of(id, later(20)).await.unwrap();
    assert_eq!(listed.iter().map(|s| s.id).collect::<Vec<_>>(), [one.id, two.id]);
    assert_eq!(listed[0].address, "10.1.2.3");
    assert!(!people.end_session(id, foreign.id).await.unwrap());
    assert_eq!(people.sessions_of(other, later(20)).await.unwrap().len(), 1);
}

async fn t12_tokens_are_long_unlike_and_not_in_the_database(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "town", Role::Town).await;
    let mut tokens = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let token = sign_in(&people, "town", morning()).await.token;
        assert!(token.len() == 64 && token.chars().all(|c| c.is_ascii_hexdigit()));
        tokens.insert(token);
    }
    assert_eq!(tokens.len(), 20);
    for guess in ["", "0", &"0".repeat(64), "' or 1 = 1 --"] {
        assert!(!opens(&people, guess, morning()).await);
    }
    if let Some(path) = db.url.strip_prefix("sqlite://") {
        for end in ["", "-wal"] {
            let bytes = std::fs::read(format!("{path}{end}")).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!tokens.iter().any(|token| text.contains(token.as_str())));
        }
    }
}

async fn t13_each_session_has_a_form_token_of_its_own(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "town", Role::Town).await;
    let token = sign_in(&people, "town", morning()).await.token;
    let csrf = |session: Option<baoxue_flow::people::Session>| session.unwrap().csrf;
    let first = csrf(people.session(&token, morning()).await.unwrap());
    assert_eq!(csrf(people.session(&token, later(60)).await.unwrap()), first);
    assert_ne!(open_session(&people, "town", morning()).await.csrf, first);
    assert!(first.len() == 32 && !token.contains(&first));
}

async fn t12_what_is_over_is_swept(db: TestDatabase) {
    let people = db.people().await;
    let id = add(&people, "town", Role::Town).await;
    sign_in(&people, "town", morning()).await;
    people.sweep(later(60)).await.unwrap();
    assert_eq!(people.sessions_of(id, later(60)).await.unwrap().len(), 1);
    people.sweep(later(9 * 3600)).await.unwrap();
    assert!(people.sessions_of(id, morning()).await.unwrap().is_empty());
}

on_both_engines![
    t12_a_session_ends_when_idle_and_after_eight_hours,
    t12_whatever_changes_an_account_ends_its_sessions,
    t12_a_new_password_ends_all_sessions_and_renews_this_one,
    t12_a_duty_that_ends_during_the_session_ends_it,
    t12_own_sessions_are_listed_and_foreign_ones_cannot_be_ended,
    t12_tokens_are_long_unlike_and_not_in_the_database,
    t13_each_session_has_a_form_token_of_its_own,
    t12_what_is_over_is_swept,
];
