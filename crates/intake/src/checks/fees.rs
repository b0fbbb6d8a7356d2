//! Fees that were not read, or say that the operator paid: the flags are there already.

use kerbwatt_model::{Flag, Session};

use super::{Check, Context};
use crate::Severity;
use crate::fields::{self, Fee};

pub(super) static UNREADABLE: Check = Check {
    id: "unreadable_fee",
    severity: Severity::Warning,
    title: "Fee cannot be read",
    advice: "Write fees as numbers, such as 1.13, with GBP or a pound sign or without; the row counts, its fee is unknown.",
    flag: Some(Flag::UnreadableFee),
    finds: |session, _| session.has(Flag::UnreadableFee),
    shows: |session, context| text(session, context).to_owned(),
};

pub(super) static OTHER_CURRENCY: Check = Check {
    id: "other_currency",
    severity: Severity::Warning,
    title: "Fee in another currency than pounds",
    advice: "Send fees in pounds or pence: what is in another currency is not converted, and the fee is unknown.",
    flag: Some(Flag::OtherCurrency),
    finds: |session, _| session.has(Flag::OtherCurrency),
    shows: |session, context| {
        let text = text(session, context);
        // Its commas do not matter for its currency.
        match fields::fee(text, true) {
            Fee::Other(currency) => format!("{text} ({currency})"),
            _ => text.to_owned(),
        }
    },
};

pub(super) static NEGATIVE: Check = Check {
    id: "negative_fee",
    severity: Severity::Warning,
    title: "Fee below zero",
    advice: "Check the fee: refunds belong to the session that they repay. It is counted as it stands.",
    flag: Some(Flag::NegativeFee),
    finds: |session, _| session.has(Flag::NegativeFee),
    shows: |session, _| format!("{} pence", session.fee_pence.unwrap_or_default()),
};

fn text<'a>(session: &Session<'_>, context: &Context<'a>) -> &'a str {
    context.fees.get(&session.row).map_or("", String::as_str)
}
