//! What a file is, by its first bytes: a container to open, text to read, or something to refuse with advice.

use crate::refusal::Refusal;

pub(super) const EXPORT_CSV: &str = "Ask the system it came from for a CSV export of the rows, and send that.";
pub(super) const SAVE_AS_XLSX: &str =
    "Open it, choose “Save as”, then “Excel workbook (XLSX)” or “CSV UTF-8”, and send that.";
const UNPACK: &str = "Unpack it and send the CSV file within, or pack it as zip.";

/// What the first bytes show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A zip: an archive or a workbook.
    Zip,
    /// Compressed with gzip.
    Gzip,
    /// None of the binary kinds: text, if it is anything.
    Text,
}

/// What a text is, by its first characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    /// JSON, or one JSON a line.
    Json,
    /// Rows of fields, if it is a table.
    Delimited,
}

/// First bytes, what they mean, and what to do.
const KINDS: [(&[u8], &str, &str); 11] = [
    (b"%PDF", "a PDF document", EXPORT_CSV),
    (b"7z\xBC\xAF", "a 7z archive", UNPACK),
    (b"Rar!", "a RAR archive", UNPACK),
    (b"BZh", "compressed (bzip2)", UNPACK),
    (b"\x89PNG", "a picture (PNG)", EXPORT_CSV),
    (b"\xFF\xD8\xFF", "a picture (JPEG)", EXPORT_CSV),
    (b"GIF8", "a picture (GIF)", EXPORT_CSV),
    (b"PAR1", "a Parquet file", "Export it as CSV and send that."),
    (b"SQLite format 3", "a SQLite database", EXPORT_CSV),
    (b"{\\rtf", "a text document (RTF)", EXPORT_CSV),
    (b"\x7FELF", "a program", EXPORT_CSV),
];

/// Kinds that hold no return: passed over in an archive, where they come along with one. Of everything else a return may be made.
const DOCUMENTS: [&str; 9] = [
    "a PDF document",
    "a picture (PNG)",
    "a picture (JPEG)",
    "a picture (GIF)",
    "a text document (RTF)",
    "a program",
    WORD,
    "a web page (HTML)",
    "XML",
];
pub(super) const WORD: &str = "a Word document";

/// Whether a member of an archive is of a kind that holds no return: such as a letter that came along with one.
pub(super) fn is_document(kind: &str, name: &str) -> bool {
    const OLD: [&str; 3] = [".doc", ".ppt", ".msg"];
    DOCUMENTS.contains(&kind) || (kind == OLD_OFFICE && OLD.iter().any(|ending| has_ending(name, ending)))
}

/// Whether a file's name ends so, in whatever case.
pub(super) fn has_ending(name: &str, ending: &str) -> bool {
    name.len()
        .checked_sub(ending.len())
        .and_then(|at| name.get(at..))
        .is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

const OLD_OFFICE: &str = "an old Office file, such as an Excel workbook (XLS)";
/// Old Office files, and the envelope of a workbook with a password.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// What the file is; refused when it is known to hold no table that can be read.
pub(super) fn kind(head: &[u8]) -> Result<Kind, Refusal> {
    if head.is_empty() {
        return Err(Refusal::Empty);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Zip);
    }
    if head.starts_with(b"\x1F\x8B") {
        return Ok(Kind::Gzip);
    }
    if head.starts_with(COMPOUND) {
        return Err(compound(head));
    }
    if head.get(257..262) == Some(b"ustar") {
        return Err(Refusal::NotText { kind: "a tar archive", advice: UNPACK });
    }
    match KINDS.iter().find(|(start, ..)| head.starts_with(start)) {
        Some((_, kind, advice)) => Err(Refusal::NotText { kind, advice }),
        None => Ok(Kind::Text),
    }
}

/// Excel puts a workbook with a password into an old Office file, with a stream that says so.
fn compound(head: &[u8]) -> Refusal {
    let mark: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if head.windows(mark.len()).any(|window| window == mark) {
        Refusal::Encrypted { kind: "an Excel workbook" }
    } else {
        Refusal::NotText { kind: OLD_OFFICE, advice: SAVE_AS_XLSX }
    }
}

/// What a text is; refused when it is no table: a web page (often a log-in page saved by mistake), XML.
pub(super) fn writing(head: &str) -> Result<Writing, Refusal> {
    let start = head.trim_start();
    if start.is_empty() {
        return Err(Refusal::Empty);
    }
    let first = start.get(..16).unwrap_or(start).to_ascii_lowercase();
    let (kind, advice) = if first.starts_with("<!doctype html") || first.starts_with("<html") {
        ("a web page (HTML)", "Perhaps the download asked for a log-in: log in, export again, and send the CSV file.")
    } else if first.starts_with("<?xml") {
        ("XML", EXPORT_CSV)
    } else if is_json(start.as_bytes()) {
        return Ok(Writing::Json);
    } else {
        return Ok(Writing::Delimited);
    };
    Err(Refusal::NotText { kind, advice })
}

fn is_json(start: &[u8]) -> bool {
    let Some((first, rest)) = start.split_first() else { return false };
    let second = rest.trim_ascii_start().first();
    match first {
        b'{' => matches!(second, Some(b'"' | b'}')),
        b'[' => matches!(second, Some(b'{' | b'[' | b']')),
        _ => false,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_kinds_are_named() {
        let locked =
            [COMPOUND, &"xxEncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()].concat();
        for (bytes, words) in [
            (&b"%PDF-1.7\n"[..], "a PDF document"),
            (COMPOUND, "an old Office file"),
            (&locked, "protected by a password"),
            (b"", "empty"),
        ] {
            let refusal = kind(bytes).unwrap_err();
            assert!(refusal.to_string().contains(words), "{refusal}");
        }
        let refusal = writing(" <!DOCTYPE html><html>").unwrap_err();
        assert!(refusal.to_string().contains("a web page (HTML)"), "{refusal}");
    }

    #[test]
    fn containers_and_texts_are_told_apart() {
        assert_eq!(kind(b"PK\x03\x04....xl/workbook.xml"), Ok(Kind::Zip));
        assert_eq!(kind(b"\x1F\x8B\x08"), Ok(Kind::Gzip));
        assert_eq!(kind(b"id,start\n1,2018-01-01"), Ok(Kind::Text));
        assert_eq!(writing("[ {\"id\": 1}]"), Ok(Writing::Json));
        assert_eq!(writing("{\"id\": 1}\n{"), Ok(Writing::Json));
        assert_eq!(writing("[id],start\n"), Ok(Writing::Delimited));
        assert_eq!(writing("é".repeat(20).as_str()), Ok(Writing::Delimited));
    }
}
