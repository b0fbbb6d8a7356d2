//! As of when figures are asked, on the command line.

use kerbwatt_hub::Hub;
use kerbwatt_model::AsOf;

use crate::failure::Failure;

/// Reads a data version, a day or a time.
pub(crate) fn read(text: &str) -> Result<AsOf, String> {
    AsOf::parse(text).map_err(|error| format!("{error}. {}", error.advice()))
}

/// The number of the data version that is meant.
pub(crate) fn version(hub: &Hub, asked: &AsOf) -> Result<i64, Failure> {
    Ok(hub.resolve(asked, jiff::Timestamp::now())?)
}
