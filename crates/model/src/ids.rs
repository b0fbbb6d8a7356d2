//! Identifiers: who operates, and which EVSE.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is not an identifier.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum IdError {
    /// Not a country code, a hyphen and a party id.
    #[error("“{0}” is not an operator id: use a country code, a hyphen and a party id in lower case, such as gb-dcc")]
    Operator(String),
    /// Not `operator:uid`.
    #[error("“{0}” is not an EVSE id: use the operator, a colon and the operator's own id, such as gb-dcc:50914-1")]
    Evse(String),
}

/// An operator: OCPI country code and party id in lower case, such as `gb-dcc`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OperatorId(String);

impl OperatorId {
    /// Reads an operator id; upper case is accepted and lowered.
    ///
    /// # Errors
    /// [`IdError::Operator`] unless it is two letters, a hyphen and two to twelve letters or digits.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let lower = text.trim().to_ascii_lowercase();
        let wrong = || IdError::Operator(text.to_owned());
        let (country, party) = lower.split_once('-').ok_or_else(wrong)?;
        let country_fits = country.len() == 2 && country.bytes().all(|b| b.is_ascii_lowercase());
        let party_fits = (2..=12).contains(&party.len()) && party.bytes().all(|b| b.is_ascii_alphanumeric());
        if country_fits && party_fits { Ok(Self(lower)) } else { Err(wrong()) }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OperatorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for OperatorId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        Self::parse(&text)
    }
}

impl From<OperatorId> for String {
    fn from(id: OperatorId) -> Self {
        id.0
    }
}

/// An EVSE across all operators: `operator:uid`, where uid is the operator's own id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EvseId {
    /// Who operates it.
    pub operator: OperatorId,
    /// The operator's own id of the EVSE.
    pub uid: String,
}

impl EvseId {
    /// Reads `operator:uid`.
    ///
    /// # Errors
    /// [`IdError`] when the operator is malformed or the uid is empty.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let (operator, uid) = text.split_once(':').ok_or_else(|| IdError::Evse(text.to_owned()))?;
        if uid.is_empty() {
            return Err(IdError::Evse(text.to_owned()));
        }
        Ok(Self { operator: OperatorId::parse(operator)?, uid: uid.to_owned() })
    }
}

impl fmt::Display for EvseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.operator, self.uid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_id_is_a_country_and_a_party() {
        assert_eq!(OperatorId::parse(" GB-DCC ").map(String::from), Ok("gb-dcc".to_owned()));
        for wrong in ["", "dcc", "gbr-dcc", "gb-", "gb-d!c", "12-abc"] {
            assert!(OperatorId::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_evse_id_prints_as_it_is_read() {
        let id = EvseId::parse("gb-dcc:50914-1").map(|id| id.to_string());
        assert_eq!(id.as_deref(), Ok("gb-dcc:50914-1"));
        assert!(EvseId::parse("gb-dcc:").is_err());
    }
}
