//! Signatures over heads. The two traits are the border behind which a county may put a certified device (GB/T 39786);
//! what stands here is SM2 (GM/T 0003) in software, whose arithmetic no laboratory has looked at.

use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use sm2::{
    FieldBytes, SecretKey,
    dsa::{
        Signature, SigningKey, VerifyingKey,
        signature::{Signer as _, Verifier as _},
    },
};
use sm3::{Digest, Sm3};

use super::HeadError;
use crate::hex::{hex, unhex};

/// The distinguishing identifier that GM/T 0009 gives where none was agreed on.
const DISTID: &str = "1234567812345678";
const TITLE: &str = "# baoxue signing key (SM2): whoever has it can sign heads of the tree\n";
/// A key file is two lines.
const MAX_FILE_BYTES: u64 = 4096;

/// Signs.
pub trait Signer: Send + Sync {
    /// A short name of the key, the same for ever.
    fn key_id(&self) -> String;

    /// The signature over some bytes.
    ///
    /// # Errors
    /// [`SignerError::Sign`] when the device or the arithmetic refuses.
    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, SignerError>;
}

/// Knows signatures.
pub trait Verifier: Send + Sync {
    /// Whether the key signed these bytes.
    fn is_signed(&self, bytes: &[u8], signature: &[u8]) -> bool;
}

/// Why a key or a head cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    /// Reading or writing the key file failed.
    #[error("cannot use the signing key file")]
    File(#[from] std::io::Error),
    /// Group or others can use the key file.
    #[error("the signing key file is open to others (mode {0:o}); run `chmod 600` on it")]
    Open(u32),
    /// The file holds no key.
    #[error("the signing key file holds no SM2 key")]
    Key,
    /// There is no randomness.
    #[error("the operating system gave no random numbers")]
    Random,
    /// Signing failed.
    #[error("the head could not be signed")]
    Sign,
    /// A text is no head.
    #[error(transparent)]
    Head(#[from] HeadError),
}

/// SM2 in software, with its key from a file outside the database.
pub struct Sm2Signer(SigningKey);

/// The public half.
pub struct Sm2Verifier(VerifyingKey);

impl fmt::Debug for Sm2Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sm2Signer({})", self.key_id())
    }
}

impl fmt::Debug for Sm2Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sm2Verifier({})", id_of(&self.0))
    }
}

fn id_of(key: &VerifyingKey) -> String {
    hex(&Sm3::digest(key.to_sec1_bytes())[..8])
}

impl Sm2Signer {
    fn of(secret: &[u8]) -> Result<Self, SignerError> {
        let key = SecretKey::from_slice(secret).map_err(|_| SignerError::Key)?;
        Ok(Self(SigningKey::new(DISTID, &key).map_err(|_| SignerError::Key)?))
    }

    /// A new key.
    ///
    /// # Errors
    /// [`SignerError::Random`].
    pub fn generate() -> Result<Self, SignerError> {
        // One in 2³² random numbers is no key of the curve.
        for _ in 0..8 {
            let mut secret = FieldBytes::default();
            getrandom::fill(&mut secret).map_err(|_| SignerError::Random)?;
            if let Ok(signer) = Self::of(&secret) {
                return Ok(signer);
            }
        }
        Err(SignerError::Random)
    }

    /// The key in a file, which is made with a new one when it is missing, readable by its owner only.
    ///
    /// # Errors
    /// [`SignerError::Open`] when group or others may read it, [`SignerError::Key`] when it holds no key.
    pub fn of_file(path: &Path) -> Result<Self, SignerError> {
        let new = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        match new {
            Ok(mut file) => {
                let signer = Self::generate()?;
                file.write_all(format!("{TITLE}{}\n", hex(&signer.0.to_bytes())).as_bytes())?;
                file.sync_all()?;
                return Ok(signer);
            }
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(error.into());
            }
            Err(_) => {}
        }
        let file = File::open(path)?;
        let mode = file.metadata()?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(SignerError::Open(mode));
        }
        let mut text = String::new();
        file.take(MAX_FILE_BYTES).read_to_string(&mut text)?;
        let line = text.lines().find(|line| !line.starts_with('#')).unwrap_or_default();
        Self::of(&unhex(line.trim()).ok_or(SignerError::Key)?)
    }

    /// The public half.
    pub fn verifier(&self) -> Sm2Verifier {
        Sm2Verifier(self.0.verifying_key().clone())
    }
}

impl Signer for Sm2Signer {
    fn key_id(&self) -> String {
        id_of(self.0.verifying_key())
    }

    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, SignerError> {
        let signature: Signature = self.0.try_sign(bytes).map_err(|_| SignerError::Sign)?;
        Ok(signature.to_bytes().to_vec())
    }
}

impl Sm2Verifier {
    /// A public key as it is given away: 65 bytes in hexadecimal, uncompressed.
    ///
    /// # Errors
    /// [`SignerError::Key`].
    pub fn of_text(text: &str) -> Result<Self, SignerError> {
        let bytes = unhex(text.trim()).ok_or(SignerError::Key)?;
        let key = VerifyingKey::from_sec1_bytes(DISTID, &bytes).map_err(|_| SignerError::Key)?;
        Ok(Self(key))
    }

    /// The public key as text.
    pub fn text(&self) -> String {
        hex(&self.0.to_sec1_bytes())
    }
}

impl Verifier for Sm2Verifier {
    fn is_signed(&self, bytes: &[u8], signature: &[u8]) -> bool {
        let signature = Signature::try_from(signature);
        signature.is_ok_and(|signature| self.0.verify(bytes, &signature).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// GM/T 0003.5-2012, appendix A: the recommended curve's example.
    #[test]
    fn t51_sm2_knows_the_signature_of_the_standard() {
        let secret = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
        let public = concat!(
            "04",
            "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020",
            "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13",
        );
        let signature = unhex(concat!(
            "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3",
            "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
        ))
        .unwrap();
        let signer = Sm2Signer::of(&unhex(secret).unwrap()).unwrap();
        assert_eq!(signer.verifier().text(), public);
        let verifier = Sm2Verifier::of_text(public).unwrap();
        assert!(verifier.is_signed(b"message digest", &signature));
        for at in 0..signature.len() {
            let mut bent = signature.clone();
            bent[at] ^= 1;
            assert!(!verifier.is_signed(b"message digest", &bent));
        }
        assert!(!verifier.is_signed(b"message digesu", &signature));
        let own = signer.sign(b"message digest").unwrap();
        assert!(verifier.is_signed(b"message digest", &own));
    }

    #[test]
    fn t51_the_key_file_is_for_its_owner_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sign");
        let made = Sm2Signer::of_file(&path).unwrap();
        assert_eq!(Sm2Signer::of_file(&path).unwrap().key_id(), made.key_id());
        let rights = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(rights, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(Sm2Signer::of_file(&path), Err(SignerError::Open(0o640))));
        for bad in [
            "",
            "#\n",
            "zz\n",
            "00\n",
            &format!("{}\n", "00".repeat(32)),
            &format!("{}\n", "ff".repeat(32)),
        ] {
            let path = folder.path().join("bad");
            std::fs::write(&path, bad).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
            assert!(matches!(Sm2Signer::of_file(&path), Err(SignerError::Key)), "{bad}");
        }
    }
}
