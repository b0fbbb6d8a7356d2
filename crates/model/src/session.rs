//! A charging session, as kept.

use jiff::Timestamp;

use crate::Flag;

/// One accepted charging session of one operator: from plug-in to plug-out at one EVSE. A view: [`crate::Sessions`] holds them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Session<'s> {
    /// The operator's session id, or a content hash (`h:` and 32 hex digits) where there is none.
    pub session_id: &'s str,
    /// The operator's own id of the EVSE.
    pub evse: &'s str,
    /// The physical unit the EVSE belongs to, as the return names it.
    pub device: &'s str,
    /// Connector, as the return names it.
    pub connector: Option<&'s str>,
    /// Plug-in.
    pub plug_in: Timestamp,
    /// Plug-out, not before plug-in.
    pub plug_out: Timestamp,
    /// End of charging, where reported.
    pub charging_end: Option<Timestamp>,
    /// Energy delivered, kWh, not negative.
    pub energy_kwh: f64,
    /// Fee in pence, where reported.
    pub fee_pence: Option<f64>,
    /// Pseudonym of the driver within the operator, where reported: 32 hex digits, keyed.
    pub driver: Option<&'s str>,
    /// Bits of [`Flag`].
    pub flags: i32,
    /// Row in the file; the first row below the header is 1.
    pub row: u64,
}

/// When and how much: the part of a session that is apportioned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stay {
    /// Plug-in.
    pub plug_in: Timestamp,
    /// Plug-out, not before plug-in.
    pub plug_out: Timestamp,
    /// End of charging, where reported.
    pub charging_end: Option<Timestamp>,
    /// Energy delivered, kWh.
    pub energy_kwh: f64,
}

impl Stay {
    /// Seconds plugged in.
    #[inline]
    #[must_use]
    pub fn plugged_s(&self) -> i64 {
        self.plug_out.as_second() - self.plug_in.as_second()
    }

    /// Whether the attempt did not become a charge: no energy, or under a minute.
    #[inline]
    #[must_use]
    pub fn is_failed_start(&self) -> bool {
        self.energy_kwh == 0.0 || self.plugged_s() < 60
    }

    /// Seconds in which energy was flowing, where the end of that is known; never longer than plugged in.
    #[inline]
    #[must_use]
    pub fn charging_s(&self) -> Option<i64> {
        let end = self.charging_end?.as_second();
        Some((end - self.plug_in.as_second()).clamp(0, self.plugged_s().max(0)))
    }

    /// Mean power in kW over the charging time, or over the plugged time where that is not known; none without length.
    #[inline]
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "seconds of a session are far below 2^53")]
    pub fn power_kw(&self) -> Option<f64> {
        let seconds = self.charging_s().unwrap_or_else(|| self.plugged_s());
        (seconds > 0).then(|| self.energy_kwh / (seconds as f64 / 3600.0))
    }
}

impl Session<'_> {
    /// When and how much.
    #[inline]
    #[must_use]
    pub fn stay(&self) -> Stay {
        Stay {
            plug_in: self.plug_in,
            plug_out: self.plug_out,
            charging_end: self.charging_end,
            energy_kwh: self.energy_kwh,
        }
    }

    /// A session without content, to fill in.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            session_id: "",
            evse: "",
            device: "",
            connector: None,
            plug_in: Timestamp::UNIX_EPOCH,
            plug_out: Timestamp::UNIX_EPOCH,
            charging_end: None,
            energy_kwh: 0.0,
            fee_pence: None,
            driver: None,
            flags: 0,
            row: 0,
        }
    }

    /// Seconds plugged in.
    #[inline]
    #[must_use]
    pub fn plugged_s(&self) -> i64 {
        self.stay().plugged_s()
    }

    /// Whether the attempt did not become a charge: no energy, or under a minute.
    #[inline]
    #[must_use]
    pub fn is_failed_start(&self) -> bool {
        self.stay().is_failed_start()
    }

    /// Whether a flag is set.
    #[must_use]
    pub fn has(&self, flag: Flag) -> bool {
        self.flags & flag.bit() != 0
    }
}
