//! Sites and EVSEs: where they are, what they are, in which returns they appear.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use kerbwatt_engine::{Member, Snapshot};
use kerbwatt_model::{AreaKind, CurrentType, Dimension, Period, PowerBand, Query, Siting, Viewer, day_number};

use crate::hub::Current;
use crate::members::{Registered, uid};
use crate::{Hub, HubError};

/// A site.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteView {
    /// `operator:location`.
    pub location: String,
    /// Name.
    pub name: String,
    /// Address, one line.
    pub address: Option<String>,
    /// Postcode.
    pub postcode: Option<String>,
    /// Operator id.
    pub operator: String,
    /// Operator's name.
    pub operator_name: String,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Siting.
    pub siting: Siting,
    /// Code and name of the borough.
    pub borough: Option<(String, String)>,
    /// Code and name of the ward.
    pub ward: Option<(String, String)>,
    /// Code and name of the cell.
    pub cell: Option<(String, String)>,
    /// EVSEs.
    pub evses: usize,
}

/// An EVSE.
#[derive(Debug, Clone, PartialEq)]
pub struct EvseView {
    /// `operator:uid`.
    pub evse: String,
    /// The operator's own id of the device.
    pub device: String,
    /// Power band.
    pub band: PowerBand,
    /// Rated power, kW.
    pub rated_kw: Option<f64>,
    /// Kind of current.
    pub current: Option<CurrentType>,
    /// Connector standards, as registered.
    pub connectors: Vec<String>,
    /// First day in service, as registered.
    pub commissioned: Option<Date>,
    /// Last day in service, as registered.
    pub decommissioned: Option<Date>,
    /// Whether the register holds it.
    pub registered: bool,
}

/// A return in which an EVSE appears.
#[derive(Debug, Clone, PartialEq)]
pub struct EvseReturn {
    /// Number of the submission.
    pub submission: i64,
    /// Name of its file.
    pub file: String,
    /// Period that it covers.
    pub period: Option<Period>,
    /// Sessions of the EVSE in it.
    pub sessions: i64,
}

/// An EVSE with its site and its returns.
#[derive(Debug, Clone, PartialEq)]
pub struct EvseDetail {
    /// The EVSE.
    pub evse: EvseView,
    /// Where it stands.
    pub site: SiteView,
    /// Day of the first session.
    pub first_session: Option<Date>,
    /// Day of the last session.
    pub last_session: Option<Date>,
    /// All sessions.
    pub sessions: i64,
    /// Returns, newest first.
    pub returns: Vec<EvseReturn>,
}

/// Sites and EVSEs of one data version, by id.
#[derive(Debug, Default)]
pub(crate) struct Sites {
    pub(crate) sites: BTreeMap<String, SiteView>,
    pub(crate) evses: BTreeMap<String, (EvseView, String)>,
    evses_of: HashMap<String, Vec<String>>,
}

impl Sites {
    /// Sites by the newest version of each EVSE.
    pub(crate) fn of(snapshot: &Snapshot, registered: &Registered) -> Self {
        let mut sites = Self::default();
        for member in newest(snapshot) {
            let entry = registered.entry(&member.operator, uid(&member.evse_id), uid(&member.device));
            let evse = EvseView {
                evse: member.evse_id.to_string(),
                device: uid(&member.device).to_owned(),
                band: member.band,
                rated_kw: member.rated_kw,
                current: member.current,
                connectors: entry.map(|entry| entry.connectors.clone()).unwrap_or_default(),
                commissioned: entry.and_then(|entry| entry.commissioned),
                decommissioned: entry.and_then(|entry| entry.decommissioned),
                registered: member.registered,
            };
            let location = member.location.to_string();
            let site = sites.sites.entry(location.clone()).or_insert_with(|| {
                let (address, postcode) = entry.map_or((None, None), |e| (e.address.clone(), e.postcode.clone()));
                SiteView { address, postcode, ..site_of(snapshot, member) }
            });
            site.evses += 1;
            sites.evses_of.entry(location.clone()).or_default().push(evse.evse.clone());
            sites.evses.insert(evse.evse.clone(), (evse, location));
        }
        sites
    }
}

/// The newest version of each EVSE.
fn newest(snapshot: &Snapshot) -> impl Iterator<Item = &Member> {
    let mut by_evse: BTreeMap<i32, &Member> = BTreeMap::new();
    for member in snapshot.members.all() {
        let known = by_evse.entry(member.evse).or_insert(member);
        if member.valid_first > known.valid_first {
            *known = member;
        }
    }
    by_evse.into_values()
}

fn site_of(snapshot: &Snapshot, member: &Member) -> SiteView {
    let name = |dimension, id: &str| snapshot.labels.name(dimension, id).unwrap_or(id).to_owned();
    let area = |kind: AreaKind| {
        member.areas[kind as usize].as_deref().map(|code| (code.to_owned(), name(Dimension::Area(kind), code)))
    };
    SiteView {
        location: member.location.to_string(),
        name: member.location_name.to_string(),
        address: None,
        postcode: None,
        operator: member.operator.to_string(),
        operator_name: name(Dimension::Operator, &member.operator),
        latitude: member.latitude,
        longitude: member.longitude,
        siting: member.siting,
        borough: area(AreaKind::Borough),
        ward: area(AreaKind::Ward),
        cell: area(AreaKind::Cell),
        evses: 0,
    }
}

impl Current {
    /// EVSEs in service in an area on the last day with data, and their locations.
    pub(crate) fn stock_in(&self, kind: AreaKind, code: &str) -> (usize, usize) {
        let last = self.snapshot.days.map_or(i32::MAX, |(_, last)| i32::try_from(day_number(last)).unwrap_or(i32::MAX));
        let here = self
            .snapshot
            .members
            .all()
            .iter()
            .filter(|member| member.areas[kind as usize].as_deref() == Some(code) && member.is_live(last));
        let mut locations: Vec<&str> = here.clone().map(|member| &*member.location).collect();
        let evses = locations.len();
        locations.sort_unstable();
        locations.dedup();
        (evses, locations.len())
    }
}

impl Hub {
    /// Every site, by id, as of a data version or of the newest.
    ///
    /// # Errors
    /// Store errors.
    pub async fn sites(&self, as_of: Option<i64>) -> Result<Vec<SiteView>, HubError> {
        let current = self.at(as_of).await?;
        Ok(self.sites_of(&current)?.sites.values().cloned().collect())
    }

    /// A site with its EVSEs, by `operator:location`, as of a data version or of the newest.
    ///
    /// # Errors
    /// [`HubError::NoSuch`] when there is none; store errors.
    pub async fn site(&self, location: &str, as_of: Option<i64>) -> Result<(SiteView, Vec<EvseView>), HubError> {
        let current = self.at(as_of).await?;
        let missing = || HubError::NoSuch { what: "site", id: location.to_owned() };
        let sites = self.sites_of(&current)?;
        let site = sites.sites.get(location).ok_or_else(missing)?;
        let ids = sites.evses_of.get(location).into_iter().flatten();
        let evses = ids.filter_map(|id| sites.evses.get(id)).map(|(evse, _)| evse.clone());
        Ok((site.clone(), evses.collect()))
    }

    /// An EVSE, by `operator:uid`, as of a data version or of the newest.
    ///
    /// # Errors
    /// [`HubError::NoSuch`] when there is none; store errors.
    pub async fn evse(&self, id: &str, as_of: Option<i64>) -> Result<EvseDetail, HubError> {
        let current = self.at(as_of).await?;
        let missing = || HubError::NoSuch { what: "charge point", id: id.to_owned() };
        let sites = self.sites_of(&current)?;
        let (evse, location) = sites.evses.get(id).ok_or_else(missing)?;
        let site = sites.sites.get(location).ok_or_else(missing)?;
        let member = current.snapshot.members.all().iter().find(|m| *m.evse_id == *id).ok_or_else(missing)?;
        let version = current.snapshot.data_version;
        let filters = [("evse".to_owned(), vec![id.to_owned()])];
        let query = Query::of(&["sessions"], &[], &filters, None).map_err(|e| HubError::Defect(e.to_string()))?;
        let sessions = self.answer(&query.as_of(Some(version)), Viewer::LocalOwner).await?;
        let found = self.returns_at(member.evse, version)?;
        #[expect(clippy::cast_possible_truncation, reason = "a count of sessions is whole and far below 2^53")]
        let sessions = sessions.figure("sessions").unwrap_or(0.0) as i64;
        Ok(EvseDetail {
            evse: evse.clone(),
            site: site.clone(),
            first_session: found.iter().map(|(_, first, _)| *first).min(),
            last_session: found.iter().map(|(_, _, last)| *last).max(),
            sessions,
            returns: found.into_iter().map(|(found, ..)| found).collect(),
        })
    }

    /// Returns in the figures of a data version in which an EVSE appears, newest first, each with its first and last session's
    /// day.
    fn returns_at(&self, evse: i32, version: i64) -> Result<Vec<(EvseReturn, Date, Date)>, HubError> {
        let shown: HashMap<i64, _> = self.ledger.shown_at(version)?.into_iter().map(|s| (s.submission, s)).collect();
        let mut returns = Vec::new();
        for found in self.ledger.returns_of_at(evse, version)? {
            let Some(shown) = shown.get(&found.submission) else { continue };
            let file = self.ledger.submission(found.submission)?.map(|s| s.file_name).unwrap_or_default();
            let (period, sessions) = (shown.covers, found.sessions);
            let of = EvseReturn { submission: found.submission, file, period, sessions };
            returns.push((of, found.first, found.last));
        }
        returns.sort_by_key(|(of, ..)| std::cmp::Reverse((of.period.map(|period| period.first), of.submission)));
        Ok(returns)
    }
}
