//! The registers.

use std::collections::HashSet;

use jiff::civil::Date;
use kerbwatt_model::Siting;
use kerbwatt_sample::{Sample, Size};

use crate::square::{boroughs, inside, sample};

/// Cells of all rows. The address, in quotes, holds the only other comma and becomes two cells.
fn rows(sample: &Sample) -> Vec<Vec<String>> {
    let registers = sample.operators().iter().map(|operator| sample.register_csv(operator.id));
    let split = |line: &str| line.split(',').map(str::to_owned).collect();
    registers.flat_map(|csv| csv.lines().skip(1).map(split).collect::<Vec<Vec<String>>>()).collect()
}

#[test]
fn nearly_all_points_lie_in_the_borough_of_their_address() {
    let rows = rows(&sample(Size::Small, 1));
    let boroughs = boroughs();
    let (mut within, mut elsewhere, mut nowhere) = (0, 0, 0);
    for row in &rows {
        let name = row[5].trim().trim_end_matches('"');
        let code = &boroughs.iter().find(|borough| borough.name == name).unwrap().code;
        match (row[7].parse::<f64>(), row[8].parse::<f64>()) {
            (Ok(latitude), Ok(longitude)) if inside(code, latitude, longitude) => within += 1,
            (Ok(latitude), Ok(longitude)) => {
                // Rounding to five decimals may carry a point over a border, but not far.
                let near =
                    |step: f64| inside(code, latitude + step, longitude) || inside(code, latitude, longitude + step);
                if near(1e-4) || near(-1e-4) { within += 1 } else { elsewhere += 1 }
            }
            _ => nowhere += 1,
        }
    }
    let share = f64::from(within) / rows.len() as f64;
    assert!(share > 0.97, "{within} {elsewhere} {nowhere}");
    assert!(elsewhere > 5 && nowhere > 2, "{within} {elsewhere} {nowhere}");
}

#[test]
fn every_cell_can_be_read() {
    let sample = sample(Size::Small, 1);
    for row in rows(&sample) {
        assert_eq!(row.len(), 17, "{row:?}");
        assert!(Siting::of_id(&row[9]).is_some(), "{row:?}");
        assert!((3.0..=350.0).contains(&row[10].parse::<f64>().unwrap()));
        assert!(["ac1", "ac3", "dc"].contains(&row[11].as_str()));
        let date = |cell: &str| -> Option<Date> { (!cell.is_empty()).then(|| cell.parse().unwrap()) };
        let (from, to) = (date(&row[13]), date(&row[14]));
        assert!(from.zip(to).is_none_or(|(from, to)| from < to), "{row:?}");
        assert_eq!(row[16].is_empty(), row[9] != "on_street", "schemes pay for streets: {row:?}");
    }
}

#[test]
fn no_evse_is_listed_twice() {
    let sample = sample(Size::Small, 1);
    for operator in sample.operators() {
        let register = sample.register_csv(operator.id);
        let evses: Vec<&str> = register.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        assert_eq!(evses.iter().collect::<HashSet<_>>().len(), evses.len(), "{}", operator.id);
        assert!(!evses.is_empty());
    }
}
