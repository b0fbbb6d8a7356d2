//! Figures that need single values of all sessions at once: medians, and drivers.

use std::collections::HashMap;

use datafusion::arrow::array::{Array as _, StringArray};
use kerbwatt_model::{PerSession, in_threads};
use kerbwatt_store::SESSIONS;

use crate::EngineError;
use crate::facts::float;
use crate::keyed::Keyed;
use crate::member::column;
use crate::raw::Scan;
use crate::sums::Key;

/// Medians over the sessions that start within.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Medians {
    kwh: Option<f64>,
    minutes: Option<f64>,
    kw: Option<f64>,
}

impl Medians {
    pub(crate) fn of(&self, what: PerSession) -> Option<f64> {
        match what {
            PerSession::Kwh => self.kwh,
            PerSession::Minutes => self.minutes,
            PerSession::Kw => self.kw,
        }
    }
}

/// Medians by key, of what is asked for.
pub(crate) fn medians(scan: &Scan<'_>, asked: &[PerSession]) -> Result<HashMap<Key, Medians>, EngineError> {
    let is_asked = |what| asked.contains(&what);
    let (of_kwh, of_minutes, of_kw) =
        (is_asked(PerSession::Kwh), is_asked(PerSession::Minutes), is_asked(PerSession::Kw));
    let more: &[&str] = if of_kw { &["charging_end", "energy_kwh"] } else { &["energy_kwh"] };
    let of_files = scan.each_start(more, |values: &mut Keyed<[Vec<f64>; 3]>, session, key, _, _| {
        let [kwh, minutes, kw] = values.at(key);
        if of_kwh {
            kwh.push(session.stay.energy_kwh);
        }
        if of_minutes {
            minutes.push(float(session.stay.plugged_s()) / 60.0);
        }
        if of_kw {
            kw.extend(session.stay.power_kw());
        }
        Ok(())
    })?;
    let mut by_key: Keyed<Vec<[Vec<f64>; 3]>> = Keyed::default();
    for of_file in of_files {
        let of_file: Vec<(Key, [Vec<f64>; 3])> = of_file.into_map(|values| values);
        of_file.into_iter().for_each(|(key, values)| by_key.at(&key).push(values));
    }
    let by_key: Vec<(Key, Vec<[Vec<f64>; 3]>)> = by_key.into_map(|values| values);
    let of_key = |(key, values): &(Key, Vec<[Vec<f64>; 3]>)| {
        let of = |what: usize| median(values.iter().map(|of_file| &of_file[what][..]).collect::<Vec<_>>().concat());
        (key.clone(), Medians { kwh: of(0), minutes: of(1), kw: of(2) })
    };
    Ok(in_threads(&by_key, of_key).into_iter().collect())
}

/// Drivers of one key.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) struct Drivers {
    /// Different ones.
    pub(crate) distinct: i64,
    /// Energy in kWh of the heaviest, of the two heaviest and so on to five.
    pub(crate) heaviest_kwh: [f64; 5],
    /// Energy of sessions with a driver, kWh.
    pub(crate) known_kwh: f64,
    /// Energy of all sessions, kWh.
    pub(crate) all_kwh: f64,
}

impl Drivers {
    /// Share of energy of the heaviest; none where no energy has a driver.
    pub(crate) fn share(&self, users: u8) -> Option<f64> {
        let at = usize::from(users).checked_sub(1)?;
        (self.known_kwh > 0.0).then_some(*self.heaviest_kwh.get(at)? / self.known_kwh)
    }
}

/// Energy by driver, and that of all sessions, kWh.
type Taken = (HashMap<Box<str>, f64>, f64);

/// Drivers by key. The caller sees to it that no key is of several operators.
pub(crate) fn drivers(scan: &Scan<'_>) -> Result<HashMap<Key, Drivers>, EngineError> {
    let of_files =
        scan.each_start(&["energy_kwh", "driver"], |taken: &mut Keyed<Taken>, session, key, batch, row| {
            let drivers = column::<StringArray>(batch, SESSIONS, "driver")?;
            let (by_driver, all_kwh) = taken.at(key);
            *all_kwh += session.stay.energy_kwh;
            if drivers.is_valid(row) {
                match by_driver.get_mut(drivers.value(row)) {
                    Some(energy_kwh) => *energy_kwh += session.stay.energy_kwh,
                    None => _ = by_driver.insert(drivers.value(row).into(), session.stay.energy_kwh),
                }
            }
            Ok(())
        })?;
    let taken = Keyed::merged(of_files, |(by_driver, all_kwh), (more, more_kwh)| {
        *all_kwh += more_kwh;
        for (driver, energy_kwh) in more {
            *by_driver.entry(driver).or_default() += energy_kwh;
        }
    });
    Ok(taken.into_map(|(by_driver, all_kwh)| of_energies(by_driver.into_values().collect(), all_kwh)))
}

fn of_energies(mut energies: Vec<f64>, all_kwh: f64) -> Drivers {
    // Always added in the same order, so that the same question gives the same bytes.
    energies.sort_unstable_by(|a, b| b.total_cmp(a));
    let mut heaviest_kwh = [0.0; 5];
    let mut sum = 0.0;
    for (at, heaviest) in heaviest_kwh.iter_mut().enumerate() {
        sum += energies.get(at).copied().unwrap_or(0.0);
        *heaviest = sum;
    }
    let distinct = i64::try_from(energies.len()).unwrap_or(i64::MAX);
    Drivers { distinct, heaviest_kwh, known_kwh: energies.iter().sum(), all_kwh }
}

/// Median: the middle value, or the mean of the two in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    let middle = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let is_odd = values.len() % 2 == 1;
    let (below, upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let lower = below.iter().copied().max_by(f64::total_cmp);
    Some(if is_odd { *upper } else { f64::midpoint(lower.unwrap_or(*upper), *upper) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_or_the_mean_of_both_middles() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(Vec::new()), None);
    }

    #[test]
    fn the_heaviest_drivers_take_their_share_of_what_is_known() {
        let drivers = of_energies(vec![1.0, 6.0, 3.0], 20.0);
        assert_eq!((drivers.distinct, drivers.share(1), drivers.share(5)), (3, Some(0.6), Some(1.0)));
        assert_eq!(of_energies(Vec::new(), 20.0).share(1), None);
    }
}
