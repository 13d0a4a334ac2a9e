//! Sessions (T-12): opened by a token, renewed when rights rise, ended by time and by whatever changes the account.

use std::{fmt, time::Duration};

use baoxue_authz::{Actor, Factor, State};
use baoxue_store::{NewSession, StoredSession};
use chrono::{DateTime, TimeDelta, Utc};

use super::{Account, People, PeopleError, SignedIn, account::Change, token};

/// How often at most it is noted that a session was seen: each note is a write.
const NOTE_SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);

/// A session in use.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Its number, for [`People::end_session`].
    pub id: i64,
    /// Whose it is.
    pub account: Account,
    /// Who asks, for [`baoxue_authz::decide`] and [`baoxue_authz::scope`].
    pub actor: Actor,
    /// What every unsafe request must bring (T-13).
    pub csrf: String,
    /// When the user signed in.
    pub began_at: DateTime<Utc>,
    /// When it ends whatever the user does.
    pub ends_at: DateTime<Utc>,
    /// When the second factor was last proved.
    pub factor_at: Option<DateTime<Utc>>,
    /// From where.
    pub address: String,
}

/// A session in the list of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// Its number.
    pub id: i64,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it was last seen, to the minute.
    pub seen_at: DateTime<Utc>,
    /// From where.
    pub address: String,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({}, {:?})", self.id, self.account)
    }
}

impl People {
    /// The session of a token, when it is open: not ended, not idle too long, of an account that works, and with its
    /// second factor given. Notes that it was seen.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn session(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Session>, PeopleError> {
        let Some(stored) = self.stored_session(token, now).await? else { return Ok(None) };
        if stored.session.awaits_code {
            return Ok(None);
        }
        let account = self.account(stored.session.account).await?;
        if account.state_at(now) != State::Active {
            return Ok(None);
        }
        if now - stored.seen_at >= NOTE_SEEN_EVERY.min(of(self.settings.idle) / 4) {
            self.store.session_seen(stored.id, now).await?;
        }
        let actor = account.actor(now, self.factor(stored.session.factor_at, now));
        Ok(Some(Session {
            id: stored.id,
            csrf: self.store.csrf_of(token),
            actor,
            account,
            began_at: stored.session.began_at,
            ends_at: stored.session.ends_at,
            factor_at: stored.session.factor_at,
            address: stored.session.address,
        }))
    }

    fn factor(&self, proved_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Factor {
        match proved_at.map(|at| now - at) {
            None => Factor::None,
            // A clock that was put back makes nothing fresh.
            Some(ago) if ago >= TimeDelta::zero() && ago <= of(self.settings.fresh) => {
                Factor::Fresh
            }
            Some(_) => Factor::AtSignIn,
        }
    }

    /// The session of a token as stored, when its time is not over.
    async fn stored_session(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<StoredSession>, PeopleError> {
        let Some(stored) = self.store.session(token).await? else { return Ok(None) };
        if now < stored.session.ends_at && now - stored.seen_at <= of(self.settings.idle) {
            return Ok(Some(stored));
        }
        self.store.end_session(stored.id, stored.session.account).await?;
        Ok(None)
    }

    /// The account of a session that still awaits the code of its second factor.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn awaiting_code(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Account>, PeopleError> {
        match self.stored_session(token, now).await? {
            Some(stored) if stored.session.awaits_code => {
                Ok(Some(self.account(stored.session.account).await?))
            }
            Some(_) | None => Ok(None),
        }
    }

    /// Proves the second factor: completes a session that awaits its code, or makes the factor of an open one fresh
    /// (step-up). The session goes on under a new id; the old one opens nothing.
    ///
    /// # Errors
    /// [`PeopleError::SignIn`] when the code is wrong, or there is no such session or no second factor.
    pub async fn give_code(
        &self,
        token: &str,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<SignedIn, PeopleError> {
        let stored = self.stored_session(token, now).await?;
        let stored = stored.ok_or(super::SignInError::Refused)?;
        let account = self.account(stored.session.account).await?;
        if account.state_at(now) != State::Active {
            return Err(super::SignInError::Refused.into());
        }
        let address = stored.session.address.clone();
        self.prove_factor(&account, code, &address, now).await?;
        let renewed = self.renew(&stored, Some(now), now).await?;
        self.log_door(Some(account.id), ("SecondFactor", "done"), &address, now).await?;
        Ok(renewed)
    }

    /// The same session under a new id, whole.
    pub(super) async fn renew(
        &self,
        stored: &StoredSession,
        factor_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<SignedIn, PeopleError> {
        let began_at = stored.session.began_at;
        let session = NewSession {
            awaits_code: false,
            at: now,
            ends_at: began_at + of(self.settings.longest),
            factor_at,
            ..stored.session.clone()
        };
        let token = token()?;
        self.store.begin_session(&token, session, Some(stored.id)).await?;
        Ok(SignedIn { token, awaits_code: false })
    }

    /// Changes the own password. All sessions of the account end; this one goes on under a new id.
    ///
    /// # Errors
    /// [`PeopleError::SignIn`] when the old password is wrong, [`PeopleError::Weak`] for the new one.
    pub async fn change_password(
        &self,
        token: &str,
        (old, new): (&str, &str),
        now: DateTime<Utc>,
    ) -> Result<SignedIn, PeopleError> {
        let stored = self.stored_session(token, now).await?;
        let stored = stored.filter(|found| !found.session.awaits_code);
        let stored = stored.ok_or(super::SignInError::Refused)?;
        let account = self.account(stored.session.account).await?;
        self.prove_password(&account, old, now).await?;
        let password = Some(self.hash_new(new, &account.login, &account.name).await?);
        let change = Change { password, ..Change::default() };
        let event = change.event("password", Some(account.id), now)?;
        self.store.append_account_event(account.id, event, true).await?;
        self.renew(&stored, stored.session.factor_at, now).await
    }

    /// Signs out.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn sign_out(&self, token: &str, now: DateTime<Utc>) -> Result<(), PeopleError> {
        let Some(stored) = self.store.session(token).await? else { return Ok(()) };
        let session = &stored.session;
        self.store.end_session(stored.id, session.account).await?;
        self.log_door(Some(session.account), ("SignOut", "done"), &session.address, now).await
    }

    /// The open sessions of an account, oldest first.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn sessions_of(
        &self,
        account: i64,
        now: DateTime<Utc>,
    ) -> Result<Vec<OpenSession>, PeopleError> {
        let all = self.store.sessions_of(account).await?.into_iter();
        let is_open = |stored: &StoredSession| {
            now < stored.session.ends_at && now - stored.seen_at <= of(self.settings.idle)
        };
        let open = all.filter(is_open).map(|stored| OpenSession {
            id: stored.id,
            began_at: stored.session.began_at,
            seen_at: stored.seen_at,
            address: stored.session.address,
        });
        Ok(open.collect())
    }

    /// Ends one of the sessions of an account; tells whether there was one.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn end_session(&self, account: i64, session: i64) -> Result<bool, PeopleError> {
        Ok(self.store.end_session(session, account).await?)
    }

    /// Forgets sessions, links and failures that no longer count; for a task that runs now and then.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn sweep(&self, now: DateTime<Utc>) -> Result<(), PeopleError> {
        self.store.sweep_sessions(now).await?;
        Ok(self.store.sweep_failures(now - TimeDelta::days(2)).await?)
    }
}

/// A length of time as the clock's arithmetic wants it.
fn of(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}
