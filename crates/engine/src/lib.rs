//! Metric queries: the one door for figures.
//!
//! [`Engine::answer`] takes a [`Snapshot`] of the lake, a question and a viewer. It picks the smallest rollup that answers
//! exactly ([`route`]), filters and sums it (in memory, by a plan of DataFusion, or session by session), and divides once at the
//! end. Nothing else in Kerbwatt computes figures.

mod answer;
mod assemble;
mod bucket;
mod buckets;
mod calendar;
mod capacity;
mod comparison;
mod congestion;
mod coverage;
mod door;
mod error;
mod facts;
mod groups;
mod held;
mod in_use;
mod keyed;
mod known;
mod last_use;
mod ledger;
mod member;
mod patterns;
mod per_session;
mod raw;
mod reported;
mod resident;
mod returns;
mod rollup;
mod route;
mod schema;
mod session_files;
mod session_reader;
mod sessions;
mod since;
mod snapshot;
mod stock;
mod sums;
mod tables;
mod zones;

pub use answer::{Answer, Column, ColumnKind, Coverage, Provenance, Row, Value};
pub use comparison::{Comparison, Comparisons, NotCompared, rests_on_returns};
pub use door::Engine;
pub use error::EngineError;
pub use facts::SessionFacts;
pub use held::{HeldFile, HeldRow, Wanted, is_from_content, plain_id};
pub use ledger::{Ledger, LeftOut, Line, LineRole, RateLedger};
pub use member::{Labels, Member, Members, labels_batch, members_batch};
pub use patterns::{
    ArchetypeKind, ArchetypeMember, Archetypes, Calendar, CalendarDay, Concentration, CurvePoint, DayKind, DayState,
    DayTrend, Decomposition, Findings, Growth, Half, HourOfDay, HourOfWeek, LargestMember, LikeForLike, Measure,
    NotAMeasure, Pattern, PatternTable, Profile, SeasonDay, SeasonMonth, Sentence, SentenceKind, SpreadOver,
    StepChange, StepLeftOut, TopShare, Trend, TypicalDay, Unused, UnusedMember, UnusedState,
};
pub use reported::BucketReported;
pub use returns::{RepairMade, RepairSum, RepairedReturn, Return, Returns};
pub use rollup::{RollupBatches, RollupInput, build_month};
pub use route::Route;
pub use schema::{ALL_TABLES, EVSES, LABELS, ROLLUPS, format as tables_format, rollup_spec, spec};
pub use session_files::{SessionFiles, tally};
pub use sessions::{SessionRow, session_facts};
pub use snapshot::Snapshot;
