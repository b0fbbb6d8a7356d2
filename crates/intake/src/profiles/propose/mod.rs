//! A proposal for a layout that no profile knows: from what its headers say and what its values show, with reasons.
//!
//! Both must agree: headers are judged by their words (English, French, German), values by whether they make sense together, such as
//! ends after starts and energy over time as a power that exists. The same rows always give the same proposal.

mod amounts;
mod draft;
mod headers;
mod ids;
mod lengths;
mod moments;
mod register;
mod sheet;
mod times;
mod vocabulary;
mod words;
mod zones;

use std::collections::BTreeMap;

use serde::Serialize;

use super::recognise::{last_used, ratio};
use super::{Field, Kind, Profile, Recognised};
use sheet::Sheet;

pub(super) use headers::names_shown;

/// What the columns of an unknown layout seem to hold. Nothing is guessed in silence: each column has its reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposal {
    /// A draft of a profile; where something is `missing` it cannot be used before a person completes it.
    pub profile: Profile,
    /// That of the least sure field that is needed, 0 to 1; 0 where one is missing.
    pub confidence: f64,
    /// Each column of the file, in order.
    pub columns: Vec<ProposedColumn>,
    /// Ids of fields that a layout needs and no column seems to hold; of a group the first.
    pub missing: Vec<String>,
    /// Why it is not certain, each in a sentence for a person; empty when it is.
    pub doubts: Vec<String>,
    /// Whether header and values agree on everything that is needed, so that the file can be read without asking.
    pub certain: bool,
}

impl Proposal {
    /// Whether a file in an unknown layout is worth keeping as a return: at least half of what one needs seems to be there.
    #[must_use]
    pub fn may_be_a_return(&self) -> bool {
        self.profile.kind == Kind::Sessions && self.missing.len() <= 2
    }
}

/// What one column seems to hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProposedColumn {
    /// Header, as in the file.
    pub column: String,
    /// Id of the field; none when the column is left aside.
    pub field: Option<String>,
    /// How sure that is, 0 to 1.
    pub confidence: f64,
    /// What speaks for it.
    pub why: String,
    /// The first values, at most three; `(hidden)` where they could name a person.
    pub samples: Vec<String>,
}

/// A column that seems to feed a field.
#[derive(Debug, Clone)]
struct Guess {
    field: Field,
    column: usize,
    /// How much the header says so, 0 to 1.
    said: f64,
    /// How sure it is, 0 to 1.
    confidence: f64,
    why: String,
}

/// How sure a field must be for a file to be read without asking, and for a field that is not needed to be proposed at all.
const SURE: f64 = 0.8;

/// How sure something is that the header says and the values show, each 0 to 1. What only the values show is never sure.
fn agreed(said: f64, shows: f64) -> f64 {
    match () {
        () if shows <= 0.0 => 0.0,
        () if said <= 0.0 => 0.6 * shows,
        () => 0.5 * (said + shows),
    }
}

/// The middle of some values.
fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

#[expect(clippy::cast_precision_loss, reason = "seconds between two moments of one file")]
fn float(seconds: i64) -> f64 {
    seconds as f64
}

/// Proposes what the columns of a file of a kind hold, from its first rows; with a header of as many rows as said, or else of as many
/// as is evident.
pub(crate) fn propose_text(text: &str, kind: Kind, header_rows: Option<u8>) -> (Proposal, Option<Recognised>) {
    let Some(sheet) = Sheet::of(text, header_rows) else { return (draft::of_nothing(kind, header_rows), None) };
    let draft = match kind {
        Kind::Sessions => sessions(&sheet),
        Kind::Register => register::find(&sheet),
    };
    let columns: BTreeMap<Field, usize> = draft.guesses.iter().map(|guess| (guess.field, guess.column)).collect();
    let proposal = draft.proposal(&sheet);
    let recognised = Recognised {
        profile: proposal.profile.clone(),
        dialect: sheet.dialect,
        header: sheet.columns.iter().map(|column| column.header.clone()).collect(),
        width: sheet.width().max(last_used(&columns)),
        columns,
        body: sheet.body,
        proposed: Some(Box::new(proposal.clone())),
    };
    (proposal, Some(recognised))
}

fn sessions(sheet: &Sheet) -> draft::Draft {
    let found = times::find(sheet);
    let mut draft = draft::Draft::of(Kind::Sessions);
    (draft.times, draft.doubts) = (found.times, found.doubts);
    draft.zone = found.zone;
    draft.is_foreign = found.is_foreign;
    draft.add(found.guesses);
    let has_end = draft.has(Field::PlugOut);
    let lengths = if has_end {
        lengths::beside(sheet, &found.spans, &draft.taken())
    } else {
        lengths::instead(sheet, &draft.taken())
    };
    let spans = lengths.spans.unwrap_or(found.spans);
    draft.duration = lengths.unit;
    draft.add(lengths.guesses);
    draft.doubts.extend(lengths.doubts);
    if let Some(energy) = amounts::energy(sheet, &spans, &draft.taken()) {
        draft.energy = energy.unit;
        draft.doubts.extend(energy.doubts);
        draft.add([energy.guess]);
        if let Some((fee, unit)) = amounts::fee(sheet, &energy.kwh, &draft.taken()) {
            draft.fee = unit;
            draft.add([fee]);
        }
    }
    draft.add(ids::driver(sheet, &draft.taken()));
    let (points, doubts) = ids::points(sheet, &found.starts, &spans, &draft.taken());
    draft.add(points);
    draft.doubts.extend(doubts);
    draft.add(ids::session(sheet, &draft.taken()));
    draft
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_is_json_and_names_what_is_missing() {
        let (proposal, _) = propose_text("Charger,kWh\nA,7.5\nB,8.5\n", Kind::Sessions, None);
        let json = serde_json::to_value(&proposal).unwrap_or_default();
        assert_eq!(json["profile"]["kind"], "sessions");
        assert_eq!(json["missing"], serde_json::json!(["plug_in", "plug_out"]));
        assert_eq!((proposal.certain, proposal.confidence), (false, 0.0));
    }

    #[test]
    fn a_file_without_a_header_is_proposed_by_place_and_never_certain() {
        let (proposal, layout) = propose_text("1,2,3\n4,5,6\n", Kind::Sessions, None);
        let names: Vec<&str> = proposal.columns.iter().map(|column| column.column.as_str()).collect();
        assert_eq!(names, ["column 1", "column 2", "column 3"]);
        assert!(layout.is_some_and(|layout| layout.body == 0 && layout.profile.header_rows == 0) && !proposal.certain);
    }

    #[test]
    fn a_row_of_a_session_is_not_taken_for_a_header_also_when_asked() {
        let text = "E1,01/05/2024 08:00,01/05/2024 09:00,7.2,Jane Marker\nE2,02/05/2024 08:00,02/05/2024 09:00,8.1,Al Marker\n";
        let (proposal, layout) = propose_text(text, Kind::Sessions, Some(1));
        assert!(layout.is_none() && proposal.columns.is_empty(), "{proposal:?}");
        assert!(!format!("{proposal:?}").contains("Marker"));
        assert!(proposal.doubts[0].contains("data"), "{:?}", proposal.doubts);
    }
}
