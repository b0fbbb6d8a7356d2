//! The tables within a file: one in most, several in archives and workbooks.

use std::collections::HashSet;

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
    let found = locate(source, None)?;
    if !found.iter().any(Found::may_be_table)
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

    fn is_refused(&self) -> bool {
        matches!(self.content, Err(Unread::Refused(_)))
    }

    /// Whether it is a table, or of a kind of which its sender can make one.
    fn may_be_table(&self) -> bool {
        matches!(self.content, Ok(_) | Err(Unread::Refused(Refusal::NotText { .. })))
    }
}

/// Why the first part that cannot be read makes the whole file one that cannot; none where all can.
fn first_refused(found: &[Found<'_>]) -> Option<Refusal> {
    let refused = |found: &Found<'_>| match &found.content {
        Err(Unread::Refused(refusal)) => Some(archive::of_whole(&found.name, refusal.clone())),
        _ => None,
    };
    found.iter().filter(|found| !found.may_be_table()).chain(found).find_map(refused)
}

/// The table named, or the only one.
pub(super) fn find<'s>(source: &'s dyn Source, part: Option<&str>) -> Result<Content<'s>, Refusal> {
    if let Some(name) = part {
        return named(source, name);
    }
    let found = locate(source, None)?;
    // Nobody said which table is meant: it may be the one that cannot be read.
    let names: Vec<String> =
        found.iter().filter(|found| found.may_be_table()).map(|found| found.name.clone()).collect();
    let is_unclear = names.len() > 1 && found.iter().all(|found| found.may_be_table() || !found.is_refused());
    if let Some(refusal) = first_refused(&found).filter(|_| !is_unclear) {
        return Err(refusal);
    }
    let (mut tables, mut skipped) = (Vec::new(), Vec::new());
    for Found { name, content } in found {
        match content {
            Ok(content) => tables.push(content),
            Err(Unread::NoTable(reason)) => skipped.push(format!("“{}” is {reason}", archive::shown(&name))),
            Err(Unread::Refused(_)) => {}
        }
    }
    match tables.pop() {
        _ if names.len() > 1 => Err(Refusal::SeveralTables { names }),
        None => Err(Refusal::NoTable { skipped }),
        Some(only) => Ok(only),
    }
}

/// The table named. Only the member of an archive that it is in is looked into: each of many is asked for in turn.
fn named<'s>(source: &'s dyn Source, name: &str) -> Result<Content<'s>, Refusal> {
    let is_meant = |found: &Found<'_>| found.name == name;
    let mut found = if name.is_empty() { Vec::new() } else { locate(source, Some(name))? };
    if !found.iter().any(is_meant) {
        found = locate(source, None)?;
    }
    match found.iter().find(|found| is_meant(found)).map(|found| found.content.clone()) {
        Some(Ok(content)) => Ok(content),
        Some(Err(Unread::Refused(refusal))) => Err(refusal),
        _ => {
            let known = found.into_iter().filter(Found::is_table).map(|found| found.name).collect();
            Err(Refusal::NoSuchTable { name: name.to_owned(), known })
        }
    }
}

/// What is in a file; of an archive only the member in which a part lies, where one is named.
fn locate<'s>(source: &'s dyn Source, part: Option<&str>) -> Result<Vec<Found<'s>>, Refusal> {
    let mut found = within(Stream::of(source), "", part)?;
    if let ([only], None) = (found.as_mut_slice(), part)
        && only.is_table()
    {
        only.name.clear();
    }
    Ok(found)
}

/// The parts of a stream that is called `name`.
fn within<'s>(stream: Stream<'s>, name: &str, part: Option<&str>) -> Result<Vec<Found<'s>>, Refusal> {
    let head = stream.head(HEAD)?;
    match magic::kind(&head)? {
        Kind::Gzip if stream.is_gzip => {
            Err(Refusal::NotText { kind: "compressed twice", advice: "Unpack it once and send it again." })
        }
        Kind::Gzip => within(stream.unzipped(), name, part),
        Kind::Zip => zipped(stream, name, part),
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
    let unpacked = name.strip_suffix(".gz").unwrap_or(name);
    [".csv", ".tsv", ".tab", ".psv"].into_iter().any(|ending| magic::has_ending(unpacked, ending))
}

fn skipped<'s>(name: &str, reason: &str) -> Found<'s> {
    Found { name: name.to_owned(), content: Err(Unread::NoTable(reason.to_owned())) }
}

fn zipped<'s>(stream: Stream<'s>, name: &str, part: Option<&str>) -> Result<Vec<Found<'s>>, Refusal> {
    let mut zip = archive::directory(&stream, LARGEST_WHOLE)?;
    match archive::kind(&zip)? {
        archive::Packed::Workbook => sheets(stream, name),
        archive::Packed::Archive if stream.is_member() || stream.is_gzip => Err(Refusal::NotText {
            kind: "an archive within an archive",
            advice: "Unpack it once and send the archive within, or the files.",
        }),
        archive::Packed::Archive => {
            let entries = archive::entries(&mut zip)?;
            let names: HashSet<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
            let mut found = Vec::new();
            for entry in &entries {
                let label = label(&entry.name, &names);
                if part.is_none_or(|part| is_within(part, label)) {
                    found.extend(member(stream, entry, label)?);
                }
            }
            Ok(found)
        }
    }
}

/// What a member is called: packed by itself as it is without that, unless another has that name.
fn label<'n>(name: &'n str, all: &HashSet<&str>) -> &'n str {
    name.strip_suffix(".gz").filter(|unpacked| !all.contains(unpacked)).unwrap_or(name)
}

/// Whether a part is a member of that name, or a sheet of it.
fn is_within(part: &str, member: &str) -> bool {
    part.strip_prefix(member).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The parts of a member. A document is passed over; what cannot be read, although it may be a table or one can be made of it, is
/// not, and is told without the others.
///
/// # Errors
/// When the medium fails: then it is not the member that is at fault.
fn member<'s>(archive: Stream<'s>, entry: &archive::Entry, label: &str) -> Result<Vec<Found<'s>>, Refusal> {
    if archive::is_litter(&entry.name) {
        return Ok(vec![skipped(label, "a file that a program left behind")]);
    }
    match entry.member.clone().and_then(|member| within(archive.member(member), label, None)) {
        Err(Refusal::Empty) => Ok(vec![skipped(label, "empty")]),
        Err(Refusal::NotText { kind, .. }) if magic::is_document(kind, label) && !is_named_table(label) => {
            Ok(vec![skipped(label, kind)])
        }
        Err(refusal @ Refusal::CannotRead { .. }) => Err(refusal),
        Err(refusal) => Ok(vec![Found { name: label.to_owned(), content: Err(Unread::Refused(refusal)) }]),
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
