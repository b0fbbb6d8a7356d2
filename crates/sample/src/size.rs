//! How large a sample is.

use std::fmt;
use std::str::FromStr;

/// How large a sample is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Size {
    /// 3,500 EVSEs over two years: 1 to 1.3 million sessions.
    Small,
    /// 25,500 EVSEs over five years: 48 to 50 million sessions.
    London,
    /// Ten times London.
    National,
}

/// The text is not a size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SizeError(pub String);

impl fmt::Display for SizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "“{}” is not a size of sample: use small, london or national", self.0)
    }
}

impl std::error::Error for SizeError {}

impl Size {
    /// All sizes, smallest first.
    pub const ALL: [Self; 3] = [Self::Small, Self::London, Self::National];

    /// Id on the command line.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::London => "london",
            Self::National => "national",
        }
    }

    /// Number of EVSEs.
    #[must_use]
    pub fn evses(self) -> usize {
        match self {
            Self::Small => 3_500,
            Self::London => 25_500,
            Self::National => 255_000,
        }
    }

    /// Number of years.
    #[must_use]
    pub fn years(self) -> i16 {
        match self {
            Self::Small => 2,
            Self::London | Self::National => 5,
        }
    }

    /// How busy charge points are beside those of [`Size::Small`].
    pub(crate) fn bustle(self) -> f64 {
        match self {
            Self::Small => 1.0,
            Self::London | Self::National => 2.6,
        }
    }

    /// Share of EVSEs that were in service before the first day.
    pub(crate) fn early_share(self) -> f64 {
        match self {
            Self::Small => 0.7,
            Self::London | Self::National => 0.65,
        }
    }

    /// More rows than any return has: the room between the session ids of two quarters.
    pub(crate) fn rows_at_most(self) -> u64 {
        match self {
            Self::Small => 1_000_000,
            Self::London => 10_000_000,
            Self::National => 100_000_000,
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Size {
    type Err = SizeError;
    fn from_str(text: &str) -> Result<Self, SizeError> {
        Self::ALL.into_iter().find(|size| size.id() == text).ok_or_else(|| SizeError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_read_as_it_is_printed() {
        for size in Size::ALL {
            assert_eq!(size.to_string().parse(), Ok(size));
        }
        assert_eq!("huge".parse::<Size>(), Err(SizeError("huge".to_owned())));
    }
}
