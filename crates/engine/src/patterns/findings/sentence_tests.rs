//! What is said in many situations, word for word.

use jiff::civil::date;
use kerbwatt_model::Period;

use super::SentenceKind;
use super::figures::Figures;
use super::sentences::sentences;
use crate::patterns::views::{Growth, LikeForLike, StepChange};
use crate::{Comparison, Coverage, NotCompared};

fn coverage(share: f64, registered: usize, reported: usize) -> Coverage {
    Coverage {
        registered_evse_days: 1000.0,
        reported_evse_days: 1000.0 * share,
        share: Some(share),
        operators_registered: registered,
        operators_reported: reported,
        ..Coverage::default()
    }
}

/// Of charge-point days of two quarters, (now, before): those reported on, and those that lack a return.
fn compared(evse_days: (u32, u32), missing: (u32, u32)) -> Comparison {
    Comparison {
        from: date(2025, 10, 1),
        to: date(2025, 12, 31),
        before_from: date(2024, 10, 1),
        before_to: date(2024, 12, 31),
        comparable: true,
        reason: None,
        words: None,
        evse_days_now: evse_days.0,
        evse_days_before: evse_days.1,
        missing_now: missing.0,
        missing_before: missing.1,
        days_now: 92,
        days_before: 92,
        days_both: 92,
        is_one_point: false,
    }
}

fn refused(reason: NotCompared, counted: Comparison) -> Comparison {
    Comparison { comparable: false, reason: Some(reason), ..counted }
}

fn growth(now: f64, before: f64, evses: (usize, usize), same: Option<(usize, f64)>) -> Growth {
    Growth {
        amount: "sessions",
        from: date(2025, 10, 1),
        to: date(2025, 12, 31),
        before_from: date(2024, 10, 1),
        before_to: date(2024, 12, 31),
        now,
        before,
        change: (before > 0.0).then(|| now / before - 1.0),
        comparison: compared((100, 100), (0, 0)),
        evses_now: evses.0,
        evses_before: evses.1,
        coverage_now: Some(1.0),
        coverage_before: Some(1.0),
        like_for_like: same.map(|(evses, change)| LikeForLike { evses, now, before, change: Some(change) }),
    }
}

/// A quarter of a borough, all of it reported.
fn borough() -> Figures {
    Figures {
        period: Period::parse("2025-10..2025-12").ok(),
        sessions: Some(48_210.0),
        utilisation: Some(0.342),
        evses: 1_164.0,
        unused: Some(31.0),
        growth: Some(growth(48_210.0, 43_432.0, (1_164, 1_102), Some((1_090, 0.041)))),
        steps: Vec::new(),
        half: Some((1_164, 402)),
        missing_days: 0,
        coverage: coverage(1.0, 12, 12),
        sample: false,
    }
}

fn step(before: f64, after: f64) -> StepChange {
    let change = after - before;
    StepChange {
        day: date(2025, 11, 3),
        earliest: date(2025, 11, 1),
        latest: date(2025, 11, 6),
        before,
        after,
        change,
        change_low: change - 0.02,
        change_high: change + 0.02,
        change_share: Some(change / before),
        chance: 0.0025,
    }
}

#[track_caller]
fn says(figures: &Figures, expected: &[&str]) {
    let found = sentences(figures);
    let text: Vec<&str> = found.iter().map(|sentence| sentence.text.as_str()).collect();
    assert_eq!(text, expected);
    assert!(found.len() <= 4 && found.iter().all(|sentence| !sentence.basis.is_empty()));
}

#[test]
fn growth_is_told_with_the_points_behind_it_and_like_for_like() {
    says(
        &borough(),
        &[
            "48,210 charging sessions were reported from October to December 2025; charge points were used 34% of the time.",
            "Sessions rose 11% on the same days a year before, with 1,164 charge points reported on instead of 1,102; at the 1,090 charge points reported on throughout both periods they rose 4%.",
            "31 charge points had no session on any day that was reported.",
        ],
    );
}

#[test]
fn growth_by_added_points_alone_is_said_to_be_that() {
    let figures = Figures { growth: Some(growth(48_210.0, 43_432.0, (1_164, 1_002), Some((990, -0.03)))), ..borough() };
    assert_eq!(
        sentences(&figures)[1].text,
        "Sessions rose 11% on the same days a year before, with 1,164 charge points reported on instead of 1,002: all of the rise is at other charge points, and at the 990 charge points reported on throughout both periods they fell 3%."
    );
}

#[test]
fn a_fall_at_the_same_points_is_a_fall() {
    let figures =
        Figures { growth: Some(growth(40_000.0, 43_432.0, (1_164, 1_164), Some((1_164, -0.079)))), ..borough() };
    assert_eq!(
        sentences(&figures)[1].text,
        "Sessions fell 8% on the same days a year before, at the same charge points."
    );
}

#[test]
fn a_year_before_with_fewer_returns_is_no_growth() {
    let mut thin = growth(48_210.0, 20_000.0, (1_164, 480), Some((470, 0.02)));
    thin.comparison = refused(NotCompared::Returns, compared((100, 41), (0, 59)));
    let figures = Figures { growth: Some(thin.clone()), ..borough() };
    assert_eq!(
        sentences(&figures)[1].text,
        "Sessions at the 470 charge points with returns for both periods rose 2% on the same days a year before; totals are not compared, because 59% of charge-point days then have no return where there is one now."
    );
    thin.like_for_like = None;
    let figures = Figures { growth: Some(thin), ..borough() };
    assert_eq!(
        sentences(&figures)[1].text,
        "Sessions are not compared with the same days a year before: 59% of charge-point days then have no return where there is one now."
    );
}

#[test]
fn a_point_that_was_not_there_all_of_the_year_before_is_not_compared() {
    let mut opened = growth(2_200.0, 257.0, (1, 1), None);
    let counted = Comparison { days_now: 92, days_before: 20, is_one_point: true, ..compared((92, 20), (0, 0)) };
    opened.comparison = refused(NotCompared::Service, Comparison { days_both: 20, ..counted });
    let figures = Figures { growth: Some(opened), evses: 1.0, ..borough() };
    assert_eq!(
        sentences(&figures)[1].text,
        "Sessions are not compared with the same days a year before: the charge point was in service and reported on for 20 days then and 92 now."
    );
}

#[test]
fn returns_of_nearly_the_same_days_are_said_to_be_that() {
    let mut near = growth(48_210.0, 43_432.0, (1_164, 1_102), Some((1_090, 0.041)));
    near.comparison = compared((100, 97), (0, 3));
    let figures = Figures { growth: Some(near), ..borough() };
    assert!(sentences(&figures)[1].text.starts_with("Sessions rose 11% on nearly the same days a year before, with"));
}

#[test]
fn growth_with_many_more_charge_points_says_what_one_of_them_did() {
    let mut added = growth(40_000.0, 10_000.0, (1_164, 330), Some((290, 0.041)));
    added.comparison = compared((300, 100), (0, 0));
    let figures = Figures { growth: Some(added), ..borough() };
    assert_eq!(
        sentences(&figures)[1].text,
        "Sessions rose 300% on the same days a year before, with 3.0 times as many charge-point days (per charge-point day they rose 33%); at the 290 charge points reported on throughout both periods they rose 4%."
    );
}

#[test]
fn of_a_period_of_years_the_last_one_is_compared_and_named() {
    let figures = Figures { period: Period::parse("2024-01..2025-12").ok(), ..borough() };
    assert!(
        sentences(&figures)[1].text.starts_with("From October to December 2025 sessions rose 11% on the same days")
    );
}

#[test]
fn without_a_year_before_nothing_is_said_to_have_changed() {
    let figures = Figures { growth: None, ..borough() };
    let found = sentences(&figures);
    assert_eq!(
        found[1].text,
        "Returns do not cover all of the same days a year before, so that there is nothing to compare with."
    );
    assert!(found.iter().all(|sentence| !["rose", "fell", "grew"].iter().any(|word| sentence.text.contains(word))));
}

#[test]
fn a_change_of_level_is_told_with_its_day_and_how_sure_it_is() {
    let figures = Figures { steps: vec![step(0.34, 0.35), step(0.27, 0.34)], ..borough() };
    assert_eq!(
        sentences(&figures)[2].text,
        "The time that a charge point is used rose from 27% to 34% around 3 Nov 2025 (between 1 Nov 2025 and 6 Nov 2025); so clear a step comes by chance at most once in 100 such series."
    );
    let small = Figures { steps: vec![step(0.34, 0.36)], ..borough() };
    assert!(sentences(&small)[2].text.starts_with("31 charge points"));
    let falls = Figures { steps: vec![step(0.34, 0.21)], ..borough() };
    assert!(sentences(&falls)[2].text.contains("fell from 34% to 21%"));
}

#[test]
fn thin_coverage_is_said_and_the_thinner_the_plainer() {
    let at = |share, reported| {
        let figures = Figures { coverage: coverage(share, 12, reported), growth: None, ..borough() };
        sentences(&figures).pop().map(|sentence| sentence.text).unwrap_or_default()
    };
    assert_eq!(
        at(0.3, 5),
        "Returns cover only 30% of registered charge-point days, and there is no return from 7 operators: totals say little about all charge points here."
    );
    assert_eq!(
        at(0.82, 11),
        "Returns cover 82% of registered charge-point days, and there is no return from 1 operator; what is missing is not in the totals."
    );
    let beside = Coverage { operators_unregistered: 1, ..coverage(0.0, 1, 0) };
    let figures = Figures { coverage: beside, growth: None, ..borough() };
    assert_eq!(
        sentences(&figures).pop().map(|sentence| sentence.text).as_deref(),
        Some(
            "There is no return from 1 operator in the register; 1 operator without a register is in the totals, of which no share can be told."
        )
    );
    assert_eq!(at(1.0, 12), "31 charge points had no session on any day that was reported.");
}

#[test]
fn days_without_any_return_and_points_outside_the_register_are_said() {
    let figures = Figures { missing_days: 5, coverage: coverage(0.95, 1, 1), ..borough() };
    let last = |figures: &Figures| sentences(figures).pop().map(|sentence| sentence.text);
    let text = "For 5 days there is no return at all; what is missing is not in the totals.";
    assert_eq!(last(&figures).as_deref(), Some(text));
    let figures = Figures { coverage: Coverage::default(), ..borough() };
    let text = "None of these charge points is in the register, so it is not known what share of use was reported.";
    assert_eq!(last(&figures).as_deref(), Some(text));
}

#[test]
fn use_in_few_hands_is_told() {
    let quiet = Figures { unused: Some(0.0), half: Some((40, 6)), evses: 40.0, ..borough() };
    assert_eq!(sentences(&quiet)[2].text, "6 of 40 charge points delivered half of the energy.");
    let one = Figures { half: Some((40, 1)), ..quiet.clone() };
    assert_eq!(sentences(&one)[2].text, "One charge point of 40 delivered half of the energy or more.");
    let even = Figures { half: Some((40, 14)), ..quiet };
    assert_eq!(sentences(&even).len(), 2);
}

#[test]
fn one_charge_point_is_not_told_as_many() {
    let figures = Figures {
        sessions: Some(1.0),
        utilisation: Some(0.004),
        evses: 1.0,
        unused: Some(0.0),
        half: Some((1, 1)),
        growth: Some(growth(1.0, 2.0, (1, 1), Some((1, -0.5)))),
        coverage: coverage(1.0, 1, 1),
        ..borough()
    };
    says(
        &figures,
        &[
            "1 charging session was reported from October to December 2025; the charge point was used less than 1% of the time.",
            "Sessions fell to 1 from 2 on the same days a year before.",
        ],
    );
}

#[test]
fn no_use_and_no_return_are_two_things() {
    let idle = Figures { sessions: Some(0.0), utilisation: Some(0.0), growth: None, ..borough() };
    assert_eq!(sentences(&idle)[0].text, "No charging session was reported from October to December 2025.");
    let missing = Figures { sessions: None, utilisation: None, coverage: coverage(0.0, 2, 0), ..borough() };
    says(
        &missing,
        &[
            "There is no return for the charge points here from October to December 2025; that is not the same as no use.",
        ],
    );
    let empty = Figures { period: Period::parse("2024").ok(), ..Figures::default() };
    says(&empty, &["No charge point is known to have been in service here in 2024."]);
    says(&Figures::default(), &["There is no data yet."]);
}

#[test]
fn invented_data_is_always_said_to_be_that_and_four_sentences_are_the_most() {
    let figures =
        Figures { sample: true, steps: vec![step(0.27, 0.34)], coverage: coverage(0.82, 12, 11), ..borough() };
    let found = sentences(&figures);
    assert_eq!(found.len(), 4);
    assert_eq!(found[3].text, "All of this is invented sample data.");
    let kinds: Vec<SentenceKind> = found.iter().map(|sentence| sentence.kind).collect();
    assert_eq!(kinds, [SentenceKind::Size, SentenceKind::Change, SentenceKind::Trust, SentenceKind::Trust]);
    let whole = Figures { coverage: coverage(1.0, 12, 12), ..figures };
    assert!(sentences(&whole)[2].text.starts_with("The time that a charge point is used"));
}
