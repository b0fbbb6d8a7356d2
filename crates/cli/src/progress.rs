//! Progress bars, on stderr and only where it is a terminal.

use std::io::IsTerminal as _;
use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};
use kerbwatt_hub::Progress;

/// One bar at a time: the step in hand.
pub(crate) struct Bars {
    is_terminal: bool,
    current: Mutex<Option<(String, ProgressBar)>>,
}

impl Bars {
    /// No bar yet.
    pub(crate) fn new() -> Self {
        Self { is_terminal: std::io::stderr().is_terminal(), current: Mutex::new(None) }
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
