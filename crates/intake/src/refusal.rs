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
    /// No profile fits.
    #[error("no known layout fits the header: {}", quoted(.header))]
    UnknownLayout {
        /// The row that looks most like a header.
        header: Vec<String>,
        /// The profile that comes nearest, and the columns it misses.
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
                "Export the return again; if there was nothing to report, say so instead of sending a file.".into()
            }
            Self::NotText { advice, .. } => (*advice).into(),
            Self::WrongEncoding { .. } => "Save the file as CSV in UTF-8 and send it again.".into(),
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
            Self::PeriodFitsNoRow { found, .. } => {
                format!("Declare the period that the rows cover, {found}, or send the file of the declared period.")
            }
        }
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

/// At most 40 characters on one line.
fn shortened(name: &str) -> String {
    let clean: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(41).collect();
    if clean.chars().count() > 40 { format!("{}…", clean.chars().take(39).collect::<String>()) } else { clean }
}
