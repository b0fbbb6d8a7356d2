//! Limits that are set, in whole files.

use kerbwatt_intake::{Declared, Limits, NoRegister, RepairKind, SessionReturn, Thresholds, read_sessions};
use kerbwatt_model::{Flag, OperatorId};

use crate::declared;

const FILE: &str = "session_id,evse,plug_in,plug_out,energy_kwh\n\
    a,E1,2024-01-01T08:00:00Z,2024-01-04T08:00:00Z,30\n\
    b,E2,2024-01-01T08:00:00Z,2024-01-01T08:00:50Z,0.2\n\
    c,E3,2024-01-01T08:00:00Z,2024-01-01T10:00:00Z,1100\n";

fn read_within(set: &[(&str, f64)]) -> SessionReturn {
    let mut limits = Limits::default();
    set.iter().for_each(|(name, value)| limits.set(name, *value).unwrap());
    let operator = OperatorId::parse("gb-tst").unwrap();
    let declared = Declared { thresholds: Thresholds::default().with(&limits), ..declared(&operator) };
    read_sessions(FILE.as_bytes(), &declared, &NoRegister).unwrap()
}

/// Rules found, each with its first limit.
fn found(read: &SessionReturn) -> Vec<(&str, Option<f64>)> {
    read.findings.iter().map(|finding| (finding.rule, finding.limits.first().map(|limit| limit.value))).collect()
}

#[test]
fn each_finding_says_the_limit_that_it_was_found_by() {
    let usual = read_within(&[]);
    assert_eq!(
        found(&usual),
        [
            ("implausible_energy", Some(1000.0)),
            ("long_stay", Some(2880.0)),
            ("under_one_minute", Some(60.0)),
            ("failed_start", None),
            ("low_energy", Some(0.5)),
        ]
    );
    assert_eq!(usual.findings[1].limits.len(), 3, "it differs between power bands");
}

#[test]
fn what_was_set_decides_what_is_found_and_is_said() {
    let set = read_within(&[("long_stay_min", 4320.0), ("short_stay_s", 30.0), ("low_energy_kwh", 0.1)]);
    assert_eq!(found(&set), [("implausible_energy", Some(1000.0)), ("failed_start", None)]);
    let stricter = read_within(&[("long_stay_min", 60.0), ("impossible_kwh", 50.0), ("impossible_kw", 25.0)]);
    assert!(found(&stricter).contains(&("long_stay", Some(60.0))));
    assert!(stricter.sessions.iter().any(|session| session.has(Flag::LongStay)));
    let lenient = read_within(&[("impossible_kwh", 2000.0), ("impossible_kw", 600.0)]);
    assert_eq!((lenient.totals.accepted, lenient.totals.quarantined), (3, 0));
    assert!(found(&lenient).contains(&("high_energy", Some(250.0))));
}

#[test]
fn watt_hours_are_found_also_where_a_limit_lets_such_energies_pass() {
    let mut text = "session_id,evse,plug_in,plug_out,energy_kwh\n".to_owned();
    for number in 0..120u32 {
        let (day, wh) = (1 + number % 28, 6_000 + number * 137 % 20_000);
        text += &format!("s{number},E{},2024-01-{day:02}T08:00:00Z,2024-01-{day:02}T12:00:00Z,{wh}\n", number % 9);
    }
    let read = |limits: &[(&str, f64)]| {
        let mut set = Limits::default();
        limits.iter().for_each(|(name, value)| set.set(name, *value).unwrap());
        let thresholds = Thresholds::default().with(&set);
        let operator = OperatorId::parse("gb-tst").unwrap();
        let declared = Declared { thresholds, ..declared(&operator) };
        read_sessions(text.as_bytes(), &declared, &NoRegister).unwrap()
    };
    let (usual, lenient) = (read(&[]), read(&[("impossible_kwh", 100_000.0), ("impossible_kw", 10_000.0)]));
    assert_eq!((usual.totals.accepted, lenient.totals.accepted), (0, 120));
    assert_eq!((usual.repairs.len(), lenient.repairs.len()), (1, 1));
}

/// Charges of an hour or more, of so many kWh and up to 300 more, as of lorries at a depot.
fn depot(least: u32) -> String {
    let mut text = "session_id,evse,plug_in,plug_out,energy_kwh\n".to_owned();
    for number in 0..120u32 {
        let (day, kwh, minute) = (1 + number % 28, least + number * 37 % 300, number * 7 % 30);
        text += &format!(
            "s{number},E{},2024-01-{day:02}T08:00:00Z,2024-01-{day:02}T09:{minute:02}:00Z,{kwh}\n",
            number % 9
        );
    }
    text
}

#[test]
fn lorries_are_never_divided_by_a_thousand_before_or_after_their_limits_are_raised() {
    let operator = OperatorId::parse("gb-tst").unwrap();
    let read = |text: &str, limits: &[(&str, f64)]| {
        let mut set = Limits::default();
        limits.iter().for_each(|(name, value)| set.set(name, *value).unwrap());
        let thresholds = Thresholds::default().with(&set);
        let declared = Declared { thresholds, repairs: &RepairKind::ALL, ..declared(&operator) };
        read_sessions(text.as_bytes(), &declared, &NoRegister).unwrap()
    };
    let raised = [("impossible_kwh", 5_000.0), ("impossible_kw", 2_000.0)];
    let (before, after) = (read(&depot(1_100), &[]), read(&depot(1_100), &raised));
    assert!(before.applied.is_empty() && before.repairs.iter().all(|repair| !repair.provable), "{:#?}", before.repairs);
    assert!(after.applied.is_empty() && after.repairs.is_empty(), "{:#?}", after.repairs);
    assert_eq!((before.totals.quarantined, after.totals.accepted), (120, 120));
    let lowered = [("impossible_kwh", 50.0), ("impossible_kw", 25.0)];
    let cars = read(&depot(60), &lowered);
    assert!(cars.applied.is_empty() && cars.repairs.is_empty(), "{:#?}", cars.repairs);
    // Beyond any limit they are watt-hours still.
    assert_eq!(read(&depot(12_000), &raised).applied.len(), 1);
}

#[test]
fn an_id_that_is_too_long_to_be_one_is_set_aside_with_the_start_of_it() {
    let row = |id: &str, evse: &str| format!("{id},{evse},2024-01-01T08:00:00Z,2024-01-01T09:00:00Z,7\n");
    let long = "E".repeat(256);
    let rows = [row("a", &long), row(&long, "E1"), row("b", &long[1..]), row("c", "E2")].concat();
    let read = crate::read(format!("session_id,evse,plug_in,plug_out,energy_kwh\n{rows}").as_bytes()).unwrap();
    let told: Vec<(u64, &str, &str)> =
        read.quarantined.iter().map(|row| (row.row, row.rule, row.column.as_ref())).collect();
    assert_eq!(told, [(1, "long_id", "evse"), (2, "long_id", "session_id")]);
    assert!(read.quarantined.iter().all(|row| row.value.len() <= 120));
    assert_eq!((read.totals.accepted, read.totals.energy_kwh.quarantined.to_bits()), (2, 14f64.to_bits()));
}
