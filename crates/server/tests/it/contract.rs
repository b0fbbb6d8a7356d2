//! Every reply has exactly the shape that the description of the API gives it.

use serde_json::{Map, Value};

use crate::client::{get, send};
use crate::writing;

/// An address of each kind, with the path that describes it.
const ADDRESSES: [(&str, &str); 40] = [
    ("/health", "/health"),
    ("/catalogue", "/catalogue"),
    ("/metrics?metric=sessions,utilisation_time&from=2024-01&to=2024-03&compare=1", "/metrics"),
    ("/metrics?metric=energy_kwh&band=slow", "/metrics"),
    ("/series?metric=sessions&by=hour_of_week", "/series"),
    ("/series?metric=sessions,energy_kwh&by=operator,month&operator=gb-abc", "/series"),
    ("/ranking?metric=sessions&by=borough&from=2024&to=2024-03&compare=last_year", "/ranking"),
    ("/ranking?metric=coverage&by=evse&limit=2", "/ranking"),
    ("/query?metric=evses&by=siting&limit=50", "/query"),
    ("/areas/borough", "/areas/{level}"),
    ("/areas/cell", "/areas/{level}"),
    ("/areas/borough/E09000007", "/areas/{level}/{code}"),
    ("/sites?metric=sessions,evses", "/sites"),
    ("/sites/gb-abc:L1", "/sites/{location}"),
    ("/evses?metric=sessions", "/evses"),
    ("/evses/gb-abc:B1", "/evses/{evse}"),
    ("/search?q=pancras", "/search"),
    ("/query?metric=evses&as_of=1", "/query"),
    ("/versions", "/versions"),
    ("/changes?from=1&metric=sessions,utilisation_time", "/changes"),
    ("/submissions", "/submissions"),
    ("/submissions/1", "/submissions/{id}"),
    ("/submissions/2", "/submissions/{id}"),
    ("/submissions/1/quarantine?offset=0&limit=25", "/submissions/{id}/quarantine"),
    ("/submissions/1/layout?header_rows=1", "/submissions/{id}/layout"),
    ("/tracker", "/tracker"),
    ("/sharing", "/sharing"),
    ("/profiles", "/profiles"),
    ("/fields?kind=register", "/fields"),
    ("/checks", "/checks"),
    ("/tracker?from=2024-01&to=2024-02", "/tracker"),
    ("/patterns/typical-day", "/patterns/typical-day"),
    ("/patterns/calendar?metric=sessions&from=2023-11&to=2024-02&operator=gb-abc", "/patterns/calendar"),
    ("/patterns/trend?metric=energy_kwh&from=2024-01&to=2024-03", "/patterns/trend"),
    ("/patterns/trend?evse=gb-abc:A2", "/patterns/trend"),
    ("/patterns/archetypes?by=location", "/patterns/archetypes"),
    ("/patterns/concentration", "/patterns/concentration"),
    ("/patterns/concentration?by=location&evse=gb-abc:A2", "/patterns/concentration"),
    ("/patterns/unused?days=10", "/patterns/unused"),
    ("/findings?from=2024-01&to=2024-03", "/findings"),
];

#[tokio::test]
async fn every_reply_has_the_shape_that_is_described() {
    let document = get("/openapi.json").await.json();
    for (address, path) in ADDRESSES {
        let reply = get(address).await;
        assert_eq!(reply.status, 200, "{address}: {}", reply.text());
        let content = &document["paths"][format!("/api/v1{path}")]["get"]["responses"]["200"]["content"];
        let kind = reply.header("content-type");
        let schema = &content[kind]["schema"];
        assert!(!schema.is_null(), "{address} is {kind}, which is not described");
        Shapes { document: &document }.must_fit(&reply.json(), schema, address);
    }
}

#[tokio::test]
async fn every_failure_has_the_shape_that_is_described() {
    let document = get("/openapi.json").await.json();
    let schema = &document["components"]["schemas"]["ErrorEnvelope"];
    for (method, address) in
        [("GET", "/api/v1/none"), ("PUT", "/api/v1/health"), ("GET", "/api/v1/query"), ("GET", "/api")]
    {
        let reply = send(method, address, &[]).await;
        assert!(reply.status.is_client_error());
        Shapes { document: &document }.must_fit(&reply.json(), schema, address);
    }
}

#[tokio::test]
async fn every_address_that_is_described_is_asked_here() {
    let document = get("/openapi.json").await.json();
    // Neither of them is JSON of a shape.
    let others = ["/api/v1/openapi.json", "/api/v1/submissions/{id}/rejected.csv"];
    for (path, item) in document["paths"].as_object().unwrap() {
        let is_asked = ADDRESSES.iter().any(|(_, known)| format!("/api/v1{known}") == *path);
        assert!(is_asked || item["get"].is_null() || others.contains(&path.as_str()), "GET {path}");
        let is_done = writing::PATHS.iter().any(|known| format!("/api/v1{known}") == *path);
        assert!(is_done || item["post"].is_null(), "POST {path}");
    }
}

#[tokio::test]
async fn every_field_of_a_reply_is_always_there_but_in_a_layout() {
    let document = get("/openapi.json").await.json();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let fields = schema["properties"].as_object().into_iter().flatten().map(|(field, _)| field);
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let optional: Vec<&String> = fields.filter(|field| !required.contains(&field.as_str())).collect();
        let is_whole = name != "Layout" && !name.starts_with("Asked");
        assert_eq!(optional.is_empty(), is_whole, "{name}: {optional:?}");
    }
}

/// A reply to something done, as its description says.
pub(crate) fn must_fit(reply: &Value, path: &str) {
    must_fit_after("post", reply, path);
}

/// A reply to something asked, as its description says.
pub(crate) fn answer_must_fit(reply: &Value, path: &str) {
    must_fit_after("get", reply, path);
}

fn must_fit_after(method: &str, reply: &Value, path: &str) {
    let document: Value = serde_json::from_str(&kerbwatt_server::openapi_json()).unwrap();
    let content = &document["paths"][format!("/api/v1{path}")][method]["responses"]["200"]["content"];
    let schema = &content["application/json"]["schema"];
    assert!(!schema.is_null(), "{path} is not described");
    Shapes { document: &document }.must_fit(reply, schema, path);
}

/// The part of JSON Schema that the description uses.
struct Shapes<'a> {
    document: &'a Value,
}

impl<'a> Shapes<'a> {
    fn must_fit(&self, value: &Value, schema: &'a Value, at: &str) {
        if let Some(problem) = self.misfit(value, schema, at) {
            panic!("{problem}");
        }
    }

    fn misfit(&self, value: &Value, schema: &'a Value, at: &str) -> Option<String> {
        let schema = self.named(schema);
        if let Some(choices) = schema["oneOf"].as_array() {
            let fits = choices.iter().any(|choice| self.misfit(value, choice, at).is_none());
            return (!fits).then(|| format!("{at}: {value} is none of {choices:?}"));
        }
        if let Some(known) = schema["enum"].as_array()
            && !known.contains(value)
        {
            return Some(format!("{at}: {value} is none of {known:?}"));
        }
        let (fields, more) = self.fields(schema);
        match value {
            Value::Object(object) if !fields.is_empty() || !more.is_null() => {
                let missing = self.required(schema).into_iter().find(|name| !object.contains_key(*name));
                missing.map(|name| format!("{at}.{name} is missing")).or_else(|| self.object(object, &fields, more, at))
            }
            Value::Array(list) => list
                .iter()
                .enumerate()
                .find_map(|(index, item)| self.misfit(item, &schema["items"], &format!("{at}[{index}]"))),
            _ => (!has_type(value, &schema["type"])).then(|| format!("{at}: {value} is not {}", schema["type"])),
        }
    }

    fn object(
        &self,
        object: &Map<String, Value>,
        fields: &[(&str, &'a Value)],
        more: &'a Value,
        at: &str,
    ) -> Option<String> {
        object.iter().find_map(|(name, value)| {
            let at = format!("{at}.{name}");
            match fields.iter().find(|(known, _)| known == name) {
                Some((_, schema)) => self.misfit(value, schema, &at),
                None if more.is_null() => Some(format!("{at} is not described")),
                None => self.misfit(value, more, &at),
            }
        })
    }

    /// Fields of an object, and the schema of any others.
    fn fields(&self, schema: &'a Value) -> (Vec<(&'a str, &'a Value)>, &'a Value) {
        let schema = self.named(schema);
        let parts = schema["allOf"].as_array().into_iter().flatten();
        let mut fields: Vec<(&str, &Value)> = parts.flat_map(|part| self.fields(part).0).collect();
        fields.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, field)| (&**name, field)));
        (fields, &schema["additionalProperties"])
    }

    fn required(&self, schema: &'a Value) -> Vec<&'a str> {
        let schema = self.named(schema);
        let parts = schema["allOf"].as_array().into_iter().flatten();
        let own = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        parts.flat_map(|part| self.required(part)).chain(own).collect()
    }

    fn named(&self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(name) => self.document.pointer(name.trim_start_matches('#')).unwrap(),
            None => schema,
        }
    }
}

fn has_type(value: &Value, kinds: &Value) -> bool {
    let is = |kind: &Value| match kind.as_str().unwrap_or("any") {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        _ => true,
    };
    kinds.as_array().map_or_else(|| is(kinds), |kinds| kinds.iter().any(is))
}
