//! Damage is found and named; what can be made anew is.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kerbwatt_hub::{Hub, HubError, Verdict};
use kerbwatt_store::{Lake, Ledger, NewDecision, Outcome, Publication, Reading, SubmissionTotals, TableSpec};

use crate::folder::{a_return, at, csv, figure, submit, writer};

async fn folder(dir: &Path) {
    let hub = writer(dir).await;
    submit(&hub, &a_return("gb-aaa", csv("a", "2024-01", 60, 4), "2024-01")).await;
    hub.publish(&(), at()).await.unwrap();
}

fn files(dir: &Path, part: &str, extension: Option<&str>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![dir.join(part)];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().and_then(|e| e.to_str()) == extension {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

async fn problems(dir: &Path) -> Vec<String> {
    let hub = Hub::open_for_reading(dir).await.unwrap();
    hub.verify(&()).await.unwrap().problems.into_iter().map(|problem| problem.what).collect()
}

#[tokio::test]
async fn a_whole_folder_has_no_problems() {
    let dir = tempfile::tempdir().unwrap();
    folder(dir.path()).await;
    assert_eq!(problems(dir.path()).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_flipped_byte_in_the_vault_is_found_and_mended_by_the_file_itself() {
    let dir = tempfile::tempdir().unwrap();
    folder(dir.path()).await;
    let file = files(dir.path(), "vault", None).pop().unwrap();
    let mut bytes = fs::read(&file).unwrap();
    bytes[200] ^= 1;
    fs::write(&file, bytes).unwrap();
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    assert!(problems(dir.path()).await.iter().any(|problem| problem.contains(&name)));
}

#[tokio::test]
async fn a_return_that_waits_for_its_layout_is_no_problem_and_damage_to_its_file_is_one() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let row = |day| format!("B{};{day:02}.02.2024 08:15;{day:02}.02.2024 09:45;{day}.5\n", day % 3);
    let text: String = std::iter::once("Bay;Arrived;Left;Drawn\n".to_owned()).chain((1..=28).map(row)).collect();
    let waiting = submit(&hub, &a_return("gb-aaa", text.into_bytes(), "2024-02")).await;
    assert!(waiting.unread.is_some() && !waiting.is_accepted());
    drop(hub);
    assert_eq!(problems(dir.path()).await, Vec::<String>::new());
    let file = files(dir.path(), "vault", None).pop().unwrap();
    let mut bytes = fs::read(&file).unwrap();
    bytes[200] ^= 1;
    fs::write(&file, bytes).unwrap();
    assert!(!problems(dir.path()).await.is_empty());
}

#[tokio::test]
async fn a_missing_parquet_file_is_found_and_a_rebuild_mends_it() {
    let dir = tempfile::tempdir().unwrap();
    folder(dir.path()).await;
    let file = files(dir.path(), "lake", Some("parquet"))
        .into_iter()
        .find(|p| p.to_string_lossy().contains("sessions"))
        .unwrap();
    fs::remove_file(&file).unwrap();
    assert!(problems(dir.path()).await.iter().any(|problem| problem.contains("sessions")));
    let hub = writer(dir.path()).await;
    hub.rebuild(&(), at()).await.unwrap();
    assert_eq!(figure(&hub, "sessions").await, Some(60.0));
    drop(hub);
    assert_eq!(problems(dir.path()).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_damaged_log_of_a_table_is_found_and_a_rebuild_mends_it() {
    let dir = tempfile::tempdir().unwrap();
    folder(dir.path()).await;
    let logs = files(dir.path(), "lake", Some("json"));
    let log = logs.into_iter().rfind(|path| path.to_string_lossy().contains("evse_month")).unwrap();
    fs::write(&log, "not a log").unwrap();
    assert!(!problems(dir.path()).await.is_empty());
    let hub = writer(dir.path()).await;
    hub.rebuild(&(), at()).await.unwrap();
    assert_eq!(figure(&hub, "sessions").await, Some(60.0));
    drop(hub);
    assert_eq!(problems(dir.path()).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_row_too_many_in_the_lake_is_found() {
    let dir = tempfile::tempdir().unwrap();
    folder(dir.path()).await;
    let of = |dir: &Path| {
        let all = files(dir, "lake", Some("parquet"));
        all.into_iter().find(|path| path.to_string_lossy().contains("sessions")).unwrap()
    };
    let other = tempfile::tempdir().unwrap();
    let hub = writer(other.path()).await;
    submit(&hub, &a_return("gb-aaa", csv("a", "2024-01", 61, 4), "2024-01")).await;
    hub.publish(&(), at()).await.unwrap();
    fs::copy(of(other.path()), of(dir.path())).unwrap();
    let found = problems(dir.path()).await;
    assert!(found.iter().any(|problem| problem.contains("61") || problem.contains("SHA-256")), "{found:?}");
}

#[tokio::test]
async fn a_folder_from_a_newer_version_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    folder(dir.path()).await;
    fs::write(dir.path().join("FORMAT"), "kerbwatt 99\n").unwrap();
    for error in [
        Hub::open_for_writing(dir.path(), "test").await.err().unwrap(),
        Hub::open_for_reading(dir.path()).await.err().unwrap(),
    ] {
        assert!(matches!(error, HubError::Folder(_)) && error.to_string().contains("99"), "{error}");
    }
}

/// As a folder looks that an older program wrote: a table with fewer columns.
#[tokio::test]
async fn a_lake_of_another_version_of_the_program_is_made_anew_when_it_is_opened() {
    let dir = tempfile::tempdir().unwrap();
    let before = {
        let hub = writer(dir.path()).await;
        submit(&hub, &a_return("gb-aaa", csv("a", "2024-01", 40, 4), "2024-01")).await;
        hub.publish(&(), at()).await.unwrap();
        figure(&hub, "energy_kwh").await
    };
    let lake = Lake::new(&dir.path().join("lake"));
    let ours = kerbwatt_engine::spec("evse_month");
    let columns = ours.schema.fields().iter().enumerate();
    let kept: Vec<usize> = columns.filter(|(_, field)| field.name() != "fee_pence").map(|(at, _)| at).collect();
    let schema = Arc::new(ours.schema.project(&kept).unwrap());
    let older = TableSpec { schema, ..ours.clone() };
    lake.discard(&ours).await.unwrap();
    lake.create_if_missing(&older).await.unwrap();
    assert!(!lake.has_columns_of(&ours).unwrap());
    let hub = writer(dir.path()).await;
    assert!(lake.has_columns_of(&ours).unwrap());
    assert!(before.is_some_and(|kwh| kwh > 0.0));
    assert_eq!(figure(&hub, "energy_kwh").await, before);
    assert_eq!(figure(&hub, "utilisation_time").await.map(|share| share > 0.0), Some(true));
}

#[tokio::test]
async fn a_rebuild_removes_tables_that_an_older_version_of_the_program_kept() {
    let dir = tempfile::tempdir().unwrap();
    folder(dir.path()).await;
    let older = dir.path().join("lake").join("evse_day");
    fs::create_dir_all(older.join("_delta_log")).unwrap();
    let hub = writer(dir.path()).await;
    assert!(older.exists());
    hub.rebuild(&(), at()).await.unwrap();
    assert!(!older.exists());
    assert_eq!(figure(&hub, "sessions").await, Some(60.0));
}

#[tokio::test]
async fn what_a_death_left_in_the_lake_is_swept_by_the_next_writer() {
    let dir = tempfile::tempdir().unwrap();
    folder(dir.path()).await;
    let lake = Lake::new(&dir.path().join("lake"));
    assert!(!lake.is_unfinished(), "what went well leaves no note");
    lake.begin().unwrap();
    let left = dir.path().join("lake").join("sessions").join("part-00000009-00000-aaaaaaaaaaaa.parquet");
    fs::write(&left, "half a file").unwrap();
    let hub = writer(dir.path()).await;
    assert!(!left.exists() && !lake.is_unfinished());
    assert_eq!(figure(&hub, "sessions").await, Some(60.0));
}

/// Records of a return that it was read otherwise: as it would be after an update that reads its file better.
fn as_an_earlier_version_read_it(dir: &Path, submission: i64) {
    let ledger = Ledger::open_for_writing(&dir.join("ledger.sqlite")).unwrap();
    let now = ledger.submission(submission).unwrap().unwrap();
    let reading = Reading {
        declared: now.declared,
        found: now.found,
        covered: None,
        profile: now.profile,
        layout: now.layout,
        zone: now.zone,
        totals: SubmissionTotals { rows_read: 59, accepted: 59, ..now.totals },
        findings_json: "[]".to_owned(),
        details_json: "{}".to_owned(),
        repairs: now.repairs,
        repaired: Vec::new(),
        limits: now.limits,
        overlap_json: None,
        quarantined: Vec::new(),
        duplicates: Vec::new(),
    };
    let decision = NewDecision {
        kind: "decline_repair".to_owned(),
        detail: String::new(),
        note: String::new(),
        before_json: "{}".to_owned(),
        undoes: None,
    };
    ledger.decide(submission, &decision, &Outcome { reading: Some(reading), ..Outcome::default() }, at()).unwrap();
}

#[tokio::test]
async fn a_return_that_a_newer_version_reads_otherwise_is_named_and_can_be_recorded_anew() {
    let dir = tempfile::tempdir().unwrap();
    folder(dir.path()).await;
    as_an_earlier_version_read_it(dir.path(), 1);
    let hub = writer(dir.path()).await;
    let error = hub.rebuild(&(), at()).await.unwrap_err();
    assert!(matches!(error, HubError::Changed { submission: 1, .. }), "{error}");
    assert!(error.advice().contains("--read-anew"), "{}", error.advice());

    hub.decide(1, &Verdict::ReadAnew, "after the update", at()).await.unwrap();
    hub.rebuild(&(), at()).await.unwrap();
    assert_eq!(figure(&hub, "sessions").await, Some(60.0));
    let detail = hub.submission(1).await.unwrap();
    assert_eq!(detail.submission.totals.accepted, 60);
    let entry = detail.history.iter().find(|entry| entry.kind == "read_anew").unwrap();
    assert_eq!(entry.says, "Read anew – after the update");
    assert!(!entry.can_undo, "nobody can read a file as an earlier version did");
    drop(hub);
    assert_eq!(problems(dir.path()).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_folder_of_an_earlier_version_opens_although_a_return_is_read_otherwise_now() {
    let dir = tempfile::tempdir().unwrap();
    folder(dir.path()).await;
    as_an_earlier_version_read_it(dir.path(), 1);
    let ledger = Ledger::open_for_writing(&dir.path().join("ledger.sqlite")).unwrap();
    let before = ledger.data_version().unwrap().unwrap();
    let format = "other columns".to_owned();
    let older = Publication { tables: before.tables, table_ids: before.table_ids, format, ..Publication::default() };
    ledger.publish(&older, at()).unwrap();
    drop(ledger);

    let hub = writer(dir.path()).await;
    let error = hub.publish(&(), at()).await.unwrap_err();
    assert!(matches!(error, HubError::Changed { submission: 1, .. }), "{error}");
    hub.decide(1, &Verdict::ReadAnew, "", at()).await.unwrap();
    hub.publish(&(), at()).await.unwrap();
    assert_eq!(figure(&hub, "sessions").await, Some(60.0));
    drop(hub);
    assert_eq!(problems(dir.path()).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_decided_and_not_yet_in_the_figures_is_no_problem() {
    let dir = tempfile::tempdir().unwrap();
    folder(dir.path()).await;
    let hub = writer(dir.path()).await;
    hub.decide(1, &Verdict::Withdraw, "", at()).await.unwrap();
    // As a death before publishing leaves it.
    drop(hub);
    let verified = Hub::open_for_reading(dir.path()).await.unwrap().verify(&()).await.unwrap();
    assert_eq!(verified.problems, Vec::new());
    assert!(verified.notes.len() == 1 && verified.notes[0].starts_with("submission 1 "), "{:?}", verified.notes);
    drop(writer(dir.path()).await);
    let verified = Hub::open_for_reading(dir.path()).await.unwrap().verify(&()).await.unwrap();
    assert!(verified.problems.is_empty() && verified.notes.is_empty(), "the next writer catches up");
}

#[tokio::test]
async fn nothing_is_published_on_top_of_a_lake_whose_log_has_lost_a_commit() {
    let dir = tempfile::tempdir().unwrap();
    folder(dir.path()).await;
    {
        let hub = writer(dir.path()).await;
        submit(&hub, &a_return("gb-aaa", csv("b", "2024-02", 30, 4), "2024-02")).await;
        hub.publish(&(), at()).await.unwrap();
    }
    let log = dir.path().join("lake/sessions/_delta_log/00000000000000000001.json");
    assert!(log.is_file());
    fs::write(&log, "").unwrap();
    let hub = writer(dir.path()).await;
    let error = hub.publish(&(), at()).await.unwrap_err();
    assert!(matches!(error, HubError::Damaged(_)) && error.to_string().contains("00000001.json"), "{error}");
    assert!(problems(dir.path()).await.iter().any(|problem| problem.contains("00000001.json")));
    hub.rebuild(&(), at()).await.unwrap();
    assert_eq!(figure(&hub, "sessions").await, Some(90.0));
    drop(hub);
    assert_eq!(problems(dir.path()).await, Vec::<String>::new());
}
