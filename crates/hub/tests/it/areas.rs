//! Charge points outside the hub's areas, from register to finding.

use kerbwatt_hub::{Hub, Submitted};
use kerbwatt_model::AreaKind;

use crate::folder::{a_return, at, csv, operator, submit, writer};

/// Charge points P0, P1, … at these coordinates.
fn register(at: &[&str]) -> Vec<u8> {
    let mut text = "evse,device,location,location_name,latitude,longitude,rated_kw\n".to_owned();
    for (number, place) in at.iter().enumerate() {
        text += &format!("P{number},P{number},L{number},Site {number},{place},50\n");
    }
    text.into_bytes()
}

async fn import(hub: &Hub, at_places: &[&str]) {
    let imported = hub.import_register("r.csv", &register(at_places), &operator("gb-aaa"), None, at()).await.unwrap();
    assert_eq!(imported.rejected, []);
}

/// Rows found outside, and rows where the hub has no areas.
fn outside(submitted: &Submitted) -> (u64, u64) {
    let count = |rule: &str| submitted.report.findings.iter().filter(|f| f.rule == rule).map(|f| f.count).sum();
    (count("outside_area"), count("no_areas_there"))
}

const LONDON: &str = "51.53,-0.12";
const DUNDEE: &str = "56.462,-2.9707";
/// London with latitude and longitude exchanged.
const EXCHANGED: &str = "-0.12,51.53";

#[tokio::test]
async fn one_charge_point_outside_is_flagged_and_an_estate_elsewhere_is_only_said() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    import(&hub, &[LONDON, EXCHANGED, ","]).await;
    let mixed = submit(&hub, &a_return("gb-aaa", csv("a", "2024-01", 40, 4), "2024-01")).await;
    assert_eq!(outside(&mixed), (10, 0), "one of four; one has no coordinates, one is not registered");

    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    import(&hub, &[DUNDEE, DUNDEE]).await;
    let elsewhere = submit(&hub, &a_return("gb-aaa", csv("a", "2024-01", 40, 2), "2024-01")).await;
    assert_eq!((outside(&elsewhere), elsewhere.report.totals.flagged), ((0, 40), 0));
    hub.publish(&(), at()).await.unwrap();

    let square = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"c":"W1","n":"Dundee"},"geometry":
        {"type":"Polygon","coordinates":[[[-3.1,56.4],[-2.9,56.4],[-2.9,56.5],[-3.1,56.5],[-3.1,56.4]]]}}]}"#;
    hub.import_places("w.geojson", square.as_bytes(), AreaKind::Ward, "c", "n", at()).await.unwrap();
    let known = submit(&hub, &a_return("gb-aaa", csv("b", "2024-02", 40, 2), "2024-02")).await;
    assert_eq!(outside(&known), (0, 0), "the hub knows the place at once, before figures show it");
    hub.publish(&(), at()).await.unwrap();
    assert!(hub.verify(&()).await.unwrap().problems.is_empty());
}

#[tokio::test]
async fn without_a_register_nothing_is_said_of_places() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let unknown = submit(&hub, &a_return("gb-aaa", csv("a", "2024-01", 40, 2), "2024-01")).await;
    assert_eq!(outside(&unknown), (0, 0));
}
