//! The dimension table, from register, returns and places.

use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use jiff::civil::Date;
use kerbwatt_engine::Member;
use kerbwatt_model::{AreaKind, Dimension, PowerBand, RegisterEntry, Siting, day_number};
use kerbwatt_places::Places;
use kerbwatt_store::{EvseRecord, Ledger, RegisterVersion};

use crate::HubError;

/// The register by operator and by id of EVSE or device: the versions of each entry, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Registered(HashMap<String, HashMap<String, Vec<RegisterVersion>>>);

impl Registered {
    pub(crate) fn of(register: Vec<RegisterVersion>) -> Self {
        let mut by: HashMap<String, HashMap<String, Vec<RegisterVersion>>> = HashMap::new();
        for version in register {
            by.entry(version.operator.clone()).or_default().entry(version.key.clone()).or_default().push(version);
        }
        by.values_mut().flat_map(HashMap::values_mut).for_each(|versions| versions.sort_by_key(|v| v.valid_first));
        Self(by)
    }

    /// Versions of an EVSE's entry: its own, or that of a device whose EVSEs are not listed.
    pub(crate) fn versions(&self, operator: &str, uid: &str, device: &str) -> &[RegisterVersion] {
        let Some(entries) = self.0.get(operator) else { return &[] };
        let of_device = || entries.get(device).filter(|v| v.iter().all(|version| version.entry.evse.is_none()));
        entries.get(uid).or_else(of_device).map_or(&[], Vec::as_slice)
    }

    /// Whether an operator has a register.
    pub(crate) fn knows(&self, operator: &str) -> bool {
        self.0.contains_key(operator)
    }

    /// The newest entry of an EVSE.
    pub(crate) fn entry(&self, operator: &str, uid: &str, device: &str) -> Option<&RegisterEntry> {
        self.versions(operator, uid, device).last().map(|version| &version.entry)
    }
}

/// Every version of every EVSE that the ledger knows.
pub(crate) fn members(ledger: &Ledger, places: &Places) -> Result<Vec<Member>, HubError> {
    let evses = ledger.evses()?;
    let registered = Registered::of(ledger.register()?);
    let seen_devices: HashSet<(&str, &str)> = evses
        .iter()
        .filter(|evse| evse.first_seen.is_some() && evse.uid != evse.device)
        .map(|evse| (evse.operator.as_str(), evse.device.as_str()))
        .collect();
    // Stands for a device until a return names its EVSEs.
    let is_stand_in = |evse: &EvseRecord| {
        evse.first_seen.is_none()
            && evse.uid == evse.device
            && seen_devices.contains(&(evse.operator.as_str(), evse.device.as_str()))
    };
    let mut pairs = Vec::new();
    let mut drafts = Vec::new();
    let mut areas = AreasOf { places, known: HashMap::new() };
    for evse in evses.iter().filter(|evse| !is_stand_in(evse)) {
        let versions = registered.versions(&evse.operator, &evse.uid, &evse.device);
        for version in versions {
            pairs.push((evse.number, version.version));
            drafts.push(registered_member(evse, version, &mut areas));
        }
        if versions.is_empty() && evse.first_seen.is_some() {
            pairs.push((evse.number, 0));
            drafts.push(unregistered_member(evse));
        }
    }
    let known: Vec<(i32, i32)> = pairs.iter().copied().filter(|(_, version)| *version != 0).collect();
    let mut numbers = ledger.evse_versions(&known)?.into_iter();
    for (member, (_, version)) in drafts.iter_mut().zip(&pairs) {
        member.version = if *version == 0 { -member.evse } else { numbers.next().unwrap_or(-member.evse) };
    }
    Ok(drafts)
}

/// Areas of a place, looked up once for each.
struct AreasOf<'p> {
    places: &'p Places,
    known: HashMap<(u64, u64), [Option<Arc<str>>; 5]>,
}

impl AreasOf<'_> {
    fn at(&mut self, latitude: Option<f64>, longitude: Option<f64>) -> [Option<Arc<str>>; 5] {
        let (Some(latitude), Some(longitude)) = (latitude, longitude) else { return Default::default() };
        let places = self.places;
        let find = || {
            let mut areas: [Option<Arc<str>>; 5] = Default::default();
            for (kind, code) in places.assign(latitude, longitude) {
                areas[kind as usize] = Some(code.into());
            }
            areas
        };
        self.known.entry((latitude.to_bits(), longitude.to_bits())).or_insert_with(find).clone()
    }
}

fn number(day: Date) -> i32 {
    i32::try_from(day_number(day)).unwrap_or(i32::MAX)
}

fn registered_member(evse: &EvseRecord, version: &RegisterVersion, areas: &mut AreasOf<'_>) -> Member {
    let entry = &version.entry;
    let own = |id: &str| -> Arc<str> { format!("{}:{id}", evse.operator).into() };
    let band = if entry.rated_kw.is_some() { PowerBand::of(entry.rated_kw) } else { entry.band };
    Member {
        version: 0,
        evse: evse.number,
        operator: evse.operator.as_str().into(),
        evse_id: own(&evse.uid),
        device: own(&evse.device),
        location: own(&entry.location),
        location_name: entry.location_name.as_str().into(),
        band,
        current: entry.current,
        siting: entry.siting,
        areas: areas.at(entry.latitude, entry.longitude),
        rated_kw: entry.rated_kw,
        latitude: entry.latitude,
        longitude: entry.longitude,
        registered: true,
        valid_first: number(version.valid_first),
        valid_last: number(version.valid_last),
        live_first: number(entry.commissioned.unwrap_or(Date::MIN)),
        live_last: number(entry.decommissioned.unwrap_or(Date::MAX)),
        zone: evse.zone.as_str().into(),
        owner_borough: entry.owner_borough.as_deref().map(Arc::from),
        funding_scheme: entry.funding_scheme.as_deref().map(Arc::from),
    }
}

/// Live from its first session to the end of the last return that mentions it.
fn unregistered_member(evse: &EvseRecord) -> Member {
    let own = |id: &str| -> Arc<str> { format!("{}:{id}", evse.operator).into() };
    let first = evse.first_seen.unwrap_or(Date::MAX);
    Member {
        version: 0,
        evse: evse.number,
        operator: evse.operator.as_str().into(),
        evse_id: own(&evse.uid),
        device: own(&evse.device),
        location: own(&evse.device),
        location_name: evse.device.as_str().into(),
        band: PowerBand::Unknown,
        current: None,
        siting: Siting::Unknown,
        areas: Default::default(),
        rated_kw: None,
        latitude: None,
        longitude: None,
        registered: false,
        valid_first: number(Date::MIN),
        valid_last: number(Date::MAX),
        live_first: number(first),
        live_last: number(evse.last_seen.unwrap_or(first)),
        zone: evse.zone.as_str().into(),
        owner_borough: None,
        funding_scheme: None,
    }
}

/// Names of everything that has a code or an id.
pub(crate) fn labels(
    ledger: &Ledger,
    places: &Places,
    members: &[Member],
) -> Result<Vec<(Dimension, String, String)>, HubError> {
    let mut labels: Vec<(Dimension, String, String)> = Vec::new();
    labels.extend(ledger.operators()?.into_iter().map(|operator| (Dimension::Operator, operator.id, operator.name)));
    for kind in places.kinds().into_iter().filter(|kind| *kind != AreaKind::Cell) {
        labels.extend(places.areas(kind).into_iter().map(|area| (Dimension::Area(kind), area.code, area.name)));
    }
    let mut seen: HashSet<(Dimension, Arc<str>)> = HashSet::new();
    for member in members {
        if let Some(cell) = &member.areas[AreaKind::Cell as usize]
            && seen.insert((Dimension::Area(AreaKind::Cell), Arc::clone(cell)))
        {
            let name = places.cell_name(cell).unwrap_or_else(|| cell.to_string());
            labels.push((Dimension::Area(AreaKind::Cell), cell.to_string(), name));
        }
        if seen.insert((Dimension::Location, Arc::clone(&member.location))) {
            labels.push((Dimension::Location, member.location.to_string(), member.location_name.to_string()));
        }
        if seen.insert((Dimension::Evse, Arc::clone(&member.evse_id))) {
            labels.push((Dimension::Evse, member.evse_id.to_string(), uid(&member.evse_id).to_owned()));
        }
    }
    labels.sort();
    Ok(labels)
}

/// The operator's own id within `operator:id`.
pub(crate) fn uid(id: &str) -> &str {
    id.split_once(':').map_or(id, |(_, uid)| uid)
}
