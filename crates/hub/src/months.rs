//! Which months of which operators are touched.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use kerbwatt_engine::Member;
use kerbwatt_model::{Period, day_of_number};
use kerbwatt_store::Submission;

/// First days of months, by operator.
pub(crate) type Months = BTreeMap<String, BTreeSet<Date>>;

/// First and last day that submissions cover or hold.
pub(crate) fn range<'s>(submissions: impl Iterator<Item = &'s Submission>) -> Option<(Date, Date)> {
    let periods = submissions.flat_map(|submission| [submission.declared, submission.found]).flatten();
    periods.map(|period| (period.first, period.last)).reduce(|(a, b), (first, last)| (a.min(first), b.max(last)))
}

/// Months of the whole range whose rollups depend on what changed among the members; all of an operator's where a member
/// went or changed its nature, because tables by cell are keyed by one member that stands for all.
pub(crate) fn of_members(old: &[Member], new: &[Member], range: &Period) -> Months {
    let mut months = Months::new();
    let before: HashMap<i32, &Member> = old.iter().map(|member| (member.version, member)).collect();
    let after: BTreeSet<i32> = new.iter().map(|member| member.version).collect();
    let all: BTreeSet<Date> = range.iter_months().collect();
    for member in old.iter().filter(|member| !after.contains(&member.version)) {
        months.insert(member.operator.to_string(), all.clone());
    }
    for member in new {
        match before.get(&member.version) {
            Some(known) if nature(known) != nature(member) => {
                months.insert(member.operator.to_string(), all.clone());
            }
            // Only the days between: what was in service before and still is counts as it did.
            Some(known) => {
                for (was, is) in [(known.live_first, member.live_first), (known.live_last, member.live_last)] {
                    if was != is {
                        add(&mut months, member, (was.min(is), was.max(is)), range);
                    }
                }
            }
            None => add(&mut months, member, (member.live_first, member.live_last), range),
        }
    }
    months
}

/// What rollups depend on, besides the days in service.
fn nature(member: &Member) -> impl PartialEq + use<'_> {
    (
        (&member.operator, member.band, member.current, member.siting, &member.areas[0]),
        (member.rated_kw.map(f64::to_bits), member.registered, &member.zone, member.valid_first, member.valid_last),
    )
}

fn add(months: &mut Months, member: &Member, (first, last): (i32, i32), range: &Period) {
    let first = day_of_number(first.max(member.valid_first).into()).max(range.first);
    let last = day_of_number(last.min(member.valid_last).into()).min(range.last);
    if let Ok(period) = Period::new(first, last) {
        months.entry(member.operator.to_string()).or_default().extend(period.iter_months());
    }
}

/// Adds the months of a period.
pub(crate) fn touch(months: &mut Months, operator: &str, period: &Period) {
    months.entry(operator.to_owned()).or_default().extend(period.iter_months());
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use kerbwatt_model::{PowerBand, Siting, day_number};

    use super::*;

    fn member(version: i32, live: &str) -> Member {
        let live = Period::parse(live).unwrap();
        let number = |day| i32::try_from(day_number(day)).unwrap();
        Member {
            version,
            evse: version.abs(),
            operator: "gb-aaa".into(),
            evse_id: "gb-aaa:1".into(),
            device: "gb-aaa:1".into(),
            location: "gb-aaa:1".into(),
            location_name: "1".into(),
            band: PowerBand::Unknown,
            current: None,
            siting: Siting::Unknown,
            areas: Default::default(),
            rated_kw: None,
            latitude: None,
            longitude: None,
            registered: false,
            valid_first: i32::MIN / 2,
            valid_last: i32::MAX / 2,
            live_first: number(live.first),
            live_last: number(live.last),
            zone: "Europe/London".into(),
            owner_borough: None,
            funding_scheme: None,
        }
    }

    fn months(old: &[Member], new: &[Member]) -> Vec<String> {
        let range = Period::parse("2024-01..2024-12").unwrap();
        let found = of_members(old, new, &range);
        found.values().flatten().map(|day| day.strftime("%m").to_string()).collect()
    }

    #[test]
    fn a_new_member_touches_its_months_in_service_only() {
        assert_eq!(months(&[], &[member(1, "2024-03..2024-04")]), ["03", "04"]);
        assert_eq!(months(&[], &[member(1, "2023..2024-01")]), ["01"]);
    }

    #[test]
    fn nothing_changed_touches_nothing() {
        let one = [member(1, "2024")];
        assert!(months(&one, &one).is_empty());
    }

    #[test]
    fn of_a_member_that_stays_longer_only_the_months_that_it_stays_are_touched() {
        let (known, longer) = (member(1, "2024-01..2024-09"), member(1, "2024-01..2024-11"));
        assert_eq!(months(std::slice::from_ref(&known), &[longer]), ["09", "10", "11"]);
        assert_eq!(months(&[known], &[member(1, "2024-02..2024-09")]), ["01", "02"]);
    }

    #[test]
    fn a_member_that_goes_or_changes_its_nature_touches_every_month_of_its_operator() {
        assert_eq!(months(&[member(1, "2024-03")], &[]).len(), 12);
        let stronger = Member { rated_kw: Some(7.0), ..member(1, "2024-03") };
        assert_eq!(months(&[member(1, "2024-03")], &[stronger]).len(), 12);
    }
}
