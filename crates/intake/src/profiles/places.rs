//! Files without a header, in an operator's own layout that knows its columns by their place: the values alone say whether it fits.

use super::{Field, Recognised};
use crate::fields::{self, Moment};
use crate::formats::csv::TopRow;

/// Whether the first row, and nine in ten of the first rows, read as the layout says: as wide as it, with moments, energies and places
/// where these are to be, and no end before its start.
pub(super) fn read_by_place(layout: &Recognised, rows: &[TopRow]) -> bool {
    let filled = |row: &&TopRow| row.fields.iter().any(|cell| !cell.is_empty());
    let read: Vec<bool> = rows.iter().filter(filled).map(|row| reads(layout, row)).collect();
    let count = read.iter().filter(|is_read| **is_read).count();
    read.first() == Some(&true) && count * 10 >= read.len() * 9
}

fn reads(layout: &Recognised, row: &TopRow) -> bool {
    let is_whole = row.fields.len() == layout.header.len() && layout.needed().all(|at| !row.fields[at].is_empty());
    let fits = layout.columns.keys().all(|field| value_fits(layout, row, *field));
    is_whole && fits && !ends_before_it_starts(layout, row)
}

fn cell<'r>(layout: &Recognised, row: &'r TopRow, field: Field) -> Option<&'r str> {
    let at = layout.columns.get(&field)?;
    row.fields.get(*at).map(String::as_str).filter(|cell| !cell.is_empty())
}

fn moment_of(layout: &Recognised, row: &TopRow, field: Field) -> Option<Moment> {
    let clock = field.time_of_day().and_then(|clock| cell(layout, row, clock));
    fields::moment(layout.profile.times?, cell(layout, row, field)?, clock)
}

/// Whether what stands in a field's column can be its value; a blank always can.
fn value_fits(layout: &Recognised, row: &TopRow, field: Field) -> bool {
    let Some(text) = cell(layout, row, field) else { return true };
    let comma = layout.comma_is_decimal();
    match field {
        Field::PlugIn | Field::PlugOut | Field::ChargingEnd => moment_of(layout, row, field).is_some(),
        Field::Energy => fields::energy_kwh(text, layout.profile.energy, comma).is_some(),
        Field::Duration | Field::ChargingDuration => fields::duration_s(text, layout.profile.duration, comma).is_some(),
        Field::Fee | Field::FeeNet => !matches!(fields::fee(text, comma), fields::Fee::Unreadable),
        Field::Latitude | Field::Longitude | Field::RatedKw => fields::number(text, comma).is_some(),
        _ => true,
    }
}

fn ends_before_it_starts(layout: &Recognised, row: &TopRow) -> bool {
    match (moment_of(layout, row, Field::PlugIn), moment_of(layout, row, Field::PlugOut)) {
        (Some(Moment::Instant(start)), Some(Moment::Instant(end))) => end < start,
        (Some(Moment::Civil(start)), Some(Moment::Civil(end))) => end < start,
        _ => false,
    }
}
