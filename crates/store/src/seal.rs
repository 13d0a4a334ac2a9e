//! Sealing of single values and keyed hashes for equality search (T-62).
//!
//! A sealed value is: one byte for the algorithm, two for the version of the master key, twelve of nonce, the ciphertext,
//! sixteen of tag. The nonce is random: equal plaintexts have unequal ciphertexts in every row. One key may seal 2³²
//! values before the chance of a repeated nonce reaches 2⁻³²; a county has some 10⁷. What the value is bound to (table,
//! column, row) is authenticated with it, so a value moved to another row does not open.

use std::{cell::RefCell, fmt};

use aes_gcm::{
    AesGcm, KeyInit, Nonce, Tag,
    aead::{AeadInOut, consts::U12},
};
use hmac::Mac;
use sm4::Sm4;

use crate::{KeyError, Keys, keys::HmacSm3};

/// SM4 (GM/T 0002) in Galois counter mode, as in RFC 8998.
type Sm4Gcm = AesGcm<Sm4, U12>;

/// Algorithm 1: SM4-GCM with random nonce. Other numbers are for algorithms to come.
const SM4_GCM: u8 = 1;
const HEAD_BYTES: usize = 3;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;
/// What sealing adds to a value.
const OVERHEAD_BYTES: usize = HEAD_BYTES + NONCE_BYTES + TAG_BYTES;

macro_rules! classes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The class of a sealed value; each has a key of its own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Class {
            $($(#[$doc])* $variant,)*
        }

        impl Class {
            const ALL: &[Self] = &[$(Self::$variant),*];

            /// The purpose its key is derived for; changing one makes old values unreadable.
            const fn purpose(self) -> &'static str {
                match self { $(Self::$variant => concat!("seal/", $name)),* }
            }
        }
    };
}

classes! {
    /// Names and former names.
    Name = "name",
    /// Resident IDs.
    ResidentId = "resident_id",
    /// Guardians with their IDs and telephones.
    Guardian = "guardian",
    /// Telephones of the family.
    Phone = "phone",
    /// Addresses.
    Address = "address",
    /// The rest of a person.
    Person = "person",
    /// Raw cells, doubts and reasons of rejection: what was found in the file.
    Found = "found",
    /// Claims.
    Claim = "claim",
    /// What was derived: verdicts, conflicts, reviews.
    Derived = "derived",
    /// Who did what and why: batches, decisions, events, layouts.
    Journal = "journal",
    /// Accounts: sign-in names, roles, passwords as hashed, second factors; addresses that people came from.
    Account = "account",
    /// Tip-offs and what was done about them: read by few.
    Tip = "tip",
    /// What informers left of themselves: opened by two persons.
    Informer = "informer",
    /// Keys that seal values, under a key of the key file.
    Key = "key",
}

/// A value cannot be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It was changed, moved to another place, or sealed with another key.
    #[error("the value was changed, moved, or sealed with another key")]
    Authentication,
    /// It is shorter than any sealed value.
    #[error("the value is cut short")]
    Short,
    /// This program does not know the algorithm.
    #[error("the value was sealed with algorithm {0}, which this program does not know")]
    Algorithm(u8),
    /// The key file lacks the version.
    #[error("the value was sealed with key version {0}, which the key file lacks")]
    KeyVersion(u16),
    /// The value is longer than the mode allows.
    #[error("the value is too long to be sealed")]
    Long,
    /// The operating system gave no randomness.
    #[error("the operating system gave no random numbers")]
    Random,
}

/// Seals and opens values, and hashes values for equality search. Key schedules are kept ready.
pub struct Sealer {
    /// Ascending by version; the last one seals.
    versions: Vec<Version>,
    index: HmacSm3,
}

struct Version {
    number: u16,
    /// In the order of [`Class::ALL`].
    ciphers: Vec<Sm4Gcm>,
    /// Proves that a database was made with this key without saying anything about the key.
    check: [u8; 16],
}

impl Sealer {
    /// Derives all keys.
    ///
    /// # Errors
    /// [`KeyError::Empty`]; not for keys made by [`Keys`]' own functions.
    pub fn new(keys: &Keys) -> Result<Self, KeyError> {
        let versions: Vec<Version> = keys
            .versions()
            .map(|number| Version::new(keys, number))
            .collect::<Option<_>>()
            .ok_or(KeyError::Empty)?;
        let oldest = keys.versions().next().ok_or(KeyError::Empty)?;
        let index = keys.derive(oldest, "index").ok_or(KeyError::Empty)?;
        let index = <HmacSm3 as KeyInit>::new_from_slice(&index).map_err(|_| KeyError::Empty)?;
        Ok(Self { versions, index })
    }

    /// Seals `plaintext` with the newest key of `class`. `aad` says where the value stands; opening needs the same.
    ///
    /// # Errors
    /// [`SealError::Random`], [`SealError::Long`].
    pub fn seal(&self, class: Class, aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        let version = self.versions.last().ok_or(SealError::KeyVersion(0))?;
        let nonce = random_nonce()?;
        let mut sealed = Vec::with_capacity(plaintext.len() + OVERHEAD_BYTES);
        sealed.push(SM4_GCM);
        sealed.extend_from_slice(&version.number.to_be_bytes());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plaintext);
        let body = &mut sealed[HEAD_BYTES + NONCE_BYTES..];
        let tag = version.ciphers[class as usize]
            .encrypt_inout_detached(&Nonce::from(nonce), aad, body.into())
            .map_err(|_| SealError::Long)?;
        sealed.extend_from_slice(&tag);
        Ok(sealed)
    }

    /// Opens what [`Sealer::seal`] made of the same `class` and `aad`.
    ///
    /// # Errors
    /// [`SealError`] when a single bit differs; never garbage.
    pub fn open(&self, class: Class, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (head, rest) = sealed.split_at_checked(HEAD_BYTES).ok_or(SealError::Short)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::Short)?;
        let (body, tag) = rest.split_last_chunk::<TAG_BYTES>().ok_or(SealError::Short)?;
        if head[0] != SM4_GCM {
            return Err(SealError::Algorithm(head[0]));
        }
        let number = u16::from_be_bytes([head[1], head[2]]);
        let version = self
            .versions
            .iter()
            .rfind(|version| version.number == number)
            .ok_or(SealError::KeyVersion(number))?;
        let mut plaintext = body.to_vec();
        version.ciphers[class as usize]
            .decrypt_inout_detached(
                &Nonce::from(*nonce),
                aad,
                plaintext.as_mut_slice().into(),
                &Tag::from(*tag),
            )
            .map_err(|_| SealError::Authentication)?;
        Ok(plaintext)
    }

    /// Whether a value was sealed with another key than the one that seals now.
    pub(crate) fn is_old(&self, sealed: &[u8]) -> bool {
        let newest = self.versions.last().map(|version| version.number.to_be_bytes());
        sealed.get(1..HEAD_BYTES) != newest.as_ref().map(<[u8; 2]>::as_slice)
    }

    /// The blind index of a value: HMAC-SM3 cut to 128 bits. `what` keeps equal texts of different columns apart.
    pub(crate) fn blind(&self, what: &str, value: &str) -> Vec<u8> {
        let mut mac = self.index.clone();
        mac.update(what.as_bytes());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        mac.finalize().into_bytes()[..16].to_vec()
    }

    /// The keyed hash of all leaves of the tree up to one, from that of the leaf before.
    pub(crate) fn chain(&self, before: &[u8], leaf: &[u8]) -> Vec<u8> {
        let mut mac = self.index.clone();
        mac.update(b"tree\0");
        mac.update(before);
        mac.update(leaf);
        mac.finalize().into_bytes().to_vec()
    }

    /// Version and check value of each master key, oldest first.
    pub(crate) fn checks(&self) -> impl Iterator<Item = (u16, &[u8; 16])> {
        self.versions.iter().map(|version| (version.number, &version.check))
    }
}

impl Version {
    fn new(keys: &Keys, number: u16) -> Option<Self> {
        let cipher = |class: &Class| {
            let key = keys.derive(number, class.purpose())?;
            Sm4Gcm::new_from_slice(&key[..16]).ok()
        };
        Some(Self {
            number,
            ciphers: Class::ALL.iter().map(cipher).collect::<Option<_>>()?,
            check: *keys.derive(number, "check")?.first_chunk()?,
        })
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer({} versions)", self.versions.len())
    }
}

/// Asking the system for each nonce costs more than the sealing; this many are fetched at once.
const NONCES: usize = 256;

struct NonceStock {
    bytes: [u8; NONCE_BYTES * NONCES],
    left: usize,
}

thread_local! {
    static STOCK: RefCell<NonceStock> =
        const { RefCell::new(NonceStock { bytes: [0; NONCE_BYTES * NONCES], left: 0 }) };
}

fn random_nonce() -> Result<[u8; NONCE_BYTES], SealError> {
    STOCK.with_borrow_mut(|stock| {
        if stock.left == 0 {
            getrandom::fill(&mut stock.bytes).map_err(|_| SealError::Random)?;
            stock.left = NONCES;
        }
        stock.left -= 1;
        let mut nonce = [0; NONCE_BYTES];
        nonce.copy_from_slice(&stock.bytes[stock.left * NONCE_BYTES..][..NONCE_BYTES]);
        Ok(nonce)
    })
}

#[cfg(test)]
mod tests {
    use aes_gcm::aead::Aead;
    use sm3::{Digest, Sm3};
    use sm4::cipher::BlockCipherEncrypt;

    use super::*;
    use crate::keys::hex;

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect()
    }

    fn sealer() -> Sealer {
        Sealer::new(&Keys::generate().unwrap()).unwrap()
    }

    /// GM/T 0002-2012, appendix A, example 1.
    #[test]
    fn t62_sm4_gives_the_block_of_the_standard() {
        let key = bytes("0123456789abcdeffedcba9876543210");
        let cipher = Sm4::new_from_slice(&key).unwrap();
        let mut block = sm4::cipher::Block::<Sm4>::try_from(key.as_slice()).unwrap();
        cipher.encrypt_block(&mut block);
        assert_eq!(hex(&block), "681edf34d206965e86b3e94f536e4246");
    }

    /// GM/T 0004-2012, appendix A, both examples.
    #[test]
    fn t62_sm3_gives_the_hashes_of_the_standard() {
        assert_eq!(
            hex(&Sm3::digest(b"abc")),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        );
        assert_eq!(
            hex(&Sm3::digest(b"abcd".repeat(16))),
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
        );
    }

    /// RFC 8998, appendix A.1.
    #[test]
    fn t62_sm4_gcm_gives_the_ciphertext_of_the_rfc() {
        let cipher = Sm4Gcm::new_from_slice(&bytes("0123456789abcdeffedcba9876543210")).unwrap();
        let nonce: [u8; 12] = bytes("00001234567800000000abcd").try_into().unwrap();
        let plaintext = bytes(concat!(
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd",
            "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
        ));
        let aad = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let sealed = cipher
            .encrypt(&Nonce::from(nonce), aes_gcm::aead::Payload { msg: &plaintext, aad: &aad })
            .unwrap();
        assert_eq!(
            hex(&sealed),
            concat!(
                "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735",
                "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d",
                "83de3541e4c2b58177e065a9bf7b62ec",
            )
        );
    }

    #[test]
    fn t62_what_was_sealed_opens_at_its_place_only() {
        let keys = sealer();
        for plaintext in ["", "王", "610902200809087", &"长".repeat(5000)] {
            let sealed = keys.seal(Class::Name, b"row 1", plaintext.as_bytes()).unwrap();
            assert_eq!(sealed.len(), plaintext.len() + OVERHEAD_BYTES);
            assert_eq!(keys.open(Class::Name, b"row 1", &sealed).unwrap(), plaintext.as_bytes());
            let moved = keys.open(Class::Name, b"row 2", &sealed);
            assert_eq!(moved, Err(SealError::Authentication));
            let other_class = keys.open(Class::Phone, b"row 1", &sealed);
            assert_eq!(other_class, Err(SealError::Authentication));
        }
    }

    #[test]
    fn t62_every_flipped_bit_and_every_cut_is_noticed() {
        let keys = sealer();
        let sealed = keys.seal(Class::ResidentId, b"row", "610902200809087".as_bytes()).unwrap();
        for at in 0..sealed.len() {
            for bit in 0..8 {
                let mut flipped = sealed.clone();
                flipped[at] ^= 1 << bit;
                assert!(keys.open(Class::ResidentId, b"row", &flipped).is_err(), "{at}.{bit}");
            }
            assert!(keys.open(Class::ResidentId, b"row", &sealed[..at]).is_err());
        }
    }

    #[test]
    fn equal_values_have_unequal_ciphertexts_and_equal_indexes() {
        let sealer = sealer();
        let seal = || sealer.seal(Class::Name, b"row", "张三".as_bytes()).unwrap();
        assert_ne!(seal(), seal());
        assert_eq!(sealer.blind("name", "张三"), sealer.blind("name", "张三"));
        assert_ne!(sealer.blind("name", "张三"), sealer.blind("id", "张三"));
    }

    #[test]
    fn nonces_do_not_repeat() {
        let sealer = sealer();
        let nonces: std::collections::HashSet<Vec<u8>> = (0..3 * NONCES)
            .map(|_| {
                sealer.seal(Class::Name, b"", b"").unwrap()[HEAD_BYTES..][..NONCE_BYTES].to_vec()
            })
            .collect();
        assert_eq!(nonces.len(), 3 * NONCES);
    }

    #[test]
    fn after_a_rotation_old_values_open_and_indexes_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        Keys::generate().unwrap().to_file(&path).unwrap();
        let old = Sealer::new(&Keys::from_file(&path).unwrap()).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}2 {}\n", "cd".repeat(32))).unwrap();
        let new = Sealer::new(&Keys::from_file(&path).unwrap()).unwrap();

        let sealed_before = old.seal(Class::Name, b"row", b"x").unwrap();
        assert_eq!(new.open(Class::Name, b"row", &sealed_before).unwrap(), b"x");
        assert_eq!(new.blind("name", "x"), old.blind("name", "x"));
        let sealed_after = new.seal(Class::Name, b"row", b"x").unwrap();
        assert_eq!(old.open(Class::Name, b"row", &sealed_after), Err(SealError::KeyVersion(2)));
    }
}
