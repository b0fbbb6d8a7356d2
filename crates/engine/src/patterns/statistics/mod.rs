//! Pure statistics: plain slices in, plain structs out. No lake, no clock, no chance: what looks random has a fixed seed.
//!
//! A value that is missing is `None` and stays missing: nothing here puts a zero or a guess in its place.

pub(crate) mod archetype;
pub(crate) mod concentration;
mod dice;
pub(crate) mod growth;
mod loess;
pub(crate) mod quantile;
pub(crate) mod seasons;
pub(crate) mod silence;
pub(crate) mod steps;
pub(crate) mod stl;
pub(crate) mod week_shapes;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod behaviour_tests;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod reference_tests;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod silence_tests;
