//! Known layouts whose dates are written in another way than they say: proposed, and never accepted on wrong days.

use jiff::civil::Date;
use kerbwatt_intake::{Declared, NoRegister, Profile, Proposal, Refusal, RepairKind, SessionReturn, read_sessions};
use kerbwatt_model::{OperatorId, day_of_number};
use proptest::prelude::*;

use crate::{declared, read, read_by, read_repaired};

const DUNDEE: &str =
    "Charging event,CP ID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Cost,Site,Group,Model";
const PERTH: &str = "_id,CP ID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Site,Model";
const BOULDER: &str = "Station Name,Station Address,City,State/Province,Postal Code,Transaction Date,Transaction Start Time,\
    Charging Time (minutes),Energy (kWh),GHG Savings (kg),Gasoline Savings (gallons),Port Type";
const EV_CHART: &str = "station_id,network_provider,port_id,charger_id,session_id,connector_id,session_start,session_end,\
    session_error,error_other,energy_kwh,power_kw,payment_method,payment_other";
const ATLAS: &str = "session_id,station_id,port_number,plug_start_datetime,plug_end_datetime,charge_start_datetime,\
    session_duration,charging_duration,energy_kwh,peak_kw,total_fee_charged,user_id";

fn dundee(days: &[String]) -> String {
    let row =
        |(at, day): (usize, &String)| format!("{at},5{},1,{day},08:{:02},{day},12:00,7.5,0,,,\n", at % 7, at % 60);
    format!("{DUNDEE}\n{}", days.iter().enumerate().map(row).collect::<String>())
}

fn perth(days: &[String]) -> String {
    let row = |(at, day): (usize, &String)| format!("{at},5{},1,{day},08:{:02},{day},12:00,7.5,,\n", at % 7, at % 60);
    format!("{PERTH}\n{}", days.iter().enumerate().map(row).collect::<String>())
}

fn boulder(days: &[String]) -> String {
    let row = |(at, day): (usize, &String)| format!("C{},,,,,{day},8:{:02},100,9.5,,,\n", at % 7, at % 60);
    format!("{BOULDER}\n{}", days.iter().enumerate().map(row).collect::<String>())
}

/// Days of a quarter from 1 March 2018, some of each, in an order of their own.
fn days(count: i64) -> Vec<Date> {
    (0..count).map(|at| day_of_number(17_591 + at * 37 % 90)).collect()
}

fn written(days: &[Date], format: &str) -> Vec<String> {
    days.iter().map(|day| day.strftime(format).to_string()).collect()
}

fn proposing(text: &str) -> Result<SessionReturn, Refusal> {
    let operator = OperatorId::parse("gb-tst").unwrap();
    read_sessions(text.as_bytes(), &Declared { propose: true, ..declared(&operator) }, &NoRegister)
}

fn proposal(text: &str) -> (Proposal, String) {
    let refusal = proposing(text).unwrap_err();
    let says = format!("{refusal}. {}", refusal.advice());
    match refusal {
        Refusal::UnknownLayout { proposal: Some(proposal), .. } => (*proposal, says),
        other => unreachable!("{other:?}"),
    }
}

/// Days of accepted sessions that are none of the right ones of their row.
fn wrong(read: &SessionReturn, days: &[Date]) -> usize {
    let day = |session: &kerbwatt_model::Session<'_>| read.zone.day(session.plug_in);
    read.sessions.iter().filter(|session| day(session) != days[usize::try_from(session.row).unwrap() - 1]).count()
}

fn reads_as_proposed(text: &str, proposal: Proposal, days: &[Date]) {
    let operator = OperatorId::parse("gb-tst").unwrap();
    assert!(!proposal.certain && proposal.missing.is_empty(), "{proposal:?}");
    let read = read_by(text.as_bytes(), proposal.profile, &operator);
    assert_eq!((read.totals.accepted as usize, wrong(&read, days)), (days.len(), 0), "{:?}", read.quarantined.first());
}

#[test]
fn a_known_layout_with_the_month_first_is_proposed_and_read_only_when_that_is_confirmed() {
    let days = days(200);
    let month_first = written(&days, "%-m/%-d/%Y");
    for (text, name) in [(dundee(&month_first), "dundee-2017"), (perth(&month_first), "perth-and-kinross")] {
        let (proposal, says) = proposal(&text);
        assert!(says.contains(name) && says.contains("the month first"), "{says}");
        assert!(!says.contains("no known layout"), "{says}");
        reads_as_proposed(&text, proposal, &days);
    }
}

#[test]
fn dates_that_are_far_below_the_first_rows_show_the_order_all_the_same() {
    // The first rows are of the first days of a month, so that they fit both orders.
    let days: Vec<Date> = (0..4_000).map(|at| day_of_number(17_591 + at / 250)).collect();
    let text = dundee(&written(&days, "%m/%d/%Y"));
    let (proposal, says) = proposal(&text);
    assert!(says.contains("03/13/2018") && says.contains("row 3001") && says.contains("none contradicts"), "{says}");
    reads_as_proposed(&text, proposal, &days);
}

#[test]
fn dates_in_the_other_order_are_not_accepted_when_the_layout_is_named_or_nothing_may_be_proposed() {
    let days = days(200);
    for (text, rule) in [
        (dundee(&written(&days, "%m/%d/%Y")), "other_date_order"),
        (perth(&written(&days, "%m/%d/%Y")), "unreadable_start"),
    ] {
        for repairs in [&[][..], &RepairKind::ALL] {
            let read = read_repaired(text.as_bytes(), None, repairs).unwrap();
            assert_eq!(wrong(&read, &days), 0);
            assert!(read.quarantined.iter().any(|row| row.rule == rule));
            assert!(read.sessions.iter().all(|session| {
                let day = read.zone.day(session.plug_in);
                i16::from(day.day()) == i16::from(day.month())
            }));
        }
    }
}

#[test]
fn a_layout_with_the_month_first_whose_dates_have_the_day_first_is_proposed_too() {
    let days = days(200);
    let operator = OperatorId::parse("gb-tst").unwrap();
    let text = "kind='sessions'\nzone='Europe/London'\ntimes='month_first'\n[columns]\ndevice='CP'\nplug_in='From'\nplug_out='To'\nenergy='Energy'\n";
    let own = [Profile::from_toml("mine", text).unwrap()];
    let rows: String = written(&days, "%d.%m.%Y").iter().map(|day| format!("C1,{day} 08:00,{day} 09:00,7\n")).collect();
    let file = format!("CP,From,To,Energy\n{rows}");
    let declared = Declared { propose: true, own: &own, ..declared(&operator) };
    let refusal = read_sessions(file.as_bytes(), &declared, &NoRegister).unwrap_err();
    assert!(refusal.to_string().contains("the day first"), "{refusal}");
}

#[test]
fn a_layout_with_both_orders_goes_by_the_dates_that_show_theirs() {
    let days = days(200);
    let read = read(boulder(&written(&days, "%-m/%-d/%Y")).as_bytes()).unwrap();
    assert_eq!((read.profile.name.as_str(), read.totals.accepted, wrong(&read, &days)), ("boulder", 200, 0));
}

#[test]
fn dates_that_a_spreadsheet_changed_in_layouts_of_instants_are_proposed() {
    let days = days(60);
    let ev_chart = |format: &str| {
        let row = |(at, day): (usize, &String)| {
            format!("S,net,P{},1,s{at},c1,{day} 8:05,{day} 9:35,,,24.01,150.2,card,\n", at % 5)
        };
        format!("{EV_CHART}\n{}", written(&days, format).iter().enumerate().map(row).collect::<String>())
    };
    let atlas = |format: &str| {
        let row = |(at, day): (usize, &String)| {
            format!("s{at},ST1,{},{day} 8:05,{day} 9:35,,01:30:00,01:00:00,6.5,7.2,2.50,u1\n", at % 5)
        };
        format!("{ATLAS}\n{}", written(&days, format).iter().enumerate().map(row).collect::<String>())
    };
    for text in [ev_chart("%m/%d/%Y"), ev_chart("%d/%m/%Y"), ev_chart("%Y-%m-%d"), atlas("%m/%d/%Y"), atlas("%d/%m/%Y")]
    {
        let (proposal, says) = proposal(&text);
        assert!(says.contains("2024-03-31T08:15:00Z"), "what is expected: {says}");
        reads_as_proposed(&text, proposal, &days);
    }
}

#[test]
fn our_own_header_with_dates_as_people_write_them_says_what_is_expected_and_what_was_found() {
    let text = "evse,plug_in,plug_out,energy_kwh\nE1,13/03/2024 08:15,13/03/2024 09:15,7\nE1,2/3/2024 08:15,2/3/2024 09:15,7\n";
    let (_, says) = proposal(text);
    for part in ["kerbwatt", "the day first", "“13/03/2024 08:15”", "2024-03-31T08:15:00Z"] {
        assert!(says.contains(part), "{part}: {says}");
    }
    let unclear = text.replace("13/03", "12/03");
    assert!(proposal(&unclear).1.contains("no date shows whether the day or the month comes first"));
}

#[test]
fn what_is_shown_of_a_start_that_is_none_names_nobody() {
    let rows = "E1,13/03/2024 08:15,13/03/2024 09:15,7\n".repeat(20);
    let text = format!("evse,plug_in,plug_out,energy_kwh\nE1,Jane Marker 7,x,7\n{rows}");
    assert!(!format!("{:?}", proposing(&text).unwrap_err()).contains("Marker"));
}

proptest! {
    /// Files as their layout says, with a few wrong dates: read as before, and never proposed otherwise.
    #[test]
    fn a_right_file_is_read_as_its_layout_says(count in 30i64..300, first in 17_000i64..19_000, span in 25i64..700, seed in any::<i64>()) {
        let days: Vec<Date> = (0..count).map(|at| day_of_number(first + (seed.wrapping_mul(at + 1) >> 7).rem_euclid(span))).collect();
        let text = dundee(&written(&days, "%d/%m/%Y"));
        let read = proposing(&text).unwrap();
        prop_assert_eq!((read.totals.accepted as i64, wrong(&read, &days)), (count, 0));
    }

    #[test]
    fn month_first_dates_are_never_accepted_on_wrong_days_where_one_shows_the_order(count in 2i64..200, first in 17_000i64..19_000, span in 1i64..400, seed in any::<i64>()) {
        let mut days: Vec<Date> = (0..count).map(|at| day_of_number(first + (seed.wrapping_mul(at + 1) >> 7).rem_euclid(span))).collect();
        days.push(Date::new(2018, 3, 17).unwrap());
        let text = dundee(&written(&days, "%m/%d/%Y"));
        prop_assert!(proposing(&text).is_err());
        prop_assert_eq!(wrong(&read(text.as_bytes()).unwrap(), &days), 0);
    }
}
