//! Time in which every EVSE of a location was taken: a sweep over half-open intervals, location by location.

use std::collections::{BTreeMap, HashMap};
use std::ops::AddAssign;
use std::sync::Arc;

use kerbwatt_model::{Dimension, Period, Zone, day_of_number, in_threads};

use crate::bucket::number;
use crate::facts::float;
use crate::groups::OUT;
use crate::keyed::Keyed;
use crate::known::Known;
use crate::member::Member;
use crate::raw::{Scan, join};
use crate::sessions::each_session;
use crate::sums::Key;
use crate::zones::Zones;
use crate::{EngineError, bucket};

/// Seconds of locations.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) struct SiteTime {
    /// With an EVSE live, reported or not.
    pub(crate) live_s: i64,
    /// With an EVSE live and reported.
    pub(crate) open_s: i64,
    /// Of these, with all of those taken.
    pub(crate) taken_s: i64,
}

impl SiteTime {
    /// Share of the open time; none where there is none.
    pub(crate) fn share(&self) -> Option<f64> {
        (self.open_s > 0).then(|| float(self.taken_s) / float(self.open_s))
    }
}

impl AddAssign for SiteTime {
    fn add_assign(&mut self, more: Self) {
        self.live_s += more.live_s;
        self.open_s += more.open_s;
        self.taken_s += more.taken_s;
    }
}

/// From and to, seconds since 1970, half open.
type Span = (i64, i64);

/// A change at an instant: of EVSEs live, of those reported, and of those taken.
type Event = (i64, [i64; 3]);

/// Locations that one thread works on at a time.
const SITES_AT_A_TIME: usize = 64;

/// The EVSEs of one location that fall in one group.
struct Site {
    group: i32,
    zone: Arc<str>,
    events: Vec<Event>,
}

/// Time of locations by key.
pub(crate) fn of(scan: &Scan<'_>, reported: &Known) -> Result<HashMap<Key, SiteTime>, EngineError> {
    let taken = taken(scan)?;
    let members = scan.snapshot.members.all();
    let mut sites: BTreeMap<(i32, &str), Vec<usize>> = BTreeMap::new();
    for (at, (member, group)) in members.iter().zip(&scan.groups.of).enumerate() {
        if *group != OUT && days_of(member, scan.period).is_some() {
            sites.entry((*group, &member.location)).or_default().push(at);
        }
    }
    let sites: Vec<((i32, &str), Vec<usize>)> = sites.into_iter().collect();
    let some: Vec<_> = sites.chunks(SITES_AT_A_TIME).collect();
    let of_some = in_threads(&some, |sites| {
        let (mut zones, mut times) = (Zones::default(), Keyed::default());
        for ((group, _), members) in *sites {
            let site = site(scan, reported, (*group, members), &taken, &mut zones);
            sweep(site, scan.times, &mut zones, &mut times);
        }
        times
    });
    Ok(Keyed::merged(of_some, |all: &mut SiteTime, more| *all += more).into_map(|time| time))
}

fn site(
    scan: &Scan<'_>,
    reported: &Known,
    (group, members): (i32, &[usize]),
    taken: &HashMap<i32, Vec<Span>>,
    zones: &mut Zones,
) -> Site {
    let all = scan.snapshot.members.all();
    let zone = members.first().map_or_else(|| "UTC".into(), |first| Arc::clone(&all[*first].zone));
    let mut site = Site { group, zone, events: Vec::new() };
    for at in members {
        let Some((from, to)) = days_of(&all[*at], scan.period) else { continue };
        let zone = zones.get(&all[*at].zone);
        let open: Vec<Span> = reported.runs(*at, from, to).into_iter().map(|run| instants(run, zone)).collect();
        add(&mut site.events, &[instants((from, to), zone)], [1, 0, 0]);
        add(&mut site.events, &open, [0, 1, 0]);
        let taken = taken.get(&all[*at].evse).map_or(&[][..], Vec::as_slice);
        add(&mut site.events, &common(&open, taken), [0, 0, 1]);
    }
    site
}

/// Days of a period on which a version of an EVSE is live.
fn days_of(member: &Member, period: &Period) -> Option<(i32, i32)> {
    let (from, to) = member.live_days(number(period.first), number(period.last)).into_inner();
    (from <= to).then_some((from, to))
}

fn instants((first, last): (i32, i32), zone: &Zone) -> Span {
    let start = |day: i64| zone.start_of_day(day_of_number(day)).as_second();
    (start(first.into()), start(i64::from(last) + 1))
}

/// When each EVSE was taken: its sessions, joined where they meet or overlap.
fn taken(scan: &Scan<'_>) -> Result<HashMap<i32, Vec<Span>>, EngineError> {
    let of_files = scan.of_files(&[], |taken: &mut Vec<(i32, Vec<Span>)>, clocks, batch| {
        each_session(batch, scan.span(), |_, session| {
            let span = (session.stay.plug_in.as_second(), session.stay.plug_out.as_second());
            if span.0 < span.1 && scan.versions_and_clock(session, clocks).is_some() {
                // Those of an EVSE lie one after the other.
                match taken.last_mut() {
                    Some((evse, spans)) if *evse == session.evse => spans.push(span),
                    _ => taken.push((session.evse, vec![span])),
                }
            }
            Ok(())
        })
    })?;
    let mut taken: HashMap<i32, Vec<Span>> = HashMap::new();
    for (evse, spans) in of_files.into_iter().flatten() {
        taken.entry(evse).or_default().extend(spans);
    }
    taken.values_mut().for_each(join_all);
    Ok(taken)
}

fn join_all(spans: &mut Vec<Span>) {
    spans.sort_unstable();
    spans.dedup_by(|next, last| join(last, *next));
}

/// What two sorted lists of spans have in common.
fn common(a: &[Span], b: &[Span]) -> Vec<Span> {
    let (mut at, mut other, mut both) = (0, 0, Vec::new());
    while let (Some(one), Some(two)) = (a.get(at), b.get(other)) {
        let span = (one.0.max(two.0), one.1.min(two.1));
        if span.0 < span.1 {
            both.push(span);
        }
        if one.1 <= two.1 { at += 1 } else { other += 1 }
    }
    both
}

fn add(events: &mut Vec<Event>, spans: &[Span], change: [i64; 3]) {
    for (from, to) in spans {
        events.extend([(*from, change), (*to, change.map(|count| -count))]);
    }
}

/// Goes through the changes of a location in order. Changes at the same instant are taken together, so that a session that
/// ends when another starts frees nothing in between.
fn sweep(mut site: Site, times: &[Dimension], zones: &mut Zones, into: &mut Keyed<SiteTime>) {
    site.events.sort_unstable();
    let zone = zones.get(&site.zone);
    let (mut now, mut since) = ([0i64; 3], i64::MIN);
    let mut key = Key::new();
    for (at, change) in site.events {
        let [live, open, taken] = now;
        if at > since && live > 0 {
            let is_taken = open > 0 && taken >= open;
            split((since, at), times, zone, |buckets, seconds| {
                key.clear();
                key.push(site.group);
                key.extend(buckets);
                let of_those = |does_count: bool| if does_count { seconds } else { 0 };
                *into.at(&key) += SiteTime { live_s: seconds, open_s: of_those(open > 0), taken_s: of_those(is_taken) };
            });
        }
        since = at;
        for (count, by) in now.iter_mut().zip(change) {
            *count += by;
        }
    }
}

/// Splits a span at the local hours or days that the buckets need.
fn split((from, to): Span, times: &[Dimension], zone: &Zone, mut take: impl FnMut(&[i32], i64)) {
    if times.is_empty() {
        return take(&[], to - from);
    }
    let by_hours = times.iter().any(|time| time.is_within_day());
    let mut buckets = vec![0; times.len()];
    let mut at = from;
    while at < to {
        let local = at + zone.offset_s(at);
        let day = i32::try_from(local.div_euclid(86_400)).unwrap_or(i32::MAX);
        let hour = u8::try_from(local.rem_euclid(86_400) / 3600).unwrap_or(0);
        let end = if by_hours {
            at + 3600 - local.rem_euclid(3600)
        } else {
            zone.start_of_day(day_of_number(i64::from(day) + 1)).as_second()
        };
        // A clock that was put back at midnight would stand still.
        let next = end.max(at + 1).min(to);
        for (bucket, time) in buckets.iter_mut().zip(times) {
            *bucket = bucket::of_hour(*time, day, hour);
        }
        take(&buckets, next - at);
        at = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_that_meet_or_overlap_become_one() {
        let mut spans = vec![(5, 9), (0, 2), (2, 4), (6, 7)];
        join_all(&mut spans);
        assert_eq!(spans, [(0, 4), (5, 9)]);
        assert_eq!(common(&spans, &[(1, 6), (8, 20)]), [(1, 4), (5, 6), (8, 9)]);
    }

    #[test]
    fn a_site_is_taken_when_the_last_point_is_and_free_when_the_first_leaves() {
        let mut site = Site { group: 0, zone: "UTC".into(), events: Vec::new() };
        for span in [(10, 40), (20, 60)] {
            add(&mut site.events, &[(0, 100)], [1, 1, 0]);
            add(&mut site.events, &[span], [0, 0, 1]);
        }
        let mut times: Keyed<SiteTime> = Keyed::default();
        sweep(site, &[], &mut Zones::default(), &mut times);
        assert_eq!(*times.at(&[0]), SiteTime { live_s: 100, open_s: 100, taken_s: 20 });
    }
}
