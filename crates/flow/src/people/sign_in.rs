//! Signing in, and what slows down whoever guesses (T-11).

use std::{fmt, time::Duration};

use baoxue_authz::State;
use baoxue_store::{AccessEntry, Attempt, Limit, NewSession, Subject};
use chrono::{DateTime, TimeDelta, Utc};

use super::{Account, People, PeopleError, account::login_form, token};

/// Longest password that is looked at, in bytes.
const LONGEST_PASSWORD: usize = 1024;

/// Three wrong passwords are a bad day; then waiting begins.
const PER_LOGIN: Limit =
    Limit { free: 4, longest: Duration::from_mins(15), forgets_after: Duration::from_hours(24) };
/// An office has one address for all its people.
const PER_ADDRESS: Limit =
    Limit { free: 20, longest: Duration::from_mins(15), forgets_after: Duration::from_hours(1) };
/// One password tried on many names, from wherever.
const PER_PASSWORD: Limit =
    Limit { free: 20, longest: Duration::from_mins(15), forgets_after: Duration::from_hours(1) };

/// What somebody gave to sign in.
#[derive(Clone)]
pub struct SignInTry {
    /// The sign-in name.
    pub login: String,
    /// The password.
    pub password: String,
    /// The code of the second factor, or a recovery code, if given at once.
    pub code: Option<String>,
    /// From where.
    pub address: String,
}

/// Somebody who signed in.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The session id, for the cookie and nowhere else.
    pub token: String,
    /// The code of the second factor is still to come; until then the session opens nothing.
    pub awaits_code: bool,
}

impl fmt::Debug for SignInTry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignInTry")
    }
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedIn(awaits_code: {})", self.awaits_code)
    }
}

/// Why somebody was not let in. It is the same whether the account exists or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// Name, password or code are wrong, or the account does not work.
    #[error("name, password or code are wrong")]
    Refused,
    /// Too many attempts: nothing was looked at.
    #[error("too many attempts, wait {} seconds", .0.as_secs() + 1)]
    Wait(Duration),
}

impl People {
    /// Signs in.
    ///
    /// # Errors
    /// [`PeopleError::SignIn`] when refused.
    pub async fn sign_in(
        &self,
        attempt: &SignInTry,
        now: DateTime<Utc>,
    ) -> Result<SignedIn, PeopleError> {
        let login = login_form(&attempt.login).unwrap_or_default();
        let counted = [
            (Subject::Login, login.as_str(), PER_LOGIN),
            (Subject::Address, &attempt.address, PER_ADDRESS),
            (Subject::Password, &attempt.password, PER_PASSWORD),
        ];
        self.begin_attempt(&counted, now).await?;
        let known = self.account_of_login(&login).await?;
        let hash = known.as_ref().and_then(|account| account.password.clone());
        let is_right = attempt.password.len() <= LONGEST_PASSWORD
            && self.is_password(&attempt.password, hash).await?;
        let works = |account: &Account| account.state_at(now) == State::Active;
        let Some(account) = known.as_ref().filter(|account| is_right && works(account)) else {
            let id = known.map(|account| account.id);
            self.log_door(id, ("SignIn", "refused"), &attempt.address, now).await?;
            return Err(SignInError::Refused.into());
        };
        self.store.attempt_succeeded(&counted).await?;
        let factor_at = match (&attempt.code, account.has_factor) {
            (Some(code), true) => {
                self.prove_factor(account, code, &attempt.address, now).await?;
                Some(now)
            }
            (_, _) => None,
        };
        let awaits_code = account.has_factor && factor_at.is_none();
        let result = if awaits_code { "awaits code" } else { "done" };
        let lasts = if awaits_code { self.settings.fresh } else { self.settings.longest };
        let session = NewSession {
            account: account.id,
            awaits_code,
            began_at: now,
            at: now,
            ends_at: now + TimeDelta::from_std(lasts).unwrap_or_default(),
            factor_at,
            address: attempt.address.clone(),
        };
        let token = token()?;
        self.store.begin_session(&token, session, None).await?;
        self.log_door(Some(account.id), ("SignIn", result), &attempt.address, now).await?;
        Ok(SignedIn { token, awaits_code })
    }

    /// Counts an attempt, or says how long to wait.
    pub(super) async fn begin_attempt(
        &self,
        attempt: &Attempt<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), PeopleError> {
        match self.store.begin_attempt(attempt, now).await? {
            Some(wait) => Err(SignInError::Wait(wait).into()),
            None => Ok(()),
        }
    }

    /// Checks a code of the second factor; wrong ones are counted by account.
    pub(super) async fn prove_factor(
        &self,
        account: &Account,
        code: &str,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<(), PeopleError> {
        let subject = format!("code/{}", account.id);
        let counted = [(Subject::Login, subject.as_str(), PER_LOGIN)];
        self.begin_attempt(&counted, now).await?;
        if self.is_code(account, code, now).await? {
            return Ok(self.store.attempt_succeeded(&counted).await?);
        }
        self.log_door(Some(account.id), ("SecondFactor", "refused"), address, now).await?;
        Err(SignInError::Refused.into())
    }

    /// Checks the password of somebody who is signed in, with the limits of signing in.
    pub(super) async fn prove_password(
        &self,
        account: &Account,
        password: &str,
        now: DateTime<Utc>,
    ) -> Result<(), PeopleError> {
        let counted = [(Subject::Login, account.login.as_str(), PER_LOGIN)];
        self.begin_attempt(&counted, now).await?;
        if !self.is_password(password, account.password.clone()).await? {
            return Err(SignInError::Refused.into());
        }
        Ok(self.store.attempt_succeeded(&counted).await?)
    }

    /// Logs who came, or tried to.
    pub(super) async fn log_door(
        &self,
        account: Option<i64>,
        (what, result): (&str, &str),
        address: &str,
        at: DateTime<Utc>,
    ) -> Result<(), PeopleError> {
        let entry = AccessEntry {
            account,
            what: what.to_owned(),
            result: result.to_owned(),
            policy: String::new(),
            purpose: String::new(),
            address: address.to_owned(),
            at,
            subjects: Vec::new(),
        };
        self.store.log_access(vec![entry]).await?;
        Ok(())
    }
}
