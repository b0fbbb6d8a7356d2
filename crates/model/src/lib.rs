//! Domain types, units, civil time, apportioning and the metric catalogue of Kerbwatt: pure, no IO.
//!
//! Names follow OCPI 2.2.1: an *EVSE* serves one vehicle at a time, a *connector* is one of its plugs,
//! a *device* is a physical unit, a *location* is a site.

mod apportion;
mod area;
mod as_of;
mod catalogue;
mod dimension;
mod flags;
mod ids;
mod period;
mod power;
mod query;
mod register;
mod session;
mod zone;

pub use apportion::{HourShare, day_and_hour, spread};
pub use area::{Area, AreaKind};
pub use as_of::{AsOf, AsOfError, Precision};
pub use catalogue::{CATALOGUE, Combine, Direction, Format, Metric, metric};
pub use dimension::{Dimension, DimensionKind};
pub use flags::Flag;
pub use ids::{EvseId, IdError, OperatorId};
pub use period::{Period, PeriodError, day_number, day_of_number};
pub use power::{CurrentType, PowerBand, rated_kw};
pub use query::{Filter, Query, QueryError, Viewer};
pub use register::{RegisterEntry, Siting};
pub use session::{Session, Stay};
pub use zone::{Resolved, Zone, ZoneError};
