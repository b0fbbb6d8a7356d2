//! Saying what is being done while it takes a while.

/// The step in which the charge points are described anew: the sessions are in the lake then.
pub const CHARGE_POINTS: &str = "charge points";

/// Hears what is being done. All methods do nothing unless written.
pub trait Progress: Sync {
    /// `done` of `of` parts of a step are done.
    fn step(&self, what: &str, done: u64, of: u64) {
        let _ = (what, done, of);
    }
}

impl Progress for () {}
