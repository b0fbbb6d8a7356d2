//! Progress bars, on stderr and only where it is a terminal; and when each step began.

use std::io::IsTerminal as _;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use kerbwatt_hub::Progress;

/// One bar at a time: the step in hand.
pub(crate) struct Bars {
    is_terminal: bool,
    made: Instant,
    /// Steps, and how long after the bars were made each began, seconds.
    begun: Mutex<Vec<(String, f64)>>,
    current: Mutex<Option<(String, ProgressBar)>>,
}

impl Bars {
    /// No bar yet.
    pub(crate) fn new() -> Self {
        Self {
            is_terminal: std::io::stderr().is_terminal(),
            made: Instant::now(),
            begun: Mutex::default(),
            current: Mutex::new(None),
        }
    }

    /// Seconds since the bars were made.
    pub(crate) fn seconds(&self) -> f64 {
        self.made.elapsed().as_secs_f64()
    }

    /// After how many seconds a step began; none where it never did.
    pub(crate) fn begun_s(&self, step: &str) -> Option<f64> {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.iter().find(|(known, _)| known == step).map(|(_, seconds)| *seconds)
    }

    fn note(&self, step: &str) {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        if begun.iter().all(|(known, _)| known != step) {
            begun.push((step.to_owned(), self.seconds()));
        }
    }

    /// Takes the bar away, so that it does not stand amid results.
    pub(crate) fn clear(&self) {
        if let Some((_, bar)) = self.current.lock().unwrap_or_else(PoisonError::into_inner).take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.clear();
    }
}

impl Progress for Bars {
    fn step(&self, what: &str, done: u64, of: u64) {
        self.note(what);
        if !self.is_terminal {
            return;
        }
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = current.as_ref().is_none_or(|(known, _)| known != what);
        if is_new {
            if let Some((_, bar)) = current.take() {
                bar.finish_and_clear();
            }
            *current = Some((what.to_owned(), bar(what, of)));
        }
        if let Some((_, bar)) = current.as_ref() {
            bar.set_length(of);
            bar.set_position(done);
        }
    }
}

fn bar(what: &str, of: u64) -> ProgressBar {
    let bar = ProgressBar::new(of).with_message(what.to_owned());
    let style = ProgressStyle::with_template("{msg:28} {bar:32} {pos}/{len}  {elapsed}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}
