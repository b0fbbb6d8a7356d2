//! Fees as people write them, in whole files.

use kerbwatt_model::Flag;

use crate::read;

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
