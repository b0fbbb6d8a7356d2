//! Energies with their unit beside them.

use super::{number, trimmed};
use crate::profiles::EnergyUnit;

/// An energy in kWh: a number in the unit of the layout, or in the one that stands behind it, such as `18.643 kWh`.
pub(crate) fn energy_kwh(cell: &str, unit: EnergyUnit, comma_is_decimal: bool) -> Option<f64> {
    if let Some(value) = number(cell, comma_is_decimal) {
        return Some(if unit == EnergyUnit::Wh { value / 1000.0 } else { value });
    }
    let text = trimmed(cell);
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let named = text.get(digits.len()..)?;
    let value = |digits: &str| number(digits, comma_is_decimal);
    match named.to_ascii_lowercase().as_str() {
        "kwh" => value(digits),
        "wh" => value(digits).map(|wh| wh / 1000.0),
        "mwh" => value(digits).map(|mwh| mwh * 1000.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_energy_is_read_in_the_unit_that_stands_beside_it() {
        for unit in [EnergyUnit::Kwh, EnergyUnit::Wh] {
            for text in ["18.643 kWh", "18.643kwh", "18643 Wh", "18,643 Wh", "18,643 WH", "0.018643 MWh"] {
                let read = energy_kwh(text, unit, false);
                assert!(read.is_some_and(|kwh| (kwh - 18.643).abs() < 1e-9), "{text}: {read:?}");
            }
            for wrong in ["kWh", "18 kW", "18 kWh 2", "inf", "18.6 MJ", "", "1.2.3 kWh"] {
                assert_eq!(energy_kwh(wrong, unit, false), None, "{wrong}");
            }
        }
        assert_eq!(energy_kwh("18,5 kWh", EnergyUnit::Wh, true), Some(18.5));
        assert_eq!(energy_kwh("7250", EnergyUnit::Wh, false), Some(7.25));
        assert_eq!(energy_kwh("7250", EnergyUnit::Kwh, false), Some(7250.0));
    }

    proptest! {
        #[test]
        fn any_text_is_an_energy_or_refused_without_harm(text in "[0-9., a-zA-Z-]{0,16}|\\PC{0,16}") {
            let _ = energy_kwh(&text, EnergyUnit::Wh, true);
        }
    }
}
