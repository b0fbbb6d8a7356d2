//! The files of returns.

use std::collections::HashSet;

use kerbwatt_sample::{Sample, SampleReturn, Size};
use proptest::prelude::*;

use crate::square::{sample, written};

fn of<'r>(returns: &'r [SampleReturn], operator: &str) -> &'r SampleReturn {
    returns.iter().rfind(|which| which.operator == operator).unwrap()
}

/// A file as text; code page 1252 where it is not UTF-8.
fn text(sample: &Sample, which: &SampleReturn) -> String {
    let bytes = written(sample, which);
    String::from_utf8(bytes).unwrap_or_else(|error| error.into_bytes().iter().map(|byte| char::from(*byte)).collect())
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let (one, same, other) = (sample(Size::Small, 1), sample(Size::Small, 1), sample(Size::Small, 2));
    for which in one.returns().iter().rev().take(6) {
        assert_eq!(written(&one, which), written(&same, which), "{}", which.file_name);
        assert_ne!(written(&one, which), written(&other, which), "{}", which.file_name);
    }
    assert_eq!(one.register_csv("gb-ald"), same.register_csv("gb-ald"));
    assert_ne!(one.register_csv("gb-ald"), other.register_csv("gb-ald"));
}

#[test]
fn a_return_written_alone_is_the_same_as_in_sequence() {
    let sequence = sample(Size::Small, 1);
    let returns = sequence.returns();
    let all: Vec<Vec<u8>> = returns.iter().map(|which| written(&sequence, which)).collect();
    for (which, bytes) in returns.iter().zip(&all).rev().step_by(7) {
        assert_eq!(&written(&sample(Size::Small, 1), which), bytes, "{}", which.file_name);
    }
}

#[test]
fn returns_come_by_quarter_and_some_operators_miss_one() {
    let sample = sample(Size::Small, 1);
    let returns = sample.returns();
    assert!(returns.is_sorted_by_key(|which| which.period.first));
    assert!((80..96).contains(&returns.len()), "{}", returns.len());
    let names: HashSet<&str> = returns.iter().map(|which| which.file_name.as_str()).collect();
    assert_eq!(names.len(), returns.len());
    for operator in sample.operators() {
        assert!(returns.iter().filter(|which| which.operator == operator.id).count() >= 6, "{}", operator.id);
    }
}

#[test]
fn each_layout_is_written_as_its_profile_reads_it() {
    let sample = sample(Size::Small, 1);
    let returns = sample.returns();
    let begins = [
        ("gb-ald", "session_id,evse,device,connector,plug_in,plug_out,charging_end,energy_kwh,fee_pence,driver\n"),
        ("gb-pwk", "\u{feff}Transaction ID;Charge point;Socket;Start time;End time;Energy (kWh);Amount (GBP);Card\n"),
        ("gb-msg", "id,evse_uid,start_epoch,end_epoch,energy_wh,cost_pence,user_id\n"),
        ("gb-tmn", "Usage report\r\n\r\nCPID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Cost\r\n"),
        (
            "gb-cbl",
            "Charging event,User ID,CP ID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Cost,Site,Group,Model,,,\n",
        ),
    ];
    for (operator, header) in begins {
        assert!(text(&sample, of(&returns, operator)).starts_with(header), "{operator}");
    }
}

#[test]
fn every_row_has_as_many_cells_as_its_header() {
    let sample = sample(Size::Small, 1);
    let returns = sample.returns();
    for (operator, separator, cells) in
        [("gb-sxb", ',', 10), ("gb-qlf", ';', 8), ("gb-arw", ',', 7), ("gb-cbs", ',', 8), ("gb-brc", ',', 17)]
    {
        let file = text(&sample, of(&returns, operator));
        let below = if operator == "gb-cbs" { 3 } else { 1 };
        for line in file.lines().skip(below) {
            assert_eq!(line.split(separator).count(), cells, "{operator}: {line}");
        }
    }
}

#[test]
fn a_total_is_the_sum_of_what_is_printed() {
    let sample = sample(Size::Small, 1);
    let returns = sample.returns();
    let file = text(&sample, of(&returns, "gb-tmn"));
    let hundredths = |line: &str| -> i64 {
        let cell = line.split(',').nth(6).unwrap().replace('.', "");
        cell.parse().unwrap_or(0)
    };
    let lines: Vec<&str> = file.lines().skip(3).collect();
    let (total, rows) = lines.split_last().unwrap();
    assert!(total.starts_with("Total,,,,,,"));
    assert_eq!(hundredths(total), rows.iter().map(|row| hundredths(row)).sum::<i64>());
    assert!(rows.iter().filter(|row| !row.ends_with(',')).all(|row| row.contains(",£")));
}

#[test]
fn files_hold_the_defects_that_intake_must_survive() {
    let sample = sample(Size::Small, 1);
    let (mut absurd, mut unregistered) = (0, 0);
    for which in sample.returns().iter().filter(|which| which.layout == "wh-epoch") {
        let file = text(&sample, which);
        let lines: Vec<Vec<&str>> = file.lines().skip(1).map(|line| line.split(',').collect()).collect();
        let energy = |line: &Vec<&str>| line[4].parse::<i64>().ok();
        let ids: HashSet<&str> = lines.iter().map(|line| line[0]).collect();
        assert!(ids.len() < lines.len(), "duplicates in {}", which.file_name);
        assert!(lines.iter().any(|line| line[3].is_empty()), "open sessions in {}", which.file_name);
        assert!(lines.iter().any(|line| energy(line) == Some(0)), "failed starts in {}", which.file_name);
        assert!(lines.iter().any(|line| energy(line).is_some_and(|wh| wh < 0)), "negative in {}", which.file_name);
        absurd += lines.iter().filter(|line| energy(line).is_some_and(|wh| wh > 1_000_000)).count();
        let register = sample.register_csv(&which.operator);
        let known: HashSet<&str> = register.lines().filter_map(|line| line.split(',').next()).collect();
        unregistered += lines.iter().filter(|line| !known.contains(line[1])).count();
    }
    assert!(absurd > 0 && unregistered > 0, "{absurd} {unregistered}");
}

#[test]
fn an_unknown_operator_has_no_return_and_an_empty_register() {
    let sample = sample(Size::Small, 1);
    let mut which = sample.returns()[0].clone();
    which.operator = "gb-nobody".to_owned();
    assert!(written(&sample, &which).is_empty());
    assert_eq!(sample.register_csv("gb-nobody").lines().count(), 1);
}

/// Start, end and watt-hours of the ordinary rows of a `wh-epoch` file.
fn ordinary(file: &str) -> Vec<(i64, i64, i64)> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        Some((cells[2].parse().ok()?, cells[3].parse().ok()?, cells[4].parse().ok()?))
    };
    file.lines().skip(1).filter_map(row).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]
    #[test]
    fn whatever_the_seed_all_values_stay_in_range(seed in any::<u64>(), nth in 0_usize..8) {
        let sample = sample(Size::Small, seed);
        let returns: Vec<SampleReturn> =
            sample.returns().into_iter().filter(|which| which.operator == "gb-arw").collect();
        let which = &returns[nth % returns.len()];
        let zone = kerbwatt_model::Zone::london();
        let from = zone.start_of_day(which.period.first).as_second();
        let to = zone.start_of_day(which.period.last).as_second() + zone.seconds_in_day(which.period.last);
        for (start, end, energy) in ordinary(&text(&sample, which)) {
            prop_assert!((from..to).contains(&start));
            prop_assert!(start < end && end - start <= 5 * 86_400);
            prop_assert!((-10_000..=92_000).contains(&energy) || energy > 1_000_000);
        }
    }
}
