//! Messages on their way out: mail, group robots (企业微信、钉钉), an SMS gateway. Knows neither children nor accounts: it gets
//! an address and a text, and says whether they were taken.

mod mail;
mod quiet;
mod retry;
mod robot;
mod settings;
mod sms;
mod web;

use std::fmt;

use chrono::{DateTime, Utc};

pub use quiet::Quiet;
pub use retry::{is_over, pause_after};
pub use settings::{Channels, Robot, Settings, SettingsError};

/// A message on its way.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Address or telephone number; a robot needs none.
    pub to: String,
    /// The words.
    pub text: String,
    /// What it is known by: the same at every attempt, so that a receiver who has it already may drop it.
    pub key: String,
    /// When it is sent.
    pub at: DateTime<Utc>,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Letter({})", self.key)
    }
}

/// What brings messages out. A county with a gateway of its own implements it.
pub trait Carrier: fmt::Debug + Send + Sync {
    /// Hands a message over, and waits until the other side has taken it. May block for [`TIME`] and a little more.
    ///
    /// # Errors
    /// [`Failed`]: it was not taken, as far as one can know.
    fn carry(&self, letter: &Letter) -> Result<(), Failed>;
}

/// How long an attempt may take.
pub const TIME: std::time::Duration = std::time::Duration::from_secs(10);

/// Why a message was not taken. The words hold no secret of the settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failed {
    /// The other side does not answer: others would fare no better now.
    #[error("no answer: {0}")]
    Unreachable(String),
    /// It answers, and does not take this message.
    #[error("refused: {0}")]
    Refused(String),
}
