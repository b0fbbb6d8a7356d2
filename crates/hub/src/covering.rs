//! Which days a return reports that declares none: those in which it has its rows.
//!
//! From the first to the last row would be wrong: one mistyped year makes ten years reported days of zero. So a long time without any
//! row is not reported, and a handful of rows far from all others reports nothing. What is short goes by how closely the rows of the
//! return lie: of a point that is used twice a month no row for four weeks says nothing.

use kerbwatt_model::{Period, Sessions, Zone, day_of_number};

/// Days without a row that are a gap at least, and that are one at most: operators report by the quarter.
const GAP_DAYS: std::ops::RangeInclusive<i64> = 31..=92;

/// So many times the usual days from one row to the next are a gap.
const USUAL_TIMES: i64 = 3;

/// Rows in the largest stretch for each of those that are a handful.
const FOR_A_HANDFUL: u64 = 50;

/// The stretches of days, by the clock of a zone, in which sessions start, oldest first.
pub(crate) fn stretches(sessions: &Sessions, zone: &Zone) -> Vec<Period> {
    let days = days(sessions, zone);
    let gap = USUAL_TIMES.saturating_mul(usual_days(&days)).clamp(*GAP_DAYS.start(), *GAP_DAYS.end());
    let mut stretches: Vec<(i64, i64, u64)> = Vec::new();
    for (day, rows) in days {
        match stretches.last_mut() {
            Some((_, last, held)) if day - *last <= gap => (*last, *held) = (day, *held + rows),
            _ => stretches.push((day, day, rows)),
        }
    }
    let most = stretches.iter().map(|(.., rows)| *rows).max().unwrap_or_default();
    let is_no_handful = |(.., rows): &(i64, i64, u64)| rows.saturating_mul(FOR_A_HANDFUL) > most;
    let period = |(first, last, _)| Period::new(day_of_number(first), day_of_number(last)).ok();
    stretches.into_iter().filter(is_no_handful).filter_map(period).collect()
}

/// Days on which sessions start, with how many, in order.
fn days(sessions: &Sessions, zone: &Zone) -> Vec<(i64, u64)> {
    let mut local = zone.local();
    let starts_s = sessions.plug_ins_s();
    let Some((first_s, last_s)) = starts_s.iter().min().zip(starts_s.iter().max()) else { return Vec::new() };
    // A day on either side: clocks may go back over midnight.
    let (first, last) = (local.day(*first_s) - 1, local.day(*last_s) + 1);
    let mut rows = vec![0; usize::try_from(last - first + 1).unwrap_or_default()];
    for start in starts_s {
        if let Some(rows) = usize::try_from(local.day(*start) - first).ok().and_then(|day| rows.get_mut(day)) {
            *rows += 1;
        }
    }
    (first..).zip(rows).filter(|(_, rows)| *rows > 0).collect()
}

/// The median of the days from one day with rows to the next.
fn usual_days(days: &[(i64, u64)]) -> i64 {
    let mut apart: Vec<i64> = days.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    apart.sort_unstable();
    apart.get(apart.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use jiff::Timestamp;
    use kerbwatt_model::Session;

    use super::*;

    /// Stretches of a return with a session at noon of each day, given by days since 1970.
    fn of(days: impl IntoIterator<Item = i64>) -> Vec<String> {
        let at = |day: i64| Timestamp::from_second(day * 86_400 + 43_200).unwrap();
        let session = |day| Session { plug_in: at(day), plug_out: at(day), ..Session::empty() };
        let sessions: Sessions = days.into_iter().map(session).collect();
        stretches(&sessions, &Zone::london()).iter().map(ToString::to_string).collect()
    }

    /// 1 January 2024.
    const NEW_YEAR: i64 = 19_723;

    #[test]
    fn rows_of_every_day_report_all_days_from_the_first_to_the_last() {
        assert_eq!(of(NEW_YEAR..NEW_YEAR + 91), ["2024-01-01..2024-03-31"]);
        assert!(of([]).is_empty());
    }

    #[test]
    fn one_mistyped_year_stretches_nothing() {
        let (days, mistyped) = (NEW_YEAR..NEW_YEAR + 91, NEW_YEAR - 3_652);
        assert_eq!(of(days.clone().chain([mistyped])), ["2024-01-01..2024-03-31"]);
        assert_eq!(of(days.chain([NEW_YEAR + 3_653])), ["2024-01-01..2024-03-31"]);
        // Of few rows nobody can say which is the handful; the years between are not reported all the same.
        assert_eq!(of([mistyped, NEW_YEAR, NEW_YEAR + 2]), ["2014-01-01..2014-01-01", "2024-01-01..2024-01-03"]);
    }

    #[test]
    fn months_without_any_row_are_not_reported_and_a_short_gap_is() {
        let (january, march) = (NEW_YEAR..NEW_YEAR + 10, NEW_YEAR + 60..NEW_YEAR + 91);
        assert_eq!(of(january.clone().chain(march)), ["2024-01-01..2024-01-10", "2024-03-01..2024-03-31"]);
        assert_eq!(of(january.chain(NEW_YEAR + 40..NEW_YEAR + 50)), ["2024-01-01..2024-02-19"]);
    }

    #[test]
    fn where_rows_are_rare_a_gap_is_longer_and_never_longer_than_a_quarter() {
        assert_eq!(of((0..8).map(|at| NEW_YEAR + at * 30).chain([NEW_YEAR + 290])), ["2024-01-01..2024-10-17"]);
        assert_eq!(of([NEW_YEAR, NEW_YEAR + 3_000]).len(), 2);
    }
}
