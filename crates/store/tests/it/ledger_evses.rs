use jiff::civil::date;
use kerbwatt_store::{EvseReturn, NewEvse};

use crate::ledger::{at, ledger, submission};

fn evse(uid: &str) -> NewEvse {
    NewEvse { uid: uid.into(), device: "d1".into(), zone: "Europe/London".into() }
}

#[test]
fn evses_keep_their_numbers_and_get_them_in_the_order_asked() {
    let (_dir, ledger) = ledger();
    let numbers = ledger.number_evses("gb-dcc", &[evse("b"), evse("a")]).unwrap();
    assert_eq!(numbers, [1, 2]);
    let again = [evse("a"), evse("c"), evse("b"), evse("c")];
    let again = ledger.number_evses("gb-dcc", &again).unwrap();
    assert_eq!((again[0], again[2], again[1] == again[3]), (2, 1, true));
    let other = ledger.number_evses("gb-ubi", &[evse("a")]).unwrap();
    assert!(!again.contains(&other[0]), "another operator's point is another");
    assert_eq!(ledger.number_evses("gb-ubi", &[]).unwrap(), [0; 0]);
}

#[test]
fn days_seen_only_ever_widen() {
    let (_dir, ledger) = ledger();
    let number = ledger.number_evses("gb-dcc", &[evse("a")]).unwrap()[0];
    let seen = || {
        let record = ledger.evses().unwrap().remove(0);
        record.first_seen.zip(record.last_seen)
    };
    assert_eq!(seen(), None);
    let june = |day| date(2018, 6, day);
    let steps = [
        ((10, 12), None, (10, 12)),
        ((11, 20), None, (10, 20)),
        ((2, 3), Some(15), (2, 20)),
        ((4, 5), Some(30), (2, 30)),
    ];
    for (at, ((first, last), covered, expected)) in steps.into_iter().enumerate() {
        let one = ledger.record(&submission("gb-dcc", at.to_string().as_bytes()), crate::ledger::at(0)).unwrap();
        ledger.note_returns(one, covered.map(june), &[(number, 1, june(first), june(last))]).unwrap();
        assert_eq!(seen(), Some((june(expected.0), june(expected.1))));
        ledger.number_evses("gb-dcc", &[evse("a")]).unwrap();
        assert_eq!(seen(), Some((june(expected.0), june(expected.1))), "only returns see");
    }
}

#[test]
fn many_evses_keep_their_numbers_as_few_do() {
    let (_dir, ledger) = ledger();
    let all: Vec<NewEvse> = (0..500).map(|at| evse(&format!("e{at}"))).collect();
    let numbers = ledger.number_evses("gb-dcc", &all).unwrap();
    assert_eq!(ledger.number_evses("gb-dcc", &all).unwrap(), numbers);
    assert_eq!(ledger.number_evses("gb-dcc", &all[490..]).unwrap(), numbers[490..]);
}

#[test]
fn the_first_device_and_zone_named_stay() {
    let (_dir, ledger) = ledger();
    ledger.number_evses("gb-dcc", &[evse("a")]).unwrap();
    let other = NewEvse { device: "d2".into(), zone: "UTC".into(), ..evse("a") };
    ledger.number_evses("gb-dcc", &[other]).unwrap();
    let record = ledger.evses().unwrap().remove(0);
    assert_eq!((record.device.as_str(), record.zone.as_str(), record.uid.as_str()), ("d1", "Europe/London", "a"));
}

#[test]
fn notes_of_a_submission_replace_those_before() {
    let (_dir, ledger) = ledger();
    let numbers = ledger.number_evses("gb-dcc", &[evse("a"), evse("b")]).unwrap();
    let one = ledger.record(&submission("gb-dcc", b"1"), at(0)).unwrap();
    let two = ledger.record(&submission("gb-dcc", b"2"), at(0)).unwrap();
    let (first, last) = (date(2018, 6, 1), date(2018, 6, 30));
    ledger.note_returns(two, None, &[(numbers[0], 7, first, last)]).unwrap();
    ledger.note_returns(one, None, &[(numbers[0], 9, first, last), (numbers[1], 1, first, first)]).unwrap();
    ledger.note_returns(one, None, &[(numbers[0], 3, first, first)]).unwrap();
    let returns = ledger.returns_of_at(numbers[0], 1).unwrap();
    let expected = [
        EvseReturn { submission: one, sessions: 3, first, last: first },
        EvseReturn { submission: two, sessions: 7, first, last },
    ];
    assert_eq!(returns, expected);
    assert!(ledger.returns_of_at(numbers[1], 1).unwrap().is_empty());
    assert!(ledger.note_returns(one + 50, None, &[(numbers[0], 3, first, first)]).is_err());
}

#[test]
fn a_pair_of_evse_and_register_version_has_one_number_for_ever() {
    let (_dir, ledger) = ledger();
    let evses = ledger.number_evses("gb-dcc", &[evse("a"), evse("b")]).unwrap();
    let first = ledger.evse_versions(&[(evses[0], 0), (evses[1], 4), (evses[0], 0)]).unwrap();
    assert!(first[0] > 0 && first[0] == first[2] && first[0] != first[1]);
    let next = ledger.evse_versions(&[(evses[1], 4), (evses[0], 5), (evses[0], 0)]).unwrap();
    assert_eq!((next[0], next[2]), (first[1], first[0]));
    assert!(!first.contains(&next[1]));
    assert!(ledger.evse_versions(&[(evses[0], 6), (99, 1)]).is_err(), "an EVSE that does not exist");
    let after = ledger.evse_versions(&[(evses[0], 5)]).unwrap();
    assert_eq!(after[0], next[1]);
}
