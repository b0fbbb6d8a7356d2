//! The sums of one month: those of each EVSE's version, and those of cells of them by day and by hour.

use std::ops::AddAssign;
use std::sync::Arc;

use kerbwatt_model::{Additive, LocalTime, Zone, day_of_number, each_share};

use super::RollupInput;
use crate::bucket::{self, number};
use crate::facts::{self, Piece, SessionFacts, float};
use crate::member::{Member, Members};
use crate::sums::Sums;
use crate::zones::Clocks;

const HOURS: usize = 168;

/// A month, and all that is known of it.
pub(super) struct Month<'a> {
    /// Number of its first day.
    pub(super) first: i32,
    last: i32,
    members: &'a Members,
    /// Sessions, those of each EVSE together.
    sessions: Vec<SessionFacts>,
    /// Whether any session says when charging ended.
    has_ends: bool,
    has_capacity: bool,
    /// Of each day, whether an accepted return covers it.
    reported: Vec<bool>,
    /// Of each zone, how long each day is, seconds.
    lengths_s: Vec<(Arc<str>, Vec<f64>)>,
}

impl<'a> Month<'a> {
    pub(super) fn of(input: &RollupInput<'a>) -> Self {
        let (first, last) = (number(input.month.first_of_month()), number(input.month.last_of_month()));
        let is_reported = |day| input.reported.iter().any(|period| period.contains(day_of_number(i64::from(day))));
        let length_s = |zone: &Zone, day: i32| float(zone.seconds_in_day(day_of_number(day.into())));
        let lengths_s = input
            .members
            .zones()
            .iter()
            .map(|(name, zone)| (Arc::clone(name), (first..=last).map(|day| length_s(zone, day)).collect()));
        let mut sessions = input.sessions.to_vec();
        sessions.sort_by_key(|session| session.evse);
        let mut month = Self {
            first,
            last,
            members: input.members,
            sessions,
            has_ends: false,
            has_capacity: input.has_capacity,
            reported: (first..=last).map(is_reported).collect(),
            lengths_s: lengths_s.collect(),
        };
        month.has_ends = month.says_any_end();
        month
    }

    /// Clocks of the members.
    pub(super) fn clocks(&self) -> Clocks<'a> {
        Clocks::of(self.members)
    }

    /// Sums in which there is nothing yet.
    pub(super) fn nothing(&self) -> MonthSums {
        let days = self.reported.len();
        MonthSums {
            first: self.first,
            hours: vec![Sums::default(); days * 24],
            has_hour: vec![false; days * 24],
            days: vec![Sums::default(); days],
            has_day: vec![false; days],
        }
    }

    /// Time without an end of charging is left out of a denominator only where that counts any of the month.
    fn says_any_end(&self) -> bool {
        let mut clocks = self.clocks();
        self.sessions.iter().filter(|session| session.stay.charging_end.is_some()).any(|session| {
            let Some(member) = self.members.versions_of(session.evse).next() else { return false };
            let Some(clock) = clocks.get(&member.zone) else { return false };
            let mut is_in = false;
            each_share(&session.stay, clock, |share| {
                is_in |= self.has(share.day) && self.members.version_on(session.evse, share.day).is_some();
            });
            is_in
        })
    }

    fn has(&self, day: i32) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// Adds the sessions and the capacity of one version of an EVSE to those of its cell, and gives its own of the whole month; none
    /// where there is nothing.
    pub(super) fn add(&self, cell: &mut MonthSums, member: &Member, clocks: &mut Clocks<'_>) -> Option<Sums> {
        // A version may change on the way; the clock of an EVSE does not.
        let clock = clocks.get(&member.zone)?;
        let from = self.sessions.partition_point(|session| session.evse < member.evse);
        let of_evse = self.sessions[from..].iter().take_while(|session| session.evse == member.evse);
        let mut own = None;
        for session in of_evse {
            self.each_piece(session, member, clock, |hour, piece| {
                facts::add(cell.hour(hour), session, piece);
                facts::add(own.get_or_insert_default(), session, piece);
            });
        }
        if self.has_capacity {
            self.each_capacity(member, |day, capacity| {
                *cell.day(day) += capacity;
                *own.get_or_insert_default() += capacity;
            });
        }
        own
    }

    /// Calls `take` with the hour, counted from the beginning of the month, and the part of a session in it, of those that count
    /// for a version of an EVSE.
    fn each_piece(
        &self,
        session: &SessionFacts,
        member: &Member,
        clock: &mut LocalTime<'_>,
        mut take: impl FnMut(i32, &Piece),
    ) {
        let (mut next_s, mut is_first) = (0, true);
        let is_only = self.members.indexes_of(member.evse).len() == 1;
        each_share(&session.stay, clock, |share| {
            let (offset_s, is_start) = (next_s, std::mem::replace(&mut is_first, false));
            next_s += share.plugged_s;
            if !self.has(share.day) || !(is_only || self.is_version(member, share.day)) {
                return;
            }
            let is_open = member.is_live(share.day) && self.is_reported(share.day);
            let piece = Piece {
                offset_s,
                plugged_s: share.plugged_s,
                energy_kwh: share.energy_kwh,
                is_start,
                is_rated: member.rated_kw.is_some(),
                is_open,
                is_in_ends: self.has_ends && is_open,
            };
            take((share.day - self.first) * 24 + i32::from(share.hour), &piece);
        });
    }

    /// Whether this version of an EVSE is the one that counts on a day.
    fn is_version(&self, member: &Member, day: i32) -> bool {
        let on = self.members.version_on(member.evse, day);
        on.is_some_and(|at| self.members.all()[at].version == member.version)
    }

    fn is_reported(&self, day: i32) -> bool {
        usize::try_from(day - self.first).ok().and_then(|at| self.reported.get(at)).copied().unwrap_or(false)
    }

    /// Calls `take` with each day in service, counted from the first, and its capacity.
    fn each_capacity(&self, member: &Member, mut take: impl FnMut(i32, &Sums)) {
        let Some((_, lengths_s)) = self.lengths_s.iter().find(|(zone, _)| *zone == member.zone) else { return };
        let registered = f64::from(u8::from(member.registered));
        for day in member.live_days(self.first, self.last) {
            let is_reported = self.is_reported(day);
            let live_s =
                usize::try_from(day - self.first).ok().and_then(|at| lengths_s.get(at)).copied().unwrap_or(0.0);
            let available_s = if is_reported { live_s } else { 0.0 };
            let mut capacity = Sums::default();
            capacity.add(Additive::LiveDays, 1.0);
            capacity.add(Additive::RegisteredDays, registered);
            capacity.add(Additive::ReportedRegisteredDays, if is_reported { registered } else { 0.0 });
            capacity.add(Additive::LiveS, live_s);
            capacity.add(Additive::AvailableS, available_s);
            if let Some(kw) = member.rated_kw {
                capacity.add(Additive::RatedS, available_s);
                capacity.add(Additive::CapacityKwh, kw * available_s / 3600.0);
            }
            if self.has_ends {
                capacity.add(Additive::EndsAvailableS, available_s);
            }
            take(day - self.first, &capacity);
        }
    }
}

/// Use by hour and capacity by day of a cell, and of which there is any.
pub(super) struct MonthSums {
    /// Number of the first day.
    first: i32,
    hours: Vec<Sums>,
    has_hour: Vec<bool>,
    days: Vec<Sums>,
    has_day: Vec<bool>,
}

impl MonthSums {
    fn hour(&mut self, at: i32) -> &mut Sums {
        let at = usize::try_from(at).unwrap_or(0);
        self.has_hour[at] = true;
        &mut self.hours[at]
    }

    fn day(&mut self, at: i32) -> &mut Sums {
        let at = usize::try_from(at).unwrap_or(0);
        self.has_day[at] = true;
        &mut self.days[at]
    }

    /// Calls `take` with each day, and use and capacity of it.
    pub(super) fn each_day(&self, mut take: impl FnMut(i32, &Sums)) {
        for (at, (capacity, hours)) in (0..).zip(self.days.iter().zip(self.hours.chunks(24))) {
            let from = at * 24;
            if self.has_day[at] || self.has_hour[from..from + 24].contains(&true) {
                let mut sums = *capacity;
                hours.iter().for_each(|hour| sums += hour);
                take(self.first + i32::try_from(at).unwrap_or(0), &sums);
            }
        }
    }

    /// Calls `take` with each day and hour of the week, and the use in it.
    pub(super) fn each_hour(&self, mut take: impl FnMut(i32, i32, &Sums)) {
        for (at, (sums, _)) in (0..).zip(self.hours.iter().zip(&self.has_hour)).filter(|(_, (_, has))| **has) {
            let day = self.first + at / 24;
            take(day, bucket::weekday(day) * 24 + at % 24, sums);
        }
    }

    /// Calls `take` with each hour of the week, and the use in it in the month.
    pub(super) fn each_hour_of_week(&self, mut take: impl FnMut(i32, &Sums)) {
        let mut week: [Option<Sums>; HOURS] = [None; HOURS];
        self.each_hour(|_, how, sums| {
            if let Some(known) = usize::try_from(how).ok().and_then(|how| week.get_mut(how)) {
                *known.get_or_insert_default() += sums;
            }
        });
        (0..).zip(&week).for_each(|(how, sums)| sums.iter().for_each(|sums| take(how, sums)));
    }
}

impl AddAssign<&Self> for MonthSums {
    fn add_assign(&mut self, more: &Self) {
        for (at, sums) in (0..).zip(&more.hours).filter(|(at, _)| more.has_hour[*at]) {
            *self.hour(i32::try_from(at).unwrap_or(0)) += sums;
        }
        for (at, sums) in (0..).zip(&more.days).filter(|(at, _)| more.has_day[*at]) {
            *self.day(i32::try_from(at).unwrap_or(0)) += sums;
        }
    }
}
