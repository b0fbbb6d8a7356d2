//! The first walk over a file: the facts that repairs are judged by.

use jiff::civil::DateTime;

use super::row::Reader;
use crate::Refusal;
use crate::fields;
use crate::formats::{Block, Row, Table, Work};
use crate::profiles::Field;
use crate::repairs::amounts::Commas;
use crate::repairs::facts::{NO_DURATION, NONE, event_number};
use crate::repairs::{Fact, Facts, Witnesses};

/// What the first walk found.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) facts: Facts,
    pub(super) commas: Commas,
    /// Whether a duration has a comma that is not read as a decimal one.
    pub(super) has_duration_commas: bool,
    pub(super) witnesses: Witnesses,
    /// Whether a date that cannot be read as the layout says is one in the other order of day and month.
    pub(super) has_other_order: bool,
}

/// Walks a file once. Rows without a start are left out; rows that repeat another stay in, because to know them takes
/// more memory than the facts, and copies change no comparison of before and after.
pub(super) fn gather(reader: &Reader<'_>, table: &Table<'_>) -> Result<Gathered, Refusal> {
    let mut gathered = Gathered { witnesses: reader.witnesses(), ..Gathered::default() };
    let each = |_: &mut (), block: &Block| of_block(reader, block);
    let mut take = |_: usize, part: Gathered| {
        gathered.facts.append(part.facts);
        gathered.commas.append(part.commas);
        gathered.witnesses.append(&part.witnesses);
        gathered.has_duration_commas |= part.has_duration_commas;
        gathered.has_other_order |= part.has_other_order;
    };
    table.work(Work { begin: &|| (), each: &each, take: &mut take })?;
    Ok(gathered)
}

fn of_block(reader: &Reader<'_>, block: &Block) -> Gathered {
    let mut gathered = Gathered { witnesses: reader.witnesses(), ..Gathered::default() };
    block.for_each_row(|row, record| {
        if reader.is_footer(record) || reader.total(record).is_some() || reader.is_shifted(record) {
            return;
        }
        if !reader.comma_is_decimal() {
            count_commas(reader, row, record, &mut gathered.commas);
            gathered.has_duration_commas |= reader.text(record, Field::Duration).is_some_and(|text| text.contains(','));
        }
        let fact = fact(reader, row, record, &mut gathered.facts);
        if !gathered.has_other_order && fact.is_none_or(|fact| fact.end == NONE) {
            gathered.has_other_order = reader.shows_other_order(record);
        }
        if let Some(fact) = fact {
            if !gathered.witnesses.is_empty() {
                reader.ask(&mut gathered.witnesses, &fact, record);
            }
            gathered.facts.rows.push(fact);
        }
    });
    gathered
}

fn count_commas(reader: &Reader<'_>, row: u64, record: &Row<'_>, commas: &mut Commas) {
    let Some(text) = reader.text(record, Field::Energy).filter(|text| text.contains([',', '.'])) else { return };
    let declared_kwh = fields::number(text, false).and_then(|_| reader.energy_kwh(record));
    commas.add(row, text, declared_kwh, fields::number(text, true));
}

fn fact(reader: &Reader<'_>, row: u64, record: &Row<'_>, facts: &mut Facts) -> Option<Fact> {
    let start = reader.civil_s(record, Field::PlugIn, Field::PlugInTime)?;
    let seconds = reader.duration_s(record);
    let end = if reader.end_field() == Field::PlugOut {
        reader.civil_s(record, Field::PlugOut, Field::PlugOutTime)
    } else {
        seconds.map(|seconds| start + seconds)
    };
    let evse = if reader.has(Field::Evse) { [Some(Field::Evse), None] } else { [Some(Field::Device), reader.joint()] };
    let cell = |field: Field| fields::trimmed(reader.cell(record, field).unwrap_or_default());
    let cells = evse.into_iter().flatten().map(|field| reader.without_prefix(cell(field)));
    Some(Fact {
        start,
        end: end.unwrap_or(NONE),
        event: reader.text(record, Field::SessionId).map_or(0, event_number),
        energy_kwh: reader.energy_kwh(record).unwrap_or(f64::NAN),
        row: u32::try_from(row).ok()?,
        evse: facts.evse(cells),
        duration_s: seconds.and_then(|seconds| i32::try_from(seconds).ok()).unwrap_or(NO_DURATION),
        has_comma: !reader.comma_is_decimal() && is_unclear(cell(Field::Energy)),
    })
}

/// Whether a number has a comma that may be one between thousands or a decimal one.
fn is_unclear(text: &str) -> bool {
    text.bytes().filter(|byte| *byte == b',').count() == 1 && !text.contains('.')
}

/// Civil seconds: days of 86,400 seconds from 1970, as a clock on the wall counts them.
pub(super) fn civil_seconds(civil: DateTime) -> i64 {
    jiff::tz::Offset::UTC.to_timestamp(civil).map_or(0, jiff::Timestamp::as_second)
}
