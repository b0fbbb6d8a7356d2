use jiff::civil::{Date, date};
use kerbwatt_store::{EvseReturn, NewEvse};

use crate::ledger::{at, ledger, submission};

fn evse(uid: &str, seen: Option<(Date, Date)>) -> NewEvse {
    NewEvse {
        uid: uid.into(),
        device: "d1".into(),
        zone: "Europe/London".into(),
        first_seen: seen.map(|days| days.0),
        last_seen: seen.map(|days| days.1),
    }
}

#[test]
fn evses_keep_their_numbers_and_get_them_in_the_order_asked() {
    let (_dir, ledger) = ledger();
    let numbers = ledger.number_evses("gb-dcc", &[evse("b", None), evse("a", None)]).unwrap();
    assert_eq!(numbers, [1, 2]);
    let again = [evse("a", None), evse("c", None), evse("b", None), evse("c", None)];
    let again = ledger.number_evses("gb-dcc", &again).unwrap();
    assert_eq!((again[0], again[2], again[1] == again[3]), (2, 1, true));
    let other = ledger.number_evses("gb-ubi", &[evse("a", None)]).unwrap();
    assert!(!again.contains(&other[0]), "another operator's point is another");
    assert_eq!(ledger.number_evses("gb-ubi", &[]).unwrap(), [0; 0]);
}

#[test]
fn days_seen_only_ever_widen() {
    let (_dir, ledger) = ledger();
    let days = |first, last| Some((date(2018, 6, first), date(2018, 6, last)));
    let steps = [
        (None, None),
        (days(10, 12), days(10, 12)),
        (None, days(10, 12)),
        (days(11, 20), days(10, 20)),
        (days(2, 3), days(2, 20)),
    ];
    for (given, expected) in steps {
        ledger.number_evses("gb-dcc", &[evse("a", given)]).unwrap();
        let record = ledger.evses().unwrap().remove(0);
        assert_eq!(record.first_seen.zip(record.last_seen), expected);
    }
}

#[test]
fn the_first_device_and_zone_named_stay() {
    let (_dir, ledger) = ledger();
    ledger.number_evses("gb-dcc", &[evse("a", None)]).unwrap();
    let other = NewEvse { device: "d2".into(), zone: "UTC".into(), ..evse("a", None) };
    ledger.number_evses("gb-dcc", &[other]).unwrap();
    let record = ledger.evses().unwrap().remove(0);
    assert_eq!((record.device.as_str(), record.zone.as_str(), record.uid.as_str()), ("d1", "Europe/London", "a"));
}

#[test]
fn notes_of_a_submission_replace_those_before() {
    let (_dir, ledger) = ledger();
    let numbers = ledger.number_evses("gb-dcc", &[evse("a", None), evse("b", None)]).unwrap();
    let one = ledger.record(&submission("gb-dcc", b"1"), at(0)).unwrap();
    let two = ledger.record(&submission("gb-dcc", b"2"), at(0)).unwrap();
    let (first, last) = (date(2018, 6, 1), date(2018, 6, 30));
    ledger.note_returns(two, &[(numbers[0], 7, first, last)]).unwrap();
    ledger.note_returns(one, &[(numbers[0], 9, first, last), (numbers[1], 1, first, first)]).unwrap();
    ledger.note_returns(one, &[(numbers[0], 3, first, first)]).unwrap();
    let returns = ledger.returns_of_at(numbers[0], 1).unwrap();
    let expected = [
        EvseReturn { submission: one, sessions: 3, first, last: first },
        EvseReturn { submission: two, sessions: 7, first, last },
    ];
    assert_eq!(returns, expected);
    assert!(ledger.returns_of_at(numbers[1], 1).unwrap().is_empty());
    assert!(ledger.note_returns(one + 50, &[(numbers[0], 3, first, first)]).is_err());
}

#[test]
fn a_pair_of_evse_and_register_version_has_one_number_for_ever() {
    let (_dir, ledger) = ledger();
    let evses = ledger.number_evses("gb-dcc", &[evse("a", None), evse("b", None)]).unwrap();
    let first = ledger.evse_versions(&[(evses[0], 0), (evses[1], 4), (evses[0], 0)]).unwrap();
    assert!(first[0] > 0 && first[0] == first[2] && first[0] != first[1]);
    let next = ledger.evse_versions(&[(evses[1], 4), (evses[0], 5), (evses[0], 0)]).unwrap();
    assert_eq!((next[0], next[2]), (first[1], first[0]));
    assert!(!first.contains(&next[1]));
    assert!(ledger.evse_versions(&[(evses[0], 6), (99, 1)]).is_err(), "an EVSE that does not exist");
    let after = ledger.evse_versions(&[(evses[0], 5)]).unwrap();
    assert_eq!(after[0], next[1]);
}
