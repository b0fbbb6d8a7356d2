//! OCPI locations: a row for each EVSE, with the power of its strongest connector.

use std::borrow::Cow;

use kerbwatt_model::{CurrentType, rated_kw};

use super::Cells;
use super::node::Node;
use super::ocpi::utc;

/// Columns of a register from OCPI.
pub(super) const COLUMNS: [&str; 17] = [
    "evse_uid",
    "evse_id",
    "location_id",
    "location_name",
    "address",
    "city",
    "postal_code",
    "latitude",
    "longitude",
    "parking_type",
    "rated_kw",
    "power_from",
    "current",
    "standards",
    "status",
    "removed",
    "last_updated",
];

/// A power below this is not in watts, whatever the standard says: no connector is that weak.
const WEAKEST_W: f64 = 1000.0;

/// The EVSEs of a location. One without EVSEs keeps a row, so that it is seen to have none.
pub(super) fn rows(location: &Node) -> Vec<Cells<'_>> {
    let evses = location.items("evses");
    if evses.is_empty() {
        return vec![place(location)];
    }
    evses.iter().map(|evse| place(location).into_iter().chain(of_evse(evse)).collect()).collect()
}

fn place(location: &Node) -> Cells<'_> {
    let texts: [(&'static str, &[&str]); 8] = [
        ("location_id", &["id"]),
        ("location_name", &["name"]),
        ("address", &["address"]),
        ("city", &["city"]),
        ("postal_code", &["postal_code"]),
        ("latitude", &["coordinates", "latitude"]),
        ("longitude", &["coordinates", "longitude"]),
        // 2.1.1 calls it `type`.
        ("parking_type", if location.text(&["parking_type"]).is_some() { &["parking_type"] } else { &["type"] }),
    ];
    texts.iter().filter_map(|(column, path)| Some((*column, location.text(path)?.into()))).collect()
}

fn of_evse(evse: &Node) -> Cells<'_> {
    let mut cells: Cells<'_> = Vec::new();
    let texts = [("evse_uid", "uid"), ("evse_id", "evse_id"), ("status", "status")];
    cells.extend(texts.iter().filter_map(|(column, key)| Some((*column, evse.text(&[key])?.into()))));
    let updated = evse.text(&["last_updated"]).map(utc);
    // An EVSE that is REMOVED was last changed when it was taken away.
    if evse.text(&["status"]) == Some("REMOVED") {
        cells.extend(updated.clone().map(|at| ("removed", at)));
    }
    cells.extend(updated.map(|at| ("last_updated", at)));
    let connectors = evse.items("connectors");
    let standards: Vec<&str> = connectors.iter().filter_map(|connector| connector.text(&["standard"])).collect();
    cells.push(("standards", standards.join(" ").into()));
    cells.extend(strongest(connectors.iter().map(Connector::of)));
    cells
}

/// A connector's power and current.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Connector {
    pub(super) current: Option<CurrentType>,
    /// Rated power as stated, kW.
    pub(super) stated_kw: Option<f64>,
    pub(super) volts: Option<f64>,
    pub(super) amperes: Option<f64>,
}

impl Connector {
    fn of(node: &Node) -> Self {
        let stated = node.number(&["max_electric_power"]).filter(|watts| *watts >= WEAKEST_W);
        Self {
            current: node.text(&["power_type"]).and_then(current_of),
            stated_kw: stated.map(|watts| watts / 1000.0),
            volts: node.number(&["max_voltage"]).or_else(|| node.number(&["voltage"])),
            amperes: node.number(&["max_amperage"]).or_else(|| node.number(&["amperage"])),
        }
    }

    /// Its power in kW, and whether it was derived from volts and amperes.
    fn power(&self) -> Option<(f64, bool)> {
        let derived = || Some(rated_kw(self.current?, self.volts?, self.amperes?));
        let stated = self.stated_kw.map(|power| (power, false));
        stated.or_else(|| derived().map(|power| (power, true))).filter(|(power, _)| *power > 0.0)
    }
}

/// Two phases are between one and three: as one phase, which is the less.
fn current_of(power_type: &str) -> Option<CurrentType> {
    match power_type {
        "AC_1_PHASE" | "AC_2_PHASE" | "AC_2_PHASE_SPLIT" => Some(CurrentType::Ac1),
        "AC_3_PHASE" => Some(CurrentType::Ac3),
        "DC" => Some(CurrentType::Dc),
        _ => None,
    }
}

/// Power, where it comes from, and current of the strongest connector.
pub(super) fn strongest(connectors: impl Iterator<Item = Connector>) -> Cells<'static> {
    let rated = connectors.filter_map(|connector| Some((connector.power()?, connector.current)));
    let Some(((power, is_derived), current)) = rated.max_by(|((a, _), _), ((b, _), _)| a.total_cmp(b)) else {
        return Vec::new();
    };
    let from = if is_derived { "volts and amperes" } else { "stated" };
    // Watts, not fractions of them: √3 does not end.
    let power = (power * 1000.0).round() / 1000.0;
    let mut cells: Cells<'static> = vec![("rated_kw", power.to_string().into()), ("power_from", from.into())];
    cells.extend(current.map(|current| ("current", Cow::Borrowed(current.id()))));
    cells
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use crate::formats::json::to_text;

    #[test]
    fn each_evse_has_a_row_with_its_strongest_connector() {
        let text = r#"{"data":[{"id":"L1","name":"Long Lane","address":"1 Long Lane","city":"London","postal_code":"E1 1AA",
            "coordinates":{"latitude":"51.5","longitude":-0.1},"parking_type":"ON_STREET","evses":[
            {"uid":"E1","evse_id":"GB*T*E1","status":"WORKING","connectors":[
              {"id":"1","standard":"IEC_62196_T2","power_type":"AC_3_PHASE","max_voltage":230,"max_amperage":32},
              {"id":"2","standard":"CHADEMO","power_type":"DC","max_voltage":500,"max_amperage":120,"max_electric_power":50000}]},
            {"uid":"E2","status":"REMOVED","last_updated":"2024-03-01T08:15:00","connectors":[
              {"id":"1","standard":"IEC_62196_T2","power_type":"AC_3_PHASE","voltage":400,"amperage":32}]}]},
            {"id":"L2","name":"Empty","coordinates":{"latitude":51,"longitude":0},"type":"PARKING_LOT"}],"status_code":1000}"#;
        let table = to_text(text).unwrap();
        let rows: Vec<&str> = table.lines().skip(1).collect();
        assert_eq!(
            rows,
            [
                "E1,GB*T*E1,L1,Long Lane,1 Long Lane,London,E1 1AA,51.5,-0.1,ON_STREET,50,stated,dc,IEC_62196_T2 CHADEMO,WORKING,,",
                "E2,,L1,Long Lane,1 Long Lane,London,E1 1AA,51.5,-0.1,ON_STREET,22.17,volts and amperes,ac3,IEC_62196_T2,REMOVED,\
                 2024-03-01T08:15:00Z,2024-03-01T08:15:00Z",
                ",,L2,Empty,,,,51,0,PARKING_LOT,,,,,,,",
            ]
        );
    }

    #[test]
    fn kilowatts_in_place_of_watts_are_not_believed() {
        let evse = |power: &str| {
            let text = format!(
                r#"[{{"id":"L","coordinates":{{}},"evses":[{{"uid":"E","connectors":[{{"power_type":"AC_1_PHASE",
                "max_voltage":230,"max_amperage":32,"max_electric_power":{power}}}]}}]}}]"#
            );
            to_text(&text).unwrap().contains(",7.36,volts and amperes,")
        };
        assert!(evse("7"));
        assert!(!evse("7400"));
    }
}
