//! What the hub is, and who its operators are.

use std::fmt;

use rusqlite::{OptionalExtension as _, Row, params};

use super::{Ledger, LedgerError, all};

/// What the hub is.
#[derive(Clone, PartialEq, Eq)]
pub struct Settings {
    /// Name on screens and exports.
    pub hub_name: String,
    /// IANA zone of its civil time.
    pub zone: String,
    /// Secret that pseudonyms are made with. It never leaves the ledger.
    pub hub_key: [u8; 32],
    /// Whether its data is made up.
    pub sample: bool,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("hub_name", &self.hub_name)
            .field("zone", &self.zone)
            .field("hub_key", &"(secret)")
            .field("sample", &self.sample)
            .finish()
    }
}

/// An operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// Such as `gb-dcc`.
    pub id: String,
    /// Its name; the id in upper case where none was given.
    pub name: String,
}

impl Ledger {
    /// The settings; none in a new ledger.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn settings(&self) -> Result<Option<Settings>, LedgerError> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT hub_name, zone, hub_key, sample FROM settings")?
                .query_row([], settings_of)
                .optional()
        })
    }

    /// Sets or replaces the settings.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be written.
    pub fn put_settings(&self, settings: &Settings) -> Result<(), LedgerError> {
        self.write(|transaction| {
            transaction.execute(
                "INSERT OR REPLACE INTO settings (id, hub_name, zone, hub_key, sample) VALUES (1, ?1, ?2, ?3, ?4)",
                params![settings.hub_name, settings.zone, settings.hub_key, settings.sample],
            )?;
            Ok(())
        })
    }

    /// Makes an operator known, and sets its name where one is given.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be written.
    pub fn put_operator(&self, id: &str, name: Option<&str>) -> Result<(), LedgerError> {
        self.write(|transaction| {
            transaction.execute(
                "INSERT INTO operator (id, name) VALUES (?1, ?2)
                 ON CONFLICT (id) DO UPDATE SET name = coalesce(excluded.name, name)",
                params![id, name],
            )?;
            Ok(())
        })
    }

    /// All operators, by id.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn operators(&self) -> Result<Vec<Operator>, LedgerError> {
        self.read(|connection| all(connection, "SELECT id, name FROM operator ORDER BY id", [], operator_of))
    }
}

fn settings_of(row: &Row<'_>) -> rusqlite::Result<Settings> {
    Ok(Settings {
        hub_name: row.get("hub_name")?,
        zone: row.get("zone")?,
        hub_key: row.get("hub_key")?,
        sample: row.get("sample")?,
    })
}

fn operator_of(row: &Row<'_>) -> rusqlite::Result<Operator> {
    let id: String = row.get("id")?;
    let name: Option<String> = row.get("name")?;
    Ok(Operator { name: name.unwrap_or_else(|| id.to_uppercase()), id })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_do_not_print_the_key() {
        let settings = Settings { hub_name: "H".into(), zone: "UTC".into(), hub_key: [213; 32], sample: false };
        assert!(!format!("{settings:?}").contains("213"));
    }
}
