//! Rows of a file in its own columns, to be mended and sent again, without the ids of drivers.

use std::collections::BTreeSet;

use crate::formats::{self, Row, Source};
use crate::identity::{Pseudonyms, marked};
use crate::profiles::{Field, recognise_return};
use crate::{Declared, Refusal};

/// Rows of a file as they stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginalRows {
    /// Headers of its columns.
    pub header: Vec<String>,
    /// Rows by their number in the file, the first below the header being 1; cells in the order of the columns. Drivers' ids
    /// are replaced by marked pseudonyms, which are read as the same drivers when the row is sent again.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// The wanted rows of a return, in its own columns.
///
/// # Errors
/// [`Refusal`] when the file as a whole cannot be a return.
pub fn original_rows<S: Source + ?Sized>(
    source: &S,
    declared: &Declared<'_>,
    wanted: &BTreeSet<u64>,
) -> Result<OriginalRows, Refusal> {
    of_source(&source, declared, wanted)
}

fn of_source(source: &dyn Source, declared: &Declared<'_>, wanted: &BTreeSet<u64>) -> Result<OriginalRows, Refusal> {
    let opened = formats::open(source, source.part())?;
    let layout = recognise_return(opened.head(), declared)?;
    let table = opened.into_table(layout.body, layout.dialect);
    let mut pseudonyms = Pseudonyms::new(declared.hub_key, declared.operator);
    let driver = layout.columns.get(&Field::Driver).copied();
    // A row whose cells are shifted may hold any driver's id anywhere: all must be known before one row is given out.
    table.for_each_row(|_, record| {
        let raw = driver.and_then(|at| record.get(at)).map(str::trim_ascii);
        if let Some(raw) = raw.filter(|raw| !raw.is_empty()) {
            pseudonyms.of(raw);
        }
    })?;
    let mut rows = Vec::new();
    table.for_each_row(|number, record| {
        if wanted.contains(&number) {
            rows.push((number, cells(record, driver, &mut pseudonyms)));
        }
    })?;
    Ok(OriginalRows { header: layout.header.clone(), rows })
}

fn cells(record: &Row<'_>, driver: Option<usize>, pseudonyms: &mut Pseudonyms) -> Vec<String> {
    let mut cell = |(at, text): (usize, &str)| {
        let bare = text.trim_ascii();
        if bare.is_empty() {
            return String::new();
        }
        if Some(at) == driver || pseudonyms.knows(bare) {
            return marked(pseudonyms.of(bare));
        }
        let names_a_driver = text.split_ascii_whitespace().any(|word| pseudonyms.knows(word));
        if names_a_driver { "(hidden)".to_owned() } else { text.to_owned() }
    };
    record.iter().enumerate().map(&mut cell).collect()
}
