//! The walk-through of the README, with the figures it must give.

use crate::program::{Folder, close, figures, real_file, run};

#[test]
fn dundee_and_boulder_go_in_and_come_out_with_their_known_totals() {
    let files = [
        "sessions/dundee-2018-06-to-09.csv",
        "sessions/dundee-2017-12-to-2018-03.csv",
        "sessions/boulder-2018-to-2020.csv",
    ];
    let [Some(summer), Some(winter), Some(boulder)] = files.map(real_file) else { return };
    let Some(register) = real_file("registers/dundee-charge-point-locations.csv") else { return };
    let folder = Folder::new();
    let data = folder.text("data");
    // File, operator, period, rows read, accepted, kWh read, kWh accepted.
    let returns = [
        (&summer, "gb-dcc", "2018-06-06..2018-09-06", [19_227, 19_146, 81, 0], [184_653.389, 183_415.529]),
        (&winter, "gb-dcc", "2017-12-02..2018-03-02", [15_610, 15_540, 70, 0], [132_106.305, 132_379.115]),
        (&boulder, "us-bou", "2018-01-01..2020-03-31", [19_711, 18_258, 1_430, 23], [152_051.346, 152_051.346]),
    ];
    for (at, (file, operator, period, rows, energy)) in (1..).zip(returns) {
        let ran =
            run(&["submit", file, "--data", &data, "--operator", operator, "--period", period, "--accept", "--json"]);
        let object = ran.objects().remove(0);
        ran.well();
        assert_eq!(
            ["rows_read", "accepted", "quarantined", "duplicates"].map(|field| object[field].as_i64()),
            rows.map(Some)
        );
        close(&object["energy_kwh"]["read"], energy[0]);
        close(&object["energy_kwh"]["accepted"], energy[1]);
        assert_eq!((object["submission"].as_i64(), object["data_version"].as_i64()), (Some(at), Some(at)));
        assert_eq!(object["quarantined_rows"].as_array().map(Vec::len), usize::try_from(rows[2]).ok());
    }
    let registered = run(&["register", "import", &register, "--data", &data, "--operator", "gb-dcc"]).well();
    assert!(registered.contains("82"), "{registered}");
    let dundee = figures(&data, "sessions,energy_kwh", &["--where", "operator=gb-dcc"]);
    assert_eq!(dundee["sessions"], 34_686);
    close(&dundee["energy_kwh"], 315_794.644);
    let all = figures(&data, "sessions,energy_kwh", &[]);
    assert_eq!(all["sessions"], 52_944);
    close(&all["energy_kwh"], 467_845.990);
    let export = run(&["export", "sessions", "--data", &data, "--format", "csv"]).well();
    assert_eq!(export.lines().count(), 52_944 + 1);
    assert!(run(&["verify", "--data", &data]).well().contains("All is well"));
    run(&["rebuild", "--data", &data]).well();
    assert_eq!(figures(&data, "sessions", &[])["sessions"], 52_944);
    assert!(run(&["verify", "--data", &data]).well().contains("All is well"));
}

#[test]
fn wards_can_be_imported_and_asked_for() {
    let Some(wards) = real_file("geo/london-wards.geojson") else { return };
    let folder = Folder::new();
    let data = folder.text("data");
    let (file, register) = (
        folder.file("r.csv", crate::program::sessions(2024, 50)),
        folder.file("register.csv", crate::program::REGISTER),
    );
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
    run(&["register", "import", &register, "--data", &data]).well();
    let imported =
        run(&["places", "import", &wards, "--data", &data, "--level", "ward", "--code", "WD25CD", "--name", "WD25NM"])
            .well();
    assert!(imported.contains("704 areas"), "{imported}");
    let row = figures(&data, "sessions", &["--by", "borough", "--where", "borough=Camden"]);
    assert_eq!((row["borough_name"].as_str(), row["sessions"].as_i64()), (Some("Camden"), Some(5)));
    let row = figures(&data, "sessions", &["--by", "ward", "--where", "borough=Camden"]);
    assert!(row["ward"].as_str().is_some_and(|code| code.starts_with("E05")), "{row}");
}
