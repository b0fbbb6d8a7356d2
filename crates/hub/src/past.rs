//! Past data versions: which can still be asked, and opening them.
//!
//! Files of the lake are never changed nor removed, and the ledger keeps of each version what it held. So a version is answered
//! as it was when it was made, bytes for bytes, also after a rebuild, which adds files and takes none away. Two things end that:
//! a table that was damaged and had to be made anew, and a Kerbwatt whose tables have other columns.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use kerbwatt_engine::{ALL_TABLES, RepairMade, Return, Snapshot, spec, tables_format};
use kerbwatt_intake::RepairKind;
use kerbwatt_model::{AsOf, Zone};
use kerbwatt_store::{DataVersion, Shown};

use crate::hub::Current;
use crate::{Hub, HubError, places};

/// Past versions that are kept open.
const OPEN: usize = 4;

/// Past versions that were asked for last, the latest first.
#[derive(Default)]
pub(crate) struct Past(Mutex<VecDeque<Arc<Current>>>);

impl Past {
    fn find(&self, number: i64) -> Option<Arc<Current>> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = open.iter().position(|known| known.snapshot.data_version == number)?;
        let found = open.remove(at)?;
        open.push_front(Arc::clone(&found));
        Some(found)
    }

    fn keep(&self, opened: &Arc<Current>) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.push_front(Arc::clone(opened));
        open.truncate(OPEN);
    }

    pub(crate) fn all(&self) -> Vec<Arc<Current>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

impl Hub {
    /// The number of the data version that is meant: the newest one made by then. `now` tells what lies ahead.
    ///
    /// # Errors
    /// [`HubError::NoVersion`], [`HubError::NotHeld`], [`HubError::BeforeFirst`], [`HubError::Ahead`]; store errors.
    pub fn resolve(&self, asked: &AsOf, now: Timestamp) -> Result<i64, HubError> {
        let versions = self.ledger.data_versions()?;
        let zone = self.zone();
        let (Some(newest), Some(first)) = (versions.first(), versions.last()) else {
            return Err(HubError::NoVersion { asked: asked.to_string(), newest: 0 });
        };
        let found = match asked {
            AsOf::Version(number) => versions
                .iter()
                .find(|version| version.number == *number)
                .ok_or_else(|| HubError::NoVersion { asked: asked.to_string(), newest: newest.number })?,
            _ if is_ahead(asked, now, &zone) => {
                return Err(HubError::Ahead { asked: asked.to_string(), newest: newest.number });
            }
            _ => versions.iter().find(|version| asked.admits(version.made_at, &zone)).ok_or_else(|| {
                let made_at = zone.civil(first.made_at).strftime("%Y-%m-%d %H:%M").to_string();
                HubError::BeforeFirst { asked: asked.to_string(), first: first.number, made_at }
            })?,
        };
        // The newest is what everybody sees; if it cannot be read, that is told as what it is.
        if found.number != newest.number {
            self.must_be_held(found, &versions)?;
        }
        Ok(found.number)
    }

    /// What a data version holds; the newest where none is named.
    pub(crate) async fn at(&self, version: Option<i64>) -> Result<Arc<Current>, HubError> {
        let current = self.current().await?;
        let Some(number) = version.filter(|number| *number != current.snapshot.data_version) else {
            return Ok(current);
        };
        if let Some(known) = self.past.find(number) {
            return Ok(known);
        }
        let opened = Arc::new(self.open_version(number, &current).await?);
        self.past.keep(&opened);
        self.forget_files(&current);
        Ok(opened)
    }

    /// Reads a past data version, and keeps nothing of it.
    pub(crate) async fn open_version(&self, number: i64, current: &Current) -> Result<Current, HubError> {
        let versions = self.ledger.data_versions()?;
        let unknown = || HubError::NoVersion { asked: number.to_string(), newest: current.snapshot.data_version };
        let version = versions.iter().find(|version| version.number == number).ok_or_else(unknown)?;
        self.must_be_held(version, &versions)?;
        let opened = self.read_version(Some(version), Some(current)).await?;
        if let Some(gone) = opened.snapshot.files.values().flatten().find(|file| !file.path.is_file()) {
            let why = format!("the file {} is gone", gone.path.display());
            return Err(HubError::NotHeld { version: number, why, oldest: None });
        }
        Ok(opened)
    }

    /// Reads a data version; areas are those of `known` where they are the same.
    pub(crate) async fn read_version(
        &self,
        version: Option<&DataVersion>,
        known: Option<&Current>,
    ) -> Result<Current, HubError> {
        let records = match version.and_then(|version| version.places.clone()) {
            Some(records) => records,
            None => self.ledger.places()?,
        };
        let places = match known.filter(|known| known.places_of == records) {
            Some(known) => Arc::clone(&known.places),
            None => Arc::new(places::of(&records, &self.vault)?),
        };
        // The logs of tables are read at the same time: each takes a while in a folder of some years.
        let lists = ALL_TABLES.map(|table| {
            let at = version.and_then(|version| version.tables.get(table)).copied();
            let lake = self.lake.clone();
            tokio::spawn(async move {
                match at {
                    Some(at) => lake.files(&spec(table), at).await,
                    None => Ok(Vec::new()),
                }
            })
        });
        let mut files = BTreeMap::new();
        for (table, list) in ALL_TABLES.into_iter().zip(lists) {
            let list = list.await.map_err(|error| HubError::Defect(error.to_string()))?;
            files.insert(table, list?);
        }
        let (number, made_at) = version.map_or((0, Timestamp::UNIX_EPOCH), |v| (v.number, v.made_at));
        let days = version.and_then(|version| version.days);
        let returns = self.ledger.shown_at(number)?.into_iter().map(a_return).collect();
        let snapshot = Snapshot::read(number, made_at, self.settings().sample, files, days)?.of_returns(returns);
        let register_import = version.map_or(0, |version| version.register_import);
        Ok(Current::new(snapshot, places, records, register_import))
    }

    /// Forgets what was read of files that no open version names.
    pub(crate) fn forget_files(&self, current: &Current) {
        let past = self.past.all();
        let open: Vec<&Snapshot> = past.iter().map(|one| &one.snapshot).chain([&current.snapshot]).collect();
        self.engine.forget_all_but(&open);
    }

    pub(crate) fn zone(&self) -> Zone {
        Zone::named(&self.settings().zone).unwrap_or_else(|_| Zone::london())
    }

    fn must_be_held(&self, version: &DataVersion, all: &[DataVersion]) -> Result<(), HubError> {
        let lake = self.identities();
        let Some(why) = why_not_held(version, all, &lake) else { return Ok(()) };
        let held = all.iter().filter(|other| why_not_held(other, all, &lake).is_none());
        Err(HubError::NotHeld { version: version.number, why, oldest: held.map(|version| version.number).min() })
    }

    /// How many data versions can be asked.
    pub(crate) fn held_versions(&self) -> Result<usize, HubError> {
        let (all, lake) = (self.ledger.data_versions()?, self.identities());
        Ok(all.iter().filter(|version| why_not_held(version, &all, &lake).is_none()).count())
    }

    /// Which tables the lake has.
    pub(crate) fn identities(&self) -> BTreeMap<String, String> {
        let of = |table: &'static str| Some((table.to_owned(), self.lake.identity(&spec(table)).ok()?));
        ALL_TABLES.into_iter().filter_map(of).collect()
    }
}

/// A return as it was in the figures of a data version.
fn a_return(shown: Shown) -> Return {
    let made = |(repair, rows): (String, Option<u64>)| {
        let title = RepairKind::of_id(&repair).map_or_else(|| repair.clone(), |kind| kind.title().to_owned());
        RepairMade { repair, title, rows }
    };
    Return {
        submission: shown.submission,
        operator: shown.operator,
        covers: shown.covers,
        repairs: shown.repaired.into_iter().map(made).collect(),
    }
}

fn is_ahead(asked: &AsOf, now: Timestamp, zone: &Zone) -> bool {
    match asked {
        AsOf::Version(_) => false,
        AsOf::Day(day) => *day > zone.day(now),
        AsOf::Civil(civil, _) => *civil > zone.civil(now),
        AsOf::Instant(instant) => *instant > now,
    }
}

/// Why a data version can no longer be answered; none where it can. `lake` has the tables that there are.
pub(crate) fn why_not_held(
    version: &DataVersion,
    all: &[DataVersion],
    lake: &BTreeMap<String, String>,
) -> Option<String> {
    if version.places.is_none() {
        return Some("it was made before Kerbwatt kept what each version holds".to_owned());
    }
    if version.format.as_deref().is_some_and(|format| format != tables_format()) {
        return Some("its tables have the columns of another version of Kerbwatt".to_owned());
    }
    let (table, id) = version.table_ids.iter().find(|(table, id)| lake.get(*table) != Some(*id))?;
    // Newest first: the last one that differs is the first that was made anew.
    let mut later = all.iter().filter(|other| other.number > version.number);
    let anew = later.rfind(|other| other.table_ids.get(table) != Some(id));
    let when = anew.map(|other| format!(" with version {}, on {}", other.number, other.made_at.strftime("%Y-%m-%d")));
    Some(format!("the lake was damaged and its table {table} made anew{}", when.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(number: i64, sessions: &str) -> DataVersion {
        DataVersion {
            number,
            made_at: Timestamp::UNIX_EPOCH,
            tables: BTreeMap::new(),
            reason: String::new(),
            days: None,
            table_ids: BTreeMap::from([("sessions".to_owned(), sessions.to_owned())]),
            format: Some(tables_format()),
            places: Some(Vec::new()),
            register_import: 0,
            last_decision: 0,
        }
    }

    #[test]
    fn a_version_is_held_while_its_tables_are_there_in_the_same_columns() {
        let lake = BTreeMap::from([("sessions".to_owned(), "b".to_owned())]);
        let all = [version(3, "b"), version(2, "b"), version(1, "a")];
        let why = |version: &DataVersion| why_not_held(version, &all, &lake).unwrap_or_default();
        assert_eq!(why(&all[0]), "");
        assert_eq!(why(&all[2]), "the lake was damaged and its table sessions made anew with version 2, on 1970-01-01");
        let other = DataVersion { format: Some("other".to_owned()), ..version(3, "b") };
        assert!(why(&other).contains("the columns of another version of Kerbwatt"));
        let untold = DataVersion { places: None, ..version(3, "b") };
        assert!(why(&untold).contains("before Kerbwatt kept"));
    }
}
