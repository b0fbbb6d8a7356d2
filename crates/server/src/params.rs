//! Parameters in the address: each endpoint says which it takes; any other is an error that lists them.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use jiff::Timestamp;
use kerbwatt_hub::Hub;
use kerbwatt_model::{AsOf, AsOfError, Dimension};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Object, Required};

pub(crate) use crate::param::*;
use crate::problem::Problem;

/// The parameters of an endpoint.
pub(crate) trait Accepts: Send + Sync + 'static {
    /// Its own parameters.
    const PARAMS: &'static [Param];
    /// Whether it also takes each dimension as a filter.
    const FILTERS: bool = false;
}

/// Nothing at all.
pub(crate) struct Nothing;
impl Accepts for Nothing {
    const PARAMS: &'static [Param] = &[];
}

/// The parameters given with a request, all of them known.
pub(crate) struct Given<T> {
    pairs: Vec<(String, String)>,
    /// Whether the answer is wanted as CSV.
    pub(crate) csv: bool,
    endpoint: PhantomData<T>,
}

impl<T: Accepts> Given<T> {
    fn read(uri: &Uri, headers: &HeaderMap) -> Result<Self, Problem> {
        let pairs = pairs(uri)?;
        let known = names::<T>();
        if let Some((name, _)) = pairs.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            return Err(unknown(name, &known));
        }
        let csv = known.contains(&FORMAT.name) && wants_csv(uri, headers);
        let given = Self { pairs, csv, endpoint: PhantomData };
        for param in T::PARAMS {
            given.check(param)?;
        }
        Ok(given)
    }

    fn check(&self, param: &Param) -> Result<(), Problem> {
        let name = param.name;
        if !param.is_list && self.pairs.iter().filter(|(given, _)| given == name).count() > 1 {
            // Either could be meant, and what is done with the other would go unseen.
            let message = format!("the parameter “{name}” is given more than once");
            return Err(Problem::parameter(name, "repeated_parameter", message, "Give it once."));
        }
        let value = self.one(name);
        if param.required && value.is_none_or(|value| value.trim().is_empty()) {
            let message = format!("the parameter “{name}” is missing");
            return Err(Problem::parameter(name, "missing_parameter", message, format!("{}.", param.about)));
        }
        let Some(value) = value else { return Ok(()) };
        match param.takes {
            Takes::OneOf(choices) if !choices.contains(&value) => {
                let message = format!("{name}=“{value}” is not known");
                Err(Problem::parameter(
                    name,
                    "unknown_choice",
                    message,
                    format!("Choose from: {}.", choices.join(", ")),
                ))
            }
            Takes::Number if value.parse::<u32>().is_err() => {
                let message = format!("{name}=“{value}” is not a whole number");
                Err(Problem::parameter(name, "not_a_number", message, format!("Give a number from 0 to {}.", u32::MAX)))
            }
            _ => Ok(()),
        }
    }

    /// The value of a parameter, which is given once at most.
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// The values of a comma list, from wherever it is given.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        let values = self.pairs.iter().filter(|(given, _)| given == name).flat_map(|(_, value)| value.split(','));
        values.map(str::trim).filter(|value| !value.is_empty()).collect()
    }

    /// A number, already checked.
    pub(crate) fn number(&self, param: &Param) -> Option<u32> {
        self.one(param.name).and_then(|value| value.parse().ok())
    }

    /// The data version that is asked; none where the newest is.
    ///
    /// # Errors
    /// 400 for what names none, 404 where there is none or it is no longer held.
    pub(crate) fn as_of(&self, hub: &Hub) -> Result<Option<i64>, Problem> {
        self.version(hub, &AS_OF)
    }

    /// The data version that a parameter names.
    ///
    /// # Errors
    /// As [`Given::as_of`].
    pub(crate) fn version(&self, hub: &Hub, param: &Param) -> Result<Option<i64>, Problem> {
        self.one(param.name).map(|text| version(hub, param, text)).transpose()
    }

    /// Filters in the order of the dimensions, so that the order in the address does not matter.
    pub(crate) fn filters(&self) -> Vec<(String, Vec<String>)> {
        let given: BTreeSet<&str> = self.pairs.iter().map(|(name, _)| name.as_str()).collect();
        let names = filter_names().filter(|name| given.contains(name));
        names.map(|name| (name.to_owned(), self.list(name).into_iter().map(str::to_owned).collect())).collect()
    }
}

impl<S: Send + Sync, T: Accepts> FromRequestParts<S> for Given<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::read(&parts.uri, &parts.headers)
    }
}

impl<T: Accepts> IntoParams for Given<T> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut params: Vec<Parameter> = T::PARAMS.iter().map(described).collect();
        if T::FILTERS {
            params.extend(filter_names().map(|name| {
                let about = match Dimension::of_id(name) {
                    Some(dimension) if name == dimension.id() => {
                        format!(
                            "Only this {}: ids, codes or names, separated by commas",
                            dimension.name().to_lowercase()
                        )
                    }
                    _ => "Short for power_band".to_owned(),
                };
                parameter(name, &about, false, plain(Type::String))
            }));
        }
        params
    }
}

fn described(param: &Param) -> Parameter {
    let schema = match param.takes {
        Takes::Text => plain(Type::String),
        Takes::Number => ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).build(),
        Takes::OneOf(choices) => {
            ObjectBuilder::new().schema_type(Type::String).enum_values(Some(choices.to_vec())).build()
        }
    };
    parameter(param.name, param.about, param.required, schema)
}

fn plain(kind: Type) -> Object {
    ObjectBuilder::new().schema_type(kind).build()
}

fn parameter(name: &str, about: &str, required: bool, schema: Object) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .description(Some(about))
        .required(if required { Required::True } else { Required::False })
        .schema(Some(schema))
        .build()
}

fn filter_names() -> impl Iterator<Item = &'static str> {
    Dimension::ALL.into_iter().filter(|dimension| dimension.can_filter()).map(Dimension::id).chain(["band"])
}

fn names<T: Accepts>() -> Vec<&'static str> {
    let own = T::PARAMS.iter().map(|param| param.name);
    own.chain(filter_names().filter(|_| T::FILTERS)).collect()
}

/// The data version that is asked for at an address; none where the newest is.
pub(crate) fn version_at(hub: &Hub, uri: &Uri) -> Result<Option<i64>, Problem> {
    let asked = pairs(uri).unwrap_or_default().into_iter().rev().find(|(name, _)| name == AS_OF.name);
    asked.map(|(_, text)| version(hub, &AS_OF, &text)).transpose()
}

fn version(hub: &Hub, param: &Param, text: &str) -> Result<i64, Problem> {
    let malformed = |error: AsOfError| {
        Problem::parameter(param.name, "malformed_version", format!("{}: {error}", param.name), error.advice())
    };
    let asked = AsOf::parse(text).map_err(malformed)?;
    hub.resolve(&asked, Timestamp::now()).map_err(|error| Problem::from(error).at(param.name))
}

fn unknown(name: &str, known: &[&str]) -> Problem {
    if name == AS_OF.name {
        let message = "this address takes no as_of: it does not show figures as of one data version";
        let advice = "Returns, decisions and the tracker are the record itself, which says for each when it was. Figures and \
             places take as_of; /api/v1/changes says what changed between two data versions.";
        return Problem::parameter(name, "not_versioned", message, advice);
    }
    let message = format!("the parameter “{name}” is not known here");
    let advice = if known.is_empty() {
        "This address takes no parameters.".to_owned()
    } else {
        format!("Known are: {}.", known.join(", "))
    };
    Problem::parameter(name, "unknown_parameter", message, advice)
}

fn pairs(uri: &Uri) -> Result<Vec<(String, String)>, Problem> {
    let Query(pairs) = Query::try_from_uri(uri).map_err(|error| {
        let advice = "Write name=value pairs joined by &, with blanks and signs percent-encoded.";
        Problem::new(StatusCode::BAD_REQUEST, "malformed_parameters", error.to_string(), advice)
    })?;
    Ok(pairs)
}

/// Whether a request is for CSV: by `format`, else by the Accept header.
pub(crate) fn wants_csv(uri: &Uri, headers: &HeaderMap) -> bool {
    let asked = pairs(uri).unwrap_or_default().into_iter().rev().find(|(name, _)| name == FORMAT.name);
    if let Some((_, format)) = asked {
        return format == "csv";
    }
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let position = |kind: &str| accept.split(',').position(|part| part.trim().split(';').next() == Some(kind));
    match (position("text/csv"), position("application/json")) {
        (Some(csv), Some(json)) => csv < json,
        (csv, _) => csv.is_some(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    struct Figures;
    impl Accepts for Figures {
        const PARAMS: &'static [Param] = &[METRIC, FROM, LIMIT, ORDER, FORMAT];
        const FILTERS: bool = true;
    }

    fn read(query: &str) -> Result<Given<Figures>, Problem> {
        Given::read(&format!("/x?{query}").parse().unwrap(), &HeaderMap::new())
    }

    #[test]
    fn lists_are_split_at_commas_and_joined_over_repeats() {
        let given = read("metric=sessions,%20energy_kwh&metric=evses&band=slow&operator=a,b").unwrap();
        assert_eq!(given.list("metric"), ["sessions", "energy_kwh", "evses"]);
        let filters = given.filters();
        assert_eq!(filters[0], ("operator".to_owned(), vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(filters[1], ("band".to_owned(), vec!["slow".to_owned()]));
    }

    #[test]
    fn an_unknown_parameter_is_refused_with_the_known_ones() {
        for query in ["metric=sessions&colour=red", "metric=sessions&day=2024-01-01", "metric=sessions&by=ward"] {
            let problem = format!("{:?}", read(query).err().unwrap());
            assert!(problem.contains("unknown_parameter") && problem.contains("borough"), "{problem}");
        }
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_refused_by_its_name() {
        for (query, code) in [
            ("", "missing_parameter"),
            ("metric=", "missing_parameter"),
            ("metric=a&limit=many", "not_a_number"),
            ("metric=a&limit=-1", "not_a_number"),
            ("metric=a&order=up", "unknown_choice"),
            ("metric=a&format=xlsx", "unknown_choice"),
            ("metric=a&from=2024&from=2023", "repeated_parameter"),
            ("metric=a&limit=1&limit=1", "repeated_parameter"),
        ] {
            let problem = read(query).err().unwrap();
            assert!(format!("{problem:?}").contains(code), "{query}: {problem:?}");
            assert_eq!(problem.into_response().status(), StatusCode::BAD_REQUEST);
        }
    }

    #[test]
    fn csv_is_chosen_by_format_and_else_by_what_is_accepted_first() {
        let wants = |query: &str, accept: &'static str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT, header::HeaderValue::from_static(accept))]);
            wants_csv(&format!("/x?{query}").parse().unwrap(), &headers)
        };
        assert!(wants("format=csv", "application/json"));
        assert!(!wants("format=json", "text/csv"));
        assert!(wants("", "text/csv;q=0.9, */*"));
        assert!(!wants("", "application/json, text/csv"));
        assert!(!wants("", "*/*"));
    }
}
