//! Bins of sessions by length and by energy. Each holds its lower end and not its upper.

/// A bin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Id in answers.
    pub id: &'static str,
    /// Name on screens.
    pub name: &'static str,
    /// What the sessions in it stay under; none in the last bin.
    under: Option<f64>,
}

const fn bin(id: &'static str, name: &'static str, under: f64) -> Bin {
    Bin { id, name, under: Some(under) }
}

const fn last(id: &'static str, name: &'static str) -> Bin {
    Bin { id, name, under: None }
}

/// By minutes plugged in.
pub static LENGTH_BINS: [Bin; 10] = [
    bin("0-1_min", "Under 1 minute", 1.0),
    bin("1-15_min", "1 to 15 minutes", 15.0),
    bin("15-30_min", "15 to 30 minutes", 30.0),
    bin("30-60_min", "30 to 60 minutes", 60.0),
    bin("1-2_h", "1 to 2 hours", 120.0),
    bin("2-4_h", "2 to 4 hours", 240.0),
    bin("4-8_h", "4 to 8 hours", 480.0),
    bin("8-12_h", "8 to 12 hours", 720.0),
    bin("12-24_h", "12 to 24 hours", 1440.0),
    last("24_h", "24 hours and over"),
];

/// By energy in kWh.
pub static ENERGY_BINS: [Bin; 9] = [
    bin("0_kwh", "No energy", f64::MIN_POSITIVE),
    bin("0-5_kwh", "Under 5 kWh", 5.0),
    bin("5-10_kwh", "5 to 10 kWh", 10.0),
    bin("10-20_kwh", "10 to 20 kWh", 20.0),
    bin("20-30_kwh", "20 to 30 kWh", 30.0),
    bin("30-50_kwh", "30 to 50 kWh", 50.0),
    bin("50-75_kwh", "50 to 75 kWh", 75.0),
    bin("75-100_kwh", "75 to 100 kWh", 100.0),
    last("100_kwh", "100 kWh and over"),
];

/// The bin that a value falls in.
#[must_use]
pub fn bin_of(bins: &[Bin], value: f64) -> usize {
    bins.iter().position(|bin| bin.under.is_none_or(|under| value < under)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_holds_its_lower_end_and_not_its_upper() {
        let of = |bins: &'static [Bin], value| bins[bin_of(bins, value)].id;
        for (minutes, id) in
            [(0.0, "0-1_min"), (1.0, "1-15_min"), (59.9, "30-60_min"), (60.0, "1-2_h"), (1440.0, "24_h")]
        {
            assert_eq!(of(&LENGTH_BINS, minutes), id);
        }
        for (kwh, id) in
            [(0.0, "0_kwh"), (0.001, "0-5_kwh"), (5.0, "5-10_kwh"), (100.0, "100_kwh"), (1430.0, "100_kwh")]
        {
            assert_eq!(of(&ENERGY_BINS, kwh), id);
        }
    }
}
