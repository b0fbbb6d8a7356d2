//! What the figures say, in two to four sentences.
//!
//! Every word follows from a figure: no causes, no “significant” without a test, and “no return for …” where others would see a fall.

mod figures;
#[cfg(test)]
mod sentence_tests;
mod sentences;
pub(crate) mod words;

use serde::Serialize;

use super::views::{PatternTable, pattern, text};
use crate::{Coverage, Provenance};

/// What the figures of a view say, in words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Findings {
    /// Two to four sentences in the order in which they are to be read; one where there is nothing to tell.
    pub sentences: Vec<Sentence>,
    /// Coverage of the whole period.
    pub coverage: Coverage,
    /// Where the figures come from.
    pub provenance: Provenance,
}
pattern!(Findings, "findings");

/// A sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// What it is about.
    pub kind: SentenceKind,
    /// The sentence.
    pub text: String,
    /// Ids of the metrics and patterns whose figures it tells.
    pub basis: Vec<&'static str>,
}

/// What a sentence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SentenceKind {
    /// How much there is.
    Size,
    /// What changed.
    Change,
    /// What is out of the ordinary.
    Unusual,
    /// What not to trust.
    Trust,
}

impl SentenceKind {
    fn id(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Change => "change",
            Self::Unusual => "unusual",
            Self::Trust => "trust",
        }
    }
}

impl Findings {
    pub(super) fn as_table(&self) -> PatternTable {
        let rows = self.sentences.iter().map(|sentence| vec![text(sentence.kind.id()), text(&sentence.text)]);
        PatternTable { columns: vec!["kind", "text"], rows: rows.collect() }
    }
}
