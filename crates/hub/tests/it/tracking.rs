//! What there is for each month, as of a day.

use jiff::civil::{Date, date};
use kerbwatt_hub::{Hub, MonthState, Verdict};
use kerbwatt_model::Period;

use crate::folder::{a_return, at, csv, operator, submit, writer};
use crate::merging::rows;

/// States of an operator's months, from the first that any return covers on.
async fn states(hub: &Hub, operator: &str, period: Option<&str>, today: Date) -> Vec<(Date, MonthState)> {
    let period = period.map(|period| Period::parse(period).unwrap());
    let tracker = hub.tracker(period, today).await.unwrap();
    let tracked = tracker.operators.into_iter().find(|one| one.id == operator).unwrap();
    tracked.months.into_iter().map(|one| (one.month, one.state)).collect()
}

#[tokio::test]
async fn a_month_without_a_return_is_not_due_until_31_days_after_its_quarter_and_missing_then() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", csv("a", "2024-03", 10, 2), "2024-03")).await;
    hub.publish(&(), at()).await.unwrap();
    let (accepted, missing, not_due) = (MonthState::Accepted, MonthState::Missing, MonthState::NotDue);
    for (today, expected) in [
        (date(2024, 4, 15), vec![accepted]),
        (date(2024, 7, 15), vec![accepted, not_due, not_due, not_due]),
        (date(2024, 7, 30), vec![accepted, not_due, not_due, not_due]),
        (date(2024, 7, 31), vec![accepted, missing, missing, missing]),
        (date(2024, 8, 2), vec![accepted, missing, missing, missing, not_due]),
    ] {
        let states = states(&hub, "gb-aaa", None, today).await;
        assert_eq!(states.into_iter().map(|(_, state)| state).collect::<Vec<_>>(), expected, "{today}");
        let sharing = hub.sharing(today).await.unwrap().remove(0);
        let counted = expected.iter().filter(|state| **state == missing).count() as u64;
        assert_eq!((sharing.missing_months, sharing.months.len()), (counted, expected.len()), "{today}");
    }
}

#[tokio::test]
async fn before_the_first_return_there_is_nothing_to_expect_and_ahead_nothing_is_due() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", csv("a", "2024-03", 10, 2), "2024-03")).await;
    submit(&hub, &a_return("gb-bbb", csv("b", "2024-05", 10, 2), "2024-05")).await;
    hub.publish(&(), at()).await.unwrap();
    let states = states(&hub, "gb-aaa", Some("2024-02..2024-06"), date(2024, 5, 20)).await;
    let expected = [
        (date(2024, 2, 1), MonthState::None),
        (date(2024, 3, 1), MonthState::Accepted),
        (date(2024, 4, 1), MonthState::NotDue),
        (date(2024, 5, 1), MonthState::NotDue),
        (date(2024, 6, 1), MonthState::NotDue),
    ];
    assert_eq!(states, expected);
    let sharing = hub.sharing(date(2024, 5, 20)).await.unwrap().remove(0);
    assert_eq!(sharing.months.len(), 2, "the month that goes on tells nothing yet");
}

#[tokio::test]
async fn a_registered_operator_that_never_reported_is_missing_for_the_months_in_which_it_has_charge_points() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", csv("a", "2024-01", 10, 2), "2024-01")).await;
    hub.publish(&(), at()).await.unwrap();
    for (id, service) in [("gb-bbb", "2024-02-10,2024-05-20"), ("gb-ccc", ","), ("gb-ddd", "2019-01-01,2020-01-01")] {
        let register = format!(
            "evse,device,location,location_name,latitude,longitude,rated_kw,commissioned,decommissioned\nP1,P1,L,S,51.5,-0.1,7,{service}\n"
        );
        hub.import_register("r.csv", register.as_bytes(), &operator(id), None, at()).await.unwrap();
    }
    let today = date(2024, 8, 2);
    let (missing, not_due, none) = (MonthState::Missing, MonthState::NotDue, MonthState::None);
    let of = async |id| states(&hub, id, None, today).await.into_iter().map(|(_, state)| state).collect::<Vec<_>>();
    assert_eq!(of("gb-bbb").await, [none, missing, missing, missing, missing, none, none]);
    assert_eq!(of("gb-ccc").await, [missing, missing, missing, missing, missing, missing, not_due]);
    let tracker = hub.tracker(None, today).await.unwrap();
    assert!(tracker.operators.iter().all(|one| one.id != "gb-ddd"), "its points went before the first month");
    let sharing = hub.sharing(today).await.unwrap();
    let never = sharing.iter().find(|one| one.id == "gb-bbb").unwrap();
    assert_eq!((never.missing_months, never.completeness, never.returns.len()), (4, None, 0));
    // February was due on 1 May, 93 days before.
    assert_eq!((never.months[0].days_late, never.months[0].is_missing), (Some(93), true));
}

#[tokio::test]
async fn where_nobody_ever_reported_the_register_says_who_should_have() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    assert!(hub.tracker(None, date(2024, 8, 2)).await.unwrap().operators.is_empty());
    let register = crate::folder::register(0..2, 7.4);
    hub.import_register("r.csv", &register, &operator("gb-bbb"), None, at()).await.unwrap();
    let states = states(&hub, "gb-bbb", None, date(2024, 8, 2)).await;
    assert_eq!((states.len(), states[0]), (12, (date(2023, 8, 1), MonthState::Missing)));
    assert_eq!(states[11].1, MonthState::NotDue);
}

#[tokio::test]
async fn a_return_that_a_later_one_replaced_whole_is_told_as_superseded_until_that_is_withdrawn() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let rows = |kwh: f64| rows(&[("a", 0, kwh), ("b", 2, kwh + 1.0)]);
    submit(&hub, &a_return("gb-aaa", rows(5.0), "2024-01")).await;
    hub.publish(&(), at()).await.unwrap();
    let superseded = async || {
        hub.publish(&(), at()).await.unwrap();
        let tracker = hub.tracker(None, date(2024, 8, 2)).await.unwrap();
        let month = tracker.operators[0].months[0].clone();
        (month.state, month.submissions, month.superseded)
    };
    assert_eq!(superseded().await, (MonthState::Accepted, vec![1], vec![]));
    submit(&hub, &a_return("gb-aaa", rows(50.0), "2024-01")).await;
    assert_eq!(superseded().await, (MonthState::Accepted, vec![2, 1], vec![1]));
    hub.decide(2, &Verdict::Withdraw, "", at()).await.unwrap();
    let (state, _, superseded) = superseded().await;
    assert_eq!((state, superseded), (MonthState::Accepted, vec![]));
}
