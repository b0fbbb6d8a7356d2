//! A seeded, believable synthetic London, for the demo, the tests and the benchmark.
//!
//! The same seed gives the same bytes. Whatever happens at an EVSE on a day is drawn from a stream of its own, keyed by
//! seed, EVSE and day; so one return can be written alone, and is the same as when all are written in turn.

#[cfg(test)]
mod believable;
mod calendar;
mod clock;
mod defects;
mod demand;
mod digits;
mod drivers;
mod estate;
mod habits;
mod layouts;
mod operators;
mod register;
mod returns;
mod sample;
mod seeded;
mod sessions;
mod size;
mod spots;
mod streets;

pub use operators::SampleOperator;
pub use returns::{Flaw, SampleReturn, WaitingReturn};
pub use sample::{Borough, Sample};
pub use size::{Size, SizeError};
