//! Zones by name: a look-up in the zone database is not free.

use std::collections::HashMap;
use std::sync::Arc;

use kerbwatt_model::{LocalTime, Zone};

use crate::Members;

/// Zones looked up before.
#[derive(Default)]
pub(crate) struct Zones(HashMap<Arc<str>, Zone>);

impl Zones {
    #[inline]
    pub(crate) fn get(&mut self, name: &Arc<str>) -> &Zone {
        self.0.entry(Arc::clone(name)).or_insert_with(|| Zone::named(name).unwrap_or_else(|_| Zone::london()))
    }
}

/// The clocks of all members' zones, each of which remembers between which changes it was read last.
pub(crate) struct Clocks<'m> {
    clocks: Vec<(&'m Arc<str>, LocalTime<'m>)>,
    used: usize,
}

impl<'m> Clocks<'m> {
    pub(crate) fn of(members: &'m Members) -> Self {
        Self { clocks: members.zones().iter().map(|(name, zone)| (name, zone.local())).collect(), used: 0 }
    }

    /// The clock of a zone that a member is in.
    pub(crate) fn get(&mut self, name: &Arc<str>) -> Option<&mut LocalTime<'m>> {
        let is_it = |known: &Arc<str>| Arc::ptr_eq(known, name) || known == name;
        if !self.clocks.get(self.used).is_some_and(|(known, _)| is_it(known)) {
            self.used = self.clocks.iter().position(|(known, _)| is_it(known))?;
        }
        self.clocks.get_mut(self.used).map(|(_, clock)| clock)
    }
}
