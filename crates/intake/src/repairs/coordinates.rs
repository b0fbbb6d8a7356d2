//! Coordinates of a register: latitude and longitude exchanged, or one without its sign.
//!
//! Exchanged coordinates are proved by where all other points lie: read as they are, the point is in another part of the world. A lost
//! sign can put a point into a neighbouring country in which there may well be charge points; it is proved by the postcode area only.

use std::collections::HashMap;

use kerbwatt_model::RegisterEntry;

use super::{Evidence, EvidenceKind, Headlines, Repair, RepairExample, RepairKind, Verdict};

/// Points needed before anything is said.
const POINTS: usize = 20;
/// Points of a postcode area needed to know where it is.
const OF_AREA: usize = 3;
/// Degrees around most points within which another is expected.
const MARGIN: f64 = 0.5;
/// Degrees from there at which a point is somewhere else.
const FAR: f64 = 1.0;
/// Degrees around the middle of a postcode area: the widest, of the Highlands, reach 1.5.
const AREA: f64 = 1.0;
/// Degrees from the middle of its postcode area at which a point is not in it.
const OFF_AREA: f64 = 2.0;

type Place = (f64, f64);

/// A row of which the coordinates make sense only when changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Moved {
    at: usize,
    from: Place,
    to: Place,
    is_proved: bool,
}

/// What was found in a register: proposals, and the rows that a proved one moves.
pub(crate) fn find(entries: &[RegisterEntry], column: &str) -> (Vec<Repair>, Vec<Moved>) {
    let moved = moved(entries);
    let mut repairs = Vec::new();
    for is_proved in [true, false] {
        let rows: Vec<Moved> = moved.iter().copied().filter(|row| row.is_proved == is_proved).collect();
        if !rows.is_empty() {
            repairs.push(repair(entries, &rows, is_proved, column));
        }
    }
    (repairs, moved)
}

/// Moves the rows that are proved.
pub(crate) fn apply(entries: &mut [RegisterEntry], moved: &[Moved]) {
    for row in moved.iter().filter(|row| row.is_proved) {
        if let Some(entry) = entries.get_mut(row.at) {
            (entry.latitude, entry.longitude) = (Some(row.to.0), Some(row.to.1));
        }
    }
}

fn place(entry: &RegisterEntry) -> Option<Place> {
    entry.latitude.zip(entry.longitude)
}

fn moved(entries: &[RegisterEntry]) -> Vec<Moved> {
    let places: Vec<Place> = entries.iter().filter_map(place).collect();
    if places.len() < POINTS {
        return Vec::new();
    }
    let most = Most::of(&places);
    let areas = areas(entries);
    let one = |(at, entry): (usize, &RegisterEntry)| {
        let from = place(entry)?;
        let area = entry.postcode.as_deref().and_then(area_of).and_then(|area| areas.get(area)).copied();
        let is_off_area = area.is_some_and(|area| apart(area, from) > OFF_AREA);
        if most.distance(from) < FAR && !is_off_area {
            return None;
        }
        let exchanged = (from.1, from.0);
        let signs = [(from.0, -from.1), (-from.0, from.1)];
        let fits = |to: &Place| most.distance(*to) <= 0.0 && area.is_none_or(|area| apart(area, *to) <= AREA);
        let fitting: Vec<Place> =
            std::iter::once(exchanged).filter(|to| to.0.abs() <= 90.0).chain(signs).filter(fits).collect();
        let [to] = fitting[..] else { return None };
        let is_proved = area.is_some() && is_off_area || (to == exchanged && most.distance(from) > 10.0 * FAR);
        Some(Moved { at, from, to, is_proved })
    };
    entries.iter().enumerate().filter_map(one).collect()
}

/// Where most points lie.
struct Most {
    low: Place,
    high: Place,
}

impl Most {
    /// The box of the middle nine in ten, and a margin that grows with it.
    fn of(places: &[Place]) -> Self {
        let side = |of: fn(&Place) -> f64| {
            let mut values: Vec<f64> = places.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            let beyond = values.len() / 20;
            let (low, high) = (values[beyond], values[values.len() - 1 - beyond]);
            let margin = MARGIN + (high - low) / 5.0;
            (low - margin, high + margin)
        };
        let (latitude, longitude) = (side(|place| place.0), side(|place| place.1));
        Self { low: (latitude.0, longitude.0), high: (latitude.1, longitude.1) }
    }

    /// Degrees outside; 0 within.
    fn distance(&self, (latitude, longitude): Place) -> f64 {
        let outside = |value: f64, low: f64, high: f64| (low - value).max(value - high).max(0.0);
        outside(latitude, self.low.0, self.high.0).max(outside(longitude, self.low.1, self.high.1))
    }
}

fn apart(a: Place, b: Place) -> f64 {
    (a.0 - b.0).abs().max((a.1 - b.1).abs())
}

/// The area of a British postcode: its one or two first letters.
fn area_of(postcode: &str) -> Option<&str> {
    let end = postcode.find(|letter: char| !letter.is_ascii_alphabetic())?;
    let is_british = (1..=2).contains(&end) && postcode.as_bytes().get(end).is_some_and(u8::is_ascii_digit);
    is_british.then(|| &postcode[..end])
}

/// The middle of each postcode area of which there are enough points: the median of either side, that few wrong ones do not move.
fn areas(entries: &[RegisterEntry]) -> HashMap<&str, Place> {
    let mut places: HashMap<&str, Vec<Place>> = HashMap::new();
    for entry in entries {
        if let Some((area, place)) = entry.postcode.as_deref().and_then(area_of).zip(place(entry)) {
            places.entry(area).or_default().push(place);
        }
    }
    // One wrong point of three would be the middle of none, but one of the other two of a wrong pair would.
    places.retain(|_, of_area| of_area.len() > OF_AREA);
    let middle = |of: fn(&Place) -> f64, places: &[Place]| {
        let mut values: Vec<f64> = places.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let middles =
        places.into_iter().map(|(area, of)| (area, (middle(|place| place.0, &of), middle(|place| place.1, &of)), of));
    // An area whose points do not lie together says nothing.
    middles
        .filter(|(_, middle, of)| of.iter().filter(|place| apart(*middle, **place) <= AREA).count() * 4 >= of.len() * 3)
        .map(|(area, middle, _)| (area, middle))
        .collect()
}

fn repair(entries: &[RegisterEntry], rows: &[Moved], provable: bool, column: &str) -> Repair {
    let count = rows.len();
    let says = if provable {
        format!(
            "{count} of {} points lie among the others only with latitude and longitude exchanged, or with a sign put back.",
            entries.len()
        )
    } else {
        format!(
            "{count} of {} points would lie among the others with a sign put back, but no postcode says that they belong there. Check \
             them, and send the register again.",
            entries.len()
        )
    };
    let shown = |(latitude, longitude): Place| format!("{latitude}, {longitude}");
    let example = |row: &Moved| RepairExample {
        row: entries.get(row.at).map_or(0, |entry| entry.row),
        column: column.to_owned(),
        before: shown(row.from),
        after: shown(row.to),
    };
    let kind = EvidenceKind {
        id: "place",
        verdict: if provable { Verdict::Agrees } else { Verdict::Silent },
        says: format!("Points away from all others or from their postcode area: {count} as read, 0 with the repair."),
    };
    Repair {
        kind: RepairKind::Coordinates,
        title: RepairKind::Coordinates.title(),
        says,
        rows: count as u64,
        unresolved: 0,
        evidence: Evidence { kinds: vec![kind], ..Evidence::default() },
        provable,
        examples: rows.iter().take(5).map(example).collect(),
        by_day: Vec::new(),
        headline: Headlines::default(),
    }
}
