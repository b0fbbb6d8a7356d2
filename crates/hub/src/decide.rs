//! Decisions about a return: its layout, its repairs, whether it counts; and taking decisions back. Each is recorded with what
//! was so before it.

use jiff::Timestamp;
use kerbwatt_intake::{EARLIER_ON_UTC, Profile, RepairKind, profiles};
use kerbwatt_model::Period;
use kerbwatt_store::{Decision, NewDecision, NewLayout, Outcome, Reading, Submission, SubmissionState};

use crate::reading::{Before, How, NOTHING_TO_REPORT, PROPOSED};
use crate::record::{before_json, defect, json, own_name, reading_of};
use crate::report::{Read, needs_decision};
use crate::{Hub, HubError};

/// What can be decided about a return.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Its sessions count.
    Accept {
        /// Whether a statement that there was nothing is meant also where the figures hold sessions of that time.
        over_sessions: bool,
    },
    /// They count no more.
    Withdraw,
    /// It is read with a repair that it proves.
    ApplyRepair(RepairKind),
    /// It is read as it is, although it seems to prove a repair.
    DeclineRepair(RepairKind),
    /// It is read in this layout, which is the operator's own from now on.
    ConfirmLayout(Box<Profile>),
    /// It covers other days than was declared, or none are declared of it.
    Declare(Option<Period>),
    /// What it is read as today is recorded: a newer version of this program may read its file otherwise.
    ReadAnew,
}

impl Verdict {
    fn id(&self) -> &'static str {
        match self {
            Self::Accept { .. } => "accept",
            Self::Withdraw => "withdraw",
            Self::ApplyRepair(_) => "apply_repair",
            Self::DeclineRepair(_) => "decline_repair",
            Self::ConfirmLayout(_) => "confirm_layout",
            Self::Declare(_) => "declare_period",
            Self::ReadAnew => "read_anew",
        }
    }

    /// The same; a layout of an operator's own is not named as a proposal or as one that is shipped.
    fn named(self, operator: &str) -> Self {
        let Self::ConfirmLayout(mut layout) = self else { return self };
        if layout.name.is_empty() || layout.name == PROPOSED || profiles().iter().any(|one| one.name == layout.name) {
            layout.name = own_name(operator, &layout);
        }
        Self::ConfirmLayout(layout)
    }

    fn detail(&self) -> String {
        match self {
            Self::Accept { .. } | Self::Withdraw | Self::ReadAnew => String::new(),
            Self::ApplyRepair(kind) | Self::DeclineRepair(kind) => kind.id().to_owned(),
            Self::ConfirmLayout(layout) => layout.name.clone(),
            Self::Declare(period) => period.map_or_else(|| "none".to_owned(), |period| period.to_string()),
        }
    }
}

impl Hub {
    /// Records a decision and what it changes, and returns its number. Figures show it after [`Hub::publish`].
    ///
    /// # Errors
    /// [`HubError::NoSuch`] when there is no such submission, [`HubError::Decided`] when it is so already,
    /// [`HubError::NotProved`] when the file does not prove the repair, [`HubError::Refused`] when the file cannot be read in
    /// the layout, [`HubError::HasSessions`] when nobody says that a statement of nothing is meant over sessions,
    /// [`HubError::IsStatement`] when other days are declared of one; store errors.
    pub async fn decide(&self, submission: i64, verdict: &Verdict, note: &str, at: Timestamp) -> Result<i64, HubError> {
        self.must_write()?;
        let known = self.recorded(submission)?;
        let verdict = &verdict.clone().named(&known.operator);
        let outcome = match verdict {
            Verdict::Accept { over_sessions } => {
                self.must_not_say_nothing_ahead(&known, at)?;
                if !over_sessions {
                    self.must_not_say_nothing_over_sessions(&known, at).await?;
                }
                if known.is_all_set_aside() {
                    return Err(HubError::NothingCounts { submission, rows: known.totals.rows_read });
                }
                self.state_changed(&known, verdict)?
            }
            Verdict::Withdraw => self.state_changed(&known, verdict)?,
            Verdict::ApplyRepair(kind) => self.repaired(&known, *kind)?,
            Verdict::DeclineRepair(kind) => self.declined_too(&known, *kind)?,
            Verdict::ConfirmLayout(layout) => self.laid_out(&known, layout)?,
            Verdict::Declare(_) | Verdict::ReadAnew if known.state == SubmissionState::Received => {
                return Err(HubError::NoLayout { submission });
            }
            Verdict::Declare(period) => self.declared_anew(&known, *period)?,
            Verdict::ReadAnew => self.read_anew(&known, &How::of(&known), &self.declined(submission)?)?,
        };
        let new = decision(verdict.id(), &verdict.detail(), note, known.state, &How::of(&known))?;
        self.forget_read(submission);
        Ok(self.ledger.decide(submission, &new, &outcome, at)?)
    }

    /// Takes a decision back, the newest that can be unless one is named, and returns the number of the new decision.
    ///
    /// # Errors
    /// [`HubError::NotToTakeBack`] when there is no such decision, or none is left to take back; store errors.
    pub fn undo(&self, submission: i64, decision: Option<i64>, at: Timestamp) -> Result<i64, HubError> {
        self.must_write()?;
        let known = self.recorded(submission)?;
        let decisions = self.ledger.decisions(submission)?;
        let none = || HubError::NotToTakeBack { submission, decision };
        let is_meant = |one: &&Decision| can_be_undone(one, &decisions) && decision.is_none_or(|id| id == one.id);
        let undone = decisions.iter().rev().find(is_meant).ok_or_else(none)?;
        let before: Before = serde_json::from_str(&undone.before_json).map_err(defect)?;
        let outcome = match undone.kind.as_str() {
            "accept" => self.open_for_decision(&known)?,
            "withdraw" => Outcome { state: Some(SubmissionState::of(&before.state)), ..Outcome::default() },
            "apply_repair" => {
                let mut how = How::of(&known);
                how.repairs.retain(|id| *id != undone.detail);
                self.read_anew(&known, &how, &self.declined(submission)?)?
            }
            "decline_repair" => {
                let mut declined = self.declined(submission)?;
                declined.retain(|id| *id != undone.detail);
                let mut how = How::of(&known);
                // One that was applied when it was declined is applied again.
                if before.how.repairs.contains(&undone.detail) && !how.repairs.contains(&undone.detail) {
                    how.repairs.push(undone.detail.clone());
                    self.read_anew(&known, &how, &declined)?
                } else {
                    self.open_again(&known, &declined)?
                }
            }
            "declare_period" => self.declared_anew(&known, before.how.declared)?,
            _ => self.read_anew(&known, &before.how, &self.declined(submission)?)?,
        };
        let new = NewDecision {
            undoes: Some(undone.id),
            ..self::decision("undo", &undone.kind, "", known.state, &How::of(&known))?
        };
        self.forget_read(submission);
        Ok(self.ledger.decide(submission, &new, &outcome, at)?)
    }

    pub(crate) fn recorded(&self, submission: i64) -> Result<Submission, HubError> {
        let missing = || HubError::NoSuch { what: "submission", id: submission.to_string() };
        self.ledger.submission(submission)?.ok_or_else(missing)
    }

    /// Ids of repairs that were declined.
    pub(crate) fn declined(&self, submission: i64) -> Result<Vec<String>, HubError> {
        let stands = |one: &Decision| one.kind == "decline_repair" && one.undone_by.is_none();
        Ok(self.ledger.decisions(submission)?.into_iter().filter(stands).map(|one| one.detail).collect())
    }

    fn state_changed(&self, known: &Submission, verdict: &Verdict) -> Result<Outcome, HubError> {
        let state = next(known, verdict)?;
        let mut outcome = Outcome { state: Some(state), ..Outcome::default() };
        if state != SubmissionState::Accepted {
            return Ok(outcome);
        }
        let is_proposed = self.details(known.id)?.is_proposed;
        // Whoever accepts what was read in a proposed layout confirms the layout.
        if let Some(profile) = known.layout.clone().filter(|_| is_proposed) {
            outcome.layout = Some(NewLayout { name: known.profile.clone(), profile });
        }
        if is_proposed || known.needs_decision || known.overlap_json.is_some() {
            let read = self.read_recorded(known, &self.registers()?)?;
            outcome.needs_decision = Some(needs_decision(&read, state, &self.declined(known.id)?));
        }
        Ok(outcome)
    }

    fn repaired(&self, known: &Submission, kind: RepairKind) -> Result<Outcome, HubError> {
        let mut how = How::of(known);
        if how.repairs.iter().any(|id| id == kind.id()) {
            return Err(HubError::Decided { submission: known.id, what: "read with this repair" });
        }
        let read = self.read_recorded(known, &self.registers()?)?;
        if !read.provable().any(|provable| provable == kind) {
            return Err(HubError::NotProved { submission: known.id, repair: kind.id() });
        }
        how.repairs.push(kind.id().to_owned());
        self.read_anew(known, &how, &self.declined(known.id)?)
    }

    fn declined_too(&self, known: &Submission, kind: RepairKind) -> Result<Outcome, HubError> {
        let mut declined = self.declined(known.id)?;
        if declined.iter().any(|id| id == kind.id()) {
            return Err(HubError::Decided { submission: known.id, what: "read without this repair" });
        }
        declined.push(kind.id().to_owned());
        let mut how = How::of(known);
        if how.repairs.iter().any(|id| id == kind.id()) {
            how.repairs.retain(|id| id != kind.id());
            return self.read_anew(known, &how, &declined);
        }
        self.open_again(known, &declined)
    }

    fn laid_out(&self, known: &Submission, layout: &Profile) -> Result<Outcome, HubError> {
        let how = How::of(known).in_layout(layout, &known.file_name)?;
        let outcome = self.read_anew(known, &how, &self.declined(known.id)?)?;
        let layout = Some(NewLayout { name: layout.name.clone(), profile: how.layout.unwrap_or_default() });
        let state = (known.state == SubmissionState::Received).then_some(SubmissionState::Checked);
        Ok(Outcome { state, layout, ..outcome })
    }

    fn declared_anew(&self, known: &Submission, period: Option<Period>) -> Result<Outcome, HubError> {
        if known.profile == NOTHING_TO_REPORT {
            return Err(HubError::IsStatement { submission: known.id });
        }
        if known.declared == period {
            return Err(HubError::Decided { submission: known.id, what: "declared for this period" });
        }
        let how = How { declared: period, ..How::of(known) };
        self.read_anew(known, &how, &self.declined(known.id)?)
    }

    /// What a return becomes when it is read in another way.
    fn read_anew(&self, known: &Submission, how: &How, declined: &[String]) -> Result<Outcome, HubError> {
        let mut read = self.read_as(known, how, &self.registers()?)?;
        self.tell_both_ways(&mut read, &self.kept(known)?, how)?;
        self.tell_kept(&mut read, known.id)?;
        let needs = needs_decision(&read, known.state, declined);
        let reading: Reading = reading_of(&mut read, how, &known.operator)?;
        Ok(Outcome { reading: Some(reading), needs_decision: Some(needs), ..Outcome::default() })
    }

    /// What a return becomes whose acceptance is taken back: what held it back before holds it again.
    fn open_for_decision(&self, known: &Submission) -> Result<Outcome, HubError> {
        let state = SubmissionState::Checked;
        let taken_back = Outcome { state: Some(state), ..Outcome::default() };
        // A file that cannot be read any more must not keep its return in the figures.
        let Ok(mut read) = self.read_recorded(known, &self.registers()?) else { return Ok(taken_back) };
        self.tell_kept(&mut read, known.id)?;
        let needs = needs_decision(&read, state, &self.declined(known.id)?);
        Ok(Outcome { needs_decision: Some(needs), ..taken_back })
    }

    /// What a return becomes when its repairs are open or declined in another way.
    fn open_again(&self, known: &Submission, declined: &[String]) -> Result<Outcome, HubError> {
        let mut read = self.read_recorded(known, &self.registers()?)?;
        self.tell_kept(&mut read, known.id)?;
        Ok(Outcome { needs_decision: Some(needs_decision(&read, known.state, declined)), ..Outcome::default() })
    }

    /// What a checked return has to do with others is looked at anew after it was read in another way.
    ///
    /// # Errors
    /// Store errors.
    pub async fn compare_again(&self, submission: i64) -> Result<(), HubError> {
        self.compared_again(&self.recorded(submission)?).await.map(drop)
    }

    /// The same; gives the return as it was read for it, or none where it is none that is compared.
    pub(crate) async fn compared_again(&self, known: &Submission) -> Result<Option<Read>, HubError> {
        if known.in_lake || known.state != SubmissionState::Checked {
            return Ok(None);
        }
        let mut read = self.read_recorded(known, &self.registers()?)?;
        let crossed = self.crossed(&known.operator, known.id, &read).await?;
        // What it said of the clocks of earlier returns when it was received it says still.
        let kept = self.kept_findings(known.id)?;
        read.earlier_on_utc = kept.into_iter().find(|finding| finding.rule == EARLIER_ON_UTC.id);
        let found = self.found_by_comparing(&known.operator, Some(known.digest), &read, &crossed)?;
        read.report.tell_compared(found);
        let needs = needs_decision(&read, known.state, &self.declined(known.id)?);
        self.ledger.compare(known.id, &crossed.out, &json(&read.report.findings)?, needs)?;
        Ok(Some(read))
    }
}

/// A decision, with what is so before it.
pub(crate) fn decision(
    kind: &str,
    detail: &str,
    note: &str,
    state: SubmissionState,
    how: &How,
) -> Result<NewDecision, HubError> {
    Ok(NewDecision {
        kind: kind.to_owned(),
        detail: detail.to_owned(),
        note: note.to_owned(),
        before_json: before_json(state, how)?,
        undoes: None,
    })
}

/// Whether a decision still stands and no later one rests on it.
pub(crate) fn can_be_undone(decision: &Decision, all: &[Decision]) -> bool {
    // Each of these takes the place of the one before it.
    let takes_place = |one: &Decision| match one.kind.as_str() {
        "accept" | "withdraw" => Some("state"),
        "declare_period" => Some("period"),
        _ => None,
    };
    let of_what = takes_place(decision);
    let is_replaced =
        |later: &Decision| later.id > decision.id && takes_place(later) == of_what && later.undone_by.is_none();
    let is_last = of_what.is_none() || !all.iter().any(is_replaced);
    // A layout is not taken back but replaced by another: without one the return could not be read at all. And nobody can read a
    // file as an earlier version of this program did.
    let is_reversible = !matches!(decision.kind.as_str(), "undo" | "confirm_layout" | "read_anew");
    decision.undone_by.is_none() && is_reversible && is_last
}

fn next(known: &Submission, verdict: &Verdict) -> Result<SubmissionState, HubError> {
    let already = |what| HubError::Decided { submission: known.id, what };
    match (verdict, known.state) {
        (Verdict::Withdraw, SubmissionState::Withdrawn) => Err(already("withdrawn")),
        (Verdict::Withdraw, _) => Ok(SubmissionState::Withdrawn),
        (_, SubmissionState::Accepted) => Err(already("accepted")),
        (_, SubmissionState::Received) => Err(HubError::NoLayout { submission: known.id }),
        _ => Ok(SubmissionState::Accepted),
    }
}
