//! A past data version answers as it did when it was made: bytes for bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use kerbwatt_hub::{Hub, HubError, Verdict};
use kerbwatt_model::{AreaKind, AsOf, Query, Viewer};

use crate::folder::{ACCEPT, a_return, at, csv, operator, register, submit, writer};

/// Everything that can be asked of a data version, as bytes.
async fn everything(hub: &Hub, version: Option<i64>) -> Vec<String> {
    let mut all = Vec::new();
    for (metrics, by) in [
        (
            &["sessions", "energy_kwh", "utilisation_time", "coverage", "evses", "evses_unused"][..],
            &["evse", "month"][..],
        ),
        (&["sessions", "energy_kwh", "utilisation_energy"], &["borough", "operator", "power_band"]),
        (&["sessions", "plugged_hours"], &["operator", "hour_of_week"]),
        (&["energy_per_session_median", "peak_concurrency"], &["operator"]),
        (&["sessions", "energy_kwh", "evse_days"], &[]),
    ] {
        let query = Query::of(metrics, by, &[], None).unwrap().as_of(version).with_ledger(true);
        let answer = hub.answer(&query, Viewer::LocalOwner).await.unwrap();
        all.push(serde_json::to_string(&answer).unwrap());
    }
    let sites = hub.sites(version).await.unwrap();
    all.push(format!("{sites:?}"));
    for evse in ["gb-aaa:P0", "gb-aaa:P1", "gb-bbb:P1"] {
        all.push(format!("{:?}", hub.evse(evse, version).await.map_err(|error| error.to_string())));
    }
    for site in &sites {
        all.push(format!("{:?}", hub.site(&site.location, version).await.unwrap()));
    }
    all.push(format!("{:?}", hub.area(AreaKind::Borough, "E09000007", version).await.unwrap()));
    all.push(format!("{:?}", hub.search("long", 50, version).await.unwrap()));
    let mut catalogue = hub.catalogue_at(version).await.unwrap();
    catalogue.newest_version = 0;
    all.push(format!("{catalogue:?}"));
    all
}

/// A plain generator of numbers below a limit: the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Hands in, accepts, withdraws, takes back, imports: something, as the dice say.
async fn something(hub: &Hub, dice: &mut Dice, step: u64) {
    let returns = hub.submissions().await.unwrap().len() as u64;
    match dice.below(6) {
        0 | 1 => {
            let month = ["2024-01", "2024-02"][usize::try_from(dice.below(2)).unwrap()];
            let whose = ["gb-aaa", "gb-bbb"][usize::try_from(dice.below(2)).unwrap()];
            // The same ids in another file are repeats or corrections.
            let count = u32::try_from(20 + dice.below(30)).unwrap();
            let mut bytes = csv("s", month, count, 3);
            bytes.extend(format!("x{step},P9,P9,1,{month}-03T10:00:00Z,{month}-03T11:00:00Z,,{step}.25,,\n").bytes());
            let mut file = a_return(whose, bytes, month);
            file.file_name = format!("step-{step}.csv");
            file.accept = dice.below(4) > 0;
            submit(hub, &file).await;
        }
        2 => {
            let kw = [3.6, 7.4, 22.0][usize::try_from(dice.below(3)).unwrap()];
            let bytes = register(0..u32::try_from(2 + dice.below(3)).unwrap(), kw);
            hub.import_register("r.csv", &bytes, &operator("gb-aaa"), None, at()).await.unwrap();
        }
        _ if returns > 0 => {
            let id = i64::try_from(1 + dice.below(returns)).unwrap();
            // What cannot be done is refused and changes nothing.
            let _ = match dice.below(3) {
                0 => hub.decide(id, &ACCEPT, "", at()).await,
                1 => hub.decide(id, &Verdict::Withdraw, "", at()).await,
                _ => hub.undo(id, None, at()),
            };
        }
        _ => {}
    }
}

async fn must_be_as_before(hub: &Hub, known: &BTreeMap<i64, Vec<String>>, when: &str) {
    for (version, then) in known {
        let now = everything(hub, Some(*version)).await;
        assert_eq!(&now, then, "version {version} {when}");
    }
}

#[tokio::test]
async fn every_past_version_gives_the_same_bytes_whatever_was_done_since() {
    for seed in 0..3 {
        let dir = tempfile::tempdir().unwrap();
        let hub = writer(dir.path()).await;
        let mut dice = Dice(seed);
        let mut known: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for step in 0..12 {
            something(&hub, &mut dice, step).await;
            let published = hub.publish(&(), at()).await.unwrap();
            if published.changed {
                known.insert(published.data_version, everything(&hub, None).await);
            }
            if dice.below(3) == 0 {
                // What is decided and not yet shown changes nothing either.
                something(&hub, &mut dice, step + 100).await;
            }
        }
        assert!(known.len() > 4, "seed {seed}");
        must_be_as_before(&hub, &known, "after all that").await;
        hub.rebuild(&(), at()).await.unwrap();
        must_be_as_before(&hub, &known, "after a rebuild").await;
        drop(hub);
        let again = writer(dir.path()).await;
        must_be_as_before(&again, &known, "opened again").await;
        let reader = Hub::open_for_reading(dir.path()).await.unwrap();
        must_be_as_before(&reader, &known, "read beside a writer").await;
    }
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn asked(text: &str) -> AsOf {
    AsOf::parse(text).unwrap()
}

/// Three versions, made on 1, 2 and 2 June 2024.
async fn three(dir: &Path) -> Hub {
    let hub = writer(dir).await;
    for (tag, month, made) in [
        ("a", "2024-01", "2024-06-01T09:00:00Z"),
        ("b", "2024-02", "2024-06-02T09:00:00Z"),
        ("c", "2024-03", "2024-06-02T22:30:00Z"),
    ] {
        submit(&hub, &a_return("gb-aaa", csv(tag, month, 30, 3), month)).await;
        hub.publish(&(), instant(made)).await.unwrap();
    }
    hub
}

#[tokio::test]
async fn a_day_means_the_newest_version_made_by_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let hub = three(dir.path()).await;
    let now = instant("2024-07-01T12:00:00Z");
    for (text, version) in [
        ("1", 1),
        ("2024-06-01", 1),
        ("2024-06-02", 3),
        ("2024-06-02T10:00", 2),
        ("2024-06-02T09:59", 1),
        ("2024-06-02T23:29:59Z", 3),
        ("2024-07-01", 3),
    ] {
        assert_eq!(hub.resolve(&asked(text), now).unwrap(), version, "{text}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_refused_with_what_is() {
    let dir = tempfile::tempdir().unwrap();
    let hub = three(dir.path()).await;
    let now = instant("2024-07-01T12:00:00Z");
    let says = |text: &str| hub.resolve(&asked(text), now).unwrap_err();
    assert_eq!(says("9").to_string(), "there is no data version 9; the newest is 3");
    assert_eq!(
        says("2024-05-31").to_string(),
        "as of 2024-05-31 there was no data yet: the first data version is 1, made on 2024-06-01 10:00"
    );
    assert!(matches!(says("2024-07-02"), HubError::Ahead { newest: 3, .. }));
    let empty = tempfile::tempdir().unwrap();
    let none = writer(empty.path()).await.resolve(&asked("2024-06-01"), now).unwrap_err();
    assert_eq!(none.to_string(), "there is no data version 2024-06-01; there is no data yet");
}

/// A file of a table's log.
fn log(dir: &Path, table: &str, version: u32) -> std::path::PathBuf {
    dir.join("lake").join(table).join("_delta_log").join(format!("{version:020}.json"))
}

#[tokio::test]
async fn versions_from_before_a_table_was_made_anew_are_refused_and_later_ones_answered() {
    let dir = tempfile::tempdir().unwrap();
    let hub = three(dir.path()).await;
    drop(hub);
    fs::write(log(dir.path(), "evse_month", 2), "not a log").unwrap();
    let hub = writer(dir.path()).await;
    hub.rebuild(&(), instant("2024-06-03T09:00:00Z")).await.unwrap();
    let rebuilt = everything(&hub, None).await;
    drop(hub);
    let hub = writer(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", csv("d", "2024-04", 30, 3), "2024-04")).await;
    hub.publish(&(), instant("2024-06-04T09:00:00Z")).await.unwrap();
    let error = hub.resolve(&asked("2024-06-02"), instant("2024-07-01T12:00:00Z")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "data version 3 is no longer held: the lake was damaged and its table evse_month made anew with version 4, on \
         2024-06-03; the oldest that can be asked is 4"
    );
    let query = Query::of(&["sessions"], &[], &[], None).unwrap();
    let answer = hub.answer(&query.as_of(Some(2)), Viewer::LocalOwner).await;
    assert!(matches!(answer, Err(HubError::NotHeld { version: 2, oldest: Some(4), .. })), "{answer:?}");
    assert_eq!(everything(&hub, Some(4)).await, rebuilt);
    let (versions, total) = hub.versions(0, 10).await.unwrap();
    let held: Vec<bool> = versions.iter().map(|version| version.not_held.is_none()).collect();
    assert_eq!((held, total), (vec![true, true, false, false, false], 5));
}

#[tokio::test]
async fn a_file_that_somebody_took_away_is_told_and_only_its_versions_fail() {
    let dir = tempfile::tempdir().unwrap();
    let hub = three(dir.path()).await;
    let folder = dir.path().join("lake").join("evses");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "parquet"));
    files.sort_by_key(|path| path.metadata().unwrap().modified().unwrap());
    fs::remove_file(&files[0]).unwrap();
    let query = Query::of(&["sessions"], &[], &[], None).unwrap();
    assert!(hub.answer(&query.clone().as_of(Some(1)), Viewer::LocalOwner).await.is_err());
    assert!(hub.answer(&query.clone().as_of(Some(2)), Viewer::LocalOwner).await.is_ok());
    assert!(hub.answer(&query, Viewer::LocalOwner).await.is_ok());
}
