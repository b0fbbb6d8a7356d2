//! One file for each command.

mod changes;
mod check;
mod decide;
mod demo;
mod export;
mod history;
mod limits;
mod patterns;
mod places;
mod query;
mod rebuild;
mod register;
mod rejected;
mod serve;
mod submit;
mod tracker;
mod verify;
mod versions;

use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use kerbwatt_hub::{FolderError, Hub, HubError};

use crate::failure::Failure;
use crate::number::count;

pub(crate) use changes::Changes;
pub(crate) use check::Check;
pub(crate) use decide::{Decide, Undo};
pub(crate) use demo::Demo;
pub(crate) use export::Export;
pub(crate) use history::History;
pub(crate) use limits::Limits;
pub(crate) use patterns::Patterns;
pub(crate) use places::Places;
pub(crate) use query::Query;
use query::trust;
pub(crate) use rebuild::Rebuild;
pub(crate) use register::Register;
pub(crate) use rejected::Rejected;
pub(crate) use serve::Serve;
pub(crate) use submit::Submit;
pub(crate) use tracker::Tracker;
pub(crate) use verify::Verify;
pub(crate) use versions::Versions;

/// How a command ended that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// All of it.
    Well,
    /// Not all of it; what failed has been told.
    Partly,
}

impl Done {
    /// Well only if both are.
    pub(crate) fn and(self, other: Self) -> Self {
        if self == Self::Well { other } else { self }
    }
}

/// How long another writer is waited for: a server holds the folder for moments only.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens a folder for writing. Whoever writes to it just now is waited for a while, which is said.
async fn open_for_writing(dir: &Path, command: &str) -> Result<Hub, HubError> {
    let begun = Instant::now();
    let mut is_told = false;
    loop {
        match Hub::open_for_writing(dir, command).await {
            Err(HubError::Folder(FolderError::InUse { holder, .. })) if begun.elapsed() < PATIENCE => {
                if !is_told {
                    is_told = true;
                    // Where stderr is closed there is nobody to tell.
                    let _ = writeln!(io::stderr(), "{} is in use by {holder}: waiting for it to end …", dir.display());
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            opened => return opened,
        }
    }
}

/// Opens a folder to hand in something real: the invented data of the demo must not be mixed with it.
async fn open_for_real_data(dir: &Path, command: &str) -> Result<Hub, Failure> {
    let hub = open_for_writing(dir, command).await?;
    if hub.settings().sample {
        let what = format!(
            "{} holds the invented data of `kerbwatt demo`, which must not be mixed with real data",
            dir.display()
        );
        return Err(Failure::new(what, "Give another folder with --data; it is made where it is missing."));
    }
    Ok(hub)
}

fn now() -> Timestamp {
    Timestamp::now()
}

/// `1 file`, `2 files`.
fn some(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(number as u64), if number == 1 { one } else { many })
}

/// Refuses a folder that is none, instead of making one.
async fn must_exist(dir: &Path) -> Result<(), Failure> {
    match Hub::open_for_reading(dir).await {
        // A damaged lake is what some commands are there to mend.
        Err(error) if error.code().starts_with("folder") => Err(error.into()),
        _ => Ok(()),
    }
}
