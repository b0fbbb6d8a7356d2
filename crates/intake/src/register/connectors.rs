//! Numbered connector columns, as in the National Chargepoint Registry: `connector1Type` to `connector8Type` and so on.

use kerbwatt_model::{CurrentType, rated_kw};

use crate::formats::Row;
use crate::profiles::{Recognised, folded};

/// Columns of each connector.
#[derive(Debug, Default)]
pub(super) struct Strongest {
    numbered: Vec<Columns>,
    /// Columns that say that there is a connector, and its standard.
    flags: Vec<(usize, String)>,
}

#[derive(Debug)]
struct Columns {
    standard: usize,
    rated_kw: Option<usize>,
    amperes: Option<usize>,
    volts: Option<usize>,
    method: Option<usize>,
}

/// What the connectors of one device say: the strongest, and the standards of all.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Connectors {
    pub(super) rated_kw: Option<f64>,
    pub(super) current: Option<CurrentType>,
    pub(super) standards: Vec<String>,
}

impl Strongest {
    pub(super) fn of(layout: &Recognised) -> Self {
        let column_of = |name: &String| layout.header.iter().position(|header| folded(header) == folded(name));
        let flags = &layout.profile.connector_flags;
        let flags = flags.iter().filter_map(|(name, standard)| Some((column_of(name)?, standard.clone()))).collect();
        if !layout.profile.numbered_connectors {
            return Self { numbered: Vec::new(), flags };
        }
        let find = |number: usize, name: &str| {
            let wanted = format!("connector{number}{name}").to_lowercase();
            layout.header.iter().position(|header| header.trim().to_lowercase() == wanted)
        };
        let columns = |number| {
            Some(Columns {
                standard: find(number, "Type")?,
                rated_kw: find(number, "RatedOutputKW"),
                amperes: find(number, "OutputCurrent"),
                volts: find(number, "RatedVoltage"),
                method: find(number, "ChargeMethod"),
            })
        };
        Self { numbered: (1..=8).filter_map(columns).collect(), flags }
    }

    pub(super) fn of_row(&self, record: &Row<'_>) -> Connectors {
        let mut all = Connectors::default();
        let text = |at: usize| record.get(at).unwrap_or_default().trim();
        let number = |at: Option<usize>| at.and_then(|at| text(at).parse::<f64>().ok()).filter(|value| *value > 0.0);
        for columns in self.numbered.iter().filter(|columns| !text(columns.standard).is_empty()) {
            all.standards.push(text(columns.standard).to_owned());
            let current = columns.method.and_then(|at| current_of(text(at)));
            let derived = || Some(rated_kw(current?, number(columns.volts)?, number(columns.amperes)?));
            let power = number(columns.rated_kw).or_else(derived);
            if power > all.rated_kw {
                (all.rated_kw, all.current) = (power, current);
            }
        }
        let is_there = |at: usize| matches!(text(at).to_lowercase().as_str(), "true" | "1" | "yes" | "oui" | "vrai");
        let flagged = self.flags.iter().filter(|(at, _)| is_there(*at)).map(|(_, standard)| standard.clone());
        all.standards.extend(flagged);
        all
    }
}

fn current_of(method: &str) -> Option<CurrentType> {
    match method.to_lowercase().as_str() {
        "single phase ac" => Some(CurrentType::Ac1),
        "three phase ac" => Some(CurrentType::Ac3),
        "dc" => Some(CurrentType::Dc),
        _ => None,
    }
}
