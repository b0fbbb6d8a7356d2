use jiff::civil::{Date, date};
use kerbwatt_model::{PowerBand, RegisterEntry, Siting};
use kerbwatt_store::{Digest, Ledger, RegisterChange, RegisterImport, RegisterVersion};

use crate::ledger::{at, ledger};

const FIRST: Date = date(1, 1, 1);
const LAST: Date = date(9999, 12, 31);

fn entry(evse: Option<&str>, device: &str, location_name: &str, row: u64) -> RegisterEntry {
    RegisterEntry {
        evse: evse.map(str::to_owned),
        device: device.into(),
        location: "l".into(),
        location_name: location_name.into(),
        address: None,
        postcode: Some("DD1 1AA".into()),
        latitude: Some(56.462_018_000_000_01),
        longitude: Some(-2.970_721_1),
        siting: Siting::CarPark,
        rated_kw: Some(22.08),
        band: PowerBand::of(Some(22.08)),
        current: None,
        connectors: vec!["Type 2".into()],
        commissioned: Some(date(2017, 1, 2)),
        decommissioned: None,
        owner_borough: None,
        funding_scheme: None,
        row,
    }
}

fn import(ledger: &Ledger, entries: &[RegisterEntry], on: Date) -> (u64, u64, u64) {
    let import = RegisterImport {
        operator: "gb-dcc".into(),
        file_name: "register.csv".into(),
        digest: Digest::of(b"r"),
        zone: "Europe/London".into(),
        entries: entries.to_vec(),
        on,
        repaired: Vec::new(),
        profile: "kerbwatt-register".into(),
        layout: None,
    };
    let RegisterChange { added, changed, unchanged } = ledger.import_register(&import, at(0)).unwrap();
    (added, changed, unchanged)
}

fn days(version: &RegisterVersion) -> (&str, &str, Date, Date) {
    (&version.key, &version.entry.location_name, version.valid_first, version.valid_last)
}

#[test]
fn a_first_import_holds_for_all_time() {
    let (_dir, ledger) = ledger();
    let entries = [entry(Some("a1"), "a", "Car park", 1), entry(None, "b", "Street", 2)];
    assert_eq!(import(&ledger, &entries, date(2018, 7, 1)), (2, 0, 0));
    let register = ledger.register().unwrap();
    let found: Vec<_> = register.iter().map(days).collect();
    assert_eq!(found, [("a1", "Car park", FIRST, LAST), ("b", "Street", FIRST, LAST)]);
    assert_eq!(register[0].entry, entries[0], "to the last digit, and with its row");
}

#[test]
fn the_same_register_again_changes_nothing_even_with_its_rows_moved() {
    let (_dir, ledger) = ledger();
    import(&ledger, &[entry(Some("a1"), "a", "Car park", 1)], date(2018, 7, 1));
    assert_eq!(import(&ledger, &[entry(Some("a1"), "a", "Car park", 9)], date(2018, 8, 1)), (0, 0, 1));
    assert_eq!(ledger.register().unwrap().len(), 1);
    let imports = ledger.register_imports().unwrap();
    assert_eq!((imports.len(), imports[1].entries, imports[1].digest), (2, 1, Digest::of(b"r")));
    assert_eq!(ledger.audit().unwrap()[1].detail, "register.csv: 0 added, 0 changed, 1 unchanged");
}

#[test]
fn a_change_ends_the_version_before_and_leaves_other_points_alone() {
    let (_dir, ledger) = ledger();
    import(&ledger, &[entry(Some("a1"), "a", "Old", 1), entry(Some("b1"), "b", "Stays", 2)], date(2018, 7, 1));
    assert_eq!(import(&ledger, &[entry(Some("a1"), "a", "New", 1)], date(2018, 8, 1)), (0, 1, 0));
    let register = ledger.register().unwrap();
    let found: Vec<_> = register.iter().map(days).collect();
    let expected =
        [("a1", "Old", FIRST, date(2018, 7, 31)), ("b1", "Stays", FIRST, LAST), ("a1", "New", date(2018, 8, 1), LAST)];
    assert_eq!(found, expected);
}

#[test]
fn a_correction_on_the_same_day_or_before_replaces_the_version_under_a_new_number() {
    let (_dir, ledger) = ledger();
    for (name, on) in [("Old", date(2018, 7, 1)), ("Wrong", date(2018, 8, 1)), ("Right", date(2018, 8, 1))] {
        import(&ledger, &[entry(Some("a1"), "a", name, 1)], on);
    }
    let register = ledger.register().unwrap();
    let found: Vec<_> = register.iter().map(days).collect();
    assert_eq!(found, [("a1", "Old", FIRST, date(2018, 7, 31)), ("a1", "Right", date(2018, 8, 1), LAST)]);
    assert_eq!(register[1].version, 3, "the number of the wrong one is not given again");
    import(&ledger, &[entry(Some("a1"), "a", "Late", 1)], date(2018, 7, 15));
    let register = ledger.register().unwrap();
    assert_eq!(days(&register[1]), ("a1", "Late", date(2018, 8, 1), LAST));
}

#[test]
fn of_two_rows_with_one_key_the_later_counts() {
    let (_dir, ledger) = ledger();
    let twice = [entry(None, "a", "First", 1), entry(None, "a", "Second", 2)];
    assert_eq!(import(&ledger, &twice, date(2018, 7, 1)), (1, 0, 0));
    assert_eq!(import(&ledger, &twice, date(2018, 8, 1)), (0, 0, 1));
    assert_eq!(ledger.register().unwrap()[0].entry.location_name, "Second");
}
