//! Statements that there was nothing to report: a zero that is known, which is data like any other.
//!
//! Such a statement makes its days reported days. Over sessions that are in the figures it would say two things at once: they
//! count, and they were none; and if their return is withdrawn later, its time would turn into a zero instead of a gap. So
//! whoever means it has to say so. Of days that have not come nobody knows that there will be nothing: such a statement is refused. One for
//! today is taken, for it is said at the end of the last day.

use jiff::Timestamp;
use kerbwatt_model::{OperatorId, Period, Query, Viewer};
use kerbwatt_store::{NewSubmission, Submission, SubmissionState};

use crate::decide::decision;
use crate::reading::{How, NOTHING_TO_REPORT};
use crate::receive::{Taken, unrecorded};
use crate::record::reading_of;
use crate::report::Read;
use crate::tracker::whole;
use crate::{Hub, HubError, NewReturn, Submitted};

impl Hub {
    /// Records that an operator had nothing to report for a period; with `over_sessions` also where the figures hold sessions
    /// of that time, which stay in them. Figures show it after [`Hub::publish`].
    ///
    /// # Errors
    /// [`HubError::NotOver`] where days of the period have not come, [`HubError::HasSessions`] where the figures hold sessions and nobody
    /// says that it is meant so; store errors.
    pub async fn nothing_to_report(
        &self,
        operator: &OperatorId,
        period: Period,
        over_sessions: bool,
        at: Timestamp,
    ) -> Result<Submitted, HubError> {
        self.must_write()?;
        let statement = format!("Nothing to report\noperator,from,to\n{operator},{},{}\n", period.first, period.last);
        let name = format!("nothing to report, {} to {}", period.first, period.last);
        let new = NewReturn::new(&name, statement.into_bytes(), operator.clone());
        let file = NewReturn { period: Some(period), over_sessions, ..new };
        let incoming = self.take_in(&file)?;
        if let Some(before) = self.ledger.submission_of(operator.as_str(), &incoming.digest(), "")? {
            return self.submit_again(incoming, &file, &before, at).await;
        }
        self.must_be_meant(&file, at).await?;
        self.record_nothing(&file, incoming, at)
    }

    pub(crate) fn record_nothing(
        &self,
        file: &NewReturn,
        incoming: Taken<'_>,
        at: Timestamp,
    ) -> Result<Submitted, HubError> {
        let digest = incoming.keep()?;
        let state = if file.accept { SubmissionState::Accepted } else { SubmissionState::Checked };
        let how = How { profile: Some(NOTHING_TO_REPORT.to_owned()), ..How::default() };
        let mut read = Read::nothing(file.period);
        let reading = reading_of(&mut read, &how, file.operator.as_str())?;
        let accept = decision("accept", "", "", SubmissionState::Checked, &how)?;
        let decisions = if file.accept { vec![accept] } else { Vec::new() };
        let new = NewSubmission { state, decisions, ..unrecorded(file, digest, reading) };
        let submission = self.ledger.record(&new, at)?;
        Ok(Submitted::new(submission, state, at, read.report))
    }

    /// Refuses a statement that there was nothing, about to be recorded, for days that have not come; and one to be accepted where the
    /// figures hold sessions of that time, unless it is meant so.
    pub(crate) async fn must_be_meant(&self, file: &NewReturn, at: Timestamp) -> Result<(), HubError> {
        if let Some(period) = file.period {
            self.must_have_come(file.operator.as_str(), period, at)?;
        }
        match file.period.filter(|_| file.accept && !file.over_sessions) {
            Some(period) => self.must_not_contradict(file.operator.as_str(), period, at).await,
            None => Ok(()),
        }
    }

    fn must_have_come(&self, operator: &str, period: Period, at: Timestamp) -> Result<(), HubError> {
        let today = self.zone().day(at);
        let operator = operator.to_owned();
        if period.last > today { Err(HubError::NotOver { operator, period, today }) } else { Ok(()) }
    }

    /// Refuses a recorded statement, about to be accepted, of days that have not come; says nothing of other returns.
    pub(crate) fn must_not_say_nothing_ahead(&self, known: &Submission, at: Timestamp) -> Result<(), HubError> {
        match known.declared.filter(|_| known.profile == NOTHING_TO_REPORT) {
            Some(period) => self.must_have_come(&known.operator, period, at),
            None => Ok(()),
        }
    }

    /// Refuses one that is recorded and about to be accepted where the figures hold sessions of its time; says nothing of other returns.
    pub(crate) async fn must_not_say_nothing_over_sessions(
        &self,
        known: &Submission,
        at: Timestamp,
    ) -> Result<(), HubError> {
        let is_statement = known.profile == NOTHING_TO_REPORT && known.state != SubmissionState::Accepted;
        match known.declared.filter(|_| is_statement) {
            Some(period) => self.must_not_contradict(&known.operator, period, at).await,
            None => Ok(()),
        }
    }

    async fn must_not_contradict(&self, operator: &str, period: Period, at: Timestamp) -> Result<(), HubError> {
        let reaches = |one: &Submission| one.found.is_some_and(|f| f.first <= period.last && f.last >= period.first);
        let says_otherwise = |one: &Submission| {
            one.operator == operator
                && one.state == SubmissionState::Accepted
                && one.totals.accepted > one.crossed.repeated + one.crossed.replaced
                && reaches(one)
        };
        let submissions: Vec<i64> =
            self.ledger.submissions()?.iter().filter(|one| says_otherwise(one)).map(|one| one.id).collect();
        if submissions.is_empty() {
            return Ok(());
        }
        // Which days within its reach a return has sessions on, the figures know; what is not in them yet speaks too.
        if !self.ledger.pending()?.is_empty() {
            self.publish(&(), at).await?;
        }
        match self.sessions_within(operator, period).await? {
            0 => Ok(()),
            sessions => Err(HubError::HasSessions { operator: operator.to_owned(), period, sessions, submissions }),
        }
    }

    /// Sessions of an operator in the figures that start within a period.
    async fn sessions_within(&self, operator: &str, period: Period) -> Result<u64, HubError> {
        let of_operator = ("operator".to_owned(), vec![operator.to_owned()]);
        let query = Query::of(&["sessions"], &[], &[of_operator], Some(period));
        let query = query.map_err(|error| HubError::Defect(error.to_string()))?;
        let answer = self.answer(&query, Viewer::LocalOwner).await?;
        Ok(whole(answer.figure("sessions").unwrap_or_default()))
    }
}
