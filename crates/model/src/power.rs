//! Power: bands of the DfT statistics, and rated power derived from volts and amperes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Power band of an EVSE by its strongest connector, as in the DfT's charging-device statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PowerBand {
    /// Under 8 kW.
    Slow,
    /// 8 kW to under 50 kW.
    Fast,
    /// 50 kW to under 150 kW.
    Rapid,
    /// 150 kW and over.
    Ultra,
    /// Rated power not known.
    Unknown,
}

impl PowerBand {
    /// All bands, weakest first.
    pub const ALL: [Self; 5] = [Self::Slow, Self::Fast, Self::Rapid, Self::Ultra, Self::Unknown];

    /// The band of a rated power in kW; unknown for none, zero, negative or not a number.
    #[must_use]
    pub fn of(rated_kw: Option<f64>) -> Self {
        match rated_kw {
            Some(kw) if kw > 0.0 && kw < 8.0 => Self::Slow,
            Some(kw) if (8.0..50.0).contains(&kw) => Self::Fast,
            Some(kw) if (50.0..150.0).contains(&kw) => Self::Rapid,
            Some(kw) if kw >= 150.0 => Self::Ultra,
            _ => Self::Unknown,
        }
    }

    /// Id in URLs and files.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Slow => "slow",
            Self::Fast => "fast",
            Self::Rapid => "rapid",
            Self::Ultra => "ultra",
            Self::Unknown => "unknown",
        }
    }

    /// Name on screens.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Slow => "Up to 8 kW",
            Self::Fast => "8 to 49 kW",
            Self::Rapid => "50 to 149 kW",
            Self::Ultra => "150 kW and over",
            Self::Unknown => "Power unknown",
        }
    }
}

impl fmt::Display for PowerBand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// Kind of current, for deriving power.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CurrentType {
    /// Alternating, one phase.
    Ac1,
    /// Alternating, three phases.
    Ac3,
    /// Direct.
    Dc,
}

impl CurrentType {
    /// Id in URLs and files.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Ac1 => "ac1",
            Self::Ac3 => "ac3",
            Self::Dc => "dc",
        }
    }
}

/// Rated power in kW from volts and amperes.
///
/// One phase and DC: V·A. Three phases: a voltage below 380 V is between phase and neutral, so 3·V·A; from 380 V it is between
/// phases, so √3·V·A.
#[must_use]
pub fn rated_kw(current: CurrentType, volts: f64, amperes: f64) -> f64 {
    let factor = match current {
        CurrentType::Ac1 | CurrentType::Dc => 1.0,
        CurrentType::Ac3 if volts < 380.0 => 3.0,
        CurrentType::Ac3 => 3f64.sqrt(),
    };
    factor * volts * amperes / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_meet_without_gap_or_overlap() {
        for (kw, band) in [
            (3.0, "slow"),
            (7.99, "slow"),
            (8.0, "fast"),
            (49.9, "fast"),
            (50.0, "rapid"),
            (149.9, "rapid"),
            (150.0, "ultra"),
        ] {
            assert_eq!(PowerBand::of(Some(kw)).id(), band);
        }
        for unknown in [None, Some(0.0), Some(-1.0), Some(f64::NAN)] {
            assert_eq!(PowerBand::of(unknown), PowerBand::Unknown);
        }
    }

    #[test]
    fn three_phases_give_22_kw_by_either_voltage() {
        assert!((rated_kw(CurrentType::Ac3, 230.0, 32.0) - 22.08).abs() < 1e-9);
        assert!((rated_kw(CurrentType::Ac3, 400.0, 32.0) - 22.17).abs() < 0.01);
        assert!((rated_kw(CurrentType::Ac1, 230.0, 32.0) - 7.36).abs() < 1e-9);
    }
}
