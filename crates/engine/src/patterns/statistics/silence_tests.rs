//! Whether “1 in so many” is that, on simulated charge points.

use super::dice::Dice;
use super::silence::{Past, surprise};
use super::week_shapes::HOURS;

/// A charge point whose sessions come at its own rate by hour of the week, over some weeks; the past and silence as they lie at the end.
fn simulated(dice: &mut Dice, weekly: f64, weeks: usize, day_share: f64) -> Option<Past> {
    let mut past = Past { sessions: [0.0; HOURS], hours: [0.0; HOURS], silent: [0.0; HOURS] };
    let is_day = |hour: usize| (8..20).contains(&(hour % 24));
    let rate = |hour: usize| if is_day(hour) { day_share * weekly / 84.0 } else { (1.0 - day_share) * weekly / 84.0 };
    let mut last = None;
    let mut began = vec![0.0; weeks * HOURS];
    for (at, count) in began.iter_mut().enumerate() {
        // At such rates an hour holds a session or none.
        if dice.uniform() < rate(at % HOURS) {
            *count = 1.0;
            last = Some(at);
        }
    }
    let last = last?;
    for (at, count) in began.iter().enumerate() {
        past.sessions[at % HOURS] += count;
        let hours = if at <= last { &mut past.hours } else { &mut past.silent };
        hours[at % HOURS] += 1.0;
    }
    Some(past)
}

#[test]
fn of_points_that_go_on_as_before_one_in_n_has_a_silence_told_as_one_in_n() {
    let mut dice = Dice::new(42);
    for (weekly, weeks, day_share) in [(3.0, 40, 0.9), (0.7, 60, 0.5), (8.0, 20, 0.8)] {
        let chances: Vec<f64> = (0..2_000)
            .filter_map(|_| surprise(&simulated(&mut dice, weekly, weeks, day_share)?))
            .map(|surprise| surprise.chance_of_none)
            .collect();
        let count = chances.len() as f64;
        for told in [0.5, 0.2, 0.05, 0.02] {
            let seen = chances.iter().filter(|chance| **chance <= told).count() as f64 / count;
            assert!((seen / told - 1.0).abs() < 0.3 + 0.01 / told, "{weekly} a week: told {told}, seen {seen}");
        }
    }
}

#[test]
fn a_long_silence_is_the_more_surprising_the_more_is_known_of_the_rate() {
    let past = |weeks: f64| Past { sessions: [0.01 * weeks; HOURS], hours: [weeks; HOURS], silent: [2.0; HOURS] };
    let (short, long) = (surprise(&past(4.0)).unwrap(), surprise(&past(50.0)).unwrap());
    assert!(long.chance_of_none < short.chance_of_none);
    // 1.68 sessions a week over two weeks.
    assert!((long.expected - 3.36).abs() < 0.05, "{long:?}");
}

#[test]
fn without_a_past_there_is_no_surprise() {
    let none = Past { sessions: [0.0; HOURS], hours: [10.0; HOURS], silent: [1.0; HOURS] };
    assert_eq!(surprise(&none), None);
    let mut no_hours = Past { hours: [0.0; HOURS], ..none };
    no_hours.sessions[0] = 3.0;
    assert_eq!(surprise(&no_hours), None);
}

#[test]
fn nights_without_use_are_less_surprising_than_days_at_a_point_of_the_day() {
    let mut past = Past { sessions: [0.0; HOURS], hours: [50.0; HOURS], silent: [0.0; HOURS] };
    (0..HOURS).filter(|hour| (8..20).contains(&(hour % 24))).for_each(|hour| past.sessions[hour] = 5.0);
    let chance = |hours: std::ops::Range<usize>| {
        let mut past = past.clone();
        past.silent[hours].fill(1.0);
        surprise(&past).unwrap().chance_of_none
    };
    assert!(chance(0..8) > chance(8..16) * 1.5);
}
