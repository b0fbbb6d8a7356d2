//! Bringing the lake up to date with the record: after a submission, after a crash, and from nothing.
//!
//! Everything is written under table versions that no data version names yet; one ledger transaction then makes them visible
//! all at once. A crash before it leaves the published version as it was.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use kerbwatt_engine::{
    ALL_TABLES, EVSES, LABELS, Members, RollupBatches, RollupInput, SessionFiles, Snapshot, build_month, labels_batch,
    members_batch, rollup_spec, spec, tables_format,
};
use kerbwatt_model::{Dimension, Period};
use kerbwatt_store::{
    Change, DataVersion, Entered, LakeError, LakeFile, PartitionValues, Publication, Replace, Submission,
    SubmissionState, TableSpec, sessions_spec,
};

use crate::entering::Due;
use crate::hub::{Published, is_of_this_format};
use crate::members::{labels, members};
use crate::months::{self, Months};
use crate::progress::CHARGE_POINTS;
use crate::reading::NOTHING_TO_REPORT;
use crate::{Hub, HubError, Progress, places};

/// The files of tables.
type TableFiles = BTreeMap<&'static str, Vec<LakeFile>>;
/// Names by dimension and id.
type Names = Vec<(Dimension, String, String)>;

/// Rows of rollups that are held before they are committed.
const ROWS_HELD: usize = 2_000_000;

/// Commits to the lake, each table's first one replacing everything when all is made anew.
pub(crate) struct Writer<'h> {
    hub: &'h Hub,
    pub(crate) is_anew: bool,
    begun: BTreeSet<&'static str>,
}

impl Writer<'_> {
    pub(crate) async fn commit(&mut self, spec: &TableSpec, mut change: Change, reason: &str) -> Result<(), HubError> {
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
        self.lake.begin()?;
        let known = self.ledger.data_version()?;
        let is_anew = is_anew || !known.as_ref().is_none_or(is_of_this_format);
        // A damaged lake must not stand in the way of its own mending.
        if is_anew {
            self.discard_unreadable().await?;
        } else {
            self.must_be_whole()?;
        }
        let mut writer = Writer { hub: self, is_anew, begun: BTreeSet::new() };
        let due = self.due(is_anew).await?;
        let moved = self.move_sessions(&due, &mut writer, progress).await?;
        progress.step(CHARGE_POINTS, 0, 1);
        let files = if is_anew { None } else { self.dimension_files().await? };
        // What was so before and what is so now take as long to read, and neither waits for the other.
        let (before, now) = std::thread::scope(|scope| {
            let before = scope.spawn(|| files.map(|(version, files)| self.dimensions(&version, files)).transpose());
            let now = self.dimensions_now();
            (before.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), now)
        });
        let (before, (members, names)) = (before?, now?);
        let mut months = moved.months;
        let names_changed = before.as_ref().is_none_or(|before| before.labels != names[..]);
        let members_changed = before.as_ref().is_none_or(|before| before.members.all() != members.all());
        if known.is_some() && !is_anew && due.is_empty() && !names_changed && !members_changed {
            self.lake.finish()?;
            return Ok(Published { data_version: known.map_or(0, |v| v.number), changed: false, months: 0 });
        }
        let range = self.add_months(&mut months, before.as_ref(), &members, &due)?;
        let count = months.values().map(BTreeSet::len).sum();
        self.write_rollups(&months, range.as_ref(), &members, &moved.entered, &mut writer, progress).await?;
        let reason = reason(is_anew, &due);
        let mut dimensions = Vec::new();
        if members_changed {
            dimensions.push((EVSES, members_batch(members.all())?));
        }
        if names_changed {
            dimensions.push((LABELS, labels_batch(&names)?));
        }
        for (table, batch) in dimensions {
            let change = Change { write: vec![(PartitionValues::new(), vec![batch])], replace: Replace::Everything };
            writer.commit(&spec(table), change, &reason).await?;
        }
        let tables = self.table_versions().await?;
        let (entered, left) = (moved.entered, due.left());
        let publication = Publication {
            tables,
            table_ids: self.identities(),
            format: tables_format(),
            days: range.map(|range| (range.first, range.last)),
            entered,
            left,
            reason,
            replaces_all: is_anew,
        };
        let data_version = self.ledger.publish(&publication, at)?;
        if is_anew {
            self.lake.keep_only(&ALL_TABLES)?;
        }
        self.lake.finish()?;
        self.compare_waiting(&due).await?;
        Ok(Published { data_version, changed: true, months: count })
    }

    /// Returns that wait for a decision are compared anew where the figures have changed in their days: what they would add is another
    /// now.
    async fn compare_waiting(&self, due: &Due) -> Result<(), HubError> {
        let days = |one: &Submission| [one.found, one.covers()];
        let meets = |one: &Submission, other: &Submission| {
            let pairs = days(one).into_iter().flat_map(|own| days(other).map(|other| own.zip(other)));
            one.operator == other.operator && pairs.flatten().any(|(own, other)| own.meets(&other))
        };
        let waits = |one: &&Submission| one.state == SubmissionState::Checked && one.profile != NOTHING_TO_REPORT;
        for one in self.ledger.submissions()?.iter().filter(waits) {
            if due.all().any(|changed| meets(one, changed)) {
                // Whoever decides about it is told why it cannot be read.
                if let Err(error) = self.compared_again(one).await {
                    tracing::warn!(%error, "return {} cannot be compared again", one.id);
                }
            }
        }
        Ok(())
    }

    /// The newest data version and its files of members and names; none before the first.
    async fn dimension_files(&self) -> Result<Option<(DataVersion, TableFiles)>, HubError> {
        let Some(version) = self.readable_version()? else { return Ok(None) };
        let mut files = BTreeMap::new();
        for table in [EVSES, LABELS] {
            if let Some(at) = version.tables.get(table) {
                files.insert(table, self.lake.files(&spec(table), *at).await?);
            }
        }
        Ok(Some((version, files)))
    }

    /// Members and names of a data version, without its figures.
    fn dimensions(&self, version: &DataVersion, files: TableFiles) -> Result<Snapshot, HubError> {
        Ok(Snapshot::read(version.number, version.made_at, self.settings().sample, files, version.days)?)
    }

    /// Members and names as the ledger says now.
    fn dimensions_now(&self) -> Result<(Members, Names), HubError> {
        let places = places::load(&self.ledger, &self.vault)?;
        let members = Members::new(members(&self.ledger, &places)?);
        let names = labels(&self.ledger, &places, members.all())?;
        Ok((members, names))
    }

    /// A table whose log is damaged, or that has the columns of another version of the program, cannot be built on: it is made
    /// anew from version 0. Not one that the disk does not give just now: it may be whole, and until the successor is complete it is
    /// all that there is.
    async fn discard_unreadable(&self) -> Result<(), HubError> {
        for table in ALL_TABLES {
            let spec = spec(table);
            let is_readable = match self.is_readable(&spec).await {
                Err(error) if error.is_of_the_disk() => return Err(error.into()),
                readable => readable.unwrap_or(false),
            };
            if !is_readable {
                self.lake.discard(&spec).await?;
            }
            self.lake.create_if_missing(&spec).await?;
        }
        Ok(())
    }

    async fn is_readable(&self, spec: &TableSpec) -> Result<bool, LakeError> {
        let Some(version) = self.lake.version(spec).await? else { return Ok(true) };
        self.lake.read_files(spec, version).await?;
        self.lake.has_columns_of(spec)
    }

    /// Adds the months whose capacity depends on what changed among members, returns' periods and the days with data; and gives
    /// the days with data.
    fn add_months(
        &self,
        months: &mut Months,
        before: Option<&Snapshot>,
        members: &Members,
        due: &Due,
    ) -> Result<Option<Period>, HubError> {
        let is_shown = |one: &Submission| one.state == SubmissionState::Accepted;
        let shown: Vec<Submission> = self.ledger.submissions()?.into_iter().filter(is_shown).collect();
        let range = months::range(shown.iter()).and_then(|(first, last)| Period::new(first, last).ok());
        for submission in due.all() {
            if let Some(period) = submission.covers() {
                months::touch(months, &submission.operator, &period);
            }
        }
        let old: &[_] = before.map_or(&[], |before| before.members.all());
        if let Some(range) = &range {
            for (operator, touched) in months::of_members(old, members.all(), range) {
                months.entry(operator).or_default().extend(touched);
            }
        }
        let known: BTreeSet<Date> = before
            .and_then(|before| before.days)
            .and_then(|(first, last)| Period::new(first, last).ok())
            .map(|days| days.iter_months().collect())
            .unwrap_or_default();
        let now: BTreeSet<Date> = range.map(|range| range.iter_months().collect()).unwrap_or_default();
        let operators: BTreeSet<&str> = old.iter().chain(members.all()).map(|member| &*member.operator).collect();
        for month in now.symmetric_difference(&known) {
            for operator in &operators {
                months.entry((*operator).to_owned()).or_default().insert(*month);
            }
        }
        Ok(range)
    }

    async fn write_rollups(
        &self,
        months: &Months,
        range: Option<&Period>,
        members: &Members,
        entered: &[Entered],
        writer: &mut Writer<'_>,
        progress: &dyn Progress,
    ) -> Result<(), HubError> {
        let version = self.lake.version(&sessions_spec()).await?.unwrap_or(0);
        let files = self.lake.files(&sessions_spec(), version).await?;
        let total: usize = months.values().map(BTreeSet::len).sum();
        let mut done = 0;
        let mut held = Held::default();
        for (operator, months) in months {
            let reported = self.reported(operator, entered)?;
            let is_own = |file: &&LakeFile| file.partition.get("operator").is_some_and(|own| own == operator);
            let mut sessions = SessionFiles::of(files.iter().filter(is_own));
            for month in months {
                progress.step("rollups", done, total as u64);
                done += 1;
                let facts = sessions.touching(*month)?;
                // A month without data has no capacity either, as soon as the last return for it is gone.
                let has_capacity = range.is_some_and(|range| range.iter_months().any(|known| known == *month));
                if !has_capacity && facts.is_empty() {
                    held.add(operator, *month, RollupBatches::default());
                    continue;
                }
                let input = RollupInput {
                    operator,
                    month: *month,
                    members,
                    sessions: &facts,
                    has_capacity,
                    reported: &reported,
                };
                held.add(operator, *month, build_month(&input)?);
                if held.rows >= ROWS_HELD {
                    held.commit(writer).await?;
                }
            }
        }
        held.commit(writer).await
    }

    /// Periods that an operator's accepted returns report; of those that go into the lake now, as it will be noted with them.
    fn reported(&self, operator: &str, entered: &[Entered]) -> Result<Vec<Period>, HubError> {
        let unnoted: BTreeMap<i64, &Vec<Period>> =
            entered.iter().filter_map(|one| Some((one.submission, one.covered.as_ref()?))).collect();
        let accepted = |s: &Submission| s.operator == operator && s.state == SubmissionState::Accepted;
        let reports = |s: Submission| unnoted.get(&s.id).map_or_else(|| s.reports(), |covered| (*covered).clone());
        Ok(self.ledger.submissions()?.into_iter().filter(accepted).flat_map(reports).collect())
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

pub(crate) fn partition(operator_column: &str, operator: &str, month_column: &str, month: Date) -> PartitionValues {
    PartitionValues::from([
        (operator_column.to_owned(), operator.to_owned()),
        (month_column.to_owned(), month.strftime("%Y-%m").to_string()),
    ])
}

fn reason(is_anew: bool, due: &Due) -> String {
    let mut ids: Vec<i64> = due.all().map(|submission| submission.id).collect();
    ids.sort_unstable();
    ids.dedup();
    match ids[..] {
        _ if is_anew => "rebuild".to_owned(),
        [] => "register or places".to_owned(),
        [one] => format!("submission {one}"),
        [first, .., last] => format!("submissions {first} to {last}"),
    }
}
