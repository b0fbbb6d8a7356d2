//! How a file is encrypted: a header, the content in chunks, and a last chunk that holds the content's SHA-256.
//!
//! ```text
//! header   8 bytes magic, 1 byte version, 4 bytes key id, 19 bytes random nonce
//! chunk    1 MiB of content (the last one less) + 16 bytes tag      … none for an empty file
//! trailer  32 bytes SHA-256 of the content + 16 bytes tag
//! ```
//!
//! XChaCha20-Poly1305 in the STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár 2015, <https://eprint.iacr.org/2015/189>):
//! each chunk is authenticated with its number, whether it is the last, and the header. So chunks cannot be changed, swapped,
//! left out or cut off, and the trailer, which is read first, tells a file under a wrong name before any of it is given out.

use std::io::{self, Read, Write};
use std::path::Path;

use chacha20::cipher::consts::U10;
use chacha20::hchacha;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{KeyId, VaultError, VaultKey};
use crate::{Digest, VaultKeyError};

/// Bytes of content in a chunk: what must be held in memory.
pub(super) const CHUNK: usize = 1 << 20;
/// Bytes that authentication adds to a chunk.
pub(super) const TAG: usize = 16;
/// Bytes of a chunk in the file.
pub(super) const SEALED_CHUNK: u64 = (CHUNK + TAG) as u64;
/// Bytes of the header.
pub(super) const HEADER: usize = 32;
/// Bytes of the trailer in the file.
pub(super) const TRAILER: usize = 32 + TAG;

/// A first byte that no text begins with, as in PNG.
const MAGIC: [u8; 8] = *b"\x89KERBVLT";
const VERSION: u8 = 1;

/// The first bytes of an encrypted file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header([u8; HEADER]);

impl Header {
    fn new(key: KeyId) -> Result<Self, VaultError> {
        let mut bytes = [0; HEADER];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8] = VERSION;
        bytes[9..13].copy_from_slice(&key.as_bytes());
        getrandom::fill(&mut bytes[13..]).map_err(|error| VaultKeyError::NoRandom(error.to_string()))?;
        Ok(Self(bytes))
    }

    /// The header of an encrypted file; nothing when the file was kept in the clear, as the first version did.
    pub(super) fn read(input: &mut dyn Read) -> io::Result<Option<Self>> {
        let mut bytes = Vec::with_capacity(HEADER);
        input.take(HEADER as u64).read_to_end(&mut bytes)?;
        if !bytes.starts_with(&MAGIC) {
            return Ok(None);
        }
        bytes.resize(HEADER, 0); // a header that was cut off opens nothing
        Ok(bytes.try_into().ok().map(Self))
    }

    pub(super) fn key(&self) -> KeyId {
        KeyId::from_bytes([self.0[9], self.0[10], self.0[11], self.0[12]])
    }

    /// The version of the layout, when this program does not know it.
    pub(super) fn unknown_version(&self) -> Option<u8> {
        Some(self.0[8]).filter(|version| *version != VERSION)
    }
}

/// The cipher of one file: XChaCha20-Poly1305 is ChaCha20-Poly1305 under a key that the first 16 bytes of the nonce make of
/// the vault's (<https://datatracker.ietf.org/doc/html/draft-irtf-cfrg-xchacha-03>), and those are the same for all chunks.
pub(super) struct Cipher {
    of_file: LessSafeKey,
    header: Header,
}

impl Cipher {
    pub(super) fn new(key: &VaultKey, header: Header) -> io::Result<Self> {
        let of_file = Zeroizing::new(<[u8; 32]>::from(hchacha::<U10>(key.as_bytes().into(), header.0[13..29].into())));
        let of_file = UnboundKey::new(&CHACHA20_POLY1305, of_file.as_ref());
        let of_file = of_file.map_err(|_| io::Error::other("the key of a file could not be made"))?;
        Ok(Self { of_file: LessSafeKey::new(of_file), header })
    }

    /// What is left of the nonce behind its first 16 bytes: 3 of the file's, the number of the chunk, whether it is the last.
    fn nonce(&self, number: u32, is_trailer: bool) -> Nonce {
        let mut nonce = [0; 12];
        nonce[4..7].copy_from_slice(&self.header.0[29..]);
        nonce[7..11].copy_from_slice(&number.to_be_bytes());
        nonce[11] = u8::from(is_trailer);
        Nonce::assume_unique_for_key(nonce)
    }

    /// Encrypts a chunk in place; it grows by its tag.
    fn seal(&self, number: u32, is_trailer: bool, chunk: &mut Vec<u8>) -> io::Result<()> {
        let nonce = self.nonce(number, is_trailer);
        let sealed = self.of_file.seal_in_place_append_tag(nonce, Aad::from(self.header.0), chunk);
        sealed.map_err(|_| io::Error::other("a chunk could not be encrypted"))
    }

    /// Decrypts a chunk in place; `false` when it is not what was written there.
    pub(super) fn open(&self, number: u32, is_trailer: bool, chunk: &mut Vec<u8>) -> bool {
        let nonce = self.nonce(number, is_trailer);
        let opened = self.of_file.open_in_place(nonce, Aad::from(self.header.0), chunk).map(|content| content.len());
        opened.map(|length| chunk.truncate(length)).is_ok()
    }
}

/// Encrypts all that a source gives and returns its SHA-256. `path` is what errors of `output` are reported with.
pub(super) fn seal(
    source: &mut dyn Read,
    output: &mut dyn Write,
    path: &Path,
    key: &VaultKey,
) -> Result<Digest, VaultError> {
    let failed = VaultError::at(path);
    let header = Header::new(key.id())?;
    let cipher = Cipher::new(key, header).map_err(&failed)?;
    output.write_all(&header.0).map_err(&failed)?;
    let mut hash = Sha256::new();
    let mut chunk = Vec::with_capacity(CHUNK + TAG);
    let mut number = 0_u32;
    loop {
        chunk.clear();
        source.take(CHUNK as u64).read_to_end(&mut chunk).map_err(VaultError::Source)?;
        if chunk.is_empty() {
            break;
        }
        hash.update(&chunk);
        cipher.seal(number, false, &mut chunk).and_then(|()| output.write_all(&chunk)).map_err(&failed)?;
        number = number.checked_add(1).ok_or_else(|| failed(io::ErrorKind::FileTooLarge.into()))?;
    }
    let digest = Digest::from_hash(hash);
    chunk.extend_from_slice(digest.as_bytes());
    cipher.seal(number, true, &mut chunk).and_then(|()| output.write_all(&chunk)).map_err(&failed)?;
    Ok(digest)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use chacha20poly1305::XChaCha20Poly1305;
    use chacha20poly1305::aead::stream::{NewStream as _, StreamBE32, StreamPrimitive as _};

    use super::*;

    #[test]
    fn chunks_are_those_of_xchacha20_poly1305_in_the_stream_construction() {
        let (key, other) = (VaultKey::random().unwrap(), VaultKey::random().unwrap());
        let header = Header::new(key.id()).unwrap();
        let ours = Cipher::new(&key, header).unwrap();
        let reference = StreamBE32::<XChaCha20Poly1305>::new(key.as_bytes().into(), header.0[13..].into());
        for (number, is_trailer) in [(0, false), (1, false), (258, false), (u32::MAX, false), (7, true)] {
            let content: Vec<u8> = (0..=250_u8).cycle().take(number as usize % 1_000 + 1).collect();
            let (mut chunk, mut expected) = (content.clone(), content.clone());
            ours.seal(number, is_trailer, &mut chunk).unwrap();
            reference.encrypt_in_place(number, is_trailer, &header.0, &mut expected).unwrap();
            assert_eq!(chunk, expected);
            let (mut as_other, mut elsewhere) = (chunk.clone(), chunk.clone());
            assert!(!Cipher::new(&other, header).unwrap().open(number, is_trailer, &mut as_other));
            assert!(!ours.open(number, !is_trailer, &mut elsewhere));
            assert!(ours.open(number, is_trailer, &mut chunk));
            assert_eq!(chunk, content);
        }
    }
}
