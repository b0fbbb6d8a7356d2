//! How well each operator shares its data: in time, complete, in a steady layout, with few warnings and errors.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use kerbwatt_model::{Period, day_number};
use kerbwatt_store::{Submission, SubmissionState};

use crate::completeness::{Points, Used};
use crate::members::Registered;
use crate::reading::NOTHING_TO_REPORT;
use crate::tracker::{MonthState, TrackedMonth, TrackedOperator, due, received_on};
use crate::{Hub, HubError};

/// How an operator shared the data of one month.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedMonth {
    /// First day of the month.
    pub month: Date,
    /// Days from the day on which the month was due, 31 days after the end of its quarter, to the receipt of the first return that covers it;
    /// negative when it came before. Of a month that is missing, days from then to today; none where nothing came and nothing is due.
    pub days_late: Option<i64>,
    /// Whether nothing came although it should have.
    pub is_missing: bool,
    /// Sessions of the month in the figures.
    pub sessions: u64,
    /// Registered charge points in service in the month.
    pub expected_evses: u64,
    /// Of these, charge points with sessions in the month; none where no return with sessions to come covers it: neither is nobody
    /// complete then, nor everybody absent.
    pub reporting_evses: Option<u64>,
    /// Charge points with sessions in the month that the register does not know.
    pub unregistered_evses: u64,
    /// Layout of the newest return that covers the month.
    pub profile: Option<String>,
    /// Whether its layout, or its columns, differ from those of the month before that had any.
    pub layout_changed: bool,
}

/// How well a return was made. A row that is kept apart or comes twice may have no day, so that a return has such shares and a month
/// has not.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedReturn {
    /// Number of the submission.
    pub submission: i64,
    /// Name of the file.
    pub file: String,
    /// The table within the file; empty where the file is one table.
    pub part: String,
    /// Day on which it came, in UTC.
    pub received: Date,
    /// Days that it covers.
    pub covers: Option<Period>,
    /// Rows read.
    pub rows: u64,
    /// Share of accepted rows with a warning, 0 to 1; none without rows.
    pub warning_share: Option<f64>,
    /// Share of rows read that are quarantined, 0 to 1.
    pub error_share: Option<f64>,
    /// Share of rows read that repeat others, 0 to 1.
    pub duplicate_share: Option<f64>,
}

/// How an operator shares its data.
#[derive(Debug, Clone, PartialEq)]
pub struct SharingOperator {
    /// Operator id.
    pub id: String,
    /// Operator's name.
    pub name: String,
    /// Months from its first return on, oldest first; of one that never sent any, from that in which its charge points are in service.
    pub months: Vec<SharedMonth>,
    /// Returns that hold rows and were not withdrawn, in the order in which they came.
    pub returns: Vec<SharedReturn>,
    /// Median of the days late, those of missing months until today among them.
    pub days_late_median: Option<f64>,
    /// Registered charge points with sessions, as a share of all in service, 0 to 1, in the newest month for which there is a return with
    /// sessions to come; none without a register.
    pub completeness: Option<f64>,
    /// Charge points in returns that the register does not know.
    pub unregistered_evses: u64,
    /// Layouts used so far.
    pub layouts: u64,
    /// Share of accepted rows with a warning.
    pub warning_share: Option<f64>,
    /// Share of rows read that are quarantined.
    pub error_share: Option<f64>,
    /// Months that are missing.
    pub missing_months: u64,
}

/// What is known of one operator.
struct Known<'k> {
    own: Vec<&'k Submission>,
    points: &'k Points,
    /// Charge points with sessions, by the first day of the month.
    used: &'k HashMap<Date, Used>,
    columns: &'k HashMap<i64, String>,
    today: Date,
}

impl Hub {
    /// How well each operator shares its data, by name.
    ///
    /// # Errors
    /// Store errors.
    pub async fn sharing(&self, today: Date) -> Result<Vec<SharingOperator>, HubError> {
        let tracker = self.tracker(None, today).await?;
        let submissions = self.ledger.submissions()?;
        let columns = self.columns(&submissions)?;
        let points = self.points(&tracker.operators)?;
        let used = self.used_by_month().await?;
        let none = Points::default();
        let of = |tracked: TrackedOperator| {
            let own = submissions.iter().filter(|one| one.operator == tracked.id).collect();
            let points = points.get(&tracked.id).unwrap_or(&none);
            let known = Known { own, points, used: &used, columns: &columns, today };
            known.shared(&tracked)
        };
        Ok(tracker.operators.into_iter().map(of).collect())
    }

    fn points(&self, operators: &[TrackedOperator]) -> Result<HashMap<String, Points>, HubError> {
        let (evses, registered) = (self.ledger.evses()?, Registered::of(self.ledger.register()?));
        let of = |one: &TrackedOperator| (one.id.clone(), Points::of(&one.id, &evses, &registered));
        Ok(operators.iter().map(of).collect())
    }
}

impl Known<'_> {
    fn shared(&self, tracked: &TrackedOperator) -> SharingOperator {
        let begun = tracked.months.iter().skip_while(|month| month.state == MonthState::None);
        // A month that goes on tells nothing yet of who shares it.
        let goes_on =
            |month: &TrackedMonth| month.state == MonthState::NotDue && month.month >= self.today.first_of_month();
        let known = begun.filter(|month| month.state != MonthState::None && !goes_on(month));
        let mut before: Option<&str> = None;
        let months: Vec<SharedMonth> = known.map(|month| self.month(month, &mut before)).collect();
        let rates = Rates::of(self.counted());
        let layouts: BTreeSet<&str> =
            self.counted().filter(|one| self.columns.contains_key(&one.id)).map(|one| one.profile.as_str()).collect();
        let newest = months.iter().rev().find_map(|month| Some((month.reporting_evses?, month.expected_evses)));
        SharingOperator {
            id: tracked.id.clone(),
            name: tracked.name.clone(),
            days_late_median: median(months.iter().filter_map(|month| month.days_late).collect()),
            completeness: newest.and_then(|(reporting, expected)| share(reporting, expected)),
            unregistered_evses: self.points.unregistered(),
            layouts: layouts.len() as u64,
            warning_share: rates.warnings,
            error_share: rates.errors,
            missing_months: months.iter().filter(|month| month.is_missing).count() as u64,
            returns: self.returns(),
            months,
        }
    }

    fn returns(&self) -> Vec<SharedReturn> {
        let mut returns: Vec<&Submission> = self.counted().filter(|one| one.totals.rows_read > 0).collect();
        returns.sort_by_key(|one| one.id);
        returns.into_iter().map(of_return).collect()
    }

    /// Returns that somebody may count on.
    fn counted(&self) -> impl Iterator<Item = &Submission> {
        self.own.iter().copied().filter(|one| one.state != SubmissionState::Withdrawn)
    }

    fn month<'s>(&'s self, tracked: &TrackedMonth, before: &mut Option<&'s str>) -> SharedMonth {
        let first = tracked.month;
        let days = Period::new(first, first.last_of_month()).ok();
        let of_month: Vec<&Submission> = self.counted().filter(|one| tracked.submissions.contains(&one.id)).collect();
        let is_missing = tracked.state == MonthState::Missing;
        let came = of_month.iter().min_by_key(|one| one.received_at);
        let since_due = |day: Date| day_number(day) - due(first);
        let late = came.map(|one| since_due(received_on(one)));
        let waited = is_missing.then(|| since_due(self.today));
        let newest = of_month.iter().filter(|one| self.columns.contains_key(&one.id)).max_by_key(|one| one.id);
        let layout = newest.and_then(|one| self.columns.get(&one.id)).map(String::as_str);
        let layout_changed = layout.is_some() && before.is_some() && *before != layout;
        *before = layout.or(*before);
        let counts = |one: &&Submission| one.state == SubmissionState::Accepted && one.profile != NOTHING_TO_REPORT;
        let in_use = self.used.get(&first).zip(days).map(|(used, days)| self.points.in_use(used, &days));
        let in_use = in_use.unwrap_or_default();
        SharedMonth {
            month: first,
            days_late: late.or(waited),
            is_missing,
            sessions: tracked.sessions,
            expected_evses: days.map_or(0, |days| self.points.in_service(&days)),
            reporting_evses: of_month.iter().any(counts).then_some(in_use.registered),
            unregistered_evses: in_use.unregistered,
            profile: newest.map(|one| one.profile.clone()),
            layout_changed,
        }
    }
}

fn of_return(one: &Submission) -> SharedReturn {
    let rates = Rates::of(std::iter::once(one));
    SharedReturn {
        submission: one.id,
        file: one.file_name.clone(),
        part: one.part.clone(),
        received: received_on(one),
        covers: one.covers(),
        rows: one.totals.rows_read,
        warning_share: rates.warnings,
        error_share: rates.errors,
        duplicate_share: rates.duplicates,
    }
}

struct Rates {
    warnings: Option<f64>,
    errors: Option<f64>,
    duplicates: Option<f64>,
}

impl Rates {
    fn of<'s>(submissions: impl Iterator<Item = &'s Submission>) -> Self {
        let (mut read, mut accepted, mut flagged, mut quarantined, mut duplicates) = (0, 0, 0, 0, 0);
        for one in submissions {
            read += one.totals.rows_read;
            accepted += one.totals.accepted;
            flagged += one.totals.flagged;
            quarantined += one.totals.quarantined;
            duplicates += one.totals.duplicates + one.crossed.repeated;
        }
        Self {
            warnings: share(flagged, accepted),
            errors: share(quarantined, read),
            duplicates: share(duplicates, read),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows are far below 2^53")]
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[expect(clippy::cast_precision_loss, reason = "days")]
fn median(mut days: Vec<i64>) -> Option<f64> {
    days.sort_unstable();
    let middle = days.len() / 2;
    match days.len() {
        0 => None,
        count if count % 2 == 1 => Some(days[middle] as f64),
        _ => Some((days[middle - 1] + days[middle]) as f64 / 2.0),
    }
}
