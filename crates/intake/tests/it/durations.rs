//! Durations beside start and end, in whole files.

use kerbwatt_intake::{SessionReturn, Thresholds};
use kerbwatt_model::Flag;

use crate::read;

const HEADER: &str = "CP ID,Connector,Start,End,Duration,Consum(kWh),Amount\n";

fn found(read: &SessionReturn) -> Vec<u64> {
    let flagged = read.sessions.iter().filter(|session| session.has(Flag::DurationDiffers)).map(|session| session.row);
    let flagged: Vec<u64> = flagged.collect();
    let told = read.findings.iter().find(|finding| finding.rule == "duration_differs").map_or(0, |found| found.count);
    assert_eq!(told, flagged.len() as u64);
    flagged
}

/// Sessions of two hours from ten o'clock, with the duration that each claims.
fn days(month: &str, durations: &[&str]) -> String {
    let row = |(at, duration): (usize, &&str)| {
        format!("5{at},1,{:02}/{month} 10:00,{:02}/{month} 12:00,{duration},9,0\n", at % 26 + 1, at % 26 + 1)
    };
    HEADER.to_owned() + &durations.iter().enumerate().map(row).collect::<String>()
}

#[test]
fn a_duration_that_contradicts_the_clock_is_told_and_rounding_is_not() {
    let file = days("06/2018", &["2:00:00", "2:15:00", "1:45:00", "2:01:00", "5:00:00", "0:20:00", "2:00:00"]);
    let read = read(file.as_bytes()).unwrap();
    assert_eq!(found(&read), [5, 6]);
    let finding = read.findings.iter().find(|finding| finding.rule == "duration_differs").unwrap();
    assert_eq!(finding.limits[0].value, Thresholds::default().duration_differs_min);
    assert_eq!(
        (finding.examples[0].column.as_str(), finding.examples[0].value.as_str()),
        ("Duration", "beside 120 min from start to end")
    );
    assert_eq!(read.totals.flagged, 2);
}

#[test]
fn a_column_of_charging_times_does_not_flood_the_return() {
    let mut durations = vec!["1:10:00"; 60];
    durations.extend(["2:00:00"; 20]);
    durations.push("9:00:00");
    assert_eq!(found(&read(days("06/2018", &durations).as_bytes()).unwrap()), [81]);
}

#[test]
fn an_hour_is_no_contradiction_in_a_night_in_which_the_clocks_change() {
    let usual = days("10/2018", &["2:00:00"; 26]);
    let nights = "50,1,28/10/2018 00:30,28/10/2018 03:30,3:00:00,3,0\n51,1,28/10/2018 00:30,28/10/2018 03:30,4:00:00,3,0\n\
        52,1,28/10/2018 00:30,28/10/2018 03:30,9:00:00,3,0\n53,1,26/10/2018 00:30,26/10/2018 03:30,4:00:00,3,0\n";
    assert_eq!(found(&read((usual + nights).as_bytes()).unwrap()), [29, 30]);
}

#[test]
fn durations_settle_a_night_of_changing_clocks_in_a_file_of_few_rows() {
    let header = "SDR ID,CP ID,Connector,Start time,End time,Duration,Consumed,Amt\n";
    let nights = "1,50001,1,28/10/2018 00:30,28/10/2018 01:30,02:00:00,5,0\n2,50002,1,28/10/2018 01:30,28/10/2018 02:30,01:00:00,5,0\n";
    let stays = |text: String| -> Vec<(String, i64)> {
        let read = read(text.as_bytes()).unwrap();
        let stay = |one: kerbwatt_model::Session<'_>| {
            (one.plug_in.to_string(), one.plug_out.as_second() - one.plug_in.as_second())
        };
        read.sessions.iter().map(stay).collect()
    };
    let settled = [("2018-10-27T23:30:00Z".to_owned(), 7200), ("2018-10-28T01:30:00Z".to_owned(), 3600)];
    assert_eq!(stays(format!("{header}{nights}")), settled);
    let other = "3,50003,1,20/10/2018 08:00,20/10/2018 10:00,02:00:00,5,0\n";
    assert_eq!(stays(format!("{header}{nights}{other}"))[..2], settled);
    // Durations of something else settle nothing.
    let charging = "3,50003,1,20/10/2018 08:00,20/10/2018 10:00,00:20:00,5,0\n";
    assert_ne!(stays(format!("{header}{nights}{charging}"))[..2], settled);
}
