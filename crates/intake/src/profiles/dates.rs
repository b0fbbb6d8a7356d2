//! A known layout whose dates are written in another way in a file: proposed with that way, for a person to confirm.
//!
//! Nothing of such a file is read before somebody says so: day first and month first are both dates up to the twelfth.

use super::{Field, Recognised, Times};
use crate::formats::csv::reader;
use crate::{Declared, ProposedColumn, Refusal, fields, profiles::Proposal, showing};

/// Rows that are looked at.
const ROWS: usize = 2_000;
/// Bytes read at a time for them.
const BUFFER: usize = 64 << 10;

/// Ways of writing moments that are tried, the surest first.
const TRIED: [Times; 9] = [
    Times::Rfc3339,
    Times::JavaScript,
    Times::Rfc2822,
    Times::Epoch,
    Times::EpochMs,
    Times::YearFirst,
    Times::DayFirst,
    Times::MonthFirst,
    Times::Serial,
];

/// The refusal of a file of which the layout can read less than half of the first starts, while another way of writing moments reads
/// nearly all of them.
pub(super) fn misread(text: &str, layout: &Recognised, declared: &Declared<'_>) -> Option<Refusal> {
    let times = layout.profile.times.filter(|_| declared.propose)?;
    let starts = starts(text, layout);
    let read_as = |times: Times| starts.iter().filter(|start| start.is_written(times)).count();
    if starts.is_empty() || 2 * read_as(times) >= starts.len() {
        return None;
    }
    let others = TRIED.into_iter().filter(|other| *other != times).map(|other| (read_as(other), other));
    let (read, other) = others.rev().max_by_key(|(read, _)| *read)?;
    let example = starts.iter().find(|start| start.is_written(other) && !start.is_written(times))?;
    let doubt = format!(
        "Starts are written with {}, such as “{}”, where the layout {} has {}{}.",
        phrase(other),
        showing::content(&example.shown()),
        layout.profile.name,
        phrase(times),
        if shows_no_order(&starts, other) { "; no date shows whether the day or the month comes first" } else { "" },
    );
    (10 * read >= 9 * starts.len()).then(|| written_otherwise(layout, other, doubt))
}

/// The refusal of a file, with its layout as proposal in which moments are written in another way.
pub(crate) fn written_otherwise(layout: &Recognised, times: Times, doubt: String) -> Refusal {
    let mut profile = layout.profile.clone();
    let name = std::mem::replace(&mut profile.name, "proposed".to_owned());
    profile.title = format!("{}, with {}", profile.title, phrase(times));
    profile.times = Some(times);
    let moments = [Field::PlugIn, Field::PlugOut, Field::ChargingEnd].map(Field::id);
    let columns = layout.described().columns.into_iter().map(|column| {
        let is_moment = column.field.as_ref().is_some_and(|field| moments.contains(field));
        let why = match (is_moment, &column.field) {
            (true, _) => format!("the layout {name} has it; its values are written with {}", phrase(times)),
            (false, Some(_)) => format!("the layout {name} has it"),
            (false, None) => "nothing needs it; left aside".to_owned(),
        };
        let confidence = if is_moment { 0.7 } else { column.confidence };
        ProposedColumn { column: column.column, field: column.field, confidence, why, samples: Vec::new() }
    });
    let proposal = Proposal {
        columns: columns.collect(),
        profile,
        confidence: 0.7,
        missing: Vec::new(),
        doubts: vec![doubt],
        certain: false,
    };
    let nearest = Some((name, Vec::new()));
    Refusal::UnknownLayout { header: layout.header.clone(), nearest, proposal: Some(Box::new(proposal)) }
}

/// How moments are written, in a sentence after “with”.
pub(crate) fn phrase(times: Times) -> &'static str {
    match times {
        Times::Rfc3339 => "an offset or Z as in 2024-03-31T08:15:00Z",
        Times::Epoch => "the seconds since 1970",
        Times::EpochMs => "the milliseconds since 1970",
        Times::DayFirst => "the day first",
        Times::MonthFirst => "the month first",
        Times::YearFirst => "the year first",
        Times::Mixed => "the day or the month first",
        Times::Rfc2822 => "the words of RFC 2822 as in Wed, 25 Apr 2018 11:08:04 GMT",
        Times::JavaScript => "the words of JavaScript as in Fri Apr 14 2017 00:49:24 GMT+0200",
        Times::Serial => "the days since 1899 that a spreadsheet counts",
    }
}

/// A start as it stands in a row.
struct Start {
    day: String,
    clock: Option<String>,
}

impl Start {
    /// Whether it is a moment in a way of writing; of plain numbers only those that are likely to be one.
    fn is_written(&self, times: Times) -> bool {
        let digits = self.day.split('.').next().unwrap_or_default().len();
        let is_likely = match times {
            Times::Epoch => digits == 10,
            Times::EpochMs => digits == 13,
            Times::Serial => self.day.contains('.'),
            _ => true,
        };
        is_likely && fields::moment(times, &self.day, self.clock.as_deref()).is_some()
    }

    fn shown(&self) -> String {
        self.clock.as_ref().map_or_else(|| self.day.clone(), |clock| format!("{} {clock}", self.day))
    }
}

/// The first starts of a file.
fn starts(text: &str, layout: &Recognised) -> Vec<Start> {
    let (Some(day), body) = (layout.columns.get(&Field::PlugIn), text.get(layout.body..).unwrap_or_default()) else {
        return Vec::new();
    };
    let clock = layout.columns.get(&Field::PlugInTime);
    let mut rows = reader(body.as_bytes(), layout.dialect, BUFFER);
    let mut record = ::csv::ByteRecord::new();
    let mut starts = Vec::new();
    // Text in memory: nothing can fail.
    while starts.len() < ROWS && rows.read_byte_record(&mut record).unwrap_or(false) {
        let cell = |at: usize| String::from_utf8_lossy(record.get(at).unwrap_or_default()).trim().to_owned();
        let start = Start { day: cell(*day), clock: clock.map(|at| cell(*at)) };
        if start.day.bytes().any(|byte| byte.is_ascii_digit()) {
            starts.push(start);
        }
    }
    starts
}

/// Whether day or month stands first, and every date that needs an order fits both.
fn shows_no_order(starts: &[Start], times: Times) -> bool {
    let shown = |start: &Start| fields::shown_order(fields::day_of(&start.day)).is_some();
    let is_unclear = |start: &Start| fields::fits_both_orders(&start.day);
    matches!(times, Times::DayFirst | Times::MonthFirst) && starts.iter().any(is_unclear) && !starts.iter().any(shown)
}
