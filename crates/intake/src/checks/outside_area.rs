//! Charge points that stand in none of the hub's areas.
//!
//! Where some of an operator's charge points stand in an area and one does not, that one's coordinates are in doubt: its rows are
//! flagged. Where none does, the hub has no areas there (a hub of London that is sent the sessions of Dundee): no row is at
//! fault and none is flagged, but it is said once, with the number of rows, because no figure by area will hold them.

use kerbwatt_model::{Flag, Session};

use super::{Check, Context};
use crate::Severity;
use crate::declared::KnownPlace;

pub(super) static CHECK: Check = Check {
    id: "outside_area",
    severity: Severity::Warning,
    title: "Charge point outside the hub's areas",
    advice: "Check the coordinates in the register: other charge points of this operator stand in the hub's areas.",
    flag: Some(Flag::OutsideArea),
    finds: |_, context| matches!(place(context), KnownPlace::Outside(_)),
    shows,
};

pub(super) static NO_AREAS: Check = Check {
    id: "no_areas_there",
    severity: Severity::Info,
    title: "The hub has no areas where this operator's charge points stand",
    advice: "Nothing to do unless figures by area are wanted: then import the boundaries with `kerbwatt places import`.",
    flag: None,
    finds: |_, context| matches!(place(context), KnownPlace::WithoutAreas(_)),
    shows,
};

fn place(context: &Context<'_>) -> KnownPlace {
    context.known.map_or(KnownPlace::Unknown, |known| known.place)
}

fn shows(session: &Session<'_>, context: &Context<'_>) -> String {
    match place(context) {
        KnownPlace::Outside(at) | KnownPlace::WithoutAreas(at) => {
            format!("{} at {:.5}, {:.5}", session.evse, at.latitude, at.longitude)
        }
        _ => session.evse.to_owned(),
    }
}
