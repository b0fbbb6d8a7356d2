//! The returns that somebody has to decide about.

use std::collections::HashSet;

use kerbwatt_sample::{Flaw, Sample, Size, WaitingReturn};

use crate::square::{sample, written};

fn of(sample: &Sample, flaw: Flaw) -> WaitingReturn {
    sample.waiting().into_iter().find(|waiting| waiting.flaw == flaw).unwrap()
}

/// A file as text; code page 1252 where it is not UTF-8.
fn text(sample: &Sample, waiting: &WaitingReturn) -> String {
    let mut out = Vec::new();
    sample.write_waiting(waiting, &mut out);
    out.iter().map(|byte| char::from(*byte)).collect()
}

#[test]
fn each_flaw_has_a_return_that_fills_a_gap_and_is_small() {
    for size in [Size::Small, Size::London] {
        let sample = sample(size, 1);
        let came: HashSet<_> = sample.returns().into_iter().map(|which| (which.operator, which.period.last)).collect();
        let waiting = sample.waiting();
        let flaws: Vec<Flaw> = waiting.iter().map(|one| one.flaw).collect();
        assert_eq!(flaws, [Flaw::ManyWrongRows, Flaw::UnknownLayout, Flaw::DaysAndMonthsExchanged]);
        for one in &waiting {
            let quarter = sample
                .returns()
                .into_iter()
                .map(|which| which.period)
                .find(|period| period.first <= one.which.period.first && one.which.period.last <= period.last);
            assert!(!came.contains(&(one.which.operator.clone(), quarter.unwrap().last)), "{}", one.which.file_name);
        }
        if size == Size::Small {
            for one in &waiting {
                let rows = text(&sample, one).lines().count();
                assert!((500..8_000).contains(&rows), "{}: {rows}", one.which.file_name);
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (one, same) = (sample(Size::Small, 1), sample(Size::Small, 1));
    for waiting in one.waiting() {
        assert_eq!(text(&one, &waiting), text(&same, &waiting), "{}", waiting.which.file_name);
    }
}

#[test]
fn exchanged_dates_are_those_of_the_right_file_with_day_and_month_exchanged_up_to_the_twelfth() {
    let sample = sample(Size::Small, 1);
    let waiting = of(&sample, Flaw::DaysAndMonthsExchanged);
    let right: String = written(&sample, &waiting.which).iter().map(|byte| char::from(*byte)).collect();
    let exchanged = text(&sample, &waiting);
    assert_eq!(right.lines().count(), exchanged.lines().count());
    let mut changed = 0;
    for (right, wrong) in right.lines().zip(exchanged.lines()) {
        for (right, wrong) in right.split(',').zip(wrong.split(',')) {
            let parts: Vec<&str> = right.split('-').collect();
            let expected = match parts.as_slice() {
                [day, month, year] if day.len() == 2 && day.parse().is_ok_and(|day: u8| day <= 12) => {
                    format!("{month}-{day}-{year}")
                }
                _ => right.to_owned(),
            };
            assert_eq!(wrong, expected);
            changed += usize::from(right != wrong);
        }
    }
    assert!(changed > 500, "{changed}");
}

#[test]
fn many_rows_are_wrong_in_the_return_of_wrong_rows_and_the_total_still_adds_up() {
    let sample = sample(Size::Small, 1);
    let file = text(&sample, &of(&sample, Flaw::ManyWrongRows));
    let rows: Vec<Vec<&str>> = file.lines().skip(3).map(|line| line.split(',').collect()).collect();
    let (total, rows) = rows.split_last().unwrap();
    let energy = |row: &Vec<&str>| row[6].parse::<f64>().ok();
    let open = rows.iter().filter(|row| energy(row).is_none()).count();
    let negative = rows.iter().filter(|row| energy(row).is_some_and(|kwh| kwh < 0.0)).count();
    let absurd = rows.iter().filter(|row| energy(row).is_some_and(|kwh| kwh > 999.0)).count();
    let few = rows.len() / 120;
    assert!(open > few && negative > few && absurd > few, "{open} {negative} {absurd} of {}", rows.len());
    let sum: f64 = rows.iter().filter_map(energy).sum();
    assert!((total[6].parse::<f64>().unwrap() - sum).abs() < 0.01, "{total:?} {sum}");
}

#[test]
fn the_return_of_an_unknown_layout_has_columns_of_its_own() {
    let sample = sample(Size::Small, 1);
    let file = text(&sample, &of(&sample, Flaw::UnknownLayout));
    assert!(file.starts_with("Bay;Lead;Arrived;Departed;Drawn;Takings;Shift\n"), "{}", &file[..80]);
    assert!(file.lines().all(|line| line.split(';').count() == 7));
}
