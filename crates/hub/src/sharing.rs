//! How well each operator shares its data: in time, complete, in a steady layout, with few warnings and errors.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use kerbwatt_model::{Period, day_number};
use kerbwatt_store::{EvseRecord, Submission, SubmissionState};

use crate::members::Registered;
use crate::tracker::{MonthState, TrackedMonth, received_on};
use crate::{Hub, HubError};

/// How an operator shared the data of one month.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedMonth {
    /// First day of the month.
    pub month: Date,
    /// Days from the end of the first return that covers the month to its receipt; none without one. Negative when it came
    /// before its period was over.
    pub days_late: Option<i64>,
    /// Accepted rows of the returns that cover the month.
    pub accepted: u64,
    /// Registered charge points in service in the month.
    pub expected_evses: u64,
    /// Of these, charge points that any return has mentioned by then.
    pub reporting_evses: u64,
    /// Charge points in returns of the month that the register does not know.
    pub unregistered_evses: u64,
    /// Share of accepted rows with a warning, 0 to 1; none without rows.
    pub warning_share: Option<f64>,
    /// Share of rows read that are quarantined, 0 to 1.
    pub error_share: Option<f64>,
    /// Share of rows read that repeat others, 0 to 1.
    pub duplicate_share: Option<f64>,
    /// Layout of the newest return that covers the month.
    pub profile: Option<String>,
    /// Whether its layout, or its columns, differ from those of the month before.
    pub layout_changed: bool,
}

/// How an operator shares its data.
#[derive(Debug, Clone, PartialEq)]
pub struct SharingOperator {
    /// Operator id.
    pub id: String,
    /// Operator's name.
    pub name: String,
    /// Months from its first return on, oldest first.
    pub months: Vec<SharedMonth>,
    /// Median of the days late.
    pub days_late_median: Option<f64>,
    /// Registered charge points that returns have mentioned, as a share of all in service now, 0 to 1; none without a register.
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

impl Hub {
    /// How well each operator shares its data, by name.
    ///
    /// # Errors
    /// Store errors.
    pub async fn sharing(&self, today: Date) -> Result<Vec<SharingOperator>, HubError> {
        let tracker = self.tracker(None, today).await?;
        let submissions = self.ledger.submissions()?;
        let columns = self.columns(&submissions)?;
        let (evses, registered) = (self.ledger.evses()?, Registered::of(self.ledger.register()?));
        let mut operators = Vec::new();
        for tracked in tracker.operators {
            let own: Vec<&Submission> = submissions.iter().filter(|one| one.operator == tracked.id).collect();
            let points = Points::of(&tracked.id, &evses, &registered);
            let begun = tracked.months.iter().skip_while(|month| month.state == MonthState::None);
            // A month that goes on tells nothing yet of who shares it.
            let goes_on =
                |month: &TrackedMonth| month.state == MonthState::NotDue && month.month >= today.first_of_month();
            let known = begun.filter(|month| month.state != MonthState::None && !goes_on(month));
            let mut before: Option<String> = None;
            let months: Vec<SharedMonth> =
                known.map(|month| shared(month.month, &own, &points, &columns, &mut before)).collect();
            let missing = tracked.months.iter().filter(|month| month.state == MonthState::Missing).count();
            operators.push(overall(tracked.id, tracked.name, months, &own, &points, today, missing as u64));
        }
        Ok(operators)
    }

    /// Headers of each submission's file, in one text.
    fn columns(&self, submissions: &[Submission]) -> Result<HashMap<i64, String>, HubError> {
        let mut columns = HashMap::new();
        for one in submissions {
            let (_, details) = self.ledger.findings_and_details(one.id)?.unwrap_or_default();
            let details: crate::reading::Details = serde_json::from_str(&details).unwrap_or_default();
            let names = details.profile["columns"].as_array().into_iter().flatten();
            let names: Vec<&str> = names.filter_map(|column| column["column"].as_str()).collect();
            columns.insert(one.id, format!("{}|{}", one.profile, names.join("|")));
        }
        Ok(columns)
    }
}

/// An operator's charge points: days in service as registered, and days seen in returns.
struct Points {
    registered: Vec<(Option<Date>, Option<Date>, Option<Date>)>,
    unregistered: Vec<(Date, Date)>,
}

impl Points {
    fn of(operator: &str, evses: &[EvseRecord], registered: &Registered) -> Self {
        let mut points = Self { registered: Vec::new(), unregistered: Vec::new() };
        let own: Vec<&EvseRecord> = evses.iter().filter(|evse| evse.operator == operator).collect();
        let seen_devices: BTreeSet<&str> =
            own.iter().filter(|evse| evse.first_seen.is_some()).map(|evse| evse.device.as_str()).collect();
        for evse in &own {
            // A device stands in for its charge points until a return names them.
            let is_stand_in =
                evse.first_seen.is_none() && evse.uid == evse.device && seen_devices.contains(evse.device.as_str());
            match (registered.entry(operator, &evse.uid, &evse.device), evse.first_seen, evse.last_seen) {
                (Some(_), ..) if is_stand_in => {}
                (Some(entry), first, _) => {
                    points.registered.push((entry.commissioned, entry.decommissioned, first));
                }
                (None, Some(first), Some(last)) => points.unregistered.push((first, last)),
                (None, ..) => {}
            }
        }
        points
    }

    /// Registered ones in service on any day of a period, and how many of these were seen by its end.
    fn in_service(&self, period: &Period) -> (u64, u64) {
        let is_live = |(from, to, _): &&(Option<Date>, Option<Date>, Option<Date>)| {
            from.is_none_or(|from| from <= period.last) && to.is_none_or(|to| to >= period.first)
        };
        let live: Vec<_> = self.registered.iter().filter(is_live).collect();
        let seen = live.iter().filter(|(_, _, first)| first.is_some_and(|first| first <= period.last)).count();
        (live.len() as u64, seen as u64)
    }

    fn unregistered_in(&self, period: &Period) -> u64 {
        self.unregistered.iter().filter(|(first, last)| *first <= period.last && *last >= period.first).count() as u64
    }
}

fn shared(
    month: Date,
    own: &[&Submission],
    points: &Points,
    columns: &HashMap<i64, String>,
    before: &mut Option<String>,
) -> SharedMonth {
    let Ok(days) = Period::new(month, month.last_of_month()) else { return nothing(month) };
    let covers = |one: &Submission| one.covers().is_some_and(|c| c.first <= days.last && c.last >= days.first);
    let of_month: Vec<&&Submission> =
        own.iter().filter(|one| one.state != SubmissionState::Withdrawn && covers(one)).collect();
    let first = of_month.iter().min_by_key(|one| one.received_at);
    let late = |one: &Submission| Some(day_number(received_on(one)) - day_number(one.covers()?.last));
    let newest = of_month.iter().max_by_key(|one| one.id);
    let layout = newest.and_then(|one| columns.get(&one.id)).cloned();
    let layout_changed = layout.is_some() && before.is_some() && *before != layout;
    *before = layout.or_else(|| before.take());
    let (expected_evses, reporting_evses) = points.in_service(&days);
    let rates = Rates::of(of_month.iter().map(|one| **one));
    SharedMonth {
        month,
        days_late: first.and_then(|one| late(one)),
        accepted: rates.accepted,
        expected_evses,
        reporting_evses,
        unregistered_evses: points.unregistered_in(&days),
        warning_share: rates.warnings,
        error_share: rates.errors,
        duplicate_share: rates.duplicates,
        profile: newest.map(|one| one.profile.clone()),
        layout_changed,
    }
}

fn nothing(month: Date) -> SharedMonth {
    SharedMonth {
        month,
        days_late: None,
        accepted: 0,
        expected_evses: 0,
        reporting_evses: 0,
        unregistered_evses: 0,
        warning_share: None,
        error_share: None,
        duplicate_share: None,
        profile: None,
        layout_changed: false,
    }
}

struct Rates {
    accepted: u64,
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
            accepted,
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

fn overall(
    id: String,
    name: String,
    months: Vec<SharedMonth>,
    own: &[&Submission],
    points: &Points,
    today: Date,
    missing_months: u64,
) -> SharingOperator {
    let counted = || own.iter().copied().filter(|one| one.state != SubmissionState::Withdrawn);
    let rates = Rates::of(counted());
    let layouts: BTreeSet<&str> =
        counted().map(|one| one.profile.as_str()).filter(|profile| !profile.is_empty()).collect();
    let (expected, seen) = Period::new(today, today).map(|day| points.in_service(&day)).unwrap_or_default();
    SharingOperator {
        id,
        name,
        days_late_median: median(months.iter().filter_map(|month| month.days_late).collect()),
        months,
        completeness: share(seen, expected),
        unregistered_evses: points.unregistered.len() as u64,
        layouts: layouts.len() as u64,
        warning_share: rates.warnings,
        error_share: rates.errors,
        missing_months,
    }
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
