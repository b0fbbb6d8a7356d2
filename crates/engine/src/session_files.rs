//! Session files of one operator, month by month, and counts of what files hold.

use std::collections::BTreeMap;
use std::fs::File;

use datafusion::arrow::array::{Float64Array, Int64Array};
use datafusion::parquet::file::reader::{FileReader as _, SerializedFileReader};
use jiff::Timestamp;
use jiff::civil::Date;
use kerbwatt_model::{day_number, in_threads};
use kerbwatt_store::{LakeFile, SESSIONS};

use crate::held::longs;
use crate::member::column;
use crate::sessions::{MORE_OF_SESSION, OF_SESSION};
use crate::tables::{read_columns, read_file};
use crate::{EngineError, SessionFacts, session_facts};

/// The session files of one operator; asked for months in order, it reads each file once.
pub struct SessionFiles<'f> {
    by_month: BTreeMap<String, Vec<&'f LakeFile>>,
    /// Sessions of files read so far that were still plugged in at the month last asked for.
    lasting: Vec<SessionFacts>,
}

impl<'f> SessionFiles<'f> {
    /// The files of one operator.
    #[must_use]
    pub fn of(files: impl Iterator<Item = &'f LakeFile>) -> Self {
        let mut by_month: BTreeMap<String, Vec<&LakeFile>> = BTreeMap::new();
        for file in files {
            by_month.entry(file.partition.get("month").cloned().unwrap_or_default()).or_default().push(file);
        }
        Self { by_month, lasting: Vec::new() }
    }

    /// Sessions that touch a month, those begun before it included; months must be asked in rising order.
    ///
    /// # Errors
    /// [`EngineError`] when a file cannot be read.
    pub fn touching(&mut self, month: Date) -> Result<Vec<SessionFacts>, EngineError> {
        let asked = month.strftime("%Y-%m").to_string();
        let due: Vec<String> = self.by_month.range(..=asked.clone()).map(|(month, _)| month.clone()).collect();
        // A day's slack on either side: no zone is further from UTC.
        let from = instant(month.first_of_month(), -1);
        let files: Vec<&LakeFile> = due.iter().filter_map(|due| self.by_month.remove(due)).flatten().collect();
        for read in in_threads(&files, |file| lasting(file, from)) {
            self.lasting.extend(read?);
        }
        self.lasting.retain(|facts| facts.stay.plug_out >= from);
        Ok(self.lasting.clone())
    }
}

/// Sessions of a file that last until an instant or longer.
fn lasting(file: &LakeFile, from: Timestamp) -> Result<Vec<SessionFacts>, EngineError> {
    let mut found = Vec::new();
    if ends_before(file, from)? {
        return Ok(found);
    }
    for batch in read_columns(file, &[OF_SESSION, MORE_OF_SESSION].concat())? {
        found.extend(session_facts(&batch)?.into_iter().filter(|facts| facts.stay.plug_out >= from));
    }
    Ok(found)
}

/// Whether no session of a file lasts until an instant, by the file's own statistics.
fn ends_before(file: &LakeFile, from: Timestamp) -> Result<bool, EngineError> {
    let damaged = |reason: String| EngineError::File { file: file.path.to_string_lossy().into_owned(), reason };
    let opened = File::open(&file.path).map_err(|error| damaged(error.to_string()))?;
    let reader = SerializedFileReader::new(opened).map_err(|error| damaged(error.to_string()))?;
    Ok(longs(reader.metadata(), "plug_out").is_some_and(|(_, latest)| latest < from.as_microsecond()))
}

fn instant(day: Date, shift_days: i64) -> Timestamp {
    Timestamp::from_second((day_number(day) + shift_days) * 86_400).unwrap_or(Timestamp::MIN)
}

/// Rows and energy in kWh of each submission in session files.
///
/// # Errors
/// [`EngineError`] when a file cannot be read.
pub fn tally(files: &[LakeFile]) -> Result<BTreeMap<i64, (u64, f64)>, EngineError> {
    let mut counts: BTreeMap<i64, (u64, f64)> = BTreeMap::new();
    for file in files {
        for batch in read_file(file)? {
            let submissions = column::<Int64Array>(&batch, SESSIONS, "submission")?;
            let energies = column::<Float64Array>(&batch, SESSIONS, "energy_kwh")?;
            for row in 0..batch.num_rows() {
                let count = counts.entry(submissions.value(row)).or_default();
                count.0 += 1;
                count.1 += energies.value(row);
            }
        }
    }
    Ok(counts)
}
