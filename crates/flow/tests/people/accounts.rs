//! Who may make and change accounts, and that nobody administers in two ways (T-15).

use baoxue_authz::{Actor, Factor, Role, State};
use baoxue_flow::people::{By, NewAccount, People, PeopleError};

use crate::common::{
    PASSWORD, TestDatabase, add, grant, morning, new_account, on_both_engines, open_session, tries,
};

/// Somebody of a role, signed in with a fresh factor.
async fn fresh(people: &People, login: &str, role: Role) -> Actor {
    add(people, login, role).await;
    Actor { factor: Factor::Fresh, ..open_session(people, login, morning()).await.actor }
}

async fn t15_only_system_administrators_make_accounts(db: TestDatabase) {
    let people = db.people().await;
    for role in Role::ALL {
        let actor = fresh(&people, role.word(), *role).await;
        let login = format!("new.{}", role.word());
        let made =
            people.create(By::Actor(&actor), new_account(&login, Role::Teacher), morning()).await;
        if *role == Role::SystemAdmin {
            assert!(made.unwrap().awaits_confirmation);
        } else {
            assert!(matches!(made, Err(PeopleError::NotAllowed)), "{role:?}");
        }
    }
}

async fn t15_what_one_administrator_makes_another_confirms(db: TestDatabase) {
    let people = db.people().await;
    let system = fresh(&people, "system", Role::SystemAdmin).await;
    let new = new_account("safe", Role::SecurityAdmin);
    let first = people.create(By::Actor(&system), new, morning()).await.unwrap();
    assert!(!first.awaits_confirmation, "nobody is there to confirm the first");
    let security =
        Actor { factor: Factor::Fresh, ..open_session(&people, "safe", morning()).await.actor };
    let new = new_account("safe2", Role::SecurityAdmin);
    assert!(people.create(By::Actor(&system), new, morning()).await.unwrap().awaits_confirmation);

    let id = people
        .create(By::Actor(&system), new_account("town", Role::Town), morning())
        .await
        .unwrap()
        .id;
    assert!(tries(&people, "town", PASSWORD, morning()).await.is_err());
    let by_maker = people.confirm(By::Actor(&system), id, morning()).await;
    assert!(matches!(by_maker, Err(PeopleError::NotAllowed)));
    people.confirm(By::Actor(&security), id, morning()).await.unwrap();
    assert!(tries(&people, "town", PASSWORD, morning()).await.is_ok());

    let by_maker = people.grant(By::Actor(&system), id, grant(Role::Bureau), morning()).await;
    assert!(matches!(by_maker, Err(PeopleError::NotAllowed)));
    people.grant(By::Actor(&security), id, grant(Role::Bureau), morning()).await.unwrap();
    let by_granter = people.disable(By::Actor(&security), id, morning()).await;
    assert!(matches!(by_granter, Err(PeopleError::NotAllowed)));
    people.disable(By::Actor(&system), id, morning()).await.unwrap();
    people.enable(By::Actor(&system), id, morning()).await.unwrap();
    assert_eq!(people.account(id).await.unwrap().state, State::Unconfirmed);
    // Nobody changes the own account.
    let own = people.disable(By::Actor(&system), system.account, morning()).await;
    assert!(matches!(own, Err(PeopleError::NotAllowed)));
    let own = people
        .grant(By::Actor(&security), security.account, grant(Role::SecurityAdmin), morning())
        .await;
    assert!(matches!(own, Err(PeopleError::NotAllowed)));
}

async fn t15_nobody_administers_in_two_ways(db: TestDatabase) {
    let people = db.people().await;
    for (n, had) in Role::ALL.iter().enumerate() {
        for (m, wanted) in Role::ALL.iter().enumerate() {
            // One account from one role to another.
            let id = add(&people, &format!("a{n}.{m}"), *had).await;
            let granted = people.grant(By::Operator, id, grant(*wanted), morning()).await;
            let is_same_kind =
                had == wanted || !had.is_administrator() && !wanted.is_administrator();
            assert_eq!(granted.is_ok(), is_same_kind, "{had:?} to {wanted:?}: {granted:?}");
            if had == wanted {
                continue;
            }
            // One person with two accounts.
            let person = |login: String, role: Role| NewAccount {
                name: format!("双重{n}与{m}"),
                ..new_account(&login, role)
            };
            people
                .create(By::Operator, person(format!("b{n}.{m}"), *had), morning())
                .await
                .unwrap();
            let second =
                people.create(By::Operator, person(format!("c{n}.{m}"), *wanted), morning()).await;
            let is_two_powers = had.is_administrator() && wanted.is_administrator();
            assert_eq!(
                matches!(second, Err(PeopleError::TwoPowers)),
                is_two_powers,
                "{had:?} and {wanted:?}"
            );
        }
    }
}

async fn t15_a_past_administrator_comes_back_to_no_other_role(db: TestDatabase) {
    let people = db.people().await;
    let id = add(&people, "audit", Role::AuditAdmin).await;
    people.disable(By::Operator, id, morning()).await.unwrap();
    let refused = people.grant(By::Operator, id, grant(Role::Bureau), morning()).await;
    assert!(matches!(refused, Err(PeopleError::TwoPowers)), "{refused:?}");
    let none = people.grant(By::Operator, 77, grant(Role::Bureau), morning()).await;
    assert!(matches!(none, Err(PeopleError::NoAccount(77))), "{none:?}");
}

on_both_engines![
    t15_only_system_administrators_make_accounts,
    t15_what_one_administrator_makes_another_confirms,
    t15_nobody_administers_in_two_ways,
    t15_a_past_administrator_comes_back_to_no_other_role,
];
