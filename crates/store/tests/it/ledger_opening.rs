use std::fs;

use kerbwatt_store::{Ledger, LedgerError};
use tempfile::TempDir;

use crate::ledger::{at, ledger, submission};
use crate::other_process::{self, Other};

#[test]
fn a_ledger_is_still_there_when_opened_again() {
    let (dir, ledger) = ledger();
    let path = dir.path().join("ledger.sqlite");
    let id = ledger.record(&submission("gb-dcc", b"a"), at(0)).unwrap();
    drop(ledger);
    let again = Ledger::open_for_writing(&path).unwrap();
    assert_eq!(again.submission(id).unwrap().unwrap().operator, "gb-dcc");
    assert_eq!(again.check().unwrap(), Vec::<String>::new());
}

#[test]
fn another_process_records_submissions() {
    let Some(dir) = other_process::folder() else { return };
    let ledger = Ledger::open_for_writing(&dir.join("ledger.sqlite")).unwrap();
    for number in 0..100_000_u32 {
        let id = ledger.record(&submission("gb-dcc", &number.to_le_bytes()), at(0)).unwrap();
        other_process::say(&id.to_string());
    }
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there_once_and_nothing_half_done() {
    let dir = TempDir::new().unwrap();
    let mut other = Other::start("ledger_opening::another_process_records_submissions", dir.path());
    let heard: Vec<String> = (0..25).map(|_| other.hear()).collect();
    let acknowledged = heard.len() + other.kill().len();
    let ledger = Ledger::open_for_writing(&dir.path().join("ledger.sqlite")).unwrap();
    let there = ledger.submissions().unwrap();
    assert!(there.len() == acknowledged || there.len() == acknowledged + 1, "{} {acknowledged}", there.len());
    for one in &there {
        assert_eq!(ledger.quarantine(one.id, 0, 9).unwrap().1, 1);
        assert_eq!(ledger.duplicates(one.id).unwrap().len(), 1);
    }
    assert_eq!(ledger.audit().unwrap().len(), there.len());
    assert!(ledger.check().unwrap().is_empty());
}

#[test]
fn a_reader_sees_what_a_writer_has_recorded_while_it_writes() {
    let dir = TempDir::new().unwrap();
    let mut other = Other::start("ledger_opening::another_process_records_submissions", dir.path());
    let first: i64 = other.hear().parse().unwrap();
    let reader = Ledger::open_for_reading(&dir.path().join("ledger.sqlite")).unwrap();
    assert!(reader.submission(first).unwrap().is_some());
    for _ in 0..10 {
        let id: i64 = other.hear().parse().unwrap();
        assert!(reader.submission(id).unwrap().is_some(), "recorded, so it can be read");
    }
}

#[test]
fn every_reading_function_works_for_a_reader_and_none_writes() {
    let (dir, ledger) = ledger();
    let id = ledger.record(&submission("gb-dcc", b"a"), at(0)).unwrap();
    let reader = Ledger::open_for_reading(&dir.path().join("ledger.sqlite")).unwrap();
    assert!(reader.settings().unwrap().is_none() && reader.data_version().unwrap().is_none());
    assert_eq!(reader.operators().unwrap().len() + reader.submissions().unwrap().len(), 2);
    assert!(reader.findings_and_details(id).unwrap().is_some() && reader.duplicates(id).unwrap().len() == 1);
    assert!(reader.evses().unwrap().is_empty() && reader.returns_of_at(1, 1).unwrap().is_empty());
    assert!(reader.register().unwrap().is_empty() && reader.register_imports().unwrap().is_empty());
    assert!(reader.limits().unwrap().is_empty() && reader.limit_changes().unwrap().is_empty());
    assert!(reader.places().unwrap().is_empty() && reader.pending().unwrap().is_empty());
    assert!(reader.audit().unwrap().len() == 1 && reader.check().unwrap().is_empty());
    let error = reader.put_operator("gb-x12", None).unwrap_err();
    assert!(matches!(error, LedgerError::NotAllowed { .. }), "{error}");
}

#[test]
fn a_closed_ledger_can_be_read() {
    let (dir, ledger) = ledger();
    ledger.put_operator("gb-dcc", None).unwrap();
    drop(ledger);
    let reader = Ledger::open_for_reading(&dir.path().join("ledger.sqlite")).unwrap();
    assert_eq!(reader.operators().unwrap().len(), 1);
}

#[test]
fn a_ledger_of_a_newer_version_is_refused_and_left_as_it_is() {
    let (dir, ledger) = ledger();
    drop(ledger);
    let path = dir.path().join("ledger.sqlite");
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.pragma_update(None, "user_version", 42).unwrap();
    drop(raw);
    for result in [Ledger::open_for_writing(&path), Ledger::open_for_reading(&path)] {
        assert!(matches!(result, Err(LedgerError::Newer { found: 42, known: 7, .. })));
    }
}

#[test]
fn a_ledger_of_an_older_version_is_brought_up_to_date_by_a_writer_only() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("ledger.sqlite");
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE x (y)").unwrap();
    assert!(matches!(Ledger::open_for_reading(&path), Err(LedgerError::Older { found: 0, .. })));
    drop(Ledger::open_for_writing(&path).unwrap());
    Ledger::open_for_reading(&path).unwrap();
}

#[test]
fn a_missing_or_damaged_ledger_is_told_apart() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("ledger.sqlite");
    assert!(matches!(Ledger::open_for_reading(&path), Err(LedgerError::Missing { .. })));
    assert!(!path.exists());
    fs::write(&path, "this was never a database, but it is long enough to look at".repeat(40)).unwrap();
    let error = Ledger::open_for_reading(&path).unwrap_err();
    assert!(matches!(error, LedgerError::Damaged { .. }), "{error}");
    assert!(matches!(Ledger::open_for_writing(&path), Err(LedgerError::Damaged { .. })));
}

#[test]
fn references_to_nothing_are_found_by_the_check() {
    let (dir, ledger) = ledger();
    let raw = rusqlite::Connection::open(dir.path().join("ledger.sqlite")).unwrap();
    raw.pragma_update(None, "foreign_keys", false).unwrap();
    raw.execute("INSERT INTO duplicate (submission, file_row, first_row, energy_kwh) VALUES (77, 1, 1, 0.0)", [])
        .unwrap();
    let problems = ledger.check().unwrap();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].contains("duplicate") && problems[0].contains("submission"), "{problems:?}");
}

#[test]
fn a_ledger_of_version_1_keeps_its_submissions_and_their_rows() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("ledger.sqlite");
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch(include_str!("../../src/ledger/schema.sql")).unwrap();
    raw.execute_batch(
        "PRAGMA user_version = 1;
         INSERT INTO operator (id) VALUES ('gb-dcc');
         INSERT INTO submission VALUES (7, 'gb-dcc', 'a.csv', '0000000000000000000000000000000000000000000000000000000000000000',
             9, '2018-06-01T00:00:00Z', '2018-06-02T00:00:00Z', NULL, NULL, '2018-05-01', '2018-05-31', 'plain', 'UTC',
             2, 1, 0, 1, 0, 3.0, 2.0, 1.0, 0.0, '[]', 1);
         INSERT INTO submission VALUES (8, 'gb-dcc', 'b.csv', '1111111111111111111111111111111111111111111111111111111111111111',
             9, '2018-06-01T00:00:00Z', NULL, NULL, NULL, NULL, NULL, 'plain', 'UTC', 0, 0, 0, 0, 0, 0.0, 0.0, 0.0, 0.0, '[]', 0);
         INSERT INTO data_version VALUES (1, '2018-06-02T00:00:00Z', '{}', 'x'), (2, '2018-06-03T00:00:00Z', '{}', 'y');
         INSERT INTO quarantine VALUES (1, 7, 2, 'negative_energy', 'kWh', '-1', 1.0, 'Look.');",
    )
    .unwrap();
    drop(raw);
    let ledger = Ledger::open_for_writing(&path).unwrap();
    let found = ledger.submission(7).unwrap().unwrap();
    assert_eq!((found.state.id(), found.in_lake, found.is_stale, found.part.as_str()), ("accepted", true, false, ""));
    assert_eq!(ledger.submission(8).unwrap().unwrap().state.id(), "checked");
    assert!(found.limits.is_empty() && found.overlap_json.is_none(), "as usual when limits could not be set yet");
    assert_eq!(ledger.quarantine(7, 0, 9).unwrap().1, 1);
    assert_eq!(ledger.decisions(7).unwrap()[0].kind, "accept");
    let [newest, before] = &ledger.data_versions().unwrap()[..] else { unreachable!("two") };
    assert_eq!(newest.days.map(|days| days.1.to_string()).as_deref(), Some("2018-05-31"));
    assert_eq!((newest.places.as_deref(), newest.last_decision, before.places.is_none()), (Some(&[][..]), 1, true));
    let shown = &ledger.shown_at(2).unwrap()[0];
    assert_eq!((shown.submission, shown.since, shown.sessions, shown.energy_kwh), (7, 2, 1, 2.0));
    assert!(ledger.check().unwrap().is_empty());
    assert_eq!(ledger.record(&submission("gb-dcc", b"a"), at(0)).unwrap(), 9, "numbers go on");
}

#[test]
fn a_ledger_of_version_4_tells_repairs_with_their_rows_where_it_knows_them_and_without_where_not() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("ledger.sqlite");
    let raw = rusqlite::Connection::open(&path).unwrap();
    for schema in [
        include_str!("../../src/ledger/schema.sql"),
        include_str!("../../src/ledger/schema-2.sql"),
        include_str!("../../src/ledger/schema-3.sql"),
        include_str!("../../src/ledger/schema-4.sql"),
    ] {
        raw.execute_batch(schema).unwrap();
    }
    raw.execute_batch(
        r#"PRAGMA user_version = 4;
         INSERT INTO operator (id) VALUES ('gb-dcc');
         INSERT INTO submission (id, operator, file_name, digest, bytes, received_at, state, profile, zone, rows_read, accepted,
             flagged, quarantined, duplicates, energy_read_kwh, energy_accepted_kwh, energy_quarantined_kwh,
             energy_duplicates_kwh, findings, details, repairs, in_lake)
         VALUES (7, 'gb-dcc', 'a.csv', '0000000000000000000000000000000000000000000000000000000000000000', 9,
             '2018-06-01T00:00:00Z', 'accepted', 'plain', 'UTC', 1, 1, 0, 0, 0, 2.0, 2.0, 0.0, 0.0, '[]',
             '{"applied": [{"kind": "energy_unit", "rows": 12}]}', '["energy_unit"]', 1);
         INSERT INTO data_version (number, made_at, tables, reason) VALUES (1, '2018-06-02T00:00:00Z', '{}', 'x'),
             (2, '2018-06-03T00:00:00Z', '{}', 'y'), (3, '2018-06-03T00:00:00Z', '{}', 'z');
         INSERT INTO shown (submission, since, until, sessions, energy_kwh, left_out, reading) VALUES
             (7, 1, 1, 1, 2.0, '[[0,0.0],[0,0.0],[0,0.0],[0,0.0]]', 'plain#abc+day_month_swap'),
             (7, 2, 2, 1, 2.0, '[[0,0.0],[0,0.0],[0,0.0],[0,0.0]]', 'plain'),
             (7, 3, NULL, 1, 2.0, '[[0,0.0],[0,0.0],[0,0.0],[0,0.0]]', 'plain+energy_unit');"#,
    )
    .unwrap();
    drop(raw);
    let ledger = Ledger::open_for_writing(&path).unwrap();
    let made = |version| ledger.shown_at(version).unwrap().remove(0).repaired;
    assert_eq!(made(1), [("day_month_swap".to_owned(), None)]);
    assert_eq!(made(2), []);
    assert_eq!(made(3), [("energy_unit".to_owned(), Some(12))]);
    assert_eq!(ledger.submission(7).unwrap().unwrap().repaired, [("energy_unit".to_owned(), 12)]);
}
