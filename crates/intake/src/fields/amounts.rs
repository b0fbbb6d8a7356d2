//! Amounts with their unit beside them: energies and fees.

use super::{number, trimmed};
use crate::profiles::EnergyUnit;

/// An energy in kWh: a number in the unit of the layout, or in the one that stands behind it, such as `18.643 kWh`.
pub(crate) fn energy_kwh(cell: &str, unit: EnergyUnit, comma_is_decimal: bool) -> Option<f64> {
    // Money is no energy, whatever its column says.
    if !cell.starts_with(|first: char| first.is_ascii_digit()) && cell.contains(['£', '€', '$']) {
        return None;
    }
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

/// What a cell says of a fee.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fee {
    /// A number in the unit of the layout.
    Number(f64),
    /// Pence, as the cell itself says.
    Pence(f64),
    /// Money of another currency, which is none of ours to convert.
    Other(&'static str),
    /// Nothing that is money.
    Unreadable,
}

/// A fee: a number, with what it is in before or after it where the cell says so, such as `£1.13`, `1.13 GBP`, `113p` or `€1.13`.
pub(crate) fn fee(cell: &str, comma_is_decimal: bool) -> Fee {
    let text = trimmed(cell);
    let (minus, text) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest.trim_start()));
    if text.starts_with(|first: char| first.is_ascii_digit())
        && let Some(value) = number(text, comma_is_decimal)
    {
        return Fee::Number(minus * value);
    }
    let is_mark = |letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | ',' | '-' | ' ');
    let rest = text.trim_start_matches(is_mark);
    let digits = rest.trim_end_matches(is_mark);
    let marks = [text.get(..text.len() - rest.len()), rest.get(digits.len()..)].map(Option::unwrap_or_default);
    let money = match marks {
        [mark, ""] | ["", mark] => money(mark),
        _ => None,
    };
    match (money, number(digits, comma_is_decimal).map(|value| minus * value)) {
        (Some(Money::Pounds), Some(value)) => Fee::Pence(value * 100.0),
        (Some(Money::Pence), Some(value)) => Fee::Pence(value),
        (Some(Money::Other(name)), Some(_)) => Fee::Other(name),
        _ => Fee::Unreadable,
    }
}

#[derive(Clone, Copy)]
enum Money {
    Pounds,
    Pence,
    Other(&'static str),
}

fn money(mark: &str) -> Option<Money> {
    Some(match mark.to_lowercase().as_str() {
        "£" | "gbp" | "pound" | "pounds" => Money::Pounds,
        "p" | "pence" => Money::Pence,
        "€" | "eur" | "euro" | "euros" => Money::Other("euros"),
        "$" | "usd" | "us$" | "dollar" | "dollars" => Money::Other("dollars"),
        "chf" => Money::Other("Swiss francs"),
        "sek" => Money::Other("Swedish kronor"),
        "nok" => Money::Other("Norwegian kroner"),
        "dkk" => Money::Other("Danish kroner"),
        _ => return None,
    })
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

    #[test]
    fn a_fee_is_read_with_its_sign_before_or_after_it() {
        for text in ["£1.13", "£ 1.13", "1.13 GBP", "GBP1.13", "GBP 1.13", "1.13£", "1.13 £", "113p", "113 pence"] {
            let Fee::Pence(pence) = fee(text, false) else { unreachable!("{text}") };
            assert!((pence - 113.0).abs() < 1e-9, "{text}: {pence}");
        }
        for (text, read) in [
            ("1.13", Fee::Number(1.13)),
            ("-1.13", Fee::Number(-1.13)),
            ("1,250.50", Fee::Number(1250.5)),
            ("-£2", Fee::Pence(-200.0)),
            ("£-2", Fee::Pence(-200.0)),
            ("€1.13", Fee::Other("euros")),
            ("1.13 EUR", Fee::Other("euros")),
            ("$1.13", Fee::Other("dollars")),
            ("1,13", Fee::Unreadable),
            ("garbage", Fee::Unreadable),
            ("£", Fee::Unreadable),
            ("£1.13 EUR", Fee::Unreadable),
            ("1.13 per kWh", Fee::Unreadable),
            ("", Fee::Unreadable),
        ] {
            assert_eq!(fee(text, false), read, "{text}");
        }
        assert_eq!(fee("1,13", true), Fee::Number(1.13));
        assert_eq!(fee("1,5 £", true), Fee::Pence(150.0));
    }

    proptest! {
        #[test]
        fn any_text_is_a_fee_or_refused_without_harm(text in "[0-9., £€$pGBP-]{0,12}|\\PC{0,16}") {
            let _ = fee(&text, true);
        }

        #[test]
        fn a_fee_is_the_same_wherever_its_sign_stands(pence in 0u32..100_000) {
            let pounds = format!("{}.{:02}", pence / 100, pence % 100);
            for text in [format!("£{pounds}"), format!("{pounds}£"), format!("{pounds} GBP"), format!("GBP {pounds}")] {
                let Fee::Pence(read) = fee(&text, false) else { return Err(TestCaseError::fail(text)) };
                prop_assert!((read - f64::from(pence)).abs() < 1e-6, "{text}");
            }
        }

        #[test]
        fn any_text_is_an_energy_or_refused_without_harm(text in "[0-9., a-zA-Z-]{0,16}|\\PC{0,16}") {
            let _ = energy_kwh(&text, EnergyUnit::Wh, true);
        }
    }
}
