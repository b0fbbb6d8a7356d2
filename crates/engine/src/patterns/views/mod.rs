//! Each pattern as it leaves the engine: figures, coverage and provenance.

mod archetypes;
mod calendar;
mod concentration;
mod days;
mod growth;
mod levels;
mod measure;
mod months;
mod source;
mod table;
mod trend;
mod typical_day;
mod unused;
mod unused_source;
mod weeks;

pub use archetypes::{ArchetypeKind, ArchetypeMember, Archetypes};
pub use calendar::{Calendar, CalendarDay};
pub use concentration::{Concentration, CurvePoint, Half, LargestMember, TopShare};
pub use days::DayState;
pub use growth::{Growth, LikeForLike};
pub use levels::{StepChange, StepLeftOut};
pub use measure::{Measure, NotAMeasure};
pub use months::SeasonMonth;
pub use table::{Pattern, PatternTable};
pub use trend::{DayTrend, Decomposition, SeasonDay, Trend};
pub use typical_day::{DayKind, HourOfDay, HourOfWeek, Profile, SpreadOver, TypicalDay};
pub use unused::{Unused, UnusedMember, UnusedState};

pub(super) use days::days;
pub(super) use growth::growth;
pub(super) use levels::levels;
pub(super) use source::Source;
pub(super) use table::{pattern, text, trust};
pub(super) use trend::taken_apart;
