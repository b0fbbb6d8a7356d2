//! Figures that need single values of all sessions at once: medians, and drivers.

use std::collections::HashMap;

use datafusion::arrow::array::{Array as _, StringArray};
use kerbwatt_model::PerSession;
use kerbwatt_store::SESSIONS;

use crate::EngineError;
use crate::facts::float;
use crate::member::column;
use crate::raw::{Keyed, Scan};
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

/// Medians by key.
pub(crate) async fn medians(scan: &Scan<'_>) -> Result<HashMap<Key, Medians>, EngineError> {
    let mut values: Keyed<[Vec<f64>; 3]> = Keyed::new();
    scan.each_start(&[], |session, key, _, _| {
        let [kwh, minutes, kw] = values.at(key);
        kwh.push(session.stay.energy_kwh);
        minutes.push(float(session.stay.plugged_s()) / 60.0);
        kw.extend(session.stay.power_kw());
        Ok(())
    })
    .await?;
    Ok(values.into_map(|[kwh, minutes, kw]| Medians { kwh: median(kwh), minutes: median(minutes), kw: median(kw) }))
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

/// Numbers of pseudonyms: a session carries a number, not a text.
#[derive(Default)]
struct Names(HashMap<Box<str>, u32>);

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(known) = self.0.get(name) {
            return *known;
        }
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.insert(name.into(), number);
        number
    }
}

/// Drivers by key. The caller sees to it that no key is of several operators.
pub(crate) async fn drivers(scan: &Scan<'_>) -> Result<HashMap<Key, Drivers>, EngineError> {
    let mut names = Names::default();
    let mut taken: Keyed<(HashMap<u32, f64>, f64)> = Keyed::new();
    scan.each_start(&["driver"], |session, key, batch, row| {
        let drivers = column::<StringArray>(batch, SESSIONS, "driver")?;
        let (by_driver, all_kwh) = taken.at(key);
        *all_kwh += session.stay.energy_kwh;
        if drivers.is_valid(row) {
            *by_driver.entry(names.number(drivers.value(row))).or_default() += session.stay.energy_kwh;
        }
        Ok(())
    })
    .await?;
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
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    Some(if values.len() % 2 == 1 { upper } else { f64::midpoint(values[middle - 1], upper) })
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
