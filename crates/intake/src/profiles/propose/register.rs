//! What the columns of an unknown register seem to hold.

use super::draft::Draft;
use super::sheet::{Column, Sheet};
use super::vocabulary::Meaning as M;
use super::words::Said;
use super::{Guess, agreed, ratio};
use crate::profiles::{Field, Kind};

type Says = fn(&Said) -> f64;
type Shows = fn(&Sheet, usize, &Column) -> f64;

/// Fields, what headers say of them, and what values show.
const FIELDS: [(Field, &str, Says, Shows); 10] = [
    (Field::Latitude, "latitude", |said| full(said.says(M::Latitude)), |sheet, at, _| within(sheet, at, 90.0)),
    (Field::Longitude, "longitude", |said| full(said.says(M::Longitude)), |sheet, at, _| within(sheet, at, 180.0)),
    (Field::Postcode, "postcode", |said| full(said.says(M::Postcode)), |_, _, column| short(column, 10)),
    (Field::Evse, "EVSE", |said| full(said.says(M::Evse) && !said.says_any(&NOT_ID)), |_, _, column| unique(column)),
    (Field::Device, "charge point", device, |_, _, column| unique(column)),
    (Field::RatedKw, "power", power, |sheet, at, _| powers(sheet, at)),
    (
        Field::Location,
        "location id",
        |said| full(said.says(M::Place) && said.says(M::Id)),
        |_, _, column| short(column, 40),
    ),
    (Field::LocationName, "location", name, |_, _, column| text(column)),
    (
        Field::Address,
        "address",
        |said| full(said.says(M::Address) && !said.says(M::Person)),
        |_, _, column| text(column),
    ),
    (Field::Connectors, "connectors", connectors, |_, _, column| text(column)),
];

const NOT_ID: [M; 4] = [M::Sort, M::Person, M::Total, M::Power];

fn full(says: bool) -> f64 {
    if says { 1.0 } else { 0.0 }
}

fn device(said: &Said) -> f64 {
    match () {
        () if said.says_any(&NOT_ID) || said.says_any(&[M::Name, M::Address, M::Place, M::Connector]) => 0.0,
        () if said.says(M::Point) => 1.0,
        () if said.says(M::Station) && said.says(M::Id) => 0.9,
        () if said.says(M::Id) && said.is_understood() => 0.6,
        () => 0.0,
    }
}

fn power(said: &Said) -> f64 {
    full(said.says(M::Power) && !said.says_any(&[M::Kwh, M::Wh, M::Sort, M::Money]))
}

fn name(said: &Said) -> f64 {
    match () {
        () if said.says_any(&[M::Person, M::Sort, M::Id, M::Address, M::Latitude, M::Longitude, M::Postcode]) => 0.0,
        () if said.says(M::Name) && said.says_any(&[M::Place, M::Station]) => 1.0,
        () if said.says(M::Place) || said.says(M::Name) => 0.8,
        () => 0.0,
    }
}

fn connectors(said: &Said) -> f64 {
    full(said.says(M::Connector) && said.says(M::Sort))
}

fn within(sheet: &Sheet, at: usize, degrees: f64) -> f64 {
    let numbers = sheet.numbers(at);
    let inside = numbers.iter().flatten().filter(|value| value.abs() <= degrees && value.fract() != 0.0).count();
    ratio(inside, sheet.columns[at].filled())
}

fn powers(sheet: &Sheet, at: usize) -> f64 {
    let powers = sheet.numbers(at);
    ratio(powers.iter().flatten().filter(|power| (1.0..=500.0).contains(*power)).count(), sheet.columns[at].filled())
}

fn short(column: &Column, longest: usize) -> f64 {
    full(column.longest() <= longest)
}

fn text(column: &Column) -> f64 {
    full(column.cells.iter().any(|cell| cell.parse::<f64>().is_err() && !cell.is_empty()))
}

fn unique(column: &Column) -> f64 {
    ratio(column.distinct(), column.filled())
}

/// Finds the fields of a register; of several columns the one that header and values speak for most.
pub(super) fn find(sheet: &Sheet) -> Draft {
    let mut draft = Draft::of(Kind::Register);
    for (field, name, says, shows) in FIELDS {
        let taken = draft.taken();
        let columns = sheet.filled().filter(|(at, _)| !taken.contains(at));
        let scored = columns.map(|(at, column)| (says(&column.said), shows(sheet, at, column), at));
        let scored = scored.filter(|(said, shows, _)| *said > 0.0 && *shows > 0.5);
        let best = scored.max_by(|a, b| (a.0 + a.1).total_cmp(&(b.0 + b.1)).then(b.2.cmp(&a.2)));
        draft.add(best.map(|(said, shows, column)| {
            let why = format!("the header says {name}; {:.0} % of the values fit", shows * 100.0);
            Guess { field, column, said, confidence: agreed(said, shows), why }
        }));
    }
    if !draft.has(Field::Latitude) || !draft.has(Field::Longitude) {
        draft.doubts.push("No columns seem to hold latitude and longitude.".to_owned());
    }
    draft
}
