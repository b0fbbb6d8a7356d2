//! The invented operators.

use crate::habits::Habit;

/// An operator of the sample. None of the names is a real operator's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleOperator {
    /// Operator id, such as `gb-ald`.
    pub id: &'static str,
    /// Name.
    pub name: &'static str,
    /// Layout of its returns: the name of an intake profile.
    pub layout: &'static str,
}

/// A kind of charge point that an operator has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fleet {
    /// Share of all EVSEs of the sample, in thousandths.
    pub(crate) share: usize,
    pub(crate) habit: Habit,
    /// Rated powers, kW, one of which each site has.
    pub(crate) kw: &'static [f64],
    /// EVSEs of one device.
    pub(crate) sockets: u8,
    /// Fewest and most devices at a site.
    pub(crate) devices: (u8, u8),
    /// Whether the sites are car parks.
    pub(crate) car_park: bool,
}

/// A change of tariff.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TariffChange {
    /// When, as a share of the sample's days.
    pub(crate) at: f64,
    /// Factor on the price.
    pub(crate) price: f64,
    /// Factor on arrivals.
    pub(crate) arrivals: f64,
}

/// What is behind an operator.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Character {
    pub(crate) operator: SampleOperator,
    /// Share of boroughs it serves.
    pub(crate) reach: f64,
    /// Pence a kWh.
    pub(crate) price: f64,
    pub(crate) tariff: Option<TariffChange>,
    /// Quarters for which no return came, counted back from the last (1).
    pub(crate) missing: &'static [usize],
    /// When the whole network was down for three days, as a share of the sample's days.
    pub(crate) blackout: Option<f64>,
    pub(crate) fleets: &'static [Fleet],
}

const fn fleet(share: usize, habit: Habit, kw: &'static [f64], sockets: u8, devices: (u8, u8)) -> Fleet {
    Fleet { share, habit, kw, sockets, devices, car_park: false }
}

const fn operator(id: &'static str, name: &'static str, layout: &'static str, fleets: &'static [Fleet]) -> Character {
    let operator = SampleOperator { id, name, layout };
    Character { operator, reach: 1.0, price: 55.0, tariff: None, missing: &[], blackout: None, fleets }
}

const fn tariff(at: f64, price: f64, arrivals: f64) -> Option<TariffChange> {
    Some(TariffChange { at, price, arrivals })
}

/// All operators. The shares add up to 1,000.
pub(crate) static OPERATORS: [Character; 12] = [
    Character {
        reach: 0.75,
        price: 49.0,
        ..operator(
            "gb-ald",
            "Alderbrook Street Charging",
            "kerbwatt",
            &[fleet(290, Habit::Overnight, &[5.5], 1, (2, 9))],
        )
    },
    Character {
        reach: 0.65,
        price: 45.0,
        tariff: tariff(0.55, 1.24, 0.8),
        ..operator(
            "gb-pwk",
            "Pennywick Kerbside",
            "semicolon-comma",
            &[fleet(210, Habit::Overnight, &[3.7, 5.5, 5.5], 1, (2, 7))],
        )
    },
    Character {
        reach: 0.6,
        price: 54.0,
        missing: &[5],
        ..operator("gb-msg", "Mossgate Residential", "wh-epoch", &[fleet(170, Habit::Mixed, &[7.4], 2, (1, 3))])
    },
    Character {
        reach: 0.4,
        price: 39.0,
        missing: &[3],
        ..operator("gb-tmn", "Tamarind Lane Power", "split-date", &[fleet(100, Habit::Mixed, &[7.0, 7.4], 2, (1, 2))])
    },
    Character {
        price: 52.0,
        ..operator("gb-cbl", "Cobbleway Charging", "dundee-2018", &[fleet(55, Habit::Daytime, &[22.0], 2, (1, 3))])
    },
    Character {
        price: 58.0,
        blackout: Some(0.71),
        ..operator(
            "gb-htm",
            "Heathermoor Destinations",
            "kerbwatt",
            &[fleet(45, Habit::Daytime, &[11.0, 22.0], 2, (1, 5))],
        )
    },
    Character {
        reach: 0.8,
        price: 50.0,
        missing: &[6],
        ..operator(
            "gb-qlf",
            "Quillfield Car Parks",
            "semicolon-comma",
            &[Fleet { car_park: true, ..fleet(60, Habit::Daytime, &[7.4, 22.0], 2, (2, 8)) }],
        )
    },
    Character {
        price: 68.0,
        tariff: tariff(0.62, 1.2, 0.7),
        ..operator(
            "gb-brc",
            "Bramblecourt Rapid",
            "dundee-2018",
            &[Fleet { car_park: true, ..fleet(20, Habit::Rapid, &[50.0, 75.0], 1, (1, 3)) }],
        )
    },
    Character {
        price: 79.0,
        ..operator("gb-sxb", "Saxonbury Hubs", "kerbwatt", &[fleet(12, Habit::Hub, &[150.0, 175.0, 300.0], 2, (2, 4))])
    },
    Character {
        price: 85.0,
        tariff: tariff(0.8, 0.8, 1.25),
        ..operator("gb-arw", "Arrowmere Ultra", "wh-epoch", &[fleet(10, Habit::Hub, &[150.0, 300.0], 2, (2, 5))])
    },
    Character {
        reach: 0.7,
        price: 62.0,
        missing: &[2, 7],
        ..operator("gb-cbs", "Cabstand Electric", "split-date", &[fleet(8, Habit::Taxi, &[50.0], 1, (1, 4))])
    },
    Character {
        reach: 0.5,
        price: 57.0,
        missing: &[1],
        ..operator(
            "gb-lnt",
            "Lanternside Boroughwide",
            "split-date",
            &[
                fleet(12, Habit::Mixed, &[7.4], 2, (1, 2)),
                Fleet { car_park: true, ..fleet(4, Habit::Daytime, &[22.0], 2, (1, 2)) },
                fleet(4, Habit::Rapid, &[50.0], 1, (1, 2)),
            ],
        )
    },
];

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use kerbwatt_model::OperatorId;

    use super::*;

    #[test]
    fn the_shares_add_up_and_the_ids_are_operator_ids() {
        let shares: usize = OPERATORS.iter().flat_map(|character| character.fleets).map(|fleet| fleet.share).sum();
        assert_eq!(shares, 1000);
        for character in &OPERATORS {
            assert_eq!(OperatorId::parse(character.operator.id).unwrap().as_str(), character.operator.id);
        }
    }

    #[test]
    fn every_layout_is_in_use() {
        for layout in ["kerbwatt", "semicolon-comma", "wh-epoch", "split-date", "dundee-2018"] {
            assert!(OPERATORS.iter().any(|character| character.operator.layout == layout), "{layout}");
        }
    }
}
