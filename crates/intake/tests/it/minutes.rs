//! Minutes written as seconds or hours where ends are computed from them: proved by power, overlaps and how energy goes with time,
//! and never in a right file, however long its stays and however many sockets share an id.

use std::fmt::Write as _;

use kerbwatt_intake::{Repair, RepairKind, SessionReturn};
use proptest::prelude::*;

use crate::{read, read_repaired};

/// A stay: hours from midnight of 1 June 2019, minutes, kWh.
type Stay = (u32, f64, f64);

/// A file of Boulder's layout: station, and stay.
fn file(stays: impl Iterator<Item = (String, Stay)>) -> String {
    let mut text =
        "Station Name;Transaction Date;Transaction Start Time;Charging Time (minutes);Energy (kWh)\n".to_owned();
    for (station, (hours, minutes, kwh)) in stays {
        let start = jiff::civil::date(2019, 6, 1).at(0, 1, 0, 0) + jiff::Span::new().hours(hours);
        // As Boulder writes dates: day first where the day is 12 or less.
        let written = if start.day() <= 12 { "%d/%m/%Y;%-H:%M" } else { "%-m/%-d/%Y;%-H:%M" };
        writeln!(text, "{station};{};{minutes};{kwh:.3}", start.strftime(written)).unwrap();
    }
    text
}

fn of(read: &SessionReturn) -> Option<&Repair> {
    read.repairs.iter().chain(&read.applied).find(|repair| repair.kind == RepairKind::DurationUnit)
}

fn lengths(read: &SessionReturn) -> Vec<i64> {
    read.sessions.iter().map(|session| session.plugged_s()).collect()
}

/// Charges of half an hour to over two at three stations, one after the other, minutes written as `show` has it.
fn charges(show: impl Fn(f64) -> f64) -> String {
    let each = |at: u32| {
        let (minutes, kw) = (f64::from(30 + at * 37 % 120), f64::from(62 + at * 29 % 10) / 10.0);
        (format!("S{}", at % 3), (at, show(minutes), minutes * kw / 60.0))
    };
    file((0..240).map(each))
}

#[test]
fn seconds_and_hours_among_minutes_are_proved_and_come_back() {
    let right = read(charges(|minutes| minutes).as_bytes()).unwrap();
    assert!(right.repairs.is_empty(), "{:#?}", right.repairs);
    let seconds = charges(|minutes| minutes * 60.0);
    let proposed = read(seconds.as_bytes()).unwrap();
    assert!(of(&proposed).unwrap().provable, "{:#?}", proposed.repairs);
    let repaired = read_repaired(seconds.as_bytes(), None, &RepairKind::ALL).unwrap();
    assert_eq!(lengths(&repaired), lengths(&right));
    // At ten kilowatts and more no session could be so brief.
    let faster = |show: fn(f64) -> f64| {
        let stay = |at: u32| {
            let minutes = f64::from(30 + at * 37 % 120);
            (format!("S{}", at % 3), (at, show(minutes), minutes * 0.18))
        };
        file((0..240).map(stay))
    };
    let repaired = read_repaired(faster(|minutes| minutes / 60.0).as_bytes(), None, &RepairKind::ALL).unwrap();
    assert_eq!(repaired.applied.len(), 1);
    let right = read(faster(|minutes| minutes).as_bytes()).unwrap();
    assert!(lengths(&repaired).iter().zip(lengths(&right)).all(|(a, b)| (a - b).abs() <= 1));
}

#[test]
fn stays_of_days_at_four_devices_of_four_sockets_each_are_not_seconds_that_are_proved() {
    for (step, least) in [(1.0, 7_200.0), (1_440.0, 7_200.0), (60.0, 7_200.0)] {
        let stay = |at: u32| {
            let minutes = least + (f64::from(at * 1_237 % 5_760) / step).floor() * step;
            (format!("D{}", at % 4), (at * 9, minutes, f64::from(20 + at * 7 % 26)))
        };
        let text = file((0..160).map(stay));
        let read = read_repaired(text.as_bytes(), None, &RepairKind::ALL).unwrap();
        assert!(read.applied.is_empty(), "{:#?}", read.applied);
        assert!(of(&read).is_some_and(|repair| !repair.provable), "it is told, for a person to look at");
    }
}

/// Right files of long stays: of how many ids, in steps of how many minutes, how many days at most, and of how much energy.
fn long_stays() -> impl Strategy<Value = String> {
    let steps = prop_oneof![Just(1u32), Just(30), Just(60), Just(1440)];
    let rows = prop::collection::vec((0u32..2_000, 0.0f64..1.0, 0.0f64..1.0), 20..200);
    (1u32..12, steps, 1u32..30, 1.0f64..40.0, 1.0f64..60.0, rows).prop_map(
        |(ids, step, days, least_kwh, more_kwh, rows)| {
            let stay = |(at, (hours, long, much)): (u32, (u32, f64, f64))| {
                let minutes = (long * f64::from(days * 1440 / step)).ceil().max(1.0) * f64::from(step);
                // As much as the battery lacks, but no more than the socket gives.
                let kwh = (least_kwh + much * more_kwh).min(minutes * 7.4 / 60.0);
                (format!("D{}", at % ids), (hours % (days * 48), minutes, kwh))
            };
            file((0..).zip(rows).map(stay))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn long_stays_are_never_taken_for_seconds(text in long_stays()) {
        let read = read_repaired(text.as_bytes(), None, &RepairKind::ALL).unwrap();
        prop_assert!(read.applied.is_empty(), "{:#?}", read.applied);
        prop_assert!(of(&read).is_none_or(|repair| !repair.provable));
    }
}

#[test]
fn powerful_charges_of_lorries_are_not_hours() {
    // A megawatt, for three quarters of an hour: as hours these would be nights at thirteen kilowatts.
    let stay = |at: u32| (format!("L{}", at % 3), (at * 24, f64::from(35 + at % 20), f64::from(500 + at * 17 % 190)));
    let read = read_repaired(file((0..60).map(stay)).as_bytes(), None, &RepairKind::ALL).unwrap();
    assert!(read.applied.is_empty(), "{:#?}", read.applied);
}
