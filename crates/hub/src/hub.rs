//! A data folder with its engine.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use jiff::Timestamp;
use kerbwatt_engine::{ALL_TABLES, Engine, Snapshot, spec, tables_format};
use kerbwatt_model::{OperatorId, Zone};
use kerbwatt_places::Places;
use kerbwatt_store::{DataFolder, DataVersion, Lake, LakeError, Ledger, PlacesRecord, Settings, Vault};

use crate::HubError;
use crate::members::Registered;
use crate::past::Past;
use crate::places::KnownAreas;
use crate::sites::Sites;
use crate::waiting::Remembered;

/// A data folder with its engine: everything the product does.
pub struct Hub {
    pub(crate) folder: DataFolder,
    pub(crate) vault: Arc<Vault>,
    pub(crate) ledger: Ledger,
    pub(crate) lake: Lake,
    pub(crate) engine: Engine,
    pub(crate) settings: Settings,
    /// Why the lake could not be taken back to what is published; only a rebuild helps then.
    trouble: Option<LakeError>,
    current: RwLock<Option<Arc<Current>>>,
    reading: tokio::sync::Mutex<()>,
    pub(crate) past: Past,
    pub(crate) remembered: Mutex<Remembered>,
    pub(crate) known_areas: KnownAreas,
}

/// What publishing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// Number of the data version that is now shown; 0 before any data.
    pub data_version: i64,
    /// Whether it is a new one.
    pub changed: bool,
    /// Operator-months whose rollups were made anew.
    pub months: usize,
}

/// All that is read once for each data version.
pub(crate) struct Current {
    pub(crate) snapshot: Snapshot,
    pub(crate) places: Arc<Places>,
    /// The files that the areas come from.
    pub(crate) places_of: Vec<PlacesRecord>,
    /// The last import of a register that is in it.
    register_import: i64,
    sites: OnceLock<Sites>,
}

impl Current {
    pub(crate) fn new(
        snapshot: Snapshot,
        places: Arc<Places>,
        places_of: Vec<PlacesRecord>,
        register_import: i64,
    ) -> Self {
        Self { snapshot, places, places_of, register_import, sites: OnceLock::new() }
    }
}

impl Hub {
    /// Opens a data folder for writing; makes it where it is missing, and finishes what a crash interrupted where that can be done.
    ///
    /// # Errors
    /// [`HubError::Folder`] when it cannot be opened or is in use; store errors.
    pub async fn open_for_writing(dir: &Path, command: &str) -> Result<Self, HubError> {
        let folder = DataFolder::open_for_writing(dir, command)?;
        let ledger = Ledger::open_for_writing(&folder.ledger_file())?;
        let settings = match ledger.settings()? {
            Some(settings) => settings,
            None => {
                let settings = new_settings()?;
                ledger.put_settings(&settings)?;
                settings
            }
        };
        let mut hub = Self::with(folder, ledger, settings);
        hub.vault.sweep_temporary()?;
        let published = hub.ledger.data_version()?;
        if published.as_ref().is_some_and(|version| hub.is_of_another_version(version)) {
            // The lake is derived, so a change of its columns costs a rebuild and nothing else.
            tracing::info!("the lake is of another version of the program: it is made anew");
            match hub.rebuild(&(), Timestamp::now()).await {
                // It is recorded anew through this hub, and publishing makes the lake anew then.
                Err(error @ HubError::Changed { .. }) => tracing::warn!(%error, "the lake cannot be made anew yet"),
                made => drop(made?),
            }
            return Ok(hub);
        }
        hub.trouble = hub.restore_lake(published.as_ref()).await.err();
        if hub.trouble.is_none() && hub.is_behind(published.as_ref())? {
            hub.catch_up(published.as_ref()).await;
        }
        Ok(hub)
    }

    /// Whether something was decided that is not in the figures: about a return, or a repair of a register that was taken back. An
    /// import that failed half-way is done again, and need not be looked for here.
    fn is_behind(&self, published: Option<&DataVersion>) -> Result<bool, HubError> {
        let known = published.map_or(0, |version| version.register_import);
        let is_taken_back = self.ledger.register_imports()?.iter().any(|one| one.id > known && one.undoes.is_some());
        Ok(is_taken_back || !self.ledger.pending()?.is_empty())
    }

    /// Finishes what was decided and is not in the figures yet. What stands in its way does not keep the folder shut: a file that is
    /// damaged in the vault is mended by handing it in again, and a command that changes figures publishes, and fails, by itself.
    async fn catch_up(&mut self, published: Option<&DataVersion>) {
        if let Err(error) = self.publish(&(), Timestamp::now()).await {
            tracing::warn!(%error, "what was decided cannot be brought into the figures yet");
            self.trouble = self.restore_lake(published).await.err();
        }
    }

    /// Opens an existing data folder for reading, also while another process writes to it.
    ///
    /// # Errors
    /// [`HubError::Folder`] when there is none, or it comes from a newer version; store errors.
    pub async fn open_for_reading(dir: &Path) -> Result<Self, HubError> {
        let folder = DataFolder::open_for_reading(dir)?;
        let ledger = Ledger::open_for_reading(&folder.ledger_file())?;
        let settings = ledger.settings()?.map_or_else(new_settings, Ok)?;
        Ok(Self::with(folder, ledger, settings))
    }

    fn with(folder: DataFolder, ledger: Ledger, settings: Settings) -> Self {
        Self {
            vault: Arc::new(folder.vault()),
            lake: Lake::new(&folder.lake_dir()),
            engine: Engine::new(),
            current: RwLock::new(None),
            reading: tokio::sync::Mutex::default(),
            past: Past::default(),
            remembered: Mutex::default(),
            known_areas: KnownAreas::default(),
            trouble: None,
            folder,
            ledger,
            settings,
        }
    }

    /// The data folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.folder.root()
    }

    /// Name, zone and nature of the hub.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.ledger.settings().ok().flatten().unwrap_or_else(|| self.settings.clone())
    }

    /// Says that all data of this hub is invented.
    ///
    /// # Errors
    /// [`HubError::Mixed`] when the folder holds real returns.
    pub fn mark_as_sample(&self, hub_name: &str) -> Result<(), HubError> {
        self.must_write()?;
        let settings = self.settings();
        if !settings.sample && !self.ledger.submissions()?.is_empty() {
            return Err(HubError::Mixed(self.folder.root().to_owned(), "real returns", "invented ones"));
        }
        let settings = Settings { hub_name: hub_name.to_owned(), sample: true, ..settings };
        Ok(self.ledger.put_settings(&settings)?)
    }

    /// Sets an operator's display name.
    ///
    /// # Errors
    /// Store errors.
    pub fn name_operator(&self, id: &OperatorId, name: &str) -> Result<(), HubError> {
        self.must_write()?;
        Ok(self.ledger.put_operator(id.as_str(), Some(name))?)
    }

    /// Number of the data version that is shown; 0 before any data.
    ///
    /// # Errors
    /// Store errors.
    pub async fn data_version(&self) -> Result<i64, HubError> {
        Ok(self.ledger.data_version()?.map_or(0, |version| version.number))
    }

    pub(crate) fn must_write(&self) -> Result<(), HubError> {
        if self.folder.is_writer() { Ok(()) } else { Err(HubError::ReadOnly(PathBuf::from(self.folder.root()))) }
    }

    /// Refuses to build on a lake that could not be taken back to what is published.
    pub(crate) fn must_be_whole(&self) -> Result<(), HubError> {
        self.trouble.as_ref().map_or(Ok(()), |trouble| Err(HubError::Damaged(trouble.to_string())))
    }

    /// What the newest data version holds; read again only when there is a newer one.
    pub(crate) async fn current(&self) -> Result<Arc<Current>, HubError> {
        if let Some(known) = self.known(self.data_version().await?) {
            return Ok(known);
        }
        // Whoever asks meanwhile waits for what is read, instead of reading it too.
        let _reading = self.reading.lock().await;
        if let Some(known) = self.known(self.data_version().await?) {
            return Ok(known);
        }
        let known_before = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        let version = self.readable_version()?;
        let read = Arc::new(self.read_version(version.as_ref(), known_before.as_deref()).await?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&read));
        self.forget_files(&read);
        Ok(read)
    }

    /// What a data version holds, where it is the one that was read last.
    fn known(&self, version: i64) -> Option<Arc<Current>> {
        let known = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        known.filter(|known| known.snapshot.data_version == version)
    }

    /// The sites of a data version; most questions are answered without them.
    pub(crate) fn sites_of<'c>(&self, current: &'c Current) -> Result<&'c Sites, HubError> {
        if let Some(known) = current.sites.get() {
            return Ok(known);
        }
        let register = Registered::of(self.ledger.register_at(current.register_import)?);
        Ok(current.sites.get_or_init(|| Sites::of(&current.snapshot, &register)))
    }

    /// The newest data version, the tables of which must have the columns that this program reads.
    pub(crate) fn readable_version(&self) -> Result<Option<DataVersion>, HubError> {
        let version = self.ledger.data_version()?;
        if version.as_ref().is_none_or(is_of_this_format) { Ok(version) } else { Err(HubError::OtherFormat) }
    }

    /// Whether some table has, or is said to have, other columns than this program writes. What cannot be read at all is another
    /// trouble.
    fn is_of_another_version(&self, published: &DataVersion) -> bool {
        let has_others = |table| matches!(self.lake.has_columns_of(&spec(table)), Ok(false));
        !is_of_this_format(published) || ALL_TABLES.into_iter().any(has_others)
    }

    /// Takes back what an interrupted run left in the lake: only a published version counts.
    async fn restore_lake(&self, published: Option<&DataVersion>) -> Result<(), LakeError> {
        for table in ALL_TABLES {
            let spec = spec(table);
            self.lake.create_if_missing(&spec).await?;
            // Version 0 is the empty table that was just made.
            let at = published.and_then(|version| version.tables.get(table)).copied().unwrap_or(0);
            self.lake.restore(&spec, at).await?;
        }
        // Every file of the lake is looked at for this.
        if self.lake.is_unfinished() {
            for table in ALL_TABLES {
                self.lake.remove_orphans(&spec(table)).await?;
            }
            self.lake.finish()?;
        }
        Ok(())
    }
}

/// Whether the tables of a data version have the columns that this program reads.
pub(crate) fn is_of_this_format(version: &DataVersion) -> bool {
    version.format.as_ref().is_none_or(|format| *format == tables_format())
}

fn new_settings() -> Result<Settings, HubError> {
    let mut hub_key = [0; 32];
    getrandom::fill(&mut hub_key).map_err(|error| HubError::NoRandom(error.to_string()))?;
    Ok(Settings { hub_name: "London".to_owned(), zone: Zone::london().name().to_owned(), hub_key, sample: false })
}
