//! Accounts: made, granted, disabled; what they are is folded from their events.

use std::fmt;

use baoxue_authz::{Action, Actor, Areas, Factor, Resource, Role, State, decide};
use baoxue_store::{NewAccountEvent, StoreError, StoredAccount};
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{Contact, People, PeopleError};

/// An account as it is now.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: i64,
    /// The sign-in name.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// What it may do and where.
    pub grant: Grant,
    /// Its state, the end of the duty apart.
    pub state: State,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Whether a second factor is enrolled.
    pub has_factor: bool,
    /// Whether a password is set.
    pub has_password: bool,
    /// Where notices for it go, as its user said.
    pub contact: Contact,
    /// As hashed.
    pub(super) password: Option<String>,
    /// Of the second factor, in base 32.
    pub(super) secret: Option<String>,
    /// Whether it ever was an administrator's.
    pub(super) administered: bool,
}

/// What an account may do, where and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The areas.
    pub areas: Areas,
    /// The last day of the duty.
    pub until: Option<NaiveDate>,
}

/// An account to be made.
#[derive(Clone)]
pub struct NewAccount {
    /// The sign-in name.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// What it may do.
    pub grant: Grant,
    /// The password; without one a link to set it is made.
    pub password: Option<String>,
}

/// Who makes or changes an account.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// The operator at the machine, who has the key file anyway.
    Operator,
    /// Somebody who signed in; may do what the policies permit.
    Actor(&'a Actor),
}

/// An account that was made.
#[derive(Clone, PartialEq, Eq)]
pub struct Created {
    /// Its number.
    pub id: i64,
    /// The token of the link by which the password is set, when none was given.
    pub link: Option<String>,
    /// Whether somebody who grants roles must confirm it before it works.
    pub awaits_confirmation: bool,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({}, {}, {})", self.id, self.grant.role.word(), self.state.word())
    }
}

impl fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewAccount({})", self.grant.role.word())
    }
}

impl fmt::Debug for Created {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Created({})", self.id)
    }
}

/// The body of an event of an account: what it changes.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Change {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) areas: Option<Areas>,
    /// Changed together with the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) state: Option<State>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) password: Option<String>,
    /// Empty when the second factor is taken away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) secret: Option<String>,
    /// Empty when it is taken away; so is the telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phone: Option<String>,
}

impl Change {
    fn granting(grant: Grant) -> Self {
        let Grant { role, areas, until } = grant;
        Self { role: Some(role), areas: Some(areas), until, ..Self::default() }
    }

    /// The event that says so.
    pub(super) fn event(
        &self,
        what: &str,
        by: Option<i64>,
        at: DateTime<Utc>,
    ) -> Result<NewAccountEvent, PeopleError> {
        let body = serde_json::to_value(self).map_err(|_| PeopleError::Value("account_event"))?;
        Ok(NewAccountEvent { what: what.to_owned(), body, by, at })
    }
}

impl Account {
    /// What the events of an account amount to.
    pub(super) fn of(stored: StoredAccount) -> Result<Self, PeopleError> {
        let mut now = Change::default();
        let mut administered = false;
        for event in stored.events {
            let change: Change = serde_json::from_value(event.event.body)
                .map_err(|_| StoreError::Damaged("account_event.body"))?;
            if change.role.is_some() {
                now.until = change.until;
            }
            administered |= change.role.is_some_and(Role::is_administrator);
            now.name = change.name.or(now.name);
            now.role = change.role.or(now.role);
            now.areas = change.areas.or(now.areas);
            now.state = change.state.or(now.state);
            now.password = change.password.or(now.password);
            now.secret = change.secret.or(now.secret);
            now.mail = change.mail.or(now.mail);
            now.phone = change.phone.or(now.phone);
        }
        let role = now.role.ok_or(StoreError::Damaged("account_event.body"))?;
        let secret = now.secret.filter(|secret| !secret.is_empty());
        Ok(Self {
            id: stored.id,
            login: stored.login,
            name: now.name.unwrap_or_default(),
            grant: Grant { role, areas: now.areas.unwrap_or_default(), until: now.until },
            // An account that says nothing of its state must not work.
            state: now.state.unwrap_or(State::Suspended),
            made_at: stored.made_at,
            has_factor: secret.is_some(),
            has_password: now.password.is_some(),
            contact: Contact {
                mail: now.mail.unwrap_or_default(),
                phone: now.phone.unwrap_or_default(),
            },
            password: now.password,
            secret,
            administered,
        })
    }

    /// The state on a day: also whether the duty has ended.
    pub fn state_at(&self, now: DateTime<Utc>) -> State {
        let is_over = self.grant.until.is_some_and(|until| until < china_day(now));
        if self.state == State::Active && is_over { State::Expired } else { self.state }
    }

    /// Who asks when this account asks.
    pub(crate) fn actor(&self, now: DateTime<Utc>, factor: Factor) -> Actor {
        let Grant { role, areas, .. } = self.grant.clone();
        Actor { account: self.id, role, areas, state: self.state_at(now), factor }
    }
}

/// The day in China, whose clock is eight hours ahead.
fn china_day(now: DateTime<Utc>) -> NaiveDate {
    FixedOffset::east_opt(8 * 3600)
        .map_or_else(|| now.date_naive(), |zone| now.with_timezone(&zone).date_naive())
}

/// A sign-in name in the form in which it is kept: width and case do not matter.
pub(super) fn login_form(text: &str) -> Result<String, PeopleError> {
    let login: String = text.trim().nfkc().flat_map(char::to_lowercase).collect();
    let is_good = |c: char| c.is_alphanumeric() || "._-@".contains(c);
    let n = login.chars().count();
    if (2..=40).contains(&n) && login.chars().all(is_good) {
        Ok(login)
    } else {
        Err(PeopleError::Login)
    }
}

fn name_form(text: &str) -> Result<String, PeopleError> {
    let name = text.trim().to_owned();
    let is_good = (1..=60).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if is_good { Ok(name) } else { Err(PeopleError::Name) }
}

impl By<'_> {
    /// The number that events carry.
    pub(super) fn account(self) -> Option<i64> {
        match self {
            Self::Operator => None,
            Self::Actor(actor) => Some(actor.account),
        }
    }

    fn must_be_allowed(self, action: Action, account: i64) -> Result<(), PeopleError> {
        match self {
            Self::Operator => Ok(()),
            Self::Actor(actor) if decide(actor, action, &Resource::Account(account)).allowed => {
                Ok(())
            }
            Self::Actor(_) => Err(PeopleError::NotAllowed),
        }
    }
}

/// No account has this number.
const NOBODY: i64 = 0;

impl People {
    /// Makes an account. One made by an administrator does not work before [`People::confirm`] by somebody who grants
    /// roles; only the first security administrator works at once, since there is nobody to confirm it.
    ///
    /// # Errors
    /// [`PeopleError`] for what is wrong with it.
    pub async fn create(
        &self,
        by: By<'_>,
        new: NewAccount,
        now: DateTime<Utc>,
    ) -> Result<Created, PeopleError> {
        by.must_be_allowed(Action::ManageAccounts, NOBODY)?;
        let login = login_form(&new.login)?;
        let name = name_form(&new.name)?;
        let role = new.grant.role;
        let others = self.accounts().await?;
        must_not_administer_twice(&others, (NOBODY, &name), role)?;
        let first_to_grant = role == Role::SecurityAdmin
            && !others.iter().any(|other| other.grant.role == Role::SecurityAdmin);
        let works = matches!(by, By::Operator) || first_to_grant;
        let password = match &new.password {
            Some(password) => Some(self.hash_new(password, &login, &name).await?),
            None => None,
        };
        let state = if works { State::Active } else { State::Unconfirmed };
        let change = Change {
            name: Some(name),
            state: Some(state),
            password,
            ..Change::granting(new.grant)
        };
        let event = change.event("created", by.account(), now)?;
        let id = self.store.add_account(&login, now, vec![event]).await?;
        let link =
            if new.password.is_none() { Some(self.password_link(id, now).await?) } else { None };
        Ok(Created { id, link, awaits_confirmation: !works })
    }

    /// All accounts as they are now.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn accounts(&self) -> Result<Vec<Account>, PeopleError> {
        self.store.accounts().await?.into_iter().map(Account::of).collect()
    }

    /// An account as it is now.
    ///
    /// # Errors
    /// [`PeopleError::NoAccount`].
    pub async fn account(&self, id: i64) -> Result<Account, PeopleError> {
        Account::of(self.store.account(id).await?)
    }

    /// The account with a sign-in name.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn account_of_login(&self, login: &str) -> Result<Option<Account>, PeopleError> {
        let Ok(login) = login_form(login) else { return Ok(None) };
        match self.store.account_of_login(&login).await? {
            Some(id) => Ok(Some(self.account(id).await?)),
            None => Ok(None),
        }
    }

    /// Gives an account another role, other areas or another end of its duty; its sessions end at once.
    ///
    /// # Errors
    /// [`PeopleError::TwoPowers`] (T-15), [`PeopleError::NotAllowed`].
    pub async fn grant(
        &self,
        by: By<'_>,
        account: i64,
        grant: Grant,
        now: DateTime<Utc>,
    ) -> Result<(), PeopleError> {
        by.must_be_allowed(Action::ManageRoles, account)?;
        let found = self.account(account).await?;
        let was = found.grant.role;
        // Also from one administrator's role to another: what the account did in the one it could judge in the other.
        if grant.role != was && (found.administered || grant.role.is_administrator()) {
            return Err(PeopleError::TwoPowers);
        }
        let event = Change::granting(grant).event("granted", by.account(), now)?;
        Ok(self.store.append_account_event(account, event, true).await?)
    }

    /// Confirms an account that an administrator made, so that it works.
    ///
    /// # Errors
    /// [`PeopleError::NotAllowed`].
    pub async fn confirm(
        &self,
        by: By<'_>,
        account: i64,
        now: DateTime<Utc>,
    ) -> Result<(), PeopleError> {
        by.must_be_allowed(Action::ManageRoles, account)?;
        self.set_state(by, account, (State::Active, "confirmed"), now).await
    }

    /// Disables an account; its sessions end at once.
    ///
    /// # Errors
    /// [`PeopleError::NotAllowed`].
    pub async fn disable(
        &self,
        by: By<'_>,
        account: i64,
        now: DateTime<Utc>,
    ) -> Result<(), PeopleError> {
        by.must_be_allowed(Action::ManageAccounts, account)?;
        self.set_state(by, account, (State::Suspended, "disabled"), now).await
    }

    /// Lets a disabled account work again: one that an administrator enables must be confirmed once more.
    ///
    /// # Errors
    /// [`PeopleError::NotAllowed`].
    pub async fn enable(
        &self,
        by: By<'_>,
        account: i64,
        now: DateTime<Utc>,
    ) -> Result<(), PeopleError> {
        by.must_be_allowed(Action::ManageAccounts, account)?;
        let state = match by {
            By::Operator => State::Active,
            By::Actor(_) => State::Unconfirmed,
        };
        self.set_state(by, account, (state, "enabled"), now).await
    }

    async fn set_state(
        &self,
        by: By<'_>,
        account: i64,
        (state, what): (State, &str),
        now: DateTime<Utc>,
    ) -> Result<(), PeopleError> {
        let change = Change { state: Some(state), ..Change::default() };
        let event = change.event(what, by.account(), now)?;
        Ok(self.store.append_account_event(account, event, true).await?)
    }

    /// Takes password and second factor away from an account whose user lost them; its sessions end at once. Gives the
    /// token of a link to set a new password.
    ///
    /// # Errors
    /// [`PeopleError::NotAllowed`].
    pub async fn reset(
        &self,
        by: By<'_>,
        account: i64,
        now: DateTime<Utc>,
    ) -> Result<String, PeopleError> {
        by.must_be_allowed(Action::ManageAccounts, account)?;
        // Nobody knows a text that has this hash: it is none.
        let nothing = Some(String::new());
        let change = Change { password: nothing.clone(), secret: nothing, ..Change::default() };
        let event = change.event("reset", by.account(), now)?;
        self.store.append_account_event(account, event, true).await?;
        self.password_link(account, now).await
    }
}

/// Refuses an administrator's role to a person who has another administrator's account that is not disabled.
fn must_not_administer_twice(
    others: &[Account],
    (own, name): (i64, &str),
    role: Role,
) -> Result<(), PeopleError> {
    let administers = |other: &Account| {
        other.id != own
            && other.name == name
            && other.state != State::Suspended
            && other.grant.role.is_administrator()
    };
    if role.is_administrator() && others.iter().any(administers) {
        return Err(PeopleError::TwoPowers);
    }
    Ok(())
}
