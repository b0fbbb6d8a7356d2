//! Which table answers: the smallest that can, exactly.

use kerbwatt_model::{AreaKind, Dimension, Distinct, Metric, Period, Query, Rule};

/// The source of an answer's sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Route {
    /// (borough, operator, band, siting, current) by month.
    CubeMonth,
    /// The same by day.
    CubeDay,
    /// The same by month and hour of week.
    CubeMonthHow,
    /// The same by day and hour.
    CubeDayHow,
    /// EVSE by month.
    EvseMonth,
    /// Single sessions.
    Sessions,
}

impl Route {
    /// Every route that can answer sums.
    pub const ALL: [Self; 6] =
        [Self::CubeMonth, Self::CubeDay, Self::CubeMonthHow, Self::CubeDayHow, Self::EvseMonth, Self::Sessions];

    /// Name of its table.
    #[must_use]
    pub fn table(self) -> &'static str {
        match self {
            Self::CubeMonth => "cube_month",
            Self::CubeDay => "cube_day",
            Self::CubeMonthHow => "cube_month_how",
            Self::CubeDayHow => "cube_day_how",
            Self::EvseMonth => "evse_month",
            Self::Sessions => "sessions",
        }
    }

    /// Whether it keeps each EVSE apart.
    #[must_use]
    pub fn is_by_evse(self) -> bool {
        matches!(self, Self::EvseMonth | Self::Sessions)
    }

    /// Whether its table keeps capacity beside use.
    pub(crate) fn has_capacity(self) -> bool {
        matches!(self, Self::CubeMonth | Self::CubeDay | Self::EvseMonth)
    }

    /// Whether this route answers the sums of a question exactly.
    #[must_use]
    pub fn answers(self, query: &Query, period: &Period) -> bool {
        let asked = || query.by.iter().chain(query.filters.iter().map(|filter| &filter.dimension)).copied();
        let fits_cube = asked().all(is_in_cube) && query.metrics.iter().all(|metric| !needs_evses(metric));
        let is_within_day = query.by.iter().any(|dimension| dimension.is_within_day());
        let finest_is_month = query.by.iter().all(|dimension| !is_finer_than_month(*dimension));
        let by_hour_of_week = query.by.iter().all(|dimension| is_kept_by_hour_of_week(*dimension));
        // Lengths and energies of sessions are known of single sessions only.
        if query.by.iter().any(|dimension| dimension.is_of_session()) {
            return self == Self::Sessions;
        }
        let sums = match self {
            Self::CubeDay => !is_within_day,
            Self::CubeMonth | Self::EvseMonth => finest_is_month && period.is_whole_months(),
            Self::CubeDayHow => is_within_day,
            Self::CubeMonthHow => is_within_day && by_hour_of_week && period.is_whole_months(),
            Self::Sessions => true,
        };
        sums && (self.is_by_evse() || fits_cube)
    }

    /// The smallest route that answers.
    #[must_use]
    pub fn of(query: &Query, period: &Period) -> Self {
        Self::ALL.into_iter().find(|route| route.answers(query, period)).unwrap_or(Self::Sessions)
    }

    /// The table that keeps a question's capacity; no table by hours does, and none keeps that of single EVSEs by day.
    pub(crate) fn capacity(query: &Query, period: &Period) -> Option<Self> {
        let days = Query {
            by: query.by.iter().copied().filter(|dimension| !dimension.is_within_day()).collect(),
            ..query.clone()
        };
        Self::ALL.into_iter().filter(|route| route.has_capacity()).find(|route| route.answers(&days, period))
    }
}

/// The whole months within a period, and the days before and after them.
pub(crate) fn whole_months(period: &Period) -> Option<(Period, Vec<Period>)> {
    let month = period.first.first_of_month();
    let first = if month == period.first { month } else { month.last_of_month().tomorrow().ok()? };
    let end = period.last.last_of_month();
    let last = if end == period.last { end } else { end.first_of_month().yesterday().ok()? };
    let months = Period::new(first, last).ok()?;
    let before = first.yesterday().ok().and_then(|day| Period::new(period.first, day).ok());
    let after = last.tomorrow().ok().and_then(|day| Period::new(day, period.last).ok());
    Some((months, before.into_iter().chain(after).collect()))
}

/// Whether a dimension is time, or the same for all members of a cell.
pub(crate) fn is_in_cube(dimension: Dimension) -> bool {
    dimension.is_time()
        || matches!(
            dimension,
            Dimension::Area(AreaKind::Borough)
                | Dimension::Operator
                | Dimension::PowerBand
                | Dimension::Siting
                | Dimension::Current
        )
}

pub(crate) fn is_finer_than_month(dimension: Dimension) -> bool {
    dimension.is_within_day() || matches!(dimension, Dimension::Day | Dimension::Week | Dimension::Weekday)
}

fn is_kept_by_hour_of_week(dimension: Dimension) -> bool {
    !matches!(dimension, Dimension::Hour | Dimension::Day | Dimension::Week | Dimension::Weekday)
}

/// Counts of EVSEs need each EVSE apart.
pub(crate) fn needs_evses(metric: &Metric) -> bool {
    matches!(metric.rule, Rule::Distinct(Distinct::EvsesInUse | Distinct::EvsesUnused))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_falls_into_whole_months_and_the_days_beside_them() {
        let parts = |text: &str| {
            let (months, beside) = whole_months(&Period::parse(text).ok()?)?;
            Some(std::iter::once(months).chain(beside).map(|part| part.to_string()).collect::<Vec<_>>())
        };
        let whole = "2024-02-01..2024-03-31";
        assert_eq!(
            parts("2024-01-20..2024-04-02"),
            Some(vec![whole.into(), "2024-01-20..2024-01-31".into(), "2024-04-01..2024-04-02".into()])
        );
        assert_eq!(parts("2024-02..2024-03"), Some(vec![whole.into()]));
        assert_eq!(parts("2024-01-20..2024-02-10"), None);
    }
}
