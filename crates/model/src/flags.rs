//! Flags on accepted sessions: kept, but worth knowing.

use serde::Serialize;

/// What a check found about a session that was kept. The number is the bit in stored rows and never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Flag {
    /// No energy, or under a minute: an attempt that did not become a charge.
    FailedStart = 0,
    /// Plugged in for under a minute, or the limit that is set.
    UnderOneMinute = 1,
    /// Plugged in longer than is usual for the power band.
    LongStay = 2,
    /// Charging for more than 1,440 minutes, or the limit that is set.
    LongCharge = 3,
    /// Under 0.5 kWh, or the limit that is set.
    LowEnergy = 4,
    /// Over 250 kWh, or the limit that is set.
    HighEnergy = 5,
    /// Charging ended after the plug was pulled.
    ChargedLongerThanPlugged = 6,
    /// Mean power over 1.1 × rated power, or the limit that is set.
    OverRatedPower = 7,
    /// Starts outside the declared period.
    OutsidePeriod = 8,
    /// The EVSE is not in the register.
    Unregistered = 9,
    /// Overlaps another session on the same EVSE.
    Overlap = 10,
    /// The local time occurs twice, and the earlier was taken; or does not occur, and was moved by the change.
    ClockChange = 11,
    /// The end is computed from a duration, not reported.
    EndDerived = 12,
    /// Before commissioning or after decommissioning of the EVSE.
    OutsideService = 13,
    /// Values changed by a repair that was proved and decided.
    Repaired = 14,
    /// Kept as read although a repair could not settle this row.
    Unresolved = 15,
    /// The EVSE stands, as registered, in none of the hub's areas, although others of its operator do.
    OutsideArea = 16,
    /// A fee is given that cannot be read, so that it counts as unknown.
    UnreadableFee = 17,
    /// A fee is given in another currency than pounds, so that it counts as unknown.
    OtherCurrency = 18,
    /// The fee is below zero.
    NegativeFee = 19,
    /// The duration in the file contradicts its start and end.
    DurationDiffers = 20,
    /// Day and month could be exchanged: nothing in the file says which comes first.
    UnclearOrder = 21,
    /// Charging is said to have ended before the plug was in, so that its end counts as unknown.
    ChargedBeforePlugged = 22,
    /// Energy was delivered, but the end is the start.
    EnergyInNoTime = 23,
}

impl Flag {
    /// All flags, by bit.
    pub const ALL: [Self; 24] = [
        Self::FailedStart,
        Self::UnderOneMinute,
        Self::LongStay,
        Self::LongCharge,
        Self::LowEnergy,
        Self::HighEnergy,
        Self::ChargedLongerThanPlugged,
        Self::OverRatedPower,
        Self::OutsidePeriod,
        Self::Unregistered,
        Self::Overlap,
        Self::ClockChange,
        Self::EndDerived,
        Self::OutsideService,
        Self::Repaired,
        Self::Unresolved,
        Self::OutsideArea,
        Self::UnreadableFee,
        Self::OtherCurrency,
        Self::NegativeFee,
        Self::DurationDiffers,
        Self::UnclearOrder,
        Self::ChargedBeforePlugged,
        Self::EnergyInNoTime,
    ];

    /// The bit of this flag in a stored row.
    #[inline]
    #[must_use]
    pub const fn bit(self) -> i32 {
        1 << (self as u8)
    }

    /// Bits of the flags that a session has by what the register says of its charge point. A register that comes later changes
    /// them, the row and its file stay as they are: the lake does not keep them.
    pub const OF_REGISTER: i32 = Self::LongStay.bit()
        | Self::OverRatedPower.bit()
        | Self::Unregistered.bit()
        | Self::OutsideService.bit()
        | Self::OutsideArea.bit();

    /// Id in exports, snake case.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::FailedStart => "failed_start",
            Self::UnderOneMinute => "under_one_minute",
            Self::LongStay => "long_stay",
            Self::LongCharge => "long_charge",
            Self::LowEnergy => "low_energy",
            Self::HighEnergy => "high_energy",
            Self::ChargedLongerThanPlugged => "charged_longer_than_plugged",
            Self::OverRatedPower => "over_rated_power",
            Self::OutsidePeriod => "outside_period",
            Self::Unregistered => "unregistered",
            Self::Overlap => "overlap",
            Self::ClockChange => "clock_change",
            Self::EndDerived => "end_derived",
            Self::OutsideService => "outside_service",
            Self::Repaired => "repaired",
            Self::Unresolved => "unresolved",
            Self::OutsideArea => "outside_area",
            Self::UnreadableFee => "unreadable_fee",
            Self::OtherCurrency => "other_currency",
            Self::NegativeFee => "negative_fee",
            Self::DurationDiffers => "duration_differs",
            Self::UnclearOrder => "unclear_order",
            Self::ChargedBeforePlugged => "charged_before_plugged",
            Self::EnergyInNoTime => "energy_in_no_time",
        }
    }

    /// The ids of the flags set in `bits`, joined by spaces.
    #[must_use]
    pub fn names(bits: i32) -> String {
        let set: Vec<&str> = Self::ALL.iter().filter(|flag| bits & flag.bit() != 0).map(|flag| flag.id()).collect();
        set.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_flag_has_its_own_bit_and_name() {
        let bits = Flag::ALL.iter().fold(0, |bits, flag| bits | flag.bit());
        assert_eq!(bits.count_ones() as usize, Flag::ALL.len());
        assert_eq!(Flag::names(bits).split(' ').count(), Flag::ALL.len());
        assert_eq!(Flag::names(0), "");
    }
}
