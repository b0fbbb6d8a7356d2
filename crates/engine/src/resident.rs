//! Rollups in memory, column by column, of which only those that were ever asked for; added up here, without a plan.
//!
//! The sums are those of the plan in [`crate::sums`], which is left what is too much for this.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::{Array as _, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch};
use kerbwatt_model::{Additive, in_threads};
use kerbwatt_store::LakeFile;

use crate::buckets::Buckets;
use crate::groups::OUT;
use crate::member::column;
use crate::sums::{Ask, Key};
use crate::tables::read_columns;
use crate::{EngineError, Snapshot};

/// Files are added up in so many parts, whatever the number of processors: always the same numbers in the same order.
const PARTS: usize = 8;
/// Cells of groups and buckets up to which each has a place of its own.
const DENSE: usize = 1 << 23;
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
    /// Forgets files that no current snapshot names.
    pub(crate) fn keep_only(&self, is_current: impl Fn(&str) -> bool) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|path, _| is_current(&path.to_string_lossy()));
    }

    /// Adds up what is asked for and calls `take` with the number of each group, its buckets, and its sums in the order of
    /// `wanted`: for so many cells that a key for each would take longer than they.
    pub(crate) fn each(
        &self,
        files: &[&LakeFile],
        table: &'static str,
        ask: &Ask<'_>,
        wanted: &[Additive],
        take: &mut impl FnMut(i32, &[i32], &[f64]),
    ) -> Result<(), EngineError> {
        let groups = OfVersions::of(ask.snapshot, &ask.groups.of);
        let buckets = Buckets::of(ask.times, ask.period, table);
        let mut key = Key::new();
        for (cell, values) in self.cells(files, table, &groups, &buckets, wanted)?.iter() {
            buckets.fill(&mut key, cell);
            take(key[0], &key[1..], values);
        }
        Ok(())
    }

    /// Calls `take` with the group, the number of the buckets and the values of each row, of which nothing is added up.
    pub(crate) fn each_row<const WIDTH: usize>(
        &self,
        files: &[&LakeFile],
        table: &'static str,
        (groups, buckets): (&OfVersions, &Buckets<'_>),
        wanted: [Additive; WIDTH],
        mut take: impl FnMut(usize, usize, [f64; WIDTH]),
    ) -> Result<(), EngineError> {
        for file in files {
            let held = self.held(table, file, &wanted)?;
            let columns = held.columns(table, &wanted)?;
            held.keys.each_cell(groups, buckets, |row, cell| {
                if let Some((group, bucket)) = cell {
                    take(group, bucket, std::array::from_fn(|at| columns[at].value(row)));
                }
            });
        }
        Ok(())
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
                let held = self.held(table, file, wanted)?;
                cells.add(&held.keys, &held.columns(table, wanted)?, groups, buckets);
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
        let held = match known {
            Some(known) => known,
            None => {
                let read = Arc::new(Held::of(table, file, wanted)?);
                let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                // Another question may have read it meanwhile, for other columns than these.
                Arc::clone(all.entry(file.path.clone()).or_insert(read))
            }
        };
        let missing: Vec<Additive> = wanted.iter().copied().filter(|sum| held.column(*sum).is_none()).collect();
        if !missing.is_empty() {
            held.read(table, file, &missing)?;
        }
        Ok(held)
    }
}

impl Held {
    fn of(table: &'static str, file: &LakeFile, wanted: &[Additive]) -> Result<Self, EngineError> {
        let has_hows = crate::schema::is_by_hour_of_week(table);
        let keys: &[&str] = if has_hows { &["version", "day", "how"] } else { &["version", "day"] };
        let names: Vec<&str> = keys.iter().copied().chain(wanted.iter().map(|sum| sum.id())).collect();
        let batches = read_columns(file, &names)?;
        let held = Self { keys: Keys::of(&batches, table, has_hows)?, sums: Mutex::default() };
        held.keep(&batches, table, wanted)?;
        Ok(held)
    }

    fn read(&self, table: &'static str, file: &LakeFile, missing: &[Additive]) -> Result<(), EngineError> {
        let names: Vec<&str> = missing.iter().map(|sum| sum.id()).collect();
        self.keep(&read_columns(file, &names)?, table, missing)
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

    fn columns(&self, table: &'static str, wanted: &[Additive]) -> Result<Vec<Arc<Column>>, EngineError> {
        let missing = |sum: &Additive| EngineError::Column { table, column: sum.id().to_owned() };
        wanted.iter().map(|sum| self.column(*sum).ok_or_else(|| missing(sum))).collect()
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

    /// Calls `visit` with each row, and its group and the number of its buckets where it is in any.
    fn each_cell(
        &self,
        groups: &OfVersions,
        buckets: &Buckets<'_>,
        mut visit: impl FnMut(usize, Option<(usize, usize)>),
    ) {
        let of_all = match &self.days {
            Days::One(day) => buckets.day(*day),
            Days::Each(_) => None,
        };
        for (row, version) in self.versions.iter().enumerate() {
            let day = match &self.days {
                Days::One(_) => of_all,
                Days::Each(days) => buckets.day(days[row]),
            };
            let how = self.hows.get(row).map_or(0, |how| buckets.how(*how));
            let bucket = day.map(|day| day * buckets.hows.len() + how);
            visit(row, groups.get(*version).zip(bucket));
        }
    }
}

impl Column {
    #[inline]
    fn value(&self, row: usize) -> f64 {
        match self {
            Self::Whole(values) => f64::from(values[row]),
            Self::Any(values) => values[row],
        }
    }

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
pub(crate) struct OfVersions {
    least: i32,
    of: Vec<i32>,
    /// How many groups.
    count: usize,
}

impl OfVersions {
    pub(crate) fn of(snapshot: &Snapshot, groups: &[i32]) -> Self {
        let versions = snapshot.members.versions();
        let least = versions.iter().copied().min().unwrap_or(0);
        let most = versions.iter().copied().max().unwrap_or(0);
        let place = |version: i32| usize::try_from(i64::from(version) - i64::from(least)).unwrap_or(usize::MAX);
        let mut of = vec![OUT; place(most) + 1];
        for (version, group) in versions.iter().zip(groups) {
            of[place(*version)] = *group;
        }
        let count = groups.iter().max().and_then(|most| usize::try_from(most + 1).ok()).unwrap_or(0);
        Self { least, of, count }
    }

    #[inline]
    fn get(&self, version: i32) -> Option<usize> {
        let at = usize::try_from(i64::from(version) - i64::from(self.least)).ok()?;
        self.of.get(at).and_then(|group| usize::try_from(*group).ok())
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
        let count = buckets.count();
        keys.each_cell(groups, buckets, |_, cell| {
            rows.push(cell.map_or(NONE, |(group, bucket)| self.place(group * count + bucket)));
        });
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
