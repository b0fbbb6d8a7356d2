//! Receiving: recorded once, decided, shown when published.

use kerbwatt_hub::{Hub, HubError};

use crate::folder::{ACCEPT, a_return, at, csv, figure, operator, register, submit, writer};

#[tokio::test]
async fn a_return_goes_from_file_to_figure() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let submitted = submit(&hub, &a_return("gb-aaa", csv("a", "2024-01", 60, 4), "2024-01")).await;
    assert_eq!((submitted.report.totals.rows_read, submitted.report.totals.accepted), (60, 60));
    assert_eq!(figure(&hub, "sessions").await, None, "nothing shows before it is published");
    let published = hub.publish(&(), at()).await.unwrap();
    assert!(published.changed);
    assert_eq!(figure(&hub, "sessions").await, Some(60.0));
    let energy_kwh = figure(&hub, "energy_kwh").await.unwrap();
    assert!((energy_kwh - submitted.report.totals.energy_kwh.accepted).abs() < 1e-6);
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let file = a_return("gb-aaa", csv("a", "2024-01", 60, 4), "2024-01");
    let first = submit(&hub, &file).await;
    let version = hub.publish(&(), at()).await.unwrap().data_version;
    let second = submit(&hub, &file).await;
    assert!(!first.repeated && second.repeated);
    assert_eq!(first.submission, second.submission);
    let again = hub.publish(&(), at()).await.unwrap();
    assert_eq!((again.changed, again.data_version), (false, version));
    assert_eq!(figure(&hub, "sessions").await, Some(60.0));
    assert_eq!(hub.submissions().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_return_that_is_not_accepted_shows_nothing_until_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let mut file = a_return("gb-aaa", csv("a", "2024-01", 10, 2), "2024-01");
    file.accept = false;
    let submitted = submit(&hub, &file).await;
    hub.publish(&(), at()).await.unwrap();
    assert_eq!(figure(&hub, "sessions").await, None);
    hub.decide(submitted.submission, &ACCEPT, "", at()).await.unwrap();
    hub.publish(&(), at()).await.unwrap();
    assert_eq!(figure(&hub, "sessions").await, Some(10.0));
    assert!(matches!(hub.decide(77, &ACCEPT, "", at()).await, Err(HubError::NoSuch { .. })));
}

#[tokio::test]
async fn a_refused_file_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let refused = hub.submit(&a_return("gb-aaa", b"%PDF-1.7 nothing".to_vec(), "2024-01"), at()).await.unwrap_err();
    assert_eq!(refused.code(), "not_text");
    assert!(!refused.advice().is_empty());
    let elsewhere = a_return("gb-aaa", csv("a", "2024-01", 10, 2), "2020");
    assert_eq!(hub.submit(&elsewhere, at()).await.unwrap_err().code(), "period_fits_no_row");
    assert!(hub.submissions().await.unwrap().is_empty());
    assert!(hub.verify(&()).await.unwrap().problems.is_empty());
}

#[tokio::test]
async fn readers_follow_new_versions_and_do_not_write() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", csv("a", "2024-01", 10, 2), "2024-01")).await;
    hub.publish(&(), at()).await.unwrap();
    let reader = Hub::open_for_reading(dir.path()).await.unwrap();
    assert_eq!(figure(&reader, "sessions").await, Some(10.0));
    submit(&hub, &a_return("gb-aaa", csv("b", "2024-02", 7, 2), "2024-02")).await;
    hub.publish(&(), at()).await.unwrap();
    assert_eq!(figure(&reader, "sessions").await, Some(17.0));
    let file = a_return("gb-aaa", csv("c", "2024-03", 7, 2), "2024-03");
    assert!(matches!(reader.submit(&file, at()).await, Err(HubError::ReadOnly(_))));
    assert_eq!(Hub::open_for_writing(dir.path(), "other").await.err().unwrap().code(), "folder_in_use");
}

#[tokio::test]
async fn a_register_gives_charge_points_power_place_and_coverage() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", csv("a", "2024-01", 60, 4), "2024-01")).await;
    hub.publish(&(), at()).await.unwrap();
    assert_eq!(figure(&hub, "coverage").await, None, "nothing is registered yet");
    let imported = hub.import_register("r.csv", &register(0..6, 7.4), &operator("gb-aaa"), None, at()).await.unwrap();
    assert_eq!((imported.added, imported.changed, imported.rejected.len()), (6, 0, 0));
    hub.publish(&(), at()).await.unwrap();
    assert_eq!(figure(&hub, "evses").await, Some(6.0));
    assert_eq!(figure(&hub, "evses_unused").await, Some(2.0));
    assert_eq!(figure(&hub, "coverage").await, Some(1.0));
    let detail = hub.evse("gb-aaa:P1", None).await.unwrap();
    assert_eq!((detail.sessions, detail.evse.rated_kw), (15, Some(7.4)));
    assert_eq!(detail.site.borough.map(|(_, name)| name).as_deref(), Some("Lambeth"));
    assert_eq!(detail.returns.len(), 1);
    let found = hub.search("site 1", 5, None).await.unwrap();
    assert_eq!(found.first().map(|found| found.id.as_str()), Some("gb-aaa:L1"));
}

#[tokio::test]
async fn months_of_an_operator_that_counts_its_sessions_from_one_each_month_stand_beside_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    for (months, month) in (1..).zip(["2024-04", "2024-05", "2024-06"]) {
        submit(&hub, &a_return("gb-aaa", csv("", month, 60, 4), month)).await;
        hub.publish(&(), at()).await.unwrap();
        assert_eq!(figure(&hub, "sessions").await, Some(f64::from(60 * months)), "{month}");
    }
    // A correction of the second finds its own session among the three of that id.
    let corrected = String::from_utf8(csv("", "2024-05", 60, 4)).unwrap().replace(",3.5,,", ",4.5,,");
    let before = figure(&hub, "energy_kwh").await.unwrap();
    submit(&hub, &a_return("gb-aaa", corrected.into_bytes(), "2024-05")).await;
    hub.publish(&(), at()).await.unwrap();
    assert_eq!(figure(&hub, "sessions").await, Some(180.0));
    assert!((figure(&hub, "energy_kwh").await.unwrap() - before - 3.0).abs() < 1e-6);
    assert!(hub.verify(&()).await.unwrap().problems.is_empty());
}

#[tokio::test]
async fn a_copy_that_was_cut_off_within_a_row_takes_nothing_from_the_fuller_return() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let header = "session_id,evse,device,connector,plug_in,plug_out,charging_end,fee_pence,driver,energy_kwh\n";
    let row = |at: u32| format!("s{at},P1,P1,1,2024-06-{at:02}T08:00:00Z,2024-06-{at:02}T09:00:00Z,,,,{at}.59\n");
    let full = format!("{header}{}", (1..=22).map(row).collect::<String>());
    let cut = full.strip_suffix(".59\n").and_then(|text| text.strip_suffix('2')).unwrap();
    submit(&hub, &a_return("gb-aaa", full.clone().into_bytes(), "2024-06")).await;
    hub.publish(&(), at()).await.unwrap();
    let before = figure(&hub, "energy_kwh").await;
    submit(&hub, &a_return("gb-aaa", cut.as_bytes().to_vec(), "2024-06")).await;
    hub.publish(&(), at()).await.unwrap();
    assert_eq!((figure(&hub, "sessions").await, figure(&hub, "energy_kwh").await), (Some(22.0), before));
}
