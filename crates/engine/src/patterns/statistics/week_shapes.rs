//! Reference shapes of a week: what each kind of use looks like when it is pure.
//!
//! They are fixed, so that a charge point keeps its name whatever others do. Drawn by hand to the hours in which each kind of driver
//! leaves a vehicle plugged in; only proportions within a shape matter.

/// Hours of a week; the first is Monday 00:00, local time.
pub(crate) const HOURS: usize = 168;

/// Vehicles plugged in by hour of the day.
type Day = [f64; 24];

/// A kind of use: id, name, what it says, its shape on weekdays and at weekends, and the mean stay that fits it, hours.
pub(crate) struct Kind {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) sentence: &'static str,
    pub(super) weekday: Day,
    pub(super) weekend: Day,
    pub(super) stay_h: (f64, f64),
}

/// The kinds, in the order in which screens list them.
pub(crate) const KINDS: [Kind; 6] = [
    Kind {
        id: "overnight_residential",
        name: "Overnight residential",
        sentence: "Vehicles stay overnight: most are plugged in from the evening until the morning, fewest around midday.",
        weekday: [
            14., 14., 13., 13., 13., 12., 12., 11., 9., 8., 7., 6., 6., 6., 6., 6., 7., 8., 9., 11., 12., 13., 14., 14.,
        ],
        weekend: [
            13., 13., 13., 13., 13., 13., 12., 10., 9., 8., 7., 6., 6., 6., 7., 7., 7., 7., 8., 9., 10., 11., 11., 11.,
        ],
        stay_h: (4.0, f64::INFINITY),
    },
    Kind {
        id: "day_and_night",
        name: "Day and night",
        sentence: "Long stays at all hours: residents overnight and visitors by day take turns.",
        weekday: [
            11., 11., 10., 10., 10., 10., 10., 9., 9., 9., 9., 9., 9., 9., 10., 10., 10., 10., 11., 11., 11., 11., 11.,
            11.,
        ],
        weekend: [
            11., 11., 11., 10., 10., 10., 10., 9., 9., 9., 9., 9., 9., 9., 9., 10., 10., 10., 10., 10., 11., 11., 11.,
            11.,
        ],
        stay_h: (4.0, f64::INFINITY),
    },
    Kind {
        id: "daytime_destination",
        name: "Daytime destination",
        sentence: "Visitors come by day, all week: shops, leisure, town centres; hardly anybody stays overnight.",
        weekday: [
            2., 1., 1., 1., 0., 0., 1., 2., 6., 11., 15., 18., 20., 21., 21., 20., 19., 17., 16., 14., 11., 8., 5., 3.,
        ],
        weekend: [
            2., 1., 1., 1., 0., 0., 0., 1., 3., 8., 13., 17., 20., 21., 21., 21., 20., 19., 18., 16., 12., 9., 6., 4.,
        ],
        stay_h: (0.7, 8.0),
    },
    Kind {
        id: "commuter",
        name: "Commuter",
        sentence: "Weekday working hours: vehicles come in the morning, leave in the late afternoon, and weekends are quiet.",
        weekday: [
            1., 1., 1., 1., 1., 1., 3., 10., 20., 26., 27., 27., 26., 25., 25., 24., 20., 11., 5., 3., 2., 2., 1., 1.,
        ],
        weekend: [1., 1., 1., 1., 1., 1., 1., 1., 1., 2., 2., 3., 3., 3., 3., 2., 2., 2., 1., 1., 1., 1., 1., 1.],
        stay_h: (2.0, f64::INFINITY),
    },
    Kind {
        id: "all_day_hub",
        name: "All-day hub",
        sentence: "Short stops from morning to late evening, every day of the week.",
        weekday: [
            4., 2., 2., 1., 1., 3., 5., 8., 11., 13., 14., 15., 16., 16., 16., 16., 16., 16., 15., 13., 12., 10., 8.,
            6.,
        ],
        weekend: [
            4., 3., 2., 2., 2., 2., 3., 6., 9., 10., 13., 14., 15., 15., 16., 16., 16., 16., 16., 15., 13., 12., 9., 7.,
        ],
        stay_h: (0.0, 2.0),
    },
    Kind {
        id: "taxi_hub",
        name: "Taxi hub",
        sentence: "Short stops round the clock, busiest between shifts: around midday and again late at night.",
        weekday: [
            12., 9., 8., 6., 6., 9., 10., 8., 6., 7., 8., 11., 13., 16., 17., 14., 12., 9., 7., 6., 8., 11., 13., 14.,
        ],
        weekend: [
            12., 9., 8., 6., 6., 9., 10., 7., 6., 7., 8., 11., 13., 16., 17., 14., 12., 9., 7., 6., 8., 10., 13., 14.,
        ],
        stay_h: (0.0, 2.0),
    },
];
