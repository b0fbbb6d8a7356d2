//! A proposal for a layout that no profile knows: from what its headers say and what its values show, with reasons.

use serde::Serialize;

use super::Profile;

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
