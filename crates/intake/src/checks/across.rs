//! What rows have to do with other rows and other returns: found when they are compared, not in a row by itself.

use super::{Check, FAR};
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
    "Same session id in another return, but another session",
    "Both rows count. Give each session an id that no other session of yours has, such as with the site before the number; if the row \
     corrects the earlier one, withdraw the earlier return, or declare the period of both days.",
);

/// A return of which no row counts.
pub static ALL_SET_ASIDE: Check = found(
    "all_set_aside",
    Severity::Warning,
    "Every row is set aside: none counts, and the return reports no day",
    "The return is not accepted. Mend its rows and hand the file in again, or say how its columns are to be read, or withdraw it; where \
     there was nothing to report, say that instead.",
);

/// A return of which most rows do not count.
pub static MOSTLY_SET_ASIDE: Check = found(
    "mostly_set_aside",
    Severity::Warning,
    "More than half of the rows are set aside",
    "Somebody has to look before it is accepted: its days would count as reported, with less than half of their sessions. Mend the rows \
     and hand the file in again, or accept it as it is.",
);

/// A return whose energies are most likely in another unit.
pub static MOSTLY_LOW_ENERGY: Check = found(
    "mostly_low_energy",
    Severity::Warning,
    "More than half of the sessions have hardly any energy",
    "Somebody has to look before it is accepted: the energy may be in another unit than its layout says, such as kWh where it says Wh, or a \
     dot may divide thousands. Say so in the layout, or accept it as it is.",
);

/// Something is most likely wrong with a whole file, but the file does not prove it.
pub static UNPROVED_REPAIR: Check = found(
    "unproved_repair",
    Severity::Warning,
    "Much of the file seems to be wrong in one way, but the file does not prove it",
    "Somebody has to look at the evidence before it is accepted. Ask the operator, and hand in a file that is right or say in the layout how \
     it is to be read; or accept it as it is.",
);

/// The same file, sent for two operators.
pub static SAME_FILE: Check = found(
    "same_file_of_other_operator",
    Severity::Warning,
    "The same file was handed in for another operator",
    "Somebody has to look before it is accepted: its sessions would count for both. Withdraw the return of the operator whose file it is \
     not.",
);

/// Most rows collide with other returns.
pub static MOSTLY_OVERLAPS: Check = found(
    "mostly_overlaps",
    Severity::Warning,
    "Most rows are at the same charge point at the same time as sessions of other returns",
    "Somebody has to look before it is accepted: the same sessions may be sent again with other ids or times, and would count twice. \
     Withdraw the earlier return if this one takes its place.",
);

/// An earlier return seems to be on UTC.
pub static EARLIER_ON_UTC: Check = found(
    "earlier_on_utc",
    Severity::Warning,
    "An earlier return has the same sessions as if its clocks were on UTC",
    "Somebody has to look before it is accepted: give the earlier return a layout with the zone UTC, or withdraw it; or withdraw this \
     one if the earlier one is right.",
);

/// Rows of earlier returns that a later one of the same days lacks.
pub static LACKS_EARLIER: Check = found(
    "lacks_earlier",
    Severity::Info,
    "Sessions of earlier returns in the declared period that are not in this one",
    "They go on counting: nothing is taken out because a later return lacks it. If this return is all that there was, withdraw the \
     earlier one.",
);

/// A stale copy of what was corrected.
pub static CORRECTED_SINCE: Check = found(
    "corrected_since",
    Severity::Info,
    "Says what another return has corrected since",
    "Nothing to do: the correction goes on counting. If this return is right and the correction wrong, withdraw the correction.",
);

/// The same in a return that declares its months.
pub static TAKES_CORRECTION_BACK: Check = found(
    "takes_correction_back",
    Severity::Warning,
    "Says what another return has corrected since, and takes the correction back",
    "Somebody has to look before it is accepted: as the later return of the declared months it goes before the correction, but it may be an \
     old copy. Withdraw it if it is one; accept it if the correction was wrong.",
);

/// What a correction has no column for.
pub static KEEPS_EARLIER: Check = found(
    "keeps_earlier",
    Severity::Info,
    "Corrects a session, and keeps of the earlier row what this return has no column for",
    "Nothing to do; send the columns again where their values changed too.",
);

pub(super) static ACROSS: [&Check; 18] = [
    &REPEATED_ROW,
    &TOTAL_PASSED_OVER,
    &FAR,
    &HELD_ALREADY,
    &REPLACES_EARLIER,
    &SAME_ID,
    &OVERLAPS_OTHER_RETURN,
    &ALL_SET_ASIDE,
    &MOSTLY_SET_ASIDE,
    &MOSTLY_LOW_ENERGY,
    &UNPROVED_REPAIR,
    &SAME_FILE,
    &MOSTLY_OVERLAPS,
    &EARLIER_ON_UTC,
    &LACKS_EARLIER,
    &CORRECTED_SINCE,
    &TAKES_CORRECTION_BACK,
    &KEEPS_EARLIER,
];

/// Findings that somebody has to look at before a return counts.
static HOLDING: [&Check; 8] = [
    &ALL_SET_ASIDE,
    &MOSTLY_SET_ASIDE,
    &MOSTLY_LOW_ENERGY,
    &UNPROVED_REPAIR,
    &SAME_FILE,
    &MOSTLY_OVERLAPS,
    &EARLIER_ON_UTC,
    &TAKES_CORRECTION_BACK,
];

/// Whether what a check finds keeps a return from being accepted unseen.
#[must_use]
pub fn holds(rule: &str) -> bool {
    HOLDING.iter().any(|check| check.id == rule)
}

/// A check that is not asked of single rows.
pub(super) const fn found(id: &'static str, severity: Severity, title: &'static str, advice: &'static str) -> Check {
    Check { id, severity, title, advice, flag: None, finds: |_, _| false, shows: |_, _| String::new() }
}
