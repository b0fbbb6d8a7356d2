//! What was found in a file: in words for people, as JSON for programs.

mod json;
mod words;

pub(crate) use json::{ends, of as json, proposed as proposed_json};
pub(crate) use words::{of as words, period, proposed as proposed_words, repair};
