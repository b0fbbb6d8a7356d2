//! Which columns are durations, energy and fee, and in which units: by comparing them with each other.

use super::sheet::Sheet;
use super::vocabulary::Meaning as M;
use super::words::Said;
use super::{Guess, agreed, float, median, ratio};
use crate::fields;
use crate::profiles::{DurationUnit, EnergyUnit, FeeUnit, Field};

/// Mean power of a session that is plausible, kW.
const PLAUSIBLE_KW: std::ops::RangeInclusive<f64> = 0.5..=400.0;

/// Fee for a kilowatt-hour that is plausible, pounds.
const PLAUSIBLE_POUNDS: std::ops::RangeInclusive<f64> = 0.04..=1.6;

/// A duration column in seconds, by its unit.
pub(super) struct Length {
    pub(super) unit: DurationUnit,
    pub(super) seconds: Vec<Option<f64>>,
}

const UNITS: [DurationUnit; 4] =
    [DurationUnit::Clock, DurationUnit::Minutes, DurationUnit::Seconds, DurationUnit::Hours];

/// Whether a unit can be meant by the values: a clock is written with colons, the others are numbers.
fn length(sheet: &Sheet, at: usize, unit: DurationUnit) -> Option<Length> {
    let column = &sheet.columns[at];
    let clocks = column.cells.iter().filter(|cell| fields::clock_s(cell).is_some()).count();
    let is_clock = clocks * 10 >= column.filled() * 9;
    let read = |cell: &String| fields::duration_s(cell.as_bytes(), unit, sheet.comma_is_decimal).map(float);
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
        () if said.says_any(&[M::Idle, M::Money, M::Energy, M::Kwh, M::Power, M::PerUnit, M::Battery, M::Record]) => {
            0.0
        }
        () if said.says(M::Length) => 1.0,
        () if is_time || (said.says(M::Clock) && said.says(M::Total)) => 0.9,
        () if said.says(M::Charging) && said.says(M::Clock) => 0.9,
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
    let columns = sheet.filled().map(|(at, _)| at).filter(|at| !taken.contains(at) && said(*at) > 0.0);
    let best = columns.max_by(|a, b| said(*a).total_cmp(&said(*b)).then(b.cmp(a)));
    let Some(at) = best else { return found };
    let energies = energies(sheet, taken, at);
    let lengths = UNITS.iter().filter_map(|unit| length(sheet, at, *unit));
    let scored = lengths.map(|length| {
        let shows = energies.iter().map(|energy| share_plausible(energy, &length.seconds)).fold(0.0, f64::max);
        (shows, length)
    });
    let Some((shows, length)) = scored.max_by(|a, b| a.0.total_cmp(&b.0)) else { return found };
    let header = unit_said(&sheet.columns[at].said);
    if header.is_some_and(|unit| unit != length.unit && length.unit != DurationUnit::Clock) {
        found.doubts.push(format!("“{}” names another unit than its values show.", sheet.columns[at].header));
    }
    let why = format!("the header says how long; with energy it gives a plausible power as {}", named(length.unit));
    let confidence = agreed(said(at), shows);
    found.guesses.push(Guess { field: Field::Duration, column: at, said: said(at), confidence, why });
    found.unit = Some(length.unit);
    found.spans = Some(length.seconds);
    found
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
        let factor = if column.said.says(M::Wh) { 0.001 } else { 1.0 };
        sheet.numbers(at).into_iter().map(|value| value.map(|value| value * factor)).collect()
    };
    columns.map(of).collect()
}

/// Share of the rows in which energy, kWh, over time, seconds, is a plausible power; 0 where the usual power is not.
fn share_plausible(energy: &[Option<f64>], seconds: &[Option<f64>]) -> f64 {
    let power = |(energy, seconds): (&Option<f64>, &Option<f64>)| {
        let hours = (*seconds).filter(|seconds| *seconds >= 180.0)? / 3600.0;
        Some((*energy).filter(|energy| *energy > 0.0)? / hours)
    };
    let powers: Vec<f64> = energy.iter().zip(seconds).filter_map(power).collect();
    let is_usual = median(powers.iter().copied()).is_some_and(|usual| PLAUSIBLE_KW.contains(&usual));
    let plausible = powers.iter().filter(|power| (0.02..=600.0).contains(*power)).count();
    if is_usual { ratio(plausible, powers.len()) } else { 0.0 }
}

/// How much a header says that a column is the energy of a session.
fn energy_said(said: &Said) -> f64 {
    let others =
        [M::PerUnit, M::Battery, M::Meter, M::Side, M::Tax, M::OtherEnergyUnit, M::Latitude, M::Longitude, M::Pence];
    let has_unit = said.says_any(&[M::Kwh, M::Wh]);
    let is_other = said.says_any(&others) || (said.says_any(&[M::Start, M::End]) && !said.says(M::Energy));
    match () {
        () if is_other || said.says_any(&[M::Sort, M::Id, M::Pounds, M::OtherCurrency, M::Length]) => 0.0,
        () if said.says(M::Money) && !has_unit => 0.0,
        () if said.says(M::Power) && !said.says(M::Energy) && !has_unit => 0.0,
        () if said.says(M::Energy) || has_unit => 1.0,
        () => 0.0,
    }
}

/// The energy.
pub(super) struct Energy {
    pub(super) guess: Guess,
    pub(super) unit: EnergyUnit,
    pub(super) doubts: Vec<String>,
    /// Of each row, kWh.
    pub(super) kwh: Vec<Option<f64>>,
}

/// Finds the energy by what the headers say and by the power that it gives.
pub(super) fn energy(sheet: &Sheet, spans: &[Option<f64>], taken: &[usize]) -> Option<Energy> {
    let mut scored: Vec<(f64, Energy)> = sheet
        .filled()
        .filter(|(at, column)| !taken.contains(at) && could_be_energy(&column.said))
        .flat_map(|(at, _)| [EnergyUnit::Kwh, EnergyUnit::Wh].map(|unit| (at, unit)))
        .filter_map(|(at, unit)| energy_of(sheet, at, unit, spans))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut scored = scored.into_iter();
    let (score, mut best) = scored.next()?;
    let rival = scored.find(|(other, energy)| {
        *other >= score - 0.05 && energy.guess.column != best.guess.column && differ(&energy.kwh, &best.kwh)
    });
    if let Some((_, rival)) = rival {
        let names = [rival.guess.column, best.guess.column].map(|at| sheet.columns[at].header.clone());
        best.doubts.push(format!("“{}” could be the energy as well as “{}”.", names[0], names[1]));
        best.guess.confidence = best.guess.confidence.min(0.7);
    }
    Some(best)
}

/// A header that clearly says something else is not asked for energy, however well its values fit.
fn could_be_energy(said: &Said) -> bool {
    energy_said(said) > 0.0 || said.says_nothing()
}

fn differ(a: &[Option<f64>], b: &[Option<f64>]) -> bool {
    let both: Vec<(f64, f64)> = a.iter().zip(b).filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect();
    let apart = both.iter().filter(|(a, b)| (a - b).abs() > 0.01 * a.abs().max(b.abs())).count();
    apart * 20 > both.len()
}

fn energy_of(sheet: &Sheet, at: usize, unit: EnergyUnit, spans: &[Option<f64>]) -> Option<(f64, Energy)> {
    let column = &sheet.columns[at];
    let factor = if unit == EnergyUnit::Wh { 0.001 } else { 1.0 };
    let kwh: Vec<Option<f64>> = sheet.numbers(at).into_iter().map(|value| value.map(|value| value * factor)).collect();
    let read = ratio(kwh.iter().flatten().count(), column.filled());
    if read < 0.8 {
        return None;
    }
    let plausible = share_plausible(&kwh, spans);
    let named =
        column.said.says(M::Wh).then_some(EnergyUnit::Wh).or(column.said.says(M::Kwh).then_some(EnergyUnit::Kwh));
    let is_other_unit = named.is_some_and(|named| named != unit);
    let said = energy_said(&column.said) * if is_other_unit { 0.5 } else { 1.0 };
    let shows = read * plausible;
    let (name, total) =
        (if unit == EnergyUnit::Wh { "Wh" } else { "kWh" }, if column.said.says(M::Total) { 0.06 } else { 0.0 });
    let header = if said > 0.0 { "the header says energy" } else { "the header says nothing" };
    let why = format!("{header}; read as {name}, {:.0} % of the sessions have a plausible power", plausible * 100.0);
    let mut doubts = Vec::new();
    if is_other_unit {
        doubts.push(format!("“{}” names another unit than its values show.", column.header));
    }
    let guess = Guess { field: Field::Energy, column: at, said, confidence: agreed(said, shows), why };
    Some((said + shows + total, Energy { guess, unit, doubts, kwh }))
}

/// The fee and its unit; none where its currency or unit is not clear: a wrong fee is worse than none.
pub(super) fn fee(sheet: &Sheet, kwh: &[Option<f64>], taken: &[usize]) -> Option<(Guess, FeeUnit)> {
    let other_currency = sheet.columns.iter().any(|column| {
        column
            .cells
            .iter()
            .any(|cell| cell.contains(['€', '$']) || ["EUR", "USD", "CHF", "SEK", "NOK"].contains(&cell.as_str()))
    });
    let not_fee = [
        M::PerUnit,
        M::Tax,
        M::OtherCurrency,
        M::Side,
        M::Energy,
        M::Kwh,
        M::Person,
        M::Id,
        M::Sort,
        M::Record,
        M::Day,
    ];
    let is_fee = |said: &Said| (said.says_any(&[M::Money, M::Pounds])) && !said.says_any(&not_fee);
    let columns: Vec<usize> =
        sheet.filled().filter(|(at, column)| !taken.contains(at) && is_fee(&column.said)).map(|(at, _)| at).collect();
    let total = columns.iter().copied().filter(|at| sheet.columns[*at].said.says(M::Total)).collect::<Vec<_>>();
    let [at] = if total.len() == 1 { total[..].try_into() } else { columns[..].try_into() }.ok()?;
    let values: Vec<Option<f64>> = sheet.numbers(at);
    let column = &sheet.columns[at];
    let read = ratio(values.iter().flatten().count(), column.filled());
    let each = values
        .iter()
        .zip(kwh)
        .filter_map(|(fee, kwh)| Some((*fee).filter(|fee| *fee > 0.0)? / (*kwh).filter(|kwh| *kwh > 0.1)?));
    let usual = median(each);
    let shown = match usual {
        Some(usual) if PLAUSIBLE_POUNDS.contains(&usual) => FeeUnit::Pounds,
        Some(usual) if PLAUSIBLE_POUNDS.contains(&(usual / 100.0)) => FeeUnit::Pence,
        // Where nobody paid, every unit says the same.
        None => FeeUnit::Pounds,
        Some(_) => return None,
    };
    let named =
        column.said.says(M::Pence).then_some(FeeUnit::Pence).or(column.said.says(M::Pounds).then_some(FeeUnit::Pounds));
    if other_currency || read < 0.9 || (usual.is_some() && named.is_some_and(|named| named != shown)) {
        return None;
    }
    let name = if shown == FeeUnit::Pounds { "pounds" } else { "pence" };
    let why = format!("the header says money; the price of a kilowatt-hour is plausible in {name}");
    Some((
        Guess { field: Field::Fee, column: at, said: 1.0, confidence: agreed(1.0, read), why },
        named.unwrap_or(shown),
    ))
}
