//! From which data version to which a submission was in the figures: what makes past versions readable.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kerbwatt_model::Period;
use rusqlite::{Connection, Row, Transaction, params};

use super::column::whole;
use super::submissions::COLUMNS;
use super::{EvseReturn, Failure, Ledger, LedgerError, Submission, all, column};
use crate::Digest;

/// A stretch of data versions over which a submission was in the figures, unchanged.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The submission.
    pub submission: i64,
    /// Its operator's id.
    pub operator: String,
    /// First data version.
    pub since: i64,
    /// Last data version; none while it lasts.
    pub until: Option<i64>,
    /// The days that it covered.
    pub covers: Option<Period>,
    /// Its rows in the figures, without those that other returns keep out or have replaced.
    pub sessions: u64,
    /// Their energy, kWh.
    pub energy_kwh: f64,
    /// Rows and energy in kWh that are in no figure: quarantined, duplicates, held by another return already, replaced by a later
    /// one.
    pub left_out: [(u64, f64); 4],
    /// How it was read; differs where the same counts come from another reading.
    pub reading: String,
    /// Each repair that was made in it, by its id, with the rows whose values it changed; without them where they were not noted.
    pub repaired: Vec<(String, Option<u64>)>,
}

impl Shown {
    /// Whether a data version has it.
    #[must_use]
    pub fn holds_at(&self, version: i64) -> bool {
        self.since <= version && self.until.is_none_or(|until| version <= until)
    }

    fn of(submission: &Submission, since: i64) -> Self {
        let (totals, crossed) = (&submission.totals, &submission.crossed);
        Self {
            submission: submission.id,
            operator: submission.operator.clone(),
            since,
            until: None,
            covers: submission.covers(),
            sessions: totals.accepted.saturating_sub(crossed.repeated + crossed.replaced),
            energy_kwh: totals.energy_accepted_kwh - crossed.energy_repeated_kwh - crossed.energy_replaced_kwh,
            left_out: [
                (totals.quarantined, totals.energy_quarantined_kwh),
                (totals.duplicates, totals.energy_duplicates_kwh),
                (crossed.repeated, crossed.energy_repeated_kwh),
                (crossed.replaced, crossed.energy_replaced_kwh),
            ],
            reading: reading(submission),
            repaired: submission.repaired.iter().map(|(id, rows)| (id.clone(), Some(*rows))).collect(),
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        let of = |stretch: &Self| {
            (stretch.covers, stretch.sessions, stretch.left_out.map(|(rows, _)| rows), stretch.reading.clone())
        };
        // The energy is a sum, taken in another order after a rebuild.
        let is_close = (self.energy_kwh - other.energy_kwh).abs() <= 1e-9 * self.energy_kwh.abs().max(1.0);
        of(self) == of(other) && is_close
    }
}

/// Profile, layout, limits of checks and repairs, short.
fn reading(submission: &Submission) -> String {
    let short = |text: &str| Digest::of(text.as_bytes()).to_string().chars().take(12).collect::<String>();
    let mut layout = submission.layout.as_deref().map(|layout| format!("#{}", short(layout))).unwrap_or_default();
    if !submission.limits.is_empty() {
        layout.push_str(&format!("~{}", short(&format!("{:?}", submission.limits))));
    }
    let repairs: String = submission.repairs.iter().map(|repair| format!("+{repair}")).collect();
    format!("{}{layout}{repairs}", submission.profile)
}

/// The repairs that a reading names, as [`reading`] wrote it.
fn repairs_of(reading: &str) -> Vec<(String, Option<u64>)> {
    reading.split('+').skip(1).map(|repair| (repair.to_owned(), None)).collect()
}

/// Notes what a new data version changes: ends the stretches of what is no longer there or no longer as it was, and begins new ones.
pub(super) fn note_shown(transaction: &Transaction<'_>, version: i64, before: i64) -> Result<(), Failure> {
    let mut open: BTreeMap<i64, Shown> = shown(transaction, "WHERE until IS NULL", [])?
        .into_iter()
        .map(|stretch| (stretch.submission, stretch))
        .collect();
    let in_lake = all(transaction, &format!("{COLUMNS} WHERE in_lake = 1"), [], super::submission_rows::submission_of)?;
    for submission in &in_lake {
        let stretch = Shown::of(submission, version);
        match open.remove(&submission.id) {
            Some(known) if known.is_like(&stretch) => {}
            Some(known) => {
                end(transaction, &known, before)?;
                begin(transaction, &stretch)?;
            }
            None => begin(transaction, &stretch)?,
        }
    }
    open.values().try_for_each(|gone| end(transaction, gone, before))
}

fn begin(transaction: &Transaction<'_>, stretch: &Shown) -> Result<(), Failure> {
    transaction
        .prepare_cached(
            "INSERT INTO shown (submission, since, covers_first, covers_last, sessions, energy_kwh, left_out, reading, \
             repaired) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            stretch.submission,
            stretch.since,
            stretch.covers.map(|period| period.first.to_string()),
            stretch.covers.map(|period| period.last.to_string()),
            whole(stretch.sessions, "the number of sessions")?,
            stretch.energy_kwh,
            serde_json::to_string(&stretch.left_out).map_err(Failure::of_json)?,
            stretch.reading,
            serde_json::to_string(&stretch.repaired).map_err(Failure::of_json)?,
        ])?;
    Ok(())
}

fn end(transaction: &Transaction<'_>, stretch: &Shown, until: i64) -> Result<(), Failure> {
    transaction.prepare_cached("UPDATE shown SET until = ?3 WHERE submission = ?1 AND since = ?2")?.execute([
        stretch.submission,
        stretch.since,
        until,
    ])?;
    Ok(())
}

fn shown(connection: &Connection, clause: &str, values: impl rusqlite::Params) -> rusqlite::Result<Vec<Shown>> {
    let sql = format!(
        "SELECT submission, (SELECT operator FROM submission WHERE id = shown.submission) AS operator, since, until, \
         covers_first, covers_last, sessions, energy_kwh, left_out, reading, repaired FROM shown {clause} \
         ORDER BY submission, since"
    );
    all(connection, &sql, values, shown_of)
}

fn shown_of(row: &Row<'_>) -> rusqlite::Result<Shown> {
    let reading: String = row.get("reading")?;
    let noted: Option<Vec<(String, Option<u64>)>> = column::json_if_any(row, "repaired")?;
    Ok(Shown {
        submission: row.get("submission")?,
        operator: row.get("operator")?,
        since: row.get("since")?,
        until: row.get("until")?,
        covers: column::period(row, "covers_first", "covers_last")?,
        sessions: column::count(row, "sessions")?,
        energy_kwh: row.get("energy_kwh")?,
        left_out: column::json(row, "left_out")?,
        repaired: noted.unwrap_or_else(|| repairs_of(&reading)),
        reading,
    })
}

impl Ledger {
    /// Every submission in the figures of a data version, by number.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn shown_at(&self, version: i64) -> Result<Vec<Shown>, LedgerError> {
        let clause = "WHERE since <= ?1 AND (until IS NULL OR until >= ?1)";
        self.read(|connection| shown(connection, clause, [version]))
    }

    /// Stretches that began or ended between two data versions: those that hold at one of them and not at the other, and those
    /// that came and went between.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn shown_between(&self, from: i64, to: i64) -> Result<Vec<Shown>, LedgerError> {
        let clause = "WHERE (since > ?1 AND since <= ?2) OR (until >= ?1 AND until < ?2)";
        self.read(|connection| shown(connection, clause, [from, to]))
    }

    /// What the submissions say of an EVSE as of a data version, oldest first. Which of them that version has,
    /// [`Ledger::shown_at`] says.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn returns_of_at(&self, evse: i32, version: i64) -> Result<Vec<EvseReturn>, LedgerError> {
        // What was forgotten holds up to the version noted with it; what was not forgotten since then holds still.
        let sql = "SELECT submission, sessions, first_day, last_day FROM evse_return AS now WHERE evse = ?1 AND NOT EXISTS \
             (SELECT 1 FROM evse_return_past AS past WHERE past.submission = now.submission AND past.until >= ?2) \
             UNION ALL SELECT submission, sessions, first_day, last_day FROM evse_return_past AS past \
             WHERE evse = ?1 AND until = (SELECT min(until) FROM evse_return_past AS other \
             WHERE other.submission = past.submission AND other.until >= ?2) ORDER BY 1";
        let found = |row: &Row<'_>| {
            let day = |name: &str| -> rusqlite::Result<Date> { column::day(row, name) };
            let (first, last) = (day("first_day")?, day("last_day")?);
            Ok(EvseReturn { submission: row.get("submission")?, sessions: row.get("sessions")?, first, last })
        };
        self.read(|connection| all(connection, sql, params![evse, version], found))
    }
}
