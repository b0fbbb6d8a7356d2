//! The sums that may be added: kept in rollups, and the only thing that a total or a ratio can be made of.

use crate::Dimension;

/// A quantity of which parts add up, over places and over time. Its position is its column in every table of sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Additive {
    /// Sessions, by start.
    Sessions,
    /// Sessions without energy or under a minute, by start.
    FailedStarts,
    /// Energy of sessions, kWh, by start.
    StartedKwh,
    /// Seconds plugged in of sessions, by start: the whole length.
    StartedS,
    /// Seconds plugged in, where they passed.
    PluggedS,
    /// Energy, kWh, apportioned.
    EnergyKwh,
    /// Seconds plugged in, as far as they are in [`Self::AvailableS`].
    OpenPluggedS,
    /// Energy, kWh, apportioned, as far as it is in [`Self::AvailableS`].
    OpenKwh,
    /// Of this, at EVSEs of known rated power.
    RatedEnergyKwh,
    /// Seconds charging, as far as they are in [`Self::AvailableS`].
    OpenChargingS,
    /// Seconds charging of sessions whose end of charging is known, where they passed.
    ChargingS,
    /// Seconds plugged in of sessions whose end of charging is known, where they passed.
    EndedS,
    /// Seconds plugged in of sessions whose end of charging is not known, as far as they are in [`Self::EndsAvailableS`].
    UnendedS,
    /// Sessions whose end of charging is known, by start.
    EndedSessions,
    /// Mean power of each session, kW, added up, by start.
    PowerKw,
    /// Sessions that have a mean power, by start.
    PoweredSessions,
    /// Sessions whose fee is known, by start.
    FeeSessions,
    /// Fees, pence, by start.
    FeePence,
    /// Energy of sessions whose fee is known, kWh, by start.
    FeeKwh,
    /// Days of live EVSEs.
    LiveDays,
    /// Of these, days of registered EVSEs.
    RegisteredDays,
    /// Of these, days that an accepted return covers.
    ReportedRegisteredDays,
    /// Seconds that live EVSEs were reported on.
    AvailableS,
    /// What they could have delivered at rated power, kWh.
    CapacityKwh,
    /// Seconds of live EVSEs, reported or not.
    LiveS,
    /// Seconds reported of EVSEs of known rated power.
    RatedS,
    /// Seconds reported, in months in which the operator reports the end of charging.
    EndsAvailableS,
}

impl Additive {
    /// All of them, in the order of their columns: first those made of sessions, then those made of register and returns.
    pub const ALL: [Self; 27] = [
        Self::Sessions,
        Self::FailedStarts,
        Self::StartedKwh,
        Self::StartedS,
        Self::PluggedS,
        Self::EnergyKwh,
        Self::OpenPluggedS,
        Self::OpenKwh,
        Self::RatedEnergyKwh,
        Self::OpenChargingS,
        Self::ChargingS,
        Self::EndedS,
        Self::UnendedS,
        Self::EndedSessions,
        Self::PowerKw,
        Self::PoweredSessions,
        Self::FeeSessions,
        Self::FeePence,
        Self::FeeKwh,
        Self::LiveDays,
        Self::RegisteredDays,
        Self::ReportedRegisteredDays,
        Self::AvailableS,
        Self::CapacityKwh,
        Self::LiveS,
        Self::RatedS,
        Self::EndsAvailableS,
    ];

    /// How many of them are made of sessions.
    pub const OF_SESSIONS: usize = 19;

    /// Name of its column.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::FailedStarts => "failed_starts",
            Self::StartedKwh => "started_kwh",
            Self::StartedS => "started_s",
            Self::PluggedS => "plugged_s",
            Self::EnergyKwh => "energy_kwh",
            Self::OpenPluggedS => "open_plugged_s",
            Self::OpenKwh => "open_kwh",
            Self::RatedEnergyKwh => "rated_energy_kwh",
            Self::OpenChargingS => "open_charging_s",
            Self::ChargingS => "charging_s",
            Self::EndedS => "ended_s",
            Self::UnendedS => "unended_s",
            Self::EndedSessions => "ended_sessions",
            Self::PowerKw => "power_kw",
            Self::PoweredSessions => "powered_sessions",
            Self::FeeSessions => "fee_sessions",
            Self::FeePence => "fee_pence",
            Self::FeeKwh => "fee_kwh",
            Self::LiveDays => "live_days",
            Self::RegisteredDays => "registered_days",
            Self::ReportedRegisteredDays => "reported_registered_days",
            Self::AvailableS => "available_s",
            Self::CapacityKwh => "capacity_kwh",
            Self::LiveS => "live_s",
            Self::RatedS => "rated_s",
            Self::EndsAvailableS => "ends_available_s",
        }
    }

    /// Whether it is made of sessions; else of the register and the periods of returns.
    #[must_use]
    pub const fn is_of_sessions(self) -> bool {
        (self as usize) < Self::OF_SESSIONS
    }

    /// Whether it counts sessions where they start, and not where they last.
    #[must_use]
    pub fn is_by_start(self) -> bool {
        matches!(
            self,
            Self::Sessions
                | Self::FailedStarts
                | Self::StartedKwh
                | Self::StartedS
                | Self::EndedSessions
                | Self::PowerKw
                | Self::PoweredSessions
                | Self::FeeSessions
                | Self::FeePence
                | Self::FeeKwh
        )
    }

    /// Whether it is of the time alone in which a live EVSE was reported on.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::OpenPluggedS | Self::OpenKwh | Self::RatedEnergyKwh | Self::OpenChargingS)
    }

    /// Whether it is a whole number.
    #[must_use]
    pub fn is_whole(self) -> bool {
        !matches!(
            self,
            Self::StartedKwh
                | Self::EnergyKwh
                | Self::OpenKwh
                | Self::RatedEnergyKwh
                | Self::PowerKw
                | Self::FeePence
                | Self::FeeKwh
                | Self::CapacityKwh
        )
    }

    /// Why it cannot be split by a dimension; none where it can.
    pub(crate) fn refuses(self, dimension: Dimension) -> Option<super::Refusal> {
        let is_by_day = matches!(self, Self::LiveDays | Self::RegisteredDays | Self::ReportedRegisteredDays);
        if is_by_day && dimension.is_within_day() {
            return Some(super::rule::BY_THE_DAY);
        }
        (dimension.is_of_session() && !self.is_of_sessions()).then_some(super::rule::NO_TIME_OF_SESSIONS)
    }
}

/// A sum in the unit of a metric: `(of − less) ÷ per`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Total {
    /// What is added up.
    pub of: Additive,
    /// What is taken off.
    pub less: Option<Additive>,
    /// Units of the sum in a unit of the metric.
    pub per: f64,
    /// All sessions, and those that say anything about it: nothing is known where there are some of the first and none of the
    /// second.
    pub known: Option<(Additive, Additive)>,
}

impl Total {
    /// A sum as it is.
    pub(super) const fn of(of: Additive) -> Self {
        Self { of, less: None, per: 1.0, known: None }
    }

    pub(super) const fn less(self, less: Additive) -> Self {
        Self { less: Some(less), ..self }
    }

    pub(super) const fn per(self, per: f64) -> Self {
        Self { per, ..self }
    }

    pub(super) const fn known_by(self, all: Additive, known: Additive) -> Self {
        Self { known: Some((all, known)), ..self }
    }

    /// The sums it is made of.
    pub fn parts(&self) -> impl Iterator<Item = Additive> {
        let known = self.known.map(|(all, known)| [all, known]);
        std::iter::once(self.of).chain(self.less).chain(known.into_iter().flatten())
    }

    pub(super) fn refuses(&self, dimension: Dimension) -> Option<super::Refusal> {
        self.parts().find_map(|part| part.refuses(dimension))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sum_stands_at_its_own_position_under_its_own_name() {
        for (at, sum) in Additive::ALL.into_iter().enumerate() {
            assert_eq!(sum as usize, at);
            assert_eq!(Additive::ALL.iter().filter(|other| other.id() == sum.id()).count(), 1);
        }
    }
}
