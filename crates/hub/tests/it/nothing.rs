//! Statements that there was nothing to report, and sessions that say otherwise.

use kerbwatt_hub::{Hub, HubError, NewReturn, Submitted, Verdict};
use kerbwatt_model::Period;

use crate::folder::{ACCEPT, a_return, answer, at, csv, operator, submit, writer};

async fn declared(hub: &Hub, period: &str, over_sessions: bool) -> Result<Submitted, HubError> {
    let period = Period::parse(period).unwrap();
    let submitted = hub.nothing_to_report(&operator("gb-aaa"), period, over_sessions, at()).await;
    hub.publish(&(), at()).await.unwrap();
    submitted
}

/// A folder whose one return has sessions from 1 to 3 March and covers the whole month.
async fn march(dir: &std::path::Path) -> Hub {
    let hub = writer(dir).await;
    submit(&hub, &a_return("gb-aaa", csv("a", "2024-03", 10, 2), "2024-03")).await;
    hub
}

/// Sessions, and the share of charge-point days of 1 to 20 March that were reported.
async fn figures(hub: &Hub) -> (Option<f64>, Option<f64>) {
    let answer = answer(hub, &["sessions", "coverage"], &[]).await;
    (answer.figure("sessions"), answer.figure("coverage"))
}

#[tokio::test]
async fn nothing_to_report_is_refused_where_the_figures_hold_sessions_also_before_they_are_published() {
    let dir = tempfile::tempdir().unwrap();
    let hub = march(dir.path()).await;
    let period = Period::parse("2024-03").unwrap();
    let refused = hub.nothing_to_report(&operator("gb-aaa"), period, false, at()).await.unwrap_err();
    assert_eq!(refused.code(), "has_sessions");
    let words = refused.to_string();
    assert!(
        words.contains("gb-aaa") && words.contains("10 of its sessions") && words.contains("submission 1"),
        "{words}"
    );
    assert!(words.contains("2024-03-01..2024-03-31"), "{words}");
    assert!(refused.advice().contains("Withdraw") && refused.advice().contains("--over-sessions"));
    assert_eq!(hub.submissions().await.unwrap().len(), 1, "nothing is recorded");
    assert!(
        hub.nothing_to_report(&operator("gb-bbb"), period, false, at()).await.is_ok(),
        "another operator’s are no matter"
    );
    assert!(hub.verify(&()).await.unwrap().problems.is_empty());
}

#[tokio::test]
async fn days_without_a_session_can_be_declared_within_the_reach_of_a_return() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let (january, march) = (csv("a", "2024-01", 5, 2), csv("b", "2024-03", 5, 2));
    let first_line = march.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    submit(&hub, &NewReturn::new("r.csv", [&january, &march[first_line..]].concat(), operator("gb-aaa"))).await;
    assert!(declared(&hub, "2024-02", false).await.is_ok());
    assert!(matches!(
        declared(&hub, "2024-01-31..2024-03-01", false).await,
        Err(HubError::HasSessions { sessions: 4, .. })
    ));
    assert!(declared(&hub, "2024-04", false).await.is_ok());
}

#[tokio::test]
async fn what_is_meant_over_sessions_leaves_them_in_the_figures_and_its_days_reported() {
    let dir = tempfile::tempdir().unwrap();
    let hub = march(dir.path()).await;
    hub.publish(&(), at()).await.unwrap();
    let before = figures(&hub).await;
    let meant = declared(&hub, "2024-03", true).await.unwrap();
    assert!(meant.is_accepted());
    assert_eq!(figures(&hub).await, before);
    let again = declared(&hub, "2024-03", false).await.unwrap();
    assert!(again.repeated && again.submission == meant.submission, "what is recorded is only repeated");
}

#[tokio::test]
async fn a_withdrawn_return_or_statement_is_judged_anew() {
    let dir = tempfile::tempdir().unwrap();
    let hub = march(dir.path()).await;
    hub.decide(1, &Verdict::Withdraw, "", at()).await.unwrap();
    let said = declared(&hub, "2024-03", false).await.unwrap();
    hub.decide(said.submission, &Verdict::Withdraw, "", at()).await.unwrap();
    hub.decide(1, &ACCEPT, "", at()).await.unwrap();
    assert_eq!(declared(&hub, "2024-03", false).await.unwrap_err().code(), "has_sessions");
    assert!(declared(&hub, "2024-03", true).await.unwrap().is_accepted());
}

#[tokio::test]
async fn an_empty_file_of_a_period_with_sessions_is_refused_like_a_statement() {
    let dir = tempfile::tempdir().unwrap();
    let hub = march(dir.path()).await;
    let empty = a_return("gb-aaa", Vec::new(), "2024-03");
    assert_eq!(hub.submit(&empty, at()).await.unwrap_err().code(), "has_sessions");
    let waiting = NewReturn { accept: false, ..empty.clone() };
    let recorded = submit(&hub, &waiting).await;
    assert!(!recorded.is_accepted(), "one that waits says nothing yet");
    let decided = hub.decide(recorded.submission, &ACCEPT, "", at()).await;
    assert_eq!(decided.unwrap_err().code(), "has_sessions");
    assert_eq!(hub.submit(&empty, at()).await.unwrap_err().code(), "has_sessions", "sent again to be accepted");
    hub.decide(recorded.submission, &Verdict::Accept { over_sessions: true }, "", at()).await.unwrap();
    assert!(submit(&hub, &empty).await.is_accepted());
}

#[tokio::test]
async fn nothing_to_report_is_refused_for_days_that_have_not_come() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    // It is 1 July 2024.
    let refused = declared(&hub, "2024-08", false).await.unwrap_err();
    assert_eq!(refused.code(), "period_not_over");
    let words = refused.to_string();
    assert!(
        words.contains("gb-aaa") && words.contains("2024-08-01..2024-08-31") && words.contains("not begun"),
        "{words}"
    );
    let partly = declared(&hub, "2024-06..2024-07", true).await.unwrap_err();
    assert!(partly.to_string().contains("have not come") && partly.advice().contains("up to 2024-07-01"), "{partly}");
    assert!(declared(&hub, "2024-06-01..2024-07-01", false).await.is_ok());
    let empty = NewReturn { accept: false, ..a_return("gb-aaa", Vec::new(), "2024-08") };
    assert_eq!(hub.submit(&empty, at()).await.unwrap_err().code(), "period_not_over");
    assert_eq!(hub.submissions().await.unwrap().len(), 1, "nothing else is recorded");
}
