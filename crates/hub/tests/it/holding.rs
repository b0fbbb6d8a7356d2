//! Returns that are not accepted unseen.

use jiff::civil::date;
use kerbwatt_hub::{Hub, MonthState, NewReturn, Submitted, Verdict};
use kerbwatt_model::Period;

use crate::folder::{ACCEPT, a_return, answer, at, csv, figure, operator, register, submit, writer};

/// A month of rows of which the first `wrong` have negative energy.
fn with_wrong_rows(count: u32, wrong: u32) -> Vec<u8> {
    let text = String::from_utf8(csv("a", "2024-03", count, 2)).unwrap();
    let lines = text.lines().zip(0..).map(|(line, at)| if at == 0 || at > wrong { line.into() } else { spoilt(line) });
    lines.collect::<Vec<String>>().join("\n").into_bytes()
}

fn spoilt(line: &str) -> String {
    let mut cells: Vec<&str> = line.split(',').collect();
    cells[7] = "-1";
    cells.join(",")
}

/// The layout of files of `id,cp,start,end,kwh`.
const PLAIN: &str = "kind='sessions'\nzone='UTC'\ntimes='rfc3339'\n[columns]\nsession_id='id'\ndevice='cp'\nplug_in='start'\n\
    plug_out='end'\nenergy='kwh'\n";

fn held_by(submitted: &Submitted) -> Vec<&'static str> {
    submitted.report.held_by().map(|finding| finding.rule).collect()
}

async fn state_of_march(hub: &Hub) -> MonthState {
    let march = Period::parse("2024-03").unwrap();
    let tracker = hub.tracker(Some(march), date(2024, 9, 1)).await.unwrap();
    tracker.operators[0].months[0].state
}

#[tokio::test]
async fn a_return_of_which_every_row_is_set_aside_is_not_accepted_and_reports_no_day() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    // So that the charge points are there, with days in March that nobody reported.
    hub.import_register("points.csv", &register(0..2, 7.4), &operator("gb-aaa"), None, at()).await.unwrap();
    submit(&hub, &a_return("gb-aaa", csv("b", "2024-02", 20, 2), "2024-02")).await;
    submit(&hub, &a_return("gb-aaa", csv("c", "2024-04", 20, 2), "2024-04")).await;
    let all = submit(&hub, &a_return("gb-aaa", with_wrong_rows(10, 10), "2024-03")).await;
    assert_eq!((all.is_accepted(), all.needs_decision, held_by(&all)), (false, true, vec!["all_set_aside"]));
    hub.publish(&(), at()).await.unwrap();
    assert_eq!(state_of_march(&hub).await, MonthState::NeedsDecision);
    let covered = answer(&hub, &["coverage"], &["month"]).await;
    let (month, share) = (covered.position("month").unwrap(), covered.position("coverage").unwrap());
    let of_march = covered.rows.iter().find(|row| row[month].text() == Some("2024-03")).unwrap();
    assert_eq!(of_march[share].number(), Some(0.0), "missing, not zero");
    let refused = hub.decide(all.submission, &ACCEPT, "", at()).await.unwrap_err();
    assert_eq!(refused.code(), "nothing_counts");
    assert!(refused.to_string().contains("10 rows") && refused.advice().contains("rejected 3"), "{refused}");
    let again = submit(&hub, &a_return("gb-aaa", with_wrong_rows(10, 10), "2024-03")).await;
    assert_eq!((again.is_accepted(), again.needs_decision, held_by(&again)), (false, true, vec!["all_set_aside"]));
    hub.decide(all.submission, &Verdict::Withdraw, "", at()).await.unwrap();
    assert_eq!(state_of_march(&hub).await, MonthState::Missing);
}

#[tokio::test]
async fn a_return_of_which_more_than_half_is_set_aside_waits_for_somebody_to_look_and_can_be_accepted() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let half = NewReturn { file_name: "half.csv".into(), ..a_return("gb-bbb", with_wrong_rows(10, 5), "2024-03") };
    assert!(submit(&hub, &half).await.is_accepted());
    let most = submit(&hub, &a_return("gb-aaa", with_wrong_rows(10, 6), "2024-03")).await;
    assert_eq!((most.is_accepted(), most.needs_decision, held_by(&most)), (false, true, vec!["mostly_set_aside"]));
    let again = submit(&hub, &a_return("gb-aaa", with_wrong_rows(10, 6), "2024-03")).await;
    assert!(!again.is_accepted(), "asking again is not looking");
    let accepted = hub.decide(most.submission, &ACCEPT, "", at()).await.unwrap();
    let shown = hub.submission(most.submission).await.unwrap().submission;
    assert_eq!((shown.state, shown.needs_decision), ("accepted", false));
    hub.publish(&(), at()).await.unwrap();
    assert_eq!(figure(&hub, "sessions").await, Some(9.0));
    hub.undo(most.submission, Some(accepted), at()).unwrap();
    let shown = hub.submission(most.submission).await.unwrap().submission;
    assert_eq!((shown.state, shown.needs_decision), ("checked", true));
}

#[tokio::test]
async fn the_same_file_for_another_operator_is_told_and_waits() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let first = submit(&hub, &a_return("gb-aaa", csv("a", "2024-03", 10, 2), "2024-03")).await;
    let second = a_return("gb-bbb", csv("a", "2024-03", 10, 2), "2024-03");
    let checked = hub.check(&second).await.unwrap();
    assert_eq!(checked.held_by().map(|finding| finding.rule).collect::<Vec<_>>(), ["same_file_of_other_operator"]);
    let second = submit(&hub, &second).await;
    assert_eq!((second.is_accepted(), second.needs_decision), (false, true));
    let told = second.report.held_by().next().unwrap();
    assert_eq!((told.rule, told.examples[0].value.as_str()), ("same_file_of_other_operator", "return 1 of gb-aaa"));
    let recorded = hub.submission(second.submission).await.unwrap();
    assert!(recorded.findings.to_string().contains("return 1 of gb-aaa"), "{}", recorded.findings);
    let note = "a test file of both";
    hub.decide(second.submission, &ACCEPT, note, at()).await.unwrap();
    assert!(!hub.submission(second.submission).await.unwrap().submission.needs_decision, "somebody has looked");
    hub.decide(second.submission, &Verdict::Withdraw, "", at()).await.unwrap();
    hub.decide(first.submission, &Verdict::Withdraw, "", at()).await.unwrap();
    let third = submit(&hub, &a_return("gb-ccc", csv("a", "2024-03", 10, 2), "2024-03")).await;
    assert!(third.is_accepted(), "what is withdrawn counts for nobody");
}

#[tokio::test]
async fn hardly_any_energy_in_most_rows_waits_for_somebody_to_look() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let rows = |from: u32, kwh: f64| {
        let row = |at: u32| {
            format!("{at},P{},2024-03-{:02}T08:00:00Z,2024-03-{:02}T10:00:00Z,{kwh}\n", at % 2, at / 2 + 1, at / 2 + 1)
        };
        (from..from + 20).map(row).collect::<String>()
    };
    for (kwh, expected) in [(0.0305, vec!["mostly_low_energy"]), (30.5, vec![])] {
        let text = format!("id,cp,start,end,kwh\n{}", rows(0, kwh));
        let file = NewReturn::new("r.csv", text.into_bytes(), operator("gb-aaa"));
        let submitted =
            submit(&hub, &NewReturn { profile: Some("own".into()), layout: Some(PLAIN.into()), ..file }).await;
        assert_eq!((held_by(&submitted), submitted.is_accepted()), (expected.clone(), expected.is_empty()));
    }
}

#[tokio::test]
async fn what_most_likely_is_wrong_with_a_whole_file_waits_although_the_file_does_not_prove_it() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    // Kilowatt-hours with a decimal comma, beside others with a dot.
    let row = |at: u32| {
        let day = at / 4 + 1;
        let hour = at % 4 * 3 + 6;
        let kwh = if at.is_multiple_of(10) { format!("{}.5", at % 7 + 3) } else { format!("\"{},5\"", at % 9 + 3) };
        format!("{at},P{at},2024-03-{day:02}T{hour:02}:00:00Z,2024-03-{day:02}T{hour:02}:50:00Z,{kwh}\n")
    };
    let text = format!("id,cp,start,end,kwh\n{}", (0..100).map(row).collect::<String>());
    let file = NewReturn::new("r.csv", text.into_bytes(), operator("gb-aaa"));
    let submitted = submit(&hub, &NewReturn { profile: Some("own".into()), layout: Some(PLAIN.into()), ..file }).await;
    assert!(
        !submitted.is_accepted() && held_by(&submitted).contains(&"unproved_repair"),
        "{:?}",
        submitted.report.repairs
    );
    hub.decide(submitted.submission, &ACCEPT, "", at()).await.unwrap();
    assert!(!hub.submission(submitted.submission).await.unwrap().submission.needs_decision);
}
