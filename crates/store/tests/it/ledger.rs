use jiff::Timestamp;
use kerbwatt_model::Period;
use kerbwatt_store::{
    Digest, DuplicateRow, Ledger, LedgerError, NewSubmission, Operator, QuarantinedRow, Settings, SubmissionState,
    SubmissionTotals,
};
use tempfile::TempDir;

/// A ledger of its own.
pub(crate) fn ledger() -> (TempDir, Ledger) {
    let dir = TempDir::new().unwrap();
    let ledger = Ledger::open_for_writing(&dir.path().join("ledger.sqlite")).unwrap();
    (dir, ledger)
}

/// An instant, in seconds after some day.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_530_000_000 + second).unwrap()
}

/// A submission of four rows: two accepted, one quarantined, one duplicate.
pub(crate) fn submission(operator: &str, bytes: &[u8]) -> NewSubmission {
    NewSubmission {
        operator: operator.into(),
        file_name: "return.csv".into(),
        digest: Digest::of(bytes),
        bytes: 4,
        declared: None,
        found: Some(Period::parse("2018-06-02..2018-06-28").unwrap()),
        profile: "plain".into(),
        zone: "Europe/London".into(),
        totals: SubmissionTotals {
            rows_read: 4,
            accepted: 2,
            flagged: 1,
            quarantined: 1,
            duplicates: 1,
            energy_read_kwh: 40.5,
            energy_accepted_kwh: 20.25,
            energy_quarantined_kwh: 10.25,
            energy_duplicates_kwh: 10.0,
        },
        findings_json: "[1]".into(),
        quarantined: vec![QuarantinedRow {
            row: 3,
            rule: "ends_before_it_starts".into(),
            column: "plug_out".into(),
            value: "“yesterday”".into(),
            energy_kwh: 10.25,
            advice: "Send the row again.".into(),
        }],
        duplicates: vec![DuplicateRow { row: 4, first_row: 1, energy_kwh: 10.0 }],
        accept: false,
    }
}

#[test]
fn a_submission_comes_back_as_it_was_recorded() {
    let (_dir, ledger) = ledger();
    let new = submission("gb-dcc", b"a");
    let id = ledger.record(&new, at(5)).unwrap();
    let found = ledger.submission(id).unwrap().unwrap();
    assert_eq!((found.id, found.bytes, found.digest, found.totals), (id, 4, new.digest, new.totals));
    assert_eq!((found.operator.as_str(), found.file_name.as_str()), ("gb-dcc", "return.csv"));
    assert_eq!((found.profile.as_str(), found.zone.as_str()), ("plain", "Europe/London"));
    assert_eq!((found.received_at, found.accepted_at, found.in_lake), (at(5), None, false));
    assert_eq!((found.state, found.state.id()), (SubmissionState::Checked, "checked"));
    assert_eq!((found.declared, found.found, found.covers()), (None, new.found, new.found));
    assert_eq!(ledger.findings_json(id).unwrap().as_deref(), Some("[1]"));
    assert_eq!(ledger.quarantine(id, 0, 10).unwrap(), (new.quarantined, 1));
    assert_eq!(ledger.duplicates(id).unwrap(), new.duplicates);
    assert_eq!(ledger.submission_of("gb-dcc", &new.digest).unwrap(), Some(found));
    assert_eq!(ledger.submission(id + 1).unwrap(), None);
    assert_eq!(ledger.findings_json(id + 1).unwrap(), None);
}

#[test]
fn a_declared_period_covers_more_than_the_days_found() {
    let (_dir, ledger) = ledger();
    let declared = Some(Period::parse("2018-06").unwrap());
    let id = ledger.record(&NewSubmission { declared, ..submission("gb-dcc", b"a") }, at(0)).unwrap();
    assert_eq!(ledger.submission(id).unwrap().unwrap().covers(), declared);
}

#[test]
fn counts_that_do_not_add_up_are_refused_and_leave_nothing() {
    let (_dir, ledger) = ledger();
    let good = || submission("gb-dcc", b"a");
    let mut lost = good();
    lost.totals.rows_read = 5;
    let mut unlisted = good();
    unlisted.quarantined.clear();
    let mut listed_twice = good();
    listed_twice.duplicates.push(DuplicateRow { row: 2, first_row: 1, energy_kwh: 0.0 });
    let mut more_flags_than_rows = good();
    more_flags_than_rows.totals.flagged = 3;
    let mut no_number = good();
    no_number.totals.energy_read_kwh = f64::NAN;
    let mut overflowing = good();
    overflowing.totals.accepted = u64::MAX;
    for wrong in [lost, unlisted, listed_twice, more_flags_than_rows, no_number, overflowing] {
        let error = ledger.record(&wrong, at(0)).unwrap_err();
        assert!(matches!(error, LedgerError::DoesNotAddUp { .. }), "{error}");
    }
    assert!(ledger.submissions().unwrap().is_empty());
    assert!(ledger.operators().unwrap().is_empty());
}

#[test]
fn the_same_bytes_count_once_for_an_operator_but_again_for_another() {
    let (_dir, ledger) = ledger();
    ledger.record(&submission("gb-dcc", b"a"), at(0)).unwrap();
    let error = ledger.record(&submission("gb-dcc", b"a"), at(1)).unwrap_err();
    assert!(matches!(error, LedgerError::SentBefore { .. }), "{error}");
    ledger.record(&submission("gb-ubi", b"a"), at(2)).unwrap();
    let all = ledger.submissions().unwrap();
    assert_eq!(all.iter().map(|one| one.operator.as_str()).collect::<Vec<_>>(), ["gb-ubi", "gb-dcc"], "newest first");
    assert_eq!(ledger.audit().unwrap().len(), 2);
}

#[test]
fn a_checked_submission_is_accepted_once() {
    let (_dir, ledger) = ledger();
    let id = ledger.record(&submission("gb-dcc", b"a"), at(0)).unwrap();
    assert!(ledger.pending().unwrap().is_empty());
    ledger.accept(id, at(9)).unwrap();
    let found = ledger.submission(id).unwrap().unwrap();
    assert_eq!((found.state, found.accepted_at), (SubmissionState::Accepted, Some(at(9))));
    assert_eq!(ledger.pending().unwrap(), [id]);
    assert!(matches!(ledger.accept(id, at(10)), Err(LedgerError::AcceptedBefore { .. })));
    assert!(matches!(ledger.accept(id + 1, at(10)), Err(LedgerError::Absent { .. })));
    let events: Vec<_> = ledger.audit().unwrap().into_iter().map(|entry| (entry.event, entry.at)).collect();
    assert_eq!(events, [("received".to_owned(), at(0)), ("accepted".to_owned(), at(9))]);
}

#[test]
fn a_submission_can_be_accepted_as_it_is_recorded() {
    let (_dir, ledger) = ledger();
    let id = ledger.record(&NewSubmission { accept: true, ..submission("gb-dcc", b"a") }, at(3)).unwrap();
    let found = ledger.submission(id).unwrap().unwrap();
    assert_eq!((found.state, found.accepted_at), (SubmissionState::Accepted, Some(at(3))));
    assert_eq!(ledger.audit().unwrap()[0].event, "received and accepted");
}

#[test]
fn quarantined_rows_come_page_by_page_in_the_order_of_the_file() {
    let (_dir, ledger) = ledger();
    let mut new = submission("gb-dcc", b"a");
    let row = new.quarantined[0].clone();
    new.quarantined = (1..=25).rev().map(|number| QuarantinedRow { row: number, ..row.clone() }).collect();
    new.totals.quarantined = 25;
    new.totals.rows_read = 28;
    let id = ledger.record(&new, at(0)).unwrap();
    let (page, total) = ledger.quarantine(id, 20, 10).unwrap();
    assert_eq!((page.iter().map(|row| row.row).collect::<Vec<_>>(), total), (vec![21, 22, 23, 24, 25], 25));
    assert_eq!(ledger.quarantine(id, 30, u64::MAX).unwrap(), (vec![], 25));
}

#[test]
fn settings_and_operators_can_be_set_and_changed() {
    let (_dir, ledger) = ledger();
    assert_eq!(ledger.settings().unwrap(), None);
    let mut settings = Settings { hub_name: "Ünï".into(), zone: "UTC".into(), hub_key: [7; 32], sample: true };
    ledger.put_settings(&settings).unwrap();
    settings.hub_key[31] = 8;
    ledger.put_settings(&settings).unwrap();
    assert_eq!(ledger.settings().unwrap(), Some(settings));
    ledger.put_operator("gb-ubi", None).unwrap();
    ledger.put_operator("gb-dcc", Some("Dundee")).unwrap();
    ledger.put_operator("gb-dcc", None).unwrap();
    let operator = |id: &str, name: &str| Operator { id: id.into(), name: name.into() };
    assert_eq!(ledger.operators().unwrap(), [operator("gb-dcc", "Dundee"), operator("gb-ubi", "GB-UBI")]);
}

#[test]
fn the_file_of_a_level_is_replaced_by_the_next() {
    let (_dir, ledger) = ledger();
    ledger.put_places("borough", "a.geojson", &Digest::of(b"a"), "code", "name", at(0)).unwrap();
    ledger.put_places("borough", "b.geojson", &Digest::of(b"b"), "id", "title", at(1)).unwrap();
    let places = ledger.places().unwrap();
    assert_eq!(places.len(), 1);
    assert_eq!((places[0].file_name.as_str(), places[0].digest, places[0].at), ("b.geojson", Digest::of(b"b"), at(1)));
    assert_eq!((places[0].code_field.as_str(), places[0].name_field.as_str()), ("id", "title"));
}
