//! From an operator's bytes to checked, typed rows: formats, profiles, checks.
//!
//! Pure: bytes in, result out; no clock, no database, no network, no files. [`read_sessions`] and
//! [`read_register`] are the two doors.
//!
//! The way of a return: `formats` opens whatever holds the table (CSV, zip, gzip, XLSX, JSON) and decodes it; `profiles`
//! recognises the layout by its header, or proposes one; `fields` reads dates, clocks, numbers; `repairs` looks for what is
//! systematically wrong, and says how to read the file where that is proved and decided; `sessions` or `register` makes typed
//! rows; `checks` quarantines, flags and counts. Every row ends as accepted, quarantined or duplicate; none disappears.

mod checks;
mod declared;
mod fields;
mod formats;
mod identity;
mod outcome;
mod profiles;
mod refusal;
mod register;
mod repairs;
mod sessions;
mod showing;

pub use checks::{
    ALL_SET_ASIDE, COORDINATES_EXCHANGED, COORDINATES_WITHOUT_SIGN, CORRECTED_SINCE, Check, CheckLimit, EARLIER_ON_UTC,
    HELD_ALREADY, KEEPS_EARLIER, LACKS_EARLIER, LIMITS, Limit, LimitError, Limits, MOSTLY_LOW_ENERGY, MOSTLY_OVERLAPS,
    MOSTLY_SET_ASIDE, OVERLAPS_OTHER_RETURN, REPEATED_ROW, REPLACES_EARLIER, SAME_FILE, SAME_ID, TAKES_CORRECTION_BACK,
    Thresholds, UNPROVED_REPAIR, checks, flags_of_register, holds, sort_findings,
};
pub use declared::{Coordinates, Declared, KnownEvse, KnownPlace, NoRegister, Register};
pub use formats::{Part, PartOf, ReadSeek, Source, parts};
pub use identity::{content_hash, is_pseudonym};
pub use outcome::{
    ColumnUse, DuplicateRow, EnergyTotals, Example, Finding, ProfileMatch, RegisterReturn, Rejected, SessionReturn,
    Severity, Totals,
};
pub use profiles::{
    FieldInfo, Kind, Needed, OUR_OWN, Profile, ProfileError, Proposal, ProposedColumn, column_place, fields, profiles,
};
pub use refusal::Refusal;
pub use register::{read_register, read_register_with};
pub use repairs::earlier::{Compared, Overlap, TimedSession};
pub use repairs::{
    DayCount, Evidence, EvidenceKind, Headline, Headlines, Measures, Repair, RepairExample, RepairKind, Verdict,
};
pub use sessions::{OriginalRows, original_rows, read_sessions};

/// Proposes what the columns of a file hold whose layout no profile knows, for a person to correct. The same bytes always give the
/// same proposal.
///
/// # Errors
/// [`Refusal`] when the file as a whole cannot be read as text.
pub fn propose<S: Source + ?Sized>(source: &S, kind: Kind) -> Result<Proposal, Refusal> {
    propose_with_header(source, kind, None)
}

/// The same with a header of as many rows as somebody says, 0 to 5, or of as many as is evident. A row that looks like data is never
/// taken for names, which are kept and shown: then nothing is proposed, and the first doubt says why.
///
/// # Errors
/// [`Refusal`] when the file as a whole cannot be read as text.
pub fn propose_with_header<S: Source + ?Sized>(
    source: &S,
    kind: Kind,
    header_rows: Option<u8>,
) -> Result<Proposal, Refusal> {
    let source: &dyn Source = &source;
    Ok(profiles::propose_text(formats::open(source, source.part())?.head(), kind, header_rows).0)
}
