//! Zones by name: a look-up in the zone database is not free.

use std::collections::HashMap;
use std::sync::Arc;

use kerbwatt_model::Zone;

/// Zones looked up before.
#[derive(Default)]
pub(crate) struct Zones(HashMap<Arc<str>, Zone>);

impl Zones {
    pub(crate) fn get(&mut self, name: &Arc<str>) -> &Zone {
        self.0.entry(Arc::clone(name)).or_insert_with(|| Zone::named(name).unwrap_or_else(|_| Zone::london()))
    }
}
