//! The weeks of charge points and sites, from single sessions.

use std::ops::AddAssign;

use kerbwatt_model::each_hour;

use crate::EngineError;
use crate::bucket::{number, weekday};
use crate::facts::{SessionFacts, float};
use crate::groups::OUT;
use crate::patterns::statistics::week_shapes::HOURS;
use crate::raw::Scan;
use crate::sessions::each_session;
use crate::zones::Clocks;

/// The week of one charge point or site: seconds plugged in and sessions begun in each hour.
#[derive(Debug, Clone)]
pub(in crate::patterns) struct WeekSums {
    pub(in crate::patterns) plugged_s: [f64; HOURS],
    pub(in crate::patterns) sessions: [f64; HOURS],
}

impl Default for WeekSums {
    fn default() -> Self {
        Self { plugged_s: [0.0; HOURS], sessions: [0.0; HOURS] }
    }
}

impl AddAssign<&Self> for WeekSums {
    fn add_assign(&mut self, more: &Self) {
        let own = self.plugged_s.iter_mut().chain(&mut self.sessions);
        own.zip(more.plugged_s.iter().chain(&more.sessions)).for_each(|(own, more)| *own += more);
    }
}

/// Weeks of groups, as they come: sessions of a charge point lie one after the other.
type Weeks = Vec<(i32, WeekSums)>;

/// The week of each group of a scan; none of those without a session.
pub(super) fn weeks(scan: &Scan<'_>) -> Result<Vec<Option<WeekSums>>, EngineError> {
    let mut of_groups: Vec<Option<WeekSums>> = vec![None; scan.groups.values.len()];
    let days = (number(scan.period.first), number(scan.period.last));
    scan.in_rounds(
        |weeks: &mut Weeks, clocks, batch| {
            each_session(batch, scan.span(), |_, session| {
                add(scan, weeks, session, days, clocks);
                Ok(())
            })
        },
        |weeks| {
            for (group, week) in weeks {
                if let Some(known) = usize::try_from(group).ok().and_then(|group| of_groups.get_mut(group)) {
                    *known.get_or_insert_default() += &week;
                }
            }
        },
    )?;
    Ok(of_groups)
}

fn add(scan: &Scan<'_>, weeks: &mut Weeks, session: &SessionFacts, (first, last): (i32, i32), clocks: &mut Clocks<'_>) {
    let Some((versions, clock)) = scan.versions_and_clock(session, clocks) else { return };
    let day_of = |hour: i64| i32::try_from(hour.div_euclid(24)).unwrap_or(i32::MAX);
    let mut take = |hour: i64, plugged_s: i64, starts: f64| {
        let day = day_of(hour);
        let group = scan.snapshot.members.one_on(versions, day).map_or(OUT, |at| scan.groups.of[at]);
        if group == OUT || day < first || day > last {
            return;
        }
        if weeks.last().is_none_or(|(known, _)| *known != group) {
            weeks.push((group, WeekSums::default()));
        }
        let how = i64::from(weekday(day)) * 24 + hour.rem_euclid(24);
        if let Some(((_, week), how)) = weeks.last_mut().zip(usize::try_from(how).ok()) {
            week.plugged_s[how] += float(plugged_s);
            week.sessions[how] += starts;
        }
    };
    let start = clock.local_s(session.stay.plug_in.as_second()).div_euclid(3_600);
    take(start, 0, 1.0);
    each_hour(&session.stay, clock, |hour, plugged_s| take(hour, plugged_s, 0.0));
}
