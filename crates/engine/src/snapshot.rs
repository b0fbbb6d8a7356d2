//! What the lake held at one data version.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kerbwatt_store::LakeFile;

use crate::{Labels, Members};

/// The files of every table at one data version, and the dimension tables in memory. Immutable: files of the lake never change.
#[derive(Debug)]
pub struct Snapshot {
    /// Number of the data version; 0 before any data.
    pub data_version: i64,
    /// When it was made.
    pub made_at: Timestamp,
    /// Whether the data is invented.
    pub is_sample: bool,
    /// Members by version.
    pub members: Members,
    /// Names of codes and ids.
    pub labels: Labels,
    /// Files by table.
    pub files: BTreeMap<&'static str, Vec<LakeFile>>,
    /// First and last local day that an accepted return covers or holds.
    pub days: Option<(Date, Date)>,
}
