//! Single sessions: the route that answers everything, and the only one for medians, peaks and bins.

use std::collections::HashMap;

use datafusion::arrow::array::RecordBatch;
use jiff::Timestamp;
use kerbwatt_model::{Additive, Dimension, Period, day_number, each_share, in_threads};
use kerbwatt_store::{LakeFile, SESSIONS};

use crate::facts::{Piece, SessionFacts};
use crate::groups::{Groups, OUT};
use crate::known::Known;
use crate::session_reader::Evses;
use crate::sums::{ByKey, Key, Sums};
use crate::tables::Tables;
use crate::zones::Clocks;
use crate::{EngineError, Snapshot, bucket, facts, session_facts};

/// What to read single sessions for.
pub(crate) struct Scan<'a> {
    pub(crate) tables: &'a Tables,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) groups: &'a Groups,
    pub(crate) times: &'a [Dimension],
    pub(crate) period: &'a Period,
}

/// Values by key, found by number: a key is made once, however many sessions have it.
#[derive(Default)]
pub(crate) struct Keyed<T> {
    numbers: hashbrown::HashMap<Key, usize>,
    values: Vec<T>,
    /// The key asked for last, and its number: neighbours often have the same.
    last: (Key, usize),
}

impl<T: Default> Keyed<T> {
    /// The value of a key; a new one where there is none.
    pub(crate) fn at(&mut self, key: &[i32]) -> &mut T {
        if self.last.0 == key && !key.is_empty() {
            return &mut self.values[self.last.1];
        }
        let number = match self.numbers.get(key) {
            Some(number) => *number,
            None => {
                self.numbers.insert(key.to_vec(), self.values.len());
                self.values.push(T::default());
                self.values.len() - 1
            }
        };
        self.last.0.clear();
        self.last.0.extend_from_slice(key);
        self.last.1 = number;
        &mut self.values[number]
    }

    /// The values of several, put together key by key in their order.
    pub(crate) fn merged(all: Vec<Self>, mut add: impl FnMut(&mut T, T)) -> Self {
        let mut all = all.into_iter();
        let mut merged = all.next().unwrap_or_default();
        for more in all {
            let mut values: Vec<Option<T>> = more.values.into_iter().map(Some).collect();
            let mut keys: Vec<(Key, usize)> = more.numbers.into_iter().collect();
            // In the order in which the keys were first seen, and not in that of the hashes.
            keys.sort_unstable_by_key(|(_, number)| *number);
            for (key, number) in keys {
                if let Some(value) = values.get_mut(number).and_then(Option::take) {
                    add(merged.at(&key), value);
                }
            }
        }
        merged
    }

    pub(crate) fn into_map<U>(self, of: impl Fn(T) -> U) -> HashMap<Key, U> {
        let mut values: Vec<Option<T>> = self.values.into_iter().map(Some).collect();
        self.numbers.into_iter().filter_map(|(key, number)| Some((key, of(values.get_mut(number)?.take()?)))).collect()
    }
}

/// One part of a session, with the member it is of.
struct Part {
    piece: Piece,
    member: usize,
    day: i32,
}

/// Columns that make a session.
const OF_SESSION: [&str; 6] = ["evse", "plug_in", "plug_out", "charging_end", "energy_kwh", "fee_pence"];

impl Scan<'_> {
    /// Sums of sessions, spread over local hours.
    pub(crate) async fn sums(&self, wanted: &[Additive]) -> Result<ByKey, EngineError> {
        let in_ends = if wanted.contains(&Additive::UnendedS) {
            let reported = Known::reported(self.tables, self.snapshot, self.period).await?;
            Some((reported, Known::ends(self.tables, self.snapshot, self.period).await?))
        } else {
            None
        };
        let members = self.snapshot.members.all();
        let of_files = self.each(|sums: &mut Keyed<Sums>, session, key, part| {
            let is_in_ends = in_ends.as_ref().is_some_and(|(reported, ends)| {
                members[part.member].is_live(part.day)
                    && reported.has(part.member, part.day)
                    && ends.has(part.member, bucket::of_day(Dimension::Month, part.day))
            });
            facts::add(sums.at(key), session, &Piece { is_in_ends, ..part.piece });
        })?;
        Ok(Keyed::merged(of_files, |all, more| *all += &more).into_map(|sums| sums))
    }

    /// The most sessions at once, by key: a sweep over half-open intervals, so that an end comes before a start at the same instant.
    pub(crate) fn peaks(&self) -> Result<HashMap<Key, i64>, EngineError> {
        let of_files = self.each(|events: &mut Keyed<Vec<(i64, i64)>>, session, key, Part { piece, .. }| {
            if piece.plugged_s > 0 {
                let at = session.stay.plug_in.as_second() + piece.offset_s;
                let events = events.at(key);
                match events.last_mut() {
                    // One that goes on, or another that takes its place at once: the count stays what it is.
                    Some((end, _)) if *end == at => *end = at + piece.plugged_s,
                    _ => events.extend([(at, 1), (at + piece.plugged_s, -1)]),
                }
            }
        })?;
        let peak = |mut events: Vec<(i64, i64)>| {
            events.sort_unstable();
            let mut now = 0;
            let counts = events.into_iter().map(|(_, change)| {
                now += change;
                now
            });
            counts.max().unwrap_or(0)
        };
        Ok(Keyed::merged(of_files, Extend::extend).into_map(peak))
    }

    /// Works through the sessions of the groups that may touch the period, file by file on all processors; `more` columns are
    /// read with what makes a session. What comes of the files is in their order, so that the same question adds up the same
    /// numbers in the same order.
    pub(crate) fn of_files<A: Default + Send>(
        &self,
        more: &[&str],
        each: impl Fn(&mut A, &mut Clocks<'_>, &RecordBatch) -> Result<(), EngineError> + Sync,
    ) -> Result<Vec<A>, EngineError> {
        let (footers, files) = (&self.tables.footers, self.files()?);
        let (columns, evses) = ([&OF_SESSION, more].concat(), self.evses());
        let of_file = |file: &&LakeFile| {
            let (mut taken, mut clocks) = (A::default(), Clocks::of(&self.snapshot.members));
            footers.each_batch(file, &columns, &evses, |batch| each(&mut taken, &mut clocks, batch))?;
            Ok(taken)
        };
        in_threads(&files, of_file).into_iter().collect()
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
    fn span(&self) -> (Timestamp, Timestamp) {
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
        let members = &self.snapshot.members;
        self.of_files(more, |taken, clocks, batch| {
            let mut key = Key::new();
            for (row, session) in session_facts(batch)?.iter().enumerate() {
                let Some(member) = members.versions_of(session.evse).next() else { continue };
                let Some(clock) = clocks.get(&member.zone) else { continue };
                let local = clock.local_s(session.stay.plug_in.as_second());
                let (day, hour) = (local.div_euclid(86_400), local.rem_euclid(86_400) / 3600);
                if day < first || day > last {
                    continue;
                }
                let (day, hour) = (i32::try_from(day).unwrap_or(i32::MAX), u8::try_from(hour).unwrap_or(0));
                if self.fill(&mut key, session, day, hour).is_some() {
                    take(taken, session, &key, batch, row)?;
                }
            }
            Ok(())
        })
    }

    /// As [`Scan::of_files`]: calls `take` with each part of a session that falls in the period and in a group, and its key.
    fn each<A: Default + Send>(
        &self,
        take: impl Fn(&mut A, &SessionFacts, &[i32], &Part) + Sync,
    ) -> Result<Vec<A>, EngineError> {
        self.of_files(&[], |taken, clocks, batch| {
            let (mut key, (from, to)) = (Key::new(), self.span());
            for session in session_facts(batch)? {
                if session.stay.plug_out < from || session.stay.plug_in > to {
                    continue;
                }
                self.parts(&session, clocks, &mut key, |key, part| take(taken, &session, key, part));
            }
            Ok(())
        })
    }

    /// The parts of a session that fall in the period and in a group; neighbouring parts with the same key stay apart.
    fn parts(
        &self,
        session: &SessionFacts,
        clocks: &mut Clocks<'_>,
        key: &mut Key,
        mut take: impl FnMut(&[i32], &Part),
    ) {
        let members = &self.snapshot.members;
        let Some(member) = members.versions_of(session.evse).next() else { return };
        let Some(clock) = clocks.get(&member.zone) else { return };
        let (first, last) = (day_number(self.period.first), day_number(self.period.last));
        let (mut next_s, mut is_first) = (0, true);
        each_share(&session.stay, clock, |share| {
            let (offset_s, is_start) = (next_s, std::mem::replace(&mut is_first, false));
            next_s += share.plugged_s;
            if i64::from(share.day) < first || i64::from(share.day) > last {
                return;
            }
            let Some(member) = self.fill(key, session, share.day, share.hour) else { return };
            let piece = Piece {
                offset_s,
                plugged_s: share.plugged_s,
                energy_kwh: share.energy_kwh,
                is_start,
                is_rated: members.all()[member].rated_kw.is_some(),
                is_in_ends: false,
            };
            take(key, &Part { piece, member, day: share.day });
        });
    }

    /// Writes the key of a session in a local hour, and gives the member that it is of; none where it is in no group.
    fn fill(&self, key: &mut Key, session: &SessionFacts, day: i32, hour: u8) -> Option<usize> {
        let member = self.snapshot.members.version_on(session.evse, day)?;
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
