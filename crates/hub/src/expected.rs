//! Operators that the register knows and that never handed anything in: what they should have.

use std::collections::HashMap;

use jiff::Span;
use jiff::civil::Date;
use kerbwatt_model::Period;
use kerbwatt_store::RegisteredPoint;

use crate::completeness::{Service, is_live};
use crate::tracker::{MonthState, TrackedMonth, is_due, last_day_over};

/// Months before today that are looked at where nobody ever handed anything in.
const MONTHS_WITHOUT_RETURNS: i64 = 12;

/// Stretches in which each operator's charge points are in service, as registered.
#[derive(Debug, Default)]
pub(crate) struct Expected(HashMap<String, Vec<Service>>);

impl Expected {
    pub(crate) fn of(points: Vec<RegisteredPoint>) -> Self {
        let mut by: HashMap<String, Vec<_>> = HashMap::new();
        for RegisteredPoint { operator, described, .. } in points {
            by.entry(operator).or_default().push((described.commissioned, described.decommissioned));
        }
        // Most points of an operator say the same.
        by.values_mut().for_each(|stretches| {
            stretches.sort_unstable();
            stretches.dedup();
        });
        Self(by)
    }

    /// The months that are looked at where nobody ever handed anything in; none where no charge point is registered.
    pub(crate) fn range(&self, today: Date) -> Option<Period> {
        let first = today.first_of_month().checked_sub(Span::new().months(MONTHS_WITHOUT_RETURNS)).ok()?;
        let range = Period::new(first, last_day_over(today)).ok();
        range.filter(|_| !self.0.is_empty())
    }

    /// What is so of each month for an operator without a return: it is missing, or not due yet, where any of its charge points is in
    /// service.
    pub(crate) fn months(&self, operator: &str, months: &[Date], today: Date) -> Vec<TrackedMonth> {
        let stretches = self.0.get(operator).map_or(&[][..], Vec::as_slice);
        let in_service = |month: Date| {
            let days = Period::new(month, month.last_of_month());
            days.is_ok_and(|days| stretches.iter().any(|service| is_live(service, &days)))
        };
        let state = |month: Date| match () {
            () if !in_service(month) => MonthState::None,
            () if is_due(month, today) => MonthState::Missing,
            () => MonthState::NotDue,
        };
        let of = |month: &Date| TrackedMonth {
            month: *month,
            state: state(*month),
            submissions: Vec::new(),
            superseded: Vec::new(),
            sessions: 0,
        };
        months.iter().map(of).collect()
    }
}
