use std::collections::BTreeMap;

use kerbwatt_store::{Entered, Ledger, LedgerError, Publication};

use crate::ledger::{accepted as new, at, ledger, submission};

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
