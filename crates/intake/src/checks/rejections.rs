//! What quarantines a row: found while it is read.

use super::Check;
use crate::Severity;

/// Why a row is quarantined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    TruncatedRow,
    TooManyCells,
    UnclosedQuote,
    InvalidSession,
    Reservation,
    CreditRecord,
    CreditedRecord,
    CreditElsewhere,
    MissingId,
    /// An id is too long to be one.
    LongId,
    MissingStart,
    UnreadableStart,
    StartOutOfRange,
    StartInFuture,
    OtherDateOrder,
    OpenSession,
    UnreadableEnd,
    UnreadableEnergy,
    EndBeforeStart,
    EndOutOfRange,
    NegativeEnergy,
    ImplausibleEnergy,
    ConflictingSession,
    DuplicateEntry,
    UnreadableValue,
    TotalsRow,
}

pub(super) static RULES: [Rule; 26] = [
    Rule::TruncatedRow,
    Rule::TooManyCells,
    Rule::UnclosedQuote,
    Rule::InvalidSession,
    Rule::Reservation,
    Rule::CreditRecord,
    Rule::CreditedRecord,
    Rule::CreditElsewhere,
    Rule::MissingId,
    Rule::LongId,
    Rule::MissingStart,
    Rule::UnreadableStart,
    Rule::StartOutOfRange,
    Rule::StartInFuture,
    Rule::OtherDateOrder,
    Rule::OpenSession,
    Rule::UnreadableEnd,
    Rule::UnreadableEnergy,
    Rule::EndBeforeStart,
    Rule::EndOutOfRange,
    Rule::NegativeEnergy,
    Rule::ImplausibleEnergy,
    Rule::ConflictingSession,
    Rule::DuplicateEntry,
    Rule::UnreadableValue,
    Rule::TotalsRow,
];

impl Rule {
    /// The rule as a check.
    pub(crate) fn check(&self) -> Check {
        let (id, title, advice) = self.texts();
        Check {
            id,
            severity: Severity::Error,
            title,
            advice,
            flag: None,
            finds: |_, _| false,
            shows: |_, _| String::new(),
        }
    }

    fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::TruncatedRow => (
                "truncated_row",
                "Row with too few cells",
                "Export the file again: it may have been cut off, or a cell holds a line break.",
            ),
            Self::TooManyCells => (
                "too_many_cells",
                "A cell beyond the last header",
                "Put texts and numbers with a comma in quotation marks, for one without divides its cell and moves all that follow; if the \
                 cell belongs there, give its column a header.",
            ),
            Self::UnclosedQuote => (
                "unclosed_quote",
                "A quotation mark that is not closed",
                "Export the file again, or send the rows to mend, which hold this row and those below it: they were taken into one cell of it and were not read.",
            ),
            Self::InvalidSession
            | Self::Reservation
            | Self::CreditRecord
            | Self::CreditedRecord
            | Self::CreditElsewhere => self.texts_of_no_session(),
            Self::MissingId | Self::LongId => self.texts_of_ids(),
            Self::MissingStart
            | Self::UnreadableStart
            | Self::StartOutOfRange
            | Self::StartInFuture
            | Self::OtherDateOrder => self.texts_of_start(),
            Self::OpenSession => (
                "open_session",
                "No end or no energy, or not ended yet",
                "Send the row again when the session has ended, with its end and energy, and the status COMPLETED where it has one.",
            ),
            Self::UnreadableEnd => (
                "unreadable_end",
                "End cannot be read",
                "Write dates, times and durations as in the other rows of the file.",
            ),
            Self::UnreadableEnergy => {
                ("unreadable_energy", "Energy cannot be read", "Write the energy as a number, such as 12.345.")
            }
            Self::EndBeforeStart => {
                ("end_before_start", "End before start", "Check the two times, and that both are on the same clock.")
            }
            Self::EndOutOfRange => (
                "end_out_of_range",
                "End later than two days after the return was received",
                "Check the year, the order of day and month, and the clock of the charge point.",
            ),
            Self::NegativeEnergy => (
                "negative_energy",
                "Negative energy",
                "Check the meter readings, and send the row again with the energy delivered.",
            ),
            Self::ImplausibleEnergy => (
                "implausible_energy",
                "More energy than any session can have",
                "Check the unit and the meter readings, and send the row again.",
            ),
            Self::ConflictingSession => (
                "conflicting_session",
                "Same session id, other content",
                "Give each session its own id, or send only the row that is right.",
            ),
            Self::DuplicateEntry => (
                "duplicate_entry",
                "Listed before in the same file",
                "List each charge point once; the first row was taken.",
            ),
            Self::UnreadableValue => ("unreadable_value", "Value cannot be read", "Correct the value in this row."),
            Self::TotalsRow => (
                "totals_row",
                "A total of other rows, not a session",
                "Nothing is lost, and its energy is not counted: leave totals out of the export.",
            ),
        }
    }

    /// Of rows whose ids are missing or cannot be.
    fn texts_of_ids(self) -> (&'static str, &'static str, &'static str) {
        if self == Self::LongId {
            return (
                "long_id",
                "An id of more than 255 characters",
                "Check that each value stands in its own column, and that quotation marks are closed.",
            );
        }
        (
            "missing_id",
            "No charge point",
            "Give the charge point's id in each row, and the driver's in no other column than its own.",
        )
    }

    /// Of rows whose start is missing or cannot be.
    fn texts_of_start(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::UnreadableStart => {
                ("unreadable_start", "Start cannot be read", "Write dates and times as in the other rows of the file.")
            }
            Self::StartOutOfRange => (
                "start_out_of_range",
                "Start before 2000 or after 2099",
                "Check the clock of the charge point and the date's format.",
            ),
            Self::StartInFuture => (
                "start_in_future",
                "Start later than the day after the return was received",
                "Check the year, the order of day and month, and the clock of the charge point.",
            ),
            Self::OtherDateOrder => (
                "other_date_order",
                "Date of which other dates show that day and month stand in the other order",
                "Name a layout in which they stand as in the file, or write dates with the year first, such as 2024-03-31.",
            ),
            _ => ("missing_start", "No start", "Give the start of each session."),
        }
    }

    /// Of rows that say themselves that they are no sessions.
    fn texts_of_no_session(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::InvalidSession => (
                "invalid_session",
                "Session that was declared invalid",
                "Nothing to do: an invalid session is not billed and is none. If it was one, send it again with the status COMPLETED.",
            ),
            Self::Reservation => (
                "reservation",
                "Reservation without charging",
                "Nothing to do: nothing was charged yet. Send the session when it has ended, with the status COMPLETED.",
            ),
            Self::CreditRecord => (
                "credit_record",
                "Credit that cancels another record of the file",
                "Nothing to do: a credit and the record that it cancels come to nothing together; a corrected record counts.",
            ),
            Self::CreditedRecord => (
                "credited_record",
                "Record that a credit cancels",
                "Nothing to do: a record and the credit that cancels it come to nothing together; a corrected record counts.",
            ),
            _ => (
                "credit_of_other_return",
                "Credit for a record that is not in the file",
                "If the session counts in another return, send what corrects it in one that covers its day, which then replaces it; \
                 or withdraw that return and send it again without the record.",
            ),
        }
    }
}
