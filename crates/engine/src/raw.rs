//! Single sessions: the route that answers everything, and the only one for medians and peaks.

use std::collections::HashMap;

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{col, lit};
use futures::StreamExt;
use kerbwatt_model::{Dimension, Period, Zone, day_number, spread};

use crate::groups::{Groups, OUT};
use crate::rollup::SessionFacts;
use crate::sums::{ByKey, Key, Sums, files_of};
use crate::tables::Tables;
use crate::{EngineError, Snapshot, bucket, session_facts};

/// What to read single sessions for.
pub(crate) struct Scan<'a> {
    pub(crate) tables: &'a Tables,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) groups: &'a Groups,
    pub(crate) times: &'a [Dimension],
    pub(crate) period: &'a Period,
}

/// One share of a session with its place in the answer.
struct Part {
    key: Key,
    /// Seconds from plug-in to the part's begin.
    offset_s: i64,
    plugged_s: i64,
    energy_kwh: f64,
    is_start: bool,
    is_rated: bool,
}

impl Scan<'_> {
    /// Sums of sessions, spread over local hours.
    pub(crate) async fn sums(&self) -> Result<ByKey, EngineError> {
        let mut sums = ByKey::new();
        self.each(|session, parts| {
            for part in parts {
                let row = sums.entry(part.key.clone()).or_default();
                *row += &sums_of(session, part);
            }
        })
        .await?;
        Ok(sums)
    }

    /// Energy in kWh and minutes plugged in of every session that starts within, by key.
    pub(crate) async fn per_session(&self) -> Result<HashMap<Key, (Vec<f64>, Vec<f64>)>, EngineError> {
        let mut values: HashMap<Key, (Vec<f64>, Vec<f64>)> = HashMap::new();
        self.each(|session, parts| {
            for part in parts.iter().filter(|part| part.is_start) {
                let (energies, minutes) = values.entry(part.key.clone()).or_default();
                energies.push(session.stay.energy_kwh);
                minutes.push(float(session.stay.plugged_s()) / 60.0);
            }
        })
        .await?;
        Ok(values)
    }

    /// The most sessions at once, by key: a sweep over half-open intervals, so that an end comes before a start at the same instant.
    pub(crate) async fn peaks(&self) -> Result<HashMap<Key, i64>, EngineError> {
        let mut events: HashMap<Key, Vec<(i64, i64)>> = HashMap::new();
        self.each(|session, parts| {
            for part in parts.iter().filter(|part| part.plugged_s > 0) {
                let at = session.stay.plug_in.as_second() + part.offset_s;
                events.entry(part.key.clone()).or_default().extend([(at, 1), (at + part.plugged_s, -1)]);
            }
        })
        .await?;
        let peak = |mut events: Vec<(i64, i64)>| {
            events.sort_unstable();
            let mut now = 0;
            events
                .into_iter()
                .map(|(_, change)| {
                    now += change;
                    now
                })
                .max()
                .unwrap_or(0)
        };
        Ok(events.into_iter().map(|(key, events)| (key, peak(events))).collect())
    }

    /// Calls `take` with each session that touches the period and its parts within it.
    async fn each(&self, mut take: impl FnMut(&SessionFacts, &[Part])) -> Result<(), EngineError> {
        let files = files_of(self.snapshot, self.groups, kerbwatt_store::SESSIONS, None);
        let operators = self.groups.operators(self.snapshot);
        let month = self.period.last.strftime("%Y-%m").to_string();
        let files: Vec<_> = files
            .into_iter()
            .filter(|file| file.partition.get("operator").is_none_or(|o| operators.iter().any(|known| **known == **o)))
            // A session is filed under the month in which it starts.
            .filter(|file| file.partition.get("month").is_none_or(|of_file| *of_file <= month))
            .collect();
        let Some(frame) = self.tables.frame(kerbwatt_store::SESSIONS, &files).await? else { return Ok(()) };
        // A day on either side: no zone is further from UTC.
        let micros = |day, shift: i64| {
            let instant = (day_number(day) + shift) * 86_400_000_000;
            lit(ScalarValue::TimestampMicrosecond(Some(instant), Some("UTC".into())))
        };
        let touching =
            col("plug_out").gt_eq(micros(self.period.first, -1)).and(col("plug_in").lt_eq(micros(self.period.last, 2)));
        let columns = ["evse", "plug_in", "plug_out", "charging_end", "energy_kwh"];
        let mut stream = frame.filter(touching)?.select_columns(&columns)?.execute_stream().await?;
        let mut zones = HashMap::new();
        while let Some(batch) = stream.next().await {
            for session in session_facts(&batch?)? {
                let parts = self.parts(&session, &mut zones);
                if !parts.is_empty() {
                    take(&session, &parts);
                }
            }
        }
        Ok(())
    }

    /// The parts of a session that fall in the period and in a group; neighbouring parts with the same key stay apart.
    fn parts(&self, session: &SessionFacts, zones: &mut HashMap<std::sync::Arc<str>, Zone>) -> Vec<Part> {
        let members = &self.snapshot.members;
        let Some(member) = members.versions_of(session.evse).next() else { return Vec::new() };
        let zone = zones
            .entry(std::sync::Arc::clone(&member.zone))
            .or_insert_with(|| Zone::named(&member.zone).unwrap_or_else(|_| Zone::london()));
        let (first, last) = (day_number(self.period.first), day_number(self.period.last));
        let mut parts = Vec::new();
        let mut next_s = 0;
        for (at, share) in spread(&session.stay, zone).into_iter().enumerate() {
            let offset_s = next_s;
            next_s += share.plugged_s;
            if i64::from(share.day) < first || i64::from(share.day) > last {
                continue;
            }
            let Some(member) = members.version_on(session.evse, share.day) else { continue };
            let group = self.groups.of[member];
            if group == OUT {
                continue;
            }
            let mut key = vec![group];
            key.extend(self.times.iter().map(|time| bucket::of_hour(*time, share.day, share.hour)));
            parts.push(Part {
                key,
                offset_s,
                plugged_s: share.plugged_s,
                energy_kwh: share.energy_kwh,
                is_start: at == 0,
                is_rated: members.all()[member].rated_kw.is_some(),
            });
        }
        parts
    }
}

fn sums_of(session: &SessionFacts, part: &Part) -> Sums {
    let started = |value: f64| if part.is_start { value } else { 0.0 };
    let stay = &session.stay;
    let mut sums = Sums::default();
    sums.0[..7].copy_from_slice(&[
        started(1.0),
        started(if stay.is_failed_start() { 1.0 } else { 0.0 }),
        started(stay.energy_kwh),
        started(float(stay.plugged_s())),
        float(part.plugged_s),
        part.energy_kwh,
        if part.is_rated { part.energy_kwh } else { 0.0 },
    ]);
    sums
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a session are far below 2^53")]
fn float(whole: i64) -> f64 {
    whole as f64
}
