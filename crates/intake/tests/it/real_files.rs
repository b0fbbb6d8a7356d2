//! The real files: counts and sums that were found by other means (a script over the raw cells).

use std::collections::BTreeMap;
use std::path::PathBuf;

use kerbwatt_intake::{SessionReturn, read_register};
use kerbwatt_model::PowerBand;

use crate::read;

pub(crate) fn file(name: &str) -> Option<Vec<u8>> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let dir = std::env::var_os("KERBWATT_DATA_DIR").map_or(beside, PathBuf::from);
    if !dir.is_dir() {
        println!("skipped: the folder of real files is missing (KERBWATT_DATA_DIR)");
        return None;
    }
    Some(std::fs::read(dir.join(name)).unwrap())
}

fn by_rule(read: &SessionReturn) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    read.quarantined.iter().for_each(|row| *counts.entry(row.rule).or_default() += 1);
    counts
}

fn adds_up(read: &SessionReturn) {
    let (totals, energy) = (read.totals, read.totals.energy_kwh);
    assert_eq!(totals.rows_read, totals.accepted + totals.quarantined + totals.duplicates);
    assert!((energy.read - energy.accepted - energy.quarantined - energy.duplicates).abs() < 1e-9);
    assert_eq!(totals.accepted as usize, read.sessions.len());
    assert_eq!(totals.quarantined as usize, read.quarantined.len());
    assert_eq!(totals.duplicates as usize, read.duplicates.len());
    let sum: f64 = read.sessions.iter().map(|session| session.energy_kwh).sum();
    assert!((sum - energy.accepted).abs() < 1e-6);
}

#[test]
fn dundee_in_summer_adds_up() {
    let Some(bytes) = file("sessions/dundee-2018-06-to-09.csv") else { return };
    let read = read(&bytes).unwrap();
    adds_up(&read);
    assert_eq!((read.profile.name.as_str(), read.totals.rows_read), ("dundee-2018", 19_227));
    assert!((read.totals.energy_kwh.read - 184_653.389).abs() < 1e-6);
    let rules = by_rule(&read);
    assert_eq!((rules["open_session"], rules["negative_energy"], rules["implausible_energy"]), (72, 8, 1));
    let failed = read.findings.iter().find(|finding| finding.rule == "failed_start").unwrap();
    assert!(failed.count >= 700, "{}", failed.count);
    assert_eq!(read.found.unwrap().to_string(), "2018-06-06..2018-09-06");
    assert!(read.sessions.iter().filter_map(|session| session.driver).all(|driver| driver.len() == 32));
}

#[test]
fn dundee_in_winter_adds_up() {
    let Some(bytes) = file("sessions/dundee-2017-12-to-2018-03.csv") else { return };
    let read = read(&bytes).unwrap();
    adds_up(&read);
    assert_eq!((read.profile.name.as_str(), read.totals.rows_read), ("dundee-2017", 15_610));
    assert!((read.totals.energy_kwh.read - 132_106.305).abs() < 1e-6);
    let rules = by_rule(&read);
    assert_eq!((rules["open_session"], rules["negative_energy"]), (61, 7));
}

#[test]
fn boulder_adds_up_and_its_mixed_dates_come_out_in_order() {
    let Some(bytes) = file("sessions/boulder-2018-to-2020.csv") else { return };
    let read = read(&bytes).unwrap();
    adds_up(&read);
    assert_eq!((read.profile.name.as_str(), read.totals.rows_read, read.totals.duplicates), ("boulder", 19_711, 23));
    assert_eq!(read.zone.name(), "America/Denver");
    assert_eq!(by_rule(&read)["open_session"], 1_453 - 23, "23 of the rows without duration repeat another one");
    let long = read.sessions.iter().find(|session| session.row == 1_755).unwrap();
    assert_eq!((long.plugged_s(), long.energy_kwh), (2_418 * 60, 33.521), "2,418 minutes, not two and a half");
    assert_eq!(read.totals.quarantined, 1_430, "only rows without a duration");
    // The first rows are of 1, 2, 3 … 12 January 2018, then of 1 February; the last of days after the twelfth.
    let day = |row: u64| {
        read.sessions
            .iter()
            .find(|session| session.row == row)
            .map(|session| read.zone.day(session.plug_in).to_string())
    };
    assert_eq!(day(1).as_deref(), Some("2018-01-01"));
    assert_eq!(day(2).as_deref(), Some("2018-01-02"));
    let months: std::collections::BTreeSet<String> =
        read.sessions.iter().map(|session| read.zone.day(session.plug_in).strftime("%Y-%m").to_string()).collect();
    assert_eq!(months.first().map(String::as_str), Some("2018-01"));
    let days = read.sessions.iter().map(|session| read.zone.day(session.plug_in).day());
    let late = days.filter(|day| *day > 12).count();
    assert!(late > read.sessions.len() / 2, "days after the twelfth are as usual as those before: {late}");
}

#[test]
fn the_real_registers_are_read_whole() {
    let Some(bytes) = file("registers/dundee-charge-point-locations.csv") else { return };
    let dundee = read_register(&bytes, "l.csv", None).unwrap();
    assert_eq!((dundee.profile.name.as_str(), dundee.rows_read), ("dundee-locations", 82));
    assert_eq!(dundee.entries.len() + dundee.rejected.len(), 82);
    assert_eq!(dundee.entries.len(), 76, "four rows without id, one unknown, one twice");
    assert!(dundee.entries.iter().any(|entry| entry.device == "50884"), "the prefix SCO is left out");
    assert!(dundee.entries.iter().all(|entry| entry.band != PowerBand::Unknown && entry.latitude.is_some()));

    let ncr = read_register(&file("registers/ncr-2018-london-subset.csv").unwrap(), "n.csv", None).unwrap();
    assert_eq!((ncr.profile.name.as_str(), ncr.rows_read), ("ncr", 411));
    assert_eq!(ncr.entries.len() + ncr.rejected.len(), 411);
    assert!(ncr.entries.iter().filter(|entry| entry.rated_kw.is_some()).count() > 400);
    let owned = ncr.entries.iter().filter(|entry| entry.owner_borough.as_deref() == Some("Source London")).count();
    assert!((390..=398).contains(&owned), "{owned}");
    assert!(ncr.entries.iter().all(|entry| entry.owner_borough.as_deref() != Some("*No Owner")), "that is none");

    let trimmed = read_register(&file("registers/ncr-2020-trimmed.csv").unwrap(), "t.csv", None).unwrap();
    assert_eq!(trimmed.profile.name, "ncr-trimmed");
    assert_eq!(trimmed.entries.len() + trimmed.rejected.len(), usize::try_from(trimmed.rows_read).unwrap());
    assert!(trimmed.rows_read >= 12_305);
}

#[test]
fn boulders_workbook_gives_the_rows_of_its_csv_as_far_as_its_cells_do() {
    let Some(csv) = file("sessions/boulder-2018-to-2020.csv") else { return };
    let (csv, workbook) = (read(&csv).unwrap(), read(&file("sessions/boulder-2018-to-2020.xlsx").unwrap()).unwrap());
    adds_up(&workbook);
    assert_eq!((workbook.totals.rows_read, workbook.totals.duplicates), (19_711, 23));
    assert_eq!(workbook.totals.energy_kwh.read.to_bits(), csv.totals.energy_kwh.read.to_bits());
    // Three durations over a thousand minutes, written 2,418 in the CSV, were taken for 2.418 by the spreadsheet: its cells
    // hold that number, and give a power that cannot be.
    let misread = [1_755, 10_743, 11_020];
    let same = csv.sessions.iter().filter(|session| !misread.contains(&session.row));
    let identity = |session: kerbwatt_model::Session<'_>| {
        (session.row, session.evse.to_string(), session.plug_in, session.plug_out, session.energy_kwh.to_bits())
    };
    assert!(same.map(identity).eq(workbook.sessions.iter().map(identity)));
    let rules = by_rule(&workbook);
    assert_eq!((rules["implausible_energy"], rules["open_session"]), (3, 1_430));
    let implausible = workbook.quarantined.iter().filter(|row| row.rule == "implausible_energy");
    assert!(implausible.map(|row| row.row).eq(misread));
}
