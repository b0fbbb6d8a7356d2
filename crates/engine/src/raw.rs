//! Single sessions: the route that answers everything, and the only one for medians, peaks and bins.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use datafusion::arrow::array::RecordBatch;
use jiff::Timestamp;
use kerbwatt_model::{Additive, Dimension, LocalTime, Period, day_number, each_share, in_threads};
use kerbwatt_store::{LakeFile, SESSIONS};

use crate::bucket::number;
use crate::facts::{Piece, SessionFacts};
use crate::groups::{Groups, OUT};
use crate::keyed::Keyed;
use crate::known::Known;
use crate::session_reader::Evses;
use crate::sessions::{MORE_OF_SESSION, OF_SESSION, each_session};
use crate::sums::{ByKey, Key, Sums};
use crate::tables::Tables;
use crate::zones::Clocks;
use crate::{EngineError, Snapshot, bucket, facts};

/// What to read single sessions for.
#[derive(Clone, Copy)]
pub(crate) struct Scan<'a> {
    pub(crate) tables: &'a Tables,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) groups: &'a Groups,
    pub(crate) times: &'a [Dimension],
    pub(crate) period: &'a Period,
}

/// An EVSE, and when it is taken: from one second to another, counted from the beginning of the span that is read.
type Taken = (i32, (u32, u32));

/// Makes a span last until the end of another, where that begins within it or where it ends: sessions that overlap take an EVSE
/// once. Tells whether it did.
pub(crate) fn join<T: Ord + Copy>(last: &mut (T, T), next: (T, T)) -> bool {
    let meets = last.0 <= next.0 && next.0 <= last.1;
    if meets {
        last.1 = last.1.max(next.1);
    }
    meets
}

/// Adds a stay, to the last one where that is of the same EVSE and they meet.
fn take(all: &mut Vec<Taken>, (evse, span): Taken) {
    let is_joined = all.last_mut().is_some_and(|(last, known)| *last == evse && join(known, span));
    if !is_joined {
        all.push((evse, span));
    }
}

/// The most EVSEs taken at once: a sweep over half-open intervals, so that an end comes before a start at the same instant.
fn most_at_once(mut taken: Vec<Taken>) -> i64 {
    taken.sort_unstable();
    let mut apart = Vec::with_capacity(taken.len());
    taken.into_iter().for_each(|one| take(&mut apart, one));
    let sorted = |of: fn(&Taken) -> u32| {
        let mut instants: Vec<u32> = apart.iter().map(of).collect();
        instants.sort_unstable();
        instants
    };
    let (begins, ends) = (sorted(|(_, (begin, _))| *begin), sorted(|(_, (_, end))| *end));
    let (mut ended, mut most) = (0, 0);
    for (begun, at) in begins.iter().enumerate() {
        ended += ends[ended..].iter().take_while(|end| *end <= at).count();
        most = most.max(begun + 1 - ended);
    }
    i64::try_from(most).unwrap_or(i64::MAX)
}

/// How finely sessions are taken apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parts {
    /// At each local hour: for what looks at the days of parts, too.
    Hours,
    /// Where a bucket ends: a session that lies in one bucket and within the period stays whole.
    Buckets,
}

/// One part of a session, with the member it is of.
pub(crate) struct Part {
    pub(crate) piece: Piece,
    pub(crate) member: usize,
    pub(crate) day: i32,
}

/// Files of a round.
const ROUND: usize = 16;

impl Scan<'_> {
    /// Sums of sessions, spread over local hours.
    pub(crate) async fn sums(&self, wanted: &[Additive]) -> Result<ByKey, EngineError> {
        let has_ends = wanted.contains(&Additive::UnendedS);
        let is_of_days = has_ends || wanted.iter().any(|sum| sum.is_open());
        let reported =
            if is_of_days { Some(Known::reported(self.tables, self.snapshot, self.period).await?) } else { None };
        let ends = if has_ends { Some(Known::ends(self.tables, self.snapshot, self.period).await?) } else { None };
        let members = self.snapshot.members.all();
        let fees = [Additive::FeeSessions, Additive::FeePence, Additive::FeeKwh];
        let more: &[&str] = if wanted.iter().any(|sum| fees.contains(sum)) {
            &MORE_OF_SESSION
        } else {
            &["charging_end", "energy_kwh"]
        };
        let parts = if is_of_days { Parts::Hours } else { Parts::Buckets };
        let of_files = self.each(more, parts, |sums: &mut Keyed<Sums>, session, key, part| {
            let has = |known: Option<&Known>, day| known.is_some_and(|known| known.has(part.member, day));
            let is_open = has(reported.as_ref(), part.day) && members[part.member].is_live(part.day);
            let is_in_ends = is_open && has(ends.as_ref(), bucket::of_day(Dimension::Month, part.day));
            facts::add(sums.at(key), session, &Piece { is_open, is_in_ends, ..part.piece });
        })?;
        Ok(Keyed::merged(of_files, |all, more| *all += &more).into_map(|sums| sums))
    }

    /// The most EVSEs taken at once, by key.
    pub(crate) fn peaks(&self) -> Result<HashMap<Key, i64>, EngineError> {
        let from_s = self.span().0.as_second();
        let since = |second: i64| u32::try_from(second - from_s).unwrap_or(u32::MAX);
        let of_files =
            self.each(&[], Parts::Buckets, |taken: &mut Keyed<Vec<Taken>>, session, key, Part { piece, .. }| {
                if piece.plugged_s > 0 {
                    let begin = session.stay.plug_in.as_second() + piece.offset_s;
                    take(taken.at(key), (session.evse, (since(begin), since(begin + piece.plugged_s))));
                }
            })?;
        let taken = Keyed::merged(of_files, |all: &mut Vec<Taken>, more| all.extend(more));
        // Taken out one by one: all of them twice would be too much.
        let values: Vec<_> = taken.values.into_iter().map(Mutex::new).collect();
        let of_key = |taken: &Mutex<Vec<Taken>>| {
            most_at_once(std::mem::take(&mut taken.lock().unwrap_or_else(PoisonError::into_inner)))
        };
        Ok(taken.keys.into_iter().zip(in_threads(&values, of_key)).collect())
    }

    /// Works through the sessions of the groups that may touch the period, file by file on all processors; `more` columns are
    /// read with what makes a session. What comes of the files is in their order, so that the same question adds up the same
    /// numbers in the same order.
    pub(crate) fn of_files<A: Default + Send>(
        &self,
        more: &[&str],
        each: impl Fn(&mut A, &mut Clocks<'_>, &RecordBatch) -> Result<(), EngineError> + Sync,
    ) -> Result<Vec<A>, EngineError> {
        self.of_some(&self.files()?, more, each)
    }

    fn of_some<A: Default + Send>(
        &self,
        files: &[&LakeFile],
        more: &[&str],
        each: impl Fn(&mut A, &mut Clocks<'_>, &RecordBatch) -> Result<(), EngineError> + Sync,
    ) -> Result<Vec<A>, EngineError> {
        let footers = &self.tables.footers;
        let (mut columns, evses) = ([&OF_SESSION, more].concat(), self.evses());
        if self.times.contains(&Dimension::SessionEnergy) {
            columns.push("energy_kwh");
        }
        let of_file = |file: &&LakeFile| {
            let (mut taken, mut clocks) = (A::default(), Clocks::of(&self.snapshot.members));
            footers.each_batch(file, &columns, &evses, |batch| each(&mut taken, &mut clocks, batch))?;
            Ok(taken)
        };
        in_threads(files, of_file).into_iter().collect()
    }

    /// As [`Scan::of_files`]: calls `take` with each part of a session that falls in the period and in a group, and its key.
    pub(crate) fn each<A: Default + Send>(
        &self,
        more: &[&str],
        parts: Parts,
        take: impl Fn(&mut A, &SessionFacts, &[i32], &Part) + Sync,
    ) -> Result<Vec<A>, EngineError> {
        let parts = if self.times.iter().any(|time| time.is_within_day()) { Parts::Hours } else { parts };
        self.of_files(more, |taken, clocks, batch| self.each_part(taken, clocks, batch, parts, &take))
    }

    /// As [`Scan::of_files`] without more columns, for what takes much room: hands on what comes of some files, in their order, before
    /// it reads the next.
    pub(crate) fn in_rounds<A: Default + Send>(
        &self,
        each: impl Fn(&mut A, &mut Clocks<'_>, &RecordBatch) -> Result<(), EngineError> + Sync,
        mut done: impl FnMut(A),
    ) -> Result<(), EngineError> {
        for files in self.files()?.chunks(ROUND) {
            self.of_some(files, &[], &each)?.into_iter().for_each(&mut done);
        }
        Ok(())
    }

    fn each_part<A>(
        &self,
        taken: &mut A,
        clocks: &mut Clocks<'_>,
        batch: &RecordBatch,
        parts: Parts,
        take: &impl Fn(&mut A, &SessionFacts, &[i32], &Part),
    ) -> Result<(), EngineError> {
        let (mut key, days) = (Key::new(), (number(self.period.first), number(self.period.last)));
        each_session(batch, self.span(), |_, session| {
            let whole = (parts == Parts::Buckets).then(|| self.whole(session, days, clocks, &mut key)).flatten();
            match whole {
                Some(part) => take(taken, session, &key, &part),
                None => self.parts(session, days, clocks, &mut key, |key, part| take(taken, session, key, part)),
            }
            Ok(())
        })
    }

    /// Files that may hold sessions of the groups that touch the period.
    fn files(&self) -> Result<Vec<&LakeFile>, EngineError> {
        let operators = self.groups.operators(self.snapshot);
        let month = self.period.last.strftime("%Y-%m").to_string();
        let is_own = |file: &LakeFile| {
            file.partition.get("operator").is_none_or(|o| operators.iter().any(|known| **known == **o))
        };
        // A session is filed under the month in which it starts.
        let is_begun = |file: &LakeFile| file.partition.get("month").is_none_or(|of_file| *of_file <= month);
        let (from, to) = self.span();
        let mut files = Vec::new();
        for file in
            self.snapshot.files.get(SESSIONS).into_iter().flatten().filter(|file| is_own(file) && is_begun(file))
        {
            if self.tables.footers.touches(file, from, to)? {
                files.push(file);
            }
        }
        Ok(files)
    }

    /// The period with a day on either side: no zone is further from UTC.
    pub(crate) fn span(&self) -> (Timestamp, Timestamp) {
        let instant = |day, shift: i64| Timestamp::from_second((day_number(day) + shift) * 86_400).unwrap_or_default();
        (instant(self.period.first, -1), instant(self.period.last, 2))
    }

    /// The charge points of the groups.
    fn evses(&self) -> Evses {
        let members = &self.snapshot.members;
        let mut asked = vec![false; members.evses()];
        let mut count = 0;
        for (member, _) in members.all().iter().zip(&self.groups.of).filter(|(_, group)| **group != OUT) {
            if let Some(asked) = usize::try_from(member.evse).ok().and_then(|at| asked.get_mut(at)) {
                count += usize::from(!std::mem::replace(asked, true));
            }
        }
        // Where most are, to pass the others over takes longer than to read them.
        if 2 * count > members.all().len() { Evses::All } else { Evses::Some(asked) }
    }

    /// As [`Scan::of_files`]: calls `take` with each session that starts in the period and in a group, its key, its row and
    /// its batch.
    pub(crate) fn each_start<A: Default + Send>(
        &self,
        more: &[&str],
        take: impl Fn(&mut A, &SessionFacts, &[i32], &RecordBatch, usize) -> Result<(), EngineError> + Sync,
    ) -> Result<Vec<A>, EngineError> {
        let (first, last) = (day_number(self.period.first), day_number(self.period.last));
        self.of_files(more, |taken, clocks, batch| {
            let mut key = Key::new();
            each_session(batch, self.span(), |row, session| {
                let Some((versions, clock)) = self.versions_and_clock(session, clocks) else { return Ok(()) };
                let local = clock.local_s(session.stay.plug_in.as_second());
                let (day, hour) = (local.div_euclid(86_400), local.rem_euclid(86_400) / 3600);
                if day < first || day > last {
                    return Ok(());
                }
                let (day, hour) = (i32::try_from(day).unwrap_or(i32::MAX), u8::try_from(hour).unwrap_or(0));
                if self.fill(&mut key, versions, session, day, hour).is_some() {
                    take(taken, session, &key, batch, row)?;
                }
                Ok(())
            })
        })
    }

    /// A session as one part, with its key, where it lies within the period, in one bucket, and in one version of its EVSE.
    fn whole(
        &self,
        session: &SessionFacts,
        (first, last): (i32, i32),
        clocks: &mut Clocks<'_>,
        key: &mut Key,
    ) -> Option<Part> {
        let members = &self.snapshot.members;
        let (versions, clock) = self.versions_and_clock(session, clocks)?;
        let (begin, plugged_s) = (session.stay.plug_in.as_second(), session.stay.plugged_s());
        let local = clock.local_s(begin);
        let day_of = |local: i64| i32::try_from(local.div_euclid(86_400)).unwrap_or(i32::MAX);
        let begin_day = day_of(local);
        let end_day = day_of(clock.local_s(begin + (plugged_s - 1).max(0)));
        // Days a week apart are the same weekday.
        let is_one = |time: &Dimension| {
            let is_same = || bucket::of_day(*time, begin_day) == bucket::of_day(*time, end_day);
            time.is_of_session() || begin_day == end_day || (*time != Dimension::Weekday && is_same())
        };
        let is_within = first <= begin_day && begin_day <= end_day && end_day <= last;
        let is_whole = is_within
            && self.times.iter().all(is_one)
            && members.one_on(versions, begin_day) == members.one_on(versions, end_day);
        if !is_whole {
            return None;
        }
        let hour = u8::try_from(local.rem_euclid(86_400) / 3600).unwrap_or(0);
        let member = self.fill(key, versions, session, begin_day, hour)?;
        let piece = Piece {
            offset_s: 0,
            plugged_s,
            energy_kwh: session.stay.energy_kwh,
            is_start: true,
            is_rated: members.all()[member].rated_kw.is_some(),
            is_open: false,
            is_in_ends: false,
        };
        Some(Part { piece, member, day: begin_day })
    }

    /// The parts of a session that fall in the period and in a group; neighbouring parts with the same key stay apart.
    fn parts(
        &self,
        session: &SessionFacts,
        (first, last): (i32, i32),
        clocks: &mut Clocks<'_>,
        key: &mut Key,
        mut take: impl FnMut(&[i32], &Part),
    ) {
        let members = &self.snapshot.members;
        let Some((versions, clock)) = self.versions_and_clock(session, clocks) else { return };
        let (mut next_s, mut is_first) = (0, true);
        each_share(&session.stay, clock, |share| {
            let (offset_s, is_start) = (next_s, std::mem::replace(&mut is_first, false));
            next_s += share.plugged_s;
            if share.day < first || share.day > last {
                return;
            }
            let Some(member) = self.fill(key, versions, session, share.day, share.hour) else { return };
            let piece = Piece {
                offset_s,
                plugged_s: share.plugged_s,
                energy_kwh: share.energy_kwh,
                is_start,
                is_rated: members.all()[member].rated_kw.is_some(),
                is_open: false,
                is_in_ends: false,
            };
            take(key, &Part { piece, member, day: share.day });
        });
    }

    /// The versions of a session's EVSE, and its clock; none where no version is in a group.
    #[inline]
    pub(crate) fn versions_and_clock<'c, 'm>(
        &self,
        session: &SessionFacts,
        clocks: &'c mut Clocks<'m>,
    ) -> Option<(&[usize], &'c mut LocalTime<'m>)> {
        let members = &self.snapshot.members;
        let versions = members.indexes_of(session.evse);
        let is_asked = versions.iter().any(|at| self.groups.of[*at] != OUT);
        // A version may change on the way; the clock of an EVSE does not.
        let clock = clocks.get(&members.all()[*versions.first().filter(|_| is_asked)?].zone)?;
        Some((versions, clock))
    }

    /// Writes the key of a session in a local hour, and gives the member that it is of; none where it is in no group.
    #[inline]
    fn fill(&self, key: &mut Key, versions: &[usize], session: &SessionFacts, day: i32, hour: u8) -> Option<usize> {
        let member = self.snapshot.members.one_on(versions, day)?;
        let group = self.groups.of[member];
        if group == OUT {
            return None;
        }
        key.clear();
        key.push(group);
        key.extend(self.times.iter().map(|time| bucket::of_part(*time, day, hour, &session.stay)));
        Some(member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stay_that_begins_when_another_ends_takes_its_place() {
        assert_eq!(most_at_once(vec![(1, (0, 10)), (2, (10, 20)), (1, (20, 30))]), 1);
        assert_eq!(most_at_once(vec![(1, (0, 10)), (2, (9, 20)), (1, (20, 30))]), 2);
        assert_eq!(most_at_once(vec![(1, (0, 5)), (2, (0, 5)), (3, (0, 5))]), 3);
        assert_eq!(most_at_once(Vec::new()), 0);
    }

    #[test]
    fn sessions_that_overlap_at_one_point_take_it_once_in_whatever_order_they_come() {
        assert_eq!(most_at_once(vec![(1, (5, 20)), (2, (6, 7)), (1, (0, 10)), (1, (6, 9))]), 2);
    }
}
