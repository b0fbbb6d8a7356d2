//! What requests share: the hub they read from, and the one place from which they write.

use std::sync::Arc;

use axum::extract::FromRef;
use jiff::Timestamp;
use jiff::civil::Date;
use kerbwatt_hub::{FolderError, Hub, HubError};
use kerbwatt_model::Zone;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, Semaphore, SemaphorePermit};

use crate::problem::Problem;

/// Files that are taken in and read at a time; further ones wait before their bytes are taken, for what is read of them takes memory.
const UPLOADS: usize = 4;

/// What requests share. Nothing that any of them finds out stays here.
#[derive(Clone)]
pub(crate) struct App {
    hub: Arc<Hub>,
    /// A data folder has one writer at a time, also within the program.
    writing: Arc<Mutex<()>>,
    uploads: Arc<Semaphore>,
}

impl FromRef<App> for Arc<Hub> {
    fn from_ref(app: &App) -> Self {
        Arc::clone(&app.hub)
    }
}

impl App {
    pub(crate) fn new(hub: Arc<Hub>) -> Self {
        Self { hub, writing: Arc::default(), uploads: Arc::new(Semaphore::new(UPLOADS)) }
    }

    /// Waits until there is room for another file.
    pub(crate) async fn room(&self) -> Result<SemaphorePermit<'_>, Problem> {
        self.uploads.acquire().await.map_err(|_| Problem::internal())
    }

    /// Does long work that only reads, beside the threads that answer.
    pub(crate) async fn read<T, W>(&self, work: W) -> Result<T, Problem>
    where
        T: Send + 'static,
        W: AsyncFnOnce(&Hub) -> Result<T, Problem> + Send + 'static,
    {
        let hub = Arc::clone(&self.hub);
        beside(async move || work(&hub).await).await
    }

    /// Opens the data folder for writing for the time of some work. The work is done to its end also when the client has
    /// gone by then.
    pub(crate) async fn write<T, W>(&self, work: W) -> Result<T, Problem>
    where
        T: Send + 'static,
        W: AsyncFnOnce(&Hub) -> Result<T, Problem> + Send + 'static,
    {
        let turn = Arc::clone(&self.writing).lock_owned().await;
        let dir = self.hub.dir().to_owned();
        beside(async move || {
            // The next in turn finds the folder closed.
            let _turn = turn;
            let hub = Hub::open_for_writing(&dir, "kerbwatt serve").await.map_err(not_open)?;
            work(&hub).await
        })
        .await
    }
}

/// The day it is where the charge points are.
pub(crate) fn today(hub: &Hub) -> Date {
    Zone::named(&hub.settings().zone).unwrap_or_else(|_| Zone::london()).day(Timestamp::now())
}

/// Refuses real returns where all data is invented.
pub(crate) fn must_be_real(hub: &Hub) -> Result<(), Problem> {
    if hub.settings().sample {
        let message = "this is the demo, whose invented data must not be mixed with real returns";
        return Err(Problem::conflict("mixed_data", message, "Start Kerbwatt with a data folder of your own."));
    }
    Ok(())
}

/// Reading and checking a file keeps a thread busy for a while: one that answers nobody.
async fn beside<T, W>(work: W) -> Result<T, Problem>
where
    T: Send + 'static,
    W: AsyncFnOnce() -> Result<T, Problem> + Send + 'static,
{
    let runtime = Handle::current();
    in_thread(move || runtime.block_on(work())).await
}

/// Does work that blocks in a thread of its own.
pub(crate) async fn in_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        tracing::error!("work for a request ended early: {error}");
        Err(Problem::internal())
    })
}

/// Why the folder cannot be written, to somebody in a browser.
fn not_open(error: HubError) -> Problem {
    match error {
        HubError::Folder(FolderError::InUse { holder, .. }) => Problem::conflict(
            "folder_in_use",
            format!("the data folder is being written by another program: {holder}"),
            "Nothing was changed. Try again when that program has ended.",
        ),
        HubError::Folder(FolderError::NotWritable { path }) => Problem::conflict(
            "folder_read_only",
            format!("the server may not write to {}", path.display()),
            "Nothing was changed. Give the user who runs the server the right to write to the data folder.",
        ),
        error => error.into(),
    }
}
