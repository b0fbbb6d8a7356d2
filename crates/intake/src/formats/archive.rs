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
    /// Where it lies, or why it cannot be unpacked here.
    pub(super) member: Result<Member, Refusal>,
}

/// A zip archive, as messages call it.
const WHOLE: &str = "a zip archive";
/// One of its files, as messages call it.
pub(super) const MEMBER: &str = "part of a zip archive";

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
        other => Refusal::Damaged { kind: WHOLE, reason: other.to_string() },
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
        refused(super::magic::WORD, super::magic::EXPORT_CSV)
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

/// The files of an archive; folders are passed over. What is wrong with one of them is told of that one.
///
/// # Errors
/// When there are too many, or all together unpack to more than is taken; when the medium fails.
pub(super) fn entries(zip: &mut Zip<'_>) -> Result<Vec<Entry>, Refusal> {
    if zip.len() > MOST {
        return Err(Refusal::TooLarge { what: format!("a zip archive of more than {MOST} files") });
    }
    let mut entries = Vec::with_capacity(zip.len());
    for at in 0..zip.len() {
        let name = name_of(zip, at);
        match located(zip, at) {
            Ok(None) => {}
            Ok(Some(member)) => entries.push(Entry { name, member: Ok(member) }),
            Err(refusal @ Refusal::CannotRead { .. }) => return Err(refusal),
            Err(refusal) => entries.push(Entry { name, member: Err(refusal) }),
        }
    }
    let sizes = entries.iter().filter_map(|entry| Some(entry.member.as_ref().ok()?.size));
    if sizes.fold(0, u64::saturating_add) > LARGEST {
        return Err(Refusal::TooLarge { what: format!("a zip archive of more than {} GiB", LARGEST >> 30) });
    }
    Ok(entries)
}

/// Where a file of an archive lies; none where it is a folder.
fn located(zip: &mut Zip<'_>, at: usize) -> Result<Option<Member>, Refusal> {
    let damaged_member = |reason: String| Refusal::DamagedMember { reason };
    let file = zip.by_index_raw(at).map_err(|error| match damaged(&error) {
        Refusal::Damaged { reason, .. } => damaged_member(reason),
        other => other,
    })?;
    if file.is_dir() {
        return Ok(None);
    }
    if file.encrypted() {
        return Err(Refusal::Encrypted { kind: MEMBER });
    }
    let is_deflated = match file.compression() {
        CompressionMethod::Stored => false,
        CompressionMethod::Deflated => true,
        other => return Err(damaged_member(format!("it is packed by the method {other}, which is not read here"))),
    };
    let start = file.data_start().ok_or_else(|| damaged_member("it is listed, but not there".to_owned()))?;
    let member = Member { start, packed: file.compressed_size(), size: file.size(), crc: file.crc32(), is_deflated };
    // One that is too large for itself is never unpacked, so that the others may still be within what is taken.
    if member.size > LARGEST {
        return Err(Refusal::TooLarge { what: format!("{MEMBER} of more than {} GiB", LARGEST >> 30) });
    }
    Ok(Some(member))
}

/// What is wrong with a member, as what is wrong with the archive.
pub(super) fn of_whole(name: &str, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::DamagedMember { reason } => {
            Refusal::Damaged { kind: WHOLE, reason: format!("“{}”: {reason}", shown(name)) }
        }
        Refusal::Encrypted { kind: MEMBER } => Refusal::Encrypted { kind: WHOLE },
        other => other,
    }
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
