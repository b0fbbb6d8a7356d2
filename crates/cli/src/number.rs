//! Numbers as people read them: commas between thousands.

/// A count, such as `19,227`.
pub(crate) fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// Energy, such as `184,653.389 kWh`.
pub(crate) fn kwh(energy_kwh: f64) -> String {
    format!("{} kWh", grouped(&format!("{:.3}", energy_kwh + 0.0)))
}

/// A number with at most `places` digits after the point.
pub(crate) fn decimal(number: f64, places: usize) -> String {
    let text = format!("{number:.places$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { grouped(text) }
}

/// A share as percent, such as `93.2 %`. What is not all is never written as 100 %.
pub(crate) fn percent(share: f64) -> String {
    let shown = if share < 1.0 { (share * 100.0).min(99.9) } else { share * 100.0 };
    format!("{} %", decimal(shown, 1))
}

fn grouped(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    let mut shown = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            shown.push(',');
        }
        shown.push(digit);
    }
    if let Some(fraction) = fraction {
        shown.push('.');
        shown.push_str(fraction);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped_and_trailing_zeros_left_out() {
        assert_eq!(count(0), "0");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(kwh(184_653.389), "184,653.389 kWh");
        assert_eq!(kwh(-7.25), "-7.250 kWh");
        assert_eq!(decimal(-1200.5, 3), "-1,200.5");
        assert_eq!(decimal(100.0, 0), "100");
        assert_eq!(decimal(-0.0001, 2), "0");
    }

    #[test]
    fn what_is_not_all_is_not_a_hundred_percent() {
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(0.999_99), "99.9 %");
        assert_eq!(percent(0.5), "50 %");
    }
}
