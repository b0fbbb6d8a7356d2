//! The register of charge points.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{CurrentType, PowerBand};

/// Where a charge point stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Siting {
    /// On a residential street, often in a lamp column.
    OnStreet,
    /// At a place one visits: shop, leisure centre, workplace.
    Destination,
    /// A group of rapid points.
    Hub,
    /// A public car park.
    CarPark,
    /// For taxis only.
    Taxi,
    /// Not known.
    Unknown,
}

impl Siting {
    /// All sitings.
    pub const ALL: [Self; 6] = [Self::OnStreet, Self::Destination, Self::Hub, Self::CarPark, Self::Taxi, Self::Unknown];

    /// Id in URLs and files.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::OnStreet => "on_street",
            Self::Destination => "destination",
            Self::Hub => "hub",
            Self::CarPark => "car_park",
            Self::Taxi => "taxi",
            Self::Unknown => "unknown",
        }
    }

    /// Name on screens.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OnStreet => "On-street residential",
            Self::Destination => "Destination",
            Self::Hub => "Charging hub",
            Self::CarPark => "Car park",
            Self::Taxi => "Taxi only",
            Self::Unknown => "Siting unknown",
        }
    }

    /// The siting of an id.
    #[must_use]
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|siting| siting.id() == id)
    }
}

/// One row of an operator's register: one EVSE, or a device whose EVSEs are not listed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegisterEntry {
    /// The operator's own id of the EVSE; none where the register lists devices only.
    pub evse: Option<String>,
    /// The operator's own id of the device.
    pub device: String,
    /// The operator's own id of the location; its name where it has no id.
    pub location: String,
    /// Name of the location.
    pub location_name: String,
    /// Address, one line.
    pub address: Option<String>,
    /// Postcode.
    pub postcode: Option<String>,
    /// Degrees north, WGS84.
    pub latitude: Option<f64>,
    /// Degrees east, WGS84.
    pub longitude: Option<f64>,
    /// Siting.
    pub siting: Siting,
    /// Rated power of the strongest connector, kW.
    pub rated_kw: Option<f64>,
    /// Band, where the register names one but no power.
    pub band: PowerBand,
    /// Kind of current.
    pub current: Option<CurrentType>,
    /// Connector standards, as listed.
    pub connectors: Vec<String>,
    /// First day in service.
    pub commissioned: Option<Date>,
    /// Last day in service.
    pub decommissioned: Option<Date>,
    /// Borough or body that owns it.
    // Left out where there is none, so that registers of before these fields were read compare as they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_borough: Option<String>,
    /// Scheme that paid for it, such as ORCS or LEVI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funding_scheme: Option<String>,
    /// Row in the file; the first row below the header is 1.
    pub row: u64,
}
