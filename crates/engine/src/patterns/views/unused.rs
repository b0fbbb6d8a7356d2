//! Charge points that have not been used for a while, and how surprising that is.

use jiff::civil::Date;
use kerbwatt_model::{Query, Viewer};
use serde::Serialize;

use super::source::Source;
use super::table::{PatternTable, pattern, text, trust};
use super::unused_source::{Silent, silent};
use crate::patterns::statistics::silence::{Surprise, surprise};
use crate::{Coverage, Engine, EngineError, Provenance, Snapshot, Value};

/// Charge points in service at the end of the period and without a session for a while.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unused {
    /// Reported days without use from which a charge point is listed.
    pub min_days: u32,
    /// Charge points in service on the last day and reported on in the period.
    pub evses: usize,
    /// Of these, listed here: without use for at least the days asked.
    pub evses_unused: usize,
    /// Of these, never used in the period.
    pub evses_never_used: usize,
    /// The most surprising first, then the never used by their reported days; cut to the limit.
    pub members: Vec<UnusedMember>,
    /// Coverage of the whole period.
    pub coverage: Coverage,
    /// Where it comes from.
    pub provenance: Provenance,
}
pattern!(Unused, "unused");

/// What is known of a charge point without use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnusedState {
    /// It was used before.
    FellSilent,
    /// No session in the whole period.
    NeverUsed,
}

/// A charge point without use.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnusedMember {
    /// `operator:uid`.
    pub evse: String,
    /// `operator:location`.
    pub location: String,
    /// Name of the site.
    pub location_name: String,
    /// Whether it was ever used in the period.
    pub state: UnusedState,
    /// Last day with a vehicle plugged in; none where there was none.
    pub last_used: Option<Date>,
    /// First day in the period that it was reported on.
    pub first_reported: Date,
    /// Last day that it was reported on: nothing is known of later days.
    pub last_reported: Date,
    /// Reported days since the last use, as in the metric of this name; none where there was no use.
    pub days_since_use: Option<u32>,
    /// Reported days since the last use; all of them where there was none.
    pub reported_days_since: u32,
    /// Sessions up to the last use from which its rate is told: those of whole months.
    pub sessions_before: f64,
    /// Sessions to be expected in the reported days since, at its own rate by hour of the week; none where it was never used.
    pub expected_sessions: Option<f64>,
    /// Chance of none in that time, 0 to 1; none where it was never used.
    pub chance_of_none: Option<f64>,
    /// The same as “1 in so many”, rounded to two digits and at most 1,000,000; none where it was never used.
    pub one_in: Option<f64>,
}

impl Unused {
    pub(super) fn as_table(&self) -> PatternTable {
        let day = |day: Option<Date>| day.map_or(Value::Null, |day| text(day.to_string()));
        let row = |member: &UnusedMember| {
            vec![
                text(&member.evse),
                text(&member.location),
                text(&member.location_name),
                text(if member.last_used.is_some() { "fell_silent" } else { "never_used" }),
                day(member.last_used),
                day(Some(member.first_reported)),
                day(Some(member.last_reported)),
                member.days_since_use.map_or(Value::Null, |days| Value::Integer(days.into())),
                Value::Integer(member.reported_days_since.into()),
                Some(member.sessions_before).into(),
                member.expected_sessions.into(),
                member.chance_of_none.into(),
                member.one_in.into(),
            ]
        };
        let columns = vec![
            "evse",
            "location",
            "location_name",
            "state",
            "last_used",
            "first_reported",
            "last_reported",
            "days_since_use",
            "reported_days_since",
            "sessions_before",
            "expected_sessions",
            "chance_of_none",
            "one_in",
        ];
        PatternTable { columns, rows: self.members.iter().map(row).collect() }
    }
}

impl Engine {
    /// Charge points that pass the filters, are in service at the end of the period, and had no session on their last `min_days` reported days.
    /// Their past is the rest of the period, from the beginning of its first month. At most `limit` are listed.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub async fn unused(
        &self,
        snapshot: &Snapshot,
        query: &Query,
        min_days: u32,
        limit: usize,
        viewer: Viewer,
    ) -> Result<Unused, EngineError> {
        let source = Source { engine: self, snapshot, query, viewer };
        let answer = source.answer_ids(&["evses_unused"], &[], query.period).await?;
        let metrics = answer.provenance.metrics.clone();
        let (coverage, mut provenance) = trust(answer, &metrics);
        let (mut evses, mut found) = (0, Vec::new());
        if let Some(mut period) = source.period() {
            provenance.route = "sessions";
            // Weeks are kept by month: the past begins with one.
            period.first = period.first.first_of_month();
            (evses, found) = silent(&source, &period, min_days).await?;
        }
        let mut members: Vec<UnusedMember> = found.iter().map(|silent| one(&source, silent)).collect();
        // None as a chance comes last; among equals the longest silence first, then by id, so that the order is always the same.
        members.sort_by(|a, b| {
            let chance = |member: &UnusedMember| member.chance_of_none.unwrap_or(2.0);
            chance(a)
                .total_cmp(&chance(b))
                .then(b.reported_days_since.cmp(&a.reported_days_since))
                .then(a.evse.cmp(&b.evse))
        });
        let evses_never_used = members.iter().filter(|member| member.state == UnusedState::NeverUsed).count();
        let evses_unused = members.len();
        members.truncate(limit);
        Ok(Unused { min_days, evses, evses_unused, evses_never_used, members, coverage, provenance })
    }
}

fn one(source: &Source<'_>, silent: &Silent) -> UnusedMember {
    let member = source.snapshot.members.all().iter().rev().find(|member| *member.evse_id == *silent.evse);
    let text = |get: fn(&crate::Member) -> &str| member.map(get).unwrap_or_default().to_owned();
    let surprise = surprise(&silent.past).filter(|_| silent.last_used.is_some());
    UnusedMember {
        evse: silent.evse.clone(),
        location: text(|member| &member.location),
        location_name: text(|member| &member.location_name),
        state: if silent.last_used.is_some() { UnusedState::FellSilent } else { UnusedState::NeverUsed },
        last_used: silent.last_used,
        first_reported: silent.first_reported,
        last_reported: silent.last_reported,
        days_since_use: silent.last_used.map(|_| silent.reported_days_since),
        reported_days_since: silent.reported_days_since,
        sessions_before: silent.past.sessions.iter().sum(),
        expected_sessions: surprise.map(|surprise| surprise.expected),
        chance_of_none: surprise.map(|surprise| surprise.chance_of_none),
        one_in: surprise.map(one_in),
    }
}

/// “1 in so many”, two digits, at most a million: a model of drivers is not better than that.
fn one_in(surprise: Surprise) -> f64 {
    let odds = 1.0 / surprise.chance_of_none.max(1e-6);
    let step = 10f64.powf(odds.log10().floor() - 1.0);
    (odds / step).round() * step
}
