//! From the bytes of a return to sessions: each row ends as accepted, quarantined or duplicate.

mod block;
mod checking;
mod credits;
mod gather;
mod instants;
mod lengths;
mod nothing;
mod orders;
mod originals;
mod row;
mod sorted;
mod spilled;
mod totals;
mod witnesses;

use hashbrown::DefaultHashBuilder;

use crate::formats::{self, Block, Opened, Source, Table, Work};
use crate::profiles::{DurationUnit, Field, Recognised, recognise_return};
use crate::repairs::{Columns, Examined, Setting, UnclearCommas, examine};
use crate::{Declared, Refusal, Register, SessionReturn, Thresholds};
use block::Thread;
use credits::Credits;
use gather::gather;
use instants::Clock;
use orders::Orders;
pub use originals::{OriginalRows, original_rows};
use row::Reader;
use sorted::Sorted;

/// Reads and checks a return of sessions: a file of any kind that holds one table, or a [`crate::PartOf`] one.
///
/// # Errors
/// [`Refusal`] when the file as a whole cannot be one.
pub fn read_sessions<S: Source + ?Sized>(
    source: &S,
    declared: &Declared<'_>,
    register: &dyn Register,
) -> Result<SessionReturn, Refusal> {
    read(&source, declared, register)
}

fn read(source: &dyn Source, declared: &Declared<'_>, register: &dyn Register) -> Result<SessionReturn, Refusal> {
    match read_opened(formats::open_by_head(source, source.part())?, declared, register) {
        // Its head was UTF-8, and not all of it is: it is looked at as a whole to find out what it is.
        Err(Refusal::WrongEncoding { .. }) => read_opened(formats::open(source, source.part())?, declared, register),
        done => done,
    }
}

fn read_opened(opened: Opened<'_>, declared: &Declared<'_>, register: &dyn Register) -> Result<SessionReturn, Refusal> {
    let layout = recognise_return(opened.head(), declared)?;
    let table = opened.into_table(layout.body, layout.dialect);
    let clock = Clock::of(&layout, &table)?;
    let is_civil = clock.is_civil();
    let mut reader = Reader::new(&layout, clock, declared);
    let mut examined = Examined::default();
    // Instants with an offset leave little to repair: such files are walked twice only where something is asked or amiss.
    if is_civil || reader.end_field() == Field::Duration || !declared.repairs.is_empty() {
        let has_other_order;
        (reader, examined, has_other_order) = look_for_repairs(reader, &table, &layout, declared, is_civil)?;
        let orders = if has_other_order { reader.orders(&table)? } else { None };
        if let Some(orders) = orders.filter(Orders::contradict) {
            if declared.propose && layout.proposed.is_none() {
                return Err(orders.refusal(&layout));
            }
            reader = reader.in_other_order(true);
        }
    }
    let mut sorted = sort(&reader, &table, &layout, declared)?;
    if let Some(credits) = Credits::of(sorted.take_credits(), &reader, &table)? {
        reader = reader.crediting(credits);
        sorted = sort(&reader, &table, &layout, declared)?;
    }
    if let Some(refusal) = sorted.refusal() {
        return Err(refusal);
    }
    if sorted.totals.rows_read == 0 {
        return Err(Refusal::NoRows);
    }
    if examined.is_blank() && sorted.is_amiss(&declared.thresholds) {
        (_, examined, _) = look_for_repairs(reader, &table, &layout, declared, is_civil)?;
    }
    let mut read = sorted.finish(declared, register, &examined)?;
    (read.repairs, read.applied) = (examined.proposed, examined.applied);
    Ok(read)
}

/// Reads all rows and sorts them by what becomes of them.
fn sort<'l>(
    reader: &Reader<'_>,
    table: &Table<'_>,
    layout: &'l Recognised,
    declared: &Declared<'_>,
) -> Result<Sorted<'l>, Refusal> {
    let hasher = DefaultHashBuilder::default();
    let mut sorted = Sorted::new(layout, hasher.clone());
    let bytes = table.bytes();
    let each = |thread: &mut Thread, block: &Block| block::read(reader, &hasher, thread, block);
    let mut take = |thread, read| sorted.take(thread, read, bytes);
    let threads = table.work(Work { begin: &|| Thread::new(declared), each: &each, take: &mut take })?;
    sorted.hide(|shown| {
        let mut words = std::iter::once(shown).chain(shown.split_ascii_whitespace());
        words.any(|word| threads.iter().any(|thread| thread.pseudonyms.knows(word)))
    });
    Ok(sorted)
}

/// Looks for repairs, and makes the reader read as those that are decided have it; also says whether a date may show that day and
/// month stand in the other order.
fn look_for_repairs<'l>(
    mut reader: Reader<'l>,
    table: &Table<'_>,
    layout: &Recognised,
    declared: &Declared<'_>,
    is_civil: bool,
) -> Result<(Reader<'l>, Examined, bool), Refusal> {
    let (zone, usual) = (layout.profile.zone(), Thresholds::default());
    let mut setting = Setting {
        period: declared.period,
        zone: &zone,
        is_civil,
        end_is_derived: reader.end_field() == Field::Duration,
        durations_are_minutes: layout.profile.duration == DurationUnit::Minutes,
        most_kwh: declared.thresholds.impossible_kwh.max(usual.impossible_kwh),
        most_kw: declared.thresholds.impossible_kw.max(usual.impossible_kw),
        wanted: declared.repairs,
        columns: Columns {
            start: layout.header_of(Field::PlugIn),
            end: layout.header_of(Field::PlugOut),
            energy: layout.header_of(Field::Energy),
            duration: layout.header_of(Field::Duration),
        },
        overlap: declared.overlap,
        commas: UnclearCommas::default(),
    };
    let mut examined = Examined::default();
    let mut gathered = gather(&reader, table)?;
    if let Some(repair) = gathered.commas.repair(&gathered.facts, &setting) {
        examined.plan.is_decimal_comma = examined.file(repair, declared.repairs);
    }
    if examined.plan.is_decimal_comma {
        reader = reader.with(examined.plan.clone());
        gathered = gather(&reader, table)?;
    }
    setting.commas =
        UnclearCommas { unreadable: gathered.commas.unreadable, in_durations: gathered.has_duration_commas };
    let mut examined = examine(&mut gathered.facts, &gathered.witnesses, &setting, examined);
    let plan = std::mem::take(&mut examined.plan);
    Ok((reader.with(plan), examined, gathered.has_other_order))
}
