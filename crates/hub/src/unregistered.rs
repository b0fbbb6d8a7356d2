//! Charge points that returns name and the register of their operator does not: kept and counted, and listed to be matched.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::members::Registered;
use crate::{Hub, HubError};

/// A charge point of returns that the register does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnregisteredEvse {
    /// The operator's own id, as returns name it.
    pub uid: String,
    /// The device it belongs to, as returns name it.
    pub device: String,
    /// Its sessions in accepted returns.
    pub sessions: u64,
    /// Day of the first of them.
    pub first: Date,
    /// Last day of the returns that name it.
    pub last: Date,
}

impl Hub {
    /// Charge points that returns name and the register does not know, by operator, those with the most sessions first. Of operators
    /// without a register nothing is said.
    ///
    /// # Errors
    /// Store errors.
    pub async fn unregistered(&self) -> Result<BTreeMap<String, Vec<UnregisteredEvse>>, HubError> {
        let registered = Registered::of(self.ledger.register()?);
        let sessions = self.ledger.sessions_by_evse()?;
        let mut found: BTreeMap<String, Vec<UnregisteredEvse>> = BTreeMap::new();
        for evse in self.ledger.evses()? {
            let is_known = registered.entry(&evse.operator, &evse.uid, &evse.device).is_some();
            let Some((first, last)) = evse.first_seen.zip(evse.last_seen) else { continue };
            if is_known || !registered.knows(&evse.operator) {
                continue;
            }
            let sessions = sessions.get(&evse.number).copied().unwrap_or_default();
            let unregistered = UnregisteredEvse { uid: evse.uid, device: evse.device, sessions, first, last };
            found.entry(evse.operator).or_default().push(unregistered);
        }
        found.values_mut().for_each(|of| of.sort_by(|a, b| (b.sessions, &a.uid).cmp(&(a.sessions, &b.uid))));
        Ok(found)
    }
}
