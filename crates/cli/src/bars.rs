//! Progress on a terminal; silence in pipes.

use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use kerbwatt_hub::Progress;

/// One bar for the step at hand.
pub(crate) struct Bars(Mutex<(String, ProgressBar)>);

impl Bars {
    /// Draws on standard error if that is a terminal.
    pub(crate) fn new() -> Self {
        Self(Mutex::new((String::new(), ProgressBar::hidden())))
    }

    /// Takes the bar away.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.finish_and_clear();
    }
}

impl Progress for Bars {
    fn step(&self, what: &str, done: u64, of: u64) {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if current.0 != what {
            current.1.finish_and_clear();
            let style = ProgressStyle::with_template("  {msg} [{bar:32}] {pos}/{len}").unwrap_or_else(|_| ProgressStyle::default_bar());
            let bar = ProgressBar::with_draw_target(Some(of), ProgressDrawTarget::stderr()).with_style(style);
            bar.set_message(what.to_owned());
            *current = (what.to_owned(), bar);
        }
        current.1.set_length(of);
        current.1.set_position(done);
    }
}
