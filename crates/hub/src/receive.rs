//! Receiving a return: read, keep, record, accept.

use jiff::Timestamp;
use kerbwatt_intake::Refusal;
use kerbwatt_model::{OperatorId, Period, Zone};
use kerbwatt_store::{Digest, NewDecision, NewSubmission, Submission, SubmissionState};

use crate::crossings::Crossed;
use crate::reading::{How, Read, before_json, reading_of};
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

/// Stands for the number that a submission gets when it is recorded: larger than all given so far.
const NEXT: i64 = i64::MAX;

impl Hub {
    /// Reads, checks, keeps and records a return. When this returns, the file is in the vault and the record on disk.
    /// Figures show an accepted return after [`Hub::publish`].
    ///
    /// # Errors
    /// [`HubError::Refused`] when the file is refused as a whole (nothing is kept); store errors.
    pub async fn submit(&self, file: &NewReturn, at: Timestamp) -> Result<Submitted, HubError> {
        self.must_write()?;
        let digest = Digest::of(&file.bytes);
        if let Some(before) = self.ledger.submission_of(file.operator.as_str(), &digest, "")? {
            return self.submit_again(file, &before, at);
        }
        let how = How { profile: file.profile.clone(), ..How::default() };
        let registers = self.registers()?;
        let mut read = self.read(file, &how, registers.of_operator(file.operator.as_str()))?;
        let crossed = self.crossed_by(file, &read).await?;
        let own = reading_of(&read.report, &how)?;
        read.report.count(&crossed);
        self.vault.put(&file.bytes)?;
        self.ledger.put_operator(file.operator.as_str(), None)?;
        let new = NewSubmission {
            operator: file.operator.to_string(),
            file_name: file.file_name.clone(),
            part: String::new(),
            digest,
            bytes: file.bytes.len() as u64,
            declared: file.period,
            reading: own,
            state: if file.accept { SubmissionState::Accepted } else { SubmissionState::Checked },
            needs_decision: false,
            decisions: if file.accept {
                vec![accept(&before_json(SubmissionState::Checked, &how)?)]
            } else {
                Vec::new()
            },
            crossings: crossed.out,
        };
        let submission = self.ledger.record(&new, at)?;
        let report = read.report.clone();
        self.remember(submission, read);
        Ok(Submitted { submission, repeated: false, accepted: file.accept, received_at: at, report })
    }

    fn submit_again(&self, file: &NewReturn, before: &Submission, at: Timestamp) -> Result<Submitted, HubError> {
        let was_accepted = before.state == SubmissionState::Accepted;
        // The crash between vault and ledger cannot lead here, but a damaged vault is mended by the file's return.
        self.vault.put(&file.bytes)?;
        if file.accept && !was_accepted {
            self.accept(before.id, at)?;
        }
        let read = self.read_recorded(before, &self.registers()?)?;
        Ok(Submitted {
            submission: before.id,
            repeated: true,
            accepted: was_accepted || file.accept,
            received_at: before.received_at,
            report: read.report,
        })
    }

    async fn crossed_by(&self, file: &NewReturn, read: &Read) -> Result<Crossed, HubError> {
        let zone = Zone::named(&read.report.zone).map_err(|error| HubError::Defect(error.to_string()))?;
        let covers = file.period.or(read.report.found);
        self.crossed(file.operator.as_str(), NEXT, covers, &zone, &read.sessions).await
    }
}

/// The decision to accept.
pub(crate) fn accept(before_json: &str) -> NewDecision {
    NewDecision {
        kind: "accept".to_owned(),
        detail: String::new(),
        note: String::new(),
        before_json: before_json.to_owned(),
        undoes: None,
    }
}

/// A refusal of a file as a whole.
pub(crate) fn refused(file: &str, refusal: Refusal) -> HubError {
    HubError::Refused { file: file.to_owned(), refusal }
}
