//! OCPI 2.1.1, 2.2.1 and 2.3.0: sessions and charge detail records (CDRs), each in one set of columns whatever the version.
//!
//! Instants are UTC in OCPI, with or without a `Z`. Money is in major units; only pounds become a fee, with VAT where it is
//! known, and else without.

use std::borrow::Cow;

use super::Cells;
use super::node::Node;

/// Columns of sessions.
pub(super) const SESSION: [&str; 14] = [
    "id",
    "start_date_time",
    "end_date_time",
    "kwh",
    "evse_uid",
    "connector_id",
    "location_id",
    "total_cost",
    "total_cost_excl_vat",
    "total_cost_other_currency",
    "currency",
    "driver",
    "status",
    "last_updated",
];

/// Columns of CDRs.
pub(super) const CDR: [&str; 16] = [
    "session_id",
    "cdr_id",
    "start_date_time",
    "end_date_time",
    "total_energy",
    "evse_uid",
    "connector_id",
    "location_id",
    "total_cost",
    "total_cost_excl_vat",
    "total_cost_other_currency",
    "currency",
    "driver",
    "credit",
    "credits",
    "last_updated",
];

/// Stands for the record that a credit cancels, where it does not say which.
const UNKNOWN_RECORD: &str = "unknown";

/// A session as a row.
pub(super) fn session(node: &Node) -> Cells<'_> {
    let mut cells = Vec::with_capacity(SESSION.len());
    put(&mut cells, "id", node.text(&["id"]));
    put(&mut cells, "kwh", node.text(&["kwh"]));
    put(&mut cells, "status", node.text(&["status"]));
    alike(&mut cells, node);
    cells
}

/// A CDR as a row. One that names no session has its own id instead, so that it is still counted once.
pub(super) fn cdr(node: &Node) -> Cells<'_> {
    let mut cells = Vec::with_capacity(CDR.len());
    put(&mut cells, "session_id", node.text(&["session_id"]).or_else(|| node.text(&["id"])));
    put(&mut cells, "cdr_id", node.text(&["id"]));
    put(&mut cells, "total_energy", node.text(&["total_energy"]));
    put(&mut cells, "credit", node.text(&["credit"]));
    // The flag decides: a record that only names another may be what was sent in its place.
    if node.text(&["credit"]).is_some_and(|credit| credit.eq_ignore_ascii_case("true")) {
        put(&mut cells, "credits", node.text(&["credit_reference_id"]).or(Some(UNKNOWN_RECORD)));
    }
    alike(&mut cells, node);
    cells
}

fn put<'n>(cells: &mut Cells<'n>, column: &'static str, value: Option<&'n str>) {
    cells.extend(value.map(|value| (column, Cow::Borrowed(value))));
}

/// What sessions and CDRs have alike.
fn alike<'n>(cells: &mut Cells<'n>, node: &'n Node) {
    let first = |paths: &[&[&str]]| paths.iter().find_map(|path| node.text(path));
    let start = first(&[&["start_date_time"], &["start_datetime"]]);
    let end = first(&[&["end_date_time"], &["end_datetime"], &["stop_date_time"]]);
    cells.extend(start.map(|start| ("start_date_time", utc(start))));
    cells.extend(end.map(|end| ("end_date_time", utc(end))));
    cells.extend(node.text(&["last_updated"]).map(|at| ("last_updated", utc(at))));
    // In 2.1.1 the whole location is there, with the one EVSE and the one connector that served.
    let evse = [
        &["evse_uid"][..],
        &["cdr_location", "evse_uid"],
        &["location", "evses", "uid"],
        &["evse_id"],
        &["cdr_location", "evse_id"],
        &["location", "evses", "evse_id"],
    ];
    put(cells, "evse_uid", first(&evse));
    let connector =
        [&["connector_id"][..], &["cdr_location", "connector_id"], &["location", "evses", "connectors", "id"]];
    put(cells, "connector_id", first(&connector));
    put(cells, "location_id", first(&[&["location_id"], &["cdr_location", "id"], &["location", "id"]]));
    put(cells, "driver", first(&[&["cdr_token", "uid"], &["auth_id"], &["cdr_token", "contract_id"]]));
    put(cells, "currency", node.text(&["currency"]));
    let is_pounds = node.text(&["currency"]).is_none_or(|currency| currency.eq_ignore_ascii_case("GBP"));
    cells.extend(cost(node).map(|cost| match cost {
        Cost::Gross(gross) => (if is_pounds { "total_cost" } else { "total_cost_other_currency" }, gross),
        Cost::Net(net) => (if is_pounds { "total_cost_excl_vat" } else { "total_cost_other_currency" }, net),
    }));
}

/// A cost with or without VAT.
enum Cost<'n> {
    Gross(Cow<'n, str>),
    Net(Cow<'n, str>),
}

/// The cost with VAT where it is given: `incl_vat` (2.2.1), or `before_taxes` and a list of taxes (2.3.0). A bare number is without
/// (2.1.1: “total cost (excluding VAT)”).
fn cost(node: &Node) -> Option<Cost<'_>> {
    let cost = node.at(&["total_cost"])?;
    if let Some(gross) = cost.text(&["incl_vat"]) {
        return Some(Cost::Gross(gross.into()));
    }
    let net = cost.text(&[]).or_else(|| cost.text(&["before_taxes"])).or_else(|| cost.text(&["excl_vat"]))?;
    let taxes: Vec<f64> = cost.items("taxes").iter().filter_map(|tax| tax.number(&["amount"])).collect();
    let Some(before) = cost.number(&["before_taxes"]).filter(|_| !taxes.is_empty()) else {
        return Some(Cost::Net(net.into()));
    };
    // Sums of decimals end in noise; money has four places at most.
    let total = ((before + taxes.iter().sum::<f64>()) * 10_000.0).round() / 10_000.0;
    Some(Cost::Gross(total.to_string().into()))
}

/// An instant of OCPI with its `Z`, where it has neither that nor an offset.
pub(super) fn utc(text: &str) -> Cow<'_, str> {
    let clock = text.split_once(['T', 't', ' ']).map(|(_, clock)| clock);
    match clock {
        Some(clock) if !clock.contains(['Z', 'z', '+', '-']) => format!("{}Z", text.trim()).into(),
        _ => text.into(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use crate::formats::json::to_text;

    fn row(text: &str) -> String {
        to_text(text).unwrap().lines().nth(1).unwrap().to_owned()
    }

    #[test]
    fn sessions_of_every_version_have_the_same_columns() {
        let of_2_1_1 = r#"[{"id":"s1","start_datetime":"2024-03-01T08:15:00","end_datetime":"2024-03-01T09:15:00Z","kwh":7.25,
            "auth_id":"card-1","location":{"id":"L1","evses":[{"uid":"E1","connectors":[{"id":"1","voltage":400}]}]},
            "currency":"GBP","total_cost":3.20,"status":"COMPLETED"}]"#;
        let of_2_2_1 = r#"[{"id":"s1","start_date_time":"2024-03-01T08:15:00Z","end_date_time":"2024-03-01T09:15:00Z","kwh":"7.25",
            "cdr_token":{"uid":"card-1","type":"RFID"},"location_id":"L1","evse_uid":"E1","connector_id":1,
            "currency":"GBP","total_cost":{"excl_vat":2.67,"incl_vat":3.2},"status":"COMPLETED"}]"#;
        let of_2_3_0 = of_2_2_1.replace(
            r#"{"excl_vat":2.67,"incl_vat":3.2}"#,
            r#"{"before_taxes":2.67,"taxes":[{"name":"VAT","amount":0.53}]}"#,
        );
        let wanted = "s1,2024-03-01T08:15:00Z,2024-03-01T09:15:00Z,7.25,E1,1,L1,3.2,,,GBP,card-1,COMPLETED,";
        assert_eq!(row(of_2_1_1), wanted.replace(",3.2,,", ",,3.2,"), "without VAT");
        assert_eq!(row(of_2_2_1), wanted);
        assert_eq!(row(&of_2_3_0), wanted);
    }

    #[test]
    fn a_cdr_is_known_by_its_session() {
        let cdr = r#"[{"id":"c9","session_id":"s1","start_date_time":"2024-03-01T08:15:00Z","end_date_time":"2024-03-01T09:15:00Z",
            "total_energy":7.25,"cdr_location":{"id":"L1","evse_uid":"E1","evse_id":"GB*T*E1","connector_id":"1"},
            "cdr_token":{"uid":"card-1"},"currency":"EUR","total_cost":{"excl_vat":3}}]"#;
        assert_eq!(row(cdr), "s1,c9,2024-03-01T08:15:00Z,2024-03-01T09:15:00Z,7.25,E1,1,L1,,,3,EUR,card-1,,,");
        let of_2_1_1 = r#"[{"id":"c9","start_date_time":"2024-03-01T08:15:00Z","stop_date_time":"2024-03-01T09:15:00Z",
            "total_energy":7.25,"auth_id":"card-1","location":{"id":"L1","evses":[{"uid":"E1"}]},"currency":"GBP","total_cost":3}]"#;
        assert_eq!(row(of_2_1_1), "c9,c9,2024-03-01T08:15:00Z,2024-03-01T09:15:00Z,7.25,E1,,L1,,3,,GBP,card-1,,,");
    }

    #[test]
    fn a_cost_is_with_vat_where_that_is_known() {
        for (cost, columns) in [
            ("3.2", ",3.2,"),
            (r#"{"excl_vat":2.5}"#, ",2.5,"),
            (r#"{"excl_vat":2.5,"incl_vat":3}"#, "3,,"),
            (r#"{"before_taxes":2.5}"#, ",2.5,"),
            (r#"{"before_taxes":2.5,"taxes":[]}"#, ",2.5,"),
            (r#"{"before_taxes":2.5,"taxes":[{"name":"VAT","amount":0.4},{"name":"Levy","amount":0.1}]}"#, "3,,"),
            (r#"{"before_taxes":2.5,"taxes":[{"name":"VAT","amount":0}]}"#, "2.5,,"),
        ] {
            let text = format!(r#"[{{"id":"s","start_date_time":"x","kwh":1,"currency":"gbp","total_cost":{cost}}}]"#);
            assert!(row(&text).ends_with(&format!(",1,,,,{columns},gbp,,,")), "{cost}: {}", row(&text));
        }
    }

    #[test]
    fn a_credit_names_the_record_that_it_cancels() {
        let cdr = |more: &str| {
            let text = format!(
                r#"[{{"id":"c9-C","session_id":"s1","start_date_time":"2024-03-01T08:15:00Z","total_energy":7.25{more}}}]"#
            );
            row(&text)
        };
        let reference = r#","credit_reference_id":"c9""#;
        for (more, credit) in [
            (format!(r#","credit":true{reference}"#), "true,c9,"),
            (format!(r#","credit":"TRUE"{reference}"#), "TRUE,c9,"),
            (r#","credit":true"#.to_owned(), "true,unknown,"),
            (format!(r#","credit":false{reference}"#), "false,,"),
            (reference.to_owned(), ",,"),
        ] {
            assert!(cdr(&more).ends_with(&format!(",{credit}")), "{more}: {}", cdr(&more));
        }
    }
}
