//! Points of interest of Open Charge Map: one row a place, as that is what they are; how many points it has stays a column.

use kerbwatt_model::CurrentType;

use super::Cells;
use super::locations::{Connector, strongest};
use super::node::Node;

/// Columns of a register from Open Charge Map.
pub(super) const COLUMNS: [&str; 16] = [
    "ocm_id",
    "title",
    "address",
    "town",
    "postcode",
    "latitude",
    "longitude",
    "rated_kw",
    "power_from",
    "current",
    "standards",
    "number_of_points",
    "usage",
    "status",
    "operator",
    "date_created",
];

/// A point of interest as a row.
pub(super) fn row(place: &Node) -> Cells<'_> {
    let texts: [(&'static str, &[&str]); 12] = [
        ("ocm_id", &["ID"]),
        ("title", &["AddressInfo", "Title"]),
        ("address", &["AddressInfo", "AddressLine1"]),
        ("town", &["AddressInfo", "Town"]),
        ("postcode", &["AddressInfo", "Postcode"]),
        ("latitude", &["AddressInfo", "Latitude"]),
        ("longitude", &["AddressInfo", "Longitude"]),
        ("number_of_points", &["NumberOfPoints"]),
        ("usage", &["UsageType", "Title"]),
        ("status", &["StatusType", "Title"]),
        ("operator", &["OperatorInfo", "Title"]),
        ("date_created", &["DateCreated"]),
    ];
    let mut cells: Cells<'_> =
        texts.iter().filter_map(|(column, path)| Some((*column, place.text(path)?.into()))).collect();
    let connections = place.items("Connections");
    let standards: Vec<String> = connections.iter().filter_map(standard).collect();
    cells.push(("standards", standards.join(" ").into()));
    cells.extend(strongest(connections.iter().map(connector)));
    cells
}

fn connector(node: &Node) -> Connector {
    let id = node.text(&["CurrentTypeID"]).or_else(|| node.text(&["CurrentType", "ID"]));
    Connector {
        current: match id {
            Some("10") => Some(CurrentType::Ac1),
            Some("20") => Some(CurrentType::Ac3),
            Some("30") => Some(CurrentType::Dc),
            _ => None,
        },
        stated_kw: node.number(&["PowerKW"]).filter(|power| *power > 0.0),
        volts: node.number(&["Voltage"]),
        amperes: node.number(&["Amps"]),
    }
}

/// The standard in OCPI's words, by the reference data of Open Charge Map; with its number where it has no such word.
fn standard(node: &Node) -> Option<String> {
    let id = node.text(&["ConnectionTypeID"]).or_else(|| node.text(&["ConnectionType", "ID"]))?;
    let word = match id {
        "1" => "IEC_62196_T1",
        "2" => "CHADEMO",
        "3" => "DOMESTIC_G",
        "25" | "1036" => "IEC_62196_T2",
        "28" => "DOMESTIC_F",
        "32" => "IEC_62196_T1_COMBO",
        "33" => "IEC_62196_T2_COMBO",
        other => return Some(format!("OCM_{other}")),
    };
    Some(word.to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use crate::formats::json::to_text;

    #[test]
    fn a_place_has_one_row_with_its_strongest_connection() {
        let text = r#"[{"ID":12345,"UUID":"u","AddressInfo":{"Title":"Long Lane","AddressLine1":"1 Long Lane","Town":"London",
            "Postcode":"E1 1AA","Latitude":51.5,"Longitude":-0.1},"NumberOfPoints":2,"UsageType":{"Title":"Public"},"Connections":[
            {"ConnectionTypeID":25,"PowerKW":22.0,"CurrentTypeID":20},
            {"ConnectionTypeID":33,"PowerKW":null,"Amps":125,"Voltage":400,"CurrentTypeID":30},{"ConnectionTypeID":7}]}]"#;
        assert_eq!(
            to_text(text).unwrap().lines().nth(1).unwrap(),
            "12345,Long Lane,1 Long Lane,London,E1 1AA,51.5,-0.1,50,volts and amperes,dc,\
             IEC_62196_T2 IEC_62196_T2_COMBO OCM_7,2,Public,,,"
        );
    }
}
