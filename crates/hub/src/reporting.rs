//! Charge points that report: those with sessions in a month, against those that the register has in service.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use kerbwatt_model::{Period, Query, Viewer};
use kerbwatt_store::EvseRecord;

use crate::members::Registered;
use crate::{Hub, HubError};

/// First and last day in service, as registered; open where the register says nothing.
pub(crate) type Service = (Option<Date>, Option<Date>);

/// Charge points of a month that have sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct InUse {
    /// Registered, and in service in the month.
    pub(crate) registered: u64,
    /// Not in the register.
    pub(crate) unregistered: u64,
}

/// An operator's charge points as registered.
#[derive(Debug, Default)]
pub(crate) struct Points {
    /// By id, `operator:uid`.
    registered: HashMap<String, Service>,
    /// Of returns that the register does not know.
    pub(crate) unregistered: u64,
}

impl Points {
    pub(crate) fn of(operator: &str, evses: &[EvseRecord], registered: &Registered) -> Self {
        let mut points = Self::default();
        let own: Vec<&EvseRecord> = evses.iter().filter(|evse| evse.operator == operator).collect();
        let seen_devices: BTreeSet<&str> =
            own.iter().filter(|evse| evse.first_seen.is_some()).map(|evse| evse.device.as_str()).collect();
        for evse in &own {
            // A device stands in for its charge points until a return names them.
            let is_stand_in =
                evse.first_seen.is_none() && evse.uid == evse.device && seen_devices.contains(evse.device.as_str());
            match registered.entry(operator, &evse.uid, &evse.device) {
                Some(_) if is_stand_in => {}
                Some(entry) => {
                    let service = (entry.commissioned, entry.decommissioned);
                    points.registered.insert(format!("{operator}:{}", evse.uid), service);
                }
                None => points.unregistered += u64::from(evse.first_seen.is_some()),
            }
        }
        points
    }

    /// Registered ones in service on any day of a period.
    pub(crate) fn in_service(&self, period: &Period) -> u64 {
        self.registered.values().filter(|service| is_live(service, period)).count() as u64
    }

    fn count(&self, evses: &[String], period: &Period) -> InUse {
        let mut found = InUse::default();
        for evse in evses {
            match self.registered.get(evse) {
                Some(service) => found.registered += u64::from(is_live(service, period)),
                None => found.unregistered += 1,
            }
        }
        found
    }
}

/// Whether a charge point is in service on any day of a period.
pub(crate) fn is_live((from, to): &Service, period: &Period) -> bool {
    from.is_none_or(|from| from <= period.last) && to.is_none_or(|to| to >= period.first)
}

impl Hub {
    /// Charge points with sessions in the figures of a month, by operator.
    pub(crate) async fn in_use(
        &self,
        month: &Period,
        points: &HashMap<String, Points>,
    ) -> Result<HashMap<String, InUse>, HubError> {
        let query = Query::of(&["sessions"], &["evse"], &[], Some(*month));
        let query = query.map_err(|error| HubError::Defect(error.to_string()))?;
        let answer = self.answer(&query, Viewer::LocalOwner).await?;
        let at = |name: &str| answer.columns.iter().position(|column| column.name == name).unwrap_or_default();
        let (evse, sessions) = (at("evse"), at("sessions"));
        let mut by_operator: HashMap<String, Vec<String>> = HashMap::new();
        let used = answer.rows.iter().filter(|row| row[sessions].number().is_some_and(|count| count > 0.0));
        for id in used.filter_map(|row| row[evse].text()) {
            let operator = id.split_once(':').map_or("", |(operator, _)| operator);
            by_operator.entry(operator.to_owned()).or_default().push(id.to_owned());
        }
        let of = |(operator, evses): (String, Vec<String>)| {
            let found = points.get(&operator).map(|points| points.count(&evses, month)).unwrap_or_default();
            (operator, found)
        };
        Ok(by_operator.into_iter().map(of).collect())
    }
}
