use kerbwatt_store::{ChangedBy, Ledger, LimitChange};

use crate::ledger::{at, ledger, submission};

fn change(ledger: &Ledger, operator: Option<&str>, changes: &[(&str, Option<f64>)], second: i64) -> usize {
    let by = ChangedBy { who: "Ann", note: "residents", at: at(second) };
    ledger.change_limits(operator, changes, by).unwrap()
}

fn set(ledger: &Ledger) -> Vec<(Option<String>, String, f64)> {
    let of = |change: LimitChange| (change.operator, change.name, change.value.unwrap());
    ledger.limits().unwrap().into_iter().map(of).collect()
}

#[test]
fn what_was_set_last_holds_and_every_change_is_kept_with_what_was_before() {
    let (_dir, ledger) = ledger();
    ledger.put_operator("gb-dcc", None).unwrap();
    assert_eq!(change(&ledger, None, &[("a", Some(1.0)), ("b", Some(2.0))], 0), 2);
    assert_eq!(change(&ledger, Some("gb-dcc"), &[("a", Some(7.5))], 1), 1);
    assert_eq!(change(&ledger, None, &[("a", Some(3.0)), ("b", Some(2.0))], 2), 1, "b is so already");
    assert_eq!(
        set(&ledger),
        [(None, "a".into(), 3.0), (None, "b".into(), 2.0), (Some("gb-dcc".into()), "a".into(), 7.5)]
    );
    assert_eq!(change(&ledger, None, &[("a", None)], 3), 1);
    assert_eq!(change(&ledger, None, &[("a", None), ("never", None)], 4), 0, "neither was set");
    assert_eq!(set(&ledger), [(None, "b".into(), 2.0), (Some("gb-dcc".into()), "a".into(), 7.5)]);
    let changes = ledger.limit_changes().unwrap();
    let of_a: Vec<_> =
        changes.iter().filter(|c| c.name == "a" && c.operator.is_none()).map(|c| (c.before, c.value)).collect();
    assert_eq!(of_a, [(Some(3.0), None), (Some(1.0), Some(3.0)), (None, Some(1.0))]);
    assert_eq!((changes[0].at, changes[0].who.as_str(), changes[0].note.as_str()), (at(3), "Ann", "residents"));
    let audit = ledger.audit().unwrap();
    assert!(
        audit.iter().any(|entry| entry.event == "limit" && entry.detail == "3 before, not set now: Ann: residents")
    );
}

#[test]
fn limits_of_an_operator_that_is_not_known_are_refused_as_a_whole() {
    let (_dir, ledger) = ledger();
    let by = ChangedBy { who: "", note: "", at: at(0) };
    assert!(ledger.change_limits(Some("gb-zzz"), &[("a", Some(1.0))], by).is_err());
    assert!(ledger.limit_changes().unwrap().is_empty() && ledger.audit().unwrap().is_empty());
}

#[test]
fn a_return_keeps_the_limits_that_it_was_read_with() {
    let (_dir, ledger) = ledger();
    let id = ledger.record(&submission("gb-dcc", b"a"), at(0)).unwrap();
    change(&ledger, Some("gb-dcc"), &[("long_stay_min", Some(60.0))], 1);
    assert_eq!(ledger.submission(id).unwrap().unwrap().limits, [("long_stay_min".to_owned(), 4320.5)].into());
}
