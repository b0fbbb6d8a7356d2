//! Days since EVSEs were used last, as far as returns tell.

use std::collections::HashMap;

use kerbwatt_model::{Additive, Period, Since};

use crate::bucket::number;
use crate::groups::{Groups, OUT};
use crate::known::Known;
use crate::last_use::last_use;
use crate::per_session::median;
use crate::tables::Tables;
use crate::{EngineError, Snapshot};

/// Reported days since last use, of all EVSEs of a group that are live and reported.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Unused(Vec<f64>);

impl Unused {
    /// One figure of them.
    pub(crate) fn of(&self, which: Since) -> Option<f64> {
        match which {
            Since::Middle => median(self.0.clone()),
            Since::Longest => self.0.iter().copied().max_by(f64::total_cmp),
        }
    }
}

/// Reported days since last use, by group, as of the end of a period.
pub(crate) async fn of(
    tables: &Tables,
    snapshot: &Snapshot,
    groups: &Groups,
    period: &Period,
) -> Result<HashMap<i32, Unused>, EngineError> {
    let first = snapshot.days.map_or(period.first, |(first, _)| first.min(period.first));
    let past = Period { first, last: period.last };
    let reported = Known::reported(tables, snapshot, &past).await?;
    let evses: Vec<i32> = snapshot.members.all().iter().map(|member| member.evse).collect();
    let last_use = last_use(tables, snapshot, &evses, &past, &[Additive::Sessions, Additive::PluggedS]).await?;
    let (start, begin, end) = (number(first), number(period.first), number(period.last));
    let mut unused: HashMap<i32, Unused> = HashMap::new();
    for (member, group) in snapshot.members.all().iter().zip(&groups.of) {
        if *group == OUT || !member.is_live(end) || reported_days(snapshot, &reported, member.evse, begin, end) == 0 {
            continue;
        }
        let after = last_use.get(&member.evse).map_or(start, |day| day + 1);
        let days = reported_days(snapshot, &reported, member.evse, after, end);
        unused.entry(*group).or_default().0.push(f64::from(days));
    }
    Ok(unused)
}

/// Days on which an EVSE was live, in whichever version, and its operator reported.
fn reported_days(snapshot: &Snapshot, reported: &Known, evse: i32, from: i32, to: i32) -> u32 {
    let mut count = 0;
    for at in snapshot.members.indexes_of(evse) {
        let days = snapshot.members.all()[*at].live_days(from, to);
        count += days.map(|day| u32::from(reported.has(*at, day))).sum::<u32>();
    }
    count
}
