//! What one session adds to the sums, hour by hour: the same for rollups and for single sessions.

use kerbwatt_model::{Additive, Stay};

use crate::sums::Sums;

/// What the rollups need of one session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SessionFacts {
    /// The ledger's number of the EVSE.
    pub evse: i32,
    /// When and how much.
    pub stay: Stay,
    /// Fee in pence, where reported.
    pub fee_pence: Option<f64>,
}

/// The part of a session that falls in one local hour.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    /// Seconds from plug-in to the part's begin.
    pub(crate) offset_s: i64,
    pub(crate) plugged_s: i64,
    pub(crate) energy_kwh: f64,
    /// Whether the session starts in it.
    pub(crate) is_start: bool,
    /// Whether the EVSE's rated power is known.
    pub(crate) is_rated: bool,
    /// Whether it is in the time that use is a share of: the EVSE live, and the day reported.
    pub(crate) is_open: bool,
    /// Whether it is in the time that charging is a share of: open, and the end of charging reported by its operator in that month.
    pub(crate) is_in_ends: bool,
}

/// Adds a part of a session.
pub(crate) fn add(sums: &mut Sums, session: &SessionFacts, piece: &Piece) {
    let plugged_s = float(piece.plugged_s);
    sums.add(Additive::PluggedS, plugged_s);
    sums.add(Additive::EnergyKwh, piece.energy_kwh);
    if piece.is_open {
        sums.add(Additive::OpenPluggedS, plugged_s);
        sums.add(Additive::OpenKwh, piece.energy_kwh);
        if piece.is_rated {
            sums.add(Additive::RatedEnergyKwh, piece.energy_kwh);
        }
    }
    match session.stay.charging_s() {
        Some(charging_s) => {
            let charging_s = float((charging_s - piece.offset_s).clamp(0, piece.plugged_s));
            sums.add(Additive::EndedS, plugged_s);
            sums.add(Additive::ChargingS, charging_s);
            if piece.is_open {
                sums.add(Additive::OpenChargingS, charging_s);
            }
        }
        None if piece.is_in_ends => sums.add(Additive::UnendedS, plugged_s),
        None => {}
    }
    if piece.is_start {
        add_start(sums, session);
    }
}

fn add_start(sums: &mut Sums, session: &SessionFacts) {
    let stay = &session.stay;
    sums.add(Additive::Sessions, 1.0);
    sums.add(Additive::FailedStarts, if stay.is_failed_start() { 1.0 } else { 0.0 });
    sums.add(Additive::StartedKwh, stay.energy_kwh);
    sums.add(Additive::StartedS, float(stay.plugged_s()));
    if stay.charging_end.is_some() {
        sums.add(Additive::EndedSessions, 1.0);
    }
    if let Some(kw) = stay.power_kw() {
        sums.add(Additive::PowerKw, kw);
        sums.add(Additive::PoweredSessions, 1.0);
    }
    if let Some(pence) = session.fee_pence {
        sums.add(Additive::FeeSessions, 1.0);
        sums.add(Additive::FeePence, pence);
        sums.add(Additive::FeeKwh, stay.energy_kwh);
    }
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a session are far below 2^53")]
pub(crate) fn float(whole: i64) -> f64 {
    whole as f64
}
