//! Which returns there are.

use kerbwatt_model::Period;

use crate::calendar::{quarter_name, quarters};
use crate::layouts::DEPOT;
use crate::operators::OPERATORS;

/// One operator's return for one quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleReturn {
    /// Operator id, such as `gb-ald`.
    pub operator: String,
    /// Declared period: a quarter, or the part of one that the sample covers.
    pub period: Period,
    /// Name of the file, such as `gb-ald-2024-q3.csv`.
    pub file_name: String,
    /// Layout: the name of an intake profile.
    pub layout: &'static str,
}

/// A return that came late or wrong, and about which somebody has to decide: it fills a gap among those that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingReturn {
    /// Whose it is, for when, and in which layout.
    pub which: SampleReturn,
    /// What is the matter with it.
    pub flaw: Flaw,
}

/// What is the matter with a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// A tool took the day for the month wherever it could, as when a file is opened and saved in a spreadsheet of another country.
    DaysAndMonthsExchanged,
    /// It came out of a new back office, in columns that no profile of intake knows.
    UnknownLayout,
    /// More of its rows than usual are wrong.
    ManyWrongRows,
}

/// Whose missing quarter, counted back from the last (1), is sent after all; whether all of it or its first month only; and what is
/// the matter with it. The newest quarter whole: what is exchanged shows best where there is most to compare.
const WAITING: [(&str, usize, bool, Flaw); 3] = [
    ("gb-tmn", 3, false, Flaw::ManyWrongRows),
    ("gb-cbs", 2, false, Flaw::UnknownLayout),
    ("gb-lnt", 1, true, Flaw::DaysAndMonthsExchanged),
];

/// The returns that wait, oldest first; none for a quarter that the sample does not have.
pub(crate) fn waiting(period: Period) -> Vec<WaitingReturn> {
    let quarters = quarters(period);
    let of = |(operator, back, whole, flaw): &(&str, usize, bool, Flaw)| {
        let quarter = *quarters.get(quarters.len().checked_sub(*back)?)?;
        let last = if *whole { quarter.last } else { quarter.first.last_of_month().min(quarter.last) };
        let known = OPERATORS.iter().find(|character| character.operator.id == *operator)?.operator;
        let when = if *whole { quarter_name(quarter.first) } else { quarter.first.strftime("%Y-%m").to_string() };
        let layout = if *flaw == Flaw::UnknownLayout { DEPOT } else { known.layout };
        let (operator, period) = (known.id.to_owned(), Period { first: quarter.first, last });
        let which = SampleReturn { file_name: format!("{operator}-{when}.csv"), operator, period, layout };
        Some(WaitingReturn { which, flaw: *flaw })
    };
    WAITING.iter().filter_map(of).collect()
}

/// Every return that came, by quarter and then by operator.
pub(crate) fn all(period: Period) -> Vec<SampleReturn> {
    let quarters = quarters(period);
    let count = quarters.len();
    let mut returns = Vec::new();
    for (index, quarter) in quarters.into_iter().enumerate() {
        let came = OPERATORS.iter().filter(|character| !character.missing.contains(&(count - index)));
        returns.extend(came.map(|character| SampleReturn {
            operator: character.operator.id.to_owned(),
            period: quarter,
            file_name: format!("{}-{}.csv", character.operator.id, quarter_name(quarter.first)),
            layout: character.operator.layout,
        }));
    }
    returns
}
