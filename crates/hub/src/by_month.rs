//! A return's sessions by the month in which they start, as they lie in the lake.

use std::collections::{BTreeSet, HashSet};

use jiff::civil::Date;
use kerbwatt_model::{ByEvse, Period, Sessions, Zone, day_of_number, in_threads};
use kerbwatt_store::Crossing;

use crate::HubError;

/// Positions of sessions by the month in which they start.
pub(crate) type ByMonth = Vec<(Date, Vec<u32>)>;

/// Sessions that a thread looks at before it takes the next ones.
const AT_ONCE: usize = 50_000;

/// Stands for the month of a session that stays out.
const OUT: u16 = u16::MAX;

/// What is divided.
pub(crate) struct Divided<'d> {
    pub(crate) sessions: &'d Sessions,
    /// Positions of the sessions of each EVSE, by its number among them, in the order in which they are to lie.
    pub(crate) by_evse: ByEvse,
    /// Number of each EVSE in the ledger, by its number among the sessions.
    pub(crate) evses: &'d [i32],
    pub(crate) zone: &'d Zone,
    /// Rows that stay out.
    pub(crate) out: &'d [Crossing],
}

/// Positions of the sessions that do not stay out by local month, in order of EVSE; and every month that they touch.
pub(crate) fn by_month(divided: &Divided<'_>) -> Result<(ByMonth, BTreeSet<Date>), HubError> {
    let starts_s = divided.sessions.plug_ins_s();
    let Some((first_s, last_s)) = starts_s.iter().min().zip(starts_s.iter().max()) else {
        return Ok((Vec::new(), BTreeSet::new()));
    };
    let mut local = divided.zone.local();
    // A day on either side: clocks may go back over midnight.
    let mut days = Days::of(local.day(*first_s) - 1, local.day(*last_s) + 1);
    let month_of = divided.months(&mut days)?;
    let mut by_month = vec![Vec::new(); days.months.len()];
    let mut evses: Vec<usize> = (0..divided.by_evse.len()).collect();
    evses.sort_by_key(|evse| divided.evses[*evse]);
    for position in evses.into_iter().flat_map(|evse| divided.by_evse.of_evse(evse)) {
        if let Some(positions) = by_month.get_mut(month_of[*position as usize] as usize) {
            positions.push(*position);
        }
    }
    let touched = days.touched();
    let by_month = days.months.into_iter().zip(by_month).filter(|(_, positions)| !positions.is_empty());
    Ok((by_month.collect(), touched))
}

impl Divided<'_> {
    /// Of each session the place of its month among those of the days, or [`OUT`]; the days note the sessions.
    fn months(&self, days: &mut Days) -> Result<Vec<u16>, HubError> {
        let out: HashSet<u64> = self.out.iter().map(|crossing| crossing.row).collect();
        let (sessions, starts_s) = (self.sessions, self.sessions.plug_ins_s());
        let stretches: Vec<usize> = (0..sessions.len()).step_by(AT_ONCE).collect();
        let unnoted = &*days;
        let found = in_threads(&stretches, |from| {
            let (mut local, mut days) = (self.zone.local(), unnoted.clone());
            let month = |at: usize| {
                let row = sessions.row(at);
                if !out.is_empty() && out.contains(&row) {
                    return Ok(OUT);
                }
                let month = days.add(local.day(starts_s[at]), local.day(sessions.plug_out_s(at)));
                month.ok_or_else(|| HubError::Defect(format!("no month for row {row}")))
            };
            let months = (*from..(from + AT_ONCE).min(sessions.len())).map(month).collect::<Result<Vec<u16>, _>>();
            (months, days)
        });
        let mut months = Vec::with_capacity(sessions.len());
        for (stretch, noted) in found {
            months.extend(stretch?);
            days.note(&noted);
        }
        Ok(months)
    }
}

/// The local days on which sessions start, a calendar computation for each day and not for each session.
#[derive(Clone)]
struct Days {
    first: i64,
    months: Vec<Date>,
    /// Of each day, the place of its month among the months.
    month: Vec<u16>,
    /// Of each day, the last one on which a session that starts on it ends; none where no session starts.
    end: Vec<Option<i64>>,
}

impl Days {
    /// The days from one to another.
    fn of(first: i64, last: i64) -> Self {
        let mut months: Vec<Date> = Vec::new();
        let place = |day| {
            let month = day_of_number(day).first_of_month();
            if months.last() != Some(&month) {
                months.push(month);
            }
            u16::try_from(months.len() - 1).unwrap_or(OUT)
        };
        let month: Vec<u16> = (first..=last).map(place).collect();
        let end = vec![None; month.len()];
        Self { first, months, month, end }
    }

    /// Notes a session by its first and last day, and gives the place of the month in which it starts; none where it starts
    /// on no day of these.
    fn add(&mut self, start: i64, end: i64) -> Option<u16> {
        let day = usize::try_from(start - self.first).ok()?;
        let known = self.end.get_mut(day)?;
        *known = Some(known.unwrap_or(end).max(end));
        self.month.get(day).copied()
    }

    /// Notes the sessions that others of the same days noted.
    fn note(&mut self, other: &Self) {
        self.end.iter_mut().zip(&other.end).for_each(|(end, other)| *end = (*end).max(*other));
    }

    /// The months in which any of the sessions is.
    fn touched(&self) -> BTreeSet<Date> {
        let stays = (self.first..)
            .zip(&self.end)
            .filter_map(|(start, end)| Period::new(day_of_number(start).first_of_month(), day_of_number((*end)?)).ok());
        stays.flat_map(|stay| stay.iter_months().collect::<Vec<_>>()).collect()
    }
}
