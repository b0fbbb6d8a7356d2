//! Areas that figures are given for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Kind of area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaKind {
    /// London borough (local authority district).
    Borough,
    /// Electoral ward.
    Ward,
    /// Census middle-layer area.
    Msoa,
    /// Census lower-layer area.
    Lsoa,
    /// H3 cell at resolution 8: the neighbourhood where no wards are loaded.
    Cell,
}

impl AreaKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Borough, Self::Ward, Self::Msoa, Self::Lsoa, Self::Cell];

    /// Id in URLs, files and on the command line.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Borough => "borough",
            Self::Ward => "ward",
            Self::Msoa => "msoa",
            Self::Lsoa => "lsoa",
            Self::Cell => "cell",
        }
    }

    /// The kind of an id.
    #[must_use]
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// Name and plural on screens.
    #[must_use]
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Borough => ("Borough", "boroughs"),
            Self::Ward => ("Ward", "wards"),
            Self::Msoa => ("MSOA", "MSOAs"),
            Self::Lsoa => ("LSOA", "LSOAs"),
            Self::Cell => ("Neighbourhood", "neighbourhoods"),
        }
    }
}

impl fmt::Display for AreaKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// An area without its outline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Kind.
    pub kind: AreaKind,
    /// Code, unique within the kind, such as E09000007.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of the borough it lies in, where it lies in one.
    pub parent: Option<String>,
}
