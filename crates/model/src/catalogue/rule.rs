//! How a figure is made of parts. Each rule carries what it is made of, and only a total and a ratio are made of sums: for
//! anything else there is no way to add.

use serde::Serialize;

use super::additive::{Additive, Total};
use crate::Dimension;

/// How a figure is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// A sum.
    Total(Total),
    /// Two sums, divided once.
    Ratio {
        /// Numerator.
        above: Total,
        /// Denominator.
        below: Total,
    },
    /// What there is at the end of the period.
    Stock(Stock),
    /// Distinct things, counted.
    Distinct(Distinct),
    /// The middle of single sessions.
    Median(PerSession),
    /// The most at the same moment.
    Peak,
    /// Minutes in which all EVSEs of a location were taken, by minutes in which it was open.
    Congestion,
    /// Days since EVSEs were used last.
    SinceUse(Since),
    /// Share of energy of this many of the heaviest users.
    TopShare(u8),
    /// Made of status changes, of which there are none yet.
    Status,
}

/// What there is at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stock {
    /// EVSEs.
    Evses,
    /// Physical units.
    Devices,
    /// Locations.
    Locations,
    /// Rated power, kW.
    RatedKw,
}

/// What is counted once, however often it occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distinct {
    /// EVSEs with a session.
    EvsesInUse,
    /// EVSEs reported without a session.
    EvsesUnused,
    /// Drivers, by pseudonym.
    Drivers,
}

/// A quantity of one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PerSession {
    /// Energy, kWh.
    Kwh,
    /// Minutes plugged in.
    Minutes,
    /// Mean power, kW.
    Kw,
}

/// Which EVSE of several is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// The one in the middle.
    Middle,
    /// The one unused for longest.
    Longest,
}

/// How the figures of parts combine to that of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    /// Parts add up.
    Sum,
    /// Sums are divided once.
    RatioOfSums,
    /// Distinct things are counted; parts do not add up.
    Distinct,
    /// A quantile over single sessions or EVSEs; parts do not combine.
    Quantile,
    /// The largest; parts do not combine, or not by adding.
    Maximum,
    /// A level at the end of the period, which does not add up over time.
    Stock,
    /// Share of the heaviest; parts do not combine.
    Share,
}

impl Combine {
    /// The same in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Sum => "Parts add up, over places and over time.",
            Self::RatioOfSums => {
                "Both sums are added first and divided once. Ratios of parts are neither added nor averaged."
            }
            Self::Distinct => {
                "Each is counted once, however often it occurs, so the counts of parts are not added: the same one may be in several."
            }
            Self::Quantile => {
                "Made from all single values at once. The middle of several parts cannot be had from the middles of each."
            }
            Self::Maximum => {
                "Made from all single values at once. Parts do not add up, for they reach their highest at different times."
            }
            Self::Stock => "A level at the end of the period. It is not added up over time.",
            Self::Share => "The heaviest users are found in the whole. Shares of parts are neither added nor averaged.",
        }
    }
}

/// Why something cannot be asked, and what to ask instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: &'static str,
    /// What to ask instead.
    pub instead: &'static str,
}

const fn refusal(reason: &'static str, instead: &'static str) -> Refusal {
    Refusal { reason, instead }
}

pub(super) const BY_THE_DAY: Refusal = refusal(
    "charge points are registered and reported by the day, not by the hour",
    "Ask it by day, or ask utilisation_time by the hour.",
);
pub(super) const NO_TIME_OF_SESSIONS: Refusal = refusal(
    "the time in which no session takes place belongs to no length or energy of a session",
    "Ask sessions, energy_kwh or plugged_hours by that dimension.",
);
const NO_END_OF_HOUR: Refusal = refusal(
    "what there is gets counted at the end of a period, and this part of time has no one end",
    "Ask it by day, week, month, quarter or year.",
);
const NO_SESSION_OF_STOCK: Refusal =
    refusal("charge points have no length or energy of a session", "Ask sessions or evses_in_use by that dimension.");
const UNUSED_DAYS: Refusal =
    refusal("a charge point counts as unused over whole days", "Ask it by day, or ask evses_in_use by the hour.");
const UNUSED_SESSIONS: Refusal =
    refusal("a charge point without a session has none of any length or energy", "Ask evses_in_use by that dimension.");
const LOOKS_BACK: Refusal = refusal(
    "it looks back from the end of the period, so that only its end matters",
    "Leave that dimension out and choose the end with the period.",
);
const ALL_OF_A_SITE: Refusal = refusal(
    "a site is congested when all its charge points are taken, which one alone cannot tell",
    "Ask it by location, or ask utilisation_time by that dimension.",
);
const TAKEN_BY_ALL: Refusal = refusal(
    "a site is taken by all its sessions together, whatever their length or energy",
    "Ask plugged_hours by that dimension.",
);
const NO_STATUS: Refusal = refusal(
    "it is made of status changes, and this hub holds none yet",
    "Ask coverage and utilisation_time in the meantime; they need no status data.",
);

impl Rule {
    /// How the figures of parts combine.
    #[must_use]
    pub const fn combine(self) -> Combine {
        match self {
            Self::Total(_) => Combine::Sum,
            Self::Ratio { .. } | Self::Congestion | Self::Status => Combine::RatioOfSums,
            Self::Stock(Stock::RatedKw | Stock::Evses) => Combine::Stock,
            Self::Stock(_) | Self::Distinct(_) => Combine::Distinct,
            Self::Median(_) | Self::SinceUse(Since::Middle) => Combine::Quantile,
            Self::Peak | Self::SinceUse(Since::Longest) => Combine::Maximum,
            Self::TopShare(_) => Combine::Share,
        }
    }

    /// The sums it is made of; none where it is not made of sums.
    #[must_use]
    pub fn sums(self) -> Vec<Additive> {
        match self {
            Self::Total(total) => total.parts().collect(),
            Self::Ratio { above, below } => above.parts().chain(below.parts()).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it compares drivers, whose pseudonyms differ from operator to operator.
    #[must_use]
    pub const fn is_within_operator(self) -> bool {
        matches!(self, Self::Distinct(Distinct::Drivers) | Self::TopShare(_))
    }

    /// Why it has no meaning by a dimension; none where it has.
    pub(super) fn refuses(self, dimension: Dimension) -> Option<Refusal> {
        let of_session = dimension.is_of_session();
        match self {
            Self::Total(total) => total.refuses(dimension),
            Self::Ratio { above, below } => above.refuses(dimension).or_else(|| below.refuses(dimension)),
            Self::Stock(_) if of_session => Some(NO_SESSION_OF_STOCK),
            Self::Stock(_) if dimension.is_within_day() || dimension == Dimension::Weekday => Some(NO_END_OF_HOUR),
            Self::Distinct(Distinct::EvsesUnused) if of_session => Some(UNUSED_SESSIONS),
            Self::Distinct(Distinct::EvsesUnused) if dimension.is_within_day() => Some(UNUSED_DAYS),
            Self::SinceUse(_) if of_session || dimension.is_time() => Some(LOOKS_BACK),
            Self::Congestion if of_session => Some(TAKEN_BY_ALL),
            Self::Congestion if matches!(dimension, Dimension::Device | Dimension::Evse) => Some(ALL_OF_A_SITE),
            Self::Status => Some(NO_STATUS),
            _ => None,
        }
    }

    /// Why it cannot be asked at all, for now.
    pub(super) const fn lacks(self) -> Option<Refusal> {
        if matches!(self, Self::Status) { Some(NO_STATUS) } else { None }
    }
}
