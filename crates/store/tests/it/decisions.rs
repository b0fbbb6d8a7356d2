use kerbwatt_store::{
    Crossing, CrossingKind, Entered, Ledger, LedgerError, NewDecision, NewLayout, NewSubmission, Outcome, Publication,
    Relation, SubmissionState,
};

use crate::ledger::{accepted, at, ledger, reading, submission};

fn decision(kind: &str, undoes: Option<i64>) -> NewDecision {
    let detail = String::new();
    NewDecision { kind: kind.into(), detail, note: "a note".into(), before_json: "{\"state\":1}".into(), undoes }
}

fn becomes(state: SubmissionState) -> Outcome {
    Outcome { state: Some(state), ..Outcome::default() }
}

fn publish(ledger: &Ledger, entered: Vec<Entered>, left: &[i64]) {
    let left = left.to_vec();
    let publication = Publication { entered, left, reason: "a test".into(), ..Publication::default() };
    ledger.publish(&publication, at(100)).unwrap();
}

fn entered(submission: i64) -> Entered {
    Entered { submission, ..Entered::default() }
}

#[test]
fn a_decision_changes_the_state_and_is_kept_with_what_was_so_before() {
    let (_dir, ledger) = ledger();
    let id = ledger.record(&submission("gb-dcc", b"a"), at(0)).unwrap();
    let number = ledger.decide(id, &decision("accept", None), &becomes(SubmissionState::Accepted), at(1)).unwrap();
    let found = ledger.submission(id).unwrap().unwrap();
    assert_eq!((found.state, found.decided_at), (SubmissionState::Accepted, Some(at(1))));
    assert_eq!(ledger.pending().unwrap(), [id]);
    let kept = ledger.decisions(id).unwrap();
    assert_eq!((kept[0].id, kept[0].kind.as_str(), kept[0].at, kept[0].undone_by), (number, "accept", at(1), None));
    assert_eq!((kept[0].note.as_str(), kept[0].before_json.as_str()), ("a note", "{\"state\":1}"));
    assert_eq!(ledger.audit().unwrap().last().unwrap().event, "accept");
}

#[test]
fn a_decision_is_taken_back_once_and_only_by_one_about_the_same_submission() {
    let (_dir, ledger) = ledger();
    let id = ledger.record(&accepted("gb-dcc", b"a"), at(0)).unwrap();
    let other = ledger.record(&accepted("gb-dcc", b"b"), at(0)).unwrap();
    let first = ledger.decisions(id).unwrap()[0].id;
    let undo = decision("undo", Some(first));
    let checked = becomes(SubmissionState::Checked);
    assert!(matches!(ledger.decide(other, &undo, &checked, at(1)), Err(LedgerError::Absent { .. })));
    assert_eq!(ledger.submission(other).unwrap().unwrap().state, SubmissionState::Accepted, "nothing is half done");
    let number = ledger.decide(id, &undo, &checked, at(2)).unwrap();
    assert_eq!(ledger.decisions(id).unwrap()[0].undone_by, Some(number));
    assert!(matches!(ledger.decide(id, &undo, &checked, at(3)), Err(LedgerError::Absent { .. })));
    assert!(matches!(ledger.decide(99, &decision("accept", None), &checked, at(3)), Err(LedgerError::Absent { .. })));
}

#[test]
fn a_layout_is_known_with_the_decision_on_it_and_not_without() {
    let (_dir, ledger) = ledger();
    let layout = |profile: &str| Some(NewLayout { name: "own".into(), profile: profile.into() });
    let known = || -> Vec<(String, i64, String)> {
        let all = ledger.layouts().unwrap().into_iter();
        all.map(|one| (one.operator, one.version, one.profile)).collect()
    };
    let id = ledger.record(&submission("gb-dcc", b"a"), at(0)).unwrap();
    let confirmed = |profile| Outcome { layout: layout(profile), ..Outcome::default() };
    // A decision that fails after the layout was written stands for a death between the two.
    let impossible = ledger.decide(id, &decision("undo", Some(99)), &confirmed("a"), at(1));
    assert!(matches!(impossible, Err(LedgerError::Absent { .. })) && known().is_empty());
    let new = NewSubmission {
        layout: layout("a"),
        decisions: vec![decision("undo", Some(99))],
        ..submission("gb-dcc", b"b")
    };
    assert!(ledger.record(&new, at(1)).is_err() && known().is_empty());
    assert!(ledger.audit().unwrap().iter().all(|line| line.event != "layout"));
    for (second, profile) in [(2, "a"), (3, "a"), (4, "b")] {
        ledger.decide(id, &decision("confirm_layout", None), &confirmed(profile), at(second)).unwrap();
    }
    assert_eq!(known(), [("gb-dcc".into(), 2, "b".into())], "what says the same is no new version");
}

#[test]
fn what_is_in_the_lake_is_stale_after_a_decision_until_it_is_published_again() {
    let (_dir, ledger) = ledger();
    let id = ledger.record(&accepted("gb-dcc", b"a"), at(0)).unwrap();
    publish(&ledger, vec![entered(id)], &[]);
    assert!(ledger.pending().unwrap().is_empty());
    ledger.decide(id, &decision("withdraw", None), &becomes(SubmissionState::Withdrawn), at(1)).unwrap();
    let found = ledger.submission(id).unwrap().unwrap();
    assert_eq!((found.in_lake, found.is_stale, ledger.pending().unwrap()), (true, true, vec![id]));
    publish(&ledger, vec![], &[id]);
    let found = ledger.submission(id).unwrap().unwrap();
    assert_eq!((found.in_lake, found.is_stale, ledger.pending().unwrap()), (false, false, vec![]));
}

#[test]
fn a_new_reading_replaces_counts_and_rows_and_one_that_does_not_add_up_changes_nothing() {
    let (_dir, ledger) = ledger();
    let id = ledger.record(&submission("gb-dcc", b"a"), at(0)).unwrap();
    let mut new = reading();
    new.duplicates.clear();
    (new.totals.duplicates, new.totals.accepted, new.repairs) = (0, 3, vec!["day_month_swap".into()]);
    let repaired = Outcome { reading: Some(new.clone()), ..Outcome::default() };
    ledger.decide(id, &decision("apply_repair", None), &repaired, at(1)).unwrap();
    let found = ledger.submission(id).unwrap().unwrap();
    assert_eq!((found.totals, found.repairs), (new.totals, new.repairs.clone()));
    assert!(ledger.duplicates(id).unwrap().is_empty());
    assert_eq!(ledger.quarantine(id, 0, 9).unwrap().1, 1);
    new.totals.rows_read = 9;
    let wrong = Outcome { reading: Some(new), ..Outcome::default() };
    let error = ledger.decide(id, &decision("apply_repair", None), &wrong, at(2)).unwrap_err();
    assert!(matches!(error, LedgerError::DoesNotAddUp { .. }), "{error}");
    assert_eq!(ledger.decisions(id).unwrap().len(), 1);
}

fn crossing(row: u64, kind: CrossingKind, other: i64) -> Crossing {
    Crossing { row, kind, other, other_row: 7, energy_kwh: 2.5, said: None }
}

#[test]
fn rows_that_returns_share_are_counted_on_both_sides_and_forgotten_when_one_leaves() {
    let (_dir, ledger) = ledger();
    let ids: Vec<i64> =
        [b"a", b"b", b"c"].map(|bytes| ledger.record(&accepted("gb-dcc", bytes), at(0)).unwrap()).to_vec();
    let [one, two, three] = ids[..] else { unreachable!() };
    let second = Entered {
        crossings: vec![crossing(1, CrossingKind::Repeats, one)],
        replaces: vec![(one, crossing(2, CrossingKind::Replaced, two))],
        overlaps: [(one, 4)].into(),
        ..entered(two)
    };
    publish(&ledger, vec![entered(one), second, entered(three)], &[]);
    let crossed = |id| ledger.submission(id).unwrap().unwrap().crossed;
    assert_eq!((crossed(one).replaced, crossed(one).energy_replaced_kwh, crossed(one).repeated), (1, 2.5, 0));
    assert_eq!((crossed(two).repeated, crossed(two).energy_repeated_kwh), (1, 2.5));
    let relation = |kind, rows, energy_kwh| Relation { other: one, kind, rows, energy_kwh };
    let found = ledger.relations(two).unwrap();
    assert_eq!(found, [relation("overlaps", 4, 0.0), relation("repeats", 1, 2.5), relation("replaces", 1, 2.5)]);
    assert_eq!(ledger.dependants(&[one]).unwrap(), [two]);
    assert_eq!(ledger.dependants(&[three]).unwrap(), [0; 0]);
    ledger.decide(two, &decision("withdraw", None), &becomes(SubmissionState::Withdrawn), at(1)).unwrap();
    assert_eq!(ledger.dependants(&[two]).unwrap(), [one], "the other side goes in anew");
    publish(&ledger, vec![entered(one)], &[two]);
    assert_eq!((crossed(one).replaced, crossed(two).repeated), (0, 0));
    assert!(ledger.relations(two).unwrap().is_empty());
}
