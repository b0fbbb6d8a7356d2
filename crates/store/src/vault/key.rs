//! The key that the vault's files are encrypted with.

use std::fmt;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::digest::hex_bytes;

/// Why there is no key. The text that was read is never repeated: it may be nearly the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultKeyError {
    /// The text is no key.
    #[error("64 hexadecimal digits are expected (32 bytes, such as `openssl rand -hex 32` gives)")]
    NotAKey,
    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {0}")]
    NoRandom(String),
}

/// A key of 32 bytes. It is wiped from memory when dropped, and prints only as its [`KeyId`].
#[derive(Clone)]
pub struct VaultKey(Zeroizing<[u8; 32]>);

impl VaultKey {
    /// Reads 64 hexadecimal digits of either case, blanks around them aside.
    ///
    /// # Errors
    /// [`VaultKeyError::NotAKey`] when the text is anything else.
    pub fn parse(text: &str) -> Result<Self, VaultKeyError> {
        hex_bytes(text.trim()).map(|bytes| Self(Zeroizing::new(bytes))).ok_or(VaultKeyError::NotAKey)
    }

    /// A new key.
    ///
    /// # Errors
    /// [`VaultKeyError::NoRandom`] when the system's random source fails.
    pub fn random() -> Result<Self, VaultKeyError> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut()).map_err(|error| VaultKeyError::NoRandom(error.to_string()))?;
        Ok(Self(bytes))
    }

    /// What the key is called where it must not be shown.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let hash: [u8; 32] = Sha256::digest(self.0.as_ref()).into();
        KeyId([hash[0], hash[1], hash[2], hash[3]])
    }

    /// 64 hexadecimal digits.
    pub(crate) fn to_hex(&self) -> Zeroizing<String> {
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        Zeroizing::new(digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect())
    }

    pub(super) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VaultKey({})", self.id())
    }
}

/// The first four bytes of the SHA-256 of a key: enough to tell keys apart, useless for finding one. Prints as eight
/// lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyId([u8; 4]);

impl KeyId {
    /// Reads eight hexadecimal digits, blanks around them aside.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        hex_bytes(text.trim()).map(Self)
    }

    pub(super) fn from_bytes(bytes: [u8; 4]) -> Self {
        Self(bytes)
    }

    pub(super) fn as_bytes(self) -> [u8; 4] {
        self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test")]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written_and_never_shown() {
        let key = VaultKey::random().unwrap();
        let hex = key.to_hex();
        let again = VaultKey::parse(&format!(" {}\n", hex.to_uppercase())).unwrap();
        assert_eq!((again.as_bytes(), again.id()), (key.as_bytes(), key.id()));
        assert_eq!(format!("{key:?}"), format!("VaultKey({})", key.id()));
        assert_ne!(VaultKey::random().unwrap().as_bytes(), key.as_bytes());
        for wrong in ["", &hex[1..], &hex.replacen(|_: char| true, "g", 1)] {
            assert_eq!(VaultKey::parse(wrong).unwrap_err(), VaultKeyError::NotAKey);
        }
    }

    #[test]
    fn a_keys_id_is_the_start_of_its_sha_256() {
        // SHA-256 of 32 zero bytes begins with 66687aad.
        let key = VaultKey::parse(&"0".repeat(64)).unwrap();
        assert_eq!(key.id().to_string(), "66687aad");
        assert_eq!(KeyId::parse("66687AAD\n"), Some(key.id()));
        assert_eq!(KeyId::parse("66687aa"), None);
    }
}
