//! The register: importing one, and what intake may know of it.

use std::collections::HashMap;

use jiff::Timestamp;
use kerbwatt_intake::{Finding, KnownEvse, ProfileMatch, Refusal, Register, Rejected, read_register};
use kerbwatt_model::{OperatorId, RegisterEntry};
use kerbwatt_store::{NewEvse, RegisterImport, RegisterVersion};

use crate::{Hub, HubError};

/// What importing a register did.
#[derive(Debug, Clone)]
pub struct RegisterImported {
    /// Entries that are new.
    pub added: u64,
    /// Entries that changed; their past is kept.
    pub changed: u64,
    /// Entries that were there already.
    pub unchanged: u64,
    /// Rows that cannot be entries.
    pub rejected: Vec<Rejected>,
    /// What the checks found.
    pub findings: Vec<Finding>,
    /// The layout, and how well it fits.
    pub profile: ProfileMatch,
    /// Rows below the header.
    pub rows_read: u64,
}

/// One operator's register as intake sees it: the newest entry of each EVSE or device.
#[derive(Debug, Default)]
pub(crate) struct OperatorRegister(HashMap<String, RegisterEntry>);

/// The registers of all operators, read once for however many returns.
#[derive(Debug, Default)]
pub(crate) struct Registers {
    by_operator: HashMap<String, OperatorRegister>,
    none: OperatorRegister,
}

impl Registers {
    fn of(register: Vec<RegisterVersion>) -> Self {
        let mut registers = Self::default();
        for version in register {
            registers.by_operator.entry(version.operator).or_default().0.insert(version.key, version.entry);
        }
        registers
    }

    /// An operator's register; an empty one where none was imported.
    pub(crate) fn of_operator(&self, operator: &str) -> &OperatorRegister {
        self.by_operator.get(operator).unwrap_or(&self.none)
    }
}

impl Register for OperatorRegister {
    fn evse(&self, uid: &str, device: &str) -> Option<KnownEvse> {
        let of_device = || self.0.get(device).filter(|entry| entry.evse.is_none());
        self.0.get(uid).or_else(of_device).map(|entry| KnownEvse {
            rated_kw: entry.rated_kw,
            commissioned: entry.commissioned,
            decommissioned: entry.decommissioned,
        })
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Hub {
    /// The registers as the ledger holds them now.
    pub(crate) fn registers(&self) -> Result<Registers, HubError> {
        Ok(Registers::of(self.ledger.register()?))
    }

    /// Imports an operator's register. Entries that changed begin anew on the day of `at`; entries that are missing stay.
    /// Figures show it after [`Hub::publish`].
    ///
    /// # Errors
    /// [`HubError::Refused`] when the file is not a register; store errors.
    pub async fn import_register(
        &self,
        file_name: &str,
        bytes: &[u8],
        operator: &OperatorId,
        profile: Option<&str>,
        at: Timestamp,
    ) -> Result<RegisterImported, HubError> {
        self.must_write()?;
        let refused = |refusal: Refusal| HubError::Refused { file: file_name.to_owned(), refusal };
        let read = read_register(bytes, file_name, profile).map_err(refused)?;
        let digest = self.vault.put(bytes)?;
        self.ledger.put_operator(operator.as_str(), None)?;
        let import = RegisterImport {
            operator: operator.to_string(),
            file_name: file_name.to_owned(),
            digest,
            zone: read.zone.name().to_owned(),
            on: read.zone.day(at),
            entries: read.entries,
        };
        let change = self.ledger.import_register(&import, at)?;
        let listed: Vec<NewEvse> = import.entries.iter().map(|entry| listed(entry, &import.zone)).collect();
        self.ledger.number_evses(operator.as_str(), &listed)?;
        Ok(RegisterImported {
            added: change.added,
            changed: change.changed,
            unchanged: change.unchanged,
            rejected: read.rejected,
            findings: read.findings,
            profile: read.profile,
            rows_read: read.rows_read,
        })
    }
}

/// A register that lists devices only stands for one EVSE each, until a return names the EVSEs.
fn listed(entry: &RegisterEntry, zone: &str) -> NewEvse {
    NewEvse {
        uid: entry.evse.clone().unwrap_or_else(|| entry.device.clone()),
        device: entry.device.clone(),
        zone: zone.to_owned(),
        first_seen: None,
        last_seen: None,
    }
}
