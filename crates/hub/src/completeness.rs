//! Charge points that report: those with sessions in a month, against those that the register has in service.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use kerbwatt_model::{Period, Viewer};
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
    /// Numbers of the registered ones.
    registered: Vec<(i32, Service)>,
    /// Numbers of those in returns that the register does not know.
    unregistered: Vec<i32>,
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
                    points.registered.push((evse.number, service));
                }
                None => points.unregistered.extend(evse.first_seen.map(|_| evse.number)),
            }
        }
        points
    }

    /// Registered ones in service on any day of a period.
    pub(crate) fn in_service(&self, period: &Period) -> u64 {
        self.registered.iter().filter(|(_, service)| is_live(service, period)).count() as u64
    }

    /// Those in returns that the register does not know.
    pub(crate) fn unregistered(&self) -> u64 {
        self.unregistered.len() as u64
    }

    /// Those that are used in a month.
    pub(crate) fn in_use(&self, used: &Used, month: &Period) -> InUse {
        let is_registered = |(evse, service): &&(i32, Service)| used.has(*evse) && is_live(service, month);
        InUse {
            registered: self.registered.iter().filter(is_registered).count() as u64,
            unregistered: self.unregistered.iter().filter(|evse| used.has(**evse)).count() as u64,
        }
    }
}

/// Whether a charge point is in service on any day of a period.
pub(crate) fn is_live((from, to): &Service, period: &Period) -> bool {
    from.is_none_or(|from| from <= period.last) && to.is_none_or(|to| to >= period.first)
}

impl Hub {
    /// Charge points with sessions in the figures, by the first day of the month in which these start.
    pub(crate) async fn used_by_month(&self) -> Result<HashMap<Date, Used>, HubError> {
        let current = self.at(None).await?;
        let mut by_month: HashMap<Date, Used> = HashMap::new();
        let mut add = |evse: i32, month: Date| by_month.entry(month).or_default().add(evse);
        self.engine.each_month_in_use(&current.snapshot, Viewer::LocalOwner, &mut add).await?;
        Ok(by_month)
    }
}

/// Charge points that are used, by their numbers, which are counted from 1 without many gaps.
#[derive(Debug, Default)]
pub(crate) struct Used(Vec<bool>);

impl Used {
    fn add(&mut self, evse: i32) {
        let Ok(at) = usize::try_from(evse) else { return };
        if self.0.len() <= at {
            self.0.resize(at + 1, false);
        }
        self.0[at] = true;
    }

    fn has(&self, evse: i32) -> bool {
        usize::try_from(evse).is_ok_and(|at| self.0.get(at) == Some(&true))
    }
}
