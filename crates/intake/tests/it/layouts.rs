//! Each layout, in a few rows.

use kerbwatt_intake::{Profile, SessionReturn, read_register};
use kerbwatt_model::{CurrentType, Flag, OperatorId, Siting};

use crate::{read, read_as, read_by};

fn one(bytes: &[u8]) -> (SessionReturn, String) {
    let read = read(bytes).unwrap();
    let session = read.sessions.first().unwrap();
    let text = format!(
        "{} {} {} {}..{} {} kWh {:?} p",
        session.evse,
        session.device,
        session.connector.unwrap_or("-"),
        session.plug_in,
        session.plug_out,
        session.energy_kwh,
        session.fee_pence
    );
    (read, text)
}

#[test]
fn kerbwatts_own_layout_is_read_with_and_without_optional_columns() {
    let (read, text) =
        one(b"evse,plug_in,plug_out,energy_kwh\nE1,2024-03-01T08:15:00Z,2024-03-01T10:15:00+01:00,7.25\n");
    assert_eq!(text, "E1 E1 - 2024-03-01T08:15:00Z..2024-03-01T09:15:00Z 7.25 kWh None p");
    assert!(read.sessions.at(0).session_id.starts_with("h:"));
    assert_eq!(read.profile.name, "kerbwatt");
}

#[test]
fn decimal_commas_and_a_byte_order_mark_are_read() {
    let file = "\u{feff}Transaction ID;Charge point;Socket;Start time;End time;Energy (kWh);Amount (GBP);Card\r\n77;CP1;2;01/07/2024 08:15:00;01/07/2024 09:15:30;7,25;3,20;0001\r\n";
    let (read, text) = one(file.as_bytes());
    assert_eq!(text, "CP1*2 CP1 2 2024-07-01T07:15:00Z..2024-07-01T08:15:30Z 7.25 kWh Some(320.0) p");
    assert!(read.sessions.at(0).driver.is_some());
}

#[test]
fn epoch_seconds_and_watt_hours_are_read() {
    let (_, text) =
        one(b"id,evse_uid,start_epoch,end_epoch,energy_wh,cost_pence,user_id\n9,U1,1709280900,1709284500,7250,320,x\n");
    assert_eq!(text, "U1 U1 - 2024-03-01T08:15:00Z..2024-03-01T09:15:00Z 7.25 kWh Some(320.0) p");
}

#[test]
fn a_title_above_split_dates_and_a_total_below_are_read() {
    let mut file = b"Usage report\r\n\r\nCPID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Cost\r\nC7,1,01-03-24,08:15,01-03-24,09:15,7.25,".to_vec();
    file.extend(b"\xA33.20\r\nTotal,,,,,,7.25,\r\n");
    let (read, text) = one(&file);
    assert_eq!(text, "C7/1 C7 1 2024-03-01T08:15:00Z..2024-03-01T09:15:00Z 7.25 kWh Some(320.0) p");
    assert_eq!(read.totals.rows_read, 1);
    let told = read.findings.iter().find(|finding| finding.rule == "total_passed_over").unwrap();
    assert_eq!((told.count, told.examples[0].value.as_str()), (1, "Total"));
}

#[test]
fn the_night_in_which_the_clocks_change_is_read_and_flagged() {
    let header =
        "Charging event,CP ID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Cost,Site,Group,Model\n";
    let forward = format!("{header}1,50,1,25/03/2018,00:58,25/03/2018,02:27,5,0,,,\n");
    assert_eq!(read(forward.as_bytes()).unwrap().sessions.at(0).plugged_s(), 29 * 60);
    let back = format!("{header}1,50,1,28/10/2018,01:50,28/10/2018,01:10,2,0,,,\n");
    let read_back = read(back.as_bytes()).unwrap();
    let session = read_back.sessions.at(0);
    assert_eq!(session.plugged_s(), 20 * 60, "the second ten past one");
    assert!(session.has(Flag::ClockChange));
    let gone = format!("{header}1,50,1,25/03/2018,01:30,25/03/2018,03:00,5,0,,,\n");
    assert!(read(gone.as_bytes()).unwrap().sessions.at(0).has(Flag::ClockChange));
}

#[test]
fn an_end_of_charging_before_the_plug_was_in_counts_as_unknown_and_is_told() {
    let rows = "evse,plug_in,plug_out,charging_end,energy_kwh\n\
        E1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,2024-03-01T07:30:00Z,7\n\
        E2,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,2024-03-01T08:00:00Z,7\n\
        E3,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,2024-03-01T08:30:00Z,7\n";
    let read = read(rows.as_bytes()).unwrap();
    let ends: Vec<Option<i64>> = read.sessions.iter().map(|one| one.stay().charging_s()).collect();
    assert_eq!(ends, [None, Some(0), Some(1800)]);
    let told: Vec<(&str, u64, &str)> = read
        .findings
        .iter()
        .map(|finding| (finding.rule, finding.count, finding.examples[0].column.as_str()))
        .collect();
    assert_eq!(told, [("charged_before_plugged", 1, "charging_end")]);
    assert_eq!(read.totals.flagged, 1);
}

#[test]
fn energy_in_no_time_is_told_and_refused_where_no_minute_explains_it() {
    let row = |evse: &str, kwh: &str| format!("{evse},2024-03-01T08:00:00Z,2024-03-01T08:00:00Z,{kwh}\n");
    let rows = [row("E1", "0"), row("E2", "0.4"), row("E3", "5"), row("E4", "9"), row("E5", "900")].concat();
    let read = read(format!("evse,plug_in,plug_out,energy_kwh\n{rows}").as_bytes()).unwrap();
    let refused: Vec<(u64, &str)> = read.quarantined.iter().map(|row| (row.row, row.rule)).collect();
    assert_eq!(refused, [(4, "implausible_energy"), (5, "implausible_energy")]);
    let told: Vec<bool> = read.sessions.iter().map(|session| session.has(Flag::EnergyInNoTime)).collect();
    assert_eq!(told, [false, false, true]);
}

#[test]
fn whole_hours_may_leave_no_time_to_a_session() {
    let text = "kind='sessions'\nzone='UTC'\ntimes='rfc3339'\nduration='hours'\n\
        columns={device='cp',plug_in='start',duration='hours',energy='kwh'}\n";
    let rows = "cp,start,hours,kwh\nE1,2024-03-01T08:00:00Z,0,20\nE2,2024-03-01T08:00:00Z,0,900\n";
    let operator = OperatorId::parse("gb-tst").unwrap();
    let read = read_by(rows.as_bytes(), Profile::from_toml("hours", text).unwrap(), &operator);
    assert_eq!((read.totals.accepted, read.quarantined[0].rule), (1, "implausible_energy"));
    assert!(read.sessions.at(0).has(Flag::EnergyInNoTime));
}

#[test]
fn each_row_that_cannot_be_a_session_says_why() {
    let rows = "session_id,evse,plug_in,plug_out,energy_kwh,driver\n\
        a,E1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,7,card-1\n\
        b,,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,7,\n\
        c,E1,,2024-03-01T09:00:00Z,7,\n\
        d,E1,yesterday,2024-03-01T09:00:00Z,7,\n\
        e,E1,1970-01-01T00:00:00Z,2024-03-01T09:00:00Z,7,\n\
        f,E1,2024-03-01T08:00:00Z,,7,\n\
        g,E1,2024-03-01T08:00:00Z,later,7,\n\
        h,E1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,,\n\
        i,E1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,lots,\n\
        j,E1,2024-03-01T08:00:00Z,2024-03-01T07:00:00Z,7,\n\
        k,E1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,-7,\n\
        l,E1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,1430,\n\
        a,E1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,8,\n\
        a,E1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,7,other\n\
        a,E1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,7,card-1\n\
        m,E1,2024-03-01T08:00:00Z\n\
        n,E1,2024-03-01T08:00:00Z,2106-02-07T06:28:15Z,7,\n";
    let read = read(rows.as_bytes()).unwrap();
    let rules: Vec<(u64, &str)> = read.quarantined.iter().map(|row| (row.row, row.rule)).collect();
    assert_eq!(
        rules,
        [
            (2, "missing_id"),
            (3, "missing_start"),
            (4, "unreadable_start"),
            (5, "start_out_of_range"),
            (6, "open_session"),
            (7, "unreadable_end"),
            (8, "open_session"),
            (9, "unreadable_energy"),
            (10, "end_before_start"),
            (11, "negative_energy"),
            (12, "implausible_energy"),
            (13, "conflicting_session"),
            (16, "truncated_row"),
            (17, "end_out_of_range"),
        ]
    );
    assert_eq!(read.duplicates.iter().map(|row| (row.row, row.first_row)).collect::<Vec<_>>(), [(14, 1), (15, 1)]);
    assert!(read.quarantined.iter().all(|row| !row.advice.is_empty()));
    assert_eq!(&*read.quarantined[2].column, "plug_in");
    assert_eq!(&*read.quarantined[2].value, "yesterday");
}

#[test]
fn a_drivers_id_is_never_shown() {
    let rows =
        "session_id,evse,plug_in,plug_out,energy_kwh,driver\na,E1,RFID-SECRET,2024-03-01T09:00:00Z,7,RFID-SECRET\n";
    let read = read(rows.as_bytes()).unwrap();
    assert!(!format!("{read:?}").contains("RFID-SECRET"), "{read:?}");
}

#[test]
fn a_drivers_id_in_a_shifted_row_is_not_shown_even_if_it_is_named_only_later() {
    let rows = "session_id,evse,plug_in,plug_out,energy_kwh,driver\n\
        a,E1,RFID-SECRET,2024-03-01T09:00:00Z,7,\n\
        b,E1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,7,RFID-SECRET\n";
    let read = read(rows.as_bytes()).unwrap();
    assert_eq!((read.quarantined[0].rule, &*read.quarantined[0].value), ("unreadable_start", "(hidden)"));
    assert!(!format!("{read:?}").contains("RFID-SECRET"), "{read:?}");
}

#[test]
fn a_quote_that_is_never_closed_does_not_take_rows_with_it_in_silence() {
    let rows = "session_id,evse,plug_in,plug_out,energy_kwh,driver\n\
        a,E1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,7,\"x\n\
        b,E1,2024-03-02T08:00:00Z,2024-03-02T09:00:00Z,7,y\n\
        c,E1,2024-03-03T08:00:00Z,2024-03-03T09:00:00Z,7,z\n";
    let unclosed = read(rows.as_bytes()).unwrap();
    let shown: Vec<(&str, &str)> = unclosed.quarantined.iter().map(|row| (row.rule, &*row.value)).collect();
    assert_eq!(shown, [("unclosed_quote", "2 rows below it not read")]);
    let harmless = rows.replace("\"x\n", "\"x\ny\"\n");
    assert_eq!(read(harmless.as_bytes()).unwrap().totals.accepted, 3);
    let as_many_commas = rows.replace("\"x\n", "\"1, High Street, Dundee\nDD1, Scotland, UK\"\n");
    assert_eq!(read(as_many_commas.as_bytes()).unwrap().totals.accepted, 3, "an address on two lines");
}

#[test]
fn a_quote_early_in_a_row_is_named_as_what_it_is_and_not_as_a_row_cut_short() {
    let rows: String =
        (1..=9).map(|at| format!("s{at},E1,2024-03-0{at}T08:00:00Z,2024-03-0{at}T09:00:00Z,7,y\n")).collect();
    let text = format!("session_id,evse,plug_in,plug_out,energy_kwh,driver\n{}", rows.replace("s3,E1", "s3,\"E1"));
    let unclosed = read(text.as_bytes()).unwrap();
    let shown: Vec<(u64, &str, &str)> =
        unclosed.quarantined.iter().map(|row| (row.row, row.rule, &*row.value)).collect();
    assert_eq!((unclosed.totals.accepted, shown), (2, vec![(3, "unclosed_quote", "6 rows below it not read")]));
}

#[test]
fn rows_outside_the_declared_period_are_flagged() {
    let rows = b"evse,plug_in,plug_out,energy_kwh\nE1,2024-03-01T08:15:00Z,2024-03-01T09:15:00Z,7\nE1,2024-04-01T08:15:00Z,2024-04-01T09:15:00Z,7\n";
    let read = read_as(rows, None, Some("2024-03")).unwrap();
    let flagged: Vec<bool> = read.sessions.iter().map(|session| session.has(Flag::OutsidePeriod)).collect();
    assert_eq!(flagged, [false, true]);
}

#[test]
fn kerbwatts_own_register_is_read() {
    let rows = "evse,device,location,location_name,address,postcode,latitude,longitude,siting,rated_kw,current,connectors,commissioned,decommissioned\n\
        E1,D1,L1,Long Lane car park,1 Long Lane,E1 1AA,51.5,-0.1,car_park,50,dc,ccs chademo,2020-05-01,\n";
    let read = read_register(rows.as_bytes(), "r.csv", None).unwrap();
    let entry = &read.entries[0];
    assert_eq!((entry.siting, entry.current, entry.rated_kw), (Siting::CarPark, Some(CurrentType::Dc), Some(50.0)));
    assert_eq!(entry.connectors, ["ccs", "chademo"]);
    assert_eq!(entry.commissioned.unwrap().to_string(), "2020-05-01");
}

#[test]
fn a_register_says_who_owns_a_charge_point_and_what_paid_for_it_where_it_has_the_columns() {
    let rows = "evse,device,location,latitude,longitude,rated_kw,owner_borough,funding_scheme\n\
        E1,D1,L1,51.5,-0.1,7,Camden,ORCS\nE2,D1,L1,51.5,-0.1,7,,n/a\n";
    let read = read_register(rows.as_bytes(), "r.csv", None).unwrap();
    let of = |at: usize| (read.entries[at].owner_borough.as_deref(), read.entries[at].funding_scheme.as_deref());
    assert_eq!((of(0), of(1)), ((Some("Camden"), Some("ORCS")), (None, None)));
}
