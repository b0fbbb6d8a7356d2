//! What kind of use each charge point or site shows in its week.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;
use kerbwatt_model::{Additive, Dimension, Period, Query, Viewer};
use serde::Serialize;

use super::source::{MemberSums, Source, months_touched};
use super::table::{PatternTable, pattern, text, trust};
use super::weeks::WeekSums;
use crate::patterns::statistics::archetype::{Shown, Week, archetype};
use crate::patterns::statistics::week_shapes::{HOURS, KINDS};
use crate::{Coverage, Engine, EngineError, Provenance, Snapshot, Value};

/// The kinds of use of charge points or sites that were reported on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Archetypes {
    /// `evse` or `location`.
    pub by: &'static str,
    /// First day read: whole months, the last twelve of the period.
    pub from: Option<Date>,
    /// Last day read.
    pub to: Option<Date>,
    /// Every kind, in a fixed order, also those that none shows; at the end those that show no kind.
    pub kinds: Vec<ArchetypeKind>,
    /// Charge points or sites, the most used first, cut to the limit.
    pub members: Vec<ArchetypeMember>,
    /// How many there are before the cut.
    pub total_members: usize,
    /// Coverage of the whole period.
    pub coverage: Coverage,
    /// Where it comes from.
    pub provenance: Provenance,
}
pattern!(Archetypes, "archetypes", tables_of_kinds);

/// A kind of use.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArchetypeKind {
    /// Id: `overnight_residential`, …, `no_clear_pattern`, `too_little_use`.
    pub id: &'static str,
    /// Name.
    pub name: &'static str,
    /// What it says.
    pub sentence: &'static str,
    /// How many show it.
    pub members: usize,
    /// Their share of the time plugged in, 0 to 1; none without use.
    pub share_of_plugged: Option<f64>,
    /// The mean of their weeks, Monday 00:00 first: the share of the time plugged in that falls in each hour; empty where none shows it.
    pub week: Vec<f64>,
}

/// A charge point or site with the kind of use that it shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArchetypeMember {
    /// Id.
    pub id: String,
    /// Name of the site.
    pub name: String,
    /// Id of the kind.
    pub archetype: &'static str,
    /// Share of its time plugged in that lies as in the nearest shape, 0 to 1; none with too little use.
    pub fit: Option<f64>,
    /// Sessions.
    pub sessions: f64,
    /// Hours plugged in.
    pub plugged_hours: f64,
    /// Mean stay, hours; none without sessions.
    pub mean_stay_hours: Option<f64>,
}

/// What shows none of the kinds: id, name, sentence.
const OTHERS: [(&str, &str, &str); 2] = [
    ("no_clear_pattern", "No clear pattern", "Use is spread in a way that is like none of the kinds."),
    ("too_little_use", "Too little use to tell", "Fewer than 30 sessions in the period: what is seen may be chance."),
];

impl Archetypes {
    fn tables_of_kinds(&self) -> Vec<(&'static str, PatternTable)> {
        vec![("members", self.of_members()), ("shapes", self.of_shapes())]
    }

    fn of_shapes(&self) -> PatternTable {
        let hours =
            |kind: &ArchetypeKind| (0i64..).zip(kind.week.clone()).map(|hour| (kind.id, hour)).collect::<Vec<_>>();
        let row = |(kind, (hour, share)): (&str, (i64, f64))| {
            vec![text(kind), Value::Integer(hour / 24), Value::Integer(hour % 24), Some(share).into()]
        };
        let columns = vec!["archetype", "weekday", "hour", "share_of_plugged"];
        PatternTable { columns, rows: self.kinds.iter().flat_map(hours).map(row).collect() }
    }

    fn of_members(&self) -> PatternTable {
        let row = |member: &ArchetypeMember| {
            vec![
                text(&member.id),
                text(&member.name),
                text(member.archetype),
                member.fit.into(),
                Some(member.sessions).into(),
                Some(member.plugged_hours).into(),
                member.mean_stay_hours.into(),
            ]
        };
        let columns = vec![self.by, "name", "archetype", "fit", "sessions", "plugged_hours", "mean_stay_hours"];
        PatternTable { columns, rows: self.members.iter().map(row).collect() }
    }
}

impl Engine {
    /// The kinds of use of the charge points (`Dimension::Evse`) or sites (`Dimension::Location`) that pass the filters, by the
    /// weeks of the whole months that the period touches, the last twelve of them. At most `limit` are listed.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub async fn archetypes(
        &self,
        snapshot: &Snapshot,
        query: &Query,
        by: Dimension,
        limit: usize,
        viewer: Viewer,
    ) -> Result<Archetypes, EngineError> {
        let asked = Source { engine: self, snapshot, query, viewer }.period();
        let months = asked.map(|period| last_months(&months_touched(&period)));
        let query = Query { period: months, ..query.clone() };
        let source = Source { engine: self, snapshot, query: &query, viewer };
        let answer = source.answer_ids(&["plugged_hours", "sessions"], &[], months).await?;
        let metrics = answer.provenance.metrics.clone();
        let (coverage, mut provenance) = trust(answer, &metrics);
        let mut shown = Vec::new();
        if let Some(months) = months {
            provenance.route = "sessions";
            let weeks = source.weeks(by, &months)?;
            let members = source.by_member(by, &months).await?;
            shown = members.iter().filter(|member| member.is_known()).map(|member| one(member, &weeks)).collect();
        }
        Ok(of_members(shown, by, months, limit, coverage, provenance))
    }
}

/// The last twelve of whole months: a kind of use is what it is now.
fn last_months(months: &Period) -> Period {
    let first = months.last.first_of_month().checked_sub(11.months()).unwrap_or(months.first);
    Period { first: first.max(months.first), last: months.last }
}

/// A member with its week.
type Classified = (ArchetypeMember, [f64; HOURS]);

fn one(member: &MemberSums, weeks: &HashMap<String, WeekSums>) -> Classified {
    let plugged = weeks.get(&*member.id).map_or([0.0; HOURS], |week| week.plugged_s);
    let sessions = member.sums.of(Additive::Sessions);
    let plugged_hours = plugged.iter().sum::<f64>() / 3600.0;
    let (kind, fit) = match archetype(&Week { plugged, sessions, plugged_h: plugged_hours }) {
        Shown::Kind(at, fit) => (KINDS[at].id, Some(fit)),
        Shown::NoClearPattern(fit) => (OTHERS[0].0, Some(fit)),
        Shown::TooLittle => (OTHERS[1].0, None),
    };
    let mean_stay_hours = (sessions > 0.0).then(|| plugged_hours / sessions);
    let (id, name) = (member.id.to_string(), member.name.to_string());
    (ArchetypeMember { id, name, archetype: kind, fit, sessions, plugged_hours, mean_stay_hours }, plugged)
}

fn of_members(
    mut shown: Vec<Classified>,
    by: Dimension,
    months: Option<Period>,
    limit: usize,
    coverage: Coverage,
    provenance: Provenance,
) -> Archetypes {
    let all: f64 = shown.iter().map(|(member, _)| member.plugged_hours).sum();
    let named = KINDS.iter().map(|kind| (kind.id, kind.name, kind.sentence)).chain(OTHERS);
    let kinds = named.map(|kind| kind_of(kind, &shown, all)).collect();
    shown.sort_by(|a, b| b.0.plugged_hours.total_cmp(&a.0.plugged_hours));
    let total_members = shown.len();
    let members = shown.into_iter().take(limit).map(|(member, _)| member).collect();
    let (from, to) = (months.map(|months| months.first), months.map(|months| months.last));
    Archetypes { by: by.id(), from, to, kinds, members, total_members, coverage, provenance }
}

fn kind_of(
    (id, name, sentence): (&'static str, &'static str, &'static str),
    all: &[Classified],
    hours: f64,
) -> ArchetypeKind {
    let own: Vec<&Classified> = all.iter().filter(|(member, _)| member.archetype == id).collect();
    // An empty sum is minus zero.
    let plugged = own.iter().map(|(member, _)| member.plugged_hours).sum::<f64>() + 0.0;
    // Each week counts the same, however busy.
    let mut week = [0.0; HOURS];
    let mut weeks = 0.0;
    for (_, plugged) in &own {
        let whole: f64 = plugged.iter().sum();
        if whole > 0.0 {
            weeks += 1.0;
            week.iter_mut().zip(plugged).for_each(|(sum, value)| *sum += value / whole);
        }
    }
    let week = if weeks > 0.0 { week.iter().map(|sum| sum / weeks).collect() } else { Vec::new() };
    let share_of_plugged = (hours > 0.0).then(|| plugged / hours);
    ArchetypeKind { id, name, sentence, members: own.len(), share_of_plugged, week }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patterns::statistics::archetype::MIN_SESSIONS;

    #[test]
    fn how_little_is_too_little_is_said_as_it_is() {
        assert!(OTHERS[1].2.starts_with(&format!("Fewer than {MIN_SESSIONS} sessions")));
    }

    #[test]
    fn of_a_longer_period_the_last_twelve_months_are_read() {
        let of = |text: &str| Period::parse(text).map(|months| last_months(&months).to_string()).unwrap_or_default();
        assert_eq!(of("2023-10..2025-03"), "2024-04-01..2025-03-31");
        assert_eq!(of("2025-01..2025-03"), "2025-01-01..2025-03-31");
    }
}
