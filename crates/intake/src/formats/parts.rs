//! The tables within a file: one in most, several in archives and workbooks.

use super::magic::{Kind, Writing};
use super::stream::Stream;
use super::{HEAD, LARGEST_WHOLE, archive, csv, decode, magic, source::Source, workbook};
use crate::refusal::Refusal;

/// A table within a file, or what is there instead of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Path within the archive, sheet of the workbook, or both; empty where the file holds one table only.
    pub name: String,
    /// Why it is no table; none where it is one.
    pub skipped: Option<String>,
}

/// The tables within a file, in its order, and what else is in it.
///
/// # Errors
/// When the file is damaged, protected by a password, too large, or of a kind that holds no table.
pub fn parts(source: &dyn Source) -> Result<Vec<Part>, Refusal> {
    let part = |found: Found<'_>| Part { name: found.name, skipped: found.content.err() };
    Ok(locate(source)?.into_iter().map(part).collect())
}

/// Where the text of a table comes from.
#[derive(Clone)]
pub(super) enum Content<'s> {
    Delimited(Stream<'s>),
    Json(Stream<'s>),
    Sheet(Stream<'s>, String),
}

/// A part, and why it is no table.
struct Found<'s> {
    name: String,
    content: Result<Content<'s>, String>,
}

/// The table named, or the only one.
pub(super) fn find<'s>(source: &'s dyn Source, part: Option<&str>) -> Result<Content<'s>, Refusal> {
    let found = locate(source)?;
    if let Some(name) = part {
        let known = || found.iter().filter(|found| found.content.is_ok()).map(|found| found.name.clone()).collect();
        let named = found.iter().find(|found| found.name == name).and_then(|found| found.content.clone().ok());
        return named.ok_or_else(|| Refusal::NoSuchTable { name: name.to_owned(), known: known() });
    }
    let (mut tables, mut names, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
    for Found { name, content } in found {
        match content {
            Ok(content) => {
                tables.push(content);
                names.push(name);
            }
            Err(reason) => skipped.push(format!("“{}” is {reason}", archive::shown(&name))),
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
        && only.content.is_ok()
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
                Writing::Delimited if stream.is_member() && !csv::is_table(&top) => {
                    return Ok(vec![skipped(name, "text without a table")]);
                }
                Writing::Delimited => Content::Delimited(stream),
            };
            Ok(vec![Found { name: name.to_owned(), content: Ok(content) }])
        }
    }
}

fn skipped<'s>(name: &str, reason: &str) -> Found<'s> {
    Found { name: name.to_owned(), content: Err(reason.to_owned()) }
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
                found.extend(member(stream.member(entry.member), &entry.name)?);
            }
            Ok(found)
        }
    }
}

/// The parts of a member. What is of another kind is passed over; what cannot be read, although it may be a table, is not.
fn member<'s>(stream: Stream<'s>, name: &str) -> Result<Vec<Found<'s>>, Refusal> {
    if archive::is_litter(name) {
        return Ok(vec![skipped(name, "a file that a program left behind")]);
    }
    match within(stream, name) {
        Err(Refusal::Empty) => Ok(vec![skipped(name, "empty")]),
        Err(Refusal::NotText { kind, .. }) => Ok(vec![skipped(name, kind)]),
        other => other,
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
        let content = sheet.skipped.map_or(Ok(Content::Sheet(stream, sheet.name)), |reason| Err(reason.to_owned()));
        Found { name: label, content }
    };
    Ok(sheets.into_iter().map(found).collect())
}
