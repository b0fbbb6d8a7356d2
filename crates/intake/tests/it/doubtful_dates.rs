//! Days and months that may be exchanged where little else can tell: starts alone, in a layout that has no ends.

use std::fmt::Write as _;

use kerbwatt_intake::{RepairKind, SessionReturn};
use kerbwatt_model::Flag;

use crate::read_repaired;

const HEADER: &str = "SDR ID,CP ID,Connector,Start,Duration,Consum(kWh),Amount,Site\n";

/// Sessions of some days of a month of 2018, eight each day, with no order that could be seen.
fn month(days: std::ops::RangeInclusive<u32>, month: u32, is_exchanged: bool) -> String {
    let mut text = HEADER.to_owned();
    let count = days.clone().count() as u32;
    for at in 0..count * 8 {
        let day = days.start() + at * 7 % count;
        let (first, second) = if is_exchanged && day <= 12 { (month, day) } else { (day, month) };
        let (hour, minute) = (at * 5 % 24, at * 11 % 60);
        writeln!(
            text,
            "{},5{:04},1,{first:02}/{second:02}/2018 {hour:02}:{minute:02},00:40:00,7.{at},0,A",
            7_000_000 + at * 7919 % 100_000,
            at % 40
        )
        .unwrap();
    }
    text
}

fn starts(read: &SessionReturn) -> Vec<String> {
    read.sessions.iter().map(|session| session.plug_in.to_string()).collect()
}

fn swap(read: &SessionReturn) -> Option<&kerbwatt_intake::Repair> {
    read.repairs.iter().chain(&read.applied).find(|repair| repair.kind == RepairKind::DayMonthSwap)
}

fn doubtful(read: &SessionReturn) -> usize {
    read.sessions.iter().filter(|session| session.has(Flag::UnclearOrder)).count()
}

#[test]
fn the_declared_month_and_the_clear_rows_together_prove_what_nothing_else_tells() {
    let (right, wrong) = (month(1..=31, 8, false), month(1..=31, 8, true));
    let read = read_repaired(wrong.as_bytes(), Some("2018-08"), &RepairKind::ALL).unwrap();
    assert!(swap(&read).is_some_and(|repair| repair.provable), "{:?}", swap(&read));
    let truth = read_repaired(right.as_bytes(), Some("2018-08"), &RepairKind::ALL).unwrap();
    assert_eq!((starts(&read), doubtful(&read)), (starts(&truth), 0));
    assert_eq!((swap(&truth), doubtful(&truth)), (None, 0));
}

#[test]
fn what_is_not_proved_is_flagged_in_each_row_that_it_would_change() {
    let wrong = month(1..=31, 8, true);
    let read = read_repaired(wrong.as_bytes(), None, &RepairKind::ALL).unwrap();
    let repair = swap(&read).unwrap();
    assert!(!repair.provable && repair.rows > 80, "{repair:?}");
    assert_eq!(doubtful(&read) as u64, repair.rows);
}

#[test]
fn a_file_of_the_first_days_alone_is_flagged_where_its_days_lie_months_apart() {
    let wrong = month(1..=6, 9, true);
    let read = read_repaired(wrong.as_bytes(), None, &RepairKind::ALL).unwrap();
    assert_eq!((swap(&read), doubtful(&read)), (None, read.sessions.len()));
    let right = read_repaired(month(1..=6, 9, false).as_bytes(), None, &RepairKind::ALL).unwrap();
    assert_eq!((swap(&right), doubtful(&right)), (None, 0));
    let refusal = read_repaired(wrong.as_bytes(), Some("2018-09"), &RepairKind::ALL).unwrap_err();
    assert_eq!(refusal.code(), "period_fits_no_row");
    assert!(
        refusal.advice().starts_with("With day and month exchanged the rows lie in that period"),
        "{}",
        refusal.advice()
    );
}

#[test]
fn stray_rows_outside_the_declared_month_are_no_proof() {
    // The same day of one other month: exchanged, it would lie within.
    let mut text = month(1..=31, 8, false);
    for at in 0..60 {
        writeln!(text, "{},5{at:04},1,08/01/2018 10:{at:02},00:40:00,7.{at},0,A", 8_000_000 + at).unwrap();
    }
    let read = read_repaired(text.as_bytes(), Some("2018-08"), &RepairKind::ALL).unwrap();
    assert!(swap(&read).is_none_or(|repair| !repair.provable), "{:?}", swap(&read));
}
