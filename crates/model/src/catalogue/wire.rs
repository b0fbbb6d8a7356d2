//! A metric as it is told to other programs: what it says of itself, and what follows from how it is made.

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use super::Metric;
use crate::Dimension;

/// Dimensions that a metric cannot be split by, and why.
#[derive(Serialize)]
struct Refused {
    dimensions: Vec<&'static str>,
    reason: &'static str,
    instead: &'static str,
}

fn refused(metric: &Metric) -> Vec<Refused> {
    let mut all: Vec<Refused> = Vec::new();
    for dimension in Dimension::ALL {
        let Some(why) = metric.refuses(dimension) else { continue };
        match all.iter_mut().find(|known| known.reason == why.reason) {
            Some(known) => known.dimensions.push(dimension.id()),
            None => {
                all.push(Refused { dimensions: vec![dimension.id()], reason: why.reason, instead: why.instead });
            }
        }
    }
    all
}

impl Serialize for Metric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let dimensions: Vec<&str> = self.dimensions().map(Dimension::id).collect();
        let mut map = serializer.serialize_struct("Metric", 18)?;
        map.serialize_field("id", self.id)?;
        map.serialize_field("name", self.name)?;
        map.serialize_field("short_name", self.short_name)?;
        map.serialize_field("unit", self.unit)?;
        map.serialize_field("unit_label", self.unit_label)?;
        map.serialize_field("format", &self.format)?;
        map.serialize_field("sentence", self.sentence)?;
        map.serialize_field("formula", self.formula)?;
        map.serialize_field("exclusions", self.exclusions)?;
        map.serialize_field("source", self.source)?;
        map.serialize_field("version", &self.version)?;
        map.serialize_field("combine", &self.combine())?;
        map.serialize_field("combine_words", self.combine().words())?;
        map.serialize_field("good_direction", &self.good_direction)?;
        map.serialize_field("needs", &self.lacks().map(|_| "status"))?;
        map.serialize_field("within_operator", &self.rule.is_within_operator())?;
        map.serialize_field("dimensions", &dimensions)?;
        map.serialize_field("refused", &refused(self))?;
        map.end()
    }
}
