//! Which columns are energy and fee, and in which units: by the power and the price that they give.

use super::sheet::{Column, Sheet};
use super::vocabulary::Meaning as M;
use super::words::Said;
use super::{Guess, agreed, median, ratio};
use crate::profiles::{EnergyUnit, FeeUnit, Field};

/// Mean power of a session that is plausible, kW.
const PLAUSIBLE_KW: std::ops::RangeInclusive<f64> = 0.5..=400.0;

/// Fee for a kilowatt-hour that is plausible, pounds.
const PLAUSIBLE_POUNDS: std::ops::RangeInclusive<f64> = 0.04..=1.6;

/// Share of the rows in which energy, kWh, over time, seconds, is a plausible power; 0 where the usual power is not.
pub(super) fn share_plausible(energy: &[Option<f64>], seconds: &[Option<f64>]) -> f64 {
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
pub(super) fn energy_said(said: &Said) -> f64 {
    let others =
        [M::PerUnit, M::Battery, M::Meter, M::Side, M::Tax, M::OtherEnergyUnit, M::Latitude, M::Longitude, M::Pence];
    let has_unit = said.says_any(&[M::Kwh, M::Wh]);
    let is_other = said.says_any(&others) || (said.says_any(&[M::Start, M::End]) && !said.says(M::Energy));
    match () {
        () if is_other || said.says_any(&[M::Sort, M::Id, M::Pounds, M::OtherCurrency, M::Length]) => 0.0,
        () if said.says(M::Money) && (!has_unit || !said.says_any(&[M::Energy, M::Charging])) => 0.0,
        () if said.says(M::Power) && !said.says(M::Energy) && !has_unit => 0.0,
        // A price, or an amount that no session took: whoever knows the file has to say.
        () if said.says(M::Unsure) || (said.says(M::Charge) && !has_unit) => 0.4,
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
    // Numbers that count the rows are none, whatever they come to.
    if column.said.says_nothing() && counts_rows(column) {
        return None;
    }
    let kwh = sheet.energies_kwh(at, unit);
    let read = ratio(kwh.iter().flatten().count(), column.filled());
    if read < 0.8 {
        return None;
    }
    // Energies differ from session to session; where nothing is said of a column they must do so nearly always.
    let least = if column.said.says_nothing() { 2 } else { 10 };
    let differs = column.filled() < 10 || column.distinct() * least >= column.filled();
    let plausible = if differs { share_plausible(&kwh, spans) } else { 0.0 };
    let named =
        column.said.says(M::Wh).then_some(EnergyUnit::Wh).or(column.said.says(M::Kwh).then_some(EnergyUnit::Kwh));
    let is_other_unit = named.is_some_and(|named| named != unit);
    let said = energy_said(&column.said) * if is_other_unit { 0.5 } else { 1.0 };
    // What the header clearly says is still proposed where no time confirms it, but never as sure.
    let shows = if said > 0.6 { (read * plausible).max(0.1) } else { read * plausible };
    let (name, total) =
        (if unit == EnergyUnit::Wh { "Wh" } else { "kWh" }, if column.said.says(M::Total) { 0.06 } else { 0.0 });
    let header = if said > 0.0 { "the header says energy" } else { "the header says nothing" };
    let why = if differs {
        format!("{header}; read as {name}, {:.0} % of the sessions have a plausible power", plausible * 100.0)
    } else {
        format!("{header}; only {} values differ in {} rows", column.distinct(), column.filled())
    };
    let mut doubts = Vec::new();
    if is_other_unit {
        doubts.push(format!("“{}” names another unit than its values show.", column.header));
    }
    let guess = Guess { field: Field::Energy, column: at, said, confidence: agreed(said, shows), why };
    Some((said + shows + total, Energy { guess, unit, doubts, kwh }))
}

/// Whether a column counts the rows.
fn counts_rows(column: &Column) -> bool {
    let numbers: Option<Vec<i64>> = column.cells.iter().map(|cell| cell.parse().ok()).collect();
    numbers.is_some_and(|numbers| numbers.len() > 2 && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1))
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
    let at = the_fee(sheet, &columns)?;
    let values: Vec<Option<f64>> = sheet.fees(at);
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
    // A price for a kilowatt-hour is the same in most rows, a fee is not.
    let is_price = usual.is_some() && column.filled() >= 20 && column.distinct() * 10 < column.filled();
    if other_currency || is_price || read < 0.9 || (usual.is_some() && named.is_some_and(|named| named != shown)) {
        return None;
    }
    let name = if shown == FeeUnit::Pounds { "pounds" } else { "pence" };
    let is_net = column.said.says(M::Net);
    let (field, vat) = if is_net { (Field::FeeNet, " without VAT") } else { (Field::Fee, "") };
    let why = format!("the header says money{vat}; the price of a kilowatt-hour is plausible in {name}");
    Some((Guess { field, column: at, said: 1.0, confidence: agreed(1.0, read), why }, named.unwrap_or(shown)))
}

/// The one column of several about money that is the fee: with VAT before one without, and the total before its parts.
fn the_fee(sheet: &Sheet, columns: &[usize]) -> Option<usize> {
    let says = |at: &usize, meaning: M| sheet.columns[*at].said.says(meaning);
    let (net, gross): (Vec<usize>, Vec<usize>) = columns.iter().copied().partition(|at| says(at, M::Net));
    let of = |columns: &[usize]| {
        let total: Vec<usize> = columns.iter().copied().filter(|at| says(at, M::Total)).collect();
        let with_vat: Vec<usize> = columns.iter().copied().filter(|at| says(at, M::Gross)).collect();
        match [columns, &total, &with_vat] {
            [[only], ..] | [_, [only], _] | [_, _, [only]] => Some(*only),
            _ => None,
        }
    };
    of(if gross.is_empty() { &net } else { &gross })
}
