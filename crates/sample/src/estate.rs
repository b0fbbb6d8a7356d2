//! The charge points: which operator has which, where, since when.

use jiff::civil::{Date, date};
use kerbwatt_model::{CurrentType, Period, Siting, day_number};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::habits::Habit;
use crate::operators::{Character, Fleet, OPERATORS};
use crate::seeded::{Purpose, log_normal, pick, stream, weighted};
use crate::size::Size;
use crate::spots::{Ground, Grounds};
use crate::streets;

/// Since when charge points of the Local EV Infrastructure fund are built.
const LEVI_FROM: Date = date(2024, 4, 1);

/// A site.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) postcode: String,
    /// Latitude and longitude, where the register has them.
    pub(crate) place: Option<(f64, f64)>,
    pub(crate) siting: Siting,
    /// Borough or body that owns it; none where that is the operator.
    pub(crate) owner: Option<String>,
    /// Factor on arrivals.
    bustle: f64,
}

/// An EVSE.
#[derive(Debug, Clone)]
pub(crate) struct Evse {
    /// Its number in the whole sample, for its streams.
    pub(crate) number: u64,
    pub(crate) site: usize,
    /// The operator's id of it, as in returns.
    pub(crate) uid: String,
    pub(crate) device: String,
    pub(crate) connector: u8,
    pub(crate) rated_kw: f64,
    pub(crate) habit: Habit,
    /// Arrivals on an ordinary day, once known in its neighbourhood.
    pub(crate) arrivals: f64,
    /// Days in service, as day numbers; both ends included.
    pub(crate) service: (i64, Option<i64>),
    /// Whether the register knows the first day.
    pub(crate) dated: bool,
    /// Whether the register has it at all.
    pub(crate) registered: bool,
    /// Since when nobody can use it although it is in service, as a day number.
    pub(crate) dead_from: Option<i64>,
}

impl Evse {
    /// The scheme that paid for it, as boroughs name them: the one for homes without a drive, and the one that followed it.
    pub(crate) fn funding_scheme(&self, site: &Site) -> Option<&'static str> {
        let is_later = self.service.0 >= day_number(LEVI_FROM);
        (site.siting == Siting::OnStreet).then_some(if is_later { "LEVI" } else { "ORCS" })
    }

    pub(crate) fn current(&self) -> CurrentType {
        match self.rated_kw {
            kw if kw < 8.0 => CurrentType::Ac1,
            kw if kw < 50.0 => CurrentType::Ac3,
            _ => CurrentType::Dc,
        }
    }
}

/// All that one operator has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Estate {
    pub(crate) sites: Vec<Site>,
    pub(crate) evses: Vec<Evse>,
}

/// What the estates are made for.
pub(crate) struct Plan<'a> {
    pub(crate) seed: u64,
    pub(crate) size: Size,
    pub(crate) period: Period,
    pub(crate) grounds: Grounds<'a>,
}

/// The estates of all operators, in their order.
pub(crate) fn estates(plan: &Plan<'_>) -> Vec<Estate> {
    let mut number = 0;
    let mut estates = Vec::new();
    for (index, character) in (0..).zip(&OPERATORS) {
        let mut builder = Builder::new(plan, index, character, number);
        for fleet in character.fleets {
            builder.add(fleet);
        }
        number = builder.number;
        estates.push(builder.estate);
    }
    estates
}

/// Streets and car parks are the borough's, taxi ranks are Transport for London's.
fn owner(siting: Siting, ground: &Ground<'_>) -> Option<String> {
    match siting {
        Siting::OnStreet | Siting::CarPark => Some(ground.borough.name.clone()),
        Siting::Taxi => Some("Transport for London".to_owned()),
        _ => None,
    }
}

struct Builder<'p, 'a> {
    plan: &'p Plan<'a>,
    character: &'static Character,
    rng: ChaCha8Rng,
    /// Weights of the grounds: 0 where the operator has no sites.
    weights: Vec<f64>,
    number: u64,
    devices: u32,
    estate: Estate,
}

impl<'p, 'a> Builder<'p, 'a> {
    fn new(plan: &'p Plan<'a>, index: u64, character: &'static Character, number: u64) -> Self {
        let mut rng = stream(plan.seed, Purpose::Estate, index, 0);
        let mut weights: Vec<f64> = plan.grounds.list.iter().map(|ground| ground.weight).collect();
        for weight in &mut weights {
            if !rng.random_bool(character.reach) {
                *weight = 0.0;
            }
        }
        Self { plan, character, rng, weights, number, devices: 0, estate: Estate::default() }
    }

    /// Adds sites until the fleet has its share of the sample's EVSEs.
    fn add(&mut self, fleet: &Fleet) {
        let goal = self.estate.evses.len() + (self.plan.size.evses() * fleet.share).div_ceil(1000);
        while self.estate.evses.len() < goal {
            let chosen = weighted(&mut self.rng, &self.weights);
            let plan = self.plan;
            let Some(ground) = plan.grounds.list.get(chosen) else { return };
            self.add_site(fleet, ground, goal);
        }
    }

    fn add_site(&mut self, fleet: &Fleet, ground: &Ground<'_>, goal: usize) {
        let site = self.site(fleet, ground);
        let kw = pick(&mut self.rng, fleet.kw).copied().unwrap_or(7.4);
        let opened = self.opened();
        let devices = self.rng.random_range(fleet.devices.0..=fleet.devices.1);
        for _ in 0..devices {
            self.devices += 1;
            for connector in 1..=fleet.sockets {
                if self.estate.evses.len() < goal {
                    let evse = self.evse(fleet, connector, kw, site.bustle, opened);
                    self.estate.evses.push(evse);
                }
            }
        }
        self.estate.sites.push(site);
    }

    fn site(&mut self, fleet: &Fleet, ground: &Ground<'_>) -> Site {
        let rng = &mut self.rng;
        let siting = if fleet.car_park { Siting::CarPark } else { fleet.habit.siting() };
        let street = streets::street(rng);
        let outside = rng.random_bool(0.01);
        let place = if outside { self.plan.grounds.beyond(rng) } else { self.plan.grounds.place(rng, ground) };
        let located = !rng.random_bool(0.004);
        Site {
            id: format!("{}-S{:05}", self.prefix(), self.estate.sites.len() + 1),
            name: streets::site_name(&mut self.rng, &street, siting),
            address: format!("{} {street}, {}", self.rng.random_range(1..180), ground.borough.name),
            postcode: streets::postcode(&mut self.rng, &ground.borough.code),
            place: located.then_some(place),
            siting,
            owner: owner(siting, ground),
            bustle: ground.bustle * log_normal(&mut self.rng, 1.0, 0.3),
        }
    }

    /// First day in service of a site, as a day number: before the sample, or while it runs.
    fn opened(&mut self) -> i64 {
        let (first, last) = (day_number(self.plan.period.first), day_number(self.plan.period.last));
        if self.rng.random_bool(self.plan.size.early_share()) {
            first - self.rng.random_range(1..1100)
        } else {
            self.rng.random_range(first..(last - 20).max(first + 1))
        }
    }

    fn evse(&mut self, fleet: &Fleet, connector: u8, kw: f64, bustle: f64, opened: i64) -> Evse {
        self.number += 1;
        let (uid, device) = self.names(connector);
        let (first, last) = (day_number(self.plan.period.first), day_number(self.plan.period.last));
        let room = (first.max(opened) + 60, last);
        let rng = &mut self.rng;
        let mut later =
            |share: f64| (rng.random_bool(share) && room.0 < room.1).then(|| rng.random_range(room.0..room.1));
        let (closed, broken) = (later(0.03), later(0.03));
        let never = self.rng.random_bool(0.02).then_some(i64::MIN);
        // Every operator has at least one point that its register lacks.
        let unregistered = self.estate.evses.len() == 4 || self.rng.random_bool(0.001);
        let typical = fleet.habit.arrivals() * fleet.habit.bustle(self.plan.size.bustle());
        Evse {
            number: self.number,
            site: self.estate.sites.len(),
            uid,
            device,
            connector,
            rated_kw: kw,
            habit: fleet.habit,
            arrivals: (typical * bustle * log_normal(&mut self.rng, 1.0, 0.35)).min(typical * 3.0),
            service: (opened, closed),
            dated: opened >= first || self.rng.random_bool(0.95),
            registered: !unregistered,
            dead_from: never.or(broken),
        }
    }

    /// Ids of an EVSE and its device, as the operator's layout joins them.
    fn names(&self, connector: u8) -> (String, String) {
        let prefix = self.prefix();
        let number = self.devices;
        match self.character.operator.layout {
            "semicolon-comma" => (format!("{prefix}{number:06}*{connector}"), format!("{prefix}{number:06}")),
            "wh-epoch" => {
                let uid = format!("{}-{number:06}-{connector}", prefix.to_lowercase());
                (uid.clone(), uid)
            }
            "split-date" => (format!("{prefix}-{number:05}/{connector}"), format!("{prefix}-{number:05}")),
            "dundee-2018" => {
                let device = 60_000 + number;
                (format!("{device}-{connector}"), device.to_string())
            }
            _ => (format!("GB*{prefix}*E{number:06}*{connector}"), format!("{prefix}-{number:06}")),
        }
    }

    /// The operator's letters.
    fn prefix(&self) -> String {
        self.character.operator.id.trim_start_matches("gb-").to_uppercase()
    }
}
