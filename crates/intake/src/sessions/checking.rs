//! The checks of accepted rows, in as many threads as there are processors; what they find is told in the order of the file.

use std::ops::Range;

use hashbrown::HashMap;
use kerbwatt_model::{Flag, Sessions, Zone, day_number, in_threads};

use crate::checks::{CHECKS, Context, EVSES_AT_ONCE, Tally, of_unflagged};
use crate::profiles::{Field, Recognised};
use crate::{Declared, Example, KnownEvse, Register};

/// Sessions that a thread looks at before it takes the next ones.
const AT_ONCE: usize = 20_000;

/// What all rows are checked against.
struct Against<'a> {
    sessions: &'a Sessions,
    layout: &'a Recognised,
    declared: &'a Declared<'a>,
    fees: &'a HashMap<u64, String>,
    zone: Zone,
    register_is_empty: bool,
    /// What the register knows of each EVSE, by its number among the sessions; of none where it is empty.
    known: Vec<Option<KnownEvse>>,
}

/// Checks all sessions: sets their flags and counts what was found. `fees` are what stands where a fee is not read, by row.
pub(super) fn check(
    sessions: &mut Sessions,
    layout: &Recognised,
    (declared, fees): (&Declared<'_>, &HashMap<u64, String>),
    register: &dyn Register,
    tally: &mut Tally,
) {
    let against = Against {
        sessions,
        layout,
        declared,
        fees,
        zone: layout.profile.zone(),
        register_is_empty: register.is_empty(),
        known: known(sessions, register),
    };
    let count = sessions.len();
    let stretches: Vec<Range<usize>> =
        (0..count).step_by(AT_ONCE).map(|from| from..(from + AT_ONCE).min(count)).collect();
    let found = in_threads(&stretches, |stretch| against.look_at(stretch.clone()));
    for (from, flags, part) in found {
        sessions.add_flags(from, &flags);
        tally.append(part);
    }
}

/// What the register knows of each EVSE, by its number among the sessions; by the device of its first session.
fn known(sessions: &Sessions, register: &dyn Register) -> Vec<Option<KnownEvse>> {
    if register.is_empty() {
        return Vec::new();
    }
    let mut firsts: Vec<Option<usize>> = vec![None; sessions.evses().len()];
    for (at, number) in sessions.evse_numbers().iter().enumerate() {
        if let Some(first @ None) = firsts.get_mut(*number as usize) {
            *first = Some(at);
        }
    }
    let of_session = |at: usize| {
        let session = sessions.at(at);
        register.evse(session.evse, session.device)
    };
    let stretches: Vec<&[Option<usize>]> = firsts.chunks(EVSES_AT_ONCE).collect();
    let known = in_threads(&stretches, |firsts| firsts.iter().map(|first| of_session((*first)?)).collect::<Vec<_>>());
    known.into_iter().flatten().collect()
}

impl Against<'_> {
    fn look_at(&self, stretch: Range<usize>) -> (usize, Vec<i32>, Tally) {
        let (from, mut flags, mut tally) = (stretch.start, Vec::with_capacity(stretch.len()), Tally::default());
        let (mut local, of_unflagged) = (self.zone.local(), of_unflagged());
        let mut context = Context {
            thresholds: &self.declared.thresholds,
            period: self.declared.period.map(|period| day_number(period.first)..=day_number(period.last)),
            day: 0,
            register_is_empty: self.register_is_empty,
            known: None,
            fees: self.fees,
        };
        for at in stretch {
            let session = self.sessions.without_names(at);
            context.day = local.day(self.sessions.plug_ins_s()[at]);
            context.known = self.known.get(self.sessions.evse_numbers()[at] as usize).and_then(Option::as_ref);
            let mut bits = 0;
            let asked = if session.flags == 0 { of_unflagged.as_slice() } else { &CHECKS };
            for check in asked.iter().filter(|check| (check.finds)(&session, &context)) {
                bits |= check.flag.map_or(0, Flag::bit);
                tally.count(check, || Example {
                    row: session.row,
                    column: column_of(check.id, self.layout),
                    value: (check.shows)(&self.sessions.at(at), &context),
                });
            }
            flags.push(bits);
        }
        (from, flags, tally)
    }
}

/// The column that a check is about.
fn column_of(check: &str, layout: &Recognised) -> String {
    let field = match check {
        "failed_start" | "low_energy" | "high_energy" | "energy_in_no_time" | "over_rated_power" => Field::Energy,
        "unregistered" | "overlap" | "outside_area" | "no_areas_there" if layout.columns.contains_key(&Field::Evse) => {
            Field::Evse
        }
        "unregistered" | "overlap" | "outside_area" | "no_areas_there" => Field::Device,
        "unreadable_fee" | "other_currency" | "negative_fee" if !layout.columns.contains_key(&Field::Fee) => {
            Field::FeeNet
        }
        "unreadable_fee" | "other_currency" | "negative_fee" => Field::Fee,
        "long_charge" | "charged_longer_than_plugged" | "charged_before_plugged"
            if !layout.columns.contains_key(&Field::ChargingEnd) =>
        {
            Field::ChargingDuration
        }
        "long_charge" | "charged_longer_than_plugged" | "charged_before_plugged" => Field::ChargingEnd,
        "long_stay" | "under_one_minute" if layout.columns.contains_key(&Field::PlugOut) => Field::PlugOut,
        "long_stay" | "under_one_minute" | "end_derived" | "duration_differs" => Field::Duration,
        _ => Field::PlugIn,
    };
    layout.header_of(field)
}
