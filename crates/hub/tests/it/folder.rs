//! Small returns and registers, and a folder to put them in.

use std::fmt::Write as _;
use std::path::Path;

use jiff::Timestamp;
use kerbwatt_hub::{Answer, Hub, NewReturn, Submitted, Verdict};
use kerbwatt_model::{OperatorId, Period, Query, Viewer};

pub(crate) const ACCEPT: Verdict = Verdict::Accept { over_sessions: false };

pub(crate) fn at() -> Timestamp {
    "2024-07-01T09:00:00Z".parse().unwrap()
}

pub(crate) fn operator(id: &str) -> OperatorId {
    OperatorId::parse(id).unwrap()
}

pub(crate) async fn writer(dir: &Path) -> Hub {
    Hub::open_for_writing(dir, "test").await.unwrap()
}

/// `count` sessions from the first of a month on, seven hours apart, over `evses` charge points; ids begin with `tag`.
pub(crate) fn csv(tag: &str, month: &str, count: u32, evses: u32) -> Vec<u8> {
    let first: Timestamp = format!("{month}-01T00:10:00Z").parse().unwrap();
    let mut text =
        "session_id,evse,device,connector,plug_in,plug_out,charging_end,energy_kwh,fee_pence,driver\n".to_owned();
    for row in 0..count {
        let plug_in = first.checked_add(jiff::Span::new().hours(i64::from(row) * 7)).unwrap();
        let plug_out = plug_in.checked_add(jiff::Span::new().minutes(45 + i64::from(row % 5) * 60)).unwrap();
        let evse = row % evses;
        writeln!(text, "{tag}{row},P{evse},P{evse},1,{plug_in},{plug_out},,{}.5,,", 3 + row % 20).unwrap();
    }
    text.into_bytes()
}

pub(crate) fn register(evses: std::ops::Range<u32>, rated_kw: f64) -> Vec<u8> {
    let mut text = "evse,device,location,location_name,address,postcode,latitude,longitude,siting,rated_kw,current,connectors,commissioned,decommissioned\n".to_owned();
    for evse in evses {
        let site = evse / 2;
        let latitude = 51.5 + f64::from(site) * 0.01;
        writeln!(text, "P{evse},P{evse},L{site},Site {site},{site} Long Lane,E1 1AA,{latitude},-0.12,on_street,{rated_kw},ac1,type2,,").unwrap();
    }
    text.into_bytes()
}

pub(crate) fn a_return(operator_id: &str, bytes: Vec<u8>, period: &str) -> NewReturn {
    let file = NewReturn::new(&format!("{operator_id}-{period}.csv"), bytes, operator(operator_id));
    NewReturn { period: Some(Period::parse(period).unwrap()), ..file }
}

pub(crate) async fn submit(hub: &Hub, file: &NewReturn) -> Submitted {
    hub.submit(file, at()).await.unwrap()
}

pub(crate) async fn answer(hub: &Hub, metrics: &[&str], by: &[&str]) -> Answer {
    let query = Query::of(metrics, by, &[], None).unwrap();
    hub.answer(&query, Viewer::LocalOwner).await.unwrap()
}

pub(crate) async fn figure(hub: &Hub, metric: &str) -> Option<f64> {
    answer(hub, &[metric], &[]).await.figure(metric)
}
