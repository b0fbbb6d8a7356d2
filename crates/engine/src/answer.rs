//! What comes out of the door: figures with their coverage and provenance.

use jiff::Timestamp;
use kerbwatt_model::{Filter, Metric, Period};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::{Ledger, Returns};

/// A value in an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No figure: nothing reported, or nothing to divide by. Not zero.
    Null,
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A code, an id, a name or a time.
    Text(String),
}

impl Value {
    /// The number, where it is one.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(whole) => Some(*whole as f64),
            Self::Number(number) => Some(*number),
            Self::Null | Self::Text(_) => None,
        }
    }

    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Integer(whole) => serializer.serialize_i64(*whole),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Code or id of a dimension's value.
    Dimension,
    /// Name of the dimension's value.
    Name,
    /// Figure.
    Metric,
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// Key in rows.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// Heading.
    pub label: String,
    /// Unit of a figure.
    pub unit: Option<&'static str>,
}

/// Values in the order of the columns.
pub type Row = Vec<Value>;

/// How far the figures can be trusted.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Coverage {
    /// Days of registered charge points.
    pub registered_evse_days: f64,
    /// Of these, days that an accepted return covers.
    pub reported_evse_days: f64,
    /// The second by the first; none where nothing is registered.
    pub share: Option<f64>,
    /// Operators with a registered charge point live in the period.
    pub operators_registered: usize,
    /// Of these, with at least one day reported.
    pub operators_reported: usize,
    /// Operators without a registered charge point of which there are returns: no share of theirs can be told.
    pub operators_unregistered: usize,
    /// Charge points seen in returns that the register does not hold.
    pub unregistered_evses: usize,
    /// Charge points that stand in no borough.
    pub evses_outside_areas: usize,
}

/// Where the figures come from.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// Data version.
    pub data_version: i64,
    /// When it was made.
    pub as_of: Timestamp,
    /// Period answered; none where there is no data at all.
    pub period: Option<Period>,
    /// Filters.
    pub filters: Vec<Filter>,
    /// Definitions.
    pub metrics: Vec<&'static Metric>,
    /// Table that answered the sums.
    pub route: &'static str,
    /// Figures held back.
    pub suppressed: usize,
    /// Whether the data is invented.
    pub sample: bool,
    /// The returns behind the figures, and the repairs that were made in them.
    pub returns: Returns,
}

/// Figures, and all that is needed to trust and repeat them.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Columns: each dimension with its name where it has one, then the metrics.
    pub columns: Vec<Column>,
    /// Rows, ordered by the dimensions.
    pub rows: Vec<Row>,
    /// Coverage of the whole answer.
    pub coverage: Coverage,
    /// Provenance of the whole answer.
    pub provenance: Provenance,
    /// How the denominators came about, where asked for.
    pub ledger: Option<Ledger>,
}

impl Answer {
    /// Position of a column.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The figure of a metric in the first row, for answers without dimensions.
    #[must_use]
    pub fn figure(&self, metric: &str) -> Option<f64> {
        self.rows.first()?.get(self.position(metric)?)?.number()
    }

    /// Orders rows by a column of figures; rows without a figure come last, ties keep their order.
    pub fn rank_by(&mut self, name: &str, largest_first: bool) {
        let Some(at) = self.position(name) else { return };
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by(|a, b| match (self.rows[*a][at].number(), self.rows[*b][at].number()) {
            (Some(a), Some(b)) if largest_first => b.total_cmp(&a),
            (Some(a), Some(b)) => a.total_cmp(&b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        });
        self.rows = order.iter().map(|row| std::mem::take(&mut self.rows[*row])).collect();
        self.ledger.iter_mut().for_each(|ledger| ledger.reorder(&order));
    }

    /// Keeps the first rows.
    pub fn truncate(&mut self, rows: usize) {
        self.rows.truncate(rows);
        self.ledger.iter_mut().for_each(|ledger| ledger.truncate(rows));
    }
}

struct RowOf<'a>(&'a [Column], &'a Row);

impl Serialize for RowOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.1.len()))?;
        for (column, value) in self.0.iter().zip(self.1) {
            map.serialize_entry(&column.name, value)?;
        }
        map.end()
    }
}

struct Rows<'a>(&'a Answer);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.0.rows.len()))?;
        for row in &self.0.rows {
            rows.serialize_element(&RowOf(&self.0.columns, row))?;
        }
        rows.end()
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(5))?;
        map.serialize_entry("columns", &self.columns)?;
        map.serialize_entry("rows", &Rows(self))?;
        map.serialize_entry("coverage", &self.coverage)?;
        map.serialize_entry("provenance", &self.provenance)?;
        map.serialize_entry("ledger", &self.ledger)?;
        map.end()
    }
}

#[derive(Serialize)]
struct Definition {
    id: &'static str,
    version: u32,
}

#[derive(Serialize)]
struct Kept<'a> {
    dimension: &'static str,
    values: &'a [String],
}

impl Serialize for Provenance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let filters: Vec<Kept<'_>> =
            self.filters.iter().map(|f| Kept { dimension: f.dimension.id(), values: &f.values }).collect();
        let metrics: Vec<Definition> =
            self.metrics.iter().map(|m| Definition { id: m.id, version: m.version }).collect();
        let mut map = serializer.serialize_map(Some(10))?;
        map.serialize_entry("data_version", &self.data_version)?;
        map.serialize_entry("as_of", &self.as_of)?;
        map.serialize_entry("from", &self.period.map(|period| period.first))?;
        map.serialize_entry("to", &self.period.map(|period| period.last))?;
        map.serialize_entry("filters", &filters)?;
        map.serialize_entry("metrics", &metrics)?;
        map.serialize_entry("route", self.route)?;
        map.serialize_entry("suppressed", &self.suppressed)?;
        map.serialize_entry("sample", &self.sample)?;
        map.serialize_entry("returns", &self.returns)?;
        map.end()
    }
}
