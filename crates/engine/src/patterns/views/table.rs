//! A pattern as a table, for CSV and the command line.

use kerbwatt_model::Metric;

use crate::{Answer, Coverage, Provenance, Row, Value};

/// A pattern as a table.
#[derive(Debug, Clone, PartialEq)]
pub struct PatternTable {
    /// Names of the columns.
    pub columns: Vec<&'static str>,
    /// Values in the order of the columns.
    pub rows: Vec<Row>,
}

/// What all patterns have.
pub trait Pattern: serde::Serialize {
    /// Id in addresses, on the command line and in names of files.
    const ID: &'static str;

    /// Its table twins, which show the same figures, by name; the first is shown where none is asked for.
    fn tables(&self) -> Vec<(&'static str, PatternTable)>;

    /// The table of a name, or the first where none is asked for.
    ///
    /// # Errors
    /// The names that there are.
    fn table(&self, asked: Option<&str>) -> Result<PatternTable, Vec<&'static str>> {
        let tables = self.tables();
        let names = tables.iter().map(|(name, _)| *name).collect();
        let is_asked = |name: &str| asked.is_none_or(|asked| asked == name);
        tables.into_iter().find(|(name, _)| is_asked(name)).map(|(_, table)| table).ok_or(names)
    }

    /// How far it can be trusted.
    fn coverage(&self) -> &Coverage;

    /// Where it comes from.
    fn provenance(&self) -> &Provenance;
}

/// Implements the parts of [`Pattern`] that are fields.
macro_rules! pattern {
    ($name:ty, $id:literal) => {
        $crate::patterns::views::pattern!($name, $id, tables);
        impl $name {
            fn tables(&self) -> Vec<(&'static str, $crate::patterns::PatternTable)> {
                vec![("rows", self.as_table())]
            }
        }
    };
    ($name:ty, $id:literal, $tables:ident) => {
        impl $crate::patterns::Pattern for $name {
            const ID: &'static str = $id;

            fn tables(&self) -> Vec<(&'static str, $crate::patterns::PatternTable)> {
                self.$tables()
            }

            fn coverage(&self) -> &$crate::Coverage {
                &self.coverage
            }

            fn provenance(&self) -> &$crate::Provenance {
                &self.provenance
            }
        }
    };
}
pub(in crate::patterns) use pattern;

impl From<Option<f64>> for Value {
    fn from(figure: Option<f64>) -> Self {
        figure.map_or(Self::Null, Self::Number)
    }
}

/// Coverage and provenance of an answer, with the definitions that a pattern shows.
pub(in crate::patterns) fn trust(answer: Answer, metrics: &[&'static Metric]) -> (Coverage, Provenance) {
    let mut shown: Vec<&'static Metric> = Vec::new();
    for metric in metrics {
        if !shown.contains(metric) {
            shown.push(metric);
        }
    }
    (answer.coverage, Provenance { metrics: shown, ..answer.provenance })
}

/// A number of things, as in answers.
pub(in crate::patterns) fn count(number: usize) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// A text, as in answers.
pub(in crate::patterns) fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}
