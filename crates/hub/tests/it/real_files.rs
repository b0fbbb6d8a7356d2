//! The real files: every row and every kilowatt-hour is somewhere.

use std::path::PathBuf;

use kerbwatt_hub::NewReturn;
use kerbwatt_model::{Period, Query, Viewer};

use crate::folder::{answer, at, figure, operator, submit, writer};

fn data() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let dir = std::env::var_os("KERBWATT_DATA_DIR").map_or(beside, PathBuf::from);
    if dir.is_dir() {
        return Some(dir);
    }
    println!("skipped: the folder of real files is missing (KERBWATT_DATA_DIR)");
    None
}

#[tokio::test]
async fn the_real_returns_add_up_from_file_to_figure() {
    let Some(data) = data() else { return };
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let mut accepted_kwh = 0.0;
    let mut accepted = 0;
    for (file, operator_id, period, rows, energy_kwh) in [
        ("sessions/dundee-2018-06-to-09.csv", "gb-dcc", "2018-06-06..2018-09-06", 19_227, Some(184_653.389)),
        ("sessions/dundee-2017-12-to-2018-03.csv", "gb-dcc", "2017-12-02..2018-03-02", 15_610, Some(132_106.305)),
        ("sessions/boulder-2018-to-2020.csv", "us-bou", "2018-01-01..2020-03-31", 19_711, None),
    ] {
        let new = NewReturn::new(file, std::fs::read(data.join(file)).unwrap(), operator(operator_id));
        let handed_in = NewReturn { period: Some(Period::parse(period).unwrap()), ..new };
        let totals = submit(&hub, &handed_in).await.report.totals;
        assert_eq!(totals.rows_read, rows, "{file}");
        assert_eq!(totals.accepted + totals.quarantined + totals.duplicates, rows, "{file}");
        let energy = totals.energy_kwh;
        assert!((energy.accepted + energy.quarantined + energy.duplicates - energy.read).abs() < 1e-6, "{file}");
        if let Some(expected) = energy_kwh {
            assert!((energy.read - expected).abs() < 1e-6, "{file}: {}", energy.read);
        }
        accepted += totals.accepted;
        accepted_kwh += energy.accepted;
    }
    let register = std::fs::read(data.join("registers/dundee-charge-point-locations.csv")).unwrap();
    hub.import_register("locations.csv", &register, &operator("gb-dcc"), None, at()).await.unwrap();
    hub.publish(&(), at()).await.unwrap();
    let everything =
        Query::of(&["sessions", "energy_kwh"], &[], &[], Some(Period::parse("2000..2100").unwrap())).unwrap();
    let whole = hub.answer(&everything, Viewer::LocalOwner).await.unwrap();
    assert_eq!(whole.figure("sessions"), Some(accepted as f64));
    assert!((whole.figure("energy_kwh").unwrap() - accepted_kwh).abs() < 1e-6);
    let by_operator = answer(&hub, &["sessions"], &["operator"]).await;
    assert_eq!(by_operator.rows.len(), 2);
    assert!(figure(&hub, "coverage").await.unwrap() < 1.0, "Dundee reported two quarters only");
    let verified = hub.verify(&()).await.unwrap();
    assert_eq!(verified.problems, []);
}
