//! Which returns there are.

use kerbwatt_model::Period;

use crate::calendar::{quarter_name, quarters};
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
