//! Domain types, units, civil time, apportioning and the metric catalogue of Kerbwatt: pure, no IO.
//!
//! Names follow OCPI 2.2.1: an *EVSE* serves one vehicle at a time, a *connector* is one of its plugs,
//! a *device* is a physical unit, a *location* is a site.

mod apportion;
mod area;
mod as_of;
mod bins;
mod catalogue;
mod dimension;
mod factors;
mod flags;
mod ids;
mod names;
mod period;
mod power;
mod query;
mod register;
mod session;
mod sessions;
mod threads;
mod zone;

pub use apportion::{HourShare, day_and_hour, each_hour, each_share, spread};
pub use area::{Area, AreaKind};
pub use as_of::{AsOf, AsOfError, Precision};
pub use bins::{Bin, ENERGY_BINS, LENGTH_BINS, bin_of};
pub use catalogue::{
    Additive, CATALOGUE, Combine, Direction, Distinct, Format, Metric, PerSession, Refusal, Rule, Since, Stock, Total,
    askable, metric,
};
pub use dimension::{Dimension, DimensionKind};
pub use factors::{AVOIDED_KG_PER_KWH, ELECTRIC_MILES_PER_KWH, FACTORS, FACTORS_VERSION, Factor};
pub use flags::Flag;
pub use ids::{EvseId, IdError, OperatorId};
pub use names::Names;
pub use period::{Period, PeriodError, day_number, day_of_number};
pub use power::{CurrentType, PowerBand, rated_kw};
pub use query::{Filter, Query, QueryError, Viewer};
pub use register::{RegisterEntry, Siting};
pub use session::{Session, Stay};
pub use sessions::{Amended, ByEvse, Gathering, Part, Renames, Sessions, Without};
pub use threads::in_threads;
pub use zone::{LocalTime, Resolved, Zone, ZoneError};
