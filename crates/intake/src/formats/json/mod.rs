//! JSON as delimited text: a list of objects wherever it stands, one JSON a line, pages of OCPI. What is known (OCPI, Open
//! Charge Map) gets columns of its own; anything else is flattened, with dots between the keys.
//!
//! The text is walked, once more each time that its rows are asked for; no more of it is held than one object.

mod flat;
mod locations;
mod node;
mod ocpi;
mod open_charge_map;
mod outline;
mod rows;
mod scan;
mod walk;

use std::io::{self, Read};

use ::csv::{Writer, WriterBuilder};

use super::csv::on_one_line;
use super::decode;
use super::stream::{refusal_of, stop};
use crate::refusal::Refusal;
use node::Node;
use outline::Outlines;
use walk::Walk;

/// Longest object that is read, bytes: in memory it takes many times as much.
const LONGEST_OBJECT: usize = 8 << 20;

/// Bytes of delimited text that are made at a time.
const AT_ONCE: usize = 64 << 10;

/// Columns with their values, for one row.
type Cells<'n> = Vec<(&'static str, std::borrow::Cow<'n, str>)>;

/// Objects of which the meaning is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// OCPI Session.
    Session,
    /// OCPI CDR.
    Cdr,
    /// OCPI Location: a row for each EVSE.
    Location,
    /// Point of interest of Open Charge Map.
    OpenChargeMap,
}

impl Shape {
    /// By the keys that only such objects have together.
    fn of<'k>(keys: impl Iterator<Item = &'k str>) -> Option<Self> {
        let keys: Vec<&str> = keys.collect();
        let has = |wanted: &str| keys.contains(&wanted);
        let has_start = has("start_date_time") || has("start_datetime");
        if has_start && has("total_energy") {
            Some(Self::Cdr)
        } else if has_start && has("kwh") {
            Some(Self::Session)
        } else if has("coordinates") && (has("evses") || has("country_code") || has("country")) {
            Some(Self::Location)
        } else if has("AddressInfo") && has("Connections") {
            Some(Self::OpenChargeMap)
        } else {
            None
        }
    }

    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Session => &ocpi::SESSION,
            Self::Cdr => &ocpi::CDR,
            Self::Location => &locations::COLUMNS,
            Self::OpenChargeMap => &open_charge_map::COLUMNS,
        }
    }

    fn rows(self, node: &Node) -> Vec<Cells<'_>> {
        match self {
            Self::Session => vec![ocpi::session(node)],
            Self::Cdr => vec![ocpi::cdr(node)],
            Self::Location => locations::rows(node),
            Self::OpenChargeMap => vec![open_charge_map::row(node)],
        }
    }
}

/// The table in a JSON text.
pub(super) struct Table<'s> {
    outlines: Outlines<'s>,
    columns: Columns,
}

/// Columns of a table.
enum Columns {
    Known(Shape),
    Flat(flat::Columns),
}

/// Opens a JSON text: gives its table as delimited text with a header where that is no more than `limit` bytes.
pub(super) fn open<'s>(text: decode::Text<'s>, limit: u64) -> Result<Opened<'s>, Refusal> {
    let outlines = Outlines::new(text, LONGEST_OBJECT);
    let mut walk = outlines.walk()?;
    let first = read(walk.next()?.ok_or(Refusal::Empty)?, 0)?;
    let shape = match &first {
        Node::Object(fields) => Shape::of(fields.iter().map(|(key, _)| key.as_str())),
        _ => None,
    };
    // Its columns are known by the first row, or else by all rows.
    let (columns, short) = if let Some(shape) = shape {
        let columns = Columns::Known(shape);
        let short = Rows::of(&columns, walk, Some(first)).short(limit)?;
        (columns, short)
    } else {
        let columns = Columns::Flat(flat::Columns::of(&first, &mut walk)?);
        let short = Rows::of(&columns, outlines.walk()?, None).short(limit)?;
        (columns, short)
    };
    Ok(short.map_or_else(|| Opened::Long(Box::new(Table { outlines, columns })), Opened::Short))
}

/// The table in a JSON text.
pub(super) enum Opened<'s> {
    /// As delimited text.
    Short(String),
    Long(Box<Table<'s>>),
}

impl Table<'_> {
    /// Its delimited text with a header. Errors carry a refusal: see [`refusal_of`].
    pub(super) fn open(&self) -> Result<impl Read + '_, Refusal> {
        Ok(Rows::of(&self.columns, self.outlines.walk()?, None))
    }

    /// Its first rows, about `limit` bytes of them.
    pub(super) fn head(&self, limit: u64) -> Result<String, Refusal> {
        let mut head = Vec::new();
        self.open()?.take(limit).read_to_end(&mut head).map_err(|error| refusal_of(&error))?;
        let is_cut = head.len() as u64 == limit;
        Ok(decode::up_to_a_line(head, is_cut))
    }
}

/// Rows as delimited text, made while it is read.
struct Rows<'t, 's> {
    columns: &'t Columns,
    walk: Walk<'t, 's>,
    /// The first row, where it was read already.
    first: Option<Node>,
    /// Objects so far.
    rows: usize,
    is_begun: bool,
    made: Vec<u8>,
    /// What of it was given already.
    given: usize,
}

impl<'t, 's> Rows<'t, 's> {
    fn of(columns: &'t Columns, walk: Walk<'t, 's>, first: Option<Node>) -> Self {
        Self { columns, walk, first, rows: 0, is_begun: false, made: Vec::new(), given: 0 }
    }

    /// All of its text, where it is no more than so many bytes.
    fn short(self, limit: u64) -> Result<Option<String>, Refusal> {
        let mut text = String::new();
        self.take(limit + 1).read_to_string(&mut text).map_err(|error| refusal_of(&error))?;
        Ok(Some(text).filter(|text| text.len() as u64 <= limit))
    }

    fn make(&mut self) -> Result<(), Refusal> {
        let mut room = std::mem::take(&mut self.made);
        room.clear();
        let mut text = Text::new(room);
        if !std::mem::replace(&mut self.is_begun, true) {
            self.columns.header(&mut text)?;
        }
        while text.made < AT_ONCE {
            let node = match (self.first.take(), self.rows) {
                (Some(first), _) => first,
                (None, at) => match self.walk.next()? {
                    Some(row) => read(row, at)?,
                    None => break,
                },
            };
            self.columns.row(&node, &mut text)?;
            self.rows += 1;
        }
        (self.made, self.given) = (text.finish()?, 0);
        Ok(())
    }
}

impl Read for Rows<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.made.len() {
            self.make().map_err(stop)?;
        }
        let rest = self.made.get(self.given..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}

impl Columns {
    fn header(&self, text: &mut Text) -> Result<(), Refusal> {
        match self {
            Self::Known(shape) => text.row(shape.columns().iter().copied()),
            Self::Flat(columns) => text.row(columns.names()),
        }
    }

    fn row(&self, node: &Node, text: &mut Text) -> Result<(), Refusal> {
        match self {
            Self::Flat(columns) => columns.row(node, text),
            Self::Known(shape) => shape.rows(node).iter().try_for_each(|cells| {
                let cell = |column: &&str| {
                    cells.iter().find(|(name, _)| name == column).map_or("", |(_, value)| value.as_ref())
                };
                text.row(shape.columns().iter().map(cell))
            }),
        }
    }
}

/// An object; `at` counts them from 0.
fn read(row: &str, at: usize) -> Result<Node, Refusal> {
    serde_json::from_str(row).map_err(|error| damaged(&format!("object {}: {error}", at + 1)))
}

fn damaged(reason: &str) -> Refusal {
    Refusal::Damaged { kind: "JSON", reason: super::archive::shown(reason) }
}

fn too_long() -> Refusal {
    Refusal::TooLarge { what: format!("JSON with an object of more than {} MiB", LONGEST_OBJECT >> 20) }
}

/// Text that is being written.
struct Text {
    writer: Writer<Vec<u8>>,
    made: usize,
}

impl Text {
    fn new(room: Vec<u8>) -> Self {
        Self { writer: WriterBuilder::new().from_writer(room), made: 0 }
    }

    fn row<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> Result<(), Refusal> {
        let failed = |error: ::csv::Error| Refusal::CannotRead { reason: error.to_string() };
        for cell in cells {
            self.made += cell.len() + 1;
            self.writer.write_field(on_one_line(cell).as_bytes()).map_err(failed)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(failed)
    }

    fn finish(self) -> Result<Vec<u8>, Refusal> {
        self.writer.into_inner().map_err(|error| Refusal::CannotRead { reason: error.to_string() })
    }
}

/// JSON as delimited text.
#[cfg(test)]
fn to_text(text: &str) -> Result<String, Refusal> {
    let bytes = text.as_bytes();
    match open(decode::Text::of(super::Stream::of(&bytes))?, u64::from(u32::MAX))? {
        Opened::Short(text) => Ok(text),
        Opened::Long(_) => Err(too_long()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The rows of a text of which no object over `longest` bytes is held.
    fn rows(text: &str, longest: usize) -> Result<Vec<String>, Refusal> {
        let bytes = text.as_bytes();
        let outlines = Outlines::new(decode::Text::of(super::super::Stream::of(&bytes))?, longest);
        let (mut walk, mut rows) = (outlines.walk()?, Vec::new());
        while let Some(row) = walk.next()? {
            rows.push(row.to_owned());
        }
        Ok(rows)
    }

    #[test]
    fn rows_are_found_wherever_they_stand_however_long_what_is_around_them_is() {
        let two = r#"[ {"a":1}, {"a":"}]\\" } ]"#;
        let long = "x".repeat(100_000);
        for text in [
            two.to_owned(),
            format!(r#"{{"data":{two}}}"#),
            format!(r#"{{"_items":{two},"_links":[{{"next":1}}]}}"#),
            format!(r#"{{"count":2,"note":"{long}","charges":{two}}}"#),
            format!(r#"{{"answer":{{"note":["{long}"],"charges":{two},"of":[1,2]}},"time":3}}"#),
            format!(r#"{{"data":{two},"links":{{"a":[[["{long}"]]]}},"timestamp":"{long}","status_code":1000}}"#),
            format!(r#"{{"status_code":"1000","data":{two}}}"#),
            format!(r#" {{"data":{two},"status_code":1000}} {{"data":[],"status_code":1000}}"#),
            format!(r#"[{{"data":{two},"status_code":1000}},{{"status_code":1000}}]"#),
        ] {
            let wanted = [r#"{"a":1}"#, r#"{"a":"}]\\" }"#];
            for longest in [16, 20, 64, 1 << 20] {
                assert_eq!(rows(&text, longest).unwrap(), wanted, "{longest}: {}", &text[..text.len().min(200)]);
            }
        }
    }

    #[test]
    fn what_is_too_long_for_a_row_is_refused() {
        for text in [
            r#"[{"a":"0123456789"}]"#,
            r#"[{"a":1},{"a":"0123456789"}]"#,
            r#"{"a":"0123456789"}"#,
            r#"{"a":1}{"a":"0123456789"}"#,
            r#"{"data":[{"a":1},{"a":"0123456789"}]}"#,
            r#"{"status_code":1000,"data":{"a":"0123456789"}}"#,
            r#"[{"data":[],"a":"0123456789"}]"#,
        ] {
            assert_eq!(rows(text, 16).unwrap_err().code(), "too_large", "{text}");
            assert!(rows(text, 64).is_ok(), "{text}");
        }
    }

    #[test]
    fn an_answer_of_an_error_is_one_however_long_it_is() {
        let text =
            format!(r#"{{"data":[{{"a":1}}],"x":"{}","status_code":2001,"status_message":"no"}}"#, "x".repeat(99_999));
        for longest in [16, 1 << 20] {
            assert_eq!(rows(&text, longest).unwrap_err().code(), "server_error");
        }
    }

    #[test]
    fn a_text_that_is_cut_off_is_damaged_wherever_that_is() {
        let text = r#"{"data":[{"a":"\"1\\"},{"b":[1,{"c":null}]}],"status_code":1000}"#;
        for longest in [20, 1 << 20] {
            assert_eq!(rows(text, longest).unwrap().len(), 2);
            for end in 1..text.len() {
                assert_eq!(rows(&text[..end], longest).unwrap_err().code(), "damaged_file", "{}", &text[..end]);
            }
        }
    }

    fn value() -> impl Strategy<Value = String> {
        let words = prop::sample::select(vec![
            "1",
            "-2.5e3",
            "true",
            "null",
            r#""a""#,
            r#""]}\"[{""#,
            r#""\\""#,
            r#""é\u00e9""#,
        ]);
        let leaf = words.prop_map(str::to_owned);
        leaf.prop_recursive(4, 40, 5, |inner| {
            let keys = vec!["a", "b", "data", "results", "status_code", "kwh", "start_date_time"];
            let field = (prop::sample::select(keys), inner.clone());
            let object = prop::collection::vec(field, 0..5).prop_map(|fields| {
                let fields: Vec<String> = fields.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
                format!("{{{}}}", fields.join(" ,\n"))
            });
            let list = prop::collection::vec(inner, 0..5).prop_map(|items| format!("[{}]", items.join(", ")));
            prop_oneof![object, list]
        })
    }

    proptest! {
        #[test]
        fn what_is_held_of_a_text_changes_nothing_of_its_rows(
            roots in prop::collection::vec(value(), 1..4),
            longest in 4usize..80,
            cut in prop::option::of(0usize..200),
        ) {
            let text = roots.join("\n");
            let cut = cut.filter(|cut| *cut < text.len() && text.is_char_boundary(*cut)).unwrap_or(text.len());
            let text = &text[..cut];
            match (rows(text, longest), rows(text, 1 << 20)) {
                (Ok(some), all) => prop_assert_eq!(Ok(some), all),
                (Err(Refusal::TooLarge { .. }), _) => {}
                (Err(_), all) => prop_assert!(all.is_err(), "{:?}", all),
            }
        }

        #[test]
        fn the_text_is_the_same_whether_it_is_kept_or_made_anew_in_whatever_pieces(
            sizes in prop::collection::vec(1usize..3000, 1..20),
            is_known in any::<bool>(),
            limit in 1u64..100_000,
        ) {
            let known = if is_known { r#""kwh":1,"start_date_time":"2024-03-01T08:15:00","# } else { "" };
            let objects: Vec<String> = (0..40).map(|at| format!(r#"{{{known}"id":"{at}","x":{{"y":"{}"}}}}"#, "z".repeat(at * 97))).collect();
            let text = format!("[{}]", objects.join(","));
            let bytes = text.as_bytes();
            let opened = open(decode::Text::of(super::super::Stream::of(&bytes)).unwrap(), limit).unwrap();
            let whole = to_text(&text).unwrap();
            let table = match opened {
                Opened::Short(short) => {
                    prop_assert!(short.len() as u64 <= limit);
                    prop_assert_eq!(short, whole);
                    return Ok(());
                }
                Opened::Long(table) => table,
            };
            prop_assert!(whole.len() as u64 > limit);
            prop_assert!(whole.starts_with(&table.head(limit).unwrap()));
            let (mut pieces, mut read) = (sizes.iter().cycle(), Vec::new());
            let mut reader = table.open().unwrap();
            loop {
                let mut piece = vec![0; *pieces.next().unwrap()];
                match reader.read(&mut piece).unwrap() {
                    0 => break,
                    count => read.extend_from_slice(&piece[..count]),
                }
            }
            prop_assert_eq!(String::from_utf8(read).unwrap(), whole);
        }
    }
}
