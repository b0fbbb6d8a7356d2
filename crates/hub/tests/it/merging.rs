//! Returns that share sessions: repeats, corrections, truncated copies, decisions taken back.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kerbwatt_hub::{Hub, NewReturn, Verdict};

use crate::folder::{ACCEPT, a_return, answer, at, csv, figure, submit, writer};

/// A return of sessions, each with its id, the hour after 1 January 2024 at which it begins, and its energy.
pub(crate) fn rows(sessions: &[(&str, i64, f64)]) -> Vec<u8> {
    let mut text =
        "session_id,evse,device,connector,plug_in,plug_out,charging_end,energy_kwh,fee_pence,driver\n".to_owned();
    let first: jiff::Timestamp = "2024-01-01T00:10:00Z".parse().unwrap();
    for (id, hour, energy_kwh) in sessions {
        let plug_in = first + jiff::Span::new().hours(*hour);
        let plug_out = plug_in + jiff::Span::new().minutes(50);
        writeln!(text, "{id},P1,P1,1,{plug_in},{plug_out},,{energy_kwh},,").unwrap();
    }
    text.into_bytes()
}

/// The sums that figures show, and whether disk, record and a rebuild agree with them.
async fn sums(hub: &Hub) -> (f64, f64) {
    hub.publish(&(), at()).await.unwrap();
    let shown = (figure(hub, "sessions").await.unwrap_or(0.0), figure(hub, "energy_kwh").await.unwrap_or(0.0));
    let problems = hub.verify(&()).await.unwrap().problems;
    assert!(problems.is_empty(), "{problems:?}");
    shown
}

fn close(found: (f64, f64), expected: (f64, f64)) {
    assert!((found.0 - expected.0).abs() < 1e-9 && (found.1 - expected.1).abs() < 1e-6, "{found:?} {expected:?}");
}

#[tokio::test]
async fn the_same_rows_in_another_file_count_once_and_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", rows(&[("a", 0, 5.0), ("b", 2, 6.0)]), "2024-01")).await;
    close(sums(&hub).await, (2.0, 11.0));
    let again = submit(&hub, &a_return("gb-aaa", rows(&[("b", 2, 6.0), ("c", 4, 7.0)]), "2024-01")).await;
    let totals = again.report.totals;
    assert_eq!((totals.rows_read, totals.accepted, totals.duplicates, again.report.repeated), (2, 1, 1, 1));
    assert!(again.report.findings.iter().any(|finding| finding.rule == "held_already" && finding.count == 1));
    close(sums(&hub).await, (3.0, 18.0));
    let shown = hub.submission(again.submission).await.unwrap();
    assert_eq!((shown.submission.totals.accepted, shown.submission.totals.duplicates), (1, 1));
    assert_eq!((shown.others[0].submission, shown.others[0].kind, shown.others[0].rows), (1, "repeats", 1));
}

#[tokio::test]
async fn a_corrected_row_replaces_the_earlier_one_and_withdrawing_the_correction_brings_it_back() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let first = submit(&hub, &a_return("gb-aaa", rows(&[("a", 0, 5.0), ("b", 2, 6.0)]), "2024-01")).await;
    sums(&hub).await;
    let second = submit(&hub, &a_return("gb-aaa", rows(&[("b", 800, 60.0)]), "2024-01..2024-02")).await;
    assert_eq!(second.report.replaces, 1);
    close(sums(&hub).await, (2.0, 65.0));
    let shown = hub.submission(first.submission).await.unwrap().submission;
    assert_eq!((shown.totals.accepted, shown.superseded), (2, 1));
    hub.decide(second.submission, &Verdict::Withdraw, "wrong meter", at()).await.unwrap();
    close(sums(&hub).await, (2.0, 11.0));
    assert_eq!(hub.submission(first.submission).await.unwrap().submission.superseded, 0);
    hub.undo(second.submission, None, at()).unwrap();
    close(sums(&hub).await, (2.0, 65.0));
    let history: Vec<String> =
        hub.submission(second.submission).await.unwrap().history.into_iter().map(|entry| entry.kind).collect();
    assert_eq!(history, ["undo", "withdraw", "accept", "received"]);
}

/// Charge detail records of one session, each with its id, its energy and the id of the record that it cancels.
fn records(records: &[(&str, f64, Option<&str>)]) -> Vec<u8> {
    let record = |(id, energy_kwh, cancels): &(&str, f64, Option<&str>)| {
        let cancels = cancels.map(|record| format!(r#","credit":true,"credit_reference_id":"{record}""#));
        format!(
            r#"{{"id":"{id}","session_id":"S1","start_date_time":"2024-01-01T08:00:00Z","end_date_time":"2024-01-01T09:00:00Z",
            "total_energy":{energy_kwh},"cdr_location":{{"id":"L1","evse_uid":"P1"}},"currency":"GBP"{}}}"#,
            cancels.unwrap_or_default()
        )
    };
    format!("[{}]", records.iter().map(record).collect::<Vec<_>>().join(",")).into_bytes()
}

#[tokio::test]
async fn a_credit_for_a_record_of_an_earlier_return_is_told_and_what_corrects_it_replaces_that() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", records(&[("C1", 9.5, None)]), "2024-01")).await;
    close(sums(&hub).await, (1.0, 9.5));
    let told = |report: &kerbwatt_hub::Report| {
        let found = report.findings.iter().find(|finding| finding.rule == "credit_of_other_return").unwrap();
        (found.count, found.examples[0].value.clone())
    };
    let alone = submit(&hub, &a_return("gb-aaa", records(&[("C1-C", 9.5, Some("C1"))]), "2024-01")).await;
    assert_eq!(told(&alone.report), (1, "credits C1 (session S1)".to_owned()));
    close(sums(&hub).await, (1.0, 9.5));
    let both = records(&[("C1-C", 9.5, Some("C1")), ("C2", 7.5, None)]);
    let corrected = submit(&hub, &a_return("gb-aaa", both, "2024-01")).await;
    assert_eq!((told(&corrected.report).0, corrected.report.replaces), (1, 1));
    close(sums(&hub).await, (1.0, 7.5));
    hub.decide(corrected.submission, &Verdict::Withdraw, "", at()).await.unwrap();
    close(sums(&hub).await, (1.0, 9.5));
}

#[tokio::test]
async fn sites_that_each_count_from_one_lose_no_session_and_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let of_site = |site: &str, hour: i64, energy_kwh: f64| {
        let ids: Vec<String> = (1..=20).map(|id| id.to_string()).collect();
        let sessions: Vec<(&str, i64, f64)> =
            ids.iter().zip((hour..).step_by(30)).map(|(id, hour)| (id.as_str(), hour, energy_kwh)).collect();
        String::from_utf8(rows(&sessions)).unwrap().replace("P1", site).into_bytes()
    };
    submit(&hub, &a_return("gb-aaa", of_site("A", 0, 5.0), "2024-01")).await;
    sums(&hub).await;
    let other = submit(&hub, &a_return("gb-aaa", of_site("B", 7, 6.0), "2024-01")).await;
    let told = other.report.findings.iter().find(|finding| finding.rule == "same_id_in_other_return").unwrap();
    assert_eq!((told.count, told.examples[0].value.as_str()), (20, "row 1 of return 1"));
    assert_eq!((other.report.replaces, other.report.totals.accepted), (0, 20));
    close(sums(&hub).await, (40.0, 220.0));
    hub.rebuild(&(), at()).await.unwrap();
    close(sums(&hub).await, (40.0, 220.0));
}

#[tokio::test]
async fn a_truncated_copy_never_shrinks_the_data() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let full = csv("a", "2024-01", 60, 4);
    submit(&hub, &a_return("gb-aaa", full.clone(), "2024-01")).await;
    let before = sums(&hub).await;
    let cut: Vec<u8> = full.split_inclusive(|byte| *byte == b'\n').take(21).flatten().copied().collect();
    let copy = submit(&hub, &a_return("gb-aaa", cut, "2024-01")).await;
    assert_eq!((copy.report.totals.accepted, copy.report.totals.duplicates), (0, 20));
    close(sums(&hub).await, before);
    hub.decide(1, &Verdict::Withdraw, "", at()).await.unwrap();
    assert_eq!(sums(&hub).await.0, 20.0, "the copy now stands for itself");
}

/// A return that declares no period.
fn undeclared(file_name: &str, sessions: &[(&str, i64, f64)]) -> NewReturn {
    NewReturn { file_name: file_name.to_owned(), period: None, ..a_return("gb-aaa", rows(sessions), "2024-01") }
}

/// How often a check found something.
fn count_of(report: &kerbwatt_hub::Report, rule: &str) -> u64 {
    report.findings.iter().find(|finding| finding.rule == rule).map_or(0, |finding| finding.count)
}

#[tokio::test]
async fn a_stale_copy_takes_no_correction_back_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &undeclared("full.csv", &[("a", 0, 5.0), ("b", 2, 6.0), ("c", 4, 7.0)])).await;
    sums(&hub).await;
    submit(&hub, &undeclared("corrections.csv", &[("a", 0, 50.0), ("b", 2, 60.0)])).await;
    close(sums(&hub).await, (3.0, 117.0));
    let stale = undeclared("stale.csv", &[("a", 0, 5.0), ("b", 2, 6.0)]);
    let checked = hub.check(&stale).await.unwrap();
    assert_eq!((checked.totals.accepted, checked.totals.duplicates, checked.replaces), (0, 2, 0));
    let copy = submit(&hub, &stale).await;
    assert_eq!((copy.report.totals.duplicates, copy.report.replaces), (2, 0));
    assert_eq!((count_of(&copy.report, "corrected_since"), count_of(&copy.report, "held_already")), (2, 0));
    close(sums(&hub).await, (3.0, 117.0));
    // It says so once more when the figures are made anew, and counts when the correction is withdrawn.
    hub.rebuild(&(), at()).await.unwrap();
    close(sums(&hub).await, (3.0, 117.0));
    let shown = hub.submission(copy.submission).await.unwrap();
    assert!(shown.findings.to_string().contains("corrected_since"));
    assert_eq!((shown.others[0].submission, shown.others[0].kind, shown.others[0].rows), (2, "outranked_by", 2));
    hub.decide(2, &Verdict::Withdraw, "wrong meter", at()).await.unwrap();
    close(sums(&hub).await, (3.0, 18.0));
    hub.undo(2, None, at()).unwrap();
    close(sums(&hub).await, (3.0, 117.0));
    // A second correction of one of them is news.
    submit(&hub, &undeclared("second.csv", &[("a", 0, 51.0)])).await;
    for again in [[("a", 0, 5.0), ("c", 4, 7.0)], [("a", 0, 50.0), ("c", 4, 7.0)]] {
        let again = submit(&hub, &undeclared("again.csv", &again)).await;
        assert_eq!((count_of(&again.report, "corrected_since"), again.report.totals.duplicates), (1, 2));
        close(sums(&hub).await, (3.0, 118.0));
    }
}

#[tokio::test]
async fn a_return_that_declares_its_months_may_take_a_correction_back_once_somebody_has_looked() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", rows(&[("a", 0, 5.0), ("b", 2, 6.0)]), "2024-01")).await;
    submit(&hub, &undeclared("correction.csv", &[("a", 0, 50.0)])).await;
    close(sums(&hub).await, (2.0, 56.0));
    let back = submit(&hub, &a_return("gb-aaa", rows(&[("a", 0, 5.0)]), "2024-01")).await;
    assert_eq!((back.state.id(), back.needs_decision), ("checked", true));
    assert_eq!((count_of(&back.report, "takes_correction_back"), back.report.replaces), (1, 1));
    close(sums(&hub).await, (2.0, 56.0));
    hub.decide(back.submission, &ACCEPT, "the meter was right", at()).await.unwrap();
    close(sums(&hub).await, (2.0, 11.0));
    hub.rebuild(&(), at()).await.unwrap();
    close(sums(&hub).await, (2.0, 11.0));
    let stale = submit(&hub, &undeclared("stale.csv", &[("a", 0, 50.0), ("b", 2, 6.0)])).await;
    assert_eq!((count_of(&stale.report, "corrected_since"), stale.report.totals.duplicates), (1, 2));
    close(sums(&hub).await, (2.0, 11.0));
}

#[tokio::test]
async fn a_correction_that_is_accepted_late_counts_as_if_it_had_been_accepted_when_it_came() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &undeclared("a.csv", &[("a", 0, 10.0)])).await;
    let late = submit(&hub, &NewReturn { accept: false, ..undeclared("b.csv", &[("a", 0, 20.0)]) }).await.submission;
    sums(&hub).await;
    // Its row stays out for that of the first return, and has to be compared with the correction once that counts.
    let declared = NewReturn {
        file_name: "c.csv".into(),
        ..a_return("gb-aaa", rows(&[("a", 0, 10.0), ("b", 2, 5.0)]), "2024-01")
    };
    submit(&hub, &declared).await;
    close(sums(&hub).await, (2.0, 15.0));
    hub.decide(late, &ACCEPT, "", at()).await.unwrap();
    let shown = sums(&hub).await;
    hub.rebuild(&(), at()).await.unwrap();
    close(sums(&hub).await, shown);
    close(shown, (2.0, 15.0));
}

#[tokio::test]
async fn a_stale_copy_without_ids_counts_nothing_twice_and_an_id_that_comes_later_is_known() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let unnamed = |file_name: &str, sessions: &[(&str, i64, f64)]| {
        let text = String::from_utf8(rows(sessions)).unwrap();
        let bare: Vec<String> = text.lines().map(|line| line.split_once(',').unwrap().1.to_owned() + "\n").collect();
        let file = a_return("gb-aaa", bare.concat().into_bytes(), "2024-01");
        NewReturn { file_name: file_name.to_owned(), period: None, ..file }
    };
    submit(&hub, &undeclared("one.csv", &[("a", 0, 10.0)])).await;
    submit(&hub, &undeclared("two.csv", &[("a", 0, 20.0)])).await;
    close(sums(&hub).await, (1.0, 20.0));
    let stale = submit(&hub, &unnamed("three.csv", &[("a", 0, 10.0), ("b", 2, 5.0)])).await;
    assert_eq!((count_of(&stale.report, "corrected_since"), stale.report.totals.accepted), (1, 1));
    close(sums(&hub).await, (2.0, 25.0));
    // The second of them gets its id, and is corrected by it.
    let named = submit(&hub, &undeclared("four.csv", &[("b", 2, 5.0)])).await;
    assert_eq!((named.report.replaces, named.report.totals.accepted), (1, 1));
    close(sums(&hub).await, (2.0, 25.0));
    submit(&hub, &undeclared("five.csv", &[("b", 2, 7.0)])).await;
    close(sums(&hub).await, (2.0, 27.0));
    hub.rebuild(&(), at()).await.unwrap();
    close(sums(&hub).await, (2.0, 27.0));
}

#[tokio::test]
async fn an_id_that_comes_again_on_another_day_with_the_same_energy_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &undeclared("one.csv", &[("a", 0, 10.0)])).await;
    sums(&hub).await;
    let moved = submit(&hub, &undeclared("two.csv", &[("a", 72, 10.0)])).await;
    assert_eq!(count_of(&moved.report, "same_id_in_other_return"), 1);
    close(sums(&hub).await, (2.0, 20.0));
}

#[tokio::test]
async fn a_return_that_waits_says_what_it_would_add_to_the_figures_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let waiting = NewReturn { accept: false, ..undeclared("waits.csv", &[("a", 0, 5.0), ("b", 2, 6.0)]) };
    let waiting = submit(&hub, &waiting).await.submission;
    let says = async || {
        let shown = hub.submission(waiting).await.unwrap();
        let others: Vec<(i64, &str, u64)> = shown.others.iter().map(|o| (o.submission, o.kind, o.rows)).collect();
        ((shown.submission.totals.accepted, shown.submission.totals.duplicates), others)
    };
    assert_eq!(says().await, ((2, 0), Vec::new()));
    submit(&hub, &undeclared("fuller.csv", &[("a", 0, 5.0), ("b", 2, 6.0), ("c", 4, 7.0)])).await;
    sums(&hub).await;
    assert_eq!(says().await, ((0, 2), vec![(2, "repeats", 2)]));
    // One that moves the fuller one out of the lake and in again.
    let beside = submit(&hub, &undeclared("beside.csv", &[("c", 4, 8.0)])).await.submission;
    sums(&hub).await;
    hub.decide(beside, &Verdict::Withdraw, "", at()).await.unwrap();
    sums(&hub).await;
    assert_eq!(says().await, ((0, 2), vec![(2, "repeats", 2)]));
    hub.decide(2, &Verdict::Withdraw, "", at()).await.unwrap();
    sums(&hub).await;
    assert_eq!(says().await, ((2, 0), Vec::new()));
    // What it would replace is told as long as it waits, also when it is sent again.
    let corrects = NewReturn { accept: false, ..undeclared("corrects.csv", &[("c", 4, 70.0)]) };
    hub.undo(2, None, at()).unwrap();
    sums(&hub).await;
    for _ in 0..2 {
        let told = submit(&hub, &corrects).await;
        assert_eq!((count_of(&told.report, "replaces_earlier"), told.report.replaces), (1, 1));
    }
    assert!(hub.submission(4).await.unwrap().findings.to_string().contains("replaces_earlier"));
    hub.decide(4, &ACCEPT, "", at()).await.unwrap();
    sums(&hub).await;
    let shown = hub.submission(4).await.unwrap();
    assert!(!shown.findings.to_string().contains("replaces_earlier"));
    assert_eq!((shown.others[0].kind, shown.others[0].rows), ("replaces", 1));
}

#[tokio::test]
async fn a_later_return_wins_only_in_the_period_that_it_declares() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", rows(&[("a", 0, 5.0), ("b", 900, 6.0)]), "2024-01..2024-02")).await;
    sums(&hub).await;
    let later = submit(&hub, &a_return("gb-aaa", rows(&[("a", 0, 50.0), ("b", 900, 60.0)]), "2024-02")).await;
    assert_eq!((later.report.totals.accepted, later.report.totals.duplicates, later.report.replaces), (1, 1, 1));
    close(sums(&hub).await, (2.0, 65.0));
}

#[tokio::test]
async fn withdrawing_the_only_return_leaves_nothing_in_the_figures() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let only = submit(&hub, &a_return("gb-aaa", csv("a", "2024-01", 60, 4), "2024-01")).await;
    sums(&hub).await;
    hub.decide(only.submission, &Verdict::Withdraw, "", at()).await.unwrap();
    close(sums(&hub).await, (0.0, 0.0));
    assert!(answer(&hub, &["sessions"], &["month"]).await.rows.is_empty());
    assert!(hub.decide(only.submission, &Verdict::Withdraw, "", at()).await.is_err(), "it is withdrawn already");
}

/// What a report says of other returns: rules, how often, and the first row of each.
fn told(report: &kerbwatt_hub::Report) -> Vec<(String, u64, String)> {
    let across = ["held_already", "replaces_earlier", "same_id_in_other_return", "overlaps_other_return"];
    let found = report.findings.iter().filter(|finding| across.contains(&finding.rule));
    found.map(|one| (one.rule.to_owned(), one.count, one.examples[0].value.clone())).collect()
}

#[tokio::test]
async fn returns_handed_in_together_are_compared_as_if_they_had_been_published_one_by_one() {
    let site = |site: &str, rows: Vec<u8>| String::from_utf8(rows).unwrap().replace("P1", site).into_bytes();
    let files = [
        rows(&[("a", 0, 5.0), ("b", 2, 6.0), ("c", 4, 7.0)]),
        // A correction, a repeat, and a session that overlaps one.
        rows(&[("a", 0, 5.5), ("b", 2, 6.0), ("x", 4, 9.0)]),
        // What was corrected is corrected again; under an id of another session; a point that nobody named before.
        rows(&[("a", 0, 5.7)]),
        site("P2", rows(&[("c", 30, 1.0), ("n", 40, 2.0)])),
        site("P2", rows(&[("n", 40, 2.0), ("b", 50, 3.0)])),
    ];
    let mut reports = Vec::new();
    for is_published in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let hub = writer(dir.path()).await;
        let mut of_files = Vec::new();
        for (at, file) in files.iter().enumerate() {
            let mut file = a_return("gb-aaa", file.clone(), "2024-01");
            file.file_name = format!("{at}.csv");
            let report = submit(&hub, &file).await.report;
            of_files.push((report.totals, report.repeated, report.replaces, told(&report)));
            if is_published {
                sums(&hub).await;
            }
        }
        let sums = sums(&hub).await;
        reports.push((of_files, sums));
    }
    let by_file: Vec<Vec<&str>> =
        reports[0].0.iter().map(|one| one.3.iter().map(|(rule, ..)| rule.as_str()).collect()).collect();
    assert_eq!(by_file[0], [""; 0]);
    assert!(by_file[1].contains(&"replaces_earlier") && by_file[1].contains(&"held_already"), "{by_file:?}");
    assert!(by_file[3].contains(&"same_id_in_other_return"), "{by_file:?}");
    assert_eq!(reports[0], reports[1]);
}

#[tokio::test]
async fn a_session_that_comes_again_without_id_and_rounded_counts_once_whatever_is_accepted_and_taken_back() {
    let without_ids = |sessions: &[(&str, i64, f64)]| {
        let text = String::from_utf8(rows(sessions)).unwrap();
        let lines = text.lines().map(|line| if line.starts_with("session_id") { line } else { &line[1..] });
        (lines.collect::<Vec<_>>().join("\n") + "\n").into_bytes()
    };
    let files = [
        rows(&[("a", 0, 7.25), ("b", 2, 6.26)]),
        without_ids(&[("a", 0, 7.3), ("b", 2, 6.3)]),
        // Another session of those minutes, so that nobody can say which of the two comes again.
        rows(&[("c", 0, 7.28), ("d", 4, 1.0)]),
        without_ids(&[("a", 0, 7.0), ("d", 4, 1.0)]),
    ];
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    for (at, file) in files.iter().enumerate().take(2) {
        let mut file = a_return("gb-aaa", file.clone(), "2024-01");
        file.file_name = format!("{at}.csv");
        let report = submit(&hub, &file).await.report;
        assert_eq!(report.repeated, [0, 2][at]);
    }
    close(sums(&hub).await, (2.0, 13.51));
    for (at, file) in files.iter().enumerate().skip(2) {
        let mut file = a_return("gb-aaa", file.clone(), "2024-01");
        file.file_name = format!("{at}.csv");
        submit(&hub, &file).await;
    }
    for id in [3, 1, 3, 2, 1, 4, 3, 4, 2] {
        let accepted = hub.submission(id).await.unwrap().submission.state == "accepted";
        hub.decide(id, if accepted { &Verdict::Withdraw } else { &ACCEPT }, "", at()).await.unwrap();
        let shown = sums(&hub).await;
        hub.rebuild(&(), at()).await.unwrap();
        close(sums(&hub).await, shown);
    }
}

/// A return's sessions, each an id, the hour at which it begins and its energy; whether it is accepted, and whether it declares its days.
type Handed = (Vec<(usize, i64, f64)>, bool, bool);

/// What must be shown: accepted returns in the order in which they were received, each id once, the last one standing that says what
/// none said before, or declares its days.
fn oracle(returns: &[Handed]) -> (f64, f64) {
    let mut said: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for (rows, _, is_declared) in returns.iter().filter(|(_, accepted, _)| *accepted) {
        for (id, _, energy_kwh) in rows {
            let before = said.entry(*id).or_default();
            let is_news = if *is_declared { before.last() != Some(energy_kwh) } else { !before.contains(energy_kwh) };
            if is_news {
                before.push(*energy_kwh);
            }
        }
    }
    (f64::from(u32::try_from(said.len()).unwrap()), said.values().filter_map(|said| said.last()).sum())
}

/// A plain generator of numbers below a limit: the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

#[tokio::test]
async fn whatever_is_submitted_accepted_and_taken_back_in_whatever_order_figures_are_those_of_a_fresh_start() {
    // In every second world a few values come again and again, so that many rows say what was corrected.
    for (seed, values) in (0..12).zip([2, 100].into_iter().cycle()) {
        let dir = tempfile::tempdir().unwrap();
        let hub = writer(dir.path()).await;
        let mut dice = Dice(seed);
        let mut returns: Vec<Handed> = Vec::new();
        for step in 0..14 {
            if returns.len() < 5 && dice.below(2) == 0 {
                let mut rows: Vec<(usize, i64, f64)> = Vec::new();
                for (id, hour) in (0..12).zip((0..).step_by(150)) {
                    if dice.below(2) == 0 {
                        rows.push((id, hour, f64::from(1 + (step + i32::from(dice.below(2) == 0)) % values)));
                    }
                }
                if rows.is_empty() {
                    continue;
                }
                let (accept, is_declared) = (dice.below(3) > 0, dice.below(3) == 0);
                let mut file = file(&rows, accept, step);
                file.period = is_declared.then(|| kerbwatt_model::Period::parse("2024").unwrap());
                // One that takes a correction back waits.
                let is_accepted = submit(&hub, &file).await.is_accepted();
                returns.push((rows, is_accepted, is_declared));
            } else if !returns.is_empty() {
                let at_random = usize::try_from(dice.below(returns.len() as u64)).unwrap();
                let id = i64::try_from(at_random).unwrap() + 1;
                let verdict = if returns[at_random].1 { Verdict::Withdraw } else { ACCEPT };
                hub.decide(id, &verdict, "", at()).await.unwrap();
                returns[at_random].1 = !returns[at_random].1;
            }
            if dice.below(2) == 0 {
                close(sums(&hub).await, oracle(&returns));
            }
        }
        let shown = sums(&hub).await;
        close(shown, oracle(&returns));
        let before = hub.submissions().await.unwrap();
        hub.rebuild(&(), at()).await.unwrap();
        close(sums(&hub).await, shown);
        let after = hub.submissions().await.unwrap();
        let counts = |views: &[kerbwatt_hub::SubmissionView]| -> Vec<(u64, u64, u64)> {
            views.iter().map(|view| (view.totals.accepted, view.totals.duplicates, view.superseded)).collect()
        };
        let decided = |views: &[kerbwatt_hub::SubmissionView]| {
            views.iter().filter(|v| v.state == "accepted").cloned().collect::<Vec<_>>()
        };
        assert_eq!(counts(&decided(&before)), counts(&decided(&after)), "seed {seed}");
    }
}

fn file(of: &[(usize, i64, f64)], accept: bool, step: i32) -> NewReturn {
    let named: Vec<(String, i64, f64)> = of.iter().map(|(id, hour, kwh)| (format!("s{id}"), *hour, *kwh)).collect();
    let sessions: Vec<(&str, i64, f64)> = named.iter().map(|(id, hour, kwh)| (id.as_str(), *hour, *kwh)).collect();
    NewReturn { accept, ..undeclared(&format!("step-{step}.csv"), &sessions) }
}
