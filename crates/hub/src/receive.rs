//! Receiving a return: read, keep, record, accept.

use std::sync::Arc;

use jiff::Timestamp;
use kerbwatt_intake::{Limits, Proposal, ReadSeek, Refusal, RepairKind, Source};
use kerbwatt_model::{OperatorId, Period};
use kerbwatt_store::{
    Digest, Incoming, NewDecision, NewLayout, NewSubmission, Reading, Submission, SubmissionState, VaultError,
};

use crate::crossings::Crossed;
use crate::decide::decision;
use crate::reading::{How, NOTHING_TO_REPORT};
use crate::record::{reading_of, unread};
use crate::report::{Read, needs_decision};
use crate::source::Bytes;
use crate::{Hub, HubError, Report, Verdict};

/// A return as it is handed in.
#[derive(Clone)]
pub struct NewReturn {
    /// Name of the file.
    pub file_name: String,
    /// The table within the file; empty where the file is one table.
    pub part: String,
    /// The file, shared by the returns of its tables.
    pub bytes: Bytes,
    /// Whose return it is.
    pub operator: OperatorId,
    /// Name of the profile; recognised when none is given.
    pub profile: Option<String>,
    /// A profile of one's own, as TOML, to read it with.
    pub layout: Option<String>,
    /// Limits of the checks for this return alone; those in force for the operator where none are set.
    pub limits: Limits,
    /// Period that it covers; the days found in it when none is declared.
    pub period: Option<Period>,
    /// When it was received: no session starts later than on the day after. [`Hub::submit`] says so where nothing else does.
    pub received: Option<Timestamp>,
    /// Whether to accept it at once.
    pub accept: bool,
    /// Whether to apply repairs that the file proves, when it is accepted at once.
    pub repair: bool,
    /// Whether a statement that there was nothing to report counts although the figures hold sessions of that time.
    pub over_sessions: bool,
}

impl NewReturn {
    /// A file of one table, to be recognised, and accepted at once with the repairs that it proves.
    #[must_use]
    pub fn new(file_name: &str, bytes: Vec<u8>, operator: OperatorId) -> Self {
        Self {
            file_name: file_name.to_owned(),
            part: String::new(),
            bytes: Arc::new(bytes),
            operator,
            profile: None,
            layout: None,
            limits: Limits::default(),
            period: None,
            received: None,
            accept: true,
            repair: true,
            over_sessions: false,
        }
    }

    /// The same, of a file that is read from where it lies.
    #[must_use]
    pub fn of(file_name: &str, bytes: Bytes, operator: OperatorId) -> Self {
        Self { bytes, ..Self::new(file_name, Vec::new(), operator) }
    }

    fn cannot_be_read(&self, error: &std::io::Error) -> HubError {
        refused(&self.file_name, Refusal::CannotRead { reason: error.to_string() })
    }

    /// Name of file and table, for people.
    #[must_use]
    pub fn shown_name(&self) -> String {
        if self.part.is_empty() { self.file_name.clone() } else { format!("{} › {}", self.file_name, self.part) }
    }
}

/// The table of the return within its file.
impl Source for NewReturn {
    fn open(&self) -> std::io::Result<Box<dyn ReadSeek + '_>> {
        self.bytes.open()
    }

    fn len(&self) -> u64 {
        self.bytes.len()
    }

    fn part(&self) -> Option<&str> {
        Some(self.part.as_str()).filter(|part| !part.is_empty())
    }
}

/// What became of a return.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// Number of the submission.
    pub submission: i64,
    /// The same file was handed in before: nothing changed, but that it may now be accepted.
    pub repeated: bool,
    /// What is known of it now.
    pub state: SubmissionState,
    /// Whether somebody has to decide something before it can be trusted.
    pub needs_decision: bool,
    /// When it was first received.
    pub received_at: Timestamp,
    /// What was found in it.
    pub report: Report,
    /// Why it was not read, where it is kept until somebody says how.
    pub unread: Option<Refusal>,
    /// The period that it was declared for when it was first received, where another was declared now: that one changes nothing.
    pub declared_before: Option<Declaration>,
}

/// What was declared of a return that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declaration {
    /// The period that it keeps; none where none was declared.
    pub kept: Option<Period>,
    /// The period declared now, which is passed over.
    pub passed_over: Period,
}

impl Declaration {
    fn of(file: &NewReturn, before: &Submission) -> Option<Self> {
        let passed_over = file.period.filter(|period| before.declared != Some(*period))?;
        Some(Self { kept: before.declared, passed_over })
    }
}

impl Submitted {
    /// A return that was recorded just now, and of which nothing is open.
    pub(crate) fn new(submission: i64, state: SubmissionState, received_at: Timestamp, report: Report) -> Self {
        let (repeated, needs_decision) = (false, false);
        Self { submission, repeated, state, needs_decision, received_at, report, unread: None, declared_before: None }
    }

    /// Whether its sessions count.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.state == SubmissionState::Accepted
    }
}

/// A file on its way into the vault, or in it.
pub(crate) enum Taken<'v> {
    /// On disk, without a name yet.
    New(Incoming<'v>),
    /// Kept for another table of it.
    Kept(Digest),
}

impl Taken<'_> {
    pub(crate) fn digest(&self) -> Digest {
        match self {
            Self::New(incoming) => incoming.digest(),
            Self::Kept(digest) => *digest,
        }
    }

    /// Keeps it, and returns when its name is on disk.
    pub(crate) fn keep(self) -> Result<Digest, VaultError> {
        match self {
            Self::New(incoming) => incoming.keep(),
            Self::Kept(digest) => Ok(digest),
        }
    }
}

/// Stands for the number that a submission gets when it is recorded: larger than all given so far.
const NEXT: i64 = i64::MAX;

impl Hub {
    /// Reads, checks, keeps and records a return. When this returns, the file is in the vault and the record on disk.
    /// Figures show an accepted return after [`Hub::publish`]. A file that may be a return in a layout that nobody knows is
    /// kept and waits for somebody to say how it is to be read.
    ///
    /// # Errors
    /// [`HubError::Refused`] when the file is refused as a whole (nothing is kept); store errors.
    pub async fn submit(&self, file: &NewReturn, at: Timestamp) -> Result<Submitted, HubError> {
        self.submit_kept(file, None, at).await
    }

    /// The same of a table of a file that is in the vault already where `kept` says so, because another table of it was handed in just
    /// now.
    pub(crate) async fn submit_kept(
        &self,
        file: &NewReturn,
        kept: Option<Digest>,
        at: Timestamp,
    ) -> Result<Submitted, HubError> {
        self.must_write()?;
        let file = &NewReturn { received: file.received.or(Some(at)), ..file.clone() };
        let (incoming, read) = self.receive_and_read(file, kept)?;
        let read = match read {
            Ok(read) => read,
            Err(before) => return self.submit_again(incoming, file, &before, at).await,
        };
        match read {
            Ok((read, how)) => {
                let (read, how) = self.compared_with_earlier(file, read, how).await?;
                self.record_read(file, incoming, read, &how, at).await
            }
            Err(HubError::Refused { refusal: Refusal::NoRows | Refusal::Empty, .. }) if file.period.is_some() => {
                self.must_be_meant(file, at).await?;
                self.record_nothing(file, incoming, at)
            }
            Err(HubError::Refused {
                refusal: Refusal::UnknownLayout { header, nearest, proposal: Some(proposal) },
                ..
            }) if proposal.may_be_a_return() => {
                let refusal = Refusal::UnknownLayout { header, nearest, proposal: Some(proposal.clone()) };
                self.record_unread(file, incoming, &proposal, refusal, at)
            }
            Err(error) => Err(error),
        }
    }

    /// Writes a file into the vault, without a name yet, and reads it meanwhile; or finds that it was handed in before.
    #[expect(clippy::type_complexity, reason = "the outer error is ours, the inner ones are about the file")]
    fn receive_and_read(
        &self,
        file: &NewReturn,
        kept: Option<Digest>,
    ) -> Result<(Taken<'_>, Result<Result<(Read, How), HubError>, Box<Submission>>), HubError> {
        let operator = file.operator.as_str();
        // Only a file of the same length can be the same.
        if kept.is_some()
            || self.ledger.submissions()?.iter().any(|one| one.operator == operator && one.bytes == file.bytes.len())
        {
            let incoming = kept.map_or_else(|| self.take_in(file), |digest| Ok(Taken::Kept(digest)))?;
            let read = match self.ledger.submission_of(operator, &incoming.digest(), &file.part)? {
                Some(before) => Err(Box::new(before)),
                None => Ok(self.read_new(file)),
            };
            return Ok((incoming, read));
        }
        let (incoming, read) = std::thread::scope(|scope| {
            let writing = scope.spawn(|| self.take_in(file));
            let read = self.read_new(file);
            (writing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), read)
        });
        Ok((incoming?, Ok(read)))
    }

    /// Reads and checks a return against the register, the operator's own layouts and other returns; writes nothing.
    ///
    /// # Errors
    /// [`HubError::Refused`] when the file is refused as a whole; store errors.
    pub async fn check(&self, file: &NewReturn) -> Result<Report, HubError> {
        let file = &NewReturn { accept: false, ..file.clone() };
        match self.read_new(file) {
            Ok((read, how)) => {
                let (mut read, how) = self.compared_with_earlier(file, read, how).await?;
                self.tell_both_ways(&mut read, file, &how)?;
                let crossed = self.crossed_by(file, &read).await?;
                let found =
                    self.found_by_comparing(file.operator.as_str(), self.digest_like(file)?, &read, &crossed)?;
                read.report.tell_compared(found);
                read.report.count(&crossed);
                Ok(read.report)
            }
            Err(HubError::Refused { refusal: Refusal::NoRows | Refusal::Empty, .. }) if file.period.is_some() => {
                Ok(Read::nothing(file.period).report)
            }
            Err(error) => Err(error),
        }
    }

    /// Reads a file as it would be recorded: with the repairs that it proves, where they are to be applied.
    fn read_new(&self, file: &NewReturn) -> Result<(Read, How), HubError> {
        let mut how = How::of_new(file, self.thresholds(&file.operator)?);
        let registers = self.registers()?;
        let register = registers.of_operator(file.operator.as_str());
        let own = self.own_layouts(&file.operator)?;
        let read = self.read(file, &how, &own, register)?;
        let provable: Vec<RepairKind> = read.provable().collect();
        if !file.accept || !file.repair || provable.is_empty() {
            return Ok((read, how));
        }
        how.repairs = provable.iter().map(|kind| kind.id().to_owned()).collect();
        Ok((self.read(file, &how, &own, register)?, how))
    }

    async fn record_read(
        &self,
        file: &NewReturn,
        incoming: Taken<'_>,
        mut read: Read,
        how: &How,
        at: Timestamp,
    ) -> Result<Submitted, HubError> {
        self.tell_both_ways(&mut read, file, how)?;
        let crossed = self.crossed_by(file, &read).await?;
        // Accepted unseen it would move sessions of an accepted return by an hour. Whoever wants no repairs wants it as it is.
        let is_disputed = file.repair && read.disputes_earlier();
        let found = self.found_by_comparing(file.operator.as_str(), Some(incoming.digest()), &read, &crossed)?;
        read.report.tell_compared(found);
        let is_accepted = file.accept && !is_disputed && !read.report.is_held();
        let state = if is_accepted { SubmissionState::Accepted } else { SubmissionState::Checked };
        let own = reading_of(&mut read, how, file.operator.as_str())?;
        let needs_decision = needs_decision(&read, state, &[]);
        let layout = confirmed(&read, &own).filter(|_| is_accepted);
        let decisions = if is_accepted { first_decisions(layout.as_ref(), how)? } else { Vec::new() };
        read.report.count(&crossed);
        let digest = incoming.keep()?;
        let crossings = crossed.out;
        let new =
            NewSubmission { state, needs_decision, decisions, layout, crossings, ..unrecorded(file, digest, own) };
        let submission = self.ledger.record(&new, at)?;
        let report = read.report.clone();
        self.remember(submission, read);
        Ok(Submitted { needs_decision, ..Submitted::new(submission, state, at, report) })
    }

    /// Keeps a file that nobody knows how to read.
    fn record_unread(
        &self,
        file: &NewReturn,
        incoming: Taken<'_>,
        proposal: &Proposal,
        refusal: Refusal,
        at: Timestamp,
    ) -> Result<Submitted, HubError> {
        let digest = incoming.keep()?;
        let state = SubmissionState::Received;
        let (reading, report) = unread(proposal, file.period, self.thresholds(&file.operator)?.with(&file.limits))?;
        let new = NewSubmission { state, needs_decision: true, ..unrecorded(file, digest, reading) };
        let submission = self.ledger.record(&new, at)?;
        let unread = Some(refusal);
        Ok(Submitted { needs_decision: true, unread, ..Submitted::new(submission, state, at, report) })
    }

    pub(crate) async fn submit_again(
        &self,
        incoming: Taken<'_>,
        file: &NewReturn,
        before: &Submission,
        at: Timestamp,
    ) -> Result<Submitted, HubError> {
        // The crash between vault and ledger cannot lead here, but a damaged vault is mended by the file's return.
        incoming.keep()?;
        if before.state == SubmissionState::Received {
            let details = self.details(before.id)?;
            return Ok(Submitted {
                submission: before.id,
                repeated: true,
                state: before.state,
                needs_decision: true,
                received_at: before.received_at,
                report: Report::empty(file.period),
                unread: Some(Refusal::UnknownLayout { header: details.header(), nearest: None, proposal: None }),
                declared_before: Declaration::of(file, before),
            });
        }
        if file.accept && before.state != SubmissionState::Accepted {
            self.accept_with_repairs(before, file, at).await?;
        }
        let now = self.recorded(before.id)?;
        let mut read = self.read_recorded(&now, &self.registers()?)?;
        self.tell_kept(&mut read, before.id)?;
        read.report.count_recorded(&now.crossed);
        Ok(Submitted {
            submission: before.id,
            repeated: true,
            state: now.state,
            needs_decision: now.needs_decision,
            received_at: before.received_at,
            report: read.report,
            unread: None,
            declared_before: Declaration::of(file, before),
        })
    }

    /// Accepts a return that was recorded before, and applies what it proves first. One that somebody has to look at stays as it is.
    async fn accept_with_repairs(&self, before: &Submission, file: &NewReturn, at: Timestamp) -> Result<(), HubError> {
        if file.repair && before.state == SubmissionState::Checked && before.profile != NOTHING_TO_REPORT {
            let read = self.read_recorded(before, &self.registers()?)?;
            let declined = self.declined(before.id)?;
            for kind in read.provable().filter(|kind| !declined.iter().any(|id| id == kind.id())) {
                self.decide(before.id, &Verdict::ApplyRepair(kind), "", at).await?;
            }
        }
        if before.profile != NOTHING_TO_REPORT && self.is_held(before.id, file.repair).await? {
            return Ok(());
        }
        let accept = Verdict::Accept { over_sessions: file.over_sessions };
        self.decide(before.id, &accept, "", at).await.map(drop)
    }

    /// Whether somebody has to look at a recorded return before it is accepted, after it was compared with others anew.
    async fn is_held(&self, submission: i64, repairs: bool) -> Result<bool, HubError> {
        let known = self.recorded(submission)?;
        let read = match self.compared_again(&known).await? {
            Some(read) => read,
            None => {
                let mut read = self.read_recorded(&known, &self.registers()?)?;
                self.tell_kept(&mut read, submission)?;
                read
            }
        };
        Ok((repairs && read.disputes_earlier()) || read.report.is_held())
    }

    /// Writes a file into the vault, where it has no name yet.
    pub(crate) fn take_in(&self, file: &NewReturn) -> Result<Taken<'_>, HubError> {
        let mut bytes = file.bytes.open().map_err(|error| file.cannot_be_read(&error))?;
        self.vault.receive(&mut bytes).map(Taken::New).map_err(|error| match error {
            VaultError::Source(error) => file.cannot_be_read(&error),
            other => other.into(),
        })
    }

    /// The digest of a file that is only checked, where another operator's file has as many bytes.
    fn digest_like(&self, file: &NewReturn) -> Result<Option<Digest>, HubError> {
        let is_like = |one: &Submission| one.bytes == file.bytes.len() && one.operator != file.operator.as_str();
        if !self.ledger.submissions()?.iter().any(is_like) {
            return Ok(None);
        }
        let digest = file.bytes.open().and_then(|mut bytes| Digest::of_reader(&mut bytes));
        digest.map(Some).map_err(|error| file.cannot_be_read(&error))
    }

    async fn crossed_by(&self, file: &NewReturn, read: &Read) -> Result<Crossed, HubError> {
        self.crossed(file.operator.as_str(), NEXT, read).await
    }
}

/// The layout that nobody had confirmed, and that is confirmed by accepting what was read in it.
fn confirmed(read: &Read, own: &Reading) -> Option<NewLayout> {
    let profile = own.layout.clone().filter(|_| read.is_proposed())?;
    Some(NewLayout { name: own.profile.clone(), profile })
}

/// Decisions that are taken by handing a return in to be accepted at once.
fn first_decisions(layout: Option<&NewLayout>, how: &How) -> Result<Vec<NewDecision>, HubError> {
    let before = How { repairs: Vec::new(), ..how.clone() };
    let taken = |kind, detail: &str, before| decision(kind, detail, "", SubmissionState::Checked, before);
    let confirmed = layout.into_iter().map(|layout| taken("confirm_layout", &layout.name, &before));
    let repaired = how.repairs.iter().map(|kind| taken("apply_repair", kind, &before));
    confirmed.chain(repaired).chain([taken("accept", "", how)]).collect()
}

/// A submission about to be recorded, checked and without decisions.
pub(crate) fn unrecorded(file: &NewReturn, digest: Digest, reading: Reading) -> NewSubmission {
    NewSubmission {
        operator: file.operator.to_string(),
        file_name: file.file_name.clone(),
        part: file.part.clone(),
        digest,
        bytes: file.bytes.len(),
        reading,
        state: SubmissionState::Checked,
        needs_decision: false,
        decisions: Vec::new(),
        layout: None,
        crossings: Vec::new(),
    }
}

/// A refusal of a file as a whole.
pub(crate) fn refused(file: &str, refusal: Refusal) -> HubError {
    HubError::Refused { file: file.to_owned(), refusal }
}
