//! Clocks on UTC, told by a return that was received before: kept with the return, whatever happens to the other.

use std::fmt::Write as _;

use jiff::Timestamp;
use kerbwatt_hub::{Hub, NewReturn, RepairKind, Submitted, Verdict};
use kerbwatt_model::Zone;

use crate::folder::{ACCEPT, answer, at, operator, submit, writer};

const LAYOUT: &str = "kind='sessions'\ntimes='year_first'\nzone='Europe/London'\n\
    [columns]\nsession_id='id'\nevse='cp'\nplug_in='start'\nplug_out='end'\nenergy='kwh'";

/// 300 sessions of 2018 at six points, on the clocks of London or on UTC, but for some left out at the end.
fn file(is_utc: bool, without: i64) -> NewReturn {
    of_rows(is_utc, 0..300 - without)
}

fn of_rows(is_utc: bool, rows: std::ops::Range<i64>) -> NewReturn {
    let zone = if is_utc { Zone::named("UTC").unwrap() } else { Zone::london() };
    let shown = |at: i64| zone.civil(Timestamp::from_second(at).unwrap()).strftime("%Y-%m-%d %H:%M").to_string();
    let mut text = "id,cp,start,end,kwh\n".to_owned();
    for row in rows {
        let from = 1_514_800_800 + row * 29 * 3600;
        let to = from + 2_400 + row % 11 * 300;
        writeln!(text, "s{row},P{},{},{},{}.5", row % 6, shown(from), shown(to), 4 + row % 13).unwrap();
    }
    let new = NewReturn::new(if is_utc { "utc.csv" } else { "local.csv" }, text.into_bytes(), operator("gb-aaa"));
    NewReturn { profile: Some("clocks".to_owned()), layout: Some(LAYOUT.to_owned()), ..new }
}

fn repair(submitted: &Submitted) -> Option<(bool, bool)> {
    let is_meant = |repair: &&kerbwatt_hub::Repair| repair.kind == RepairKind::MislabelledZone;
    let applied = submitted.report.applied.iter().find(is_meant).map(|repair| (repair.provable, true));
    applied.or_else(|| submitted.report.repairs.iter().find(is_meant).map(|repair| (repair.provable, false)))
}

async fn figures(hub: &Hub) -> Vec<kerbwatt_hub::Row> {
    answer(hub, &["sessions", "energy_kwh"], &["day", "hour_of_week"]).await.rows
}

#[tokio::test]
async fn a_resend_on_utc_is_put_right_by_what_was_sent_before_and_stays_so_when_that_is_withdrawn() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let first = submit(&hub, &file(false, 20)).await;
    assert_eq!(repair(&first), None);
    hub.publish(&(), at()).await.unwrap();
    let report = hub.check(&file(true, 0)).await.unwrap();
    assert!(report.repairs.iter().any(|repair| repair.kind == RepairKind::MislabelledZone && repair.provable));
    let second = submit(&hub, &file(true, 0)).await;
    assert_eq!(repair(&second), Some((true, true)));
    assert_eq!(second.report.repeated, 280, "as the same sessions they count once");
    hub.publish(&(), at()).await.unwrap();
    assert!(hub.verify(&()).await.unwrap().problems.is_empty());

    hub.decide(first.submission, &Verdict::Withdraw, "", at()).await.unwrap();
    hub.publish(&(), at()).await.unwrap();
    assert!(hub.verify(&()).await.unwrap().problems.is_empty(), "it proves what it proved");
    let alone = figures(&hub).await;
    hub.rebuild(&(), at()).await.unwrap();
    assert_eq!(figures(&hub).await, alone);

    let dir = tempfile::tempdir().unwrap();
    let truth = writer(dir.path()).await;
    submit(&truth, &file(false, 0)).await;
    truth.publish(&(), at()).await.unwrap();
    assert_eq!(alone, figures(&truth).await, "every session is where it was");
}

#[tokio::test]
async fn it_waits_for_a_decision_that_can_be_taken_back_and_alone_it_proves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let alone = submit(&hub, &NewReturn { accept: false, operator: operator("gb-bbb"), ..file(true, 0) }).await;
    assert_eq!(repair(&alone), None, "nothing in the file says it");
    submit(&hub, &file(false, 20)).await;
    hub.publish(&(), at()).await.unwrap();
    let waiting = submit(&hub, &NewReturn { accept: false, ..file(true, 0) }).await;
    assert_eq!((repair(&waiting), waiting.needs_decision), (Some((true, false)), true));
    hub.decide(waiting.submission, &Verdict::ApplyRepair(RepairKind::MislabelledZone), "", at()).await.unwrap();
    let again = submit(&hub, &NewReturn { accept: false, ..file(true, 0) }).await;
    assert_eq!(repair(&again), Some((true, true)));
    hub.undo(waiting.submission, None, at()).unwrap();
    let undone = submit(&hub, &NewReturn { accept: false, ..file(true, 0) }).await;
    assert_eq!(repair(&undone), Some((true, false)));
    let other_layout = kerbwatt_hub::Profile::from_toml("other", &LAYOUT.replace("Europe/London", "UTC")).unwrap();
    hub.decide(waiting.submission, &Verdict::ConfirmLayout(Box::new(other_layout)), "", at()).await.unwrap();
    assert!(hub.verify(&()).await.unwrap().problems.is_empty(), "in another layout it is not asked again");
}

#[tokio::test]
async fn a_return_of_summer_that_is_an_hour_earlier_than_before_waits_for_somebody_to_say_which_is_right() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    // Every 29 hours: these begin in May and end in September.
    let of_summer = |is_utc| of_rows(is_utc, 110..210);
    submit(&hub, &of_summer(false)).await;
    hub.publish(&(), at()).await.unwrap();
    let before = figures(&hub).await;
    let resent = submit(&hub, &of_summer(true)).await;
    assert_eq!((repair(&resent), resent.is_accepted(), resent.needs_decision), (Some((false, false)), false, true));
    hub.publish(&(), at()).await.unwrap();
    assert_eq!(figures(&hub).await, before, "nothing moved by itself");
    hub.decide(resent.submission, &ACCEPT, "", at()).await.unwrap();
    let accepted = submit(&hub, &of_summer(true)).await;
    assert_eq!((accepted.is_accepted(), accepted.needs_decision), (true, false), "who accepted it has decided");
    hub.publish(&(), at()).await.unwrap();
    assert_ne!(figures(&hub).await, before);
    assert!(hub.verify(&()).await.unwrap().problems.is_empty());
}

#[tokio::test]
async fn a_right_return_after_one_on_utc_says_that_the_earlier_one_is_and_waits() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &file(true, 20)).await;
    hub.publish(&(), at()).await.unwrap();
    let before = figures(&hub).await;
    let checked = hub.check(&file(false, 0)).await.unwrap();
    assert!(checked.held_by().any(|finding| finding.rule == "earlier_on_utc"));
    let right = submit(&hub, &file(false, 0)).await;
    let told = right.report.held_by().next().unwrap();
    assert_eq!((told.rule, right.is_accepted(), right.needs_decision), ("earlier_on_utc", false, true));
    assert!(told.examples[0].value.contains("of return 1"), "{told:?}");
    hub.publish(&(), at()).await.unwrap();
    assert_eq!(figures(&hub).await, before, "nothing moved by itself");
    // The earlier one is given its clocks, and then the two are the same sessions.
    let on_utc = kerbwatt_hub::Profile::from_toml("clocks-utc", &LAYOUT.replace("Europe/London", "UTC")).unwrap();
    hub.decide(1, &Verdict::ConfirmLayout(Box::new(on_utc)), "", at()).await.unwrap();
    hub.decide(right.submission, &ACCEPT, "", at()).await.unwrap();
    hub.publish(&(), at()).await.unwrap();
    assert_eq!(hub.submission(right.submission).await.unwrap().submission.repeated, 280);
    assert!(hub.verify(&()).await.unwrap().problems.is_empty());
}
