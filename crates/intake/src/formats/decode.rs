//! Encodings: UTF-8 and UTF-16 with or without byte-order mark, and Windows-1252, of which Latin-1 is a part.

use std::borrow::Cow;

use encoding_rs::{Encoding as Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::refusal::Refusal;

/// How a file's text was encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// UTF-8, ASCII included.
    Utf8,
    /// UTF-16, either order.
    Utf16,
    /// Windows-1252: taken when the text is no UTF-8.
    Windows1252,
}

/// Bytes looked at to tell UTF-16 without mark, and binary files, from text.
const HEAD: usize = 4096;

/// Decodes text.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), Refusal> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return match std::str::from_utf8(rest) {
            Ok(text) => Ok((Cow::Borrowed(text), Encoding::Utf8)),
            Err(error) => Err(Refusal::WrongEncoding { encoding: "UTF-8", byte: error.valid_up_to() + 3 }),
        };
    }
    if let Some(decoder) = utf16(bytes) {
        return from_utf16(bytes, decoder);
    }
    refuse_binary(bytes)?;
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((Cow::Borrowed(text), Encoding::Utf8)),
        Err(_) => from_windows_1252(bytes),
    }
}

/// UTF-16 by its mark, or by a NUL beside almost every character of the head.
fn utf16(bytes: &[u8]) -> Option<&'static Decoder> {
    if bytes.starts_with(b"\xFF\xFE") {
        return Some(UTF_16LE);
    }
    if bytes.starts_with(b"\xFE\xFF") {
        return Some(UTF_16BE);
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    let pairs = head.len() / 2;
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (high, low) = (zeros(0), zeros(1));
    if pairs < 4 {
        None
    } else if low * 10 > pairs * 9 && high == 0 {
        Some(UTF_16LE)
    } else if high * 10 > pairs * 9 && low == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn from_utf16<'b>(bytes: &'b [u8], decoder: &'static Decoder) -> Result<(Cow<'b, str>, Encoding), Refusal> {
    let (text, malformed) = decoder.decode_with_bom_removal(bytes);
    if malformed {
        let byte = text.find('\u{FFFD}').map_or(0, |at| text[..at].encode_utf16().count() * 2);
        return Err(Refusal::WrongEncoding { encoding: "UTF-16", byte });
    }
    Ok((text, Encoding::Utf16))
}

/// A NUL never stands in a table.
fn refuse_binary(bytes: &[u8]) -> Result<(), Refusal> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let odd = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=31)).count();
    if head.contains(&0) || odd * 50 > head.len() {
        return Err(Refusal::NotText {
            kind: "binary data",
            advice: "Ask the system it came from for a CSV export of the rows, and send that.",
        });
    }
    Ok(())
}

/// Five bytes have no meaning in Windows-1252: a text with one of them is in yet another encoding.
fn from_windows_1252(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), Refusal> {
    let foreign = bytes.iter().position(|byte| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D));
    match foreign {
        Some(byte) => Err(Refusal::WrongEncoding { encoding: "UTF-8 or Windows-1252", byte }),
        None => Ok((WINDOWS_1252.decode_without_bom_handling(bytes).0, Encoding::Windows1252)),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn utf16le(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn each_encoding_gives_the_same_text() {
        let text = "id;L'énergie (Wh)\n1;2\n";
        let mut marked = vec![0xFF, 0xFE];
        marked.extend(utf16le(text));
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), Encoding::Utf8),
            (marked, Encoding::Utf16),
            (utf16le(text), Encoding::Utf16),
            (big, Encoding::Utf16),
            (latin, Encoding::Windows1252),
        ] {
            assert_eq!(decode(&bytes).unwrap(), (Cow::Borrowed(text), encoding));
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_place() {
        let half = [&[0xFF, 0xFE][..], &utf16le("ab"), &[0x00, 0xD8]].concat();
        for (bytes, at) in [(&b"\xEF\xBB\xBFab\xFFc"[..], 5), (b"ab\x81c", 2), (&half, 4)] {
            assert!(matches!(decode(bytes), Err(Refusal::WrongEncoding { byte, .. }) if byte == at), "{bytes:?}");
        }
        assert!(matches!(decode(b"ab\0c"), Err(Refusal::NotText { .. })));
    }
}
