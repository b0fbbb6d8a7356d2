//! How much of what should have been reported was.

use std::collections::HashSet;

use kerbwatt_model::{Additive, Dimension, Period, Query};

use crate::bucket::number;
use crate::groups::{Groups, OUT};
use crate::returns::Operators;
use crate::sums::Ask;
use crate::tables::Tables;
use crate::{Coverage, EngineError, Snapshot, capacity};

/// Coverage of all that passes the question's filters in the period.
pub(crate) async fn of(
    tables: &Tables,
    snapshot: &Snapshot,
    query: &Query,
    period: &Period,
) -> Result<(Coverage, Operators), EngineError> {
    let unsplit = Query { by: vec![Dimension::Operator], metrics: Vec::new(), ..query.clone() };
    let groups = Groups::by_operator(snapshot, query)?;
    let sums = &[Additive::RegisteredDays, Additive::ReportedRegisteredDays, Additive::AvailableS];
    let ask = Ask { snapshot, groups: &groups, times: &[], period, sums };
    let operators = capacity::of(tables, &unsplit, &ask).await?;
    let (mut coverage, mut there) = (Coverage::default(), Operators::new());
    for (key, sums) in &operators {
        let group = key.first().and_then(|group| groups.values.get(usize::try_from(*group).ok()?));
        there.extend(group.and_then(|values| values.first()?.clone()));
        coverage.registered_evse_days += sums.of(Additive::RegisteredDays);
        coverage.reported_evse_days += sums.of(Additive::ReportedRegisteredDays);
        let is_registered = sums.of(Additive::RegisteredDays) > 0.0;
        coverage.operators_registered += usize::from(is_registered);
        coverage.operators_unregistered += usize::from(!is_registered && sums.of(Additive::AvailableS) > 0.0);
        coverage.operators_reported += usize::from(sums.of(Additive::ReportedRegisteredDays) > 0.0);
    }
    if coverage.registered_evse_days > 0.0 {
        coverage.share = Some(coverage.reported_evse_days / coverage.registered_evse_days);
    }
    count_evses(snapshot, &groups, period, &mut coverage);
    Ok((coverage, there))
}

fn count_evses(snapshot: &Snapshot, groups: &Groups, period: &Period, coverage: &mut Coverage) {
    let (first, last) = (number(period.first), number(period.last));
    let (mut unregistered, mut outside) = (HashSet::new(), HashSet::new());
    for at in snapshot.members.outside() {
        let (member, group) = (&snapshot.members.all()[*at], groups.of[*at]);
        if group == OUT || member.live_days(first, last).is_empty() {
            continue;
        }
        if !member.registered {
            unregistered.insert(member.evse);
        }
        if member.areas[0].is_none() {
            outside.insert(member.evse);
        }
    }
    coverage.unregistered_evses = unregistered.len();
    coverage.evses_outside_areas = outside.len();
}
