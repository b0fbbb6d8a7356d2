//! What rows have to do with other rows and other returns: found when they are compared, not in a row by itself.

use super::Check;
use crate::Severity;

/// The same row twice in a return.
pub static REPEATED_ROW: Check =
    found("repeated_row", Severity::Info, "Repeats a row of the same file", "Nothing to do: the rows count once.");

/// A total that the layout says is there.
pub(crate) static TOTAL_PASSED_OVER: Check = found(
    "total_passed_over",
    Severity::Info,
    "A total of other rows, as the layout says: passed over",
    "Nothing to do: it is no row of the return, and its energy is not counted.",
);

/// The same row in two returns.
pub static HELD_ALREADY: Check =
    found("held_already", Severity::Info, "Held by another return already", "Nothing to do: the rows count once.");

/// A correction.
pub static REPLACES_EARLIER: Check = found(
    "replaces_earlier",
    Severity::Info,
    "Replaces a row of an earlier return",
    "Nothing to do: the later row counts, the earlier one is kept in the history.",
);

/// Two returns have one charge point taken at the same time.
pub static OVERLAPS_OTHER_RETURN: Check = found(
    "overlaps_other_return",
    Severity::Warning,
    "At the same charge point at the same time as a session of another return",
    "Check whether the two returns report the same sessions with other times or ids.",
);

/// Ids that are given twice.
pub static SAME_ID: Check = found(
    "same_id_in_other_return",
    Severity::Warning,
    "Same session id in another return, but another charge point, time and energy",
    "Both rows count. Give each session an id that no other session of yours has, such as with the site before the number; if the row \
     corrects the earlier one, withdraw the earlier return.",
);

pub(super) static ACROSS: [&Check; 6] =
    [&REPEATED_ROW, &TOTAL_PASSED_OVER, &HELD_ALREADY, &REPLACES_EARLIER, &SAME_ID, &OVERLAPS_OTHER_RETURN];

/// A check that is not asked of single rows.
pub(super) const fn found(id: &'static str, severity: Severity, title: &'static str, advice: &'static str) -> Check {
    Check { id, severity, title, advice, flag: None, finds: |_, _| false, shows: |_, _| String::new() }
}
