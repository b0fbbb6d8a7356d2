//! What OCPI says of a session beside its times and its energy: its status, and credits.

use kerbwatt_intake::{Declared, Kind, NoRegister, Profile, SessionReturn, fields, read_sessions};
use kerbwatt_model::{OperatorId, Period};
use proptest::prelude::*;

use crate::{declared, read, read_by};

/// A session on the given day of March, with more fields, such as its status.
fn session(id: &str, day: u32, more: &str) -> String {
    format!(
        r#"{{"id":"{id}","start_date_time":"2024-03-{day:02}T08:00:00Z","kwh":9.5,"evse_uid":"E1","location_id":"L1",
        "cdr_token":{{"uid":"card-{day}"}},"currency":"GBP"{more}}}"#
    )
}

/// The end of a session of two hours.
fn ended(day: u32) -> String {
    format!(r#","end_date_time":"2024-03-{day:02}T10:00:00Z""#)
}

fn status(day: u32, status: &str) -> String {
    format!(r#"{},"status":"{status}""#, ended(day))
}

/// A charge detail record on the given day of March.
struct Cdr {
    id: &'static str,
    session: Option<&'static str>,
    day: u32,
    kwh: f64,
    cost: f64,
    credits: Option<&'static str>,
}

impl Cdr {
    const PLAIN: Self = Self { id: "C1", session: Some("S1"), day: 1, kwh: 9.5, cost: 4.75, credits: None };

    fn json(&self) -> String {
        let Self { id, session, day, kwh, cost, credits } = self;
        let session = session.map(|session| format!(r#","session_id":"{session}""#)).unwrap_or_default();
        let credits =
            credits.map(|record| format!(r#","credit":true,"credit_reference_id":"{record}""#)).unwrap_or_default();
        format!(
            r#"{{"id":"{id}"{session},"start_date_time":"2024-03-{day:02}T08:00:00Z","end_date_time":"2024-03-{day:02}T10:00:00Z",
            "total_energy":{kwh},"cdr_location":{{"id":"L1","evse_uid":"E1","connector_id":"1"}},"cdr_token":{{"uid":"card"}},
            "currency":"GBP","total_cost":{{"excl_vat":{},"incl_vat":{cost}}}{credits}}}"#,
            cost / 1.2
        )
    }
}

fn of(objects: &[String]) -> SessionReturn {
    read(format!("[{}]", objects.join(",")).as_bytes()).unwrap()
}

fn of_cdrs(cdrs: &[Cdr]) -> SessionReturn {
    let read = of(&cdrs.iter().map(Cdr::json).collect::<Vec<_>>());
    let (totals, energy) = (read.totals, read.totals.energy_kwh);
    assert_eq!(totals.rows_read, totals.accepted + totals.quarantined + totals.duplicates);
    assert!((energy.read - energy.accepted - energy.quarantined - energy.duplicates).abs() < 1e-9);
    read
}

/// Row, rule, column and value of each row that is kept apart.
fn apart(read: &SessionReturn) -> Vec<(u64, &str, &str, &str)> {
    read.quarantined.iter().map(|row| (row.row, row.rule, &*row.column, &*row.value)).collect()
}

/// Session and energy of each row that counts.
fn counted(read: &SessionReturn) -> Vec<(String, f64)> {
    read.sessions.iter().map(|session| (session.session_id.to_owned(), session.energy_kwh)).collect()
}

#[test]
fn only_sessions_that_were_and_are_over_count() {
    let read = of(&[
        session("s1", 1, &status(1, "COMPLETED")),
        session("s2", 2, &status(2, "INVALID")),
        session("s3", 3, &status(3, "reservation")),
        session("s4", 4, &status(4, "ACTIVE")),
        session("s5", 5, &status(5, "PENDING")),
        session("s6", 6, r#","status":"ACTIVE""#),
        session("s7", 7, r#","status":"INVALID""#),
        session("s8", 8, &ended(8)),
        session("s9", 9, &status(9, "SOMETHING_NEW")),
    ]);
    let ids: Vec<&str> = read.sessions.iter().map(|session| session.session_id).collect();
    assert_eq!(ids, ["s1", "s8", "s9"]);
    assert_eq!(
        apart(&read),
        [
            (2, "invalid_session", "status", "INVALID"),
            (3, "reservation", "status", "reservation"),
            (4, "open_session", "status", "ACTIVE"),
            (5, "open_session", "status", "PENDING"),
            (6, "open_session", "end_date_time", ""),
            (7, "invalid_session", "status", "INVALID"),
        ]
    );
    assert!((read.totals.energy_kwh.quarantined - 6.0 * 9.5).abs() < 1e-9);
}

#[test]
fn a_session_that_ended_after_it_was_sent_open_counts_once() {
    let read = of(&[session("s1", 1, &status(1, "ACTIVE")), session("s1", 1, &status(1, "COMPLETED"))]);
    assert_eq!(counted(&read), [("s1".to_owned(), 9.5)]);
    assert_eq!(apart(&read).len(), 1);
}

#[test]
fn a_status_in_words_of_an_operator_is_told_by_its_layout() {
    assert!(fields(Kind::Sessions).iter().any(|field| field.id == "status"));
    let layout = "kind='sessions'\nzone='UTC'\ntimes='rfc3339'\n[columns]\nevse='p'\nplug_in='a'\nplug_out='b'\nenergy='kwh'\n\
        status='state'\n[values.status]\nfailed='INVALID'\n";
    let file = "p,a,b,kwh,state\n1,2024-03-01T08:00:00Z,2024-03-01T10:00:00Z,9,Failed\n1,2024-03-02T08:00:00Z,2024-03-02T10:00:00Z,9,Fine\n";
    let layout = Profile::from_toml("own", layout).unwrap();
    let read = read_by(file.as_bytes(), layout, &OperatorId::parse("gb-tst").unwrap());
    assert_eq!(apart(&read), [(1, "invalid_session", "state", "INVALID")]);
    assert_eq!(read.totals.accepted, 1);
}

#[test]
fn a_record_and_its_credit_come_to_nothing_and_what_corrects_it_counts() {
    let credit = Cdr { id: "C1-C", cost: -4.75, credits: Some("c1"), ..Cdr::PLAIN };
    let corrected = Cdr { id: "C2", kwh: 7.5, cost: 3.75, ..Cdr::PLAIN };
    let read = of_cdrs(&[Cdr::PLAIN, credit, corrected]);
    assert_eq!(counted(&read), [("S1".to_owned(), 7.5)]);
    assert_eq!(
        apart(&read),
        [
            (1, "credited_record", "cdr_id", "credited by C1-C (row 2)"),
            (2, "credit_record", "credits", "credits c1 (session S1)"),
        ]
    );
    assert_eq!(read.findings.iter().filter(|finding| finding.rule.contains("conflict")).count(), 0);
}

#[test]
fn a_credit_is_found_wherever_it_stands_and_whatever_its_signs() {
    let signs = [(9.5, 4.75), (9.5, -4.75), (-9.5, -4.75)];
    for (kwh, cost) in signs {
        for session in [Some("S1"), None] {
            let plain = || Cdr { session, ..Cdr::PLAIN };
            let credit = || Cdr { id: "C1-C", kwh, cost, credits: Some("C1"), ..plain() };
            let other = || Cdr { id: "C5", session: Some("S5"), day: 5, ..Cdr::PLAIN };
            for cdrs in [[plain(), credit(), other()], [credit(), other(), plain()], [other(), credit(), plain()]] {
                let read = of_cdrs(&cdrs);
                assert_eq!(counted(&read), [("S5".to_owned(), 9.5)], "{kwh} {cost} {session:?}");
                assert_eq!(read.totals.quarantined, 2);
            }
        }
    }
}

#[test]
fn a_credit_alone_is_no_session_and_names_the_one_that_it_takes_back() {
    let credit = Cdr { id: "C1-C", cost: -4.75, credits: Some("C1"), ..Cdr::PLAIN };
    let read = of_cdrs(&[credit, Cdr { id: "C5", session: Some("S5"), day: 5, ..Cdr::PLAIN }]);
    assert_eq!(apart(&read), [(1, "credit_of_other_return", "credits", "credits C1 (session S1)")]);
    assert_eq!(counted(&read), [("S5".to_owned(), 9.5)]);
    assert!(read.quarantined[0].advice.contains("corrects it"));
}

#[test]
fn a_credit_that_is_sent_twice_is_one() {
    let credit = || Cdr { id: "C1-C", cost: -4.75, credits: Some("C1"), ..Cdr::PLAIN };
    let read = of_cdrs(&[Cdr::PLAIN, credit(), credit()]);
    assert_eq!((read.totals.accepted, read.totals.quarantined, read.totals.duplicates), (0, 2, 1));
}

proptest! {
    #[test]
    fn records_without_credits_are_read_as_if_there_were_none(days in prop::collection::vec((1u32..28, any::<bool>()), 1..20)) {
        let with = |more: &str| {
            let rows = days.iter().enumerate().map(|(at, (day, has_end))| {
                let end = if *has_end { ended(*day) } else { String::new() };
                session(&format!("s{at}"), *day, &format!("{end}{more}")).replace("\"kwh\"", "\"total_energy\"")
            });
            let operator = OperatorId::parse("gb-tst").unwrap();
            let period = Some(Period::parse("2024-03").unwrap());
            let text = format!("[{}]", rows.collect::<Vec<_>>().join(","));
            read_sessions(text.as_bytes(), &Declared { period, ..declared(&operator) }, &NoRegister).unwrap()
        };
        let plain = with("");
        for more in [r#","credit":false"#, r#","credit":null,"credit_reference_id":"s0""#, r#","credit":false,"credit_reference_id":"s1""#] {
            let other = with(more);
            prop_assert_eq!(counted(&other), counted(&plain));
            prop_assert_eq!(apart(&other), apart(&plain));
        }
    }

    #[test]
    fn of_many_records_those_that_are_credited_are_left_out_and_no_others(credited in prop::collection::vec(any::<bool>(), 1..24), first in any::<bool>()) {
        let name = |at: usize| -> &'static str { ["C0","C1","C2","C3","C4","C5","C6","C7","C8","C9","D0","D1","D2","D3","D4","D5","D6","D7","D8","D9","E0","E1","E2","E3"][at] };
        let day = |at: usize| u32::try_from(at).unwrap() + 1;
        let record = |at: usize| Cdr { id: name(at), session: Some(name(at)), day: day(at), ..Cdr::PLAIN };
        let credits = credited.iter().enumerate().filter(|(_, is_credited)| **is_credited);
        let credits = credits.map(|(at, _)| Cdr { id: "X", cost: -1.0, credits: Some(name(at)), ..record(at) });
        let records = (0..credited.len()).map(record);
        let all: Vec<Cdr> = if first { credits.chain(records).collect() } else { records.chain(credits).collect() };
        let read = of_cdrs(&all);
        let left: Vec<&str> = read.sessions.iter().map(|session| session.session_id).collect();
        let wanted: Vec<&str> = credited.iter().enumerate().filter(|(_, is_credited)| !**is_credited).map(|(at, _)| name(at)).collect();
        prop_assert_eq!(left, wanted);
    }
}
