//! How much there is, and how long it takes.

use std::time::Instant;

use kerbwatt_sample::Size;

use crate::square::{sample, written};

/// Rows of a file: its line ends without those of a header, a title or a total.
pub(crate) fn rows(layout: &str, file: &[u8]) -> usize {
    let lines = file.iter().filter(|byte| **byte == b'\n').count();
    lines - if layout == "split-date" { 4 } else { 1 }
}

#[test]
fn a_small_sample_has_3500_evses_and_1_to_1_3_million_sessions() {
    let begun = Instant::now();
    let sample = sample(Size::Small, 1);
    assert!((3_500..3_520).contains(&sample.evses()), "{}", sample.evses());
    let mut sessions = 0;
    for which in sample.returns() {
        sessions += rows(which.layout, &written(&sample, &which));
    }
    let seconds = begun.elapsed().as_secs_f64();
    assert!((1_000_000..1_300_000).contains(&sessions), "{sessions} in {seconds:.1} s");
    assert!(seconds < 60.0, "{seconds:.1} s");
}

#[test]
fn a_london_sample_heads_for_50_million_sessions() {
    let sample = sample(Size::London, 1);
    assert!((25_500..25_530).contains(&sample.evses()), "{}", sample.evses());
    // One quarter in the middle stands for all twenty: growth before and after it evens out.
    let returns = sample.returns();
    let middle = returns[returns.len() / 2].period;
    let quarter = returns.iter().filter(|which| which.period == middle);
    let sessions: usize = quarter.map(|which| rows(which.layout, &written(&sample, which))).sum();
    assert!((2_200_000..2_900_000).contains(&sessions), "{sessions}");
}
