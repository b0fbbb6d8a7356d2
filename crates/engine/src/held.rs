//! Session rows that the lake holds already, as far as a new return has to know them: the same sessions, and those at the same
//! charge points at the same time.

use std::collections::{HashMap, HashSet};
use std::fs::File;

use datafusion::arrow::array::{
    Array as _, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use datafusion::arrow::compute::filter_record_batch;
use datafusion::parquet::file::metadata::ParquetMetaData;
use datafusion::parquet::file::reader::{FileReader as _, SerializedFileReader};
use datafusion::parquet::file::statistics::Statistics;
use jiff::Timestamp;
use kerbwatt_store::{LakeFile, SESSIONS};

use crate::EngineError;
use crate::member::column;
use crate::tables::{read_columns, read_file};

/// Begins the ids of sessions that have none of their own: a hash over what they say.
const FROM_CONTENT: &str = "h:";

/// Ends whole numbers that went through a spreadsheet.
const DECIMAL: &str = ".0";

/// The id of a session as it is compared: a whole number that went through a spreadsheet, such as `1000.0`, is that number.
#[must_use]
pub fn plain_id(id: &str) -> &str {
    let number = id.strip_suffix(DECIMAL).filter(|number| !number.is_empty());
    number.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or(id)
}

/// Whether an id is none of the operator's, but a hash over what the session says.
#[must_use]
pub fn is_from_content(id: &str) -> bool {
    id.starts_with(FROM_CONTENT)
}

/// What is looked for.
pub struct Wanted<'a> {
    /// As [`plain_id`] has them.
    ids: HashSet<&'a str>,
    /// First and last that an id may have which the operator gave: such a session may be anywhere in time.
    given: Option<(String, String)>,
    evses: HashSet<i32>,
    /// First plug-in to last plug-out, microseconds UTC.
    span: (i64, i64),
}

impl<'a> Wanted<'a> {
    /// Sessions with one of these ids, and sessions at one of these EVSEs between two instants.
    #[must_use]
    pub fn new(ids: HashSet<&'a str>, evses: HashSet<i32>, from: Timestamp, to: Timestamp) -> Self {
        let ids: HashSet<&str> = ids.into_iter().map(plain_id).collect();
        let given = || ids.iter().copied().filter(|id| !is_from_content(id));
        let range = given().min().zip(given().max());
        let range = range.map(|(first, last)| (first.to_owned(), format!("{last}{DECIMAL}")));
        Self { given: range, ids, evses, span: (from.as_microsecond(), to.as_microsecond()) }
    }

    /// Whether a row is looked for.
    #[must_use]
    pub fn takes(&self, id: &str, evse: i32, plug_in: Timestamp, plug_out: Timestamp) -> bool {
        self.takes_at(id, evse, (plug_in.as_microsecond(), plug_out.as_microsecond()))
    }

    fn takes_at(&self, id: &str, evse: i32, (plug_in, plug_out): (i64, i64)) -> bool {
        let is_at_once = plug_in <= self.span.1 && plug_out >= self.span.0;
        (is_at_once && self.evses.contains(&evse)) || self.ids.contains(plain_id(id))
    }

    /// The rows of a session batch that are looked for.
    ///
    /// # Errors
    /// [`EngineError::Column`] when the batch is not of the sessions table.
    pub fn among(&self, batch: &RecordBatch) -> Result<Vec<HeldRow>, EngineError> {
        let columns = Columns::of(batch)?;
        let is_wanted = |row: &usize| {
            let stay = (columns.plug_in.value(*row), columns.plug_out.value(*row));
            self.takes_at(columns.session_id.value(*row), columns.evse.value(*row), stay)
        };
        Ok((0..batch.num_rows()).filter(is_wanted).map(|row| columns.row(row)).collect())
    }
}

/// A session row of the lake.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldRow {
    /// Submission it came with.
    pub submission: i64,
    /// Row in that file.
    pub row: i64,
    /// The operator's session id or the content hash.
    pub session_id: String,
    /// Number of its EVSE.
    pub evse: i32,
    /// Connector.
    pub connector: Option<String>,
    /// Plug-in.
    pub plug_in: Timestamp,
    /// Plug-out.
    pub plug_out: Timestamp,
    /// End of charging, where reported.
    pub charging_end: Option<Timestamp>,
    /// Energy, kWh.
    pub energy_kwh: f64,
    /// Fee in pence, where reported.
    pub fee_pence: Option<f64>,
}

impl HeldRow {
    /// Whether the operator gave no id, so that the id is a hash over what the row says.
    #[must_use]
    pub fn is_named_by_content(&self) -> bool {
        is_from_content(&self.session_id)
    }
}

/// A session file of the lake, with what its footer says of it.
#[derive(Debug, Clone)]
pub struct HeldFile {
    /// The file.
    pub file: LakeFile,
    /// The submission whose rows it holds.
    pub submission: i64,
    ids: Option<(Vec<u8>, Vec<u8>)>,
    span: Option<(i64, i64)>,
}

impl HeldFile {
    /// Reads the footer of a session file.
    ///
    /// # Errors
    /// [`EngineError::File`] when it cannot be read.
    pub fn of(file: &LakeFile) -> Result<Self, EngineError> {
        let damaged = |reason: String| EngineError::File { file: file.path.to_string_lossy().into_owned(), reason };
        let opened = File::open(&file.path).map_err(|error| damaged(error.to_string()))?;
        let reader = SerializedFileReader::new(opened).map_err(|error| damaged(error.to_string()))?;
        let footer = reader.metadata();
        let submission = longs(footer, "submission").map(|(first, _)| first);
        let submission = submission.ok_or_else(|| damaged("its footer names no submission".to_owned()))?;
        let ends = longs(footer, "plug_in").zip(longs(footer, "plug_out"));
        let span = ends.map(|((from, _), (_, to))| (from, to));
        Ok(Self { file: file.clone(), submission, ids: texts(footer, "session_id"), span })
    }

    /// The rows that are looked for; reads no more than the footer where that rules them out.
    ///
    /// # Errors
    /// [`EngineError`] when the file cannot be read.
    pub fn matching(&self, wanted: &Wanted<'_>) -> Result<Vec<HeldRow>, EngineError> {
        let overlaps = |(from, to): (i64, i64)| from <= wanted.span.1 && to >= wanted.span.0;
        let may_hold_ids = || match (&self.ids, &wanted.given) {
            (Some((first, last)), Some((from, to))) => &first[..] <= to.as_bytes() && &last[..] >= from.as_bytes(),
            (None, Some(_)) => true,
            (_, None) => false,
        };
        if !self.span.is_none_or(overlaps) && !may_hold_ids() {
            return Ok(Vec::new());
        }
        let mut rows = Vec::new();
        for batch in read_file(&self.file)? {
            rows.extend(wanted.among(&batch)?);
        }
        Ok(rows)
    }

    /// How many rows begin from one instant on and before another, and their energy in kWh; reads no more than the footer where that
    /// rules them out.
    ///
    /// # Errors
    /// [`EngineError`] when the file cannot be read.
    pub fn between(&self, from: Timestamp, before: Timestamp) -> Result<(u64, f64), EngineError> {
        let (from, before) = (from.as_microsecond(), before.as_microsecond());
        let (mut rows, mut energy_kwh) = (0, 0.0);
        if self.span.is_some_and(|(first, last)| first >= before || last < from) {
            return Ok((rows, energy_kwh));
        }
        for batch in read_columns(&self.file, &["plug_in", "energy_kwh"])? {
            let starts = column::<TimestampMicrosecondArray>(&batch, SESSIONS, "plug_in")?;
            let energies = column::<Float64Array>(&batch, SESSIONS, "energy_kwh")?;
            let inside = (0..batch.num_rows()).filter(|at| (from..before).contains(&starts.value(*at)));
            for at in inside {
                rows += 1;
                energy_kwh += energies.value(at);
            }
        }
        Ok((rows, energy_kwh))
    }

    /// Drivers of some rows, by their row in the submission, where they are known.
    ///
    /// # Errors
    /// [`EngineError`] when the file cannot be read.
    pub fn drivers(&self, rows: &HashSet<i64>) -> Result<HashMap<i64, String>, EngineError> {
        let mut drivers = HashMap::new();
        for batch in read_columns(&self.file, &["row", "driver"])? {
            let numbers = column::<Int64Array>(&batch, SESSIONS, "row")?;
            let names = column::<StringArray>(&batch, SESSIONS, "driver")?;
            let wanted = (0..batch.num_rows()).filter(|at| names.is_valid(*at) && rows.contains(&numbers.value(*at)));
            drivers.extend(wanted.map(|at| (numbers.value(at), names.value(at).to_owned())));
        }
        Ok(drivers)
    }

    /// The rows of the file without some, by their row in the submission.
    ///
    /// # Errors
    /// [`EngineError`] when the file cannot be read.
    pub fn without(&self, rows: &HashSet<i64>) -> Result<Vec<RecordBatch>, EngineError> {
        let keep = |batch: RecordBatch| {
            let numbers = column::<Int64Array>(&batch, SESSIONS, "row")?;
            let kept: BooleanArray = numbers.values().iter().map(|row| Some(!rows.contains(row))).collect();
            Ok(filter_record_batch(&batch, &kept).map_err(datafusion::error::DataFusionError::from)?)
        };
        read_file(&self.file)?.into_iter().map(keep).collect()
    }

    /// First plug-in and last plug-out of the file.
    #[must_use]
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let instant = |micros| Timestamp::from_microsecond(micros).ok();
        let (from, to) = self.span?;
        instant(from).zip(instant(to))
    }
}

/// Smallest and largest number of a column, over all row groups.
pub(crate) fn longs(footer: &ParquetMetaData, name: &str) -> Option<(i64, i64)> {
    let mut range: Option<(i64, i64)> = None;
    for statistics in statistics(footer, name) {
        let Some(Statistics::Int64(found)) = statistics else { return None };
        let (low, high) = (*found.min_opt()?, *found.max_opt()?);
        range = Some(range.map_or((low, high), |(from, to)| (from.min(low), to.max(high))));
    }
    range
}

/// Bounds of a column of text, over all row groups; what is cut short is cut so that they stay bounds.
fn texts(footer: &ParquetMetaData, name: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut range: Option<(Vec<u8>, Vec<u8>)> = None;
    for statistics in statistics(footer, name) {
        let Some(Statistics::ByteArray(found)) = statistics else { return None };
        let (low, high) = (found.min_bytes_opt()?.to_vec(), found.max_bytes_opt()?.to_vec());
        range = Some(match range {
            Some((from, to)) => (from.min(low), to.max(high)),
            None => (low, high),
        });
    }
    range
}

fn statistics<'f>(footer: &'f ParquetMetaData, name: &'f str) -> impl Iterator<Item = Option<&'f Statistics>> {
    footer.row_groups().iter().map(move |group| {
        group.columns().iter().find(|column| column.column_path().string() == name).and_then(|c| c.statistics())
    })
}

/// The columns of a session batch that are compared.
struct Columns<'b> {
    session_id: &'b StringArray,
    evse: &'b Int32Array,
    connector: &'b StringArray,
    plug_in: &'b TimestampMicrosecondArray,
    plug_out: &'b TimestampMicrosecondArray,
    charging_end: &'b TimestampMicrosecondArray,
    energy_kwh: &'b Float64Array,
    fee_pence: &'b Float64Array,
    submission: &'b Int64Array,
    row: &'b Int64Array,
}

impl<'b> Columns<'b> {
    fn of(batch: &'b RecordBatch) -> Result<Self, EngineError> {
        Ok(Self {
            session_id: column(batch, SESSIONS, "session_id")?,
            evse: column(batch, SESSIONS, "evse")?,
            connector: column(batch, SESSIONS, "connector")?,
            plug_in: column(batch, SESSIONS, "plug_in")?,
            plug_out: column(batch, SESSIONS, "plug_out")?,
            charging_end: column(batch, SESSIONS, "charging_end")?,
            energy_kwh: column(batch, SESSIONS, "energy_kwh")?,
            fee_pence: column(batch, SESSIONS, "fee_pence")?,
            submission: column(batch, SESSIONS, "submission")?,
            row: column(batch, SESSIONS, "row")?,
        })
    }

    fn row(&self, at: usize) -> HeldRow {
        let instant = |micros| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
        HeldRow {
            submission: self.submission.value(at),
            row: self.row.value(at),
            session_id: self.session_id.value(at).to_owned(),
            evse: self.evse.value(at),
            connector: self.connector.is_valid(at).then(|| self.connector.value(at).to_owned()),
            plug_in: instant(self.plug_in.value(at)),
            plug_out: instant(self.plug_out.value(at)),
            charging_end: self.charging_end.is_valid(at).then(|| instant(self.charging_end.value(at))),
            energy_kwh: self.energy_kwh.value(at),
            fee_pence: self.fee_pence.is_valid(at).then(|| self.fee_pence.value(at)),
        }
    }
}
