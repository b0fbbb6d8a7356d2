//! Repairs of a register are decisions: recorded, told, and taken back.

use jiff::Timestamp;
use kerbwatt_hub::{Hub, ImportView, NewRegister, RepairKind};

use crate::folder::{a_return, answer, at, csv, operator, submit, writer};

/// Some points in London; those after the first `right` have latitude and longitude exchanged.
fn register(count: u32, right: u32) -> Vec<u8> {
    let mut text = "evse,device,location,location_name,postcode,latitude,longitude,rated_kw\n".to_owned();
    for number in 0..count {
        let (north, east) = (51.50 + f64::from(number) * 0.001, -0.12 - f64::from(number) * 0.001);
        let place = if number < right { format!("{north:.4},{east:.4}") } else { format!("{east:.4},{north:.4}") };
        text += &format!("P{number},P{number},L{number},Site {number},E1 1AA,{place},7.4\n");
    }
    text.into_bytes()
}

async fn import(hub: &Hub, bytes: &[u8], repairs: &[RepairKind], at: Timestamp) -> i64 {
    let operator = operator("gb-aaa");
    let file = NewRegister { file_name: "r.csv", bytes, operator: &operator, profile: None, layout: None, repairs };
    let imported = hub.import_as(&file, at).await.unwrap();
    assert_eq!(imported.applied.len(), repairs.len(), "{:?}", imported.repairs);
    imported.import
}

async fn newest_import(hub: &Hub) -> ImportView {
    let (versions, _) = hub.versions(0, 50).await.unwrap();
    versions.into_iter().flat_map(|version| version.imports).max_by_key(|one| one.import).unwrap()
}

async fn of_import(hub: &Hub, number: i64) -> ImportView {
    let (versions, _) = hub.versions(0, 50).await.unwrap();
    versions.into_iter().flat_map(|version| version.imports).find(|one| one.import == Some(number)).unwrap()
}

/// Where the hub has each charge point.
async fn places(hub: &Hub) -> Vec<(Option<f64>, Option<f64>)> {
    let mut sites = hub.sites(None).await.unwrap();
    sites.sort_by(|a, b| a.location.cmp(&b.location));
    sites.iter().map(|site| (site.latitude, site.longitude)).collect()
}

#[tokio::test]
async fn a_repair_of_a_register_is_recorded_told_and_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", csv("a", "2024-03", 12, 4), "2024-03")).await;
    import(&hub, &register(60, 50), &[], at()).await;
    hub.publish(&(), at()).await.unwrap();
    let as_sent = places(&hub).await;
    assert_eq!(of_import(&hub, 1).await.repairs, None);
    let later: Timestamp = "2024-06-20T09:00:00Z".parse().unwrap();
    let number = import(&hub, &register(60, 50), &[RepairKind::Coordinates], later).await;
    let repaired_version = hub.publish(&(), later).await.unwrap().data_version;
    let repaired = places(&hub).await;
    assert_ne!(repaired, as_sent);
    let view = of_import(&hub, number).await;
    assert!(view.says.contains("Latitude and longitude exchanged") && view.says.contains("10 rows"), "{}", view.says);
    assert!(view.repairs.is_some_and(|repairs| repairs.can_undo && !repairs.undone), "{view:?}");
    assert_eq!(hub.repaired_register("gb-aaa").unwrap(), Some(number));

    let undone_at: Timestamp = "2024-07-01T09:00:00Z".parse().unwrap();
    let change = hub.undo_register_repairs(number, undone_at).unwrap();
    assert_eq!(change.changed, 10);
    hub.publish(&(), undone_at).await.unwrap();
    assert_eq!(places(&hub).await, as_sent, "as the file itself says");
    let view = of_import(&hub, number).await;
    assert!(view.repairs.is_some_and(|repairs| repairs.undone && !repairs.can_undo), "{view:?}");
    assert!(newest_import(&hub).await.says.contains(&format!("import {number}")));
    assert_eq!(hub.undo_register_repairs(number, undone_at).unwrap_err().code(), "not_found", "once");
    assert!(hub.verify(&()).await.unwrap().problems.is_empty());

    let again = import(&hub, &register(60, 50), &[RepairKind::Coordinates], undone_at).await;
    hub.publish(&(), undone_at).await.unwrap();
    assert_eq!(places(&hub).await, repaired, "it can be made again");
    assert!(again > number && repaired_version > 0);
}

#[tokio::test]
async fn a_repair_is_taken_back_for_all_days_for_which_its_import_holds() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", csv("a", "2024-03", 80, 60), "2024-03")).await;
    let number = import(&hub, &register(60, 50), &[RepairKind::Coordinates], at()).await;
    hub.publish(&(), at()).await.unwrap();
    let by_cell = answer(&hub, &["sessions"], &["cell"]).await;
    let later: Timestamp = "2024-07-01T09:00:00Z".parse().unwrap();
    hub.undo_register_repairs(number, later).unwrap();
    hub.publish(&(), later).await.unwrap();
    let after = answer(&hub, &["sessions"], &["cell"]).await;
    assert_ne!(after.rows, by_cell.rows, "the sessions of March stood at the repaired place");
    assert!(hub.verify(&()).await.unwrap().problems.is_empty());
}

#[tokio::test]
async fn a_repair_that_was_taken_back_and_not_published_is_caught_up_with_by_the_next_writer() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", csv("a", "2024-03", 12, 4), "2024-03")).await;
    let number = import(&hub, &register(60, 50), &[RepairKind::Coordinates], at()).await;
    hub.publish(&(), at()).await.unwrap();
    let repaired = places(&hub).await;
    hub.undo_register_repairs(number, at()).unwrap();
    // As a full disk leaves it.
    drop(hub);
    let hub = writer(dir.path()).await;
    assert_ne!(places(&hub).await, repaired);
    let version = hub.data_version().await.unwrap();
    drop(hub);
    assert_eq!(writer(dir.path()).await.data_version().await.unwrap(), version, "once");
}

#[tokio::test]
async fn a_repair_on_which_a_later_register_rests_and_one_that_was_never_made_are_not_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", csv("a", "2024-03", 12, 4), "2024-03")).await;
    let number = import(&hub, &register(60, 50), &[RepairKind::Coordinates], at()).await;
    let later = import(&hub, &register(62, 62), &[], at()).await;
    hub.publish(&(), at()).await.unwrap();
    for import in [number, later, 99] {
        let refused = hub.undo_register_repairs(import, at()).unwrap_err();
        assert!(refused.to_string().contains("can be taken back"), "{refused}");
    }
    assert_eq!(hub.repaired_register("gb-aaa").unwrap(), None);
    assert!(of_import(&hub, number).await.repairs.is_some_and(|repairs| !repairs.can_undo && !repairs.undone));
}
