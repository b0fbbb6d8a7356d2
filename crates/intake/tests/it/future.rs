//! Starts later than the day after the return was received, and starts far from all others.

use std::fmt::Write as _;

use jiff::Timestamp;
use kerbwatt_intake::{Declared, NoRegister, SessionReturn, read_sessions};
use kerbwatt_model::OperatorId;

use crate::declared;

fn file(starts: &[&str]) -> String {
    let mut text = "session_id,evse,plug_in,plug_out,energy_kwh\n".to_owned();
    for (at, start) in starts.iter().enumerate() {
        let from: Timestamp = start.parse().unwrap();
        let to = Timestamp::from_second(from.as_second() + 3600).unwrap();
        writeln!(text, "s{at},E{at},{from},{to},7").unwrap();
    }
    text
}

fn read_on(received: Option<&str>, text: &str) -> SessionReturn {
    let operator = OperatorId::parse("gb-tst").unwrap();
    let received = received.map(|at| at.parse().unwrap());
    read_sessions(text.as_bytes(), &Declared { received, ..declared(&operator) }, &NoRegister).unwrap()
}

#[test]
fn a_start_later_than_the_day_after_the_return_was_received_is_kept_apart() {
    let text = file(&[
        "2024-06-01T08:00:00Z",
        "2024-06-02T22:59:59Z", // the last second of the day after, in London
        "2024-06-02T23:00:00Z",
        "2034-06-01T08:00:00Z",
    ]);
    let read = read_on(Some("2024-06-01T09:30:00Z"), &text);
    let apart: Vec<(u64, &str)> = read.quarantined.iter().map(|row| (row.row, row.rule)).collect();
    assert_eq!(apart, [(3, "start_in_future"), (4, "start_in_future")]);
    assert_eq!(read.found.unwrap().to_string(), "2024-06-01..2024-06-02");
    assert_eq!(read_on(None, &text).totals.accepted, 4, "nothing is said of it");
}

#[test]
fn the_day_of_receipt_decides_and_not_the_day_on_which_it_is_read() {
    let text = file(&["2024-06-01T08:00:00Z", "2024-08-01T08:00:00Z"]);
    let accepted = |received| read_on(Some(received), &text).totals.accepted;
    assert_eq!((accepted("2024-06-01T09:00:00Z"), accepted("2024-09-01T09:00:00Z")), (1, 2));
}

#[test]
fn starts_beyond_this_century_are_told_as_such() {
    let text = file(&["1999-06-01T08:00:00Z", "2099-12-30T08:00:00Z"]);
    let rules: Vec<&str> =
        read_on(Some("2024-06-01T09:00:00Z"), &text).quarantined.iter().map(|row| row.rule).collect();
    assert_eq!(rules, ["start_out_of_range", "start_in_future"]);
}

#[test]
fn a_mistyped_year_is_told_and_a_long_history_is_not() {
    let month: Vec<String> = (1..=28).map(|day| format!("2024-03-{day:02}T08:00:00Z")).collect();
    let of = |more: &[&str]| {
        let starts: Vec<&str> = month.iter().map(String::as_str).chain(more.iter().copied()).collect();
        let read = read_on(Some("2024-04-01T09:00:00Z"), &file(&starts));
        assert_eq!(read.totals.accepted as usize, starts.len(), "it counts all the same");
        let found = read.findings.into_iter().find(|finding| finding.rule == "far_from_the_rest");
        found.map(|found| (found.count, found.examples[0].row, found.examples[0].value.clone()))
    };
    assert_eq!(of(&[]), None);
    assert_eq!(of(&["2023-03-15T08:00:00Z"]), Some((1, 29, "2023-03-15T08:00:00Z".to_owned())));
    assert_eq!(of(&["2014-03-15T08:00:00Z"]), Some((1, 29, "2014-03-15T08:00:00Z".to_owned())));
    assert_eq!(of(&["2023-12-15T08:00:00Z", "2023-10-15T08:00:00Z", "2023-06-15T08:00:00Z"]), None);
}

#[test]
fn an_end_later_than_two_days_after_the_return_was_received_is_kept_apart() {
    let text = "session_id,evse,plug_in,plug_out,energy_kwh\n\
        a,E1,2024-05-30T08:00:00Z,2024-06-01T08:00:00Z,7\n\
        b,E1,2024-05-31T08:00:00Z,2024-06-04T08:00:00Z,7\n\
        c,E1,2024-05-31T08:00:00Z,2070-01-01T00:00:00Z,7\n";
    let read = read_on(Some("2024-06-01T09:30:00Z"), text);
    let apart: Vec<(u64, &str)> = read.quarantined.iter().map(|row| (row.row, row.rule)).collect();
    assert_eq!(apart, [(2, "end_out_of_range"), (3, "end_out_of_range")]);
}
