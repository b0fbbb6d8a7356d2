//! The tracker: what each operator has handed in for each month, and what is missing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Span;
use jiff::civil::Date;
use kerbwatt_model::{Period, Query, Viewer, day_number};
use kerbwatt_store::{Submission, SubmissionState};

use crate::expected::Expected;
use crate::reading::NOTHING_TO_REPORT;
use crate::{Hub, HubError};

/// Days that operators have after a quarter, for which they report: a month is missing from then on.
const GRACE_DAYS: i64 = 31;

/// What an operator has handed in for a month; of several that hold, the one that most needs somebody comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MonthState {
    /// A return waits for a decision.
    NeedsDecision,
    /// A return is kept, but nobody has said how it is to be read.
    Received,
    /// A return is checked and not accepted yet.
    Checked,
    /// A return is accepted and counts.
    Accepted,
    /// The operator says that there was nothing.
    NothingToReport,
    /// Returns were accepted, but later ones took the place of all their rows.
    Superseded,
    /// Nothing, although the operator reported before and the return should have come by now.
    Missing,
    /// Nothing yet: the quarter of the month has not ended, or did so under 31 days ago.
    NotDue,
    /// Nothing, and nothing was to be expected: before the operator's first return, and without any as long as it has no charge point in
    /// service.
    None,
}

impl MonthState {
    /// Id, snake case.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::NeedsDecision => "needs_decision",
            Self::Received => "received",
            Self::Checked => "checked",
            Self::Accepted => "accepted",
            Self::NothingToReport => "nothing_to_report",
            Self::Superseded => "superseded",
            Self::Missing => "missing",
            Self::NotDue => "not_due",
            Self::None => "none",
        }
    }
}

/// One operator and month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackedMonth {
    /// First day of the month.
    pub month: Date,
    /// What there is.
    pub state: MonthState,
    /// Returns that cover it, newest first.
    pub submissions: Vec<i64>,
    /// Of these, returns that later ones have replaced whole: none of their rows is in the figures.
    pub superseded: Vec<i64>,
    /// Sessions of the month in the figures.
    pub sessions: u64,
}

/// One operator's months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackedOperator {
    /// Operator id.
    pub id: String,
    /// Operator's name.
    pub name: String,
    /// Every month of the tracker, oldest first.
    pub months: Vec<TrackedMonth>,
}

/// Operators × months.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tracker {
    /// First days of the months, oldest first.
    pub months: Vec<Date>,
    /// Operators that ever handed something in, and those of which the register has charge points in service, by name.
    pub operators: Vec<TrackedOperator>,
}

impl Hub {
    /// What each operator has handed in for each month, from the first that any return covers to the last that is over on
    /// `today`, or the year before where there is none; or for the months of a period.
    ///
    /// # Errors
    /// Store errors.
    pub async fn tracker(&self, period: Option<Period>, today: Date) -> Result<Tracker, HubError> {
        let submissions = self.ledger.submissions()?;
        let expected = Expected::of(self.ledger.registered_points()?);
        let range = period.or_else(|| range(&submissions, today)).or_else(|| expected.range(today));
        let Some(range) = range else { return Ok(Tracker::default()) };
        let months: Vec<Date> = range.iter_months().collect();
        let sessions = self.sessions_by_month().await?;
        let mut operators: Vec<TrackedOperator> = Vec::new();
        for operator in self.ledger.operators()? {
            let own: Vec<&Submission> = submissions.iter().filter(|one| one.operator == operator.id).collect();
            if own.is_empty() {
                let months = expected.months(&operator.id, &months, today);
                if months.iter().any(|month| month.state != MonthState::None) {
                    operators.push(TrackedOperator { id: operator.id, name: operator.name, months });
                }
                continue;
            }
            let months = tracked(&own, &months, today, |month| {
                sessions.get(&(operator.id.clone(), month)).copied().unwrap_or_default()
            });
            operators.push(TrackedOperator { id: operator.id, name: operator.name, months });
        }
        operators.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Tracker { months, operators })
    }

    /// Sessions in the figures, by operator and first day of the month.
    async fn sessions_by_month(&self) -> Result<BTreeMap<(String, Date), u64>, HubError> {
        let query = Query::of(&["sessions"], &["operator", "month"], &[], None);
        let query = query.map_err(|error| HubError::Defect(error.to_string()))?;
        let answer = self.answer(&query, Viewer::LocalOwner).await?;
        let at = |name: &str| answer.columns.iter().position(|column| column.name == name).unwrap_or_default();
        let (operator, month, sessions) = (at("operator"), at("month"), at("sessions"));
        let count = |row: &kerbwatt_engine::Row| {
            let first: Date = format!("{}-01", row[month].text()?).parse().ok()?;
            Some(((row[operator].text()?.to_owned(), first), whole(row[sessions].number()?)))
        };
        Ok(answer.rows.iter().filter_map(count).collect())
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
pub(crate) fn whole(count: f64) -> u64 {
    count.max(0.0) as u64
}

/// The day, in UTC, on which a submission came.
pub(crate) fn received_on(submission: &Submission) -> Date {
    jiff::tz::Offset::UTC.to_datetime(submission.received_at).date()
}

/// Days that a submission stands for: those that it reports, or would if its rows could be used; or that on which it came where nothing
/// is known of it.
fn stands_for(submission: &Submission) -> Vec<Period> {
    let reports = submission.reports();
    if !reports.is_empty() {
        return reports;
    }
    let received = received_on(submission);
    submission.covers().or_else(|| Period::new(received, received).ok()).into_iter().collect()
}

fn range(submissions: &[Submission], today: Date) -> Option<Period> {
    let periods = || submissions.iter().flat_map(stands_for);
    let first = periods().map(|period| period.first).min()?;
    let last = periods().map(|period| period.last).max()?.max(last_day_over(today));
    Period::new(first.first_of_month(), last).ok()
}

/// Last day of the last month that is over.
pub(crate) fn last_day_over(today: Date) -> Date {
    today.first_of_month().yesterday().unwrap_or(today)
}

/// Whether the return for a month, given by its first day, should have come by a day.
pub(crate) fn is_due(month: Date, today: Date) -> bool {
    day_number(today) >= due(month)
}

/// Number of the day on which a month, given by its first day, is due.
pub(crate) fn due(month: Date) -> i64 {
    day_number(quarter_end(month)) + GRACE_DAYS
}

/// Last day of the quarter of a month, given by its first day.
pub(crate) fn quarter_end(month: Date) -> Date {
    let to_third = i64::from((12 - month.month()) % 3);
    month.checked_add(Span::new().months(to_third)).unwrap_or(month).last_of_month()
}

fn tracked(own: &[&Submission], months: &[Date], today: Date, sessions: impl Fn(Date) -> u64) -> Vec<TrackedMonth> {
    let covered: Vec<(&Submission, BTreeSet<Date>)> =
        own.iter().map(|one| (*one, stands_for(one).iter().flat_map(Period::iter_months).collect())).collect();
    let first = covered.iter().filter_map(|(_, months)| months.first()).min().copied();
    let state_of = |month: Date| {
        let states = covered.iter().filter(|(_, months)| months.contains(&month)).filter_map(|(one, _)| state(one));
        let without_return = match first {
            Some(first) if first <= month && is_due(month, today) => MonthState::Missing,
            Some(first) if first <= month => MonthState::NotDue,
            _ => MonthState::None,
        };
        states.min().unwrap_or(without_return)
    };
    let of_month = |month: Date| {
        let mut of_month: Vec<&Submission> =
            covered.iter().filter(|(_, months)| months.contains(&month)).map(|(one, _)| *one).collect();
        of_month.sort_unstable_by_key(|one| std::cmp::Reverse(one.id));
        let superseded = of_month.iter().filter(|one| state(one) == Some(MonthState::Superseded));
        TrackedMonth {
            month,
            state: state_of(month),
            submissions: of_month.iter().map(|one| one.id).collect(),
            superseded: superseded.map(|one| one.id).collect(),
            sessions: sessions(month),
        }
    };
    months.iter().map(|month| of_month(*month)).collect()
}

/// What a submission says of its months; nothing when it was withdrawn.
fn state(one: &Submission) -> Option<MonthState> {
    let is_gone = one.totals.accepted > 0 && one.crossed.repeated + one.crossed.replaced == one.totals.accepted;
    Some(match one.state {
        SubmissionState::Withdrawn => return None,
        SubmissionState::Received => MonthState::Received,
        _ if one.needs_decision => MonthState::NeedsDecision,
        SubmissionState::Checked => MonthState::Checked,
        // Accepted by an earlier version: its rows say nothing of its months, and somebody has to see to them.
        SubmissionState::Accepted if one.is_all_set_aside() => MonthState::NeedsDecision,
        SubmissionState::Accepted if one.profile == NOTHING_TO_REPORT => MonthState::NothingToReport,
        SubmissionState::Accepted if is_gone => MonthState::Superseded,
        SubmissionState::Accepted => MonthState::Accepted,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_is_due_31_days_after_the_end_of_its_quarter() {
        for month in [date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1)] {
            assert!(!is_due(month, date(2026, 1, 30)), "{month}");
            assert!(is_due(month, date(2026, 1, 31)), "{month}");
        }
        assert!(!is_due(date(2026, 1, 1), date(2026, 3, 31)) && !is_due(date(2026, 2, 1), date(2026, 4, 30)));
        assert!(is_due(date(2026, 2, 1), date(2026, 5, 1)));
        assert!(!is_due(date(2027, 1, 1), date(2026, 5, 1)), "a month that has not come");
    }
}
