//! JSON as delimited text: a list of objects wherever it stands, one JSON a line, pages of OCPI. What is known (OCPI, Open
//! Charge Map) gets columns of its own; anything else is flattened, with dots between the keys.

mod flat;
mod locations;
mod node;
mod ocpi;
mod open_charge_map;
mod rows;

use ::csv::{Writer, WriterBuilder};
use serde_json::value::RawValue;

use super::csv::on_one_line;
use super::{LARGEST_WHOLE, stream::too_large};
use crate::refusal::Refusal;
use node::Node;

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
    fn of<'k>(keys: impl Iterator<Item = &'k str> + Clone) -> Option<Self> {
        let has = |wanted: &str| keys.clone().any(|key| key == wanted);
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

/// JSON as delimited text with a header.
pub(super) fn to_text(text: &str) -> Result<String, Refusal> {
    let rows = rows::of(text)?;
    let first = rows.first().ok_or(Refusal::Empty)?;
    match shape_of(first, 0)? {
        Some(shape) => known(shape, &rows),
        None => flat::to_text(&rows),
    }
}

fn shape_of(row: &RawValue, at: usize) -> Result<Option<Shape>, Refusal> {
    Ok(match read(row, at)? {
        Node::Object(fields) => Shape::of(fields.iter().map(|(key, _)| key.as_str())),
        _ => None,
    })
}

/// An object; `at` counts them from 0.
fn read(row: &RawValue, at: usize) -> Result<Node, Refusal> {
    serde_json::from_str(row.get()).map_err(|error| damaged(&format!("object {}: {error}", at + 1)))
}

fn damaged(reason: &str) -> Refusal {
    Refusal::Damaged { kind: "JSON", reason: super::archive::shown(reason) }
}

fn known(shape: Shape, rows: &[&RawValue]) -> Result<String, Refusal> {
    let mut text = Text::new();
    let columns = shape.columns();
    text.row(columns.iter().copied())?;
    for (at, row) in rows.iter().enumerate() {
        let node = read(row, at)?;
        for cells in shape.rows(&node) {
            let cell =
                |column: &&str| cells.iter().find(|(name, _)| name == column).map_or("", |(_, value)| value.as_ref());
            text.row(columns.iter().map(cell))?;
        }
    }
    text.finish()
}

/// Text that is being written.
struct Text {
    writer: Writer<Vec<u8>>,
    written: u64,
}

impl Text {
    fn new() -> Self {
        Self { writer: WriterBuilder::new().from_writer(Vec::new()), written: 0 }
    }

    fn row<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> Result<(), Refusal> {
        let failed = |error: ::csv::Error| Refusal::CannotRead { reason: error.to_string() };
        for cell in cells {
            self.written += cell.len() as u64 + 1;
            self.writer.write_field(on_one_line(cell).as_bytes()).map_err(failed)?;
        }
        if self.written > LARGEST_WHOLE {
            return Err(too_large("a JSON table", LARGEST_WHOLE));
        }
        self.writer.write_record(None::<&[u8]>).map_err(failed)
    }

    fn finish(self) -> Result<String, Refusal> {
        let failed = |reason: String| Refusal::CannotRead { reason };
        let bytes = self.writer.into_inner().map_err(|error| failed(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
    }
}
