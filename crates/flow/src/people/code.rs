//! The second factor (T-14): codes by time (RFC 6238) and recovery codes.

use std::fmt;

use baoxue_authz::Factor;
use baoxue_store::Purpose;
use chrono::{DateTime, TimeDelta, Utc};
use totp_rs::{Builder, Secret, Totp};

use super::{Account, People, PeopleError, Session, SignInError, SignedIn, account::Change};

/// Bytes of a secret, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
/// Recovery codes made at a time.
const RECOVERY_CODES: usize = 10;
/// Letters and digits that are not taken for one another.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
/// Recovery codes do not end by time.
const RECOVERY_LASTS: TimeDelta = TimeDelta::days(36_500);

/// A second factor to be enrolled.
#[derive(Clone, PartialEq, Eq)]
pub struct FactorOffer {
    /// The secret in base 32, to be typed into an authenticator and given back with its first code.
    pub secret: String,
    /// The same as an address, for a QR code.
    pub uri: String,
}

/// A second factor that was enrolled.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolled {
    /// The session under its new id.
    pub signed_in: SignedIn,
    /// Codes that stand in for the factor once each; shown once and kept as keyed hashes.
    pub recovery: Vec<String>,
}

impl fmt::Debug for FactorOffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FactorOffer")
    }
}

impl fmt::Debug for Enrolled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Enrolled")
    }
}

/// The generator of a secret: six digits, 30 seconds, one step before and after.
fn totp(secret: &str) -> Result<Totp, PeopleError> {
    let unreadable = || PeopleError::Value("second factor");
    let secret = Secret::try_from_base32(secret).map_err(|_| unreadable())?;
    Builder::new().with_secret(secret).build().map_err(|_| unreadable())
}

/// The code of a secret at a moment, as an authenticator shows it.
///
/// # Errors
/// [`PeopleError::Value`] when the secret is none.
pub fn code_at(secret: &str, now: DateTime<Utc>) -> Result<String, PeopleError> {
    Ok(totp(secret)?.generate(seconds(now)).to_string())
}

fn seconds(now: DateTime<Utc>) -> u64 {
    u64::try_from(now.timestamp()).unwrap_or_default()
}

impl People {
    /// A fresh secret to enrol. Nothing is kept until [`People::enrol`].
    ///
    /// # Errors
    /// [`PeopleError::Value`] without randomness.
    pub fn offer_factor(&self, account: &Account) -> Result<FactorOffer, PeopleError> {
        let mut bytes = [0; SECRET_BYTES];
        getrandom::fill(&mut bytes).map_err(|_| PeopleError::Value("randomness"))?;
        let secret = Secret::from(bytes.to_vec()).to_base32();
        let label = percent(&account.login);
        let uri = format!("otpauth://totp/Baoxue:{label}?secret={secret}&issuer=Baoxue");
        Ok(FactorOffer { secret, uri })
    }

    /// Enrols an offered secret with its first code. Where there is a factor already, it must be fresh. All sessions of the
    /// account end; this one goes on under a new id.
    ///
    /// # Errors
    /// [`PeopleError::SignIn`] when the code is wrong, [`PeopleError::NotAllowed`].
    pub async fn enrol(
        &self,
        token: &str,
        (secret, code): (&str, &str),
        now: DateTime<Utc>,
    ) -> Result<Enrolled, PeopleError> {
        let session = self.session(token, now).await?.ok_or(SignInError::Refused)?;
        let Session { account, actor, .. } = session;
        if account.has_factor && actor.factor != Factor::Fresh {
            return Err(PeopleError::NotAllowed);
        }
        let trying = Account { secret: Some(secret.to_owned()), ..account.clone() };
        self.prove_factor(&trying, code, &session.address, now).await?;
        let stored = self.store.session(token).await?.ok_or(SignInError::Refused)?;
        let change = Change { secret: Some(secret.to_owned()), ..Change::default() };
        let event = change.event("factor", Some(account.id), now)?;
        self.store.append_account_event(account.id, event, true).await?;
        let recovery = self.new_recovery_codes(account.id, now).await?;
        Ok(Enrolled { signed_in: self.renew(&stored, Some(now), now).await?, recovery })
    }

    async fn new_recovery_codes(
        &self,
        account: i64,
        now: DateTime<Utc>,
    ) -> Result<Vec<String>, PeopleError> {
        self.store.drop_links(Purpose::Recovery, Some(account)).await?;
        let mut codes = Vec::new();
        for _ in 0..RECOVERY_CODES {
            let mut bytes = [0; 12];
            getrandom::fill(&mut bytes).map_err(|_| PeopleError::Value("randomness"))?;
            let code: String =
                bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
            let kept = recovery_form(account, &code);
            let ends_at = now + RECOVERY_LASTS;
            self.store.add_link((Purpose::Recovery, &kept), Some(account), ends_at).await?;
            codes.push(format!("{}-{}-{}", &code[..4], &code[4..8], &code[8..]));
        }
        Ok(codes)
    }

    /// Whether a code is right and was not used before: six digits of the authenticator, else a recovery code.
    pub(super) async fn is_code(
        &self,
        account: &Account,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, PeopleError> {
        let code = code.trim();
        let Some(secret) = &account.secret else { return Ok(false) };
        if code.len() == 6 {
            let Some(step) = totp(secret)?.check(code, seconds(now)) else { return Ok(false) };
            let step = i64::try_from(step).map_err(|_| PeopleError::Value("second factor"))?;
            return Ok(self.store.use_code(account.id, step).await?);
        }
        let kept = recovery_form(account.id, code);
        let taken = self.store.take_link((Purpose::Recovery, &kept), now).await?;
        if taken != Some(Some(account.id)) {
            return Ok(false);
        }
        let event = Change::default().event("recovery_code_used", Some(account.id), now)?;
        self.store.append_account_event(account.id, event, false).await?;
        Ok(true)
    }
}

/// A recovery code as kept: without the signs between its parts, and bound to its account.
fn recovery_form(account: i64, code: &str) -> String {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{account}/{}", code.to_ascii_lowercase())
}

/// A text in an address.
fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&crate::hex::hex(&[byte]).to_uppercase());
        }
        out
    })
}
