//! From guesses to a proposal: what is missing, what is doubtful, and whether all is certain.

use std::collections::BTreeMap;

use super::sheet::{Column, Sheet};
use super::vocabulary::Meaning as M;
use super::{Guess, Proposal, ProposedColumn, SURE, ids};
use crate::profiles::profile::Headers;
use crate::profiles::{DurationUnit, EnergyUnit, FeeUnit, Field, Kind, Profile, Times, folded, needs, says_total};
use crate::showing;

/// Rows with a start, below which values prove little.
const ENOUGH_ROWS: usize = 5;

/// What was found in a file so far.
pub(super) struct Draft {
    kind: Kind,
    pub(super) guesses: Vec<Guess>,
    pub(super) doubts: Vec<String>,
    pub(super) times: Option<Times>,
    pub(super) duration: Option<DurationUnit>,
    pub(super) energy: EnergyUnit,
    pub(super) fee: FeeUnit,
    /// IANA zone that the headers name.
    pub(super) zone: Option<String>,
    pub(super) is_foreign: bool,
}

impl Draft {
    pub(super) fn of(kind: Kind) -> Self {
        let (energy, fee) = (EnergyUnit::default(), FeeUnit::default());
        let (guesses, doubts) = (Vec::new(), Vec::new());
        Self { kind, guesses, doubts, times: None, duration: None, energy, fee, zone: None, is_foreign: false }
    }

    /// Takes guesses; those that no layout needs only if they are sure.
    pub(super) fn add(&mut self, guesses: impl IntoIterator<Item = Guess>) {
        for guess in guesses {
            let is_needed = self.is_needed(guess.field);
            let is_new = !self.has(guess.field);
            if is_new && guess.confidence > 0.0 && (is_needed || guess.confidence >= SURE) {
                self.guesses.push(guess);
            }
        }
    }

    /// Whether a layout needs the field, as the only one of its group or as half of one.
    fn is_needed(&self, field: Field) -> bool {
        let group = needs(self.kind).iter().find(|(group, _)| group.contains(&field));
        let is_half = matches!(field, Field::PlugInTime | Field::PlugOutTime);
        is_half || group.is_some_and(|(group, _)| !group.iter().any(|other| self.has(*other)))
    }

    pub(super) fn has(&self, field: Field) -> bool {
        self.guesses.iter().any(|guess| guess.field == field)
    }

    /// Columns that feed something already.
    pub(super) fn taken(&self) -> Vec<usize> {
        self.guesses.iter().map(|guess| guess.column).collect()
    }

    fn of_column(&self, at: usize) -> Option<&Guess> {
        self.guesses.iter().find(|guess| guess.column == at)
    }

    /// The proposal for a person or for reading the file.
    pub(super) fn proposal(mut self, sheet: &Sheet) -> Proposal {
        let missing: Vec<Field> = needs(self.kind)
            .iter()
            .filter(|(group, _)| !group.iter().any(|field| self.has(*field)))
            .filter_map(|(group, _)| group.first().copied())
            .collect();
        self.doubt(sheet, &missing);
        let needed = self.guesses.iter().filter(|guess| self.counts(guess.field));
        let least = needed.map(|guess| guess.confidence).fold(1.0, f64::min);
        let confidence = if missing.is_empty() { least } else { 0.0 };
        Proposal {
            profile: self.profile(sheet),
            confidence,
            columns: sheet.columns.iter().enumerate().map(|(at, column)| self.column(at, column)).collect(),
            missing: missing.into_iter().map(Field::id).collect(),
            certain: self.doubts.is_empty(),
            doubts: self.doubts,
        }
    }

    /// Whether a field decides how sure the whole is.
    fn counts(&self, field: Field) -> bool {
        let in_group = needs(self.kind).iter().any(|(group, _)| group.contains(&field));
        in_group || matches!(field, Field::PlugInTime | Field::PlugOutTime)
    }

    fn doubt(&mut self, sheet: &Sheet, missing: &[Field]) {
        for field in missing {
            let group = needs(self.kind).iter().find(|(group, _)| group.contains(field));
            self.doubts.extend(group.map(|(_, what)| format!("No column seems to hold {what}.")));
        }
        if sheet.header_rows == 0 {
            self.doubts.push(
                "No row looks like a header with the names of the columns: columns are known by their place."
                    .to_owned(),
            );
        }
        let unsure = self.guesses.iter().filter(|guess| guess.confidence < SURE || guess.said < 0.6);
        let unsure = unsure.map(|guess| (guess.column, guess.field.id()));
        let sentence = |(at, field): (usize, String)| {
            format!("It is not sure that “{}” holds {field}: {}.", sheet.columns[at].header, self.why(at))
        };
        let sentences: Vec<String> = unsure.map(sentence).collect();
        self.doubts.extend(sentences);
        if sheet.rows < ENOUGH_ROWS {
            self.doubts.push(format!("{} rows are too few to be sure.", sheet.rows));
        }
        let is_civil = self.times.is_some_and(Times::are_civil);
        if self.kind == Kind::Sessions && is_civil && self.is_foreign && self.zone.is_none() {
            self.doubts
                .push("The headers are not in English, and nothing says in which zone the clocks are.".to_owned());
        }
        self.doubts.extend(other_zone(sheet).filter(|_| is_civil));
        let repeated = sheet.columns.iter().enumerate().find(|(at, column)| {
            let is_used = column.has_name() && self.of_column(*at).is_some();
            is_used && sheet.columns.iter().filter(|other| folded(&other.called) == folded(&column.called)).count() > 1
        });
        if let Some((_, column)) = repeated {
            self.doubts.push(format!("Several columns are called “{}”.", column.called));
        }
    }

    fn why(&self, at: usize) -> &str {
        self.of_column(at).map_or("", |guess| guess.why.as_str())
    }

    fn column(&self, at: usize, column: &Column) -> ProposedColumn {
        let guess = self.of_column(at);
        let is_personal = ids::is_personal(column);
        let is_shown = match guess {
            Some(guess) => {
                guess.said > 0.0 && guess.field != Field::Driver && !is_personal && !guess.field.is_measured()
            }
            None => ids::may_be_shown(column),
        };
        let samples = column.cells.iter().filter(|cell| !cell.is_empty()).take(3);
        // Of a time or an amount only what can belong to one is shown, and so may be although only the values say that it is one. What
        // is left aside may be one, too, if its header is understood or it is nothing but fractions.
        let is_measured = match guess {
            Some(guess) => guess.field.is_measured(),
            None => ids::may_be_measured(column),
        };
        let sample = |cell: &String| match () {
            () if is_shown => cell.clone(),
            () if is_measured && !is_personal => showing::content(cell).into_owned(),
            () => showing::HIDDEN.to_owned(),
        };
        let left = match () {
            () if column.filled() == 0 => "the column is empty; left aside",
            () if is_personal => "it is about persons and nothing needs it; left aside",
            () if !column.has_name() => "it has no name; left aside",
            () if column.said.says_nothing() => "the header is not understood; left aside",
            () => "nothing needs it; left aside",
        };
        ProposedColumn {
            column: column.header.clone(),
            field: guess.map(|guess| guess.field.id()),
            confidence: guess.map_or(0.0, |guess| guess.confidence),
            why: guess.map_or_else(|| left.to_owned(), |guess| guess.why.clone()),
            samples: samples.map(sample).collect(),
        }
    }

    fn profile(&self, sheet: &Sheet) -> Profile {
        let header = |guess: &Guess| Headers(vec![sheet.columns[guess.column].header.clone()]);
        let columns: BTreeMap<Field, Headers> = self.guesses.iter().map(|guess| (guess.field, header(guess))).collect();
        let left = sheet.columns.iter().enumerate().filter(|(at, _)| self.of_column(*at).is_none());
        let joins = self.has(Field::Connector) && !self.has(Field::Evse);
        let is_decimal = sheet.comma_is_decimal;
        Profile {
            times: self.times,
            energy: self.energy,
            fee: self.fee,
            duration: self.duration.unwrap_or_default(),
            comma_decimal: (is_decimal != (sheet.dialect.delimiter != b',')).then_some(is_decimal),
            evse_joined_by: joins.then(|| "-".to_owned()),
            footer: footer(sheet),
            columns,
            // What has no name says nothing of a layout, unless nothing has: then all places together say how wide it is.
            ignored: left
                .filter(|(_, column)| column.has_name() || sheet.header_rows == 0)
                .map(|(_, column)| column.header.clone())
                .collect(),
            header_rows: sheet.header_rows,
            ..empty(self.kind, self.zone.as_deref().unwrap_or("Europe/London"))
        }
    }
}

/// A column that names zones in which the clocks are, if it is not that of London.
fn other_zone(sheet: &Sheet) -> Option<String> {
    let is_london = |cell: &String| ["", "gmt", "bst", "europe/london"].contains(&cell.to_lowercase().as_str());
    let mut zones = sheet.columns.iter().filter(|column| column.said.says(M::Zone));
    let column = zones.find(|column| !column.cells.iter().all(is_london))?;
    Some(format!("“{}” names zones other than that of London.", column.header))
}

/// The first cell of a total below the rows.
fn footer(sheet: &Sheet) -> Option<String> {
    let last = sheet.columns.first()?.cells.last()?;
    says_total(last).filter(|is_alone| *is_alone).map(|_| last.clone())
}

fn empty(kind: Kind, zone: &str) -> Profile {
    Profile {
        name: "proposed".to_owned(),
        title: "Proposed by header and values".to_owned(),
        kind,
        zone: zone.to_owned(),
        times: None,
        energy: EnergyUnit::default(),
        fee: FeeUnit::default(),
        vat_percent: None,
        duration: DurationUnit::default(),
        comma_decimal: None,
        header_rows: 1,
        evse_joined_by: None,
        footer: None,
        id_prefix: None,
        watts_from: None,
        required: Vec::new(),
        columns: BTreeMap::new(),
        ignored: Vec::new(),
        constants: BTreeMap::new(),
        values: BTreeMap::new(),
        connector_flags: BTreeMap::new(),
        numbered_connectors: false,
    }
}

/// The proposal for a file in which there is no table, or no header of as many rows as asked for.
pub(super) fn of_nothing(kind: Kind, header_rows: Option<u8>) -> Proposal {
    let missing = needs(kind).iter().filter_map(|(group, _)| group.first().copied());
    let doubt = match header_rows {
        None | Some(0) => "There is no table with two columns or more.".to_owned(),
        Some(1) => "No row can be the header: what would be is data, not names.".to_owned(),
        Some(rows) => format!("No {rows} rows can be the header: some of them are data, not names."),
    };
    Proposal {
        profile: Profile { header_rows: header_rows.unwrap_or(1), ..empty(kind, "Europe/London") },
        confidence: 0.0,
        columns: Vec::new(),
        missing: missing.map(Field::id).collect(),
        doubts: vec![doubt],
        certain: false,
    }
}
