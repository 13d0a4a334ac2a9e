//! Passwords: which are refused, how they are kept (T-10).

use std::fmt;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use unicode_normalization::UnicodeNormalization;

use super::{People, PeopleError, common};

/// Shortest password, in characters.
const SHORTEST: usize = 10;
/// Longest, in characters: more does not make it better, only dearer to hash.
const LONGEST: usize = 256;
/// A password that keeps fewer characters than this once names and digits are taken away is made of them.
const OWN_CHARACTERS: usize = 4;

/// What hashing a password costs (Argon2id).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Default for Cost {
    /// Some 100 to 300 ms on one core of a small server.
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3 }
    }
}

impl Cost {
    /// For tests, which sign in often.
    pub const CHEAPEST: Self = Self { memory_kib: 8, passes: 1 };

    fn hasher(self) -> Result<Argon2<'static>, PeopleError> {
        let params = Params::new(self.memory_kib, self.passes, 1, None)
            .map_err(|_| PeopleError::Value("cost of passwords"))?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer than 10 characters.
    Short,
    /// More than 256.
    Long,
    /// Among those that many people take.
    Common,
    /// Digits only, or almost: telephone, identity number, date.
    Number,
    /// A run of neighbours or repeats: `1qaz2wsx3edc`, `abcabcabcabc`.
    Pattern,
    /// Made of a name: of the account, the person, the county, a town, a school.
    Name,
}

impl Weakness {
    /// What to do, in zh-CN.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Short => "密码至少 10 个字符",
            Self::Long => "密码最多 256 个字符",
            Self::Common => "这个密码太常见，请换一个",
            Self::Number => "密码不能全是数字，也不能是手机号、证件号、日期",
            Self::Pattern => "密码不能是键盘顺序或重复的字符",
            Self::Name => "密码不能由姓名、账号、县名、镇名、校名组成",
        }
    }

    /// In English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::Short => "a password has at least 10 characters",
            Self::Long => "a password has at most 256 characters",
            Self::Common => "this password is too common, take another",
            Self::Number => "a password is not a number, telephone, identity number or date",
            Self::Pattern => "a password is not a run of keys or a repetition",
            Self::Name => "a password is not made of a name, sign-in name, county, town or school",
        }
    }
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.en())
    }
}

/// Why `password` is refused, if it is. `words` are names that it must not be made of.
pub fn weakness<'a>(password: &str, mut words: impl Iterator<Item = &'a str>) -> Option<Weakness> {
    let n = password.chars().count();
    if n < SHORTEST {
        return Some(Weakness::Short);
    }
    if n > LONGEST {
        return Some(Weakness::Long);
    }
    let plain: String = password.nfkc().flat_map(char::to_lowercase).collect();
    if common::is_common(&plain) {
        return Some(Weakness::Common);
    }
    let n_others = plain.chars().filter(|c| !c.is_ascii_digit()).count();
    if n_others <= 2 && plain.chars().count() <= 20 {
        return Some(Weakness::Number);
    }
    if common::is_pattern(&plain) {
        return Some(Weakness::Pattern);
    }
    let is_made_of = |word: &str| {
        let word: String = word.nfkc().flat_map(char::to_lowercase).collect();
        let word = word.trim();
        word.chars().count() >= 2 && plain.contains(word) && {
            let rest = plain.replace(word, "");
            rest.chars().filter(|c| c.is_alphabetic()).count() < OWN_CHARACTERS
        }
    };
    words.any(is_made_of).then_some(Weakness::Name)
}

impl People {
    /// Checks a new password and hashes it.
    pub(super) async fn hash_new(
        &self,
        password: &str,
        login: &str,
        name: &str,
    ) -> Result<String, PeopleError> {
        let words = self.settings.words.iter().map(String::as_str).chain([login, name]);
        if let Some(weakness) = weakness(password, words) {
            return Err(PeopleError::Weak(weakness));
        }
        let (cost, password) = (self.settings.cost, password.to_owned());
        self.away_from_requests(move || {
            let hash: PasswordHash = cost
                .hasher()?
                .hash_password(password.as_bytes())
                .map_err(|_| PeopleError::Value("hash of a password"))?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password is the one that was hashed. Without a hash as much work is done, so that nobody can tell from
    /// the time whether an account exists.
    pub(super) async fn is_password(
        &self,
        password: &str,
        hash: Option<String>,
    ) -> Result<bool, PeopleError> {
        let (cost, password) = (self.settings.cost, password.to_owned());
        self.away_from_requests(move || {
            let hasher = cost.hasher()?;
            let Some(hash) = hash.as_deref().and_then(|hash| PasswordHash::new(hash).ok()) else {
                let unknown: Result<PasswordHash, _> = hasher.hash_password(password.as_bytes());
                std::hint::black_box(unknown.is_ok());
                return Ok(false);
            };
            Ok(hasher.verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
    }

    async fn away_from_requests<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PeopleError> + Send + 'static,
    ) -> Result<T, PeopleError> {
        let stopped = || PeopleError::Value("hash of a password");
        let _turn = self.hashing.acquire().await.map_err(|_| stopped())?;
        tokio::task::spawn_blocking(work).await.map_err(|_| stopped())?
    }
}
