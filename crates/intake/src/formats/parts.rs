//! The tables within a file: one in most, several in archives and workbooks.

use super::magic::{Kind, Writing};
use super::stream::Stream;
use super::{HEAD, LARGEST_WHOLE, archive, csv, decode, magic, source::Source, workbook};
use crate::refusal::Refusal;

/// A table within a file, or what is there instead of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Path within the archive, sheet of the workbook, or both; empty where the file holds one table only.
    pub name: String,
    /// Why it is no table; none where it is one.
    pub skipped: Option<String>,
    /// Why it cannot be read, although it may be a table; none where it can.
    pub refused: Option<Refusal>,
}

/// The tables within a file, in its order, and what else is in it. A member of an archive that cannot be read does not stand in
/// the way of the others.
///
/// # Errors
/// When the file, or every table in it, is damaged, protected by a password or too large, or when it is of a kind that holds no
/// table.
pub fn parts(source: &dyn Source) -> Result<Vec<Part>, Refusal> {
    let found = locate(source)?;
    if !found.iter().any(Found::is_table)
        && let Some(refusal) = first_refused(&found)
    {
        return Err(refusal);
    }
    let part = |Found { name, content }: Found<'_>| match content {
        Ok(_) => Part { name, skipped: None, refused: None },
        Err(Unread::NoTable(reason)) => Part { name, skipped: Some(reason), refused: None },
        Err(Unread::Refused(refusal)) => Part { name, skipped: None, refused: Some(refusal) },
    };
    Ok(found.into_iter().map(part).collect())
}

/// Where the text of a table comes from.
#[derive(Clone)]
pub(super) enum Content<'s> {
    Delimited(Stream<'s>),
    Json(Stream<'s>),
    Sheet(Stream<'s>, String),
}

/// Why a part is not read.
#[derive(Clone)]
enum Unread {
    /// It is no table: what it is instead.
    NoTable(String),
    /// It may be one.
    Refused(Refusal),
}

/// A part, and why it is not read.
struct Found<'s> {
    name: String,
    content: Result<Content<'s>, Unread>,
}

impl Found<'_> {
    fn is_table(&self) -> bool {
        self.content.is_ok()
    }
}

/// Why the first part that cannot be read makes the whole file one that cannot; none where all can.
fn first_refused(found: &[Found<'_>]) -> Option<Refusal> {
    found.iter().find_map(|found| match &found.content {
        Err(Unread::Refused(refusal)) => Some(archive::of_whole(&found.name, refusal.clone())),
        _ => None,
    })
}

/// The table named, or the only one.
pub(super) fn find<'s>(source: &'s dyn Source, part: Option<&str>) -> Result<Content<'s>, Refusal> {
    let found = locate(source)?;
    if let Some(name) = part {
        let known = || found.iter().filter(|found| found.is_table()).map(|found| found.name.clone()).collect();
        return match found.iter().find(|found| found.name == name).map(|found| found.content.clone()) {
            Some(Ok(content)) => Ok(content),
            Some(Err(Unread::Refused(refusal))) => Err(refusal),
            _ => Err(Refusal::NoSuchTable { name: name.to_owned(), known: known() }),
        };
    }
    // Nobody said which table is meant: it may be the one that cannot be read.
    if let Some(refusal) = first_refused(&found) {
        return Err(refusal);
    }
    let (mut tables, mut names, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
    for Found { name, content } in found {
        match content {
            Ok(content) => {
                tables.push(content);
                names.push(name);
            }
            Err(Unread::NoTable(reason)) => skipped.push(format!("“{}” is {reason}", archive::shown(&name))),
            Err(Unread::Refused(refusal)) => return Err(refusal),
        }
    }
    match tables.pop() {
        None => Err(Refusal::NoTable { skipped }),
        Some(only) if tables.is_empty() => Ok(only),
        Some(_) => Err(Refusal::SeveralTables { names }),
    }
}

fn locate(source: &dyn Source) -> Result<Vec<Found<'_>>, Refusal> {
    let mut found = within(Stream::of(source), "")?;
    if let [only] = found.as_mut_slice()
        && only.is_table()
    {
        only.name.clear();
    }
    Ok(found)
}

/// The parts of a stream that is called `name`.
fn within<'s>(stream: Stream<'s>, name: &str) -> Result<Vec<Found<'s>>, Refusal> {
    let head = stream.head(HEAD)?;
    match magic::kind(&head)? {
        Kind::Gzip if stream.is_gzip => {
            Err(Refusal::NotText { kind: "compressed twice", advice: "Unpack it once and send it again." })
        }
        Kind::Gzip => within(stream.unzipped(), name.strip_suffix(".gz").unwrap_or(name)),
        Kind::Zip => zipped(stream, name),
        Kind::Text => {
            let top = decode::glance(&head)?;
            let content = match magic::writing(&top)? {
                Writing::Json => Content::Json(stream),
                // A README is passed over in an archive; alone it is refused for its layout, with what was found.
                Writing::Delimited if stream.is_member() && !is_named_table(name) && !csv::is_table(&top) => {
                    return Ok(vec![skipped(name, "text without a table")]);
                }
                Writing::Delimited => Content::Delimited(stream),
            };
            Ok(vec![Found { name: name.to_owned(), content: Ok(content) }])
        }
    }
}

/// A return that is called one is never passed over, however few its rows.
fn is_named_table(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| matches!(ending.as_str(), "csv" | "tsv" | "tab" | "psv"))
}

fn skipped<'s>(name: &str, reason: &str) -> Found<'s> {
    Found { name: name.to_owned(), content: Err(Unread::NoTable(reason.to_owned())) }
}

fn zipped<'s>(stream: Stream<'s>, name: &str) -> Result<Vec<Found<'s>>, Refusal> {
    let mut zip = archive::directory(&stream, LARGEST_WHOLE)?;
    match archive::kind(&zip)? {
        archive::Packed::Workbook => sheets(stream, name),
        archive::Packed::Archive if stream.is_member() || stream.is_gzip => Err(Refusal::NotText {
            kind: "an archive within an archive",
            advice: "Unpack it once and send the archive within, or the files.",
        }),
        archive::Packed::Archive => {
            let mut found = Vec::new();
            for entry in archive::entries(&mut zip)? {
                found.extend(member(stream, &entry)?);
            }
            Ok(found)
        }
    }
}

/// The parts of a member. What is of another kind is passed over; what cannot be read, although it may be a table, is not, and
/// is told without the others.
///
/// # Errors
/// When the medium fails: then it is not the member that is at fault.
fn member<'s>(archive: Stream<'s>, entry: &archive::Entry) -> Result<Vec<Found<'s>>, Refusal> {
    let name = entry.name.as_str();
    if archive::is_litter(name) {
        return Ok(vec![skipped(name, "a file that a program left behind")]);
    }
    match entry.member.clone().and_then(|member| within(archive.member(member), name)) {
        Err(Refusal::Empty) => Ok(vec![skipped(name, "empty")]),
        Err(Refusal::NotText { kind, .. }) => Ok(vec![skipped(name, kind)]),
        Err(refusal @ Refusal::CannotRead { .. }) => Err(refusal),
        Err(refusal) => Ok(vec![Found { name: name.to_owned(), content: Err(Unread::Refused(refusal)) }]),
        Ok(found) => Ok(found),
    }
}

/// The sheets of a workbook. A single table has the name of the workbook.
fn sheets<'s>(stream: Stream<'s>, name: &str) -> Result<Vec<Found<'s>>, Refusal> {
    let sheets = workbook::sheets(&stream)?;
    let is_single = sheets.iter().filter(|sheet| sheet.skipped.is_none()).count() == 1;
    let found = |sheet: workbook::Sheet| {
        let is_table = sheet.skipped.is_none();
        let label = match (name, is_single && is_table) {
            (name, true) => name.to_owned(),
            ("", false) => sheet.name.clone(),
            (name, false) => format!("{name}/{}", sheet.name),
        };
        let content = match sheet.skipped {
            None => Ok(Content::Sheet(stream, sheet.name)),
            Some(reason) => Err(Unread::NoTable(reason.to_owned())),
        };
        Found { name: label, content }
    };
    Ok(sheets.into_iter().map(found).collect())
}
