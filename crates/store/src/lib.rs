//! What Kerbwatt keeps on disk: a data folder with three parts.
//!
//! - [`Vault`]: the bytes that were sent, content-addressed, encrypted, never changed.
//! - [`Ledger`]: SQLite; submissions, decisions, register, places, data versions, audit. The record.
//! - [`Lake`]: Delta tables of Parquet, made from vault and ledger and replaceable by them.
//!
//! [`DataFolder`] opens the folder itself: one writer at a time, any number of readers.
//!
//! Durability: vault and ledger are on disk when their functions return. Lake files are flushed too, but what makes them
//! visible is [`Ledger::publish`]: a table version that no data version names is as if it did not exist.
//!
//! No clock is read here for what is recorded: instants are given by the caller. Vault and ledger block; only the lake is async.

mod digest;
mod durable;
mod folder;
mod lake;
mod ledger;
mod vault;

/// Rows in columns, as the lake takes and gives them.
pub use arrow::array::RecordBatch;

pub use digest::{Digest, DigestError};
pub use folder::{DataFolder, FolderError, KeyError, KeySource};
pub use lake::{
    Change, Lake, LakeDamage, LakeDamageKind, LakeError, LakeFile, PartitionValues, Replace, SESSIONS, TableSpec,
    sessions_batch, sessions_data_schema, sessions_spec,
};
pub use ledger::{
    AuditEntry, ChangedBy, Crossed, Crossing, CrossingKind, DataVersion, Decision, Described, DuplicateRow, Entered,
    EvseRecord, EvseReturn, Layout, Ledger, LedgerError, LimitChange, NewDecision, NewEvse, NewLayout, NewSubmission,
    Operator, Outcome, PlacesRecord, Publication, QuarantinedRow, Reading, RegisterChange, RegisterImport,
    RegisterImportRecord, RegisterVersion, RegisteredPoint, Relation, ReplacedRow, Settings, Shown, Submission,
    SubmissionState, SubmissionTotals,
};
pub use vault::{
    Arrival, Incoming, KeyId, Vault, VaultDamage, VaultDamageKind, VaultError, VaultFile, VaultKey, VaultKeyError,
};
