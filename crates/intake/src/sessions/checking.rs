//! The checks of accepted rows, in as many threads as there are processors; what they find is told in the order of the file.

use std::num::NonZero;
use std::ops::Range;
use std::thread;

use kerbwatt_model::{Flag, Sessions, Zone};

use crate::checks::{CHECKS, Context, Tally};
use crate::profiles::{Field, Recognised};
use crate::{Declared, Example, KnownEvse, Register};

/// Fewer sessions are not worth a thread.
const WORTH_A_THREAD: usize = 20_000;

/// What all rows are checked against.
struct Against<'a> {
    sessions: &'a Sessions,
    layout: &'a Recognised,
    declared: &'a Declared<'a>,
    zone: Zone,
    register_is_empty: bool,
    /// What the register knows of each EVSE, by its number among the sessions.
    known: Vec<Option<KnownEvse>>,
}

/// Checks all sessions: sets their flags and counts what was found.
pub(super) fn check(
    sessions: &mut Sessions,
    layout: &Recognised,
    declared: &Declared<'_>,
    register: &dyn Register,
    tally: &mut Tally,
) {
    let against = Against {
        sessions,
        layout,
        declared,
        zone: layout.profile.zone(),
        register_is_empty: register.is_empty(),
        known: known(sessions, register),
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let stretch = sessions.len().div_ceil(threads).max(WORTH_A_THREAD);
    let found: Vec<(usize, Vec<i32>, Tally)> = thread::scope(|scope| {
        let stretches =
            (0..sessions.len()).step_by(stretch).map(|from| from..(from + stretch).min(against.sessions.len()));
        let running: Vec<_> = stretches.map(|stretch| scope.spawn(|| against.look_at(stretch))).collect();
        let done = running.into_iter().map(|thread| thread.join());
        done.map(|found| found.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    for (from, flags, part) in found {
        sessions.add_flags(from, &flags);
        tally.append(part);
    }
}

/// What the register knows of each EVSE, by its number among the sessions; by the device of its first session.
fn known(sessions: &Sessions, register: &dyn Register) -> Vec<Option<KnownEvse>> {
    let mut known: Vec<Option<Option<KnownEvse>>> = vec![None; sessions.evses().len()];
    for (at, number) in sessions.evse_numbers().iter().enumerate() {
        if let Some(unknown @ None) = known.get_mut(*number as usize) {
            let session = sessions.at(at);
            *unknown = Some(register.evse(session.evse, session.device));
        }
    }
    known.into_iter().map(Option::flatten).collect()
}

impl Against<'_> {
    fn look_at(&self, stretch: Range<usize>) -> (usize, Vec<i32>, Tally) {
        let (from, mut flags, mut tally) = (stretch.start, Vec::with_capacity(stretch.len()), Tally::default());
        for at in stretch {
            let session = self.sessions.at(at);
            let number = self.sessions.evse_numbers()[at];
            let context = Context {
                thresholds: &self.declared.thresholds,
                period: self.declared.period,
                zone: &self.zone,
                register_is_empty: self.register_is_empty,
                known: self.known.get(number as usize).copied().flatten(),
            };
            let mut bits = 0;
            for check in CHECKS {
                if let Some(value) = (check.test)(&session, &context) {
                    bits |= check.flag.map_or(0, Flag::bit);
                    let example = || Example { row: session.row, column: column_of(check.id, self.layout), value };
                    tally.count(check, example);
                }
            }
            flags.push(bits);
        }
        (from, flags, tally)
    }
}

/// The column that a check is about.
fn column_of(check: &str, layout: &Recognised) -> String {
    let field = match check {
        "failed_start" | "low_energy" | "high_energy" | "over_rated_power" => Field::Energy,
        "unregistered" | "overlap" | "outside_area" | "no_areas_there" if layout.columns.contains_key(&Field::Evse) => {
            Field::Evse
        }
        "unregistered" | "overlap" | "outside_area" | "no_areas_there" => Field::Device,
        "long_charge" | "charged_longer_than_plugged" => Field::ChargingEnd,
        "long_stay" | "under_one_minute" if layout.columns.contains_key(&Field::PlugOut) => Field::PlugOut,
        "long_stay" | "under_one_minute" | "end_derived" => Field::Duration,
        _ => Field::PlugIn,
    };
    layout.header_of(field)
}
