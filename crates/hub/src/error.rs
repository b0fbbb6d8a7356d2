//! What can go wrong, in words that say what, where and what to do.

use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use kerbwatt_engine::EngineError;
use kerbwatt_intake::Refusal;
use kerbwatt_model::Period;
use kerbwatt_places::PlacesError;
use kerbwatt_store::{FolderError, LakeError, LedgerError, VaultError};

/// Whose fault it is, roughly: decides status codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// What was asked for is not there.
    NotFound,
    /// What was asked or handed in cannot be right.
    BadRequest,
    /// Somebody else is at it, or it was decided before.
    Conflict,
    /// There is no room on the disk.
    Full,
    /// The disk or the program.
    Internal,
}

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HubError {
    /// The data folder cannot be opened.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The lake failed.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// A question was not answered.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A file was refused as a whole.
    #[error("{file}: {refusal}")]
    Refused {
        /// Name of the file.
        file: String,
        /// Why.
        refusal: Refusal,
    },
    /// A file of boundaries was refused.
    #[error("{file}: {error}")]
    Places {
        /// Name of the file.
        file: String,
        /// Why.
        error: PlacesError,
    },
    /// A kind of area that cannot be imported.
    #[error("areas of the kind “{0}” are computed and cannot be imported")]
    ComputedLevel(String),
    /// There is no such thing.
    #[error("there is no {what} “{id}”")]
    NoSuch {
        /// What was looked for.
        what: &'static str,
        /// As asked.
        id: String,
    },
    /// No such decision about a submission stands, or another rests on it.
    #[error("submission {submission} has no decision {} can be taken back", decision.map_or("left that".to_owned(), |id| format!("{id} that")))]
    NotToTakeBack {
        /// Number of the submission.
        submission: i64,
        /// As asked; none where the newest was meant.
        decision: Option<i64>,
    },
    /// The folder was opened for reading.
    #[error("{0} was opened for reading only")]
    ReadOnly(PathBuf),
    /// A stored file is read differently than when it was recorded.
    #[error("submission {submission} ({file}) is read differently than when it was recorded: {difference}")]
    Changed {
        /// Number of the submission.
        submission: i64,
        /// Name of its file.
        file: String,
        /// What differs.
        difference: String,
    },
    /// It was decided before, or cannot be decided yet.
    #[error("submission {submission} is {what} already")]
    Decided {
        /// Number of the submission.
        submission: i64,
        /// What it is.
        what: &'static str,
    },
    /// A file does not prove a repair.
    #[error("the file of submission {submission} does not prove the repair {repair}")]
    NotProved {
        /// Number of the submission.
        submission: i64,
        /// Id of the repair.
        repair: &'static str,
    },
    /// Nobody has said how a file is to be read.
    #[error("submission {submission} has no layout yet, so it cannot be accepted")]
    NoLayout {
        /// Number of the submission.
        submission: i64,
    },
    /// A return of which no row counts would say that there was nothing, which it does not know.
    #[error(
        "submission {submission} cannot be accepted: every one of its {rows} rows is set aside, so that nothing of it would count"
    )]
    NothingCounts {
        /// Number of the submission.
        submission: i64,
        /// Its rows.
        rows: u64,
    },
    /// Another period is declared of a statement that there was nothing.
    #[error("submission {submission} says that there was nothing to report, for just the period that it is about")]
    IsStatement {
        /// Number of the submission.
        submission: i64,
    },
    /// An operator is said to have had nothing to report for days that have not come.
    #[error("{operator} cannot have had nothing to report for {period} yet: {}", not_come(.period, *.today))]
    NotOver {
        /// Operator id.
        operator: String,
        /// The time in question.
        period: Period,
        /// Today, by the clock of the hub.
        today: Date,
    },
    /// An operator is said to have had nothing to report for a time of which there are sessions.
    #[error("{operator} cannot have had nothing to report for {period}: the figures hold {sessions} of its sessions of that time, from {}", from_submissions(.submissions))]
    HasSessions {
        /// Operator id.
        operator: String,
        /// The time in question.
        period: Period,
        /// Its sessions in the figures that start then.
        sessions: u64,
        /// Numbers of the returns that reach into that time.
        submissions: Vec<i64>,
    },
    /// There is no such data version.
    #[error("there is no data version {asked}{}", if *.newest == 0 { "; there is no data yet".to_owned() } else { format!("; the newest is {newest}") })]
    NoVersion {
        /// As asked.
        asked: String,
        /// The newest; 0 before any data.
        newest: i64,
    },
    /// A data version that can no longer be answered.
    #[error("data version {version} is no longer held: {why}{}", .oldest.map(|oldest| format!("; the oldest that can be asked is {oldest}")).unwrap_or_default())]
    NotHeld {
        /// Its number.
        version: i64,
        /// Why.
        why: String,
        /// The oldest that can be.
        oldest: Option<i64>,
    },
    /// A time before there was any data.
    #[error("as of {asked} there was no data yet: the first data version is {first}, made on {made_at}")]
    BeforeFirst {
        /// As asked.
        asked: String,
        /// Number of the first.
        first: i64,
        /// When it was made, by the clock of the hub.
        made_at: String,
    },
    /// A time that has not come.
    #[error("{asked} lies ahead; the newest data version is {newest}")]
    Ahead {
        /// As asked.
        asked: String,
        /// The newest.
        newest: i64,
    },
    /// The later of two data versions comes first.
    #[error("data version {from} is newer than {to}")]
    Backward {
        /// The first named.
        from: i64,
        /// The second.
        to: i64,
    },
    /// More data versions than are gone through at once.
    #[error("there are {count} data versions from {from} to {to}, and at most {most} are gone through at once")]
    TooManyVersions {
        /// The first.
        from: i64,
        /// The last.
        to: i64,
        /// How many there are.
        count: usize,
        /// How many may be.
        most: usize,
    },
    /// The tables of the lake are those of another program.
    #[error("the lake was made by another version of Kerbwatt, whose tables have other columns")]
    OtherFormat,
    /// What was decided or handed in is on record; bringing the figures up to date failed.
    #[error("it is recorded, but the figures do not show it yet: {}", .0.cause())]
    Behind(Box<HubError>),
    /// An interrupted run cannot be taken back.
    #[error("the lake is damaged: {0}")]
    Damaged(String),
    /// No random numbers for the hub's key.
    #[error("the system gives no random numbers: {0}")]
    NoRandom(String),
    /// Real data and invented data must not mix.
    #[error("{0} holds {1}, which must not be mixed with {2}")]
    Mixed(PathBuf, &'static str, &'static str),
    /// Something that must not happen.
    #[error("{0}")]
    Defect(String),
}

/// What brings figures up to date, in the words of messages.
pub(crate) const CATCHES_UP: &str =
    "the next command or request that writes, or the next start of `kerbwatt serve`, brings the figures up to date";

impl HubError {
    /// A failure after something was recorded and before the figures show it: whoever is told only of the failure does it again, which
    /// would be a second decision.
    #[must_use]
    pub fn after_recording(self) -> Self {
        Self::Behind(Box::new(self))
    }

    /// What failed, without the advice to do again what is recorded.
    fn cause(&self) -> String {
        self.without_room()
            .map_or_else(|| self.to_string(), |path| format!("the disk is full, {} cannot be written", path.display()))
    }

    /// What could not be written because the disk is full, where that is the trouble.
    fn without_room(&self) -> Option<&Path> {
        match self {
            Self::Folder(FolderError::DiskFull { path })
            | Self::Ledger(LedgerError::DiskFull { path })
            | Self::Lake(LakeError::DiskFull { path }) => Some(path),
            Self::Vault(VaultError::Io { path, source })
                if matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) =>
            {
                Some(path)
            }
            Self::Behind(cause) => cause.without_room(),
            _ => None,
        }
    }

    /// Short id for machines, in snake case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Folder(FolderError::InUse { .. }) => "folder_in_use",
            Self::Folder(FolderError::Newer { .. }) => "folder_is_newer",
            Self::Folder(_) => "folder",
            Self::Vault(_) => "vault",
            Self::Ledger(_) => "ledger",
            Self::Lake(_) => "lake",
            Self::Engine(EngineError::UnknownValue { .. }) => "unknown_value",
            Self::Engine(EngineError::SeveralOperators { .. }) => "several_operators",
            Self::Engine(EngineError::TooManyRows { .. }) => "too_many_rows",
            Self::Engine(_) => "engine",
            Self::Refused { refusal, .. } => refusal.code(),
            Self::Places { .. } => "boundaries",
            Self::ComputedLevel(_) => "computed_level",
            Self::NoSuch { .. } | Self::NotToTakeBack { .. } => "not_found",
            Self::ReadOnly(_) => "read_only",
            Self::Changed { .. } => "changed_reading",
            Self::Decided { .. } => "decided_before",
            Self::NotProved { .. } => "not_proved",
            Self::NoLayout { .. } => "no_layout",
            Self::NothingCounts { .. } => "nothing_counts",
            Self::IsStatement { .. } => "is_statement",
            Self::NotOver { .. } => "period_not_over",
            Self::HasSessions { .. } => "has_sessions",
            Self::NoVersion { .. } => "no_such_version",
            Self::NotHeld { .. } => "version_not_held",
            Self::BeforeFirst { .. } => "before_first_version",
            Self::Ahead { .. } => "future_version",
            Self::Backward { .. } => "backward_versions",
            Self::TooManyVersions { .. } => "too_many_versions",
            Self::OtherFormat => "lake_format",
            Self::Behind(_) => "figures_behind",
            Self::Damaged(_) => "lake_damaged",
            Self::NoRandom(_) => "no_random",
            Self::Mixed(..) => "mixed_data",
            Self::Defect(_) => "defect",
        }
    }

    /// What the columns of an unknown layout seem to hold, where that is the trouble.
    #[must_use]
    pub fn proposal(&self) -> Option<&kerbwatt_intake::Proposal> {
        match self {
            Self::Refused { refusal: Refusal::UnknownLayout { proposal, .. }, .. } => proposal.as_deref(),
            _ => None,
        }
    }

    /// What to do, in a sentence.
    #[must_use]
    pub fn advice(&self) -> String {
        let text = match self {
            Self::Folder(_) | Self::Places { .. } => "Then run the command again.",
            Self::Vault(_) | Self::Ledger(_) | Self::Lake(_) => {
                "See that the disk has room and the folder can be written; then run `kerbwatt verify` on the data folder."
            }
            Self::Engine(error) => return error.advice(),
            Self::Refused { refusal, .. } => return refusal.advice(),
            Self::ComputedLevel(_) => "Import borough, ward, msoa or lsoa.",
            Self::NotToTakeBack { .. } => {
                "Somebody may have taken it back, or decided otherwise, since you looked. Look at its history again: its page under Data, \
                 or `kerbwatt history`."
            }
            Self::NoSuch { .. } => {
                "Look it up in the lists and by the search of the dashboard, or with `kerbwatt tracker` and `kerbwatt history`."
            }
            Self::ReadOnly(_) => "Use a command that writes, such as `kerbwatt submit`.",
            Self::Changed { .. } => {
                "Run `kerbwatt verify`. If the vault is whole, a newer version reads this file otherwise: see it with `kerbwatt check`, \
                 and record it with `kerbwatt decide NUMBER --read-anew` (`read_anew` in the API)."
            }
            Self::Decided { .. } => "Look at its history: `kerbwatt history`, or its page under Data.",
            Self::NotProved { .. } => "Look at the evidence on its page; without proof a file is never changed.",
            Self::NoLayout { .. } => {
                "Say what its columns hold: on its page under Data, or with `kerbwatt decide --layout FILE.toml`."
            }
            Self::NothingCounts { submission, .. } => {
                return format!(
                    "Look at its findings and rows (`kerbwatt rejected {submission}`): mend them and hand the file in again, say how its \
                     columns are to be read, or withdraw it. Where there was nothing to report, say that with `--nothing-to-report`."
                );
            }
            Self::IsStatement { .. } => "Withdraw it, and say for the right period that there was nothing.",
            Self::NotOver { period, today, .. } if period.first <= *today => {
                return format!("Declare the days up to {today}, or say it when the period is over.");
            }
            Self::NotOver { .. } => "Check the period; what is meant for later can be said when the period is over.",
            Self::HasSessions { .. } => {
                "Withdraw what was sent by mistake first, or name only the days without sessions. Where both are meant, say so \
                 (`--over-sessions`, `over_sessions` in the API): the sessions stay in the figures, and all of that time counts as reported."
            }
            Self::NoVersion { newest: 0, .. } => {
                "Accept a return first; each change of the figures makes a data version."
            }
            Self::NoVersion { .. } => {
                "Those that there are stand under What changed, and in `kerbwatt versions` and /api/v1/versions."
            }
            Self::NotHeld { .. } => {
                "Ask a newer one. The returns themselves are all kept; `kerbwatt versions` says which versions can be asked."
            }
            Self::BeforeFirst { .. } => "Ask a later day, or leave the date out for the newest figures.",
            Self::Ahead { .. } => "Leave the date out for the newest figures.",
            Self::Backward { .. } => "Name the older one first.",
            Self::TooManyVersions { .. } => "Choose versions that lie closer together.",
            Self::Behind(cause) if cause.without_room().is_some() => {
                return format!("Do not do it again. Free some space; then {CATCHES_UP}.");
            }
            Self::Behind(cause) => {
                return format!("Do not do it again. {} When the trouble is mended, {CATCHES_UP}.", cause.advice());
            }
            Self::OtherFormat | Self::Damaged(_) => {
                "Run `kerbwatt rebuild`: it makes the lake anew from vault and ledger."
            }
            Self::NoRandom(_) => "See that the system's random source works.",
            Self::Mixed(..) => "Use another data folder.",
            Self::Defect(_) => "This is a defect of Kerbwatt: please report it with this message.",
        };
        text.to_owned()
    }

    /// Whose fault it is, roughly.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            _ if self.without_room().is_some() => ErrorKind::Full,
            Self::NoSuch { .. }
            | Self::NotToTakeBack { .. }
            | Self::NoVersion { .. }
            | Self::NotHeld { .. }
            | Self::BeforeFirst { .. } => ErrorKind::NotFound,
            Self::Engine(
                EngineError::UnknownValue { .. }
                | EngineError::SeveralOperators { .. }
                | EngineError::TooManyRows { .. },
            )
            | Self::Refused { .. }
            | Self::Places { .. }
            | Self::Ahead { .. }
            | Self::NotOver { .. }
            | Self::Backward { .. }
            | Self::TooManyVersions { .. }
            | Self::ComputedLevel(_) => ErrorKind::BadRequest,
            Self::Folder(FolderError::InUse { .. })
            | Self::Mixed(..)
            | Self::Decided { .. }
            | Self::NotProved { .. }
            | Self::HasSessions { .. }
            | Self::NothingCounts { .. }
            | Self::IsStatement { .. }
            | Self::NoLayout { .. } => ErrorKind::Conflict,
            _ => ErrorKind::Internal,
        }
    }
}

/// Which days of a period have not come.
fn not_come(period: &Period, today: Date) -> String {
    if period.first > today {
        format!("today is {today}, and the period has not begun")
    } else {
        format!("today is {today}, and its days after that have not come")
    }
}

/// `submission 3, 5`, at most six of them.
fn from_submissions(ids: &[i64]) -> String {
    const SHOWN: usize = 6;
    let shown: Vec<String> = ids.iter().take(SHOWN).map(i64::to_string).collect();
    let more = ids.len().checked_sub(SHOWN).filter(|more| *more > 0);
    format!("submission {}{}", shown.join(", "), more.map_or_else(String::new, |more| format!(" and {more} more")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_recording_nobody_is_told_to_do_it_again() {
        let path = PathBuf::from("lake/unfinished");
        let full = HubError::Lake(LakeError::DiskFull { path }).after_recording();
        let (message, advice) = (full.to_string(), full.advice());
        assert!(message.contains("it is recorded") && message.contains("the disk is full"), "{message}");
        assert!(!message.contains("run the command again"), "{message}");
        assert!(advice.starts_with("Do not do it again. Free some space"), "{advice}");
        assert_eq!((full.kind(), full.code()), (ErrorKind::Full, "figures_behind"));
        let damaged = HubError::Damaged("x".to_owned()).after_recording();
        assert!(damaged.advice().contains("kerbwatt rebuild"), "{}", damaged.advice());
        assert_eq!(damaged.kind(), ErrorKind::Internal);
    }

    #[test]
    fn a_full_disk_is_one_wherever_it_is_noticed() {
        let (path, source) = (PathBuf::from("x"), io::ErrorKind::StorageFull.into());
        for error in [
            HubError::Folder(FolderError::DiskFull { path: path.clone() }),
            HubError::Ledger(LedgerError::DiskFull { path: path.clone() }),
            HubError::Vault(VaultError::Io { path, source }),
        ] {
            assert_eq!(error.kind(), ErrorKind::Full);
            assert!(error.to_string().contains("the disk is full"), "{error}");
        }
    }
}
