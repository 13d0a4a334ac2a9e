//! The first account, and links by which a user sets the own password.

use baoxue_authz::{Areas, Role};
use baoxue_store::Purpose;
use chrono::{DateTime, TimeDelta, Utc};

use super::{By, Grant, NewAccount, People, PeopleError, account::Change, token};

/// Where the page stands on which a link sets a password.
pub fn link_path(token: &str) -> String {
    format!("/link/{token}")
}

/// Where the page stands on which the first account is made.
pub fn setup_path(token: &str) -> String {
    format!("/setup/{token}")
}

impl People {
    /// The token of a link to make the first account, when there is none: a program that starts on an empty database
    /// prints it. An older one no longer works.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn first_setup(&self, now: DateTime<Utc>) -> Result<Option<String>, PeopleError> {
        if self.store.has_accounts().await? {
            return Ok(None);
        }
        self.store.drop_links(Purpose::First, None).await?;
        let token = token()?;
        let ends_at = now + TimeDelta::from_std(self.settings.link).unwrap_or_default();
        self.store.add_link((Purpose::First, &token), None, ends_at).await?;
        Ok(Some(token))
    }

    /// Whether a token of [`People::first_setup`] works.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn is_first_setup(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, PeopleError> {
        let works = self.store.link((Purpose::First, token), now).await?.is_some();
        Ok(works && !self.store.has_accounts().await?)
    }

    /// Makes the first account, a system administrator's, by the link. Gives its number.
    ///
    /// # Errors
    /// [`PeopleError::Link`], and those of [`People::create`]; then the link still works.
    pub async fn set_up(
        &self,
        token: &str,
        (login, name, password): (&str, &str, &str),
        now: DateTime<Utc>,
    ) -> Result<i64, PeopleError> {
        if !self.is_first_setup(token, now).await? {
            return Err(PeopleError::Link);
        }
        let grant = Grant { role: Role::SystemAdmin, areas: Areas::default(), until: None };
        let new = NewAccount {
            login: login.to_owned(),
            name: name.to_owned(),
            grant,
            password: Some(password.to_owned()),
        };
        let made = self.create(By::Operator, new, now).await?;
        self.store.drop_links(Purpose::First, None).await?;
        Ok(made.id)
    }

    /// The token of a link to set the password of an account; an older one no longer works.
    pub(super) async fn password_link(
        &self,
        account: i64,
        now: DateTime<Utc>,
    ) -> Result<String, PeopleError> {
        self.store.drop_links(Purpose::Password, Some(account)).await?;
        let token = token()?;
        let ends_at = now + TimeDelta::from_std(self.settings.link).unwrap_or_default();
        self.store.add_link((Purpose::Password, &token), Some(account), ends_at).await?;
        Ok(token)
    }

    /// The sign-in name of the account whose password a link sets, as long as it works.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn login_of_link(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, PeopleError> {
        match self.store.link((Purpose::Password, token), now).await? {
            Some(Some(account)) => Ok(Some(self.account(account).await?.login)),
            Some(None) | None => Ok(None),
        }
    }

    /// Sets the password by a link; all sessions of the account end.
    ///
    /// # Errors
    /// [`PeopleError::Link`]; [`PeopleError::Weak`], then the link still works.
    pub async fn set_password(
        &self,
        token: &str,
        new: &str,
        now: DateTime<Utc>,
    ) -> Result<(), PeopleError> {
        let link = (Purpose::Password, token);
        let Some(Some(id)) = self.store.link(link, now).await? else {
            return Err(PeopleError::Link);
        };
        let account = self.account(id).await?;
        let password = Some(self.hash_new(new, &account.login, &account.name).await?);
        if self.store.take_link(link, now).await?.is_none() {
            return Err(PeopleError::Link);
        }
        let event = Change { password, ..Change::default() }.event("password", Some(id), now)?;
        Ok(self.store.append_account_event(id, event, true).await?)
    }
}
