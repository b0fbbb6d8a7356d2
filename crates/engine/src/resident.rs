//! Rollups read column by column and added up here, without a plan. Small ones stay in memory, of which only the columns that
//! were ever asked for; of others the rows that are asked for are read each time.
//!
//! The sums are those of the plan in [`crate::sums`], which is left what is too much for this.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::{Array as _, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch};
use kerbwatt_model::{Additive, Dimension, Period, day_number, in_threads};
use kerbwatt_store::LakeFile;

use crate::groups::{Groups, OUT};
use crate::member::{Member, column};
use crate::stock::InUse;
use crate::sums::{Ask, ByKey, Key, Sums};
use crate::tables::{Versions, read_columns};
use crate::{EngineError, Snapshot, bucket};

/// Tables small enough to stay in memory.
const KEPT: [&str; 3] = ["cube_day", "cube_month_how", "evse_month"];
/// Rows of other tables that are read at once; what needs more is left to a plan, which has no need for all of them at a time.
const MOST_ROWS: u64 = 1 << 24;
/// Rows are picked while they are read where so few are asked for: one in so many.
const FEW: usize = 4;
/// Files are added up in so many parts, whatever the number of processors: always the same numbers in the same order.
const PARTS: usize = 8;
/// Cells of groups and buckets up to which each has a place of its own.
const DENSE: usize = 1 << 23;
/// Hours of a week, of which tables by hours keep each.
const HOURS: usize = 168;
/// No cell.
const NONE: u32 = u32::MAX;

/// Files that were read before: they never change.
#[derive(Default)]
pub(crate) struct Resident(Mutex<HashMap<PathBuf, Arc<Held>>>);

/// What is in memory of a file.
pub(crate) struct Held {
    keys: Keys,
    sums: Mutex<HashMap<Additive, Arc<Column>>>,
}

/// What each row is of.
struct Keys {
    versions: Vec<i32>,
    days: Days,
    /// Hours of the week; empty in tables that keep none.
    hows: Vec<u8>,
}

/// Days of rows: tables by month have one a file.
enum Days {
    One(i32),
    Each(Vec<i32>),
}

/// Values of rows; whole ones mostly fit into half the room.
enum Column {
    Whole(Vec<u32>),
    Any(Vec<f64>),
}

impl Resident {
    /// Whether files of a table are added up here.
    pub(crate) fn takes(table: &str, files: &[&LakeFile], groups: &Groups) -> bool {
        let asked = groups.of.iter().filter(|group| **group != OUT).count() as u64;
        let rows: u64 = files.iter().map(|file| file.rows).sum();
        KEPT.contains(&table) || rows * asked / (groups.of.len() as u64).max(1) <= MOST_ROWS
    }

    /// Forgets files that no current snapshot names.
    pub(crate) fn keep_only(&self, is_current: impl Fn(&str) -> bool) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|path, _| is_current(&path.to_string_lossy()));
    }

    /// Adds up what is asked for.
    pub(crate) fn sums(&self, files: &[&LakeFile], ask: &Ask<'_>, wanted: &[Additive]) -> Result<ByKey, EngineError> {
        let groups = OfVersions::of(ask.snapshot, &ask.groups.of);
        let buckets = Buckets::of(ask.times, ask.period, ask.route.table());
        let cells = self.cells(files, ask.route.table(), &groups, &buckets, wanted)?;
        let of_cell = |(cell, values): (usize, &[f64])| {
            let mut sums = Sums::default();
            wanted.iter().zip(values).for_each(|(sum, value)| sums.add(*sum, *value));
            (buckets.key(cell), sums)
        };
        Ok(cells.iter().map(of_cell).collect())
    }

    /// Adds up what is asked for and calls `take` with the number of each group, the buckets of its days and hours, and its sums in
    /// the order of `wanted`: for so many cells that a key for each would take longer than they.
    pub(crate) fn each(
        &self,
        files: &[&LakeFile],
        ask: &Ask<'_>,
        wanted: &[Additive],
        mut take: impl FnMut(i32, &[i32], &[f64]),
    ) -> Result<(), EngineError> {
        let groups = OfVersions::of(ask.snapshot, &ask.groups.of);
        let buckets = Buckets::of(ask.times, ask.period, ask.route.table());
        for (cell, values) in self.cells(files, ask.route.table(), &groups, &buckets, wanted)?.iter() {
            let (group, bucket) = (cell / buckets.count(), cell % buckets.count());
            let (day, how) = (bucket / buckets.hows.len(), bucket % buckets.hows.len());
            let of_cell = if buckets.hows[how].is_empty() { &buckets.days[day] } else { &buckets.hows[how] };
            take(i32::try_from(group).unwrap_or(OUT), of_cell, values);
        }
        Ok(())
    }

    /// Counts EVSEs with and without a session.
    pub(crate) fn in_use(&self, files: &[&LakeFile], ask: &Ask<'_>) -> Result<HashMap<Key, InUse>, EngineError> {
        let mut numbers: hashbrown::HashMap<(i32, i32), i32> = hashbrown::HashMap::new();
        let mut group_of = Vec::new();
        let number = |(member, group): (&Member, &i32)| {
            let mut new = || {
                group_of.push(usize::try_from(*group).unwrap_or(0));
                i32::try_from(group_of.len() - 1).unwrap_or(OUT)
            };
            if *group == OUT { OUT } else { *numbers.entry((*group, member.evse)).or_insert_with(&mut new) }
        };
        // Each EVSE of a group is a group of its own.
        let apart: Vec<i32> = ask.snapshot.members.all().iter().zip(&ask.groups.of).map(number).collect();
        let groups = OfVersions::of(ask.snapshot, &apart);
        let buckets = Buckets::of(ask.times, ask.period, ask.route.table());
        // Tables by hours keep no availability: there a charge point without a session is not counted at all.
        let has_capacity = !crate::schema::is_by_hour_of_week(ask.route.table());
        let wanted: &[Additive] =
            if has_capacity { &[Additive::Sessions, Additive::AvailableS] } else { &[Additive::Sessions] };
        let cells = self.cells(files, ask.route.table(), &groups, &buckets, wanted)?;
        let mut counts: hashbrown::HashMap<usize, InUse> = hashbrown::HashMap::new();
        for (cell, values) in cells.iter() {
            let (evse, bucket) = (cell / buckets.count(), cell % buckets.count());
            let group = group_of.get(evse).copied().unwrap_or(0);
            counts
                .entry(group * buckets.count() + bucket)
                .or_default()
                .count(values[0], values.get(1).copied().unwrap_or(0.0));
        }
        Ok(counts.into_iter().map(|(cell, count)| (buckets.key(cell), count)).collect())
    }

    fn cells(
        &self,
        files: &[&LakeFile],
        table: &'static str,
        groups: &OfVersions,
        buckets: &Buckets<'_>,
        wanted: &[Additive],
    ) -> Result<Cells, EngineError> {
        let parts: Vec<&[&LakeFile]> = files.chunks(files.len().div_ceil(PARTS).max(1)).collect();
        let new = || Cells::new(groups.count * buckets.count(), wanted.len());
        let of_part = |part: &&[&LakeFile]| -> Result<Cells, EngineError> {
            let mut cells = new();
            for file in *part {
                let held = if KEPT.contains(&table) {
                    self.held(table, file, wanted)?
                } else {
                    Arc::new(Held::of(table, file, wanted, groups.few.as_ref())?)
                };
                cells.add(&held.keys, &held.columns(wanted), groups, buckets);
            }
            Ok(cells)
        };
        let mut all = new();
        for part in in_threads(&parts, of_part) {
            all.append(&part?);
        }
        Ok(all)
    }

    /// A file with the columns that are wanted; what is not known of it is read at once.
    fn held(&self, table: &'static str, file: &LakeFile, wanted: &[Additive]) -> Result<Arc<Held>, EngineError> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&file.path).cloned();
        let is_missing = |sum: &&Additive| known.as_ref().is_none_or(|held| held.column(**sum).is_none());
        let missing: Vec<Additive> = wanted.iter().filter(is_missing).copied().collect();
        if let Some(known) = known {
            if !missing.is_empty() {
                known.read(table, file, &missing)?;
            }
            return Ok(known);
        }
        let held = Arc::new(Held::of(table, file, &missing, None)?);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(all.entry(file.path.clone()).or_insert(held)))
    }
}

impl Held {
    fn of(
        table: &'static str,
        file: &LakeFile,
        wanted: &[Additive],
        only: Option<&Arc<Versions>>,
    ) -> Result<Self, EngineError> {
        let has_hows = crate::schema::is_by_hour_of_week(table);
        let keys: &[&str] = if has_hows { &["version", "day", "how"] } else { &["version", "day"] };
        let names: Vec<&str> = keys.iter().copied().chain(wanted.iter().map(|sum| sum.id())).collect();
        let batches = read_columns(file, &names, only)?;
        let held = Self { keys: Keys::of(&batches, table, has_hows)?, sums: Mutex::default() };
        held.keep(&batches, table, wanted)?;
        Ok(held)
    }

    fn read(&self, table: &'static str, file: &LakeFile, missing: &[Additive]) -> Result<(), EngineError> {
        let names: Vec<&str> = missing.iter().map(|sum| sum.id()).collect();
        self.keep(&read_columns(file, &names, None)?, table, missing)
    }

    fn keep(&self, batches: &[RecordBatch], table: &'static str, sums: &[Additive]) -> Result<(), EngineError> {
        for sum in sums {
            let read = Arc::new(Column::of(batches, table, *sum)?);
            self.sums.lock().unwrap_or_else(PoisonError::into_inner).entry(*sum).or_insert(read);
        }
        Ok(())
    }

    fn column(&self, sum: Additive) -> Option<Arc<Column>> {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner).get(&sum).cloned()
    }

    fn columns(&self, wanted: &[Additive]) -> Vec<Arc<Column>> {
        wanted.iter().filter_map(|sum| self.column(*sum)).collect()
    }
}

impl Keys {
    fn of(batches: &[RecordBatch], table: &'static str, has_hows: bool) -> Result<Self, EngineError> {
        let (mut versions, mut days, mut hows) = (Vec::new(), Vec::new(), Vec::new());
        for batch in batches {
            versions.extend_from_slice(column::<Int32Array>(batch, table, "version")?.values());
            days.extend_from_slice(column::<Date32Array>(batch, table, "day")?.values());
            if has_hows {
                let numbers = column::<Int32Array>(batch, table, "how")?.values().iter();
                hows.extend(numbers.map(|how| u8::try_from(*how).unwrap_or(u8::MAX)));
            }
        }
        let days = match days.first() {
            Some(first) if days.iter().all(|day| day == first) => Days::One(*first),
            _ => Days::Each(days),
        };
        Ok(Self { versions, days, hows })
    }
}

impl Column {
    fn of(batches: &[RecordBatch], table: &'static str, sum: Additive) -> Result<Self, EngineError> {
        let mut all = Vec::new();
        for batch in batches {
            all.extend(numbers(batch, table, sum)?);
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
        let whole = |value: &f64| (sum.is_whole() && (0.0..4_294_967_295.0).contains(value)).then_some(*value as u32);
        let narrow: Option<Vec<u32>> = all.iter().map(whole).collect();
        Ok(narrow.map_or(Self::Any(all), Self::Whole))
    }
}

/// A column of a rollup as numbers. Whole numbers stay exact: they are far below 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "counts and seconds are far below 2^53")]
pub(crate) fn numbers(batch: &RecordBatch, table: &'static str, sum: Additive) -> Result<Vec<f64>, EngineError> {
    if !sum.is_whole() {
        let floats = column::<Float64Array>(batch, table, sum.id())?;
        return Ok(floats.iter().map(|value| value.unwrap_or(0.0)).collect());
    }
    let whole = column::<Int64Array>(batch, table, sum.id())?;
    Ok((0..whole.len()).map(|row| if whole.is_null(row) { 0.0 } else { whole.value(row) as f64 }).collect())
}

/// The group of each version of a member.
struct OfVersions {
    least: i32,
    of: Vec<i32>,
    /// How many groups.
    count: usize,
    /// The versions in a group, where those are few of all.
    few: Option<Arc<Versions>>,
}

impl OfVersions {
    fn of(snapshot: &Snapshot, groups: &[i32]) -> Self {
        let versions = || snapshot.members.all().iter().map(|member| member.version);
        let least = versions().min().unwrap_or(0);
        let most = versions().max().unwrap_or(0);
        let place = |version: i32| usize::try_from(i64::from(version) - i64::from(least)).unwrap_or(usize::MAX);
        let mut of = vec![OUT; place(most) + 1];
        for (version, group) in versions().zip(groups) {
            of[place(version)] = *group;
        }
        let count = groups.iter().max().and_then(|most| usize::try_from(most + 1).ok()).unwrap_or(0);
        let asked: Vec<bool> = of.iter().map(|group| *group != OUT).collect();
        let is_few = FEW * asked.iter().filter(|is_asked| **is_asked).count() <= groups.len();
        let few = is_few.then(|| Arc::new(Versions { least, asked }));
        Self { least, of, count, few }
    }

    fn get(&self, version: i32) -> Option<usize> {
        let at = usize::try_from(i64::from(version) - i64::from(self.least)).ok()?;
        self.of.get(at).and_then(|group| usize::try_from(*group).ok())
    }
}

/// The buckets that a day, and an hour of the week, fall into, worked out once for the period.
struct Buckets<'a> {
    times: &'a [Dimension],
    first: i32,
    /// Of each day from the first: the number of its buckets.
    of_day: Vec<u32>,
    days: Vec<Vec<i32>>,
    /// Of each hour of the week: the number of its buckets.
    of_how: [u32; HOURS],
    hows: Vec<Vec<i32>>,
}

fn is_of_how(time: Dimension) -> bool {
    matches!(time, Dimension::HourOfWeek | Dimension::HourOfDay)
}

impl<'a> Buckets<'a> {
    fn of(times: &'a [Dimension], period: &Period, table: &str) -> Self {
        let number = |day| i32::try_from(day_number(day)).unwrap_or(i32::MAX);
        // Tables by month keep the first day of each.
        let by_month = table.contains("month");
        let first = number(if by_month { period.first.first_of_month() } else { period.first });
        let mut numbered = Numbered::default();
        let of_days = |day: i32| -> Vec<i32> {
            times.iter().filter(|time| !is_of_how(**time)).map(|time| bucket::of_day(*time, day)).collect()
        };
        let of_day = (first..=number(period.last)).map(|day| numbered.number(of_days(day))).collect();
        let mut hours = Numbered::default();
        let of_how = std::array::from_fn(|how| {
            let how = i32::try_from(how).unwrap_or(0);
            let of = |time: &Dimension| if *time == Dimension::HourOfDay { how % 24 } else { how };
            hours.number(times.iter().filter(|time| is_of_how(**time)).map(of).collect())
        });
        Self { times, first, of_day, days: numbered.all, of_how, hows: hours.all }
    }

    fn count(&self) -> usize {
        self.days.len() * self.hows.len()
    }

    /// The number of a day's buckets; none outside the period.
    fn day(&self, day: i32) -> Option<usize> {
        let at = usize::try_from(i64::from(day) - i64::from(self.first)).ok()?;
        self.of_day.get(at).map(|number| *number as usize)
    }

    /// The number of an hour's buckets.
    fn how(&self, how: u8) -> usize {
        self.of_how.get(usize::from(how)).map_or(0, |number| *number as usize)
    }

    /// Group and buckets of a cell.
    fn key(&self, cell: usize) -> Key {
        let (group, bucket) = (cell / self.count(), cell % self.count());
        let (day, how) = (bucket / self.hows.len(), bucket % self.hows.len());
        let (mut days, mut hows) = (self.days[day].iter(), self.hows[how].iter());
        let of_time = |time: &Dimension| if is_of_how(*time) { hows.next() } else { days.next() };
        let buckets = self.times.iter().filter_map(of_time).copied();
        std::iter::once(i32::try_from(group).unwrap_or(OUT)).chain(buckets).collect()
    }
}

/// Different buckets, numbered as they come.
#[derive(Default)]
struct Numbered {
    all: Vec<Vec<i32>>,
    numbers: HashMap<Vec<i32>, u32>,
}

impl Numbered {
    fn number(&mut self, buckets: Vec<i32>) -> u32 {
        let all = &mut self.all;
        *self.numbers.entry(buckets).or_insert_with_key(|buckets| {
            all.push(buckets.clone());
            u32::try_from(all.len() - 1).unwrap_or(NONE)
        })
    }
}

/// Sums by cell: a group and its buckets. Cells get places as they come.
struct Cells {
    places: Places,
    cells: Vec<usize>,
    /// Those of the first cell, then those of the second …
    sums: Vec<f64>,
    width: usize,
    /// Room for the places of a file's rows.
    rows: Vec<u32>,
}

/// The place of each cell.
enum Places {
    Dense(Vec<u32>),
    Sparse(hashbrown::HashMap<usize, u32>),
}

impl Cells {
    fn new(count: usize, width: usize) -> Self {
        let places =
            if count <= DENSE { Places::Dense(vec![NONE; count]) } else { Places::Sparse(hashbrown::HashMap::new()) };
        Self { places, cells: Vec::new(), sums: Vec::new(), width, rows: Vec::new() }
    }

    fn place(&mut self, cell: usize) -> u32 {
        let next = u32::try_from(self.cells.len()).unwrap_or(NONE);
        let place = match &mut self.places {
            Places::Dense(places) => {
                let place = &mut places[cell];
                if *place == NONE {
                    *place = next;
                }
                *place
            }
            Places::Sparse(places) => *places.entry(cell).or_insert(next),
        };
        if place == next {
            self.cells.push(cell);
            self.sums.resize(self.sums.len() + self.width, 0.0);
        }
        place
    }

    /// Cells in the order in which they came, with their sums.
    fn iter(&self) -> impl Iterator<Item = (usize, &[f64])> {
        let of = |at: usize| &self.sums[at * self.width..(at + 1) * self.width];
        self.cells.iter().enumerate().map(move |(at, cell)| (*cell, of(at)))
    }

    fn append(&mut self, more: &Self) {
        for (cell, values) in more.iter() {
            let place = self.place(cell) as usize * self.width;
            self.sums[place..place + self.width].iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
    }

    fn add(&mut self, keys: &Keys, columns: &[Arc<Column>], groups: &OfVersions, buckets: &Buckets<'_>) {
        let mut rows = std::mem::take(&mut self.rows);
        rows.clear();
        let (days, hows) = (buckets.days.len(), buckets.hows.len());
        for (row, version) in keys.versions.iter().enumerate() {
            let day = match &keys.days {
                Days::One(day) => buckets.day(*day),
                Days::Each(days) => buckets.day(days[row]),
            };
            let how = keys.hows.get(row).map_or(0, |how| buckets.how(*how));
            let cell = groups.get(*version).zip(day).map(|(group, day)| (group * days + day) * hows + how);
            rows.push(cell.map_or(NONE, |cell| self.place(cell)));
        }
        for (at, column) in columns.iter().enumerate() {
            match &**column {
                Column::Whole(values) => self.add_column(&rows, at, values.iter().map(|value| f64::from(*value))),
                Column::Any(values) => self.add_column(&rows, at, values.iter().copied()),
            }
        }
        self.rows = rows;
    }

    fn add_column(&mut self, rows: &[u32], at: usize, values: impl Iterator<Item = f64>) {
        for (place, value) in rows.iter().zip(values).filter(|(place, _)| **place != NONE) {
            self.sums[*place as usize * self.width + at] += value;
        }
    }
}
