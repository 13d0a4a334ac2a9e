//! Accounts and sessions: who is there, how they sign in, what they are asked for on the way (T-10 to T-15).
//!
//! Nothing here reads a clock: every call takes the time. What an account is stands in its events, so a session never
//! outlives a change of role, area or password.

mod account;
mod code;
mod common;
mod contact;
mod password;
mod session;
mod setup;
mod sign_in;

use std::{sync::Arc, time::Duration};

use baoxue_store::{Store, StoreError};
use tokio::sync::Semaphore;

pub use account::{Account, By, Created, Grant, NewAccount};
pub use code::{Enrolled, FactorOffer, code_at};
pub use contact::Contact;
pub use password::{Cost, Weakness, weakness};
pub use session::{OpenSession, Session};
pub use setup::{link_path, setup_path};
pub use sign_in::{SignInError, SignInTry, SignedIn};

/// How long things last and how dear a password is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleSettings {
    /// A session ends after this long without a request.
    pub idle: Duration,
    /// A session ends after this long whatever happens.
    pub longest: Duration,
    /// A second factor counts as fresh for this long.
    pub fresh: Duration,
    /// A link to set a password works this long.
    pub link: Duration,
    /// What hashing a password costs.
    pub cost: Cost,
    /// Names that a password must not be made of: county, towns, schools, in characters and in letters.
    pub words: Vec<String>,
}

impl Default for PeopleSettings {
    fn default() -> Self {
        Self {
            idle: Duration::from_mins(15),
            longest: Duration::from_hours(8),
            fresh: Duration::from_mins(5),
            link: Duration::from_hours(72),
            cost: Cost::default(),
            words: Vec::new(),
        }
    }
}

/// Accounts and sessions of a store. Cloning shares everything.
#[derive(Clone, Debug)]
pub struct People {
    store: Store,
    settings: Arc<PeopleSettings>,
    /// Hashing takes a core and tens of MB for its while: no more at a time than there are cores.
    hashing: Arc<Semaphore>,
}

/// Passwords hashed at a time.
const HASHES_AT_A_TIME: usize = 2;

impl People {
    /// The accounts of `store`.
    pub fn new(store: Store, settings: PeopleSettings) -> Self {
        let hashing = Arc::new(Semaphore::new(HASHES_AT_A_TIME));
        Self { store, settings: Arc::new(settings), hashing }
    }

    /// The settings.
    pub fn settings(&self) -> &PeopleSettings {
        &self.settings
    }
}

/// Why an account could not be made or changed. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// Whoever asks may not.
    #[error("whoever asks may not do this")]
    NotAllowed,
    /// The sign-in name is empty, too long or has signs that it may not have.
    #[error("a sign-in name has 2 to 40 letters, digits or characters, and `.`, `_`, `-`, `@`")]
    Login,
    /// Another account has that sign-in name.
    #[error("there is an account of that sign-in name already")]
    LoginTaken,
    /// There is no such account.
    #[error("there is no account {0}")]
    NoAccount(i64),
    /// There is no account of that sign-in name.
    #[error("there is no account of that sign-in name")]
    NoLogin,
    /// An area is not written as areas are.
    #[error("`{0}` is no area")]
    Area(String),
    /// The name is empty or too long.
    #[error("a name has 1 to 60 characters")]
    Name,
    /// A mail address or telephone is none.
    #[error("a mail address looks like name@host, a mobile telephone has 11 digits")]
    Contact,
    /// The password is not good enough.
    #[error("the password is too weak: {0}")]
    Weak(Weakness),
    /// The role is an administrator's and the person has another administrator's account, or the account was one kind
    /// and is to become the other (T-15).
    #[error("nobody administers in two ways, and an administrator's account holds no other role")]
    TwoPowers,
    /// The link was used, or its time is over.
    #[error("the link was used before or its time is over")]
    Link,
    /// The password given to confirm is wrong, or too many attempts were made.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// A value cannot be read or made.
    #[error("`{0}` cannot be read or made")]
    Value(&'static str),
    /// The store.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for PeopleError {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::LoginTaken) {
            Self::LoginTaken
        } else if let StoreError::NoAccount(id) = error {
            Self::NoAccount(id)
        } else {
            Self::Store(error)
        }
    }
}

/// 256 bits from the operating system, in hexadecimal: a session id or the token of a link.
fn token() -> Result<String, PeopleError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| PeopleError::Value("randomness"))?;
    Ok(crate::hex::hex(&bytes))
}
