use jiff::Timestamp;
use kerbwatt_model::Period;
use kerbwatt_store::{
    Digest, DuplicateRow, Ledger, LedgerError, NewDecision, NewSubmission, Operator, QuarantinedRow, Reading, Settings,
    SubmissionState, SubmissionTotals,
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
        part: String::new(),
        digest: Digest::of(bytes),
        bytes: 4,
        reading: reading(),
        state: SubmissionState::Checked,
        needs_decision: false,
        decisions: Vec::new(),
        layout: None,
        crossings: Vec::new(),
    }
}

/// The same, accepted at once.
pub(crate) fn accepted(operator: &str, bytes: &[u8]) -> NewSubmission {
    let accept = NewDecision {
        kind: "accept".into(),
        detail: String::new(),
        note: String::new(),
        before_json: "{}".into(),
        undoes: None,
    };
    NewSubmission { state: SubmissionState::Accepted, decisions: vec![accept], ..submission(operator, bytes) }
}

/// Four rows: two accepted, one quarantined, one duplicate.
pub(crate) fn reading() -> Reading {
    Reading {
        declared: None,
        found: Some(Period::parse("2018-06-02..2018-06-28").unwrap()),
        covered: None,
        profile: "plain".into(),
        layout: None,
        repairs: Vec::new(),
        repaired: Vec::new(),
        limits: [("long_stay_min".to_owned(), 4320.5)].into(),
        overlap_json: Some("{}".into()),
        details_json: "{}".into(),
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
    }
}

#[test]
fn a_submission_comes_back_as_it_was_recorded() {
    let (_dir, ledger) = ledger();
    let new = submission("gb-dcc", b"a");
    let id = ledger.record(&new, at(5)).unwrap();
    let found = ledger.submission(id).unwrap().unwrap();
    let read = &new.reading;
    assert_eq!((found.id, found.bytes, found.digest, found.totals), (id, 4, new.digest, read.totals));
    assert_eq!((found.operator.as_str(), found.file_name.as_str(), found.part.as_str()), ("gb-dcc", "return.csv", ""));
    assert_eq!((found.profile.as_str(), found.zone.as_str()), ("plain", "Europe/London"));
    assert_eq!((found.received_at, found.decided_at, found.in_lake, found.is_stale), (at(5), None, false, false));
    assert_eq!((found.state, found.state.id(), found.needs_decision), (SubmissionState::Checked, "checked", false));
    assert_eq!((found.declared, found.found, found.covers()), (None, read.found, read.found));
    assert_eq!(ledger.findings_and_details(id).unwrap(), Some(("[1]".to_owned(), "{}".to_owned())));
    assert_eq!(ledger.quarantine(id, 0, 10).unwrap(), (read.quarantined.clone(), 1));
    assert_eq!(ledger.duplicates(id).unwrap(), read.duplicates);
    assert_eq!(ledger.submission_of("gb-dcc", &new.digest, "").unwrap(), Some(found));
    assert_eq!(ledger.submission_of("gb-dcc", &new.digest, "June").unwrap(), None);
    assert_eq!(ledger.submission(id + 1).unwrap(), None);
    assert_eq!(ledger.findings_and_details(id + 1).unwrap(), None);
}

#[test]
fn a_declared_period_covers_more_than_the_days_found() {
    let (_dir, ledger) = ledger();
    let declared = Some(Period::parse("2018-06").unwrap());
    let reading = Reading { declared, ..reading() };
    let id = ledger.record(&NewSubmission { reading, ..submission("gb-dcc", b"a") }, at(0)).unwrap();
    assert_eq!(ledger.submission(id).unwrap().unwrap().covers(), declared);
}

#[test]
fn a_return_reports_the_days_that_it_declares_or_else_those_noted_and_none_where_no_row_counts() {
    let (_dir, ledger) = ledger();
    let period = |text: &str| Period::parse(text).unwrap();
    let stretches = vec![period("2018-06-02..2018-06-10"), period("2018-08")];
    let noted = Reading { covered: Some(stretches.clone()), ..reading() };
    let of = |bytes: &[u8], declared: Option<&str>, reading: &Reading| {
        let reading = Reading { declared: declared.map(period), ..reading.clone() };
        let new = NewSubmission { reading, ..submission("gb-dcc", bytes) };
        ledger.submission(ledger.record(&new, at(0)).unwrap()).unwrap().unwrap()
    };
    let found = of(b"a", None, &noted);
    assert_eq!((found.reports(), found.covers()), (stretches, Some(period("2018-06-02..2018-08-31"))));
    assert_eq!(of(b"b", Some("2018-07"), &noted).reports(), [period("2018-07")]);
    assert_eq!(of(b"c", None, &reading()).reports(), [period("2018-06-02..2018-06-28")], "as before it was noted");
    let mut none = reading();
    none.totals.quarantined += none.totals.accepted;
    none.quarantined = vec![none.quarantined[0].clone(); 3];
    (none.totals.accepted, none.totals.flagged) = (0, 0);
    let none = of(b"d", Some("2018-06"), &none);
    assert!(none.is_all_set_aside() && none.reports().is_empty() && none.covers().is_some());
}

/// Readings whose counts cannot be right.
fn wrong_readings() -> Vec<Reading> {
    let mut lost = reading();
    lost.totals.rows_read = 5;
    let mut unlisted = reading();
    unlisted.quarantined.clear();
    let mut listed_twice = reading();
    listed_twice.duplicates.push(DuplicateRow { row: 2, first_row: 1, energy_kwh: 0.0 });
    let mut more_flags_than_rows = reading();
    more_flags_than_rows.totals.flagged = 3;
    let mut no_number = reading();
    no_number.totals.energy_read_kwh = f64::NAN;
    let mut overflowing = reading();
    overflowing.totals.accepted = u64::MAX;
    vec![lost, unlisted, listed_twice, more_flags_than_rows, no_number, overflowing]
}

#[test]
fn counts_that_do_not_add_up_are_refused_and_leave_nothing() {
    let (_dir, ledger) = ledger();
    for reading in wrong_readings() {
        let error = ledger.record(&NewSubmission { reading, ..submission("gb-dcc", b"a") }, at(0)).unwrap_err();
        assert!(matches!(error, LedgerError::DoesNotAddUp { .. }), "{error}");
    }
    assert!(ledger.submissions().unwrap().is_empty());
    assert!(ledger.operators().unwrap().is_empty());
}

#[test]
fn the_same_bytes_count_once_for_an_operator_but_again_for_another_and_for_another_table_of_the_file() {
    let (_dir, ledger) = ledger();
    ledger.record(&submission("gb-dcc", b"a"), at(0)).unwrap();
    let error = ledger.record(&submission("gb-dcc", b"a"), at(1)).unwrap_err();
    assert!(matches!(error, LedgerError::SentBefore { .. }), "{error}");
    ledger.record(&submission("gb-ubi", b"a"), at(2)).unwrap();
    ledger.record(&NewSubmission { part: "June".into(), ..submission("gb-dcc", b"a") }, at(3)).unwrap();
    let all = ledger.submissions().unwrap();
    let operators: Vec<_> = all.iter().map(|one| one.operator.as_str()).collect();
    assert_eq!(operators, ["gb-dcc", "gb-ubi", "gb-dcc"], "newest first");
    assert_eq!(ledger.audit().unwrap().len(), 3);
}

#[test]
fn quarantined_rows_come_page_by_page_in_the_order_of_the_file() {
    let (_dir, ledger) = ledger();
    let mut new = submission("gb-dcc", b"a");
    let row = new.reading.quarantined[0].clone();
    new.reading.quarantined = (1..=25).rev().map(|number| QuarantinedRow { row: number, ..row.clone() }).collect();
    new.reading.totals.quarantined = 25;
    new.reading.totals.rows_read = 28;
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
