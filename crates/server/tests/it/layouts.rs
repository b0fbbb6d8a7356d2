//! Layouts, fields and checks.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::client::{ask, refused};
use crate::writing::Desk;

fn ids<'v>(list: &'v Value, key: &str) -> Vec<&'v str> {
    list.as_array().unwrap().iter().map(|one| one[key].as_str().unwrap()).collect()
}

#[tokio::test]
async fn shipped_layouts_tell_their_columns_and_are_nobodys_own() {
    let list = ask("/profiles").await;
    let at = ids(&list, "name").iter().position(|name| *name == "kerbwatt").unwrap();
    let own = &list[at];
    assert_eq!((own["kind"].as_str(), own["columns"]["energy"][0].as_str()), (Some("sessions"), Some("energy_kwh")));
    assert!(own["operator"].is_null() && own["version"].is_null() && own["made_at"].is_null());
    assert_eq!(own["layout"]["times"], "rfc3339");
}

#[tokio::test]
async fn fields_are_those_of_the_kind_of_file() {
    let (sessions, register) = (ask("/fields").await, ask("/fields?kind=register").await);
    assert_eq!(sessions, ask("/fields?kind=sessions").await);
    assert!(ids(&sessions, "id").contains(&"plug_in") && !ids(&sessions, "id").contains(&"postcode"));
    assert!(ids(&register, "id").contains(&"postcode"));
    let needed: BTreeSet<&str> = ids(&sessions, "needed").into_iter().collect();
    assert_eq!(needed, BTreeSet::from(["always", "one_of", "optional"]));
    assert_eq!(refused("/fields?kind=poems").await.1["field"], "kind");
}

#[tokio::test]
async fn checks_tell_what_to_do_and_where_they_begin() {
    let list = ask("/checks").await;
    let at = |id: &str| &list[ids(&list, "id").iter().position(|known| *known == id).unwrap()];
    assert_eq!(
        (at("high_energy")["threshold"]["value"].as_f64(), at("high_energy")["severity"].as_str()),
        (Some(250.0), Some("warning"))
    );
    assert!(at("missing_start")["threshold"].is_null() && at("missing_start")["severity"] == "error");
    assert!(list.as_array().unwrap().iter().all(|check| check["advice"].as_str().unwrap().len() > 10));
}

#[tokio::test]
async fn the_columns_of_a_return_are_proposed_with_the_header_that_somebody_says() {
    let desk = Desk::new().await;
    let text =
        "Q1,01/05/2024 08:10,01/05/2024 10:40,7.25,CARDSECRET1\nQ2,02/05/2024 08:10,02/05/2024 10:40,8.5,CARDSECRET2\n";
    let sent = desk.hand_in("operator=gb-abc&file=may.csv", text).await;
    let id = sent["submission"].as_i64().unwrap();
    let of = async |rows: &str| desk.ask(&format!("/submissions/{id}/layout{rows}")).await;
    let evident = of("").await;
    assert_eq!(
        (&evident["layout"]["header_rows"], evident["profile"]["columns"].as_array().unwrap().len()),
        (&0.into(), 5)
    );
    assert_eq!(of("?header_rows=0").await, evident);
    let refused = of("?header_rows=1").await;
    assert!(refused["profile"]["columns"].as_array().unwrap().is_empty());
    assert!(refused["doubts"][0].as_str().unwrap().contains("data, not names"), "{refused}");
    let told = [sent, evident, refused, desk.ask(&format!("/submissions/{id}")).await];
    assert!(told.iter().all(|one| !one.to_string().contains("CARDSECRET")), "{told:?}");
    assert_eq!(desk.get(&format!("/submissions/{id}/layout?header_rows=9")).await.status, 400);
}
