//! Limits of checks: set for a hub or an operator, kept with each return.

use kerbwatt_hub::{Hub, HubError, Limit, Limits, SetFor, Submitted};
use kerbwatt_model::OperatorId;

use crate::folder::{ACCEPT, a_return, answer, at, csv, figure, operator, submit, writer};

fn set(hub: &Hub, whose: Option<&OperatorId>, name: &str, value: f64) -> usize {
    let mut limits = Limits::default();
    limits.set(name, value).unwrap();
    hub.set_limits(whose, &limits, ("Ann", "residents"), at()).unwrap()
}

/// Rows that stayed longer than the limit, and the limit that the finding names.
fn long_stays(submitted: &Submitted) -> (u64, Option<f64>) {
    let finding = submitted.report.findings.iter().find(|finding| finding.rule == "long_stay");
    finding.map_or((0, None), |finding| (finding.count, Some(finding.limits[0].value)))
}

fn in_force(hub: &Hub, whose: Option<&OperatorId>) -> (f64, SetFor) {
    let all = hub.limits(whose).unwrap();
    let one = all.into_iter().find(|one| one.limit.name == "long_stay_min").unwrap();
    (one.value, one.set_for)
}

#[tokio::test]
async fn what_is_set_for_an_operator_goes_before_the_hub_and_that_before_the_usual() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    hub.name_operator(&operator("gb-aaa"), "Alder").unwrap();
    let alder = operator("gb-aaa");
    assert_eq!(in_force(&hub, Some(&alder)), (2880.0, SetFor::Nobody));
    assert_eq!(set(&hub, None, "long_stay_min", 200.0), 1);
    assert_eq!(in_force(&hub, Some(&alder)), (200.0, SetFor::Hub));
    assert_eq!(set(&hub, Some(&alder), "long_stay_min", 100.0), 1);
    assert_eq!((in_force(&hub, Some(&alder)), in_force(&hub, None)), ((100.0, SetFor::Operator), (200.0, SetFor::Hub)));
    assert_eq!(set(&hub, Some(&alder), "long_stay_min", 100.0), 0, "it is so already");
    // Stays are of 45, 105, 165, 225 and 285 minutes.
    let own = submit(&hub, &a_return("gb-aaa", csv("a", "2024-01", 50, 4), "2024-01")).await;
    let other = submit(&hub, &a_return("gb-bbb", csv("b", "2024-01", 50, 4), "2024-01")).await;
    assert_eq!((long_stays(&own), long_stays(&other)), ((40, Some(100.0)), (20, Some(200.0))));
    let limit = Limit::named("long_stay_min").unwrap();
    assert_eq!(hub.reset_limits(Some(&alder), &[limit], ("", ""), at()).unwrap(), 1);
    assert_eq!(in_force(&hub, Some(&alder)), (200.0, SetFor::Hub));
    let changes = hub.limit_changes(Some(&alder)).unwrap();
    let told: Vec<_> = changes.iter().map(|c| (c.operator.is_some(), c.before, c.value)).collect();
    assert_eq!(told, [(true, Some(100.0), None), (true, None, Some(100.0)), (false, None, Some(200.0))]);
    assert!(matches!(hub.limits(Some(&operator("gb-zzz"))), Err(HubError::NoSuch { .. })));
}

#[tokio::test]
async fn a_return_keeps_the_limits_that_it_was_received_with_whatever_is_set_later() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let mut file = a_return("gb-aaa", csv("a", "2024-01", 50, 4), "2024-01");
    file.accept = false;
    let before = submit(&hub, &file).await;
    assert_eq!(long_stays(&before), (0, None));
    set(&hub, None, "long_stay_min", 100.0);
    set(&hub, None, "impossible_kwh", 50.0);
    let again = submit(&hub, &file).await;
    assert!(again.repeated);
    assert_eq!(long_stays(&again), (0, None), "read again as it was");
    hub.decide(before.submission, &ACCEPT, "", at()).await.unwrap();
    hub.publish(&(), at()).await.unwrap();
    let later = submit(&hub, &a_return("gb-aaa", csv("b", "2024-02", 50, 4), "2024-02")).await;
    assert_eq!(long_stays(&later), (40, Some(100.0)));
    hub.publish(&(), at()).await.unwrap();
    let figures = answer(&hub, &["sessions", "energy_kwh"], &["month"]).await;
    set(&hub, None, "impossible_kwh", 100_000.0);
    set(&hub, None, "long_stay_min", 50_000.0);
    assert!(hub.verify(&()).await.unwrap().problems.is_empty());
    hub.rebuild(&(), at()).await.unwrap();
    assert_eq!(answer(&hub, &["sessions", "energy_kwh"], &["month"]).await.rows, figures.rows);
    assert_eq!(figure(&hub, "sessions").await, Some(100.0));
    let detail = hub.submission(later.submission).await.unwrap();
    assert_eq!((detail.thresholds.long_stay_min, detail.thresholds.impossible_kwh), (100.0, 50.0));
    assert_eq!(hub.submission(before.submission).await.unwrap().thresholds.long_stay_min, 2880.0);
}

#[tokio::test]
async fn a_check_tries_limits_out_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let mut file = a_return("gb-aaa", csv("a", "2024-01", 50, 4), "2024-01");
    file.limits.set("long_stay_min", 100.0).unwrap();
    let report = hub.check(&file).await.unwrap();
    assert_eq!(report.thresholds.long_stay_min, 100.0);
    assert!(report.findings.iter().any(|finding| finding.rule == "long_stay" && finding.count == 40));
    assert_eq!(in_force(&hub, None), (2880.0, SetFor::Nobody));
    assert!(hub.limit_changes(None).unwrap().is_empty());
}
