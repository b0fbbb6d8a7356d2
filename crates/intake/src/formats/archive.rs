//! Zip archives: what is in them, and whether they are a workbook. Names within are labels only: nothing is ever written.

use zip::{CompressionMethod, ZipArchive};

use super::source::ReadSeek;
use super::stream::{LARGEST, Member, Stream};
use crate::refusal::Refusal;

/// Members that an archive may have.
const MOST: usize = 1000;

/// What a zip is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packed {
    /// Files.
    Archive,
    /// An Excel workbook (XLSX).
    Workbook,
}

/// A file within an archive.
pub(super) struct Entry {
    /// Path within.
    pub(super) name: String,
    /// Where it lies.
    pub(super) member: Member,
}

type Zip<'s> = ZipArchive<Box<dyn ReadSeek + 's>>;

/// The directory of a zip.
pub(super) fn directory<'s>(stream: &Stream<'s>, limit: u64) -> Result<Zip<'s>, Refusal> {
    let seekable = stream.seekable(limit, "a packed workbook")?;
    ZipArchive::new(seekable).map_err(|error| damaged(&error))
}

fn damaged(error: &zip::result::ZipError) -> Refusal {
    match error {
        zip::result::ZipError::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            super::stream::refusal_of(error)
        }
        other => Refusal::Damaged { kind: "a zip archive", reason: other.to_string() },
    }
}

/// What a zip is, by the names in it.
pub(super) fn kind(zip: &Zip<'_>) -> Result<Packed, Refusal> {
    let has = |name: &str| names(zip).any(|(_, found)| found == name);
    let within = |folder: &str| names(zip).any(|(_, found)| found.starts_with(folder));
    let refused = |kind, advice| Err(Refusal::NotText { kind, advice });
    if has("xl/workbook.bin") {
        refused("a binary Excel workbook (XLSB)", super::magic::SAVE_AS_XLSX)
    } else if within("xl/") && has("[Content_Types].xml") {
        Ok(Packed::Workbook)
    } else if has("mimetype") && has("content.xml") {
        refused("an OpenDocument file (ODS)", super::magic::SAVE_AS_XLSX)
    } else if has("[Content_Types].xml") && within("word/") {
        refused("a Word document", super::magic::EXPORT_CSV)
    } else if has("Index/Document.iwa") {
        refused("an Apple Numbers document", super::magic::SAVE_AS_XLSX)
    } else {
        Ok(Packed::Archive)
    }
}

fn names<'z>(zip: &'z Zip<'_>) -> impl Iterator<Item = (usize, String)> + 'z {
    (0..zip.len()).map(|at| (at, name_of(zip, at)))
}

fn name_of(zip: &Zip<'_>, at: usize) -> String {
    match zip.name_for_index(at) {
        Some(Ok(name)) => name.into_owned(),
        _ => format!("file {}", at + 1),
    }
}

/// The files of an archive; folders are passed over.
///
/// # Errors
/// When one cannot be unpacked here, or all together unpack to more than is taken.
pub(super) fn entries(zip: &mut Zip<'_>) -> Result<Vec<Entry>, Refusal> {
    if zip.len() > MOST {
        return Err(Refusal::TooLarge { what: format!("a zip archive of more than {MOST} files") });
    }
    let mut entries = Vec::with_capacity(zip.len());
    for at in 0..zip.len() {
        let name = name_of(zip, at);
        let file = zip.by_index_raw(at).map_err(|error| damaged(&error))?;
        if file.is_dir() {
            continue;
        }
        if file.encrypted() {
            return Err(Refusal::Encrypted { kind: "a zip archive" });
        }
        let is_deflated = match file.compression() {
            CompressionMethod::Stored => false,
            CompressionMethod::Deflated => true,
            other => {
                let reason = format!("“{}” is packed by the method {other}, which is not read here", shown(&name));
                return Err(Refusal::Damaged { kind: "a zip archive", reason });
            }
        };
        let start = file.data_start().ok_or_else(|| Refusal::Damaged {
            kind: "a zip archive",
            reason: format!("“{}” is listed, but not there", shown(&name)),
        })?;
        let member =
            Member { start, packed: file.compressed_size(), size: file.size(), crc: file.crc32(), is_deflated };
        entries.push(Entry { name, member });
    }
    let total = entries.iter().fold(0u64, |total, entry| total.saturating_add(entry.member.size));
    if total > LARGEST {
        return Err(Refusal::TooLarge { what: format!("a zip archive of more than {} GiB", LARGEST >> 30) });
    }
    Ok(entries)
}

/// A name from a file, fit for a message: on one line, at most 80 characters.
pub(super) fn shown(name: &str) -> String {
    name.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(80).collect()
}

/// Files that programs leave in archives: no tables, whatever is in them.
pub(super) fn is_litter(name: &str) -> bool {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.starts_with("__MACOSX/") || last.starts_with("._") || matches!(last, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}
