//! Files that are no text: known by their first bytes, refused with advice.

use crate::refusal::Refusal;

const EXPORT_CSV: &str = "Ask the system it came from for a CSV export of the rows, and send that.";
const SAVE_AS_CSV: &str = "Open it, choose “Save as”, then “CSV UTF-8 (comma delimited)”, and send that file.";
const UNPACK: &str = "Unpack it and send the CSV file within.";

/// First bytes, what they mean, and what to do.
const KINDS: [(&[u8], &str, &str); 12] = [
    (b"%PDF", "a PDF document", EXPORT_CSV),
    (b"\xD0\xCF\x11\xE0", "an old Excel workbook (XLS)", SAVE_AS_CSV),
    (b"\x1F\x8B", "compressed (gzip)", UNPACK),
    (b"7z\xBC\xAF", "a 7z archive", UNPACK),
    (b"Rar!", "a RAR archive", UNPACK),
    (b"\x89PNG", "a picture (PNG)", EXPORT_CSV),
    (b"\xFF\xD8\xFF", "a picture (JPEG)", EXPORT_CSV),
    (b"GIF8", "a picture (GIF)", EXPORT_CSV),
    (b"PAR1", "a Parquet file", "Export it as CSV and send that."),
    (b"SQLite format 3", "a SQLite database", EXPORT_CSV),
    (b"{\\rtf", "a text document (RTF)", EXPORT_CSV),
    (b"\x7FELF", "a program", EXPORT_CSV),
];

/// How far into the file a zip's parts are looked for.
const HEAD: usize = 4096;

/// Refuses what is known not to be a table in text.
pub(super) fn refuse(bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Err(zip(bytes));
    }
    let known = KINDS.iter().find(|(start, ..)| bytes.starts_with(start));
    if let Some((_, kind, advice)) = known {
        return Err(Refusal::NotText { kind, advice });
    }
    markup(bytes)
}

fn zip(bytes: &[u8]) -> Refusal {
    let head = &bytes[..bytes.len().min(HEAD)];
    let has = |part: &[u8]| head.windows(part.len()).any(|window| window == part);
    let (kind, advice) = if has(b"xl/") {
        ("an Excel workbook (XLSX)", SAVE_AS_CSV)
    } else if has(b"opendocument.spreadsheet") {
        ("a spreadsheet (ODS)", SAVE_AS_CSV)
    } else if has(b"word/") {
        ("a Word document", EXPORT_CSV)
    } else {
        ("a zip archive", UNPACK)
    };
    Refusal::NotText { kind, advice }
}

/// Text, but no table: a web page (often a log-in page saved by mistake), XML, JSON.
fn markup(bytes: &[u8]) -> Result<(), Refusal> {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let head = start[..start.len().min(16)].to_ascii_lowercase();
    let (kind, advice) = if head.starts_with(b"<!doctype html") || head.starts_with(b"<html") {
        ("a web page (HTML)", "Perhaps the download asked for a log-in: log in, export again, and send the CSV file.")
    } else if head.starts_with(b"<?xml") {
        ("XML", EXPORT_CSV)
    } else if is_json(start) {
        ("JSON", "Send the same rows as CSV.")
    } else {
        return Ok(());
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
mod tests {
    use super::*;

    fn kind(bytes: &[u8]) -> Option<&'static str> {
        match refuse(bytes) {
            Err(Refusal::NotText { kind, .. }) => Some(kind),
            _ => None,
        }
    }

    #[test]
    fn files_of_other_kinds_are_named() {
        for (bytes, name) in [
            (&b"%PDF-1.7\n"[..], "a PDF document"),
            (b"PK\x03\x04....xl/workbook.xml", "an Excel workbook (XLSX)"),
            (b"PK\x03\x04....return.csv", "a zip archive"),
            (b"\x1F\x8B\x08", "compressed (gzip)"),
            (b"\xEF\xBB\xBF <!DOCTYPE html><html>", "a web page (HTML)"),
            (b"[ {\"id\": 1}]", "JSON"),
        ] {
            assert_eq!(kind(bytes), Some(name));
        }
    }

    #[test]
    fn a_table_passes() {
        assert_eq!(kind(b"id,start\n1,2018-01-01"), None);
        assert_eq!(kind(b"[id],start\n"), None);
    }
}
