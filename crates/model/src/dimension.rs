//! What figures can be split by and filtered on.

use serde::Serialize;

use crate::AreaKind;

/// What kind of thing a dimension is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DimensionKind {
    /// A kind of area.
    Area,
    /// A property of an EVSE with few values.
    Category,
    /// A part or a cycle of local time.
    Time,
    /// One thing in the world: operator, location, device, EVSE.
    Entity,
    /// A property of a session, in bins.
    Session,
}

/// A dimension. Values in answers: areas by code, entities by id, days as `2018-06-06`, weeks by their Monday, months as `2018-06`,
/// quarters as `2018-Q2`, years as `2018`, hours as `2018-06-06T13`, `hour_of_week` 0 to 167 with Monday 00:00 = 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Area of a kind.
    Area(AreaKind),
    /// Operator.
    Operator,
    /// Location (site).
    Location,
    /// Physical unit.
    Device,
    /// EVSE.
    Evse,
    /// Power band.
    PowerBand,
    /// Kind of current.
    Current,
    /// Siting.
    Siting,
    /// Borough or body that owns it, as the register names it.
    OwnerBorough,
    /// Scheme that paid for it, as the register names it.
    FundingScheme,
    /// Time plugged in of a session, in bins.
    SessionLength,
    /// Energy of a session, in bins.
    SessionEnergy,
    /// Local clock hour of a day.
    Hour,
    /// Local day.
    Day,
    /// Week, from Monday.
    Week,
    /// Month.
    Month,
    /// Quarter.
    Quarter,
    /// Year.
    Year,
    /// Hour of the week.
    HourOfWeek,
    /// Hour of the day.
    HourOfDay,
    /// Day of the week, 0 = Monday.
    Weekday,
}

impl Dimension {
    /// All dimensions.
    pub const ALL: [Self; 25] = [
        Self::Area(AreaKind::Borough),
        Self::Area(AreaKind::Ward),
        Self::Area(AreaKind::Msoa),
        Self::Area(AreaKind::Lsoa),
        Self::Area(AreaKind::Cell),
        Self::Operator,
        Self::Location,
        Self::Device,
        Self::Evse,
        Self::PowerBand,
        Self::Current,
        Self::Siting,
        Self::OwnerBorough,
        Self::FundingScheme,
        Self::SessionLength,
        Self::SessionEnergy,
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
        Self::HourOfWeek,
        Self::HourOfDay,
        Self::Weekday,
    ];

    /// Id in URLs, on the command line and in answers.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Area(kind) => kind.id(),
            Self::Operator => "operator",
            Self::Location => "location",
            Self::Device => "device",
            Self::Evse => "evse",
            Self::PowerBand => "power_band",
            Self::Current => "current",
            Self::Siting => "siting",
            Self::OwnerBorough => "owner_borough",
            Self::FundingScheme => "funding_scheme",
            Self::SessionLength => "session_length",
            Self::SessionEnergy => "session_energy",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::HourOfWeek => "hour_of_week",
            Self::HourOfDay => "hour_of_day",
            Self::Weekday => "weekday",
        }
    }

    /// Name on screens.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Area(kind) => kind.names().0,
            Self::Operator => "Operator",
            Self::Location => "Site",
            Self::Device => "Device",
            Self::Evse => "Charge point",
            Self::PowerBand => "Power",
            Self::Current => "Current",
            Self::Siting => "Siting",
            Self::OwnerBorough => "Owner",
            Self::FundingScheme => "Funding scheme",
            Self::SessionLength => "Session length",
            Self::SessionEnergy => "Session energy",
            Self::Hour => "Hour",
            Self::Day => "Day",
            Self::Week => "Week",
            Self::Month => "Month",
            Self::Quarter => "Quarter",
            Self::Year => "Year",
            Self::HourOfWeek => "Hour of the week",
            Self::HourOfDay => "Hour of the day",
            Self::Weekday => "Day of the week",
        }
    }

    /// The dimension of an id; `band` is short for `power_band`.
    #[must_use]
    pub fn of_id(id: &str) -> Option<Self> {
        if id == "band" {
            return Some(Self::PowerBand);
        }
        Self::ALL.into_iter().find(|dimension| dimension.id() == id)
    }

    /// What kind of thing it is.
    #[must_use]
    pub fn kind(self) -> DimensionKind {
        match self {
            Self::Area(_) => DimensionKind::Area,
            Self::Operator | Self::Location | Self::Device | Self::Evse => DimensionKind::Entity,
            Self::PowerBand | Self::Current | Self::Siting | Self::OwnerBorough | Self::FundingScheme => {
                DimensionKind::Category
            }
            Self::SessionLength | Self::SessionEnergy => DimensionKind::Session,
            _ => DimensionKind::Time,
        }
    }

    /// Whether answers can be filtered on it: everything but time, which the period chooses, and bins of sessions.
    #[must_use]
    pub fn can_filter(self) -> bool {
        !self.is_time() && !self.is_of_session()
    }

    /// Whether it is a part or a cycle of local time.
    #[must_use]
    pub fn is_time(self) -> bool {
        self.kind() == DimensionKind::Time
    }

    /// Whether it is a property of single sessions, which only those can tell.
    #[must_use]
    pub fn is_of_session(self) -> bool {
        self.kind() == DimensionKind::Session
    }

    /// Whether it is finer than a day, so that days alone cannot answer it.
    #[must_use]
    pub fn is_within_day(self) -> bool {
        matches!(self, Self::Hour | Self::HourOfWeek | Self::HourOfDay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dimension_is_found_by_its_id() {
        for dimension in Dimension::ALL {
            assert_eq!(Dimension::of_id(dimension.id()), Some(dimension));
        }
        assert_eq!(Dimension::of_id("colour"), None);
    }
}
