//! Encodings: UTF-8 and UTF-16 with or without byte-order mark, and Windows-1252, of which Latin-1 is a part.

use std::borrow::Cow;
use std::io::{self, Read};

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::decoding::Decoding;
use super::stream::{Stream, refusal_of};
use crate::refusal::Refusal;

/// How a file's text was encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// UTF-8, ASCII included.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Windows-1252: taken when the text is no UTF-8.
    Windows1252,
}

/// Bytes looked at to tell UTF-16 without mark, and binary files, from text.
const SNIFFED: usize = 4096;
/// Bytes read at a time.
const CHUNK: usize = 256 << 10;

/// Text within a file, decoded while it is read.
#[derive(Clone, Copy)]
pub(crate) struct Text<'s> {
    stream: Stream<'s>,
    pub(super) encoding: Encoding,
    /// Length of the byte-order mark.
    mark: usize,
}

impl<'s> Text<'s> {
    /// Finds the encoding by the first bytes, and reads the file once to see that all of it is text in that encoding.
    pub(super) fn of(stream: Stream<'s>) -> Result<Self, Refusal> {
        let (encoding, mark) = guess(&stream.head(SNIFFED as u64)?)?;
        let text = Self { stream, encoding, mark };
        match encoding {
            Encoding::Utf8 => match text.first_invalid()? {
                None => Ok(text),
                Some(byte) if mark > 0 => Err(Refusal::WrongEncoding { encoding: "UTF-8", byte }),
                Some(_) => text.windows_1252(),
            },
            _ => {
                io::copy(&mut text.open()?, &mut io::sink()).map_err(|error| refusal_of(&error))?;
                Ok(text)
            }
        }
    }

    /// Finds the encoding by its head, where all of that is UTF-8 and from the file itself; else as [`Text::of`].
    pub(super) fn by_head(stream: Stream<'s>) -> Result<Self, Refusal> {
        let head = stream.head(super::HEAD)?;
        let (encoding, mark) = guess(&head)?;
        // A character may go on behind the head.
        let is_text = std::str::from_utf8(&head).err().is_none_or(|error| error.error_len().is_none());
        if encoding == Encoding::Utf8 && is_text && stream.bytes().is_some() {
            return Ok(Self { stream, encoding, mark });
        }
        Self::of(stream)
    }

    /// Its text as UTF-8, without byte-order mark.
    pub(super) fn open(&self) -> Result<Box<dyn Read + 's>, Refusal> {
        let mut bytes = self.stream.open()?;
        io::copy(&mut bytes.by_ref().take(self.mark as u64), &mut io::sink()).map_err(|error| refusal_of(&error))?;
        let (decoder, name) = match self.encoding {
            Encoding::Utf8 => return Ok(bytes),
            Encoding::Utf16Le => (UTF_16LE, "UTF-16"),
            Encoding::Utf16Be => (UTF_16BE, "UTF-16"),
            Encoding::Windows1252 => (WINDOWS_1252, "Windows-1252"),
        };
        Ok(Box::new(Decoding::new(bytes, decoder.new_decoder_without_bom_handling(), name, self.mark)))
    }

    /// Bytes of the file, where it is no smaller for being packed.
    pub(super) fn bytes(&self) -> Option<u64> {
        self.stream.bytes()
    }

    /// Its first characters, about `limit` bytes of them, up to the end of a line where more follows.
    pub(super) fn head(&self, limit: u64) -> Result<String, Refusal> {
        let mut head = Vec::new();
        let mut text = self.open()?;
        text.by_ref().take(limit).read_to_end(&mut head).map_err(|error| refusal_of(&error))?;
        let is_cut = head.len() as u64 == limit && text.read(&mut [0]).map_err(|error| refusal_of(&error))? > 0;
        Ok(up_to_a_line(head, is_cut))
    }

    /// Position of the first byte that is no UTF-8.
    fn first_invalid(&self) -> Result<Option<usize>, Refusal> {
        let mut bytes = self.stream.open()?;
        let mut buffer = vec![0; CHUNK];
        let (mut kept, mut at) = (0, 0);
        loop {
            let count = read(&mut bytes, &mut buffer[kept..])?;
            let filled = &buffer[..kept + count];
            let valid = match std::str::from_utf8(filled) {
                Ok(text) => text.len(),
                // A character may go on in the next chunk.
                Err(error) if error.error_len().is_none() && count > 0 => error.valid_up_to(),
                Err(error) => return Ok(Some(at + error.valid_up_to())),
            };
            if count == 0 {
                return Ok(None);
            }
            kept = filled.len() - valid;
            at += valid;
            buffer.copy_within(valid..valid + kept, 0);
        }
    }

    /// Five bytes have no meaning in Windows-1252: a text with one of them is in yet another encoding.
    fn windows_1252(self) -> Result<Self, Refusal> {
        let mut bytes = self.stream.open()?;
        let mut buffer = vec![0; CHUNK];
        let mut at = 0;
        loop {
            let count = read(&mut bytes, &mut buffer)?;
            let foreign = buffer[..count].iter().position(|byte| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D));
            if let Some(foreign) = foreign {
                return Err(Refusal::WrongEncoding { encoding: "UTF-8 or Windows-1252", byte: at + foreign });
            }
            if count == 0 {
                return Ok(Self { encoding: Encoding::Windows1252, ..self });
            }
            at += count;
        }
    }
}

/// What the first bytes of a file say, to see what it is; a character that is cut or wrong does no harm.
pub(super) fn glance(head: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    let (encoding, mark) = guess(head)?;
    let decoder = match encoding {
        Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16Be => UTF_16BE,
        Encoding::Utf8 | Encoding::Windows1252 => UTF_8,
    };
    Ok(decoder.decode_without_bom_handling(&head[mark..]).0)
}

fn read(bytes: &mut dyn Read, buffer: &mut [u8]) -> Result<usize, Refusal> {
    loop {
        match bytes.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other.map_err(|error| refusal_of(&error)),
        }
    }
}

/// Its text, up to the end of the last line where it is cut.
pub(super) fn up_to_a_line(mut head: Vec<u8>, is_cut: bool) -> String {
    if is_cut && let Some(end) = head.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')) {
        head.truncate(end + 1);
    }
    match String::from_utf8(head) {
        Ok(text) => text,
        // Only the last character can be cut: the text is known to be valid.
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned()
        }
    }
}

/// The encoding that the first bytes show, and the length of the mark.
fn guess(head: &[u8]) -> Result<(Encoding, usize), Refusal> {
    if head.starts_with(b"\xEF\xBB\xBF") {
        return Ok((Encoding::Utf8, 3));
    }
    if let Some(found) = utf16(head) {
        return Ok(found);
    }
    refuse_binary(head)?;
    Ok((Encoding::Utf8, 0))
}

/// UTF-16 by its mark, or by a NUL beside almost every character of the head.
fn utf16(head: &[u8]) -> Option<(Encoding, usize)> {
    if head.starts_with(b"\xFF\xFE") {
        return Some((Encoding::Utf16Le, 2));
    }
    if head.starts_with(b"\xFE\xFF") {
        return Some((Encoding::Utf16Be, 2));
    }
    let head = &head[..head.len().min(SNIFFED)];
    let pairs = head.len() / 2;
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (high, low) = (zeros(0), zeros(1));
    if pairs < 4 {
        None
    } else if low * 10 > pairs * 9 && high == 0 {
        Some((Encoding::Utf16Le, 0))
    } else if high * 10 > pairs * 9 && low == 0 {
        Some((Encoding::Utf16Be, 0))
    } else {
        None
    }
}

/// A NUL never stands in a table.
fn refuse_binary(head: &[u8]) -> Result<(), Refusal> {
    let head = &head[..head.len().min(SNIFFED)];
    let odd = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=31)).count();
    if head.contains(&0) || odd * 50 > head.len() {
        return Err(Refusal::NotText {
            kind: "binary data",
            advice: "Ask the system it came from for a CSV export of the rows, and send that.",
        });
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn utf16le(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn decode(bytes: &[u8]) -> Result<(String, Encoding), Refusal> {
        let source = &bytes;
        let text = Text::of(Stream::of(source))?;
        let mut whole = String::new();
        text.open()?.read_to_string(&mut whole).map_err(|error| refusal_of(&error))?;
        Ok((whole, text.encoding))
    }

    #[test]
    fn each_encoding_gives_the_same_text() {
        let row = "id;L'énergie (Wh)\n1;2\n";
        // Longer than a chunk, so that characters are divided between two.
        for text in [row.to_owned(), "é".to_owned() + &row.repeat(40_000)] {
            let mut marked = vec![0xFF, 0xFE];
            marked.extend(utf16le(&text));
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
            for (bytes, encoding) in [
                (text.as_bytes().to_vec(), Encoding::Utf8),
                ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), Encoding::Utf8),
                (marked, Encoding::Utf16Le),
                (utf16le(&text), Encoding::Utf16Le),
                (big, Encoding::Utf16Be),
                (latin, Encoding::Windows1252),
            ] {
                assert!(decode(&bytes).unwrap() == (text.clone(), encoding), "{encoding:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_place() {
        let half = [&[0xFF, 0xFE][..], &utf16le("ab"), &[0x00, 0xD8]].concat();
        let late = [&b"\xEF\xBB\xBF"[..], &b"ab,".repeat(200_000), b"\xFF"].concat();
        for (bytes, at) in [(&b"\xEF\xBB\xBFab\xFFc"[..], 5), (b"ab\x81c", 2), (&half, 6), (&late, 600_003)] {
            let refusal = decode(bytes).unwrap_err();
            assert!(matches!(refusal, Refusal::WrongEncoding { byte, .. } if byte == at), "{refusal:?}");
        }
        assert!(matches!(decode(b"ab\0c"), Err(Refusal::NotText { .. })));
    }

    #[test]
    fn a_head_ends_with_a_line_unless_it_is_all_there_is() {
        let bytes = b"a,b\n1,2\n3,4".as_slice();
        let text = Text::of(Stream::of(&bytes)).unwrap();
        assert_eq!(text.head(9).unwrap(), "a,b\n1,2\n");
        assert_eq!(text.head(11).unwrap(), "a,b\n1,2\n3,4");
    }
}
