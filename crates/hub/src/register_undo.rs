//! Repairs of registers as decisions: which stand, which can be taken back, and taking them back.

use jiff::Timestamp;
use kerbwatt_intake::{Profile, read_register_with};
use kerbwatt_model::Zone;
use kerbwatt_store::{RegisterChange, RegisterImport, RegisterImportRecord};

use crate::receive::refused;
use crate::{Hub, HubError};

/// What became of the repairs of a register's import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RepairsOfImport {
    /// Whether they were taken back since.
    pub undone: bool,
    /// Whether they can be taken back: as long as no later register of the operator rests on them.
    pub can_undo: bool,
}

impl RepairsOfImport {
    pub(crate) fn of(import: &RegisterImportRecord, all: &[RegisterImportRecord]) -> Self {
        let is_newest = !all.iter().any(|other| other.operator == import.operator && other.id > import.id);
        Self {
            undone: all.iter().any(|other| other.undoes == Some(import.id)),
            can_undo: is_newest && !import.repaired.is_empty() && import.profile.is_some(),
        }
    }
}

impl Hub {
    /// Takes back the repairs that the import of a register applied: its charge points become as the file itself says, for the days for
    /// which the import holds. Figures show it after [`Hub::publish`].
    ///
    /// # Errors
    /// [`HubError::NoSuch`] where the import applied none, or a later register of the operator rests on it; store errors.
    pub fn undo_register_repairs(&self, import: i64, at: Timestamp) -> Result<RegisterChange, HubError> {
        self.must_write()?;
        let all = self.ledger.register_imports()?;
        let known = all.iter().find(|one| one.id == import && RepairsOfImport::of(one, &all).can_undo);
        let none = || HubError::NoSuch {
            what: "import of a register with a repair that can be taken back,",
            id: import.to_string(),
        };
        let as_it_stands = self.without_repairs(known.ok_or_else(none)?)?;
        let change = self.ledger.undo_register_repairs(import, &as_it_stands, at)?;
        self.number(&as_it_stands)?;
        Ok(change)
    }

    /// The newest import of an operator's register, whose repairs can be taken back; none where there is none.
    ///
    /// # Errors
    /// Store errors.
    pub fn repaired_register(&self, operator: &str) -> Result<Option<i64>, HubError> {
        let all = self.ledger.register_imports()?;
        let newest = all.iter().rev().find(|one| one.operator == operator);
        Ok(newest.filter(|one| RepairsOfImport::of(one, &all).can_undo).map(|one| one.id))
    }

    /// A register as its file says without a repair, as of the day on which it was imported.
    fn without_repairs(&self, known: &RegisterImportRecord) -> Result<RegisterImport, HubError> {
        let refused = |refusal| refused(&known.file_name, refusal);
        let own = known.layout.as_ref().map(|text| Profile::from_toml(known.profile.as_deref().unwrap_or("own"), text));
        let own = own.transpose().map_err(|error| HubError::Defect(error.to_string()))?;
        let own = own.as_slice();
        let bytes = self.vault.get(&known.digest)?;
        let read = read_register_with(bytes.as_slice(), &known.file_name, known.profile.as_deref(), own, &[]);
        let read = read.map_err(refused)?;
        let zone: &Zone = &read.zone;
        Ok(RegisterImport {
            operator: known.operator.clone(),
            file_name: known.file_name.clone(),
            digest: known.digest,
            zone: zone.name().to_owned(),
            on: zone.day(known.at),
            entries: read.entries,
            repaired: Vec::new(),
            profile: read.profile.name,
            layout: known.layout.clone(),
        })
    }
}
