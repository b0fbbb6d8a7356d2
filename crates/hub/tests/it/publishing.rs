//! Step by step or all at once: the lake is the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kerbwatt_engine::{ALL_TABLES, spec};
use kerbwatt_hub::{Hub, Value};
use kerbwatt_model::AreaKind;
use kerbwatt_store::Lake;
use parquet::file::reader::{FileReader as _, SerializedFileReader};

use crate::folder::{a_return, answer, at, csv, operator, register, submit, writer};

const SUMS: [&str; 6] =
    ["sessions", "energy_kwh", "plugged_hours", "utilisation_time", "utilisation_energy", "coverage"];

/// Every figure by EVSE and day, by the cube and by hour of week.
async fn figures(hub: &Hub) -> Vec<Vec<Vec<Value>>> {
    let mut all = Vec::new();
    for by in [&["evse", "day"][..], &["evse", "month"], &["borough", "power_band", "operator", "day"]] {
        all.push(answer(hub, &SUMS, by).await.rows);
    }
    let hourly = ["sessions", "energy_kwh", "utilisation_time"];
    all.push(answer(hub, &hourly, &["operator", "hour_of_week"]).await.rows);
    all.push(answer(hub, &hourly, &["evse", "hour_of_week"]).await.rows);
    all
}

async fn step_by_step(dir: &Path) -> Hub {
    let hub = writer(dir).await;
    for (operator_id, tag, month, count) in [
        ("gb-aaa", "a", "2024-02", 95),
        ("gb-bbb", "b", "2024-01", 110),
        ("gb-aaa", "c", "2023-11", 100),
        ("us-ccc", "d", "2024-04", 50),
    ] {
        submit(&hub, &a_return(operator_id, csv(tag, month, count, 5), month)).await;
        hub.publish(&(), at()).await.unwrap();
        if tag == "b" {
            hub.import_register("b.csv", &register(0..4, 22.0), &operator("gb-bbb"), None, at()).await.unwrap();
            hub.publish(&(), at()).await.unwrap();
        }
    }
    hub.import_register("a.csv", &register(0..7, 3.6), &operator("gb-aaa"), None, at()).await.unwrap();
    hub.publish(&(), at()).await.unwrap();
    hub
}

/// All rows of all tables, in no order.
async fn rows(dir: &Path) -> BTreeMap<&'static str, Vec<String>> {
    let lake = Lake::new(&dir.join("lake"));
    let mut all = BTreeMap::new();
    for table in ALL_TABLES {
        let version = lake.version(&spec(table)).await.unwrap().unwrap();
        let mut rows = Vec::new();
        for file in lake.files(&spec(table), version).await.unwrap() {
            let reader = SerializedFileReader::new(fs::File::open(&file.path).unwrap()).unwrap();
            rows.extend(reader.get_row_iter(None).unwrap().map(|row| format!("{:?} {}", file.partition, row.unwrap())));
        }
        rows.sort();
        all.insert(table, rows);
    }
    all
}

#[tokio::test]
async fn publishing_step_by_step_gives_the_same_figures_and_row_for_row_the_same_tables_as_a_rebuild() {
    let dir = tempfile::tempdir().unwrap();
    let hub = step_by_step(dir.path()).await;
    let (before, tables) = (figures(&hub).await, rows(dir.path()).await);
    assert!(tables.values().all(|rows| !rows.is_empty()));
    let rebuilt = hub.rebuild(&(), at()).await.unwrap();
    assert!(rebuilt.changed);
    assert_eq!(before, figures(&hub).await);
    assert_eq!(tables, rows(dir.path()).await);
    let verified = hub.verify(&()).await.unwrap();
    assert_eq!(verified.problems, []);
}

#[tokio::test]
async fn a_return_refreshes_only_the_months_it_touches() {
    let dir = tempfile::tempdir().unwrap();
    let hub = step_by_step(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", csv("e", "2024-03", 20, 5), "2024-03")).await;
    let published = hub.publish(&(), at()).await.unwrap();
    assert_eq!(published.months, 1);
}

#[tokio::test]
async fn sessions_that_last_into_the_next_month_are_spread_over_both() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let bytes = b"evse,plug_in,plug_out,energy_kwh\nP1,2024-01-31T22:00:00Z,2024-02-01T02:00:00Z,8\n".to_vec();
    submit(&hub, &a_return("gb-aaa", bytes, "2024-01")).await;
    submit(&hub, &a_return("gb-aaa", csv("b", "2024-02", 1, 1), "2024-02")).await;
    hub.publish(&(), at()).await.unwrap();
    let found = answer(&hub, &["sessions", "energy_kwh"], &["month", "evse"]).await;
    let by_month: BTreeMap<(String, String), f64> = found
        .rows
        .iter()
        .map(|row| ((row[0].text().unwrap().to_owned(), row[1].text().unwrap().to_owned()), row[4].number().unwrap()))
        .collect();
    assert_eq!(by_month[&("2024-01".to_owned(), "gb-aaa:P1".to_owned())], 4.0);
    assert_eq!(by_month[&("2024-02".to_owned(), "gb-aaa:P1".to_owned())], 4.0);
}

#[tokio::test]
async fn imported_wards_become_a_level_and_leave_the_figures_alone() {
    let dir = tempfile::tempdir().unwrap();
    let hub = step_by_step(dir.path()).await;
    let before = figures(&hub).await;
    let square = br#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"c":"W1","n":"Square"},
        "geometry":{"type":"Polygon","coordinates":[[[-0.2,51.4],[0.0,51.4],[0.0,51.505],[-0.2,51.505],[-0.2,51.4]]]}}]}"#;
    let imported = hub.import_places("w.geojson", square, AreaKind::Ward, "c", "n", at()).await.unwrap();
    assert_eq!(imported.areas, 1);
    let published = hub.publish(&(), at()).await.unwrap();
    assert_eq!((published.changed, published.months), (true, 0));
    assert_eq!(before, figures(&hub).await);
    let wards = answer(&hub, &["evses"], &["ward"]).await;
    let evses: Vec<_> = wards.rows.iter().map(|row| (row[0].text(), row[2].number())).collect();
    assert!(evses.contains(&(Some("W1"), Some(4.0))), "{evses:?}");
    assert_eq!(hub.area(AreaKind::Ward, "W1", None).await.unwrap().name, "Square");
}

/// Files that the newest versions of all tables added.
fn added(dir: &Path) -> usize {
    let tables = fs::read_dir(dir.join("lake")).unwrap().map(|entry| entry.unwrap().path().join("_delta_log"));
    let newest = |log: std::path::PathBuf| {
        let commits = fs::read_dir(log).unwrap().map(|entry| entry.unwrap().path());
        commits.filter(|path| path.extension().is_some_and(|ending| ending == "json")).max().unwrap()
    };
    let adds = |commit: std::path::PathBuf| fs::read_to_string(commit).unwrap().matches("{\"add\":").count();
    tables.filter(|log| log.is_dir()).map(|log| adds(newest(log))).sum()
}

#[tokio::test]
async fn a_months_return_rewrites_as_many_files_after_three_years_as_after_three_months() {
    let mut rewritten = Vec::new();
    for history in [3, 36] {
        let dir = tempfile::tempdir().unwrap();
        let hub = writer(dir.path()).await;
        let month = |number: u32| format!("{}-{:02}", 2021 + number / 12, number % 12 + 1);
        for number in 0..history {
            let (tag, month) = (format!("m{number}"), month(number));
            submit(&hub, &a_return("gb-aaa", csv(&tag, &month, 20, 4), &month)).await;
        }
        hub.publish(&(), at()).await.unwrap();
        let next = month(history);
        submit(&hub, &a_return("gb-aaa", csv("next", &next, 20, 4), &next)).await;
        let published = hub.publish(&(), at()).await.unwrap();
        rewritten.push((published.months, added(dir.path())));
    }
    assert_eq!(rewritten[0], rewritten[1], "months and files, after three months and after three years");
}
