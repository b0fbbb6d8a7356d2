//! What stands in the cells of a row.

use super::{Place, Reader};
use crate::fields::{self, Fee};
use crate::formats::Row;
use crate::profiles::{FeeUnit, Field};
use crate::sessions::nothing::{is_nobody, is_nothing};
use kerbwatt_model::Flag;

impl Reader<'_> {
    pub(in crate::sessions) fn cell<'r>(&'r self, record: &'r Row<'r>, field: Field) -> Option<&'r str> {
        match self.places[field as usize] {
            Place::Column(at) => record.get(at),
            Place::Constant(text) => Some(text),
            Place::Nowhere => None,
        }
    }

    /// Text of a cell; none where it is blank or says that there is nothing.
    pub(in crate::sessions) fn text<'r>(&'r self, record: &'r Row<'r>, field: Field) -> Option<&'r str> {
        self.shown(record, field).filter(|text| !is_nothing(text))
    }

    pub(super) fn shown<'r>(&'r self, record: &'r Row<'r>, field: Field) -> Option<&'r str> {
        let text = fields::trimmed(self.cell(record, field)?);
        // Our own files for spreadsheets put an apostrophe before what would be read as a formula.
        let guarded = text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r']));
        Some(guarded.map_or(text, fields::trimmed))
    }

    /// Whether a lone comma is a decimal comma.
    pub(in crate::sessions) fn comma_is_decimal(&self) -> bool {
        self.layout.comma_is_decimal() || self.plan.is_decimal_comma
    }

    /// Whether the file has a column for a field.
    pub(in crate::sessions) fn has(&self, field: Field) -> bool {
        matches!(self.places[field as usize], Place::Column(_))
    }

    /// Whether a column or a constant feeds a field.
    pub(in crate::sessions) fn feeds(&self, field: Field) -> bool {
        !matches!(self.places[field as usize], Place::Nowhere)
    }

    /// What stands in the cell of the fee; none where that is nothing.
    pub(in crate::sessions) fn fee_text<'r>(&'r self, record: &'r Row<'r>) -> Option<&'r str> {
        let text = |field: Field| self.text(record, field).filter(|text| *text != "-");
        text(Field::Fee).or_else(|| text(Field::FeeNet))
    }

    /// What brings a fee to what the driver paid: VAT, where the row has it without.
    fn vat_factor(&self, record: &Row<'_>) -> f64 {
        let is_net = self.feeds(Field::FeeNet) && self.text(record, Field::Fee).is_none_or(|text| text == "-");
        if is_net { self.layout.profile.vat_factor() } else { 1.0 }
    }

    /// The fee in pence, and what must be said of it: money that is not read must not vanish.
    pub(super) fn fee(&self, record: &Row<'_>) -> (Option<f64>, i32) {
        let Some(text) = self.fee_text(record) else { return (None, 0) };
        let pence = match fields::fee(text, self.comma_is_decimal()) {
            Fee::Number(value) if self.layout.profile.fee == FeeUnit::Pounds => value * 100.0,
            Fee::Number(pence) | Fee::Pence(pence) => pence,
            Fee::Other(_) => return (None, Flag::OtherCurrency.bit()),
            Fee::Unreadable => return (None, Flag::UnreadableFee.bit()),
        };
        let pence = pence * self.vat_factor(record);
        (Some(pence), if pence < 0.0 { Flag::NegativeFee.bit() } else { 0 })
    }

    /// The driver's id as it stands in a row; none where the cell says that there is nobody.
    pub(in crate::sessions) fn driver<'r>(&self, record: &Row<'r>) -> Option<&'r str> {
        let Place::Column(at) = self.places[Field::Driver as usize] else { return None };
        record.get(at).map(str::trim_ascii).filter(|raw| !is_nobody(raw))
    }

    /// Ids of EVSE, device and connector.
    pub(super) fn evse<'r>(
        &'r self,
        record: &'r Row<'r>,
        joined: &'r mut String,
    ) -> Option<(&'r str, &'r str, Option<&'r str>)> {
        let connector = self.text(record, Field::Connector);
        let id = |field: Field| self.text(record, field).map(|id| self.without_prefix(id));
        let device = id(Field::Device);
        if let Some(evse) = id(Field::Evse) {
            return Some((evse, device.unwrap_or(evse), connector));
        }
        let device = device?;
        let evse = match (&self.layout.profile.evse_joined_by, connector) {
            (Some(joint), Some(connector)) => {
                joined.clear();
                joined.extend([device, joint.as_str(), connector]);
                joined.as_str()
            }
            _ => device,
        };
        Some((evse, device, connector))
    }

    /// The id of a charge point as the register has it.
    pub(in crate::sessions) fn without_prefix<'r>(&self, id: &'r str) -> &'r str {
        let prefix = self.layout.profile.id_prefix.as_deref();
        prefix.and_then(|prefix| id.strip_prefix(prefix)).filter(|bare| !bare.is_empty()).unwrap_or(id)
    }

    pub(super) fn id_field(&self) -> Field {
        if self.feeds(Field::Evse) { Field::Evse } else { Field::Device }
    }
}
