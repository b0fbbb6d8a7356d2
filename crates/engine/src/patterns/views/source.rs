//! What patterns are made of: answers of the one door, and sums of the same rollups by charge point.

use std::collections::HashMap;
use std::sync::Arc;

use kerbwatt_model::{Additive, Dimension, Metric, Period, Query, Viewer, metric};

use super::weeks::{WeekSums, weeks};
use crate::bucket::number;
use crate::groups::{Groups, OUT};
use crate::known::Known;
use crate::raw::Scan;
use crate::sums::Sums;
use crate::{Answer, Engine, EngineError, Snapshot};

/// The engine at one snapshot, for a question's filters and a viewer.
#[derive(Clone, Copy)]
pub(in crate::patterns) struct Source<'a> {
    pub(in crate::patterns) engine: &'a Engine,
    pub(in crate::patterns) snapshot: &'a Snapshot,
    /// Filters and period; its metrics and dimensions are not looked at.
    pub(in crate::patterns) query: &'a Query,
    pub(in crate::patterns) viewer: Viewer,
}

/// What patterns ask of each charge point or site: others stay zero.
const OF_MEMBERS: [Additive; 6] = [
    Additive::Sessions,
    Additive::EnergyKwh,
    Additive::PluggedS,
    Additive::AvailableS,
    Additive::RegisteredDays,
    Additive::ReportedRegisteredDays,
];

/// Sums of one charge point or site.
pub(in crate::patterns) struct MemberSums {
    pub(in crate::patterns) id: Arc<str>,
    pub(in crate::patterns) name: Arc<str>,
    pub(in crate::patterns) sums: Sums,
}

impl MemberSums {
    /// Whether anything is known of it: not having been reported is not the same as not having been used.
    pub(in crate::patterns) fn is_known(&self) -> bool {
        self.sums.of(Additive::AvailableS) > 0.0 || self.sums.of(Additive::Sessions) > 0.0
    }
}

impl Source<'_> {
    /// The period asked, or all days with data; none where there is no data.
    pub(in crate::patterns) fn period(&self) -> Option<Period> {
        let all = || self.snapshot.days.and_then(|(first, last)| Period::new(first, last).ok());
        self.query.period.or_else(all)
    }

    /// Whether data covers a period from end to end: otherwise comparing with it would look like growth.
    pub(in crate::patterns) fn holds(&self, period: &Period) -> bool {
        self.snapshot.days.is_some_and(|(first, last)| first <= period.first && period.last <= last)
    }

    /// Figures by dimensions, through the one door.
    pub(in crate::patterns) async fn answer(
        &self,
        metrics: &[&'static Metric],
        by: &[Dimension],
        period: Option<Period>,
    ) -> Result<Answer, EngineError> {
        let query = Query { metrics: metrics.to_vec(), by: by.to_vec(), period, ..self.query.clone() };
        self.engine.answer(self.snapshot, &query, self.viewer).await
    }

    /// As [`Source::answer`], of metrics by id.
    pub(in crate::patterns) async fn answer_ids(
        &self,
        ids: &[&str],
        by: &[Dimension],
        period: Option<Period>,
    ) -> Result<Answer, EngineError> {
        let metrics: Vec<&'static Metric> = ids.iter().filter_map(|id| metric(id)).collect();
        self.answer(&metrics, by, period).await
    }

    /// Days on which the returns of an operator begin or end, among those that pass the filters; as numbers.
    pub(in crate::patterns) async fn borders_of_returns(&self, period: &Period) -> Result<Vec<i32>, EngineError> {
        let known = Known::reported(&self.engine.tables, self.snapshot, period).await?;
        let groups = Groups::by_operator(self.snapshot, self.query)?;
        // One member stands for each operator.
        let firsts = (0i32..).zip(&groups.values).filter_map(|(group, _)| groups.of.iter().position(|of| *of == group));
        let (first, last) = (number(period.first), number(period.last));
        let is_border = |member: usize, day: &i32| known.has(member, *day) != known.has(member, *day - 1);
        Ok(firsts
            .flat_map(|member| (first + 1..=last).filter(move |day| is_border(member, day)).collect::<Vec<_>>())
            .collect())
    }

    /// Charge points that pass the filters and are in service on each of two days, given as their numbers.
    pub(in crate::patterns) fn in_service(&self, days: [i32; 2]) -> Result<[usize; 2], EngineError> {
        let groups = Groups::by_operator(self.snapshot, self.query)?;
        let members = || self.snapshot.members.all().iter().zip(&groups.of).filter(|(_, of)| **of != OUT);
        Ok(days
            .map(|day| members().filter(|(member, _)| (member.live_first..=member.live_last).contains(&day)).count()))
    }

    /// Sums of each charge point or site that passes the filters.
    pub(in crate::patterns) async fn by_member(
        &self,
        by: Dimension,
        period: &Period,
    ) -> Result<Vec<MemberSums>, EngineError> {
        // As in `rows`: whoever adds a viewer decides here too.
        let Viewer::LocalOwner = self.viewer;
        let query = Query { metrics: Vec::new(), by: vec![by], ..self.query.clone() };
        let groups = Groups::of(self.snapshot, &query)?;
        let mut sums = self.engine.sums(self.snapshot, &query, &groups, period, &OF_MEMBERS).await?;
        let mut names: Vec<Option<&Arc<str>>> = vec![None; groups.values.len()];
        for (member, group) in self.snapshot.members.all().iter().zip(&groups.of) {
            if let Some(name) = usize::try_from(*group).ok().and_then(|group| names.get_mut(group)) {
                *name = Some(&member.location_name);
            }
        }
        let members = groups.values.iter().zip(names).zip(0i32..).filter_map(|((values, name), group)| {
            let id = values.first()?.clone()?;
            let name = Arc::clone(name.unwrap_or(&id));
            Some(MemberSums { id, name, sums: sums.remove(&vec![group])? })
        });
        let mut members: Vec<MemberSums> = members.collect();
        members.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(members)
    }

    /// The weeks of charge points or sites over whole months, by id.
    pub(in crate::patterns) fn weeks(
        &self,
        by: Dimension,
        months: &Period,
    ) -> Result<HashMap<String, WeekSums>, EngineError> {
        self.weeks_of(&self.groups(by)?, months)
    }

    /// As [`Source::weeks`], of groups with one dimension.
    pub(super) fn weeks_of(&self, groups: &Groups, months: &Period) -> Result<HashMap<String, WeekSums>, EngineError> {
        // The owner sees everything. The match makes whoever adds a viewer decide here.
        let Viewer::LocalOwner = self.viewer;
        let (tables, snapshot) = (&self.engine.tables, self.snapshot);
        let of_groups = weeks(&Scan { tables, snapshot, groups, times: &[], period: months })?;
        let named = groups.values.iter().zip(of_groups);
        Ok(named.filter_map(|(values, week)| Some((values.first()?.as_deref()?.to_owned(), week?))).collect())
    }

    pub(super) fn groups(&self, by: Dimension) -> Result<Groups, EngineError> {
        Groups::of(self.snapshot, &Query { by: vec![by], ..self.query.clone() })
    }
}

/// The whole months that a period touches.
pub(in crate::patterns) fn months_touched(period: &Period) -> Period {
    Period { first: period.first.first_of_month(), last: period.last.last_of_month() }
}

/// The whole months within a period; an end at or beyond that of the data is the end of its month, as nothing lies between.
pub(in crate::patterns) fn months_within(source: &Source<'_>, period: &Period) -> Option<Period> {
    let (first_day, last_day) = source.snapshot.days?;
    let (month, end) = (period.first.first_of_month(), period.last.last_of_month());
    let is_whole = period.first == month || period.first <= first_day;
    let first = if is_whole { month } else { month.last_of_month().tomorrow().ok()? };
    let is_whole = period.last == end || period.last >= last_day;
    let last = if is_whole { end } else { end.first_of_month().yesterday().ok()? };
    Period::new(first, last).ok()
}
