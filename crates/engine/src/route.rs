//! Which table answers: the smallest that can, exactly.

use kerbwatt_model::{AreaKind, Dimension, Distinct, Metric, Period, Query, Rule};

/// The source of an answer's sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Route {
    /// (borough, operator, band, siting, current) by day.
    CubeDay,
    /// The same by month and hour of week.
    CubeMonthHow,
    /// EVSE by month.
    EvseMonth,
    /// EVSE by day.
    EvseDay,
    /// EVSE by month and hour of week.
    EvseMonthHow,
    /// Single sessions.
    Sessions,
}

impl Route {
    /// Every route that can answer sums.
    pub const ALL: [Self; 6] =
        [Self::CubeDay, Self::CubeMonthHow, Self::EvseMonth, Self::EvseDay, Self::EvseMonthHow, Self::Sessions];

    /// Name of its table.
    #[must_use]
    pub fn table(self) -> &'static str {
        match self {
            Self::CubeDay => "cube_day",
            Self::CubeMonthHow => "cube_month_how",
            Self::EvseMonth => "evse_month",
            Self::EvseDay => "evse_day",
            Self::EvseMonthHow => "evse_month_how",
            Self::Sessions => "sessions",
        }
    }

    /// Whether it keeps each EVSE apart.
    #[must_use]
    pub fn is_by_evse(self) -> bool {
        !matches!(self, Self::CubeDay | Self::CubeMonthHow)
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
            Self::CubeDay | Self::EvseDay => !is_within_day,
            Self::EvseMonth => finest_is_month && period.is_whole_months(),
            Self::CubeMonthHow | Self::EvseMonthHow => is_within_day && by_hour_of_week && period.is_whole_months(),
            Self::Sessions => true,
        };
        sums && (self.is_by_evse() || fits_cube)
    }

    /// The smallest route that answers.
    #[must_use]
    pub fn of(query: &Query, period: &Period) -> Self {
        Self::ALL.into_iter().find(|route| route.answers(query, period)).unwrap_or(Self::Sessions)
    }

    /// The table for capacity, which no table by hours keeps.
    pub(crate) fn capacity(query: &Query, period: &Period) -> Self {
        let days = Query {
            by: query.by.iter().copied().filter(|dimension| !dimension.is_within_day()).collect(),
            ..query.clone()
        };
        [Self::CubeDay, Self::EvseMonth].into_iter().find(|route| route.answers(&days, period)).unwrap_or(Self::EvseDay)
    }
}

fn is_in_cube(dimension: Dimension) -> bool {
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

fn is_finer_than_month(dimension: Dimension) -> bool {
    dimension.is_within_day() || matches!(dimension, Dimension::Day | Dimension::Week | Dimension::Weekday)
}

fn is_kept_by_hour_of_week(dimension: Dimension) -> bool {
    !matches!(dimension, Dimension::Hour | Dimension::Day | Dimension::Week | Dimension::Weekday)
}

/// Counts of EVSEs need each EVSE apart.
pub(crate) fn needs_evses(metric: &Metric) -> bool {
    matches!(metric.rule, Rule::Distinct(Distinct::EvsesInUse | Distinct::EvsesUnused))
}
