//! Which columns are ids: of sessions, of charge points, of connectors, and of drivers.

use std::collections::{BTreeMap, BTreeSet};

use super::sheet::{Column, Sheet};
use super::vocabulary::Meaning as M;
use super::words::Said;
use super::{Guess, agreed, ratio};
use crate::profiles::Field;

/// Whether a column is about persons: what stands in it is never shown.
pub(super) fn is_personal(column: &Column) -> bool {
    column.said.says_any(&[M::Person, M::Vehicle])
        || column.cells.iter().any(|cell| cell.contains('@'))
        || has_plates(column)
}

/// Most values look like British number plates.
fn has_plates(column: &Column) -> bool {
    let is_plate = |cell: &&String| {
        let plain: Vec<u8> = cell.bytes().filter(|byte| *byte != b' ').collect();
        let kinds = plain.iter().map(|byte| {
            if byte.is_ascii_uppercase() {
                'A'
            } else if byte.is_ascii_digit() {
                '1'
            } else {
                '-'
            }
        });
        kinds.collect::<String>() == "AA11AAA"
    };
    let plates = column.cells.iter().filter(is_plate).count();
    plates > 0 && plates * 2 >= column.filled()
}

/// Whether values of a column that is left aside may be shown as they stand: only where its header says that they are of charge points or
/// places. Any other may hold ids, names or what somebody noted, such as whose card was lost.
pub(super) fn may_be_shown(column: &Column) -> bool {
    let said = &column.said;
    // An id that is none of a session or a charge point is perhaps that of a card, and a name that of a customer.
    let may_name = said.says_any(&[M::Id, M::Name, M::Sort, M::Address, M::Record, M::Money]);
    let is_of_points = said.says_any(&[M::Point, M::Station, M::Evse, M::Connector, M::Place, M::Power]);
    !is_personal(column) && !may_name && is_of_points && said.is_understood()
}

/// Whether values of a column that is left aside may be times or amounts: of these what can belong to such is shown.
pub(super) fn may_be_measured(column: &Column) -> bool {
    let is_fraction = |cell: &String| cell.is_empty() || (cell.parse::<f64>().is_ok() && cell.contains('.'));
    let may_name = column.said.says_any(&[M::Id, M::Name]);
    !may_name && (column.said.is_understood() || column.cells.iter().all(is_fraction))
}

/// The driver: the personal column that is an id rather than a sort or a place.
pub(super) fn driver(sheet: &Sheet, taken: &[usize]) -> Option<Guess> {
    let rank = |said: &Said| match () {
        () if !said.says(M::Person)
            || said.says_any(&[M::Sort, M::Place, M::Postcode, M::Address, M::Money, M::PerUnit]) =>
        {
            0
        }
        () if said.says_any(&[M::Point, M::Station, M::Evse, M::Connector, M::Energy, M::Kwh, M::Session]) => 0,
        () if said.says(M::Name) => 1,
        () if said.says(M::Id) => 3,
        () => 2,
    };
    let columns = sheet.filled().filter(|(at, _)| !taken.contains(at));
    let ranked = columns.map(|(at, column)| (rank(&column.said), column.filled(), std::cmp::Reverse(at)));
    let (_, filled, std::cmp::Reverse(at)) = ranked.filter(|(rank, ..)| *rank > 0).max()?;
    // A customer may be the one whose charge points they are: then there are few of them.
    let (distinct, is_weak) = (sheet.columns[at].distinct(), sheet.columns[at].said.says(M::WeakPerson));
    let shows = if distinct > 1 && (!is_weak || distinct * 20 >= filled) { 1.0 } else { 0.5 };
    let why = format!("the header says driver or card; {filled} rows have one. Read only as a pseudonym");
    Some(Guess { field: Field::Driver, column: at, said: 1.0, confidence: agreed(1.0, shows), why })
}

/// Id of the session: unique, and not just the number of the row.
pub(super) fn session(sheet: &Sheet, taken: &[usize]) -> Option<Guess> {
    let said = |said: &Said| {
        let is_other = [
            M::Sort,
            M::Person,
            M::Vehicle,
            M::Point,
            M::Evse,
            M::Station,
            M::Connector,
            M::Place,
            M::Money,
            M::Energy,
        ];
        match () {
            () if said.says_any(&is_other) || said.says_any(&[M::Name, M::Record, M::Length, M::Start, M::End]) => 0.0,
            () if said.says(M::Session) => 1.0,
            () if said.says(M::Id) && said.says(M::Charging) => 0.8,
            () if said.says(M::Id) && said.is_understood() => 0.6,
            () => 0.0,
        }
    };
    let may_be = |column: &Column| !is_count(column) && !is_personal(column);
    let columns = sheet.filled().filter(|(at, column)| !taken.contains(at) && may_be(column));
    let unique = |column: &Column| ratio(column.distinct(), column.filled()) * ratio(column.filled(), sheet.rows);
    let scored = columns.map(|(at, column)| (said(&column.said), unique(column), at));
    let scored = scored.filter(|(said, unique, _)| *said > 0.0 && *unique >= 0.9);
    let (said, unique, at) = scored.max_by(|a, b| (a.0 + a.1).total_cmp(&(b.0 + b.1)).then(b.2.cmp(&a.2)))?;
    let why = format!("the header says session or id; {:.0} % of the values are unique", unique * 100.0);
    Some(Guess { field: Field::SessionId, column: at, said, confidence: agreed(said, unique), why })
}

/// Whether a column only counts rows: 0, 1, 2 or 1, 2, 3.
pub(super) fn is_count(column: &Column) -> bool {
    let first = column.cells.first().and_then(|cell| cell.parse::<usize>().ok()).filter(|first| *first <= 1);
    let Some(first) = first else { return false };
    column.cells.iter().enumerate().all(|(row, cell)| cell.parse() == Ok(first + row))
}

/// How much a header says that a column is the id of a charge point, or of an EVSE.
fn point_said(said: &Said) -> f64 {
    let others = [
        M::Sort,
        M::Person,
        M::Power,
        M::Energy,
        M::Money,
        M::Meter,
        M::Session,
        M::Latitude,
        M::Longitude,
        M::Postcode,
    ];
    let is_more = said.says(M::Id) || (said.is_understood() && !said.says(M::Name));
    match () {
        () if said.says_any(&others) || said.says_any(&[M::Address, M::Start, M::End, M::Day, M::Clock, M::Length]) => {
            0.0
        }
        () if said.says(M::Vehicle) && !said.says_any(&[M::Point, M::Station, M::Evse]) => 0.0,
        () if said.says(M::Evse) => 1.0,
        () if said.says(M::Point) && said.says(M::Place) => 0.5,
        () if said.says(M::Point) => {
            if is_more {
                0.98
            } else {
                0.85
            }
        }
        () if said.says(M::Station) => {
            if said.says(M::Id) {
                0.8
            } else {
                0.7
            }
        }
        () => 0.0,
    }
}

fn connector_said(said: &Said) -> f64 {
    let others = [M::Sort, M::Person, M::Power, M::Energy, M::Money, M::Start, M::End, M::Session, M::Evse];
    if said.says(M::Connector) && !said.says_any(&others) { 1.0 } else { 0.0 }
}

/// Charge point, EVSE and connector.
pub(super) fn points(
    sheet: &Sheet,
    starts: &[Option<i64>],
    spans: &[Option<f64>],
    taken: &[usize],
) -> (Vec<Guess>, Vec<String>) {
    let free = || sheet.filled().filter(|(at, column)| !taken.contains(at) && !is_personal(column));
    let connector = free().find(|(_, column)| connector_said(&column.said) > 0.0 && column.longest() <= 8);
    let mut connector = connector.filter(|(_, column)| column.distinct() <= 12).map(|(at, _)| at);
    let mut scored: Vec<(f64, f64, usize)> = free()
        .filter(|(at, _)| Some(*at) != connector)
        .map(|(at, column)| (at, column, point_said(&column.said)))
        .filter(|(_, column, said)| *said > 0.0 || (column.said.says_nothing() && column.distinct() > 1))
        .map(|(at, column, said)| (said, shows_point(sheet, column, connector, starts, spans), at))
        .filter(|(_, shows, _)| *shows > 0.3)
        .collect();
    scored.sort_by(|a, b| (b.0 + b.1).total_cmp(&(a.0 + a.1)).then(a.2.cmp(&b.2)));
    let mut guesses = Vec::new();
    let mut doubts = Vec::new();
    let is_evse = |at: usize| sheet.columns[at].said.says(M::Evse);
    let why = |said: f64, shows: f64| {
        let header = if said > 0.0 { "the header says charge point" } else { "the header says nothing" };
        format!("{header}; ids repeat, and {:.0} % of the sessions do not overlap", shows * 100.0)
    };
    let mut take = |field: Field, (said, shows, at): (f64, f64, usize)| {
        guesses.push(Guess { field, column: at, said, confidence: agreed(said, shows), why: why(said, shows) });
    };
    let evse = scored.iter().copied().find(|(_, _, at)| is_evse(*at));
    if let Some(evse) = evse {
        take(Field::Evse, evse);
    }
    let mut devices = scored.iter().copied().filter(|(_, _, at)| !is_evse(*at));
    let device = devices.next().filter(|(said, ..)| *said > 0.0 || evse.is_none());
    if let Some(device) = device {
        take(Field::Device, device);
        let rival = devices.find(|other| {
            other.0 > 0.6
                && other.0 + other.1 > device.0 + device.1 - 0.1
                && sheet.columns[other.2].cells != sheet.columns[device.2].cells
        });
        if let Some(rival) = rival.filter(|_| evse.is_none()) {
            let names = [rival.2, device.2].map(|at| sheet.columns[at].header.clone());
            doubts.push(format!("“{}” could be the charge point as well as “{}”.", names[0], names[1]));
        }
    }
    doubts.extend(guesses.first().and_then(|point| doubt_of_sites(sheet, point.column)));
    // Some call a charge point a socket or a unit.
    if guesses.is_empty() {
        let by_part = free()
            .filter(|(_, column)| column.said.says_any(&[M::Connector, M::PerUnit]) && column.distinct() > 1)
            .map(|(at, column)| (shows_point(sheet, column, None, starts, spans), at))
            .filter(|(shows, _)| *shows > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        if let Some((shows, column)) = by_part {
            let share = shows * 100.0;
            let why =
                format!("no column says charge point; ids repeat, and {share:.0} % of the sessions do not overlap");
            guesses.push(Guess { field: Field::Device, column, said: 0.0, confidence: agreed(0.0, shows), why });
            connector = connector.filter(|at| *at != column);
        }
    }
    if let Some(at) = connector {
        let why = "the header says connector, and there are few of them".to_owned();
        guesses.push(Guess { field: Field::Connector, column: at, said: 1.0, confidence: 0.9, why });
    }
    (guesses, doubts)
}

/// Whether charge points seem to be numbered at each site: then one number is several charge points.
fn doubt_of_sites(sheet: &Sheet, point: usize) -> Option<String> {
    let points = &sheet.columns[point];
    let others = [M::Postcode, M::Parked, M::Start, M::End, M::Day, M::Clock, M::Stamp, M::Length];
    let is_place = |column: &Column| column.said.says(M::Place) && !column.said.says_any(&others);
    let places = sheet.filled().filter(|(at, column)| *at != point && is_place(column) && column.distinct() > 1);
    let shared = |at: usize| {
        let mut sites = BTreeMap::<&str, BTreeSet<&str>>::new();
        for (id, site) in
            points.cells.iter().zip(&sheet.columns[at].cells).filter(|(id, site)| !id.is_empty() && !site.is_empty())
        {
            sites.entry(id).or_default().insert(site);
        }
        2 * sites.values().filter(|sites| sites.len() > 1).count() > sites.len()
    };
    let (_, site) = places.into_iter().find(|(at, _)| shared(*at))?;
    Some(format!(
        "“{}” has the same values at several of “{}”: charge points seem to be numbered at each.",
        points.header, site.header
    ))
}

/// How well the values of a column are ids of charge points: they repeat, and hardly any session begins before the one before it at
/// the same point has ended.
fn shows_point(
    sheet: &Sheet,
    column: &Column,
    connector: Option<usize>,
    starts: &[Option<i64>],
    spans: &[Option<f64>],
) -> f64 {
    let (filled, distinct) = (column.filled(), column.distinct());
    let is_fraction = column.cells.iter().any(|cell| cell.parse::<f64>().is_ok() && cell.contains('.'));
    if is_fraction || filled * 2 < sheet.rows {
        return 0.0;
    }
    let repeats = if filled >= 30 && distinct * 10 > filled * 6 { 0.5 } else { 1.0 };
    let mut sessions: Vec<(&str, &str, i64, f64)> = (0..sheet.rows)
        .filter_map(|row| {
            let socket = connector.map_or("", |at| sheet.columns[at].cells[row].as_str());
            Some((column.cells[row].as_str(), socket, starts[row]?, spans[row].filter(|span| *span >= 0.0)?))
        })
        .collect();
    sessions.sort_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)));
    let overlaps = |pair: &&[(&str, &str, i64, f64)]| {
        let [a, b] = pair else { return false };
        (a.0, a.1) == (b.0, b.1) && super::float(b.2 - a.2) + 60.0 < a.3
    };
    let overlapping = sessions.windows(2).filter(overlaps).count();
    // There are fewer charge points than drivers, where nothing else tells them apart.
    let few = if column.said.says_nothing() { 1.0 - 0.2 * ratio(distinct, filled) } else { 1.0 };
    few * repeats * (1.0 - ratio(overlapping, sessions.len().saturating_sub(1)))
}
