//! What changed between two data versions, and what that did to figures.

use std::path::Path;

use kerbwatt_hub::{Changes, Hub, HubError, ReturnChangeKind, Verdict};
use kerbwatt_model::{Period, Query, Viewer};

use crate::folder::{a_return, at, csv, operator, register, submit, writer};

/// Three returns, a register, a withdrawal with a note, and taking it back: six versions.
async fn history(dir: &Path) -> Hub {
    let hub = writer(dir).await;
    for (tag, whose, count) in [("a", "gb-aaa", 30), ("b", "gb-bbb", 20)] {
        submit(&hub, &a_return(whose, csv(tag, "2024-01", count, 3), "2024-01")).await;
        hub.publish(&(), at()).await.unwrap();
    }
    hub.import_register("points.csv", &register(0..3, 7.4), &operator("gb-aaa"), None, at()).await.unwrap();
    hub.publish(&(), at()).await.unwrap();
    // Repeats twenty rows and brings ten more.
    submit(&hub, &a_return("gb-bbb", csv("b", "2024-01", 30, 3), "2024-01")).await;
    hub.publish(&(), at()).await.unwrap();
    hub.decide(1, &Verdict::Withdraw, "meter was wrong", at()).await.unwrap();
    hub.publish(&(), at()).await.unwrap();
    hub.undo(1, None, at()).unwrap();
    hub.publish(&(), at()).await.unwrap();
    hub
}

async fn changes(hub: &Hub, from: i64, to: i64, metrics: &[&str]) -> Changes {
    let query = Query::of(metrics, &[], &[], Some(Period::parse("2024-01").unwrap())).unwrap();
    hub.changes(from, to, &query, Viewer::LocalOwner).await.unwrap()
}

#[tokio::test]
async fn each_version_says_what_it_changed() {
    let dir = tempfile::tempdir().unwrap();
    let hub = history(dir.path()).await;
    let (versions, total) = hub.versions(0, 100).await.unwrap();
    assert_eq!((versions.len(), total), (6, 6));
    let told: Vec<_> = versions
        .iter()
        .rev()
        .map(|version| {
            let returns: Vec<_> = version.returns.iter().map(|one| (one.submission, one.kind, one.sessions)).collect();
            let decisions: Vec<&str> = version.decisions.iter().map(|one| one.kind.as_str()).collect();
            (version.number, returns, decisions, version.imports.len())
        })
        .collect();
    let entered = ReturnChangeKind::Entered;
    assert_eq!(
        told,
        [
            (1, vec![(1, entered, 30)], vec!["accept"], 0),
            (2, vec![(2, entered, 20)], vec!["accept"], 0),
            (3, vec![], vec![], 1),
            (4, vec![(3, entered, 10)], vec!["accept"], 0),
            (5, vec![(1, ReturnChangeKind::Left, 0)], vec!["withdraw"], 0),
            (6, vec![(1, entered, 30)], vec!["undo"], 0),
        ]
    );
    let withdrawn = &versions[1];
    assert!(withdrawn.decisions[0].says.contains("meter was wrong") && withdrawn.decisions[0].undone);
    assert_eq!((withdrawn.returns[0].sessions_before, withdrawn.returns[0].operator.as_str()), (30, "gb-aaa"));
    let (page, total) = hub.versions(1, 2).await.unwrap();
    assert_eq!((page, total), (versions[1..3].to_vec(), 6));
    assert!(hub.versions(6, 2).await.unwrap().0.is_empty());
}

#[tokio::test]
async fn what_the_versions_did_adds_up_to_the_whole_difference() {
    let dir = tempfile::tempdir().unwrap();
    let hub = history(dir.path()).await;
    let metrics = ["sessions", "energy_kwh", "utilisation_time", "coverage"];
    for (from, to) in [(1, 6), (1, 5), (2, 4), (4, 6), (3, 3)] {
        let found = changes(&hub, from, to, &metrics).await;
        assert_eq!(found.steps.len(), usize::try_from(to - from).unwrap());
        for (at, metric) in metrics.iter().enumerate() {
            let sum: f64 = found.steps.iter().filter_map(|step| step.effects[at]).sum();
            let ends = |answer: &Option<kerbwatt_hub::Answer>| answer.as_ref().unwrap().figure(metric);
            if let (Some(before), Some(after)) = (ends(&found.before), ends(&found.after)) {
                assert!((sum - (after - before)).abs() < 1e-9, "{metric} from {from} to {to}: {sum}");
                assert!((found.difference[at].unwrap() - (after - before)).abs() < 1e-12);
            }
        }
    }
    let effects: Vec<_> = changes(&hub, 1, 6, &["sessions"]).await.steps.iter().map(|step| step.effects[0]).collect();
    assert_eq!(effects, [Some(30.0), Some(-30.0), Some(10.0), Some(0.0), Some(20.0)]);
}

#[tokio::test]
async fn what_was_not_there_yet_has_no_figure_and_its_sums_grow_from_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let hub = history(dir.path()).await;
    let filters = [("operator".to_owned(), vec!["gb-bbb".to_owned()])];
    let query = Query::of(&["sessions", "energy_per_session"], &[], &filters, None).unwrap();
    let found = hub.changes(1, 2, &query, Viewer::LocalOwner).await.unwrap();
    assert!(found.before.is_none() && found.after.is_some());
    assert_eq!(found.difference, [Some(20.0), None]);
    let filters = [("operator".to_owned(), vec!["nobody".to_owned()])];
    let query = Query::of(&["sessions"], &[], &filters, None).unwrap();
    let error = hub.changes(1, 2, &query, Viewer::LocalOwner).await.unwrap_err();
    assert_eq!(error.code(), "unknown_value");
}

#[tokio::test]
async fn a_return_whose_rows_another_replaces_is_told_as_changed() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let head = "session_id,evse,device,connector,plug_in,plug_out,charging_end,energy_kwh,fee_pence,driver\n";
    let row = |id: &str, kwh: u8| format!("{id},P1,P1,1,2024-01-0{kwh}T10:00:00Z,2024-01-0{kwh}T11:00:00Z,,{kwh},,\n");
    let first = format!("{head}{}{}", row("a", 1), row("b", 2));
    submit(&hub, &a_return("gb-aaa", first.into_bytes(), "2024-01")).await;
    hub.publish(&(), at()).await.unwrap();
    let mut correction = a_return("gb-aaa", format!("{head}{}", row("b", 5)).into_bytes(), "2024-01");
    correction.file_name = "correction.csv".to_owned();
    submit(&hub, &correction).await;
    hub.publish(&(), at()).await.unwrap();
    let found = changes(&hub, 1, 2, &["sessions", "energy_kwh"]).await;
    let told: Vec<_> = found.steps[0]
        .version
        .returns
        .iter()
        .map(|one| (one.submission, one.kind, one.sessions_before, one.sessions, one.energy_kwh))
        .collect();
    let (changed, entered) = (ReturnChangeKind::Changed, ReturnChangeKind::Entered);
    assert_eq!(told, [(1, changed, 2, 1, 1.0), (2, entered, 0, 1, 5.0)]);
    assert_eq!(found.difference, [Some(0.0), Some(3.0)]);
}

#[tokio::test]
async fn backward_and_too_long_ways_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let hub = history(dir.path()).await;
    let query = Query::of(&["sessions"], &[], &[], None).unwrap();
    let error = hub.changes(3, 2, &query, Viewer::LocalOwner).await.unwrap_err();
    assert!(matches!(error, HubError::Backward { from: 3, to: 2 }));
    let error = hub.changes(1, 200, &query, Viewer::LocalOwner).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "there are 199 data versions from 1 to 200, and at most 100 are gone through at once"
    );
}
