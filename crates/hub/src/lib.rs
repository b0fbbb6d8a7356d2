//! What the product does, as plain functions: receive, check, accept, register, publish, verify, rebuild; and what there is.
//!
//! A [`Hub`] is one data folder with its engine. Whoever writes holds the folder's lock; readers follow new data versions by
//! themselves. Figures come through [`Hub::answer`] only, which hands them on to the engine's one door.
//!
//! The record (vault and ledger) is written first and flushed; the lake is then brought up to date from it by
//! [`Hub::publish`], which is also what finishes an interrupted run and what a rebuild does from nothing.

mod both_ways;
mod by_month;
mod catalogue;
mod changes;
mod comparing;
mod completeness;
mod covering;
mod crossings;
mod decide;
mod drift;
mod earlier;
mod entering;
mod error;
mod expected;
mod figures;
mod holding;
mod hub;
mod kept;
mod layouts;
mod left_out;
mod limits;
mod london;
mod members;
mod months;
mod nothing;
mod of_period;
mod past;
mod patterns;
mod places;
mod points;
mod preview;
mod progress;
mod publish;
mod reading;
mod receive;
mod record;
mod register;
mod register_undo;
mod report;
mod same_session;
mod search;
mod sharing;
mod sites;
mod source;
mod standing;
mod submissions;
mod superseded;
mod tables;
mod tracker;
mod unregistered;
mod verify;
mod versions;
mod waiting;

pub use catalogue::CatalogueView;
pub use changes::{Changes, Step};
pub use decide::Verdict;
pub use error::{ErrorKind, HubError};
pub use hub::{Hub, Published};
pub use kerbwatt_engine::{
    Answer, Archetypes, BucketReported, Calendar, Column, ColumnKind, Comparison, Comparisons, Concentration, Coverage,
    EngineError, Findings, Ledger, LeftOut, Line, LineRole, Measure, NotAMeasure, Pattern, PatternTable, Provenance,
    RateLedger, RepairMade, RepairSum, RepairedReturn, Returns, Row, SessionRow, Trend, TypicalDay, Unused, Value,
    rests_on_returns,
};
pub use kerbwatt_intake::{
    Check, CheckLimit, ColumnUse, DuplicateRow, EnergyTotals, Example, FieldInfo, Finding, Headline, Kind, LIMITS,
    Limit, LimitError, Limits, Needed, OriginalRows, Profile, ProfileError, ProfileMatch, Proposal, Refusal, Rejected,
    Repair, RepairKind, Severity, Thresholds, Totals, checks, column_place, fields, profiles,
};
pub use kerbwatt_store::{FolderError, QuarantinedRow, RegisterChange, Settings, SubmissionState};
pub use layouts::KnownLayout;
pub use limits::{ChangedLimit, LimitInForce, SetFor};
pub use london::{BoroughOutline, london_boroughs, london_contains};
pub use places::{AreaView, PlacesImported};
pub use preview::{Draft, Preview, PreviewOutcome, PreviewRow, PreviewSession, proposed_of, rejected_csv, rejected_of};
pub use progress::{CHARGE_POINTS, Progress};
pub use reading::check;
pub use receive::{Declaration, NewReturn, Submitted};
pub use register::{NewRegister, RegisterImported};
pub use register_undo::RepairsOfImport;
pub use report::Report;
pub use search::{Found, FoundKind};
pub use sharing::{SharedMonth, SharedReturn, SharingOperator};
pub use sites::{EvseDetail, EvseReturn, EvseView, SiteView};
pub use source::{Bytes, file_on_disk};
pub use submissions::{HistoryEntry, OtherReturn, SubmissionDetail, SubmissionView};
pub use tables::{Table, TableOutcome, check_tables};
pub use tracker::{MonthState, TrackedMonth, TrackedOperator, Tracker};
pub use unregistered::UnregisteredEvse;
pub use verify::{Checked, Problem, Verified};
pub use versions::{DecisionView, ImportView, ReturnChange, ReturnChangeKind, VersionView};
