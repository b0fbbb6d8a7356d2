//! Which members a question is about, and into which groups they fall.

use std::sync::Arc;

use datafusion::arrow::array::{Int32Array, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use kerbwatt_model::{Dimension, Filter, Query};

use crate::member::Member;
use crate::route::is_in_cube;
use crate::{EngineError, Snapshot};

/// Marks a member that the filters leave out.
pub(crate) const OUT: i32 = -1;

/// Members that pass the filters, each with the number of its group; a group is one combination of dimension values.
pub(crate) struct Groups {
    /// Group of each member, by its index; [`OUT`] where left out.
    pub(crate) of: Vec<i32>,
    /// Values of each group, in the order of the dimensions.
    pub(crate) values: Vec<Vec<Option<Arc<str>>>>,
    /// Zone of each group's clock, where groups were told apart by it.
    pub(crate) zones: Vec<Arc<str>>,
}

impl Groups {
    /// Groups the members by the question's dimensions that are not time.
    pub(crate) fn of(snapshot: &Snapshot, query: &Query) -> Result<Self, EngineError> {
        let by: Vec<Dimension> = places_of(&query.by);
        Self::build(snapshot, query, &by, |member| by.iter().map(|d| member.shared(*d)).collect())
    }

    /// As [`Groups::of`], and apart by the zone of the clock, for hours of a day.
    pub(crate) fn with_zones(snapshot: &Snapshot, query: &Query) -> Result<Self, EngineError> {
        let by: Vec<Dimension> = places_of(&query.by);
        // Members of a cell have the same zone.
        let mut groups = Self::build(snapshot, query, &by, |member| {
            let zone = Some(Arc::clone(&member.zone));
            by.iter().map(|d| member.shared(*d)).chain([zone]).collect()
        })?;
        groups.zones =
            groups.values.iter_mut().map(|values| values.pop().flatten().unwrap_or_else(|| "UTC".into())).collect();
        Ok(groups)
    }

    /// For each of these finer groups, the group of `coarse` with the same values.
    pub(crate) fn within(&self, coarse: &Self) -> Vec<i32> {
        let numbers: hashbrown::HashMap<_, _> = coarse.values.iter().zip(0i32..).collect();
        self.values.iter().map(|values| numbers.get(values).copied().unwrap_or(OUT)).collect()
    }

    /// Each operator its own group.
    pub(crate) fn by_operator(snapshot: &Snapshot, query: &Query) -> Result<Self, EngineError> {
        Self::build(snapshot, query, &[Dimension::Operator], |member| vec![Some(Arc::clone(&member.operator))])
    }

    /// Each operator its own group, whatever is asked.
    pub(crate) fn operators_of_all(snapshot: &Snapshot) -> Result<Self, EngineError> {
        let all = Query {
            metrics: Vec::new(),
            by: Vec::new(),
            filters: Vec::new(),
            period: None,
            as_of: None,
            ledger: false,
        };
        Self::by_operator(snapshot, &all)
    }

    /// Groups the members that pass the filters by a key, which is made of some dimensions and the zone at most.
    pub(crate) fn build(
        snapshot: &Snapshot,
        query: &Query,
        by: &[Dimension],
        key: impl Fn(&Member) -> Vec<Option<Arc<str>>>,
    ) -> Result<Self, EngineError> {
        let filters =
            query.filters.iter().map(|filter| Accepted::of(snapshot, filter)).collect::<Result<Vec<_>, _>>()?;
        let mut known: hashbrown::HashMap<Vec<Option<Arc<str>>>, i32> = hashbrown::HashMap::new();
        let mut values = Vec::new();
        let mut group = |member: &Member| {
            if !filters.iter().all(|filter| filter.accepts(member)) {
                return OUT;
            }
            let key = key(member);
            if let Some(group) = known.get(&key) {
                return *group;
            }
            let group = i32::try_from(values.len()).unwrap_or(i32::MAX);
            values.push(key.clone());
            known.insert(key, group);
            group
        };
        let (members, asked) = (&snapshot.members, query.filters.iter().map(|filter| &filter.dimension));
        // Members of a cell do not differ in these: one of them is looked at for all.
        let of = if by.iter().chain(asked).all(|dimension| is_in_cube(*dimension)) {
            let of_cells: Vec<i32> = members.cells().iter().map(|at| group(&members.all()[*at])).collect();
            members.cell_of().iter().map(|cell| of_cells[*cell as usize]).collect()
        } else {
            members.all().iter().map(group).collect()
        };
        Ok(Self { of, values, zones: Vec::new() })
    }

    /// Groups without values, by the number of each member's.
    pub(crate) fn numbered(of: Vec<i32>) -> Self {
        Self { of, values: Vec::new(), zones: Vec::new() }
    }

    /// Whether each group is of one operator.
    pub(crate) fn are_within_operators(&self, snapshot: &Snapshot) -> bool {
        let mut operators: Vec<Option<&str>> = vec![None; self.values.len()];
        snapshot.members.all().iter().zip(&self.of).all(|(member, group)| {
            let known = usize::try_from(*group).ok().and_then(|group| operators.get_mut(group));
            known.is_none_or(|known| *known.get_or_insert(&member.operator) == &*member.operator)
        })
    }

    /// The operators of the members that take part: only their partitions need be read.
    pub(crate) fn operators(&self, snapshot: &Snapshot) -> Vec<Arc<str>> {
        let members = &snapshot.members;
        let mut takes_part = vec![false; members.cells().len()];
        for (cell, _) in members.cell_of().iter().zip(&self.of).filter(|(_, group)| **group != OUT) {
            takes_part[*cell as usize] = true;
        }
        // Members of a cell have the same operator.
        let mut operators: Vec<Arc<str>> = Vec::new();
        for (first, _) in members.cells().iter().zip(takes_part).filter(|(_, takes_part)| *takes_part) {
            let operator = &members.all()[*first].operator;
            if !operators.contains(operator) {
                operators.push(Arc::clone(operator));
            }
        }
        operators
    }

    /// Version, group and EVSE of each member that takes part, as a table to join with a rollup.
    pub(crate) fn batch(&self, snapshot: &Snapshot) -> Result<RecordBatch, EngineError> {
        let taking_part = || snapshot.members.all().iter().zip(&self.of).filter(|(_, group)| **group != OUT);
        let schema =
            Schema::new(["of_version", "g", "e"].map(|name| Field::new(name, DataType::Int32, false)).to_vec());
        let versions = Int32Array::from_iter_values(taking_part().map(|(member, _)| member.version));
        let groups = Int32Array::from_iter_values(taking_part().map(|(_, group)| *group));
        let evses = Int32Array::from_iter_values(taking_part().map(|(member, _)| member.evse));
        Ok(RecordBatch::try_new(Arc::new(schema), vec![Arc::new(versions), Arc::new(groups), Arc::new(evses)])?)
    }
}

/// The dimensions that are properties of EVSEs, in order.
pub(crate) fn places_of(by: &[Dimension]) -> Vec<Dimension> {
    by.iter().copied().filter(|dimension| !is_bucket(*dimension)).collect()
}

/// The dimensions that are parts of time or bins of sessions, in order.
pub(crate) fn times_of(by: &[Dimension]) -> Vec<Dimension> {
    by.iter().copied().filter(|dimension| is_bucket(*dimension)).collect()
}

fn is_bucket(dimension: Dimension) -> bool {
    dimension.is_time() || dimension.is_of_session()
}

/// A filter whose values have been found.
struct Accepted {
    dimension: Dimension,
    values: Vec<String>,
}

impl Accepted {
    fn of(snapshot: &Snapshot, filter: &Filter) -> Result<Self, EngineError> {
        let (mut values, mut left) = (Vec::new(), &filter.values[..]);
        while let [value, ..] = left {
            // A name may hold the comma that values are divided by.
            let one = |count: usize| [", ", ","].map(|comma| left[..count].join(comma));
            let named = |count: usize| one(count).iter().find_map(|name| found(snapshot, filter.dimension, name));
            let Some((count, known)) = (1..=left.len()).find_map(|count| Some((count, named(count)?))) else {
                return Err(EngineError::UnknownValue { dimension: filter.dimension.id(), value: value.clone() });
            };
            values.extend(known);
            left = &left[count..];
        }
        Ok(Self { dimension: filter.dimension, values })
    }

    fn accepts(&self, member: &Member) -> bool {
        member.value(self.dimension).is_some_and(|value| self.values.iter().any(|accepted| accepted == value))
    }
}

fn found(snapshot: &Snapshot, dimension: Dimension, value: &str) -> Option<Vec<String>> {
    Some(find(snapshot, dimension, value)).filter(|found| !found.is_empty())
}

/// A code or id as it stands, or every id of that name.
fn find(snapshot: &Snapshot, dimension: Dimension, value: &str) -> Vec<String> {
    let is_known = snapshot.labels.name(dimension, value).is_some()
        || snapshot.members.all().iter().any(|member| member.value(dimension) == Some(value))
        || fixed_values(dimension).contains(&value);
    if is_known {
        return vec![value.to_owned()];
    }
    snapshot.labels.ids_named(dimension, value).into_iter().map(str::to_owned).collect()
}

/// Values that are valid whether or not any member has them.
fn fixed_values(dimension: Dimension) -> Vec<&'static str> {
    match dimension {
        Dimension::PowerBand => kerbwatt_model::PowerBand::ALL.iter().map(|band| band.id()).collect(),
        Dimension::Siting => kerbwatt_model::Siting::ALL.iter().map(|siting| siting.id()).collect(),
        Dimension::Current => vec!["ac1", "ac3", "dc"],
        _ => Vec::new(),
    }
}
