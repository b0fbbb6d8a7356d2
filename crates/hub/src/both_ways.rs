//! What a return comes to with a repair and without it: the rows that pass the checks, as its page counts them, read both ways.

use std::collections::BTreeMap;

use kerbwatt_intake::{DayCount, Headline, Headlines, Repair};
use kerbwatt_model::{Zone, day_of_number};

use crate::HubError;
use crate::reading::How;
use crate::report::Read;

impl Read {
    /// Whether there is another way to read it.
    pub(crate) fn has_two_ways(&self) -> bool {
        !self.report.applied.is_empty() || self.provable().next().is_some()
    }
}

/// Counts a return both ways for each repair that is applied or can be; `read_as` reads its file in another way.
pub(crate) fn tell_both_ways(
    read: &mut Read,
    how: &How,
    read_as: impl Fn(&How) -> Result<Read, HubError>,
) -> Result<(), HubError> {
    let zone = read.zone()?;
    let mut proposed = std::mem::take(&mut read.report.repairs);
    let mut applied = std::mem::take(&mut read.report.applied);
    for repair in proposed.iter_mut().filter(|repair| repair.provable) {
        let mut with = how.clone();
        with.repairs.push(repair.kind.id().to_owned());
        // What the file by itself says of it stays where it cannot be read in the other way.
        if let Ok(after) = read_as(&with) {
            tell(repair, &zone, read, &after);
        }
    }
    for repair in &mut applied {
        let mut without = how.clone();
        without.repairs.retain(|id| id != repair.kind.id());
        if let Ok(before) = read_as(&without) {
            tell(repair, &zone, &before, read);
        }
    }
    (read.report.repairs, read.report.applied) = (proposed, applied);
    Ok(())
}

fn tell(repair: &mut Repair, zone: &Zone, before: &Read, after: &Read) {
    repair.headline = Headlines { before: headline(before), after: headline(after) };
    // A repair that moves nothing in time has none.
    if !repair.by_day.is_empty() {
        let mut days = BTreeMap::<i64, (u64, u64)>::new();
        for_each_day(before, zone, |day| days.entry(day).or_default().0 += 1);
        for_each_day(after, zone, |day| days.entry(day).or_default().1 += 1);
        let count = |(day, (before, after))| DayCount { day: day_of_number(day), before, after };
        repair.by_day = days.into_iter().map(count).collect();
    }
}

fn headline(read: &Read) -> Headline {
    let totals = &read.report.totals;
    Headline {
        sessions: totals.accepted,
        energy_kwh: totals.energy_kwh.accepted,
        first_day: read.report.found.map(|found| found.first),
        last_day: read.report.found.map(|found| found.last),
    }
}

fn for_each_day(read: &Read, zone: &Zone, mut take: impl FnMut(i64)) {
    let mut local = zone.local();
    read.sessions.plug_ins_s().iter().for_each(|at| take(local.day(*at)));
}
