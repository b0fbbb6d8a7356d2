//! Whether the dates of a file show that day and month stand in the order that its layout does not have.
//!
//! Read as the layout says, dates after the twelfth would be none, and all others would be accepted on wrong days.

use super::instants::Clock;
use super::row::Reader;
use crate::fields::{self, Order};
use crate::formats::{Row, Table};
use crate::profiles::{Field, Recognised, Times, phrase, written_otherwise};
use crate::{Refusal, showing};

/// Dates in the other order for each in that of the layout, beyond which the latter are the mistakes.
const MOST_IN_ORDER: u64 = 20;

/// What dates of a file show.
pub(super) struct Orders {
    /// That of the layout.
    own: Order,
    /// Dates that are dates only in it.
    in_order: u64,
    /// Dates that are dates only in the other.
    in_other: u64,
    /// The first of them: its row and cell.
    example: Option<(u64, String)>,
}

impl Clock {
    /// The order that the layout says dates have; none where they have none, or where rows may differ.
    fn order(&self) -> Option<Order> {
        match self.times() {
            Times::DayFirst => Some(Order::DayFirst),
            Times::MonthFirst => Some(Order::MonthFirst),
            _ => None,
        }
    }
}

impl Reader<'_> {
    /// Whether a date of a row, as its start or end cannot be read, is one in the other order.
    pub(super) fn shows_other_order(&self, record: &Row<'_>) -> bool {
        self.clock().order().is_some_and(|own| self.shown_orders(record).any(|(_, shown)| shown != own))
    }

    /// A date that fits both orders in a file of the other one: read as the layout says, it would be another day.
    pub(super) fn in_wrong_order(&self, record: &Row<'_>) -> Option<Field> {
        let is_wrong = |field: &Field| self.text(record, *field).is_some_and(fields::fits_both_orders);
        if !self.is_other_order {
            return None;
        }
        [Field::PlugIn, Field::PlugOut].into_iter().find(is_wrong)
    }

    fn shown_orders<'r>(&'r self, record: &'r Row<'r>) -> impl Iterator<Item = (&'r str, Order)> {
        let texts = [Field::PlugIn, Field::PlugOut].into_iter().filter_map(|field| self.text(record, field));
        texts.filter_map(|text| Some((text, fields::shown_order(fields::day_of(text))?)))
    }

    /// Counts what the dates of a file show.
    pub(super) fn orders(&self, table: &Table<'_>) -> Result<Option<Orders>, Refusal> {
        let Some(own) = self.clock().order() else { return Ok(None) };
        let mut orders = Orders { own, in_order: 0, in_other: 0, example: None };
        table.for_each_row(|row, record| {
            if self.is_shifted(record) {
                return;
            }
            for (text, shown) in self.shown_orders(record) {
                if shown == own {
                    orders.in_order += 1;
                } else {
                    orders.in_other += 1;
                    orders.example.get_or_insert_with(|| (row, showing::content(text).into_owned()));
                }
            }
        })?;
        Ok(Some(orders))
    }
}

impl Orders {
    /// Whether the file is in the other order. Where both orders are shown by many dates, it is in neither: an export tool may
    /// have exchanged day and month in some rows, which is for a repair to prove.
    pub(super) fn contradict(&self) -> bool {
        self.in_other > self.in_order * MOST_IN_ORDER
    }

    /// The refusal that proposes the layout with the other order.
    pub(super) fn refusal(&self, layout: &Recognised) -> Refusal {
        let (own, other) = match self.own {
            Order::DayFirst => (Times::DayFirst, Times::MonthFirst),
            Order::MonthFirst => (Times::MonthFirst, Times::DayFirst),
        };
        let (row, example) = self.example.as_ref().map_or((0, ""), |(row, text)| (*row, text.as_str()));
        let rest = match self.in_order {
            0 => "none contradicts that".to_owned(),
            several => format!("{several} contradict that"),
        };
        let doubt = format!(
            "Dates stand with {}, such as “{example}” in row {row}, where the layout {} has {}: {} can be read in no other way, and {rest}.",
            phrase(other),
            layout.profile.name,
            phrase(own),
            self.in_other,
        );
        written_otherwise(layout, other, doubt)
    }
}
