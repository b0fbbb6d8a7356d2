//! The register: importing one, and what intake may know of it.

use std::sync::{Arc, OnceLock};

use hashbrown::HashMap;
use jiff::Timestamp;
use kerbwatt_intake::{
    COORDINATES_EXCHANGED, COORDINATES_WITHOUT_SIGN, Check, Coordinates, Example, Finding, Kind, KnownEvse, KnownPlace,
    Profile, ProfileMatch, Refusal, Register, RegisterReturn, Rejected, Repair, RepairKind, propose,
    read_register_with, sort_findings,
};
use kerbwatt_model::{OperatorId, RegisterEntry, Zone};
use kerbwatt_places::{LocationProblem, Places, plausible};
use kerbwatt_store::{Described, NewEvse, RegisterImport, RegisteredPoint};

use crate::{Hub, HubError};

/// What importing a register did.
#[derive(Debug, Clone)]
pub struct RegisterImported {
    /// Number of the import.
    pub import: i64,
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
    /// Repairs that were found and are not applied.
    pub repairs: Vec<Repair>,
    /// Repairs that were asked for, proved and applied.
    pub applied: Vec<Repair>,
}

/// A register as it is handed in.
#[derive(Debug, Clone, Copy)]
pub struct NewRegister<'a> {
    /// Name of the file.
    pub file_name: &'a str,
    /// The file.
    pub bytes: &'a [u8],
    /// Whose charge points they are.
    pub operator: &'a OperatorId,
    /// Name of a shipped profile; recognised by the header when none is given.
    pub profile: Option<&'a str>,
    /// A profile of one's own to read it with.
    pub layout: Option<&'a Profile>,
    /// Repairs to apply where the file proves them.
    pub repairs: &'a [RepairKind],
}

/// One operator's register as intake sees it: the newest entry of each EVSE or device, and the areas of the hub.
#[derive(Debug, Default)]
pub(crate) struct OperatorRegister {
    entries: HashMap<String, Described>,
    areas: Option<Arc<Places>>,
    /// Whether anything in it stands in an area; found when it is first asked.
    has_areas: OnceLock<bool>,
}

/// The registers of all operators, read once for however many returns.
#[derive(Debug, Default)]
pub(crate) struct Registers {
    by_operator: HashMap<String, OperatorRegister>,
    none: OperatorRegister,
}

impl Registers {
    fn of(register: Vec<RegisteredPoint>, areas: Option<&Arc<Places>>) -> Self {
        let mut registers = Self::default();
        let empty = || OperatorRegister { areas: areas.cloned(), ..OperatorRegister::default() };
        for RegisteredPoint { operator, key, described } in register {
            registers.by_operator.entry(operator).or_insert_with(empty).entries.insert(key, described);
        }
        registers
    }

    /// An operator's register; an empty one where none was imported.
    pub(crate) fn of_operator(&self, operator: &str) -> &OperatorRegister {
        self.by_operator.get(operator).unwrap_or(&self.none)
    }
}

impl OperatorRegister {
    fn place(&self, entry: &Described) -> KnownPlace {
        let (Some(areas), Some((latitude, longitude))) = (&self.areas, entry.coordinates) else {
            return KnownPlace::Unknown;
        };
        let at = Coordinates { latitude, longitude };
        let is_in_one = |entry: &Described| {
            entry.coordinates.is_some_and(|(latitude, longitude)| areas.has_area_at(latitude, longitude))
        };
        if is_in_one(entry) {
            KnownPlace::Inside
        } else if *self.has_areas.get_or_init(|| self.entries.values().any(is_in_one)) {
            KnownPlace::Outside(at)
        } else {
            KnownPlace::WithoutAreas(at)
        }
    }
}

impl Register for OperatorRegister {
    fn evse(&self, uid: &str, device: &str) -> Option<KnownEvse> {
        let of_device = || self.entries.get(device).filter(|entry| entry.is_device);
        self.entries.get(uid).or_else(of_device).map(|entry| KnownEvse {
            rated_kw: entry.rated_kw,
            commissioned: entry.commissioned,
            decommissioned: entry.decommissioned,
            place: self.place(entry),
        })
    }

    fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl Hub {
    /// The registers as the ledger holds them now.
    pub(crate) fn registers(&self) -> Result<Registers, HubError> {
        let register = self.ledger.registered_points()?;
        // Areas that cannot be read are told where they matter: returns can be read without them.
        let areas = if register.is_empty() { None } else { self.areas().ok() };
        Ok(Registers::of(register, areas.as_ref()))
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
        let file = NewRegister { file_name, bytes, operator, profile, layout: None, repairs: &[] };
        self.import_as(&file, at).await
    }

    /// As [`Hub::import_register`], in a layout of one's own, and with those of the repairs applied that the file proves.
    ///
    /// # Errors
    /// [`HubError::Refused`] when the file is not a register, with what its columns seem to hold where nobody knows its layout;
    /// store errors.
    pub async fn import_as(&self, file: &NewRegister<'_>, at: Timestamp) -> Result<RegisterImported, HubError> {
        self.must_write()?;
        let NewRegister { file_name, bytes, operator, .. } = *file;
        let read = read(file).map_err(|refusal| HubError::Refused { file: file_name.to_owned(), refusal })?;
        let mut findings = read.findings;
        // What can be repaired is told as such.
        if read.repairs.is_empty() {
            findings.extend(misplaced(&read.entries, read.zone.name()));
            sort_findings(&mut findings);
        }
        let digest = self.vault.put(bytes)?;
        self.ledger.put_operator(operator.as_str(), None)?;
        let import = RegisterImport {
            operator: operator.to_string(),
            file_name: file_name.to_owned(),
            digest,
            zone: read.zone.name().to_owned(),
            on: read.zone.day(at),
            entries: read.entries,
            repaired: read.applied.iter().map(|one| (one.kind.id().to_owned(), one.rows)).collect(),
            profile: read.profile.name.clone(),
            layout: file.layout.and_then(|own| own.to_toml().ok()),
        };
        let change = self.ledger.import_register(&import, at)?;
        self.number(&import)?;
        let number = self.ledger.register_imports()?.last().map_or(0, |import| import.id);
        Ok(RegisterImported {
            import: number,
            added: change.added,
            changed: change.changed,
            unchanged: change.unchanged,
            rejected: read.rejected,
            findings,
            profile: read.profile,
            rows_read: read.rows_read,
            repairs: read.repairs,
            applied: read.applied,
        })
    }

    /// Gives a number to each EVSE that a register names.
    pub(crate) fn number(&self, import: &RegisterImport) -> Result<(), HubError> {
        let listed: Vec<NewEvse> = import.entries.iter().map(|entry| listed(entry, &import.zone)).collect();
        self.ledger.number_evses(&import.operator, &listed)?;
        Ok(())
    }
}

fn read(file: &NewRegister<'_>) -> Result<RegisterReturn, Refusal> {
    let (own, named) = (file.layout.map_or(&[][..], std::slice::from_ref), file.layout.map(|own| own.name.as_str()));
    match read_register_with(file.bytes, file.file_name, named.or(file.profile), own, file.repairs) {
        Err(Refusal::UnknownLayout { header, nearest, .. }) => {
            let proposal = propose(file.bytes, Kind::Register).ok().map(Box::new);
            Err(Refusal::UnknownLayout { header, nearest, proposal })
        }
        read => read,
    }
}

/// Points that are not in Britain, but would be with their coordinates exchanged or with a sign: of charge points on its clocks.
fn misplaced(entries: &[RegisterEntry], zone: &str) -> Vec<Finding> {
    if zone != Zone::london().name() {
        return Vec::new();
    }
    let of = |problem: LocationProblem, check: &Check| {
        let is_meant = move |entry: &&RegisterEntry| {
            let place = entry.latitude.zip(entry.longitude);
            place.is_some_and(|(latitude, longitude)| plausible(latitude, longitude) == Some(problem))
        };
        let example = |entry: &RegisterEntry| {
            let value = |degrees: Option<f64>| degrees.map_or_else(String::new, |degrees| degrees.to_string());
            let place = format!("{}, {}", value(entry.latitude), value(entry.longitude));
            Example { row: entry.row, column: String::new(), value: place }
        };
        let rows = || entries.iter().filter(is_meant);
        check.found(rows().count() as u64, rows().map(example))
    };
    let found = [
        of(LocationProblem::Swapped, &COORDINATES_EXCHANGED),
        of(LocationProblem::SignLost, &COORDINATES_WITHOUT_SIGN),
    ];
    found.into_iter().filter(|finding| finding.count > 0).collect()
}

/// A register that lists devices only stands for one EVSE each, until a return names the EVSEs.
fn listed(entry: &RegisterEntry, zone: &str) -> NewEvse {
    NewEvse {
        uid: entry.evse.clone().unwrap_or_else(|| entry.device.clone()),
        device: entry.device.clone(),
        zone: zone.to_owned(),
    }
}
