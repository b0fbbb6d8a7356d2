//! Proving on disk that nothing was lost, doubled or changed.

use std::collections::{BTreeMap, BTreeSet};

use kerbwatt_engine::{ALL_TABLES, Answer, Route, Value, spec, tally};
use kerbwatt_intake::Refusal;
use kerbwatt_model::{Query, Viewer};
use kerbwatt_store::{SESSIONS, Submission, SubmissionState};

use crate::error::CATCHES_UP;
use crate::{Hub, HubError, Progress};

/// Something that was looked at and found whole, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What.
    pub what: String,
    /// How many.
    pub count: u64,
}

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What and where.
    pub what: String,
    /// What to do.
    pub advice: String,
}

/// What verifying found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// What was looked at.
    pub checked: Vec<Checked>,
    /// What is wrong; nothing when the folder is whole.
    pub problems: Vec<Problem>,
    /// What is worth knowing and no problem.
    pub notes: Vec<String>,
}

const REBUILD: &str = "Run `kerbwatt rebuild`: it makes the lake anew from vault and ledger.";
const RESTORE: &str = "Restore this file from a backup, or hand in the original file again.";
const LEDGER: &str = "Restore ledger.sqlite from a backup.";

impl Verified {
    fn checked(&mut self, what: &str, count: usize) {
        self.checked.push(Checked { what: what.to_owned(), count: count as u64 });
    }

    fn problem(&mut self, what: impl Into<String>, advice: &str) {
        self.problems.push(Problem { what: what.into(), advice: advice.to_owned() });
    }
}

impl Hub {
    /// Checks every invariant that can be seen on disk. Problems are results, not errors.
    ///
    /// # Errors
    /// Store errors that keep the check itself from running.
    pub async fn verify(&self, progress: &dyn Progress) -> Result<Verified, HubError> {
        let mut found = Verified::default();
        progress.step("ledger", 0, 5);
        for problem in self.ledger.check()? {
            found.problem(format!("ledger.sqlite: {problem}"), LEDGER);
        }
        progress.step("vault", 1, 5);
        self.verify_vault(&mut found)?;
        progress.step("returns", 2, 5);
        self.verify_returns(&mut found)?;
        progress.step("lake", 3, 5);
        let is_lake_whole = self.verify_lake(&mut found).await?;
        found.checked("data versions that can be asked", self.held_versions()?);
        progress.step("figures", 4, 5);
        if is_lake_whole {
            self.verify_rows(&mut found).await?;
            self.verify_figures(&mut found).await?;
        }
        Ok(found)
    }

    fn verify_vault(&self, found: &mut Verified) -> Result<(), HubError> {
        for damage in self.vault.verify()? {
            found.problem(format!("vault: {}: {}", damage.path.display(), damage.kind), RESTORE);
        }
        let returns = self.ledger.submissions()?.into_iter().map(|s| (s.digest, s.file_name));
        let registers = self.ledger.register_imports()?.into_iter().map(|r| (r.digest, r.file_name));
        let places = self.ledger.places()?.into_iter().map(|p| (p.digest, p.file_name));
        let mut count = 0;
        for (digest, file) in returns.chain(registers).chain(places) {
            count += 1;
            if !self.vault.contains(&digest) {
                found.problem(format!("vault: the file {digest} ({file}) is missing"), RESTORE);
            }
        }
        found.checked("files in the vault", count);
        Ok(())
    }

    /// Each return adds up, its rows are all there, and it is read today as it was recorded.
    fn verify_returns(&self, found: &mut Verified) -> Result<(), HubError> {
        let submissions = self.ledger.submissions()?;
        let registers = self.registers()?;
        for submission in &submissions {
            let name = format!("submission {} ({})", submission.id, submission.file_name);
            let t = &submission.totals;
            if t.rows_read != t.accepted + t.quarantined + t.duplicates {
                found.problem(format!("{name}: rows read are not accepted + quarantined + duplicates"), LEDGER);
            }
            let sum = t.energy_accepted_kwh + t.energy_quarantined_kwh + t.energy_duplicates_kwh;
            if !is_close(sum, t.energy_read_kwh) {
                found
                    .problem(format!("{name}: energy read is not that of accepted + quarantined + duplicates"), LEDGER);
            }
            let (_, quarantined) = self.ledger.quarantine(submission.id, 0, 1)?;
            let duplicates = self.ledger.duplicates(submission.id)?.len() as u64;
            for (what, kept, counted) in
                [("quarantined rows", quarantined, t.quarantined), ("duplicates", duplicates, t.duplicates)]
            {
                if kept != counted {
                    found.problem(format!("{name}: {kept} {what} are kept, {counted} were counted"), LEDGER);
                }
            }
            match self.read_recorded(submission, &registers) {
                Ok(_) => {}
                // Nobody has said how it is to be read: what this program makes of it is no difference to what was recorded.
                Err(HubError::Changed { .. } | HubError::Refused { refusal: Refusal::UnknownLayout { .. }, .. })
                    if submission.state == SubmissionState::Received => {}
                Err(error @ HubError::Changed { .. }) => found.problem(error.to_string(), &error.advice()),
                Err(error) => found.problem(format!("{name}: {error}"), RESTORE),
            }
        }
        found.checked("returns read again from the vault", submissions.len());
        Ok(())
    }

    async fn verify_lake(&self, found: &mut Verified) -> Result<bool, HubError> {
        let Some(published) = self.ledger.data_version()? else { return Ok(false) };
        let before = found.problems.len();
        let mut files = 0;
        for table in ALL_TABLES {
            let spec = spec(table);
            let Some(version) = published.tables.get(table) else {
                found.problem(format!("lake: data version {} names no {table}", published.number), REBUILD);
                continue;
            };
            match self.lake.verify(&spec, *version).await {
                Ok(damages) => damages.iter().for_each(|damage| found.problem(format!("lake: {damage}"), REBUILD)),
                Err(error) => found.problem(format!("lake: {error}"), REBUILD),
            }
            files += self.lake.files(&spec, *version).await.map_or(0, |files| files.len());
        }
        found.checked("files of the lake", files);
        Ok(found.problems.len() == before)
    }

    /// The lake holds exactly the accepted rows of each return.
    async fn verify_rows(&self, found: &mut Verified) -> Result<(), HubError> {
        let current = self.current().await?;
        let files = current.snapshot.files.get(SESSIONS).map_or(&[][..], Vec::as_slice);
        let in_lake = tally(files)?;
        let submissions = self.ledger.submissions()?;
        // Of what was decided since the figures were made, they show what was so before.
        let is_pending = |one: &Submission| one.is_stale || (one.state == SubmissionState::Accepted && !one.in_lake);
        let (pending, settled): (Vec<_>, Vec<_>) = submissions.into_iter().partition(is_pending);
        for one in &pending {
            found.notes.push(format!(
                "submission {} ({}) was decided about and is not yet so in the figures: {CATCHES_UP}",
                one.id, one.file_name
            ));
        }
        let pending: BTreeSet<i64> = pending.into_iter().map(|one| one.id).collect();
        let accepted: BTreeMap<i64, Submission> = settled
            .into_iter()
            .filter(|s| s.state == SubmissionState::Accepted && s.in_lake)
            .map(|s| (s.id, s))
            .collect();
        for (id, submission) in &accepted {
            let (rows, energy_kwh) = in_lake.get(id).copied().unwrap_or_default();
            let (totals, crossed) = (&submission.totals, &submission.crossed);
            let expected = totals.accepted - crossed.repeated - crossed.replaced;
            let expected_kwh = totals.energy_accepted_kwh - crossed.energy_repeated_kwh - crossed.energy_replaced_kwh;
            if rows != expected || !is_close(energy_kwh, expected_kwh) {
                let what = format!(
                    "lake: submission {id} ({}) has {rows} rows and {energy_kwh} kWh, {expected} rows and {expected_kwh} kWh are to be there",
                    submission.file_name
                );
                found.problem(what, REBUILD);
            }
        }
        for id in in_lake.keys().filter(|id| !accepted.contains_key(id) && !pending.contains(id)) {
            found.problem(
                format!("lake: there are rows of submission {id}, which the ledger does not know as accepted"),
                REBUILD,
            );
        }
        let rows: u64 = in_lake.values().map(|(rows, _)| rows).sum();
        found.checked("sessions in the lake", usize::try_from(rows).unwrap_or(usize::MAX));
        Ok(())
    }

    /// Every rollup gives the same sums as the sessions.
    async fn verify_figures(&self, found: &mut Verified) -> Result<(), HubError> {
        let current = self.current().await?;
        let mut compared = 0;
        let by_month = [Route::CubeMonth, Route::CubeDay, Route::EvseMonth];
        let by_hour = [Route::CubeDayHow, Route::CubeMonthHow];
        for (time, routes) in [("month", &by_month[..]), ("hour_of_day", &by_hour)] {
            let metrics = ["sessions", "energy_kwh", "plugged_hours", "failed_starts"];
            let query = Query::of(&metrics, &["operator", time], &[], None);
            let query = query.map_err(|error| HubError::Defect(error.to_string()))?;
            let through =
                |route| self.engine.answer_through(&current.snapshot, &query, Viewer::LocalOwner, Some(route));
            let sessions = through(Route::Sessions).await?;
            for route in routes {
                compared += compare(found, &sessions, &through(*route).await?, (*route, time));
            }
        }
        found.checked("sums of rollups compared with sessions", compared);
        Ok(())
    }
}

/// Compares sums from a rollup with those from single sessions; gives how many rows there were.
fn compare(found: &mut Verified, sessions: &Answer, rollup: &Answer, (route, time): (Route, &str)) -> usize {
    for (from_sessions, from_rollup) in sessions.rows.iter().zip(&rollup.rows) {
        let differs = from_sessions.iter().zip(from_rollup).any(|(a, b)| match (a.number(), b.number()) {
            (Some(a), Some(b)) => !is_close(a, b),
            (a, b) => a.is_some() != b.is_some(),
        });
        if differs {
            let said =
                |value: &Value| value.text().map_or_else(|| value.number().unwrap_or(0.0).to_string(), str::to_owned);
            let text = |at: usize| from_sessions.get(at).map(said).unwrap_or_default();
            let (operator, when) = (text(0), text(2));
            let what = format!("lake: {} differs from the sessions for {operator} in {time} {when}", route.table());
            found.problem(what, REBUILD);
        }
    }
    if rollup.rows.len() != sessions.rows.len() {
        found.problem(format!("lake: {} has other {time}s than the sessions", route.table()), REBUILD);
    }
    rollup.rows.len()
}

fn is_close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}
