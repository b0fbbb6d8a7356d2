//! Registers, in the layout `kerbwatt-register`.

use std::fmt::Write;

use kerbwatt_model::day_of_number;

use crate::estate::{Estate, Evse, Site};

/// The register of an operator as CSV, without what is not registered.
pub(crate) fn csv(estate: &Estate) -> String {
    let mut out = String::from(
        "evse,device,location,location_name,address,postcode,latitude,longitude,siting,rated_kw,current,connectors,commissioned,decommissioned,owner_borough,funding_scheme\n",
    );
    for evse in estate.evses.iter().filter(|evse| evse.registered) {
        if let Some(site) = estate.sites.get(evse.site) {
            row(&mut out, evse, site);
        }
    }
    out
}

fn row(out: &mut String, evse: &Evse, site: &Site) {
    let (latitude, longitude) = site
        .place
        .map_or_else(Default::default, |(latitude, longitude)| (format!("{latitude:.5}"), format!("{longitude:.5}")));
    let date = |number: Option<i64>| number.map(|number| day_of_number(number).to_string()).unwrap_or_default();
    let commissioned = date(Some(evse.service.0).filter(|_| evse.dated));
    let decommissioned = date(evse.service.1);
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "{},{},{},{},\"{}\",{},{latitude},{longitude},{},{},{},{},{commissioned},{decommissioned},{},{}",
        evse.uid,
        evse.device,
        site.id,
        site.name,
        site.address,
        site.postcode,
        site.siting.id(),
        evse.rated_kw,
        evse.current().id(),
        connectors(evse.rated_kw),
        site.owner.as_deref().unwrap_or_default(),
        evse.funding_scheme(site).unwrap_or_default(),
    );
}

fn connectors(rated_kw: f64) -> &'static str {
    match rated_kw {
        kw if kw < 50.0 => "type2",
        kw if kw < 150.0 => "ccs chademo",
        _ => "ccs",
    }
}
