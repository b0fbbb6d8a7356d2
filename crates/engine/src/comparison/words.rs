//! The verdict in words.

use kerbwatt_model::Period;

use super::judge::share_missing;
use super::{Comparison, NotCompared};
use crate::patterns::words::{count, percent};

/// From this part more or less, the number of charge-point days is told beside a change.
const TOLD_FROM: f64 = 1.25;

/// From this share of charge-point days on, days without a return are told also where the periods may be compared.
const NEAR_FROM: f64 = 0.02;

/// Why not, as a clause: `28% of charge-point days then have no return where there is one now`
pub(super) fn why_not(comparison: &Comparison, reason: NotCompared) -> String {
    match reason {
        NotCompared::Returns => returns(comparison),
        NotCompared::Service => service(comparison),
    }
}

fn returns(comparison: &Comparison) -> String {
    let now = share_missing(comparison.missing_now, comparison.evse_days_now);
    let then = share_missing(comparison.missing_before, comparison.evse_days_before);
    match (now > 0.0, then > 0.0) {
        (false, _) => format!("{} of charge-point days then have no return where there is one now", percent(then)),
        (_, false) => format!("{} of charge-point days now have no return where there was one then", percent(now)),
        _ => format!(
            "{} of charge-point days then have no return where there is one now, and {} now have none where there was one then",
            percent(then),
            percent(now)
        ),
    }
}

fn service(comparison: &Comparison) -> String {
    let Comparison { days_now: now, days_before: then, days_both: both, .. } = *comparison;
    let points = if comparison.is_one_point { "the charge point was" } else { "charge points here were" };
    match (now, then) {
        (_, 0) if comparison.is_one_point => "the charge point was not in service then".to_owned(),
        (0, _) if comparison.is_one_point => "the charge point was not in service now".to_owned(),
        (_, 0) => "no charge point here was in service then".to_owned(),
        (0, _) => "no charge point here was in service now".to_owned(),
        _ => {
            let same = if both < now.min(then) { format!(", {both} of them the same days") } else { String::new() };
            format!("{points} in service and reported on for {} then and {} now{same}", days(then), count(now.into()))
        }
    }
}

fn days(days: u32) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{} days", count(days.into())) }
}

/// `4.4 times as many charge-point days`; none where there are about as many.
pub(super) fn points(comparison: &Comparison) -> Option<String> {
    let ratio = comparison.point_days_ratio().filter(|ratio| *ratio > 0.0)?;
    match ratio {
        _ if ratio >= 2.0 => Some(format!("{ratio:.1} times as many charge-point days")),
        _ if ratio >= TOLD_FROM => Some(format!("{} more charge-point days", percent(ratio - 1.0))),
        _ if ratio <= 1.0 / TOLD_FROM => Some(format!("{} fewer charge-point days", percent(1.0 - ratio))),
        _ => None,
    }
}

/// What goes with a verdict; none where there is nothing to say.
pub(super) fn sentence(comparison: &Comparison) -> Option<String> {
    if let Some(why) = comparison.why_not() {
        return Some(format!("{}.", capital(&why)));
    }
    let points = points(comparison).map(|points| format!("with {points}"));
    let near = is_near(comparison).then(|| returns(comparison));
    let said: Vec<String> = lengths(comparison).into_iter().chain(points).chain(near).collect();
    (!said.is_empty()).then(|| format!("{}.", capital(&said.join("; "))))
}

/// `31 days against 28`: totals of a longer month are larger; none where both are about as long, as years are.
fn lengths(comparison: &Comparison) -> Option<String> {
    let length = |first, last| u32::try_from(Period { first, last }.days()).unwrap_or(0);
    let now = length(comparison.from, comparison.to);
    let then = length(comparison.before_from, comparison.before_to);
    let differ = f64::from(now.abs_diff(then)) >= NEAR_FROM * f64::from(then);
    differ.then(|| format!("{} against {}", days(now), count(then.into())))
}

/// Whether returns cover nearly the same days, and not just those.
pub(super) fn is_near(comparison: &Comparison) -> bool {
    let now = share_missing(comparison.missing_now, comparison.evse_days_now);
    let then = share_missing(comparison.missing_before, comparison.evse_days_before);
    now.max(then) >= NEAR_FROM
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn counted(evse_days: (u32, u32), missing: (u32, u32), days: (u32, u32, u32)) -> Comparison {
        Comparison {
            from: date(2025, 10, 1),
            to: date(2026, 9, 30),
            before_from: date(2024, 10, 1),
            before_to: date(2025, 9, 30),
            comparable: true,
            reason: None,
            words: None,
            evse_days_now: evse_days.0,
            evse_days_before: evse_days.1,
            missing_now: missing.0,
            missing_before: missing.1,
            days_now: days.0,
            days_before: days.1,
            days_both: days.2,
            is_one_point: true,
        }
    }

    #[test]
    fn missing_returns_are_told_of_the_year_that_lacks_them() {
        let then = counted((365, 266), (0, 99), (365, 266, 266));
        let text = "27% of charge-point days then have no return where there is one now";
        assert_eq!(why_not(&then, NotCompared::Returns), text);
        let both = counted((275, 274), (90, 91), (275, 274, 184));
        let text = "25% of charge-point days then have no return where there is one now, and 25% now have none where there was one then";
        assert_eq!(why_not(&both, NotCompared::Returns), text);
        let now = counted((200, 365), (165, 0), (200, 365, 200));
        let text = "45% of charge-point days now have no return where there was one then";
        assert_eq!(why_not(&now, NotCompared::Returns), text);
    }

    #[test]
    fn days_out_of_service_are_told_in_days() {
        let opened = counted((365, 83), (0, 0), (365, 83, 83));
        let text = "the charge point was in service and reported on for 83 days then and 365 now";
        assert_eq!(why_not(&opened, NotCompared::Service), text);
        let never = Comparison { is_one_point: false, ..counted((365, 0), (0, 0), (365, 0, 0)) };
        assert_eq!(why_not(&never, NotCompared::Service), "no charge point here was in service then");
        let moved = Comparison { is_one_point: false, ..counted((90, 80), (0, 0), (90, 80, 20)) };
        let text =
            "charge points here were in service and reported on for 80 days then and 90 now, 20 of them the same days";
        assert_eq!(why_not(&moved, NotCompared::Service), text);
    }

    #[test]
    fn a_longer_month_beside_a_shorter_one_is_told_and_a_leap_year_is_not() {
        let of = |(from, to), (before_from, before_to)| {
            let same = counted((31, 28), (0, 0), (31, 28, 28));
            sentence(&Comparison { from, to, before_from, before_to, ..same })
        };
        let march = (date(2026, 3, 1), date(2026, 3, 31));
        let february = (date(2026, 2, 1), date(2026, 2, 28));
        assert_eq!(of(march, february).as_deref(), Some("31 days against 28."));
        let years = [2024, 2023].map(|year| (date(year, 1, 1), date(year, 12, 31)));
        assert_eq!(of(years[0], years[1]), None);
    }

    #[test]
    fn many_more_charge_points_are_told_and_a_few_are_not() {
        let of = |now, before| points(&counted((now, before), (0, 0), (365, 365, 365)));
        assert_eq!(of(440, 100).as_deref(), Some("4.4 times as many charge-point days"));
        assert_eq!(of(150, 100).as_deref(), Some("50% more charge-point days"));
        assert_eq!(of(60, 100).as_deref(), Some("40% fewer charge-point days"));
        assert_eq!((of(110, 100), of(100, 0)), (None, None));
    }
}
