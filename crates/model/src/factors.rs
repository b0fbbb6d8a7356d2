//! Factors from energy to what it stands for: estimates, each with its source and year.

use serde::Serialize;

/// A factor that is not measured by charge points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Factor {
    /// Id.
    pub id: &'static str,
    /// Value.
    pub value: f64,
    /// Unit of the value.
    pub unit: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Year it is of.
    pub year: u16,
}

/// Version of the whole table; a change of any value counts it up, and the version of the metrics with it.
pub const FACTORS_VERSION: u32 = 1;

const KM_IN_A_MILE: f64 = 1.609_344;
const DESNZ: &str = "UK Government greenhouse gas conversion factors for company reporting (DESNZ)";

/// Miles that a car goes on a kWh.
pub(crate) const MILES_PER_KWH: Factor = Factor {
    id: "miles_per_kwh",
    value: 3.5,
    unit: "miles per kWh",
    about: "Distance of an average electric car on a kWh from the charge point; cars differ between about 2.5 and 4.5, less in winter.",
    source: "Kerbwatt planning assumption for a mixed fleet",
    year: 2024,
};

/// What a petrol car emits.
pub(crate) const PETROL_KG_PER_KM: Factor = Factor {
    id: "petrol_car",
    value: 0.164_50,
    unit: "kg CO2e per km",
    about: "Tailpipe emissions of an average petrol car.",
    source: DESNZ,
    year: 2024,
};

/// What making electricity emits.
pub(crate) const GRID_KG_PER_KWH: Factor = Factor {
    id: "grid_electricity",
    value: 0.207_05,
    unit: "kg CO2e per kWh",
    about: "UK electricity as generated.",
    source: DESNZ,
    year: 2024,
};

/// What is lost on its way.
pub(crate) const LOSSES_KG_PER_KWH: Factor = Factor {
    id: "grid_losses",
    value: 0.018_30,
    unit: "kg CO2e per kWh",
    about: "Transmission and distribution of UK electricity.",
    source: DESNZ,
    year: 2024,
};

/// Every factor.
pub static FACTORS: [Factor; 4] = [MILES_PER_KWH, PETROL_KG_PER_KM, GRID_KG_PER_KWH, LOSSES_KG_PER_KWH];

/// Emissions that a kWh avoids, kg CO2e: of the petrol car that would have gone the same way, less those of the electricity.
pub const AVOIDED_KG_PER_KWH: f64 =
    MILES_PER_KWH.value * KM_IN_A_MILE * PETROL_KG_PER_KM.value - GRID_KG_PER_KWH.value - LOSSES_KG_PER_KWH.value;

/// Miles that a kWh drives.
pub const ELECTRIC_MILES_PER_KWH: f64 = MILES_PER_KWH.value;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kwh_avoids_what_the_table_says() {
        assert!((AVOIDED_KG_PER_KWH - 0.701_229_8).abs() < 1e-6, "{AVOIDED_KG_PER_KWH}");
        for factor in FACTORS {
            assert!(factor.value > 0.0 && !factor.source.is_empty() && factor.year >= 2020, "{}", factor.id);
        }
    }
}
