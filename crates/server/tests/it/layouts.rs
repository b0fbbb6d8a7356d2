//! Layouts, fields and checks.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::client::{ask, refused};

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
