//! A look at a workbook before it is read: what reads it holds some parts in memory, and trusts what they say of themselves.

use std::io::Read;

use super::super::archive;
use super::super::stream::{Stream, refusal_of, too_large};
use super::super::{LARGEST_WHOLE, source::Source};
use super::KIND;
use crate::refusal::Refusal;

/// Bytes read at a time.
const CHUNK: usize = 64 << 10;
/// Kept of a chunk, so that what is looked for is found across two.
const OVERLAP: usize = 96;
/// How many texts the workbook says to have: so many places are kept for them unread.
const COUNT: &[u8] = b"uniqueCount";
/// Encodings in which ASCII is ASCII, NULs aside.
const ENCODINGS: [&str; 6] = ["utf-8", "utf-16", "us-ascii", "iso-8859-1", "windows-1252", "ascii"];

/// Sees that every part is whole, that they do not unpack to more than is taken, and that none claims what it cannot hold.
pub(super) fn inspect(source: &dyn Source) -> Result<(), Refusal> {
    let packed = Stream::of(source);
    let mut unpacked = 0;
    for entry in archive::entries(&mut archive::directory(&packed, LARGEST_WHOLE)?)? {
        let read = entry.member.and_then(|member| part(&packed.member(member), LARGEST_WHOLE - unpacked));
        unpacked += read.map_err(|refusal| of_workbook(&entry.name, refusal))?;
    }
    Ok(())
}

/// What is wrong with a part, as what is wrong with the workbook: whoever sent it knows of no parts.
fn of_workbook(part: &str, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::DamagedMember { reason } => {
            Refusal::Damaged { kind: KIND, reason: format!("“{}”: {reason}", archive::shown(part)) }
        }
        other => other,
    }
}

/// Reads a part to its end; gives its length.
fn part(stream: &Stream<'_>, limit: u64) -> Result<u64, Refusal> {
    let mut bytes = stream.open()?;
    let mut chunk = vec![0; CHUNK];
    let mut seen = Vec::with_capacity(CHUNK + OVERLAP);
    let (mut length, mut largest) = (0, 0);
    loop {
        let count = bytes.read(&mut chunk).map_err(|error| refusal_of(&error))?;
        if count == 0 {
            break;
        }
        if length == 0 {
            readable(&chunk[..count])?;
        }
        length += count as u64;
        if length > limit {
            return Err(too_large(KIND, LARGEST_WHOLE));
        }
        // UTF-16 is ASCII with a NUL beside each character.
        seen.extend(chunk[..count].iter().filter(|byte| **byte != 0));
        largest = largest.max(claimed(&seen));
        seen.drain(..seen.len().saturating_sub(OVERLAP));
    }
    // The shortest text takes five bytes: `<si/>`.
    if largest > length { Err(contradiction()) } else { Ok(length) }
}

pub(super) fn contradiction() -> Refusal {
    Refusal::Damaged { kind: KIND, reason: "its parts contradict each other".into() }
}

/// The largest number after `uniqueCount=`.
fn claimed(bytes: &[u8]) -> u64 {
    let mut largest = 0;
    let mut rest = bytes;
    while let Some(at) = rest.windows(COUNT.len()).position(|window| window == COUNT) {
        rest = &rest[at + COUNT.len()..];
        let value =
            rest.iter().skip_while(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\'' | b'+'));
        let digits = value.take_while(|byte| byte.is_ascii_digit());
        let number =
            digits.fold(0u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
        largest = largest.max(number);
    }
    largest
}

/// Whether a part is in an encoding in which [`claimed`] sees what is there.
fn readable(head: &[u8]) -> Result<(), Refusal> {
    let head: Vec<u8> = head.iter().take(400).filter(|byte| **byte != 0).map(u8::to_ascii_lowercase).collect();
    let text = String::from_utf8_lossy(&head);
    let Some((_, declared)) = text.split_once("<?xml").and_then(|(_, rest)| rest.split_once("encoding")) else {
        return Ok(());
    };
    let name =
        declared.trim_start_matches(['=', '"', '\'', ' ']).split(['"', '\'', ' ', '?']).next().unwrap_or_default();
    if ENCODINGS.contains(&name) {
        return Ok(());
    }
    Err(Refusal::Damaged {
        kind: KIND,
        reason: format!("its text is in the encoding {}, which workbooks do not use", archive::shown(name)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_part_claims_is_found_in_any_spelling() {
        assert_eq!(claimed(br#"<sst count="9" uniqueCount="12">"#), 12);
        assert_eq!(claimed(b"<sst uniqueCount = '+99999999999999999999999'>"), u64::MAX);
        assert_eq!(claimed(b"<sst uniqueCount"), 0);
    }

    #[test]
    fn parts_in_odd_encodings_are_refused() {
        assert!(readable(br#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#).is_ok());
        assert!(readable(b"<worksheet>").is_ok());
        assert!(readable(br#"<?xml version="1.0" encoding='utf-7'?>"#).is_err());
    }
}
