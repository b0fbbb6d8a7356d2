//! Returns.

use crate::client::{ask, get, refused};

#[tokio::test]
async fn every_return_is_listed_with_what_became_of_its_rows() {
    let list = ask("/submissions").await;
    let submissions = list["submissions"].as_array().unwrap();
    let states: Vec<&str> = submissions.iter().map(|one| one["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["checked", "accepted"]);
    let one = &submissions[1];
    let count = |name: &str| one[name].as_i64().unwrap();
    assert_eq!(count("rows_read"), count("accepted") + count("quarantined") + count("duplicates"));
    assert_eq!((count("quarantined"), count("duplicates")), (2, 1));
    assert_eq!(one["period"]["to"], "2024-03-31");
    assert_eq!(one["profile"], "kerbwatt");
}

#[tokio::test]
async fn a_return_tells_what_the_checks_found() {
    let one = ask("/submissions/1").await;
    assert_eq!(one["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(one["findings"][0]["severity"], "error");
    for missing in ["/submissions/99", "/submissions/x", "/submissions/99/quarantine"] {
        assert_eq!(refused(missing).await.0, 404, "{missing}");
    }
}

#[tokio::test]
async fn quarantined_rows_are_paged_and_all_of_them_are_in_the_table() {
    let page = ask("/submissions/1/quarantine?offset=1&limit=1").await;
    assert_eq!(page["total"], 2);
    assert_eq!(page["rows"].as_array().unwrap().len(), 1);
    assert_eq!(page["rows"][0]["value"], "many, (hidden) many");
    let reply = get("/submissions/1/quarantine?format=csv").await;
    assert!(reply.header("content-disposition").contains("kerbwatt-quarantine-of-submission-1.csv"));
    let table = reply.text();
    assert!(table.starts_with("row,rule,column,value,energy_kwh,advice\r\n"), "{table}");
    assert!(table.contains(",'=1+1,") && table.contains(",\"many, (hidden) many\","), "{table}");
    assert_eq!(table.lines().count(), 3);
}
