//! The second factor (T-14).

use baoxue_authz::{Action, Factor, Place, Resource, Role, decide};
use baoxue_flow::people::{By, Enrolled, People, PeopleError, SignInError, SignInTry};
use chrono::{DateTime, TimeDelta, Utc};
use totp_rs::{Builder, Secret};

use crate::common::{
    PASSWORD, TestDatabase, add, grant, later, morning, on_both_engines, sign_in, sign_in_try,
};

/// What the authenticator shows.
fn code(secret: &str, at: DateTime<Utc>) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(at.timestamp()).unwrap()).to_string()
}

/// Enrols with the code of ten minutes ago, so that later codes are new.
async fn enrol(people: &People, login: &str) -> (String, Enrolled) {
    let token = sign_in(people, login, later(-600)).await.token;
    let account = people.session(&token, later(-600)).await.unwrap().unwrap().account;
    let offer = people.offer_factor(&account).unwrap();
    assert!(offer.uri.contains(&offer.secret));
    let first = code(&offer.secret, later(-600));
    let wrong = people.enrol(&token, (&offer.secret, "000000"), later(-600)).await;
    assert!(wrong.is_err(), "one in a million times the code is 000000");
    let enrolled = people.enrol(&token, (&offer.secret, &first), later(-600)).await.unwrap();
    assert!(people.session(&token, later(-600)).await.unwrap().is_none(), "a new id");
    (offer.secret, enrolled)
}

fn refused<T>(result: &Result<T, PeopleError>) -> bool {
    matches!(result, Err(PeopleError::SignIn(SignInError::Refused)))
}

async fn t14_a_session_opens_nothing_before_its_code(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "bureau", Role::Bureau).await;
    let (secret, _) = enrol(&people, "bureau").await;
    let half = sign_in(&people, "bureau", morning()).await;
    assert!(half.awaits_code);
    assert!(people.session(&half.token, morning()).await.unwrap().is_none());
    assert!(people.awaiting_code(&half.token, morning()).await.unwrap().is_some());
    let change =
        people.change_password(&half.token, (PASSWORD, "a new good-one 9"), morning()).await;
    assert!(refused(&change));
    assert!(
        people.enrol(&half.token, (&secret, &code(&secret, morning())), morning()).await.is_err()
    );

    let whole = people.give_code(&half.token, &code(&secret, morning()), morning()).await.unwrap();
    assert!(!whole.awaits_code && whole.token != half.token);
    assert!(people.awaiting_code(&half.token, morning()).await.unwrap().is_none());
    let session = people.session(&whole.token, morning()).await.unwrap().unwrap();
    assert_eq!(session.actor.factor, Factor::Fresh);

    // A half session is over after five minutes.
    let half = sign_in(&people, "bureau", morning()).await;
    let late = later(301);
    assert!(refused(&people.give_code(&half.token, &code(&secret, late), late).await));
}

async fn t14_name_password_and_code_may_come_at_once(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "bureau", Role::Bureau).await;
    let (secret, _) = enrol(&people, "bureau").await;
    let with = |code: String| SignInTry { code: Some(code), ..sign_in_try("bureau", PASSWORD) };
    let wrong = people.sign_in(&with("123".to_owned()), morning()).await;
    assert!(refused(&wrong));
    let whole = people.sign_in(&with(code(&secret, morning())), morning()).await.unwrap();
    assert!(!whole.awaits_code);
    assert!(people.session(&whole.token, morning()).await.unwrap().is_some());
}

async fn t14_a_code_works_once_and_within_one_step(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "bureau", Role::Bureau).await;
    let (secret, _) = enrol(&people, "bureau").await;
    let begin = later(10);
    let gives = async |shown_at: DateTime<Utc>, now: DateTime<Utc>| {
        let half = sign_in(&people, "bureau", now).await;
        people.give_code(&half.token, &code(&secret, shown_at), now).await
    };
    assert!(refused(&gives(begin - TimeDelta::seconds(61), begin).await));
    assert!(refused(&gives(begin + TimeDelta::seconds(61), begin).await));
    assert!(gives(begin - TimeDelta::seconds(30), begin).await.is_ok());
    assert!(refused(&gives(begin - TimeDelta::seconds(30), begin).await), "a second time");
    let next = later(100);
    assert!(gives(next + TimeDelta::seconds(30), next).await.is_ok(), "a fast clock");
    assert!(refused(&gives(next, next).await), "older than the one used");
    // In the middle of a step, 40 seconds away is a neighbouring step, 70 is not.
    for (n, (skew, works)) in
        [(-40, true), (40, true), (-70, false), (70, false)].into_iter().enumerate()
    {
        let now = later(3000 * (i64::try_from(n).unwrap() + 1) + 15);
        let result = gives(now + TimeDelta::seconds(skew), now).await;
        assert_eq!(result.is_ok(), works, "{skew}");
    }
}

async fn t14_two_at_once_with_one_code_are_one(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "bureau", Role::Bureau).await;
    let (secret, _) = enrol(&people, "bureau").await;
    let now = code(&secret, morning());
    let mut halves = Vec::new();
    for _ in 0..3 {
        halves.push(sign_in(&people, "bureau", morning()).await.token);
    }
    let give = |token: String| {
        let (people, now) = (people.clone(), now.clone());
        tokio::spawn(async move { people.give_code(&token, &now, morning()).await.is_ok() })
    };
    let all: Vec<_> = halves.into_iter().map(give).collect();
    let mut n_open = 0;
    for one in all {
        n_open += i32::from(one.await.unwrap());
    }
    assert_eq!(n_open, 1);
}

async fn t14_guessing_codes_is_slowed_down(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "bureau", Role::Bureau).await;
    enrol(&people, "bureau").await;
    let mut n_looked_at = 0;
    for n in 0..60 {
        // A right password in between does not make the guesses forgotten.
        let half = sign_in(&people, "bureau", morning()).await;
        let guess = people.give_code(&half.token, &format!("{n:06}"), morning()).await;
        n_looked_at += i32::from(refused(&guess));
    }
    assert!(n_looked_at <= 5, "{n_looked_at}");
}

async fn t14_a_recovery_code_stands_in_once(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "bureau", Role::Bureau).await;
    add(&people, "other", Role::Bureau).await;
    let (_, enrolled) = enrol(&people, "bureau").await;
    let (_, of_other) = enrol(&people, "other").await;
    assert_eq!(enrolled.recovery.len(), 10);
    let gives = async |code: &str| {
        let half = sign_in(&people, "bureau", morning()).await;
        people.give_code(&half.token, code, morning()).await
    };
    assert!(refused(&gives(&of_other.recovery[0]).await), "of another account");
    assert!(gives(&enrolled.recovery[0]).await.is_ok());
    assert!(refused(&gives(&enrolled.recovery[0]).await), "a second time");
    let typed = enrolled.recovery[1].to_uppercase().replace('-', " ");
    assert!(gives(&typed).await.is_ok(), "as people type it");
    for stored in db.store().await.accounts().await.unwrap() {
        for event in stored.events {
            let body = event.event.body.to_string();
            assert!(!enrolled.recovery.iter().any(|code| body.contains(code)));
        }
    }
}

async fn t14_step_up_is_fresh_for_five_minutes_under_a_new_id(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "bureau", Role::Bureau).await;
    let (secret, _) = enrol(&people, "bureau").await;
    let half = sign_in(&people, "bureau", morning()).await;
    let begun = people.give_code(&half.token, &code(&secret, morning()), morning()).await.unwrap();
    let factor = async |token: &str, second: i64| {
        people.session(token, later(second)).await.unwrap().unwrap().actor.factor
    };
    assert_eq!(factor(&begun.token, 300).await, Factor::Fresh);
    assert_eq!(factor(&begun.token, 301).await, Factor::AtSignIn);
    assert_eq!(factor(&begun.token, -1).await, Factor::AtSignIn, "a clock that was put back");
    let raised =
        people.give_code(&begun.token, &code(&secret, later(400)), later(400)).await.unwrap();
    assert_eq!(factor(&raised.token, 401).await, Factor::Fresh);
    assert!(people.session(&begun.token, later(401)).await.unwrap().is_none());
    let session = people.session(&raised.token, later(401)).await.unwrap().unwrap();
    assert_eq!(session.began_at, morning(), "step-up does not lengthen the eight hours");
    assert_eq!(session.ends_at, later(8 * 3600));
}

/// T-14's table: role, action and state of the factor.
async fn t14_what_needs_the_factor_and_how_fresh(db: TestDatabase) {
    let people = db.people().await;
    let allowed = async |role: Role, factor: Factor, action: Action| {
        let login = format!("{}-{factor:?}-{}", role.word(), action.name()).to_lowercase();
        let login: String = login.chars().take(40).collect();
        add(&people, &login, role).await;
        let session = crate::common::open_session(&people, &login, morning()).await;
        let actor = baoxue_authz::Actor { factor, ..session.actor };
        let town = "610902104".parse().ok();
        let resource = if matches!(action, Action::ManageAccounts | Action::ManageRoles) {
            Resource::Account(0)
        } else if action == Action::ReadOwnAudit {
            Resource::Log { account: actor.account, unit: None }
        } else if action == Action::ReadHealth {
            Resource::County
        } else {
            Resource::Child(Place { town, ..Place::default() })
        };
        decide(&actor, action, &resource).allowed
    };
    let (none, at_sign_in, fresh) = (Factor::None, Factor::AtSignIn, Factor::Fresh);
    for (role, action, least) in [
        (Role::CountyLeader, Action::ReadChild, at_sign_in),
        (Role::Bureau, Action::ReadChild, at_sign_in),
        (Role::Inspector, Action::ReadChild, at_sign_in),
        (Role::Auditor, Action::ReadChild, at_sign_in),
        (Role::Town, Action::ReadChild, none),
        (Role::Town, Action::RevealId, fresh),
        (Role::Town, Action::ExportMasked, fresh),
        (Role::Bureau, Action::RevealId, fresh),
        (Role::Bureau, Action::ExportFull, fresh),
        (Role::Bureau, Action::ReadOwnAudit, none),
        (Role::SystemAdmin, Action::ReadHealth, at_sign_in),
        (Role::SystemAdmin, Action::ManageAccounts, fresh),
        (Role::SecurityAdmin, Action::ManageRoles, fresh),
    ] {
        for factor in [none, at_sign_in, fresh] {
            let may = allowed(role, factor, action).await;
            assert_eq!(may, factor >= least, "{role:?} {action:?} {factor:?}");
        }
    }
}

async fn t14_a_reset_takes_the_factor_away(db: TestDatabase) {
    let people = db.people().await;
    let id = add(&people, "bureau", Role::Bureau).await;
    let (_, enrolled) = enrol(&people, "bureau").await;
    let link = people.reset(By::Operator, id, morning()).await.unwrap();
    let token = &enrolled.signed_in.token;
    assert!(people.session(token, morning()).await.unwrap().is_none(), "sessions end");
    assert!(refused(&people.sign_in(&sign_in_try("bureau", PASSWORD), morning()).await));
    people.set_password(&link, "kettle-Tulip 84 台窗", morning()).await.unwrap();
    let again = people.sign_in(&sign_in_try("bureau", "kettle-Tulip 84 台窗"), morning()).await;
    assert!(!again.unwrap().awaits_code);
    assert!(!people.account(id).await.unwrap().has_factor);
    assert_eq!(people.account(id).await.unwrap().grant, grant(Role::Bureau));
}

on_both_engines![
    t14_a_session_opens_nothing_before_its_code,
    t14_name_password_and_code_may_come_at_once,
    t14_a_code_works_once_and_within_one_step,
    t14_two_at_once_with_one_code_are_one,
    t14_guessing_codes_is_slowed_down,
    t14_a_recovery_code_stands_in_once,
    t14_step_up_is_fresh_for_five_minutes_under_a_new_id,
    t14_what_needs_the_factor_and_how_fresh,
    t14_a_reset_takes_the_factor_away,
];
