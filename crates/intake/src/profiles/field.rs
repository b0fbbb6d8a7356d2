//! Fields of the model that columns feed, with what a person needs to know who maps columns to them.

use serde::{Deserialize, Serialize};

use super::Kind;

/// A field of the model that a column can feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Field {
    SessionId,
    Evse,
    Device,
    Connector,
    Driver,
    Status,
    Record,
    Credits,
    PlugIn,
    PlugInTime,
    PlugOut,
    PlugOutTime,
    ChargingEnd,
    Duration,
    ChargingDuration,
    Energy,
    Fee,
    FeeNet,
    Location,
    LocationName,
    Address,
    Street,
    Town,
    Postcode,
    Latitude,
    Longitude,
    Coordinates,
    Siting,
    Band,
    RatedKw,
    Current,
    Connectors,
    Commissioned,
    Decommissioned,
    OwnerBorough,
    FundingScheme,
}

impl Field {
    /// How many fields there are.
    pub(crate) const COUNT: usize = Self::Decommissioned as usize + 1;

    /// Whether it holds a time, a length, an energy or a fee, and so nothing that names anybody.
    pub(crate) fn is_measured(self) -> bool {
        let times =
            matches!(self, Self::PlugIn | Self::PlugInTime | Self::PlugOut | Self::PlugOutTime | Self::ChargingEnd);
        times || matches!(self, Self::Duration | Self::ChargingDuration | Self::Energy | Self::Fee | Self::FeeNet)
    }
}

/// Whether a layout needs a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needed {
    /// Every layout needs it.
    Always,
    /// A layout needs one field of this group.
    OneOf,
    /// Read where a file has it.
    Optional,
}

/// What a person needs to know of a field to map a column to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FieldInfo {
    /// Id in profiles and reports.
    pub id: &'static str,
    /// Name, in a few words.
    pub title: &'static str,
    /// What belongs into it, in a sentence.
    pub help: &'static str,
    /// Whether a layout needs it.
    pub needed: Needed,
    /// For [`Needed::OneOf`]: the group of which a layout needs one, such as `end`.
    pub group: Option<&'static str>,
}

const fn info(id: &'static str, title: &'static str, help: &'static str) -> FieldInfo {
    FieldInfo { id, title, help, needed: Needed::Optional, group: None }
}

const fn always(id: &'static str, title: &'static str, help: &'static str) -> FieldInfo {
    FieldInfo { id, title, help, needed: Needed::Always, group: None }
}

const fn one_of(group: &'static str, id: &'static str, title: &'static str, help: &'static str) -> FieldInfo {
    FieldInfo { id, title, help, needed: Needed::OneOf, group: Some(group) }
}

const SESSIONS: [(Field, FieldInfo); 18] = [
    (
        Field::SessionId,
        info("session_id", "Session id", "The operator's own id of the session, the same in every resend."),
    ),
    (Field::Evse, one_of("charge_point", "evse", "EVSE", "Id of the unit that serves one vehicle at a time.")),
    (
        Field::Device,
        one_of(
            "charge_point",
            "device",
            "Charge point",
            "Id of the physical unit; with the connector it makes the EVSE.",
        ),
    ),
    (Field::Connector, info("connector", "Connector", "Number or letter of the socket on the charge point.")),
    (Field::PlugIn, always("plug_in", "Start", "When the vehicle was plugged in: date and time, or the date alone.")),
    (
        Field::PlugInTime,
        info("plug_in_time", "Start, time", "Time of day of the start, where it has a column of its own."),
    ),
    (Field::PlugOut, one_of("end", "plug_out", "End", "When it was unplugged: date and time, or the date alone.")),
    (
        Field::PlugOutTime,
        info("plug_out_time", "End, time", "Time of day of the end, where it has a column of its own."),
    ),
    (
        Field::ChargingEnd,
        info("charging_end", "End of charging", "When energy stopped flowing, if that is not the end."),
    ),
    (Field::Duration, one_of("end", "duration", "Duration plugged in", "How long the vehicle was plugged in.")),
    (Field::ChargingDuration, info("charging_duration", "Duration of charging", "How long energy was flowing.")),
    (Field::Energy, always("energy", "Energy", "Energy delivered in the session, kWh or Wh.")),
    (Field::Fee, info("fee", "Fee", "What the driver paid for the session, VAT included, pounds or pence.")),
    (
        Field::FeeNet,
        info(
            "fee_net",
            "Fee without VAT",
            "What the session cost before VAT, which is added at the layout's rate (20 % unless it says another) where no fee with VAT stands.",
        ),
    ),
    (Field::Driver, info("driver", "Driver", "Card or account of the driver; replaced by a pseudonym as it is read.")),
    (
        Field::Status,
        info(
            "status",
            "Status",
            "State in OCPI's words: what is INVALID, RESERVATION, PENDING or ACTIVE does not count.",
        ),
    ),
    (Field::Record, info("record", "Charge record", "Id of the charge detail record, by which a credit names it.")),
    (
        Field::Credits,
        info(
            "credits",
            "Record cancelled",
            "Id of the charge detail record that the row cancels; blank in all others.",
        ),
    ),
];

const REGISTER: [(Field, FieldInfo); 21] = [
    (Field::Evse, one_of("charge_point", "evse", "EVSE", "Id of the unit that serves one vehicle at a time.")),
    (Field::Device, one_of("charge_point", "device", "Charge point", "Id of the physical unit.")),
    (Field::Location, info("location", "Location id", "Id of the site.")),
    (Field::LocationName, info("location_name", "Location", "Name of the site.")),
    (Field::Address, info("address", "Address", "Whole address in one cell.")),
    (Field::Street, info("street", "Street", "Street, where the address is divided.")),
    (Field::Town, info("town", "Town", "Town, where the address is divided.")),
    (Field::Postcode, info("postcode", "Postcode", "Postcode of the site.")),
    (Field::Latitude, info("latitude", "Latitude", "Degrees north.")),
    (Field::Longitude, info("longitude", "Longitude", "Degrees east; negative in the west.")),
    (
        Field::Coordinates,
        info("coordinates", "Coordinates", "Longitude and latitude in one cell, such as [2.35,48.85]."),
    ),
    (Field::Siting, info("siting", "Siting", "Kind of place: on-street, destination, hub, car park.")),
    (Field::Band, info("band", "Power band", "Slow, fast, rapid or ultra-rapid, where no power is given.")),
    (Field::RatedKw, info("rated_kw", "Rated power", "Power of the strongest connector, kW.")),
    (Field::Current, info("current", "Current", "ac_1, ac_3 or dc.")),
    (Field::Connectors, info("connectors", "Connectors", "Standards of the connectors, divided by blanks.")),
    (Field::Commissioned, info("commissioned", "In service from", "First day in service.")),
    (Field::Decommissioned, info("decommissioned", "In service to", "Last day in service.")),
    (Field::OwnerBorough, info("owner_borough", "Owner", "Borough or body that owns the charge point.")),
    (
        Field::FundingScheme,
        info("funding_scheme", "Funding scheme", "Scheme that paid for it, such as GULCS, ORCS or LEVI."),
    ),
    (Field::Connector, info("connector", "Connector", "Number or letter of the socket on the charge point.")),
];

fn table(kind: Kind) -> &'static [(Field, FieldInfo)] {
    match kind {
        Kind::Sessions => &SESSIONS,
        Kind::Register => &REGISTER,
    }
}

/// The fields that columns of a file of this kind can feed, in the order in which a person looks for them.
#[must_use]
pub fn fields(kind: Kind) -> Vec<FieldInfo> {
    table(kind).iter().map(|(_, info)| *info).collect()
}

impl Field {
    /// Id in profiles and reports.
    pub(crate) fn id(self) -> String {
        let known = SESSIONS.iter().chain(&REGISTER).find(|(field, _)| *field == self);
        known.map_or_else(String::new, |(_, info)| info.id.to_owned())
    }

    /// Whether a file of this kind can feed it.
    pub(crate) fn belongs_to(self, kind: Kind) -> bool {
        table(kind).iter().any(|(field, _)| *field == self)
    }

    /// The half of an instant that has a column of its own.
    pub(crate) fn time_of_day(self) -> Option<Self> {
        match self {
            Self::PlugIn => Some(Self::PlugInTime),
            Self::PlugOut => Some(Self::PlugOutTime),
            _ => None,
        }
    }
}

/// Groups of which a layout needs one field each, and what to call what is missing.
pub(crate) fn needs(kind: Kind) -> &'static [(&'static [Field], &'static str)] {
    match kind {
        Kind::Sessions => &[
            (&[Field::Evse, Field::Device], "a charge point (evse or device)"),
            (&[Field::PlugIn], "a start (plug_in)"),
            (&[Field::PlugOut, Field::Duration], "an end (plug_out or duration)"),
            (&[Field::Energy], "an energy (energy)"),
        ],
        Kind::Register => &[(&[Field::Evse, Field::Device], "a charge point (evse or device)")],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_field_is_what_a_profile_writes() {
        for (field, info) in SESSIONS.iter().chain(&REGISTER) {
            assert_eq!(serde_json::to_value(field).ok(), Some(info.id.into()));
            assert_eq!(field.id(), info.id);
            assert!(info.help.ends_with('.'), "{}", info.id);
        }
    }

    #[test]
    fn what_a_layout_needs_is_marked_so() {
        for kind in [Kind::Sessions, Kind::Register] {
            for (group, _) in needs(kind) {
                let marks = group.iter().filter_map(|field| table(kind).iter().find(|(known, _)| known == field));
                let marks: Vec<Needed> = marks.map(|(_, info)| info.needed).collect();
                assert_eq!(marks.len(), group.len());
                assert!(
                    marks.iter().all(|needed| *needed == if group.len() > 1 { Needed::OneOf } else { Needed::Always })
                );
            }
        }
    }
}
