//! Files that are refused as a whole.

use kerbwatt_model::Period;

use crate::profiles::{Kind, ProfileError, Proposal};

/// Why a whole file is refused. `Display` says what and where, [`Refusal::advice`] what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// No bytes, or only blanks.
    #[error("the file is empty")]
    Empty,
    /// Another kind of file.
    #[error("the file is not a table in text: it is {kind}")]
    NotText {
        /// What it is, such as `a PDF document`.
        kind: &'static str,
        /// What to do with such a file.
        advice: &'static str,
    },
    /// Text in an encoding that cannot be read without guessing.
    #[error("the text is not valid {encoding}: byte {byte} cannot be read")]
    WrongEncoding {
        /// What it was taken for.
        encoding: &'static str,
        /// Position of the first byte that does not fit, from 0.
        byte: usize,
    },
    /// The medium failed while the file was read.
    #[error("the file cannot be read to its end: {reason}")]
    CannotRead {
        /// What the medium reported.
        reason: String,
    },
    /// Cut off, or changed on its way.
    #[error("the file is {kind}, but damaged: {reason}")]
    Damaged {
        /// What it is, such as `a zip archive`.
        kind: &'static str,
        /// What does not hold.
        reason: String,
    },
    /// A file of an archive that is cut off, or was changed on its way.
    #[error("the file is packed in a zip archive, but damaged: {reason}")]
    DamagedMember {
        /// What does not hold.
        reason: String,
    },
    /// Protected by a password.
    #[error("the file is {kind} protected by a password")]
    Encrypted {
        /// What it is.
        kind: &'static str,
    },
    /// More than is taken of its kind.
    #[error("the file is {what}, which is more than can be read here")]
    TooLarge {
        /// What it is, and its measure.
        what: String,
    },
    /// A row without end.
    #[error("the row that begins after row {after} is longer than {} MiB: a quotation mark in it is probably never closed", .limit >> 20)]
    RowTooLong {
        /// Rows read before it.
        after: u64,
        /// Longest row, bytes.
        limit: u64,
    },
    /// Most rows are wrong, and there are very many of them.
    #[error("{wrong} of the first {rows} rows are wrong, most of them for one reason: {title}")]
    MostlyWrong {
        /// Rows read until then.
        rows: u64,
        /// Rows among them that would be kept apart.
        wrong: u64,
        /// What the most frequent check found.
        title: &'static str,
        /// What to do about that.
        advice: &'static str,
    },
    /// Several tables, of which one must be named.
    #[error("the file holds {} tables: {}", .names.len(), quoted(.names))]
    SeveralTables {
        /// Their names.
        names: Vec<String>,
    },
    /// A table was asked for that is not there.
    #[error("the file holds no table named “{name}”")]
    NoSuchTable {
        /// The name asked for.
        name: String,
        /// Names of the tables.
        known: Vec<String>,
    },
    /// An archive or a workbook in which there is no table.
    #[error("there is no table in the file{}", skipped_in_words(.skipped))]
    NoTable {
        /// Its parts, each with the reason why it is no table.
        skipped: Vec<String>,
    },
    /// The answer of an OCPI server that reports an error instead of data.
    #[error("the file is no data, but the error {status_code} of an OCPI server{}", said(.message))]
    ServerError {
        /// OCPI's status code, 2000 or more.
        status_code: i64,
        /// What the server said; empty where it said nothing.
        message: String,
    },
    /// No profile fits, or one does but for how moments are written.
    #[error("{}", unknown_in_words(.header, .nearest.as_ref(), .proposal.as_deref()))]
    UnknownLayout {
        /// The row that looks most like a header; empty where none does, for any other row may name a driver.
        header: Vec<String>,
        /// The profile that comes nearest, and the columns it misses: none where only its moments are written in another way.
        nearest: Option<(String, Vec<String>)>,
        /// What its columns seem to hold, for a person to correct; none where no proposal was asked for.
        proposal: Option<Box<Proposal>>,
    },
    /// The profile asked for cannot be used.
    #[error("{error}")]
    UnusableProfile {
        /// What is wrong with it.
        error: ProfileError,
    },
    /// A profile was asked for that does not exist.
    #[error("there is no profile named “{name}”")]
    UnknownProfile {
        /// The name asked for.
        name: String,
        /// Names that exist.
        known: Vec<String>,
    },
    /// The profile asked for does not fit.
    #[error("the profile “{name}” needs columns that the file does not have: {}", quoted(.missing))]
    ProfileDoesNotFit {
        /// The name asked for.
        name: String,
        /// Columns that are missing.
        missing: Vec<String>,
    },
    /// A register where sessions are wanted, or the other way round.
    #[error("the file is {} (layout {profile}), not {}", .is.phrase(), .wanted.phrase())]
    WrongKind {
        /// What was wanted.
        wanted: Kind,
        /// What the file is.
        is: Kind,
        /// The profile that fits.
        profile: String,
    },
    /// A header and nothing below.
    #[error("there is a header, but no row below it")]
    NoRows,
    /// Not one row starts within the declared period.
    #[error("no row starts within the declared period {declared}: the rows run from {} to {}", .found.first, .found.last)]
    PeriodFitsNoRow {
        /// The period declared.
        declared: Period,
        /// First to last day found.
        found: Period,
        /// Whether nearly all rows start within it once day and month are exchanged.
        is_exchanged: bool,
    },
}

impl Refusal {
    /// Short id for machines, in snake case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty_file",
            Self::NotText { .. } => "not_text",
            Self::WrongEncoding { .. } => "wrong_encoding",
            Self::CannotRead { .. } => "cannot_read",
            Self::Damaged { .. } | Self::DamagedMember { .. } => "damaged_file",
            Self::Encrypted { .. } => "encrypted_file",
            Self::TooLarge { .. } => "too_large",
            Self::RowTooLong { .. } => "row_too_long",
            Self::MostlyWrong { .. } => "mostly_wrong",
            Self::SeveralTables { .. } => "several_tables",
            Self::NoSuchTable { .. } => "no_such_table",
            Self::NoTable { .. } => "no_table",
            Self::ServerError { .. } => "server_error",
            Self::UnknownLayout { .. } => "unknown_layout",
            Self::UnusableProfile { .. } => "unusable_profile",
            Self::UnknownProfile { .. } => "unknown_profile",
            Self::ProfileDoesNotFit { .. } => "profile_does_not_fit",
            Self::WrongKind { .. } => "wrong_kind",
            Self::NoRows => "no_rows",
            Self::PeriodFitsNoRow { .. } => "period_fits_no_row",
        }
    }

    /// What to do, in a sentence or two.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Empty | Self::NoRows => {
                "Export the return again; if there was nothing to report, declare the period, or say so instead of sending a file.".into()
            }
            Self::NotText { advice, .. } => (*advice).into(),
            Self::WrongEncoding { .. } => "Save the file as CSV in UTF-8 and send it again.".into(),
            Self::CannotRead { .. } => {
                "Try again; if it fails again, check the disk and copy the file once more.".into()
            }
            Self::Damaged { .. } => {
                "Download or export the file again and check that it opens, then send it again.".into()
            }
            Self::DamagedMember { .. } => {
                "Export that file again and check that it opens, then send it, alone or in the archive: what came before counts once.".into()
            }
            Self::Encrypted { .. } => "Save it without a password and send it again.".into(),
            Self::TooLarge { .. } => {
                "Send the rows as CSV, one file a month if need be; CSV may be of any size.".into()
            }
            Self::RowTooLong { .. } => {
                "Look at that row for a quotation mark without its partner, or export the file again.".into()
            }
            Self::MostlyWrong { advice, .. } => {
                format!("{advice} To see rows with what is wrong in each, send the first thousand as a file of their own.")
            }
            Self::SeveralTables { .. } => "Name the table that is meant, or send each as a file of its own.".into(),
            Self::NoSuchTable { known, .. } if known.len() < 2 => "Leave the name out: there is only one table.".into(),
            Self::NoSuchTable { known, .. } => format!("Use one of {}.", quoted(known)),
            Self::NoTable { .. } => "Put the table with a header row into it, or send the table itself as CSV.".into(),
            Self::ServerError { .. } => {
                "Ask the server again with a valid token and address, and send the answer that holds the data.".into()
            }
            Self::UnknownLayout { nearest: Some((name, missing)), .. } if missing.is_empty() => format!(
                "If dates are meant so, confirm the layout as it is proposed; if not, send the file with dates as the layout {name} has them."
            ),
            Self::UnknownLayout { proposal: Some(proposal), .. } if proposal.may_be_a_return() => {
                "Hand it in all the same: it is kept, and waits until somebody says how its columns are read, as they seem to be or \
                 otherwise; later files of the operator with these columns then need nobody."
                    .into()
            }
            Self::UnknownLayout { nearest: Some((name, missing)), .. } => format!(
                "The nearest layout is {name}, which also needs {}. Send the file in that layout, or name the right profile.",
                quoted(missing)
            ),
            Self::UnknownLayout { nearest: None, .. } => {
                "Send the file in a known layout, or in the kerbwatt layout: evse, plug_in, plug_out, energy_kwh."
                    .into()
            }
            Self::UnusableProfile { .. } => "Correct the profile, or leave it out.".into(),
            Self::UnknownProfile { known, .. } => format!("Use one of {}.", known.join(", ")),
            Self::ProfileDoesNotFit { .. } => {
                "Leave the profile out, so that it is recognised by the header, or name another.".into()
            }
            Self::WrongKind { is: Kind::Register, .. } => {
                "Import it as a register instead of submitting it as a return.".into()
            }
            Self::WrongKind { is: Kind::Sessions, .. } => {
                "Submit it as a return instead of importing it as a register.".into()
            }
            Self::PeriodFitsNoRow { is_exchanged: true, .. } => {
                "With day and month exchanged the rows lie in that period, so their dates seem to be written with the month first: send \
                 the file in a layout that says so, or export it again with the year first, such as 2024-03-31."
                    .into()
            }
            Self::PeriodFitsNoRow { found, .. } => {
                format!("Declare the period that the rows cover, {found}, or send the file of the declared period.")
            }
        }
    }
}

fn unknown_in_words(header: &[String], nearest: Option<&(String, Vec<String>)>, proposal: Option<&Proposal>) -> String {
    match nearest {
        Some((name, missing)) if missing.is_empty() => {
            let why = proposal.and_then(|proposal| proposal.doubts.first()).map_or("", String::as_str);
            format!("the header is that of the layout {name}, but dates are written in another way. {why}")
                .trim_end_matches(['.', ' '])
                .to_owned()
        }
        _ => format!("no known layout fits {}", header_in_words(header)),
    }
}

fn header_in_words(header: &[String]) -> String {
    if header.is_empty() {
        "the file: no row of it names the columns".into()
    } else {
        format!("the header: {}", quoted(header))
    }
}

/// Names in quotation marks, at most twelve.
fn quoted(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut text = names.iter().take(SHOWN).map(|name| format!("“{}”", shortened(name))).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

/// Parts and why they are none, at most six.
fn skipped_in_words(skipped: &[String]) -> String {
    const SHOWN: usize = 6;
    let more = if skipped.len() > SHOWN { format!("; and {} more", skipped.len() - SHOWN) } else { String::new() };
    let shown = skipped.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
    if shown.is_empty() { String::new() } else { format!(": {shown}{more}") }
}

fn said(message: &str) -> String {
    if message.trim().is_empty() { String::new() } else { format!(": {}", shortened(message)) }
}

/// At most 40 characters on one line.
fn shortened(name: &str) -> String {
    let clean: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(41).collect();
    if clean.chars().count() > 40 { format!("{}…", clean.chars().take(39).collect::<String>()) } else { clean }
}
