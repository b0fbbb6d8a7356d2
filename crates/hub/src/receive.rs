//! Receiving a return: read, keep, record, decide.

use jiff::Timestamp;
use kerbwatt_intake::{Declared, NoRegister, Refusal, Rejected, SessionReturn, Totals, read_sessions};
use kerbwatt_model::{OperatorId, Period, Session};
use kerbwatt_store::{
    Digest, DuplicateRow, NewSubmission, QuarantinedRow, Submission, SubmissionState, SubmissionTotals,
};

use crate::register::{OperatorRegister, Registers};
use crate::{Hub, HubError, Report};

/// A return as it is handed in.
#[derive(Debug, Clone)]
pub struct NewReturn {
    /// Name of the file.
    pub file_name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// Whose return it is.
    pub operator: OperatorId,
    /// Name of the profile; recognised when none is given.
    pub profile: Option<String>,
    /// Period that it covers; the days found in it when none is declared.
    pub period: Option<Period>,
    /// Whether to accept it at once.
    pub accept: bool,
}

/// What became of a return.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// Number of the submission.
    pub submission: i64,
    /// The same file was handed in before: nothing changed, but that it may now be accepted.
    pub repeated: bool,
    /// Whether it is accepted.
    pub accepted: bool,
    /// When it was first received.
    pub received_at: Timestamp,
    /// What was found in it.
    pub report: Report,
}

/// Reads and checks a return; writes nothing and needs no data folder.
///
/// # Errors
/// [`HubError::Refused`] when the file is refused as a whole.
pub fn check(file: &NewReturn) -> Result<Report, HubError> {
    let declared = Declared {
        file_name: &file.file_name,
        profile: file.profile.as_deref(),
        period: file.period,
        operator: &file.operator,
        hub_key: &[0; 32],
        repairs: &[],
    };
    let read =
        read_sessions(&file.bytes, &declared, &NoRegister).map_err(|refusal| refused(&file.file_name, refusal))?;
    Ok(Report::of(read, file.period).0)
}

fn refused(file: &str, refusal: Refusal) -> HubError {
    HubError::Refused { file: file.to_owned(), refusal }
}

impl Hub {
    /// Reads, checks, keeps and records a return. When this returns, the file is in the vault and the record on disk.
    /// Figures show an accepted return after [`Hub::publish`].
    ///
    /// # Errors
    /// [`HubError::Refused`] when the file is refused as a whole (nothing is kept); store errors.
    pub async fn submit(&self, file: &NewReturn, at: Timestamp) -> Result<Submitted, HubError> {
        self.must_write()?;
        let digest = Digest::of(&file.bytes);
        if let Some(before) = self.ledger.submission_of(file.operator.as_str(), &digest)? {
            return self.submit_again(file, &before, at);
        }
        let read = self.read(file, self.registers()?.of_operator(file.operator.as_str()))?;
        let (report, _) = Report::of(read, file.period);
        self.vault.put(&file.bytes)?;
        self.ledger.put_operator(file.operator.as_str(), None)?;
        let submission = self.ledger.record(&record_of(file, digest, &report)?, at)?;
        Ok(Submitted { submission, repeated: false, accepted: file.accept, received_at: at, report })
    }

    fn submit_again(&self, file: &NewReturn, before: &Submission, at: Timestamp) -> Result<Submitted, HubError> {
        let was_accepted = before.state == SubmissionState::Accepted;
        // The crash between vault and ledger cannot lead here, but a damaged vault is mended by the file's return.
        self.vault.put(&file.bytes)?;
        if file.accept && !was_accepted {
            self.ledger.accept(before.id, at)?;
        }
        let (report, _) = self.read_recorded(before, &self.registers()?)?;
        Ok(Submitted {
            submission: before.id,
            repeated: true,
            accepted: was_accepted || file.accept,
            received_at: before.received_at,
            report,
        })
    }

    /// Accepts a return that was recorded. Figures show it after [`Hub::publish`].
    ///
    /// # Errors
    /// [`HubError::NoSuch`] when there is no such submission; store errors.
    pub fn accept(&self, submission: i64, at: Timestamp) -> Result<(), HubError> {
        self.must_write()?;
        match self.ledger.submission(submission)? {
            None => Err(HubError::NoSuch { what: "submission", id: submission.to_string() }),
            Some(known) if known.state == SubmissionState::Accepted => Ok(()),
            Some(_) => Ok(self.ledger.accept(submission, at)?),
        }
    }

    fn read(&self, file: &NewReturn, register: &OperatorRegister) -> Result<SessionReturn, HubError> {
        let declared = Declared {
            file_name: &file.file_name,
            profile: file.profile.as_deref(),
            period: file.period,
            operator: &file.operator,
            hub_key: &self.settings.hub_key,
            repairs: &[],
        };
        read_sessions(&file.bytes, &declared, register).map_err(|refusal| refused(&file.file_name, refusal))
    }

    /// Reads a recorded return again from the vault: the same bytes give the same rows.
    pub(crate) fn read_recorded(
        &self,
        submission: &Submission,
        registers: &Registers,
    ) -> Result<(Report, Vec<Session>), HubError> {
        let defect = |error: kerbwatt_model::IdError| HubError::Defect(error.to_string());
        let file = NewReturn {
            file_name: submission.file_name.clone(),
            bytes: self.vault.get(&submission.digest)?,
            operator: OperatorId::parse(&submission.operator).map_err(defect)?,
            profile: Some(submission.profile.clone()),
            period: submission.declared,
            accept: false,
        };
        let register = registers.of_operator(&submission.operator);
        let (report, sessions) = Report::of(self.read(&file, register)?, submission.declared);
        if let Some(difference) = difference(&submission.totals, &totals_of(&report.totals)) {
            return Err(HubError::Changed { submission: submission.id, file: file.file_name, difference });
        }
        Ok((report, sessions))
    }
}

/// Flags depend on the register and may change with it; what is kept and left out may not.
fn difference(recorded: &SubmissionTotals, read: &SubmissionTotals) -> Option<String> {
    let rows = |t: &SubmissionTotals| (t.rows_read, t.accepted, t.quarantined, t.duplicates);
    let (then, now) = (rows(recorded), rows(read));
    if then != now {
        return Some(format!("rows read, accepted, quarantined, duplicates were {then:?} and are {now:?}"));
    }
    let (then, now) = (recorded.energy_accepted_kwh, read.energy_accepted_kwh);
    let is_same = (then - now).abs() <= 1e-9 * then.abs().max(1.0);
    (!is_same).then(|| format!("accepted energy was {then} kWh and is {now} kWh"))
}

pub(crate) fn totals_of(totals: &Totals) -> SubmissionTotals {
    SubmissionTotals {
        rows_read: totals.rows_read,
        accepted: totals.accepted,
        flagged: totals.flagged,
        quarantined: totals.quarantined,
        duplicates: totals.duplicates,
        energy_read_kwh: totals.energy_kwh.read,
        energy_accepted_kwh: totals.energy_kwh.accepted,
        energy_quarantined_kwh: totals.energy_kwh.quarantined,
        energy_duplicates_kwh: totals.energy_kwh.duplicates,
    }
}

fn record_of(file: &NewReturn, digest: Digest, report: &Report) -> Result<NewSubmission, HubError> {
    let quarantined = |row: &Rejected| QuarantinedRow {
        row: row.row,
        rule: row.rule.to_owned(),
        column: row.column.clone(),
        value: row.value.clone(),
        energy_kwh: row.energy_kwh,
        advice: row.advice.clone(),
    };
    let duplicate = |row: &kerbwatt_intake::DuplicateRow| DuplicateRow {
        row: row.row,
        first_row: row.first_row,
        energy_kwh: row.energy_kwh,
    };
    Ok(NewSubmission {
        operator: file.operator.to_string(),
        file_name: file.file_name.clone(),
        digest,
        bytes: file.bytes.len() as u64,
        declared: file.period,
        found: report.found,
        profile: report.profile.name.clone(),
        zone: report.zone.clone(),
        totals: totals_of(&report.totals),
        findings_json: serde_json::to_string(&report.findings).map_err(|e| HubError::Defect(e.to_string()))?,
        quarantined: report.quarantined.iter().map(quarantined).collect(),
        duplicates: report.duplicates.iter().map(duplicate).collect(),
        accept: file.accept,
    })
}
