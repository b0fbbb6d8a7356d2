//! Patterns and trends of use: how a place is used, whether that grows, when it changed, and what is unusual.
//!
//! [`statistics`] holds the methods, pure and each with its source; [`views`] asks the one door, [`Engine::answer`](crate::Engine::answer), or the same rollups
//! for sums by charge point, and gives each pattern with its coverage and provenance; [`findings`] says it in words.

mod findings;
mod statistics;
mod views;

pub(crate) use findings::words;
pub use findings::{Findings, Sentence, SentenceKind};
pub(crate) use statistics::quantile::median;
pub use views::{
    ArchetypeKind, ArchetypeMember, Archetypes, Calendar, CalendarDay, Concentration, CurvePoint, DayKind, DayState,
    DayTrend, Decomposition, Growth, Half, HourOfDay, HourOfWeek, LargestMember, LikeForLike, Measure, NotAMeasure,
    Pattern, PatternTable, Profile, SeasonDay, SeasonMonth, SpreadOver, StepChange, StepLeftOut, TopShare, Trend,
    TypicalDay, Unused, UnusedMember, UnusedState,
};
