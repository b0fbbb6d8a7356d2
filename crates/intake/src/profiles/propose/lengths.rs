//! Which columns are durations, and in which unit: by comparing them with the time between start and end, and with energy.

use super::amounts::{energy_said, share_plausible};
use super::sheet::Sheet;
use super::vocabulary::Meaning as M;
use super::words::Said;
use super::{Guess, agreed, float, median, ratio};
use crate::fields;
use crate::profiles::{DurationUnit, EnergyUnit, Field};

/// A duration column in seconds, by its unit.
pub(super) struct Length {
    pub(super) unit: DurationUnit,
    pub(super) seconds: Vec<Option<f64>>,
}

const UNITS: [DurationUnit; 4] =
    [DurationUnit::Clock, DurationUnit::Minutes, DurationUnit::Seconds, DurationUnit::Hours];

/// Whether a unit can be meant by the values: a clock is written with colons or names its units, the others are numbers.
fn length(sheet: &Sheet, at: usize, unit: DurationUnit) -> Option<Length> {
    let column = &sheet.columns[at];
    let clocks = column.cells.iter().filter(|cell| fields::says_its_unit(cell)).count();
    let is_clock = clocks * 10 >= column.filled() * 9;
    let read = |cell: &String| fields::duration_s(cell, unit, sheet.comma_is_decimal).map(float);
    let seconds: Vec<Option<f64>> = column.cells.iter().map(read).collect();
    let is_whole = seconds.iter().flatten().count() * 10 >= column.filled() * 9;
    (is_whole && is_clock == (unit == DurationUnit::Clock)).then_some(Length { unit, seconds })
}

fn unit_said(said: &Said) -> Option<DurationUnit> {
    match (said.says(M::Hours), said.says(M::Minutes), said.says(M::Seconds)) {
        (true, false, false) => Some(DurationUnit::Hours),
        (false, true, false) => Some(DurationUnit::Minutes),
        (false, false, true) => Some(DurationUnit::Seconds),
        _ => None,
    }
}

/// How much a header says that a column is how long a session lasted; idle time is something else.
fn length_said(said: &Said) -> f64 {
    let is_time = said.says_any(&[M::Clock, M::Plugged]) && unit_said(said).is_some();
    match () {
        () if said.says_any(&[
            M::Idle,
            M::Parked,
            M::Money,
            M::Energy,
            M::Kwh,
            M::Power,
            M::PerUnit,
            M::Battery,
            M::Record,
        ]) =>
        {
            0.0
        }
        () if said.says(M::Length) => 1.0,
        () if is_time || (said.says(M::Clock) && said.says(M::Total)) => 0.9,
        () if said.says_any(&[M::Charging, M::Plugged]) && said.says(M::Clock) => 0.9,
        () if unit_said(said).is_some() && said.is_understood() && !said.says_any(&[M::Start, M::End, M::Day]) => 0.8,
        () => 0.0,
    }
}

/// Share of the rows in which a duration is that between start and end, within two minutes or two in a hundred.
fn share_equal(lengths: &[Option<f64>], spans: &[Option<f64>]) -> f64 {
    share(lengths, spans, |length, span| (length - span).abs() <= 120.0_f64.max(0.02 * span))
}

/// Share of the rows in which a duration is no longer than that between start and end.
fn share_within(lengths: &[Option<f64>], spans: &[Option<f64>]) -> f64 {
    share(lengths, spans, |length, span| length >= 0.0 && length <= 1.02 * span + 120.0)
}

fn share(lengths: &[Option<f64>], spans: &[Option<f64>], test: impl Fn(f64, f64) -> bool) -> f64 {
    let both: Vec<(f64, f64)> = lengths.iter().zip(spans).filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect();
    ratio(both.iter().filter(|(length, span)| test(*length, *span)).count(), both.len())
}

/// Durations found beside start and end.
#[derive(Default)]
pub(super) struct Lengths {
    pub(super) guesses: Vec<Guess>,
    pub(super) unit: Option<DurationUnit>,
    /// Length of each row, where it is not that between start and end.
    pub(super) spans: Option<Vec<Option<f64>>>,
    pub(super) doubts: Vec<String>,
}

/// Durations that confirm start and end: columns that say the same, and those of charging, which are not longer.
pub(super) fn beside(sheet: &Sheet, spans: &[Option<f64>], taken: &[usize]) -> Lengths {
    let mut found = Lengths::default();
    let free = |at: &usize| !taken.contains(at);
    let columns: Vec<usize> = sheet.filled().map(|(at, _)| at).filter(free).collect();
    let all = || columns.iter().flat_map(|at| UNITS.iter().filter_map(|unit| Some((*at, length(sheet, *at, *unit)?))));
    let said = |at: usize| length_said(&sheet.columns[at].said);
    let is_long =
        |length: &Length| median(length.seconds.iter().flatten().copied()).is_some_and(|median| median > 180.0);
    let equal = all().filter(|(at, length)| said(*at) > 0.0 && is_long(length));
    let equal = equal.map(|(at, length)| (share_equal(&length.seconds, spans), at, length));
    if let Some((share, at, length)) = equal.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(share, ..)| *share >= 0.8) {
        found.unit = Some(length.unit);
        let why = format!("{:.0} % of the values are the time between start and end", share * 100.0);
        found.guesses.push(Guess {
            field: Field::Duration,
            column: at,
            said: said(at),
            confidence: agreed(said(at), share),
            why,
        });
    }
    let is_taken = |at: usize| found.guesses.iter().any(|guess| guess.column == at);
    let of_charging = |at: &usize| sheet.columns[*at].said.says(M::Charging) && said(*at) > 0.0 && !is_taken(*at);
    let within = all().filter(|(at, length)| of_charging(at) && found.unit.is_none_or(|unit| unit == length.unit));
    let part = |length: &Length| {
        let parts =
            length.seconds.iter().zip(spans).filter_map(|(a, b)| Some((*a)? / (*b).filter(|span| *span > 0.0)?));
        median(parts).is_some_and(|part| (0.02..=1.02).contains(&part))
    };
    let within = within.filter(|(_, length)| part(length));
    let within = within.map(|(at, length)| (share_within(&length.seconds, spans), at, length.unit));
    if let Some((share, at, unit)) = within.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(share, ..)| *share >= 0.9) {
        let why = "the header says charging, and it is not longer than from start to end".to_owned();
        let confidence = agreed(said(at), share);
        found.guesses.push(Guess { field: Field::ChargingDuration, column: at, said: said(at), confidence, why });
        found.unit = Some(unit);
    }
    found
}

/// The duration where there is no end: its unit is what the header says and what makes the power plausible.
pub(super) fn instead(sheet: &Sheet, taken: &[usize]) -> Lengths {
    let mut found = Lengths::default();
    let charging = |at: usize| if sheet.columns[at].said.says(M::Charging) { 0.1 } else { 0.0 };
    let said = |at: usize| (length_said(&sheet.columns[at].said) - charging(at)).max(0.0);
    // Without a header only what is written as a length is taken for one: any other number could be.
    let is_written = |at: usize| sheet.header_rows == 0 && length(sheet, at, DurationUnit::Clock).is_some();
    let is_length = |at: &usize| !taken.contains(at) && (said(*at) > 0.0 || is_written(*at));
    let columns = sheet.filled().map(|(at, _)| at).filter(is_length);
    let best = columns.max_by(|a, b| said(*a).total_cmp(&said(*b)).then(b.cmp(a)));
    let Some(at) = best else { return found };
    let energies = energies(sheet, taken, at);
    let lengths = UNITS.iter().filter_map(|unit| length(sheet, at, *unit));
    let scored = lengths.map(|length| {
        let shows = energies.iter().map(|energy| share_plausible(energy, &length.seconds)).fold(0.0, f64::max);
        (shows, length)
    });
    let mut scored: Vec<(f64, Length)> = scored.collect();
    let header = unit_said(&sheet.columns[at].said);
    // What the header names is taken if it makes sense at all; slow charging makes sense in two units.
    let rank = |(shows, length): &(f64, Length)| if *shows > 0.7 && header == Some(length.unit) { 2.0 } else { *shows };
    scored.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
    let possible = scored.iter().filter(|(shows, _)| *shows > 0.7).count();
    let Some((shows, length)) = scored.into_iter().next() else { return found };
    let name = &sheet.columns[at].header;
    if header.is_some_and(|unit| unit != length.unit && length.unit != DurationUnit::Clock) {
        found.doubts.push(format!("“{name}” names another unit than its values show."));
    } else if header.is_none() && possible > 1 {
        found.doubts.push(format!("“{name}” makes sense in more than one unit."));
    }
    if header.is_none() && length.unit == DurationUnit::Hours && may_be_days(&energies, &length.seconds) {
        found.doubts.push(format!("“{name}” may be in days, as spreadsheets count them, or in hours."));
    }
    if sheet.columns[at].said.says(M::Charging)
        && let Some(other) = other_length(sheet, taken, at)
    {
        found.doubts.push(format!("“{other}” may be how long a session lasted, rather than “{name}”."));
    }
    let header = if said(at) > 0.0 { "the header says how long" } else { "the header says nothing" };
    let why = format!("{header}; with energy it gives a plausible power as {}", named(length.unit));
    let confidence = agreed(said(at), shows);
    found.guesses.push(Guess { field: Field::Duration, column: at, said: said(at), confidence, why });
    found.unit = Some(length.unit);
    found.spans = Some(length.seconds);
    found
}

/// Another column of lengths beside that of charging: how long somebody parked or was plugged in.
fn other_length<'s>(sheet: &'s Sheet, taken: &[usize], charging: usize) -> Option<&'s str> {
    let is_meant = |said: &Said| {
        let is_length = said.says_any(&[M::Length, M::Parked, M::Plugged]) || unit_said(said).is_some();
        is_length
            && !said.says_any(&[
                M::Charging,
                M::Money,
                M::Energy,
                M::Kwh,
                M::Power,
                M::PerUnit,
                M::Start,
                M::End,
                M::Day,
            ])
    };
    let others = sheet.filled().filter(|(at, column)| *at != charging && !taken.contains(at) && is_meant(&column.said));
    let is_length = |at: usize| UNITS.iter().any(|unit| length(sheet, at, *unit).is_some());
    others.into_iter().find(|(at, _)| is_length(*at)).map(|(at, _)| sheet.columns[at].header.as_str())
}

/// Whether lengths read as hours give a power that hardly any charge point has in the mean, and one that is usual if they are days.
fn may_be_days(energies: &[Vec<Option<f64>>], as_hours: &[Option<f64>]) -> bool {
    const USUAL_KW: f64 = 40.0;
    let as_days: Vec<Option<f64>> = as_hours.iter().map(|seconds| seconds.map(|seconds| seconds * 24.0)).collect();
    energies.iter().any(|energy| {
        let both = energy.iter().zip(as_hours).filter_map(|(kwh, seconds)| Some((*kwh)? / ((*seconds)? / 3600.0)));
        let is_fast = median(both).is_some_and(|usual_kw| usual_kw > USUAL_KW);
        is_fast && share_plausible(energy, &as_days) > 0.7
    })
}

fn named(unit: DurationUnit) -> &'static str {
    match unit {
        DurationUnit::Minutes => "minutes",
        DurationUnit::Seconds => "seconds",
        DurationUnit::Hours => "hours",
        DurationUnit::Clock => "a clock",
    }
}

/// Energy in the unit that the header names, for telling the unit of durations: without one, kWh.
fn energies(sheet: &Sheet, taken: &[usize], duration: usize) -> Vec<Vec<Option<f64>>> {
    let columns =
        sheet.filled().filter(|(at, column)| *at != duration && !taken.contains(at) && energy_said(&column.said) > 0.0);
    let of = |(at, column): (usize, &super::sheet::Column)| {
        sheet.energies_kwh(at, if column.said.says(M::Wh) { EnergyUnit::Wh } else { EnergyUnit::Kwh })
    };
    columns.map(of).collect()
}
