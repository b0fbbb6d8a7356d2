//! What the one who submits says about a return, and what is known of the charge points in it.

use jiff::Timestamp;
use jiff::civil::Date;
use kerbwatt_model::{OperatorId, Period};

use crate::{Overlap, Profile, RepairKind, Thresholds};

/// What is said about a return when it is handed in.
pub struct Declared<'a> {
    /// Name of the file, for messages.
    pub file_name: &'a str,
    /// Name of the profile, among `own` and then those that are shipped; recognised by the header when none is given.
    pub profile: Option<&'a str>,
    /// The operator's own profiles, newest first: they win over shipped ones that fit as well.
    pub own: &'a [Profile],
    /// Whether a layout that no profile knows is read all the same when what its columns hold is certain.
    pub propose: bool,
    /// Period that the return covers.
    pub period: Option<Period>,
    /// When it was received: no session starts later than on the day after. Of a recorded return that instant as recorded, so that it
    /// is read the same way ever after; none where nothing is to be said of it.
    pub received: Option<Timestamp>,
    /// Whose return it is. Part of each driver's pseudonym, so that drivers cannot be followed between operators.
    pub operator: &'a OperatorId,
    /// Secret of this hub; drivers' ids are replaced by an HMAC under it.
    pub hub_key: &'a [u8; 32],
    /// Repairs to apply while reading: each is applied only where the file proves it, and otherwise left out.
    pub repairs: &'a [RepairKind],
    /// Where the checks begin to find something.
    pub thresholds: Thresholds,
    /// How its times compare with those of the same sessions in returns received before it, where that says anything.
    pub overlap: Option<&'a Overlap>,
}

/// What the register knows of an EVSE, as far as checks need it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct KnownEvse {
    /// Rated power of its strongest connector, kW.
    pub rated_kw: Option<f64>,
    /// First day in service.
    pub commissioned: Option<Date>,
    /// Last day in service.
    pub decommissioned: Option<Date>,
    /// Where it stands.
    pub place: KnownPlace,
}

/// Where a charge point stands, as far as the hub's areas are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum KnownPlace {
    /// The register gives no coordinates, or the hub knows no areas.
    #[default]
    Unknown,
    /// In an area.
    Inside,
    /// In none, although others of the same operator's register stand in one.
    Outside(Coordinates),
    /// In none, as everything in the same operator's register: the hub has no areas there.
    WithoutAreas(Coordinates),
}

/// Coordinates as registered, degrees (WGS84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coordinates {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// The register, as far as intake needs it; asked from several threads.
pub trait Register: Sync {
    /// What is known of an EVSE, by the operator's own id of it or of its device.
    fn evse(&self, uid: &str, device: &str) -> Option<KnownEvse>;

    /// Whether nothing is registered yet: then nothing is said to be unregistered.
    fn is_empty(&self) -> bool;
}

/// A register in which there is nothing, for checks before one is imported.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoRegister;

impl Register for NoRegister {
    fn evse(&self, _uid: &str, _device: &str) -> Option<KnownEvse> {
        None
    }

    fn is_empty(&self) -> bool {
        true
    }
}
