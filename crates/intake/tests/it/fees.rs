//! Fees as people write them, in whole files.

use kerbwatt_intake::{Kind, Profile, propose};
use kerbwatt_model::{Flag, OperatorId};
use proptest::prelude::*;

use crate::{read, read_by};

fn file(fees: &[&str]) -> String {
    let row = |(at, fee): (usize, &&str)| {
        format!("s{at},E1,2024-03-{:02}T08:00:00Z,2024-03-{:02}T10:00:00Z,9.5,\"{fee}\",card{at}\n", at + 1, at + 1)
    };
    let rows: String = fees.iter().enumerate().map(row).collect();
    format!("session_id,evse,plug_in,plug_out,energy_kwh,fee_pence,driver\n{rows}")
}

#[test]
fn a_fee_that_cannot_be_read_is_unknown_and_told() {
    let fees =
        ["113", "1.13 GBP", "GBP1.13", "1.13£", "", "n/a", "-", "1,13", "garbage", "€1.13", "1.13 EUR", "$2", "-50"];
    let read = read(file(&fees).as_bytes()).unwrap();
    assert_eq!(read.totals.accepted, 13);
    let pence: Vec<Option<i64>> = read.sessions.iter().map(|s| s.fee_pence.map(|fee| fee.round() as i64)).collect();
    let known = [Some(113); 4];
    assert_eq!(pence[..4], known);
    assert_eq!(pence[4..], [None, None, None, None, None, None, None, None, Some(-50)]);
    let found = |rule: &str| {
        let finding = read.findings.iter().find(|finding| finding.rule == rule).unwrap();
        let shown =
            finding.examples.iter().map(|example| (example.row, example.column.as_str(), example.value.as_str()));
        shown.collect::<Vec<_>>()
    };
    assert_eq!(found("unreadable_fee"), [(8, "fee_pence", "1,13"), (9, "fee_pence", "(hidden)")]);
    assert_eq!(
        found("other_currency"),
        [(10, "fee_pence", "€1.13 (euros)"), (11, "fee_pence", "1.13 EUR (euros)"), (12, "fee_pence", "$2 (dollars)"),]
    );
    assert_eq!(found("negative_fee"), [(13, "fee_pence", "-50 pence")]);
    assert_eq!(read.totals.flagged, 6);
    assert!(read.sessions.at(8).has(Flag::UnreadableFee) && !read.sessions.at(4).has(Flag::UnreadableFee));
}

#[test]
fn a_drivers_id_among_the_fees_is_not_shown() {
    let read = read(file(&["card1", "113"]).as_bytes()).unwrap();
    let finding = read.findings.iter().find(|finding| finding.rule == "unreadable_fee").unwrap();
    assert_eq!(finding.examples[0].value, "(hidden)");
}

/// Fees as read from cells with and without VAT, by a layout that says more or nothing of VAT; pence.
fn by_layout(more: &str, cells: &[(String, String)]) -> Vec<Option<f64>> {
    let layout = format!(
        "kind='sessions'\nzone='UTC'\ntimes='rfc3339'\nfee='pounds'\n{more}\n[columns]\nevse='p'\nplug_in='a'\nplug_out='b'\n\
         energy='kwh'\nfee='gross'\nfee_net='net'\n"
    );
    let row = |(at, (gross, net)): (usize, &(String, String))| {
        format!("{at},2024-03-01T08:00:00Z,2024-03-01T10:00:00Z,9.5,{gross},{net}\n")
    };
    let rows: String = cells.iter().enumerate().map(row).collect();
    let file = format!("p,a,b,kwh,gross,net\n{rows}");
    let layout = Profile::from_toml("own", &layout).unwrap();
    let read = read_by(file.as_bytes(), layout, &OperatorId::parse("gb-tst").unwrap());
    assert_eq!(read.sessions.len(), cells.len());
    read.sessions.iter().map(|session| session.fee_pence).collect()
}

fn cells(cells: &[(&str, &str)]) -> Vec<(String, String)> {
    cells.iter().map(|(gross, net)| ((*gross).to_owned(), (*net).to_owned())).collect()
}

#[test]
fn vat_is_added_to_a_fee_without_it_where_none_with_it_stands() {
    let of = |more: &str| -> Vec<Option<i64>> {
        let written = [
            ("6", "5"),
            ("", "5"),
            ("-", "5"),
            ("n/a", "500p"),
            ("6", ""),
            ("", ""),
            ("", "5 EUR"),
            ("", "0"),
            ("", "-5"),
        ];
        by_layout(more, &cells(&written)).into_iter().map(|fee| fee.map(|pence| pence.round() as i64)).collect()
    };
    let rest = [Some(600), None, None, Some(0)];
    let at = |net: i64| {
        let nets = [Some(600), Some(net), Some(net), Some(net)];
        [&nets[..], &rest[..], &[Some(-net)]].concat()
    };
    assert_eq!(of(""), at(600), "20 % where nothing is said");
    assert_eq!(of("vat_percent=5"), at(525));
    assert_eq!(of("vat_percent=0.0"), at(500));
}

#[test]
fn costs_of_ocpi_count_with_vat_in_every_version() {
    let pence = |cost: &str| {
        let text = format!(
            r#"[{{"id":"s1","start_date_time":"2024-03-01T08:00:00Z","end_date_time":"2024-03-01T10:00:00Z","kwh":9.5,"evse_uid":"E1",
            "location_id":"L1","currency":"GBP","status":"COMPLETED","total_cost":{cost}}}]"#
        );
        read(text.as_bytes()).unwrap().sessions.at(0).fee_pence.map(|fee| fee.round() as i64)
    };
    for cost in [
        "5",
        r#"{"excl_vat":5}"#,
        r#"{"excl_vat":5,"incl_vat":6}"#,
        r#"{"before_taxes":5}"#,
        r#"{"before_taxes":5,"taxes":[{"name":"VAT","amount":1}]}"#,
    ] {
        assert_eq!(pence(cost), Some(600), "{cost}");
    }
    assert_eq!(pence(r#"{"excl_vat":5,"incl_vat":5.25}"#), Some(525), "what is stated goes before the rate");
}

#[test]
fn headers_say_whether_vat_is_in() {
    let found = |headers: &[&str]| {
        let fees = |at: usize| -> String {
            headers
                .iter()
                .map(|header| {
                    let net =
                        header.contains("ex") || header.to_lowercase().contains("net") || header.contains("without");
                    let pounds = (3.0 + f64::from(u32::try_from(at).unwrap()) / 7.0) * if net { 0.5 } else { 0.6 };
                    format!(",{pounds:.2}")
                })
                .collect()
        };
        let row = |at: usize| {
            let (day, kwh) = (at % 28 + 1, 7.0 + f64::from(u32::try_from(at).unwrap()) / 3.0);
            format!("CP{},2024-03-{day:02} 08:{:02},2024-03-{day:02} 10:30,{kwh:.3}{}\n", at % 5, at % 60, fees(at))
        };
        let text =
            format!("Charge point,Start,End,kWh,{}\n{}", headers.join(","), (0..60).map(row).collect::<String>());
        let proposal = propose(text.as_bytes(), Kind::Sessions).unwrap();
        let columns = proposal
            .columns
            .into_iter()
            .filter(|column| column.field.as_deref().is_some_and(|id| id.starts_with("fee")));
        columns.map(|column| (column.field.unwrap_or_default(), column.column)).collect::<Vec<_>>()
    };
    for (headers, field, header) in [
        (&["Amount"][..], "fee", "Amount"),
        (&["Amount (ex VAT)"], "fee_net", "Amount (ex VAT)"),
        (&["Cost excl. VAT (£)"], "fee_net", "Cost excl. VAT (£)"),
        (&["Net amount"], "fee_net", "Net amount"),
        (&["NetAmount"], "fee_net", "NetAmount"),
        (&["Fee without tax"], "fee_net", "Fee without tax"),
        (&["Cost (inc VAT)"], "fee", "Cost (inc VAT)"),
        (&["Total incl. VAT"], "fee", "Total incl. VAT"),
        (&["Gross amount"], "fee", "Gross amount"),
        (&["Net amount", "VAT", "Gross amount"], "fee", "Gross amount"),
        (&["Cost ex VAT", "Cost inc VAT"], "fee", "Cost inc VAT"),
        (&["Amount ex VAT", "VAT amount"], "fee_net", "Amount ex VAT"),
    ] {
        assert_eq!(found(headers), [(field.to_owned(), header.to_owned())], "{headers:?}");
    }
    assert_eq!(found(&["VAT"]), [], "a tax is no fee");
    assert_eq!(found(&["Cost", "Amount"]), [], "nobody knows which");
}

proptest! {
    #[test]
    fn what_is_reported_without_vat_counts_as_what_is_reported_with_it(
        nets in prop::collection::vec(1u32..100_000, 1..12),
        percent in prop::sample::select(vec![0u32, 5, 19, 20, 25]),
    ) {
        let pounds = |pence: f64| format!("{:.6}", pence / 100.0);
        let with = |gross: bool| -> Vec<(String, String)> {
            let factor = 1.0 + f64::from(percent) / 100.0;
            let of = |net: &u32| if gross { (pounds(f64::from(*net) * factor), String::new()) } else { (String::new(), pounds(f64::from(*net))) };
            nets.iter().map(of).collect()
        };
        let more = format!("vat_percent={percent}");
        for (net, gross) in by_layout(&more, &with(false)).into_iter().zip(by_layout(&more, &with(true))) {
            prop_assert!((net.unwrap() - gross.unwrap()).abs() < 1e-3, "{:?} {:?}", net, gross);
        }
    }
}
