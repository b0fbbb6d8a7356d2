//! Bringing the lake up to date with the record: after a submission, after a crash, and from nothing.
//!
//! Everything is written under table versions that no data version names yet; one ledger transaction then makes them visible
//! all at once. A crash before it leaves the published version as it was.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use kerbwatt_engine::{
    ALL_TABLES, EVSES, LABELS, Members, RollupBatches, RollupInput, SessionFiles, build_month, labels_batch,
    members_batch, rollup_spec, spec,
};
use kerbwatt_model::{Period, Session, Zone};
use kerbwatt_store::{
    Change, LakeFile, NewEvse, PartitionValues, Publication, Replace, Submission, SubmissionState, TableSpec,
    sessions_batch, sessions_spec,
};

use crate::hub::{Current, Published};
use crate::members::{labels, members};
use crate::months::{self, Months};
use crate::{Hub, HubError, Progress, places};

/// Rows of rollups that are held before they are committed.
const ROWS_HELD: usize = 2_000_000;
/// Sessions that are held before they are committed.
const SESSIONS_HELD: usize = 500_000;

/// Commits to the lake, each table's first one replacing everything when all is made anew.
struct Writer<'h> {
    hub: &'h Hub,
    is_anew: bool,
    begun: BTreeSet<&'static str>,
}

impl Writer<'_> {
    async fn commit(&mut self, spec: &TableSpec, mut change: Change, reason: &str) -> Result<(), HubError> {
        if self.is_anew && self.begun.insert(spec.name) {
            change.replace = Replace::Everything;
        }
        self.hub.lake.commit(spec, change, reason).await?;
        Ok(())
    }
}

impl Hub {
    /// Brings the lake up to date with all accepted returns, the register and the places, and publishes it as a new data version.
    ///
    /// # Errors
    /// Store errors; [`HubError::Changed`] when a file is read differently than when it was recorded.
    pub async fn publish(&self, progress: &dyn Progress, at: Timestamp) -> Result<Published, HubError> {
        self.bring_up_to_date(false, progress, at).await
    }

    /// Makes the whole lake anew from vault and ledger.
    ///
    /// # Errors
    /// As [`Hub::publish`].
    pub async fn rebuild(&self, progress: &dyn Progress, at: Timestamp) -> Result<Published, HubError> {
        self.bring_up_to_date(true, progress, at).await
    }

    async fn bring_up_to_date(
        &self,
        is_anew: bool,
        progress: &dyn Progress,
        at: Timestamp,
    ) -> Result<Published, HubError> {
        self.must_write()?;
        // A damaged lake must not stand in the way of its own mending.
        let before = if is_anew {
            self.discard_unreadable().await?;
            None
        } else {
            self.must_be_whole()?;
            Some(self.current().await?)
        };
        let known = self.ledger.data_version()?;
        let mut writer = Writer { hub: self, is_anew, begun: BTreeSet::new() };
        let returns = self.due(is_anew)?;
        let mut months = self.write_sessions(&returns, &mut writer, progress).await?;
        let places = places::load(&self.ledger, &self.vault)?;
        let members = Members::new(members(&self.ledger, &places)?);
        let names = labels(&self.ledger, &places, members.all())?;
        let names_changed = before.as_ref().is_none_or(|before| before.snapshot.labels != names[..]);
        let members_changed = before.as_ref().is_none_or(|before| before.snapshot.members.all() != members.all());
        if known.is_some() && !is_anew && returns.is_empty() && !names_changed && !members_changed {
            return Ok(Published { data_version: known.map_or(0, |v| v.number), changed: false, months: 0 });
        }
        self.add_months(&mut months, before.as_deref(), &members, &returns)?;
        let count = months.values().map(BTreeSet::len).sum();
        self.write_rollups(&months, &members, &mut writer, progress).await?;
        let reason = reason(is_anew, &returns);
        for (table, batch) in [(EVSES, members_batch(members.all())?), (LABELS, labels_batch(&names)?)] {
            let change = Change { write: vec![(PartitionValues::new(), vec![batch])], replace: Replace::Everything };
            writer.commit(&spec(table), change, &reason).await?;
        }
        let tables = self.table_versions().await?;
        let submissions = returns.iter().map(|submission| submission.id).collect();
        let publication = Publication { tables, submissions, reason, replaces_all: is_anew };
        let data_version = self.ledger.publish(&publication, at)?;
        self.current().await?;
        Ok(Published { data_version, changed: true, months: count })
    }

    /// A table whose log is damaged cannot be built on: it is made anew from version 0.
    async fn discard_unreadable(&self) -> Result<(), HubError> {
        for table in ALL_TABLES {
            let spec = spec(table);
            let is_readable = match self.lake.version(&spec).await {
                Ok(Some(version)) => self.lake.files(&spec, version).await.is_ok(),
                Ok(None) => true,
                Err(_) => false,
            };
            if !is_readable {
                self.lake.discard(&spec).await?;
            }
            self.lake.create_if_missing(&spec).await?;
        }
        Ok(())
    }

    /// Accepted returns that the lake does not hold, or all of them, oldest first.
    fn due(&self, all: bool) -> Result<Vec<Submission>, HubError> {
        let mut due: Vec<Submission> = self
            .ledger
            .submissions()?
            .into_iter()
            .filter(|submission| submission.state == SubmissionState::Accepted && (all || !submission.in_lake))
            .collect();
        due.sort_by_key(|submission| submission.id);
        Ok(due)
    }

    async fn write_sessions(
        &self,
        returns: &[Submission],
        writer: &mut Writer<'_>,
        progress: &dyn Progress,
    ) -> Result<Months, HubError> {
        let mut months = Months::new();
        let mut held = Change { write: Vec::new(), replace: Replace::Nothing };
        let mut rows = 0;
        let registers = self.registers()?;
        for (done, submission) in (0..).zip(returns) {
            progress.step("sessions into the lake", done, returns.len() as u64);
            let (report, sessions) = self.read_recorded(submission, &registers)?;
            let by_month = self.number(submission, &report.zone, &sessions, &mut months)?;
            for (month, sessions) in by_month {
                rows += sessions.len();
                let batch = sessions_batch(&sessions, &report.zone, submission.id)?;
                held.write.push((partition("operator", &submission.operator, "month", month), vec![batch]));
            }
            if rows >= SESSIONS_HELD {
                let full = std::mem::replace(&mut held, Change { write: Vec::new(), replace: Replace::Nothing });
                writer.commit(&sessions_spec(), full, "sessions").await?;
                rows = 0;
            }
        }
        if !held.write.is_empty() || writer.is_anew {
            writer.commit(&sessions_spec(), held, "sessions").await?;
        }
        Ok(months)
    }

    /// Numbers the EVSEs of a return, notes its rows with them, and gives its sessions by local month, each in order of plug-in.
    fn number<'s>(
        &self,
        submission: &Submission,
        zone: &str,
        sessions: &'s [Session],
        months: &mut Months,
    ) -> Result<ByMonth<'s>, HubError> {
        let clock = Zone::named(zone).map_err(|error| HubError::Defect(error.to_string()))?;
        let days: Vec<Date> = sessions.iter().map(|session| clock.day(session.plug_in)).collect();
        let mut seen: BTreeMap<&str, Seen<'_>> = BTreeMap::new();
        for (session, day) in sessions.iter().zip(&days) {
            let new = Seen { device: &session.device, first: *day, last: *day, sessions: 0 };
            let found = seen.entry(&*session.evse).or_insert(new);
            (found.first, found.last, found.sessions) =
                (found.first.min(*day), found.last.max(*day), found.sessions + 1);
        }
        let covered = submission.covers().map(|period| period.last);
        let named = |(uid, seen): (&&str, &Seen<'_>)| NewEvse {
            uid: (*uid).to_owned(),
            device: seen.device.to_owned(),
            zone: zone.to_owned(),
            first_seen: Some(seen.first),
            last_seen: Some(covered.map_or(seen.last, |last| last.max(seen.last))),
        };
        let evses: Vec<NewEvse> = seen.iter().map(named).collect();
        let numbers = self.ledger.number_evses(&submission.operator, &evses)?;
        let counts: Vec<_> = seen.values().zip(&numbers).map(|(s, n)| (*n, s.sessions, s.first, s.last)).collect();
        self.ledger.note_returns(submission.id, &counts)?;
        let number_of: std::collections::HashMap<&str, i32> = seen.keys().copied().zip(numbers).collect();
        let mut by_month = ByMonth::new();
        let touched = months.entry(submission.operator.clone()).or_default();
        for (session, day) in sessions.iter().zip(&days) {
            let month = day.first_of_month();
            if let Ok(stay) = Period::new(month, clock.day(session.plug_out)) {
                touched.extend(stay.iter_months());
            }
            let number = number_of.get(&*session.evse).copied().unwrap_or_default();
            by_month.entry(month).or_default().push((session, number));
        }
        by_month.values_mut().for_each(|rows| rows.sort_by_key(|(session, evse)| (session.plug_in, *evse)));
        Ok(by_month)
    }

    /// Adds the months whose capacity depends on what changed among members, returns' periods and the days with data.
    fn add_months(
        &self,
        months: &mut Months,
        before: Option<&Current>,
        members: &Members,
        returns: &[Submission],
    ) -> Result<(), HubError> {
        let new: BTreeSet<i64> = returns.iter().map(|submission| submission.id).collect();
        let shown: Vec<Submission> =
            self.ledger.submissions()?.into_iter().filter(|s| s.in_lake || new.contains(&s.id)).collect();
        let Some((first, last)) = months::range(shown.iter()) else { return Ok(()) };
        let Ok(range) = Period::new(first, last) else { return Ok(()) };
        for submission in returns {
            if let Some(period) = submission.covers() {
                months::touch(months, &submission.operator, &period);
            }
        }
        let old: &[_] = before.map_or(&[], |before| before.snapshot.members.all());
        for (operator, touched) in months::of_members(old, members.all(), &range) {
            months.entry(operator).or_default().extend(touched);
        }
        let known: BTreeSet<Date> = before
            .and_then(|before| before.snapshot.days)
            .and_then(|(first, last)| Period::new(first, last).ok())
            .map(|days| days.iter_months().collect())
            .unwrap_or_default();
        let operators: BTreeSet<&str> = members.all().iter().map(|member| &*member.operator).collect();
        for month in range.iter_months().filter(|month| !known.contains(month)) {
            for operator in &operators {
                months.entry((*operator).to_owned()).or_default().insert(month);
            }
        }
        Ok(())
    }

    async fn write_rollups(
        &self,
        months: &Months,
        members: &Members,
        writer: &mut Writer<'_>,
        progress: &dyn Progress,
    ) -> Result<(), HubError> {
        let version = self.lake.version(&sessions_spec()).await?.unwrap_or(0);
        let files = self.lake.files(&sessions_spec(), version).await?;
        let total: usize = months.values().map(BTreeSet::len).sum();
        let mut done = 0;
        let mut held = Held::default();
        for (operator, months) in months {
            let reported = self.reported(operator)?;
            let is_own = |file: &&LakeFile| file.partition.get("operator").is_some_and(|own| own == operator);
            let mut sessions = SessionFiles::of(files.iter().filter(is_own));
            for month in months {
                progress.step("rollups", done, total as u64);
                done += 1;
                let facts = sessions.touching(*month)?;
                let input = RollupInput { operator, month: *month, members, sessions: &facts, reported: &reported };
                held.add(operator, *month, build_month(&input)?);
                if held.rows >= ROWS_HELD {
                    held.commit(writer).await?;
                }
            }
        }
        held.commit(writer).await
    }

    /// Periods that an operator's accepted returns cover.
    fn reported(&self, operator: &str) -> Result<Vec<Period>, HubError> {
        let accepted = |s: &Submission| s.operator == operator && s.state == SubmissionState::Accepted;
        Ok(self.ledger.submissions()?.iter().filter(|s| accepted(s)).filter_map(Submission::covers).collect())
    }

    async fn table_versions(&self) -> Result<BTreeMap<String, i64>, HubError> {
        let mut versions = BTreeMap::new();
        for table in ALL_TABLES {
            if let Some(version) = self.lake.version(&spec(table)).await? {
                versions.insert(table.to_owned(), version);
            }
        }
        Ok(versions)
    }
}

/// Sessions with the numbers of their EVSEs, by local month.
type ByMonth<'s> = BTreeMap<Date, Vec<(&'s Session, i32)>>;

/// What a return says of one EVSE.
struct Seen<'s> {
    device: &'s str,
    first: Date,
    last: Date,
    sessions: i64,
}

/// Rollups made but not yet committed.
#[derive(Default)]
struct Held {
    changes: BTreeMap<&'static str, Change>,
    rows: usize,
}

impl Held {
    /// Every table's partition is replaced, also where nothing is left to write.
    fn add(&mut self, operator: &str, month: Date, batches: RollupBatches) {
        let key = partition("p_operator", operator, "p_month", month);
        for table in kerbwatt_engine::ROLLUPS {
            let new = || Change { write: Vec::new(), replace: Replace::Partitions(Vec::new()) };
            let change = self.changes.entry(table).or_insert_with(new);
            if let Replace::Partitions(replaced) = &mut change.replace {
                replaced.push(key.clone());
            }
        }
        for (table, batch) in batches {
            self.rows += batch.num_rows();
            if let Some(change) = self.changes.get_mut(table) {
                change.write.push((key.clone(), vec![batch]));
            }
        }
    }

    async fn commit(&mut self, writer: &mut Writer<'_>) -> Result<(), HubError> {
        for (table, change) in std::mem::take(&mut self.changes) {
            writer.commit(&rollup_spec(table), change, "rollups").await?;
        }
        self.rows = 0;
        Ok(())
    }
}

fn partition(operator_column: &str, operator: &str, month_column: &str, month: Date) -> PartitionValues {
    PartitionValues::from([
        (operator_column.to_owned(), operator.to_owned()),
        (month_column.to_owned(), month.strftime("%Y-%m").to_string()),
    ])
}

fn reason(is_anew: bool, returns: &[Submission]) -> String {
    match returns {
        _ if is_anew => "rebuild".to_owned(),
        [] => "register or places".to_owned(),
        [one] => format!("submission {}", one.id),
        [first, .., last] => format!("submissions {} to {}", first.id, last.id),
    }
}
