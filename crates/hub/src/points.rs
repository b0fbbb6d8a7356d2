//! Which EVSEs of an operator may be one and the same, named by one return less exactly than by another.
//!
//! A return with a column of connectors names `50001-1`, and one without it `50001`: the first is at the second. So are `50001.0`, which
//! is `50001` after a spreadsheet, and `SCO50001`, though not `ABC50001` where that is named so. Nothing is renamed by this; rows are only compared, and
//! are one session only where they also say the same.

use std::collections::{BTreeMap, HashMap};

use kerbwatt_engine::plain_id;
use kerbwatt_model::Sessions;

/// Digits that a device has at least whose name may have a prefix.
const DIGITS: usize = 4;

/// EVSEs by what makes them the same.
#[derive(Debug, Default)]
pub(crate) struct Points {
    /// Of each EVSE that is not alone on its device, the device.
    devices: HashMap<i32, Place>,
    /// The EVSEs of each such device.
    members: HashMap<i32, Vec<i32>>,
}

/// An EVSE within its device.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    /// Number that stands for the device.
    device: i32,
    /// Letters before the number of the device; empty where it is named without.
    prefix: String,
    /// What the name of the EVSE has beside that of the device; empty for the device as a whole.
    part: String,
}

impl Points {
    /// Of EVSEs, each a number, its id and its device.
    pub(crate) fn of<'e>(evses: impl Iterator<Item = (i32, &'e str, &'e str)>) -> Self {
        let mut by_device: BTreeMap<&str, Vec<(i32, Place)>> = BTreeMap::new();
        for (number, uid, device) in evses {
            let part = uid.strip_prefix(device).unwrap_or(uid);
            let part = part.trim_start_matches(|joint: char| !joint.is_alphanumeric());
            let part = if plain_id(uid) == plain_id(device) { "" } else { part };
            let (prefix, bare) = divided(plain_id(device));
            let place = Place { device: number, prefix: prefix.to_owned(), part: part.to_owned() };
            by_device.entry(bare).or_default().push((number, place));
        }
        let mut points = Self::default();
        for evses in by_device.into_values().filter(|evses| evses.len() > 1) {
            let device = evses[0].0;
            points.members.insert(device, evses.iter().map(|(number, _)| *number).collect());
            points.devices.extend(evses.into_iter().map(|(number, place)| (number, Place { device, ..place })));
        }
        points
    }

    /// The number that stands for the device of an EVSE: that of one of its EVSEs.
    pub(crate) fn device(&self, evse: i32) -> i32 {
        self.devices.get(&evse).map_or(evse, |place| place.device)
    }

    /// Whether two EVSEs may be the same: one of them is the device as a whole, or they are the same part of it. That hangs on their names
    /// alone, so that a rebuild finds the same.
    pub(crate) fn agree(&self, a: i32, b: i32) -> bool {
        if a == b {
            return true;
        }
        let Some((a, b)) = self.devices.get(&a).zip(self.devices.get(&b)) else { return false };
        let is_one = |a: &str, b: &str| a.is_empty() || b.is_empty() || a == b;
        a.device == b.device && is_one(&a.prefix, &b.prefix) && is_one(&a.part, &b.part)
    }

    /// Whether an EVSE is a part of a device, of which another is the whole.
    pub(crate) fn is_part_of(&self, part: i32, whole: i32) -> bool {
        let is_part = self.devices.get(&part).is_some_and(|place| !place.part.is_empty());
        is_part && self.devices.get(&whole).is_some_and(|place| place.part.is_empty()) && self.agree(part, whole)
    }

    /// The EVSEs of the device of one, where it is not alone on it.
    pub(crate) fn others(&self, evse: i32) -> &[i32] {
        self.members.get(&self.device(evse)).map_or(&[], Vec::as_slice)
    }

    /// The EVSEs themselves, and all others of their devices.
    pub(crate) fn with_others(&self, evses: &[i32]) -> Vec<i32> {
        let mut all = evses.to_vec();
        if !self.members.is_empty() {
            all.extend(evses.iter().flat_map(|evse| self.others(*evse)));
            all.sort_unstable();
            all.dedup();
        }
        all
    }
}

/// A prefix of letters, where digits enough stand behind it, and the rest of the name.
fn divided(device: &str) -> (&str, &str) {
    let digits = device.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let is_number = digits.len() >= DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { device.split_at(device.len() - digits.len()) } else { ("", device) }
}

/// The device of each EVSE of some sessions, by its number among them.
pub(crate) fn devices(sessions: &Sessions) -> Vec<&str> {
    let mut devices: Vec<Option<&str>> = vec![None; sessions.evses().len()];
    let mut unseen = devices.len();
    for (at, number) in sessions.evse_numbers().iter().enumerate() {
        if unseen == 0 {
            break;
        }
        if let Some(unknown @ None) = devices.get_mut(*number as usize) {
            *unknown = Some(sessions.at(at).device);
            unseen -= 1;
        }
    }
    devices.into_iter().map(Option::unwrap_or_default).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(of: &[(&'static str, &'static str)]) -> Points {
        Points::of((1..).zip(of).map(|(number, (uid, device))| (number, *uid, *device)))
    }

    #[test]
    fn an_evse_agrees_with_its_device_as_a_whole_and_not_with_another_connector_of_it() {
        let of = points(&[("50001-1", "50001"), ("50001-2", "50001"), ("50001", "50001"), ("50002", "50002")]);
        assert!(of.agree(1, 3) && of.agree(3, 2) && of.agree(4, 4) && of.is_part_of(1, 3));
        assert!(!of.agree(1, 2) && !of.agree(3, 4) && !of.is_part_of(3, 1) && !of.is_part_of(1, 2));
        assert_eq!((of.with_others(&[3]), of.with_others(&[4])), (vec![1, 2, 3], vec![4]));
    }

    #[test]
    fn a_prefix_and_what_a_spreadsheet_adds_make_no_other_device() {
        let of = points(&[("50001-1", "50001"), ("SCO50001", "SCO50001"), ("50001.0", "50001.0")]);
        assert!(of.agree(1, 2) && of.agree(2, 3) && of.agree(1, 3));
    }

    #[test]
    fn sites_that_each_count_their_devices_are_other_devices() {
        let of = points(&[("A0001", "A0001"), ("B0001", "B0001"), ("0001", "0001")]);
        assert!(!of.agree(1, 2) && of.agree(1, 3) && of.agree(2, 3));
        assert!(!points(&[("P1", "P1"), ("1", "1")]).agree(1, 2), "so short a number says nothing");
    }
}
