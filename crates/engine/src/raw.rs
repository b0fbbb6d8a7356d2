//! Single sessions: the route that answers everything, and the only one for medians, peaks and bins.

use std::collections::HashMap;

use datafusion::arrow::array::RecordBatch;
use datafusion::common::ScalarValue;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::{col, lit};
use futures::StreamExt;
use kerbwatt_model::{Additive, Dimension, Period, day_number, spread};

use crate::facts::{Piece, SessionFacts};
use crate::groups::{Groups, OUT};
use crate::known::Known;
use crate::sums::{ByKey, Key, Sums, files_of};
use crate::tables::Tables;
use crate::zones::Zones;
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
pub(crate) struct Keyed<T> {
    numbers: HashMap<Key, usize>,
    values: Vec<T>,
}

impl<T: Default> Keyed<T> {
    pub(crate) fn new() -> Self {
        Self { numbers: HashMap::new(), values: Vec::new() }
    }

    /// The value of a key; a new one where there is none.
    pub(crate) fn at(&mut self, key: &[i32]) -> &mut T {
        let number = match self.numbers.get(key) {
            Some(number) => *number,
            None => {
                self.numbers.insert(key.to_vec(), self.values.len());
                self.values.push(T::default());
                self.values.len() - 1
            }
        };
        &mut self.values[number]
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
        let mut sums: Keyed<Sums> = Keyed::new();
        self.each(|session, key, part| {
            let is_in_ends = in_ends.as_ref().is_some_and(|(reported, ends)| {
                members[part.member].is_live(part.day)
                    && reported.has(part.member, part.day)
                    && ends.has(part.member, bucket::of_day(Dimension::Month, part.day))
            });
            facts::add(sums.at(key), session, &Piece { is_in_ends, ..part.piece });
        })
        .await?;
        Ok(sums.into_map(|sums| sums))
    }

    /// The most sessions at once, by key: a sweep over half-open intervals, so that an end comes before a start at the same instant.
    pub(crate) async fn peaks(&self) -> Result<HashMap<Key, i64>, EngineError> {
        let mut events: Keyed<Vec<(i64, i64)>> = Keyed::new();
        self.each(|session, key, Part { piece, .. }| {
            if piece.plugged_s > 0 {
                let at = session.stay.plug_in.as_second() + piece.offset_s;
                let events = events.at(key);
                match events.last_mut() {
                    // One that goes on, or another that takes its place at once: the count stays what it is.
                    Some((end, _)) if *end == at => *end = at + piece.plugged_s,
                    _ => events.extend([(at, 1), (at + piece.plugged_s, -1)]),
                }
            }
        })
        .await?;
        let peak = |mut events: Vec<(i64, i64)>| {
            events.sort_unstable();
            let mut now = 0;
            let counts = events.into_iter().map(|(_, change)| {
                now += change;
                now
            });
            counts.max().unwrap_or(0)
        };
        Ok(events.into_map(peak))
    }

    /// Batches of sessions that may touch the period, with the columns asked for.
    pub(crate) async fn batches(&self, columns: &[&str]) -> Result<Option<SendableRecordBatchStream>, EngineError> {
        let files = files_of(self.snapshot, self.groups, kerbwatt_store::SESSIONS, None);
        let operators = self.groups.operators(self.snapshot);
        let month = self.period.last.strftime("%Y-%m").to_string();
        let files: Vec<_> = files
            .into_iter()
            .filter(|file| file.partition.get("operator").is_none_or(|o| operators.iter().any(|known| **known == **o)))
            // A session is filed under the month in which it starts.
            .filter(|file| file.partition.get("month").is_none_or(|of_file| *of_file <= month))
            .collect();
        let Some(frame) = self.tables.frame(kerbwatt_store::SESSIONS, &files).await? else { return Ok(None) };
        // A day on either side: no zone is further from UTC.
        let micros = |day, shift: i64| {
            let instant = (day_number(day) + shift) * 86_400_000_000;
            lit(ScalarValue::TimestampMicrosecond(Some(instant), Some("UTC".into())))
        };
        let touching =
            col("plug_out").gt_eq(micros(self.period.first, -1)).and(col("plug_in").lt_eq(micros(self.period.last, 2)));
        Ok(Some(frame.filter(touching)?.select_columns(columns)?.execute_stream().await?))
    }

    /// Calls `take` with each session that starts in the period and in a group, its key, its row and its batch; `more` columns
    /// are read with it.
    pub(crate) async fn each_start(
        &self,
        more: &[&str],
        mut take: impl FnMut(&SessionFacts, &[i32], &RecordBatch, usize) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let columns: Vec<&str> = OF_SESSION.iter().chain(more).copied().collect();
        let Some(mut stream) = self.batches(&columns).await? else { return Ok(()) };
        let (mut zones, mut key) = (Zones::default(), Key::new());
        let (first, last) = (day_number(self.period.first), day_number(self.period.last));
        let members = &self.snapshot.members;
        while let Some(batch) = stream.next().await {
            let batch = batch?;
            for (row, session) in session_facts(&batch)?.iter().enumerate() {
                let Some(member) = members.versions_of(session.evse).next() else { continue };
                let plug_in = session.stay.plug_in.as_second();
                let local = plug_in + zones.get(&member.zone).offset_s(plug_in);
                let (day, hour) = (local.div_euclid(86_400), local.rem_euclid(86_400) / 3600);
                if day < first || day > last {
                    continue;
                }
                let (day, hour) = (i32::try_from(day).unwrap_or(i32::MAX), u8::try_from(hour).unwrap_or(0));
                if self.fill(&mut key, session, day, hour).is_some() {
                    take(session, &key, &batch, row)?;
                }
            }
        }
        Ok(())
    }

    /// Calls `take` with each part of a session that falls in the period and in a group, and its key.
    async fn each(&self, mut take: impl FnMut(&SessionFacts, &[i32], &Part)) -> Result<(), EngineError> {
        let Some(mut stream) = self.batches(&OF_SESSION).await? else { return Ok(()) };
        let (mut zones, mut key) = (Zones::default(), Key::new());
        while let Some(batch) = stream.next().await {
            for session in session_facts(&batch?)? {
                self.parts(&session, &mut zones, &mut key, &mut take);
            }
        }
        Ok(())
    }

    /// The parts of a session that fall in the period and in a group; neighbouring parts with the same key stay apart.
    fn parts(
        &self,
        session: &SessionFacts,
        zones: &mut Zones,
        key: &mut Key,
        take: &mut impl FnMut(&SessionFacts, &[i32], &Part),
    ) {
        let members = &self.snapshot.members;
        let Some(member) = members.versions_of(session.evse).next() else { return };
        let (first, last) = (day_number(self.period.first), day_number(self.period.last));
        let mut next_s = 0;
        for (at, share) in spread(&session.stay, zones.get(&member.zone)).iter().enumerate() {
            let offset_s = next_s;
            next_s += share.plugged_s;
            if i64::from(share.day) < first || i64::from(share.day) > last {
                continue;
            }
            let Some(member) = self.fill(key, session, share.day, share.hour) else { continue };
            let piece = Piece {
                offset_s,
                plugged_s: share.plugged_s,
                energy_kwh: share.energy_kwh,
                is_start: at == 0,
                is_rated: members.all()[member].rated_kw.is_some(),
                is_in_ends: false,
            };
            take(session, key, &Part { piece, member, day: share.day });
        }
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
