//! Layouts that mislead, and layouts that others publish.

use jiff::ToSpan;
use kerbwatt_intake::{Kind, Profile, propose};
use kerbwatt_model::OperatorId;

use crate::invented::{Layout, at};
use crate::read_by;

/// Layouts with words that are in no list, or that mislead.
pub(crate) fn odd() -> Vec<Layout> {
    vec![
        Layout {
            name: "Polish",
            delimiter: ";",
            columns: vec![
                ("Stacja", |t| t.post.clone(), Some("device")),
                ("Rozpoczęcie", |t| at("%Y-%m-%d %H:%M", t.from), Some("plug_in")),
                ("Zakończenie", |t| at("%Y-%m-%d %H:%M", t.to), Some("plug_out")),
                ("Pobrano", |t| t.kwh.to_string().replace('.', ","), Some("energy")),
                ("Użytkownik", |t| t.card.clone(), None),
            ],
        },
        Layout {
            name: "letters for headers",
            delimiter: ",",
            columns: vec![
                ("A", |t| t.card.clone(), None),
                ("B", |t| t.post.clone(), Some("device")),
                ("C", |t| at("%d/%m/%Y %H:%M", t.to), Some("plug_out")),
                ("D", |t| at("%d/%m/%Y %H:%M", t.from), Some("plug_in")),
                ("E", |t| t.kwh.to_string(), Some("energy")),
            ],
        },
        Layout {
            name: "two energies",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                ("Start", |t| at("%Y-%m-%dT%H:%M:%SZ", t.from), Some("plug_in")),
                ("End", |t| at("%Y-%m-%dT%H:%M:%SZ", t.to), Some("plug_out")),
                ("Energy A (kWh)", |t| t.kwh.to_string(), Some("energy")),
                ("Energy B (kWh)", |t| (t.kwh * 1.3).to_string(), None),
            ],
        },
        Layout {
            name: "headers of start and end swapped",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                ("End", |t| at("%Y-%m-%dT%H:%M:%SZ", t.from), Some("plug_in")),
                ("Start", |t| at("%Y-%m-%dT%H:%M:%SZ", t.to), Some("plug_out")),
                ("kWh", |t| t.kwh.to_string(), Some("energy")),
            ],
        },
        Layout {
            name: "watt-hours called kilowatt-hours",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                ("Start", |t| at("%Y-%m-%dT%H:%M:%SZ", t.from), Some("plug_in")),
                ("End", |t| at("%Y-%m-%dT%H:%M:%SZ", t.to), Some("plug_out")),
                ("kWh", |t| (t.kwh * 1000.0).round().to_string(), Some("energy")),
            ],
        },
        Layout {
            name: "only days up to the twelfth",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                (
                    "Start",
                    |t| at("%d/03/%Y %H:%M", t.from.with().day(t.from.day() % 12 + 1).build().unwrap()),
                    Some("plug_in"),
                ),
                ("Minutes", |t| t.minutes().to_string(), Some("duration")),
                ("kWh", |t| t.kwh.to_string(), Some("energy")),
            ],
        },
        Layout {
            name: "years of two digits in front",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                ("Start", |t| at("%y-%m-%d %H:%M", t.from), Some("plug_in")),
                ("End", |t| at("%y-%m-%d %H:%M", t.to), Some("plug_out")),
                ("kWh", |t| t.kwh.to_string(), Some("energy")),
            ],
        },
        Layout {
            name: "created and exported, but no start",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                ("Created at", |t| at("%Y-%m-%dT%H:%M:%SZ", t.to), None),
                ("Exported at", |t| at("%Y-%m-%dT%H:%M:%SZ", t.to + 3.hours()), None),
                ("kWh", |t| t.kwh.to_string(), Some("energy")),
            ],
        },
        Layout {
            name: "meter readings instead of energy",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                ("Start", |t| at("%Y-%m-%dT%H:%M:%SZ", t.from), Some("plug_in")),
                ("End", |t| at("%Y-%m-%dT%H:%M:%SZ", t.to), Some("plug_out")),
                ("Meter start (kWh)", |t| (1200.0 + f64::from(t.from.day())).to_string(), None),
                ("Meter stop (kWh)", |t| (1200.0 + f64::from(t.from.day()) + t.kwh).to_string(), None),
            ],
        },
        Layout {
            name: "a card number where a charger is expected",
            delimiter: ",",
            columns: vec![
                ("Post code", |_| "E1 1AA".into(), None),
                ("Membre", |t| t.card.clone(), None),
                ("Start", |t| at("%Y-%m-%dT%H:%M:%SZ", t.from), Some("plug_in")),
                ("End", |t| at("%Y-%m-%dT%H:%M:%SZ", t.to), Some("plug_out")),
                ("kWh", |t| t.kwh.to_string(), Some("energy")),
            ],
        },
        Layout {
            name: "euros",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                ("Start", |t| at("%Y-%m-%dT%H:%M:%SZ", t.from), Some("plug_in")),
                ("End", |t| at("%Y-%m-%dT%H:%M:%SZ", t.to), Some("plug_out")),
                ("kWh", |t| t.kwh.to_string(), Some("energy")),
                ("Amount", |t| format!("{:.2}", t.pounds), None),
                ("Currency", |_| "EUR".into(), None),
            ],
        },
        Layout {
            name: "one date for start and end",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                ("Date", |t| at("%d/%m/%Y", t.from), Some("plug_in")),
                ("Start time", |t| at("%H:%M", t.from), Some("plug_in_time")),
                ("End time", |t| at("%H:%M", t.to), Some("plug_out_time")),
                ("kWh", |t| t.kwh.to_string(), Some("energy")),
            ],
        },
    ]
}

/// Layouts that others publish, none of which was looked at when words were chosen.
pub(crate) fn published() -> Vec<Layout> {
    vec![
        Layout {
            name: "ElaadNL",
            delimiter: ",",
            columns: vec![
                ("TransactionId", |t| t.id.clone(), Some("session_id")),
                ("ChargePoint", |t| t.post.clone(), Some("device")),
                ("Connector", |t| t.socket.to_string(), Some("connector")),
                ("UTCTransactionStart", |t| at("%Y-%m-%d %H:%M:%S", t.from), Some("plug_in")),
                ("UTCTransactionStop", |t| at("%Y-%m-%d %H:%M:%S", t.to), Some("plug_out")),
                ("StartCard", |t| t.card.clone(), Some("driver")),
                ("ConnectedTime", |t| format!("{:.4}", t.minutes() as f64 / 60.0), Some("duration")),
                ("ChargeTime", |t| format!("{:.4}", t.charged_min as f64 / 60.0), Some("charging_duration")),
                ("TotalEnergy", |t| t.kwh.to_string(), Some("energy")),
                ("MaxPower", |_| "11.2".into(), None),
            ],
        },
        Layout {
            name: "a travel log",
            delimiter: ",",
            columns: vec![
                ("charging_network", |_| "Net".into(), None),
                ("session_id", |t| t.id.clone(), Some("session_id")),
                ("location_name", |_| "Long Lane".into(), None),
                ("location_address", |_| "1 Long Lane".into(), None),
                ("charger_id", |t| t.post.clone(), Some("device")),
                ("energy_transferred", |t| t.kwh.to_string(), Some("energy")),
                ("end_state_of_charge", |_| "81.2".into(), None),
                ("max_charging_rate", |_| "224".into(), None),
                ("start_date", |t| at("%Y-%m-%d %H:%M:%S", t.from), Some("plug_in")),
                ("end_date", |t| at("%Y-%m-%d %H:%M:%S", t.to), Some("plug_out")),
                (
                    "charge_duration",
                    |t| format!("{:02}:{:02}:00", t.charged_min / 60, t.charged_min % 60),
                    Some("charging_duration"),
                ),
                ("total_duration", |t| format!("{:02}:{:02}:00", t.minutes() / 60, t.minutes() % 60), Some("duration")),
                ("base_charging_cost", |t| format!("{:.2}", t.pounds), None),
                ("sales_tax_cost", |_| "1.20".into(), None),
                ("total_cost", |t| format!("{:.2}", t.pounds), Some("fee")),
                ("currency", |_| "GBP".into(), None),
            ],
        },
        Layout {
            name: "evprof",
            delimiter: ",",
            columns: vec![
                ("Session", |t| t.id.clone(), Some("session_id")),
                ("ConnectionStartDateTime", |t| at("%Y-%m-%dT%H:%M:%SZ", t.from), Some("plug_in")),
                ("ConnectionEndDateTime", |t| at("%Y-%m-%dT%H:%M:%SZ", t.to), Some("plug_out")),
                ("ChargingStartDateTime", |t| at("%Y-%m-%dT%H:%M:%SZ", t.from), None),
                (
                    "ChargingEndDateTime",
                    |t| at("%Y-%m-%dT%H:%M:%SZ", t.from + t.charged_min.minutes()),
                    Some("charging_end"),
                ),
                ("Power", |_| "3.7".into(), None),
                ("Energy", |t| t.kwh.to_string(), Some("energy")),
                ("ConnectionHours", |t| format!("{:.4}", t.minutes() as f64 / 60.0), Some("duration")),
                ("ChargingHours", |t| format!("{:.4}", t.charged_min as f64 / 60.0), Some("charging_duration")),
                ("ChargingStation", |t| t.post.clone(), Some("device")),
                ("Socket", |t| t.socket.to_string(), Some("connector")),
            ],
        },
        Layout {
            name: "workplaces in the United States",
            delimiter: ",",
            columns: vec![
                ("sessionId", |t| t.id.clone(), Some("session_id")),
                ("kwhTotal", |t| t.kwh.to_string(), Some("energy")),
                ("dollars", |t| format!("{:.2}", t.pounds), None),
                ("created", |t| at("%Y-%m-%d %H:%M:%S", t.from), None),
                ("ended", |t| at("%Y-%m-%d %H:%M:%S", t.to), Some("plug_out")),
                ("startTime", |t| t.from.hour().to_string(), None),
                ("endTime", |t| t.to.hour().to_string(), None),
                ("chargeTimeHrs", |t| format!("{:.4}", t.minutes() as f64 / 60.0), Some("duration")),
                ("weekday", |t| at("%a", t.from), None),
                ("userId", |t| t.card.clone(), Some("driver")),
                ("stationId", |t| t.post.clone(), Some("device")),
                ("locationId", |_| "17".into(), None),
            ],
        },
        Layout {
            name: "a synthetic city",
            delimiter: ",",
            columns: vec![
                ("session_id", |t| format!("EV_{}", t.id), Some("session_id")),
                ("charger_id", |t| format!("CH_{}", t.post), Some("device")),
                ("location_type", |_| "Retail".into(), None),
                ("timestamp", |t| at("%Y-%m-%dT%H:%M:%SZ", t.from), Some("plug_in")),
                ("energy_delivered_kwh", |t| t.kwh.to_string(), Some("energy")),
                ("peak_power_kw", |_| "50".into(), None),
                ("duration_minutes", |t| t.minutes().to_string(), Some("duration")),
                ("vehicle_battery_capacity_kwh", |_| "75".into(), None),
                ("ambient_temp_c", |_| "4.2".into(), None),
                ("user_membership_type", |_| "Premium".into(), None),
            ],
        },
        Layout {
            name: "garages in Trondheim",
            delimiter: ";",
            columns: vec![
                ("session_ID", |t| t.id.clone(), Some("session_id")),
                ("Garage_ID", |t| t.post.clone(), Some("device")),
                ("User_ID", |t| t.card.clone(), Some("driver")),
                ("User_type", |_| "Private".into(), None),
                ("Start_plugin", |t| at("%d.%m.%Y %H:%M", t.from), Some("plug_in")),
                ("Start_plugin_hour", |t| t.from.hour().to_string(), None),
                ("End_plugout", |t| at("%d.%m.%Y %H:%M", t.to), Some("plug_out")),
                ("End_plugout_hour", |t| t.to.hour().to_string(), None),
                ("El_kWh", |t| t.kwh.to_string().replace('.', ","), Some("energy")),
                ("Duration_hours", |t| format!("{:.4}", t.minutes() as f64 / 60.0).replace('.', ","), Some("duration")),
                ("month_plugin", |t| at("%b", t.from), None),
            ],
        },
        Layout {
            name: "Dutch",
            delimiter: ";",
            columns: vec![
                ("Transactie ID", |t| t.id.clone(), Some("session_id")),
                ("Laadpaal", |t| t.post.clone(), Some("device")),
                ("Starttijd", |t| at("%d-%m-%Y %H:%M", t.from), Some("plug_in")),
                ("Eindtijd", |t| at("%d-%m-%Y %H:%M", t.to), Some("plug_out")),
                ("Volume (kWh)", |t| t.kwh.to_string().replace('.', ","), Some("energy")),
                ("Laadpas", |t| t.card.clone(), None),
                ("Bedrag", |t| format!("{:.2}", t.pounds).replace('.', ","), None),
            ],
        },
        Layout {
            name: "Spanish",
            delimiter: ";",
            columns: vec![
                ("Punto de recarga", |t| t.post.clone(), Some("device")),
                ("Inicio", |t| at("%d/%m/%Y %H:%M:%S", t.from), Some("plug_in")),
                ("Fin", |t| at("%d/%m/%Y %H:%M:%S", t.to), Some("plug_out")),
                ("Energía (kWh)", |t| t.kwh.to_string().replace('.', ","), Some("energy")),
                ("Tarjeta", |t| t.card.clone(), None),
            ],
        },
    ]
}

/// A header in which two names stand twice and two columns have none, and five rows.
fn of_repeated_names() -> String {
    let rows: String =
        (1..=9).map(|at| format!("0{at}/06/2024,08:0{at},0{at}/06/2024,09:3{at},{at}.5,C{},,\n", at % 3)).collect();
    format!("Date,Time,Date,Time,kWh,CP,,\n{rows}")
}

#[test]
fn a_layout_whose_header_has_a_name_twice_reads_both_columns_and_not_the_first_one_twice() {
    let text = of_repeated_names();
    let proposal = propose(text.as_bytes(), Kind::Sessions).unwrap();
    let names: Vec<&str> = proposal.columns.iter().map(|column| column.column.as_str()).collect();
    assert_eq!(names, ["Date", "Time", "Date (2)", "Time (2)", "kWh", "CP", "column 7", "column 8"]);
    let layout = "kind='sessions'\nzone='Europe/London'\ntimes='day_first'\n[columns]\ndevice='CP'\nenergy='kWh'\n\
        plug_in='Date'\nplug_in_time='Time'\nplug_out='Date (2)'\nplug_out_time='Time (2)'\n";
    let operator = OperatorId::parse("gb-tst").unwrap();
    let read = read_by(text.as_bytes(), Profile::from_toml("twice", layout).unwrap(), &operator);
    let lengths: Vec<i64> = read.sessions.iter().map(|session| session.plugged_s() / 60).collect();
    assert_eq!(lengths, [90; 9]);
    let first_twice = layout.replace(" (2)", "");
    assert!(Profile::from_toml("twice", &first_twice).unwrap_err().to_string().contains("“Time (2)”"));
}
