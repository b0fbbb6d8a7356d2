//! Session rows of the lake as values, and canonical rows for those allowed to see them.

use datafusion::arrow::array::Int64Array;
use datafusion::arrow::array::{Array, Float64Array, Int32Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use jiff::Timestamp;
use kerbwatt_model::{Query, Stay, Viewer};
use kerbwatt_store::SESSIONS;

use crate::facts::SessionFacts;
use crate::groups::{Groups, OUT};
use crate::member::column;
use crate::tables::read_file;
use crate::{EngineError, Snapshot};

/// Columns that every session has.
pub(crate) const OF_SESSION: [&str; 3] = ["evse", "plug_in", "plug_out"];

/// Columns of sessions that are read where they are needed.
pub(crate) const MORE_OF_SESSION: [&str; 3] = ["charging_end", "energy_kwh", "fee_pence"];

/// What rollups and raw answers need of each row of a session batch.
///
/// # Errors
/// [`EngineError::Column`] when the batch is not of the sessions table.
pub fn session_facts(batch: &RecordBatch) -> Result<Vec<SessionFacts>, EngineError> {
    let mut facts = Vec::with_capacity(batch.num_rows());
    each_session(batch, (Timestamp::MIN, Timestamp::MAX), |_, session| {
        facts.push(*session);
        Ok(())
    })?;
    Ok(facts)
}

/// Calls `take` with the row and the session of a batch, of each that is plugged in at some time from one instant to another. What
/// was not read of them is none, or zero.
pub(crate) fn each_session(
    batch: &RecordBatch,
    (from, to): (Timestamp, Timestamp),
    mut take: impl FnMut(usize, &SessionFacts) -> Result<(), EngineError>,
) -> Result<(), EngineError> {
    let instants = |name| column::<TimestampMicrosecondArray>(batch, SESSIONS, name);
    let [is_ended, has_energy, has_fee] = MORE_OF_SESSION.map(|name| batch.column_by_name(name).is_some());
    let evse = column::<Int32Array>(batch, SESSIONS, "evse")?;
    let (plug_in, plug_out) = (instants("plug_in")?, instants("plug_out")?);
    let charging_end = is_ended.then(|| instants("charging_end")).transpose()?;
    let amounts = |is_read: bool, name| is_read.then(|| column::<Float64Array>(batch, SESSIONS, name)).transpose();
    let (energy_kwh, fee_pence) = (amounts(has_energy, "energy_kwh")?, amounts(has_fee, "fee_pence")?);
    let instant = |micros| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
    let (from, to) = (from.as_microsecond(), to.as_microsecond());
    for row in 0..batch.num_rows() {
        if plug_out.value(row) < from || plug_in.value(row) > to {
            continue;
        }
        let session = SessionFacts {
            evse: evse.value(row),
            stay: Stay {
                plug_in: instant(plug_in.value(row)),
                plug_out: instant(plug_out.value(row)),
                charging_end: charging_end.filter(|ends| ends.is_valid(row)).map(|ends| instant(ends.value(row))),
                energy_kwh: energy_kwh.map_or(0.0, |amounts| amounts.value(row)),
            },
            fee_pence: fee_pence.filter(|fees| fees.is_valid(row)).map(|fees| fees.value(row)),
        };
        take(row, &session)?;
    }
    Ok(())
}

/// One canonical session row.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionRow {
    /// Operator id.
    pub operator: String,
    /// The operator's session id or the content hash.
    pub session_id: String,
    /// The operator's own id of the EVSE.
    pub evse: String,
    /// Connector.
    pub connector: Option<String>,
    /// When and how much.
    pub stay: Stay,
    /// IANA zone of its clock.
    pub zone: String,
    /// Bits of [`kerbwatt_model::Flag`].
    pub flags: i32,
    /// Submission it came with.
    pub submission: i64,
    /// Row in that file.
    pub row: i64,
}

/// Canonical rows that pass the filters and start in the period, file by file.
///
/// # Errors
/// [`EngineError`] when a filter's value is unknown or a file cannot be read.
pub(crate) fn each_row(
    snapshot: &Snapshot,
    query: &Query,
    viewer: Viewer,
    take: &mut dyn FnMut(SessionRow),
) -> Result<(), EngineError> {
    let Viewer::LocalOwner = viewer;
    let groups = Groups::of(snapshot, query)?;
    let operators = groups.operators(snapshot);
    for file in snapshot.files.get(SESSIONS).into_iter().flatten() {
        let operator = file.partition.get("operator").map(String::as_str).unwrap_or_default();
        if operators.iter().any(|known| **known == *operator) {
            for batch in read_file(file)? {
                rows_of(snapshot, query, &groups, operator, &batch, take)?;
            }
        }
    }
    Ok(())
}

fn rows_of(
    snapshot: &Snapshot,
    query: &Query,
    groups: &Groups,
    operator: &str,
    batch: &RecordBatch,
    take: &mut dyn FnMut(SessionRow),
) -> Result<(), EngineError> {
    let text = |name| column::<StringArray>(batch, SESSIONS, name);
    let (session_id, connector, zone) = (text("session_id")?, text("connector")?, text("zone")?);
    let flags = column::<Int32Array>(batch, SESSIONS, "flags")?;
    let whole = |name| column::<Int64Array>(batch, SESSIONS, name);
    let (submission, number) = (whole("submission")?, whole("row")?);
    let mut zones = std::collections::HashMap::new();
    for (row, facts) in session_facts(batch)?.into_iter().enumerate() {
        let zone = zone.value(row);
        let clock = zones
            .entry(zone.to_owned())
            .or_insert_with(|| kerbwatt_model::Zone::named(zone).unwrap_or_else(|_| kerbwatt_model::Zone::london()));
        let (day, _) = kerbwatt_model::day_and_hour(facts.stay.plug_in, clock);
        let is_asked = query.period.is_none_or(|period| period.contains(kerbwatt_model::day_of_number(day.into())));
        let member = snapshot.members.version_on(facts.evse, day).filter(|at| groups.of[*at] != OUT);
        let (Some(member), true) = (member, is_asked) else { continue };
        let evse_id = &snapshot.members.all()[member].evse_id;
        take(SessionRow {
            operator: operator.to_owned(),
            session_id: session_id.value(row).to_owned(),
            evse: evse_id.split_once(':').map_or(&**evse_id, |(_, uid)| uid).to_owned(),
            connector: connector.is_valid(row).then(|| connector.value(row).to_owned()),
            stay: facts.stay,
            zone: zone.to_owned(),
            flags: flags.value(row),
            submission: submission.value(row),
            row: number.value(row),
        });
    }
    Ok(())
}
