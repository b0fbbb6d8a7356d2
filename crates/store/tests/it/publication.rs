use std::collections::BTreeMap;

use kerbwatt_store::{Entered, Ledger, LedgerError, NewDecision, Outcome, Publication, Reading};

use crate::ledger::{accepted as new, at, ledger, reading, submission};

fn publication(submissions: &[i64], replaces_all: bool) -> Publication {
    let tables = BTreeMap::from([("sessions".to_owned(), 3), ("cube_day".to_owned(), 1)]);
    let entered = submissions.iter().map(|id| Entered { submission: *id, ..Entered::default() }).collect();
    Publication { tables, entered, reason: "a test".into(), replaces_all, ..Publication::default() }
}

fn accepted(ledger: &Ledger, bytes: &[u8]) -> i64 {
    ledger.record(&new("gb-dcc", bytes), at(0)).unwrap()
}

#[test]
fn a_publication_is_the_current_data_version_and_settles_its_submissions() {
    let (_dir, ledger) = ledger();
    let (one, two) = (accepted(&ledger, b"1"), accepted(&ledger, b"2"));
    assert_eq!((ledger.data_version().unwrap(), ledger.pending().unwrap()), (None, vec![one, two]));
    assert_eq!(ledger.publish(&publication(&[one], false), at(8)).unwrap(), 1);
    assert_eq!(ledger.pending().unwrap(), [two]);
    assert!(ledger.submission(one).unwrap().unwrap().in_lake);
    let version = ledger.data_version().unwrap().unwrap();
    assert_eq!((version.number, version.made_at, version.reason.as_str()), (1, at(8), "a test"));
    assert_eq!(version.tables, publication(&[], false).tables);
    assert_eq!(ledger.publish(&publication(&[two], false), at(9)).unwrap(), 2);
    assert!(ledger.pending().unwrap().is_empty());
}

#[test]
fn a_rebuild_names_all_submissions_that_are_in_the_lake() {
    let (_dir, ledger) = ledger();
    let (one, two) = (accepted(&ledger, b"1"), accepted(&ledger, b"2"));
    ledger.publish(&publication(&[one, two], false), at(1)).unwrap();
    ledger.publish(&publication(&[two], true), at(2)).unwrap();
    assert_eq!(ledger.pending().unwrap(), [one]);
}

#[test]
fn a_publication_with_a_submission_that_is_not_accepted_is_undone_whole() {
    let (_dir, ledger) = ledger();
    let one = accepted(&ledger, b"1");
    let checked = ledger.record(&submission("gb-dcc", b"2"), at(0)).unwrap();
    let error = ledger.publish(&publication(&[one, checked], true), at(1)).unwrap_err();
    assert!(matches!(error, LedgerError::Absent { .. }), "{error}");
    assert_eq!((ledger.data_version().unwrap(), ledger.pending().unwrap()), (None, vec![one]));
    assert_eq!(ledger.audit().unwrap().len(), 3);
}

#[test]
fn each_data_version_keeps_the_repairs_that_were_made_in_its_returns_and_the_rows_that_they_changed() {
    let (_dir, ledger) = ledger();
    let repaired =
        Reading { repairs: vec!["day_month_swap".into()], repaired: vec![("day_month_swap".into(), 3)], ..reading() };
    let mut first = new("gb-dcc", b"1");
    first.reading = repaired;
    let id = ledger.record(&first, at(0)).unwrap();
    ledger.publish(&publication(&[id], false), at(1)).unwrap();
    let declined = NewDecision { kind: "decline_repair".into(), ..first.decisions[0].clone() };
    let outcome = Outcome { reading: Some(reading()), ..Outcome::default() };
    ledger.decide(id, &declined, &outcome, at(2)).unwrap();
    ledger.publish(&publication(&[id], false), at(3)).unwrap();
    let made = |version| ledger.shown_at(version).unwrap().remove(0).repaired;
    assert_eq!((made(1), made(2)), (vec![("day_month_swap".into(), Some(3))], Vec::new()));
    assert_eq!(ledger.shown_at(2).unwrap()[0].operator, "gb-dcc");
}
