//! Decisions about a return: accept, withdraw, and taking decisions back. Each is recorded with what was so before it.

use jiff::Timestamp;
use kerbwatt_store::{Decision, NewDecision, Outcome, Submission, SubmissionState};

use crate::reading::{How, before_json};
use crate::{Hub, HubError};

/// What can be decided about a return.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Its sessions count.
    Accept,
    /// They count no more.
    Withdraw,
}

impl Verdict {
    fn id(&self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Withdraw => "withdraw",
        }
    }
}

impl Hub {
    /// Accepts a return that was recorded. Figures show it after [`Hub::publish`].
    ///
    /// # Errors
    /// [`HubError::NoSuch`] when there is no such submission; store errors.
    pub fn accept(&self, submission: i64, at: Timestamp) -> Result<(), HubError> {
        if self.recorded(submission)?.state == SubmissionState::Accepted {
            return Ok(());
        }
        self.decide(submission, &Verdict::Accept, "", at).map(drop)
    }

    /// Records a decision and what it changes, and returns its number. Figures show it after [`Hub::publish`].
    ///
    /// # Errors
    /// [`HubError::NoSuch`] when there is no such submission, [`HubError::Decided`] when it is so already; store errors.
    pub fn decide(&self, submission: i64, verdict: &Verdict, note: &str, at: Timestamp) -> Result<i64, HubError> {
        self.must_write()?;
        let known = self.recorded(submission)?;
        let decision = NewDecision {
            kind: verdict.id().to_owned(),
            detail: String::new(),
            note: note.to_owned(),
            before_json: before_json(known.state, &How::of(&known))?,
            undoes: None,
        };
        let outcome = Outcome { state: Some(next(&known, verdict)?), ..Outcome::default() };
        Ok(self.ledger.decide(submission, &decision, &outcome, at)?)
    }

    /// Takes a decision back, the newest that can be unless one is named, and returns the number of the new decision.
    ///
    /// # Errors
    /// [`HubError::NoSuch`] when there is no such decision, or none is left to take back; store errors.
    pub fn undo(&self, submission: i64, decision: Option<i64>, at: Timestamp) -> Result<i64, HubError> {
        self.must_write()?;
        let known = self.recorded(submission)?;
        let decisions = self.ledger.decisions(submission)?;
        let none = || HubError::NoSuch {
            what: "decision to take back",
            id: decision.map_or_else(|| format!("of submission {submission}"), |id| id.to_string()),
        };
        let is_meant = |one: &&Decision| can_be_undone(one, &decisions) && decision.is_none_or(|id| id == one.id);
        let undone = decisions.iter().rev().find(is_meant).ok_or_else(none)?;
        let state = match undone.kind.as_str() {
            "accept" => SubmissionState::Checked,
            _ => SubmissionState::Accepted,
        };
        let new = NewDecision {
            kind: "undo".to_owned(),
            detail: undone.kind.clone(),
            note: String::new(),
            before_json: before_json(known.state, &How::of(&known))?,
            undoes: Some(undone.id),
        };
        Ok(self.ledger.decide(submission, &new, &Outcome { state: Some(state), ..Outcome::default() }, at)?)
    }

    pub(crate) fn recorded(&self, submission: i64) -> Result<Submission, HubError> {
        let missing = || HubError::NoSuch { what: "submission", id: submission.to_string() };
        self.ledger.submission(submission)?.ok_or_else(missing)
    }
}

/// Whether a decision still stands and no later one rests on it.
pub(crate) fn can_be_undone(decision: &Decision, all: &[Decision]) -> bool {
    let is_of_state = |one: &Decision| matches!(one.kind.as_str(), "accept" | "withdraw");
    let is_last_of_state =
        !all.iter().any(|later| later.id > decision.id && is_of_state(later) && later.undone_by.is_none());
    decision.undone_by.is_none() && decision.kind != "undo" && (!is_of_state(decision) || is_last_of_state)
}

fn next(known: &Submission, verdict: &Verdict) -> Result<SubmissionState, HubError> {
    let already = |what| HubError::Decided { submission: known.id, what };
    match (verdict, known.state) {
        (Verdict::Accept, SubmissionState::Accepted) => Err(already("accepted")),
        (Verdict::Accept, SubmissionState::Received) => Err(already("waiting for its layout")),
        (Verdict::Accept, _) => Ok(SubmissionState::Accepted),
        (Verdict::Withdraw, SubmissionState::Withdrawn) => Err(already("withdrawn")),
        (Verdict::Withdraw, _) => Ok(SubmissionState::Withdrawn),
    }
}
