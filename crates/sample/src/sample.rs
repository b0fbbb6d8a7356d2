//! The sample as a whole.

use jiff::ToSpan;
use jiff::civil::Date;
use kerbwatt_model::{Period, day_number};

use crate::clock::Clock;
use crate::defects;
use crate::demand::{self, Day};
use crate::estate::{self, Estate, Plan};
use crate::habits::Habit;
use crate::layouts::{self, Sheet};
use crate::operators::{Character, OPERATORS, SampleOperator};
use crate::register;
use crate::returns::{self, Flaw, SampleReturn, WaitingReturn};
use crate::sessions::{self, LOOK_AHEAD_DAYS, Place, Visit};
use crate::size::Size;
use crate::spots::Grounds;

/// A borough to place charge points in.
#[derive(Debug, Clone, PartialEq)]
pub struct Borough {
    /// ONS code, such as E09000007.
    pub code: String,
    /// Name.
    pub name: String,
    /// West, south, east and north end, in degrees.
    pub bbox: [f64; 4],
}

/// A synthetic London.
///
/// ```
/// use jiff::civil::date;
/// use kerbwatt_sample::{Borough, Sample, Size};
///
/// let square = Borough { code: "E09000007".into(), name: "Camden".into(), bbox: [-0.21, 51.51, -0.11, 51.57] };
/// let inside = |_: &str, lat: f64, lon: f64| (51.51..51.57).contains(&lat) && (-0.21..-0.11).contains(&lon);
/// let sample = Sample::new(Size::Small, 1, &[square], &inside, date(2025, 9, 30));
/// let mut file = Vec::new();
/// sample.write_return(&sample.returns()[0], &mut file);
/// assert!(file.starts_with(b"session_id,evse,"));
/// ```
#[derive(Debug, Clone)]
pub struct Sample {
    seed: u64,
    size: Size,
    period: Period,
    operators: Vec<SampleOperator>,
    estates: Vec<Estate>,
}

impl Sample {
    /// Lays out a sample that ends with `last_day` and begins as many years earlier as its size has.
    ///
    /// `inside` says whether a latitude and a longitude, in degrees, lie in the borough of a code. Without boroughs there
    /// are no charge points.
    #[must_use]
    pub fn new(
        size: Size,
        seed: u64,
        boroughs: &[Borough],
        inside: &dyn Fn(&str, f64, f64) -> bool,
        last_day: Date,
    ) -> Self {
        let after = last_day.tomorrow().unwrap_or(last_day);
        let first = after.checked_sub(size.years().years()).unwrap_or(last_day);
        let period = Period { first, last: last_day };
        let plan = Plan { seed, size, period, grounds: Grounds::new(seed, boroughs, inside) };
        let operators = OPERATORS.iter().map(|character| character.operator).collect();
        Self { seed, size, period, operators, estates: estate::estates(&plan) }
    }

    /// The days that returns cover.
    #[must_use]
    pub fn period(&self) -> Period {
        self.period
    }

    /// The operators.
    #[must_use]
    pub fn operators(&self) -> &[SampleOperator] {
        &self.operators
    }

    /// Number of EVSEs, also those that no register knows.
    #[must_use]
    pub fn evses(&self) -> usize {
        self.estates.iter().map(|estate| estate.evses.len()).sum()
    }

    /// An operator's register in the layout `kerbwatt-register`; only the header for an unknown operator.
    #[must_use]
    pub fn register_csv(&self, operator: &str) -> String {
        self.of(operator).map_or_else(|| register::csv(&Estate::default()), |(_, _, estate)| register::csv(estate))
    }

    /// Every return that came, by quarter and then by operator. Some operators miss a quarter.
    #[must_use]
    pub fn returns(&self) -> Vec<SampleReturn> {
        returns::all(self.period)
    }

    /// Returns of quarters that are missing among those that came, sent after all, about which somebody has to decide.
    #[must_use]
    pub fn waiting(&self) -> Vec<WaitingReturn> {
        returns::waiting(self.period)
    }

    /// Adds the file of a return that waits to `out`.
    pub fn write_waiting(&self, waiting: &WaitingReturn, out: &mut Vec<u8>) {
        self.write(&waiting.which, Some(waiting.flaw), out);
    }

    /// Adds a return's file to `out`, with what is usually wrong in one. The same whether or not others were written
    /// before; nothing for an operator that is not of this sample.
    pub fn write_return(&self, which: &SampleReturn, out: &mut Vec<u8>) {
        self.write(which, None, out);
    }

    fn write(&self, which: &SampleReturn, flaw: Option<Flaw>, out: &mut Vec<u8>) {
        let Some((index, _, estate)) = self.of(&which.operator) else { return };
        let visits = self.visits(which);
        let mut rows = defects::rows(self.seed, index, which.period, &visits, estate);
        if flaw == Some(Flaw::ManyWrongRows) {
            defects::more(self.seed, index, which.period, &mut rows);
        }
        let (first, last) = (day_number(which.period.first), day_number(which.period.last));
        let sheet = Sheet {
            seed: self.seed,
            operator: index,
            estate,
            clock: Clock::new(first - 1, last + LOOK_AHEAD_DAYS + 1),
            first_id: crate::calendar::quarter_number(which.period.first) % 1000 * self.size.rows_at_most(),
            exchanges: flaw == Some(Flaw::DaysAndMonthsExchanged),
        };
        layouts::write(which.layout, &sheet, &rows, out);
    }

    /// The sessions that start in a return's period, by plug-in.
    pub(crate) fn visits(&self, which: &SampleReturn) -> Vec<Visit> {
        let Some((_, character, estate)) = self.of(&which.operator) else { return Vec::new() };
        let calendars = Calendars::new(which.period, character, self.period);
        let mut visits = Vec::new();
        for (index, evse) in estate.evses.iter().enumerate() {
            let place = Place { seed: self.seed, index, evse, sites: estate.sites.len() };
            sessions::add(&place, calendars.of(evse.habit), calendars.count, &mut visits);
        }
        visits.sort_unstable_by_key(|visit| (visit.start, visit.evse));
        visits
    }

    /// Every EVSE of every operator.
    #[cfg(test)]
    pub(crate) fn estate_evses(&self) -> impl Iterator<Item = &estate::Evse> {
        self.estates.iter().flat_map(|estate| &estate.evses)
    }

    /// The sessions of a return, each with the rated power (kW) of its EVSE.
    #[cfg(test)]
    pub(crate) fn visits_with_power(&self, which: &SampleReturn) -> Vec<(Visit, f64)> {
        let evses = self.of(&which.operator).map_or(&[][..], |(_, _, estate)| &estate.evses);
        let rated = |visit: &Visit| evses.get(visit.evse).map_or(0.0, |evse| evse.rated_kw);
        self.visits(which).into_iter().map(|visit| (visit, rated(&visit))).collect()
    }

    fn of(&self, operator: &str) -> Option<(usize, &'static Character, &Estate)> {
        let index = OPERATORS.iter().position(|character| character.operator.id == operator)?;
        Some((index, OPERATORS.get(index)?, self.estates.get(index)?))
    }
}

/// The days of a return for each habit of its operator, and the days after it.
struct Calendars {
    by_habit: Vec<(Habit, Vec<Day>)>,
    count: usize,
}

impl Calendars {
    fn new(period: Period, character: &Character, sample: Period) -> Self {
        let numbers = day_number(period.first)..=day_number(period.last) + LOOK_AHEAD_DAYS;
        let days = |habit| numbers.clone().map(|number| demand::day_of(number, habit, character, sample)).collect();
        let by_habit = character.fleets.iter().map(|fleet| (fleet.habit, days(fleet.habit))).collect();
        Self { by_habit, count: usize::try_from(period.days()).unwrap_or(0) }
    }

    fn of(&self, habit: Habit) -> &[Day] {
        self.by_habit.iter().find(|(known, _)| *known == habit).map_or(&[], |(_, days)| days)
    }
}
