//! Where the rows of a JSON file are.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Shape, damaged};
use crate::refusal::Refusal;

/// Keys under which interfaces put their rows.
const WRAPPERS: [&str; 3] = ["data", "_items", "results"];
/// OCPI status codes from here on are errors.
const FIRST_ERROR: i64 = 2000;

/// The objects that are rows, in the order of the file. The file may be one list, one object with a list in it, or several
/// objects one after another, each of which is a row or a page.
pub(super) fn of(text: &str) -> Result<Vec<&RawValue>, Refusal> {
    let mut roots = Vec::new();
    for root in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
        roots.push(root.map_err(|error| damaged(&error.to_string()))?);
    }
    let mut rows = Vec::new();
    let is_alone = roots.len() == 1;
    for root in roots {
        if is_list(root) { list(root, &mut rows)? } else { object(root, is_alone, &mut rows)? }
    }
    Ok(rows)
}

fn is_list(value: &RawValue) -> bool {
    value.get().starts_with('[')
}

fn is_object(value: &RawValue) -> bool {
    value.get().starts_with('{')
}

fn items(value: &RawValue) -> Result<Vec<&RawValue>, Refusal> {
    serde_json::from_str(value.get()).map_err(|error| damaged(&error.to_string()))
}

/// The items of a list: rows, or pages of an OCPI server.
fn list<'t>(value: &'t RawValue, rows: &mut Vec<&'t RawValue>) -> Result<(), Refusal> {
    let items = items(value)?;
    if let Some(other) = items.iter().position(|item| !is_object(item)) {
        return Err(Refusal::NotText {
            kind: if other == 0 {
                "JSON with a list that holds no objects"
            } else {
                "JSON with a list that holds objects and others"
            },
            advice: "Send a list of objects, one for each row, or the same rows as CSV.",
        });
    }
    let has_pages =
        items.first().map(|first| fields(first)).transpose()?.is_some_and(|first| envelope(&first).is_some());
    if !has_pages {
        rows.extend(items);
        return Ok(());
    }
    items.into_iter().try_for_each(|page| object(page, false, rows))
}

/// An object: the answer of an OCPI server, a page of rows, a row, or, when it is all there is, something around a list.
fn object<'t>(value: &'t RawValue, is_alone: bool, rows: &mut Vec<&'t RawValue>) -> Result<(), Refusal> {
    if !is_object(value) {
        return Err(Refusal::NotText {
            kind: "JSON without objects",
            advice: "Send a list of objects, one for each row.",
        });
    }
    let fields = fields(value)?;
    if let Some((status_code, data)) = envelope(&fields) {
        if status_code >= FIRST_ERROR {
            return Err(server_error(status_code, &fields));
        }
        return match data {
            Some(data) if is_list(data) => list(data, rows),
            Some(data) if is_object(data) => {
                rows.push(data);
                Ok(())
            }
            _ => Ok(()),
        };
    }
    if Shape::of(fields.iter().map(|(key, _)| key.as_str())).is_some() {
        rows.push(value);
        return Ok(());
    }
    let wrapped = WRAPPERS.iter().find_map(|key| fields.iter().find(|(name, value)| name == key && is_list(value)));
    if let Some((_, wrapped)) = wrapped {
        return list(wrapped, rows);
    }
    if is_alone && let Some(found) = only_list(&fields)? {
        return list(found, rows);
    }
    rows.push(value);
    Ok(())
}

/// Status code and data of an OCPI answer.
fn envelope<'t>(fields: &[(String, &'t RawValue)]) -> Option<(i64, Option<&'t RawValue>)> {
    let value = |key: &str| fields.iter().find(|(name, _)| name == key).map(|(_, value)| *value);
    let code = value("status_code")?.get().trim_matches('"').parse().ok()?;
    Some((code, value("data")))
}

fn server_error(status_code: i64, fields: &[(String, &RawValue)]) -> Refusal {
    let message = fields.iter().find(|(name, _)| name == "status_message");
    let message = message.and_then(|(_, value)| serde_json::from_str(value.get()).ok()).unwrap_or_default();
    Refusal::ServerError { status_code, message }
}

/// The only list of objects in an object, or one level down.
fn only_list<'t>(outer: &[(String, &'t RawValue)]) -> Result<Option<&'t RawValue>, Refusal> {
    let mut lists = lists_of_objects(outer)?;
    if lists.is_empty() {
        for (_, value) in outer.iter().filter(|(_, value)| is_object(value)) {
            lists.extend(lists_of_objects(&fields(value)?)?);
        }
    }
    match lists.len() {
        0 | 1 => Ok(lists.pop()),
        _ => Err(Refusal::NotText {
            kind: "JSON with several lists of objects",
            advice: "Send each list as a file of its own.",
        }),
    }
}

fn lists_of_objects<'t>(fields: &[(String, &'t RawValue)]) -> Result<Vec<&'t RawValue>, Refusal> {
    let mut lists = Vec::new();
    for (_, value) in fields.iter().filter(|(_, value)| is_list(value)) {
        if items(value)?.first().is_some_and(|item| is_object(item)) {
            lists.push(*value);
        }
    }
    Ok(lists)
}

fn fields(value: &RawValue) -> Result<Vec<(String, &RawValue)>, Refusal> {
    let Fields(fields) = serde_json::from_str(value.get()).map_err(|error| damaged(&error.to_string()))?;
    Ok(fields)
}

/// The fields of an object in their order, not read yet.
struct Fields<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldsVisitor;
        impl<'de> Visitor<'de> for FieldsVisitor {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = entries.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(FieldsVisitor)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_wherever_they_stand() {
        for text in [
            r#"[{"a":1},{"a":2}]"#,
            r#"{"data":[{"a":1},{"a":2}]}"#,
            r#"{"_items":[{"a":1},{"a":2}],"_links":[{"next":1}]}"#,
            r#"{"count":2,"charges":[{"a":1},{"a":2}]}"#,
            r#"{"answer":{"charges":[{"a":1},{"a":2}]},"time":3}"#,
            "{\"a\":1}\n{\"a\":2}\n",
            "{\"a\":1} {\"a\":2}",
            r#"{"data":[{"a":1},{"a":2}],"status_code":1000,"timestamp":"2024-03-01T00:00:00Z"}"#,
            "{\"data\":[{\"a\":1}],\"status_code\":1000}\n{\"data\":[{\"a\":2}],\"status_code\":1000}\n",
            r#"[{"data":[{"a":1}],"status_code":1000},{"data":{"a":2},"status_code":1000}]"#,
        ] {
            let rows: Vec<&str> = of(text).unwrap().into_iter().map(RawValue::get).collect();
            assert_eq!(rows, [r#"{"a":1}"#, r#"{"a":2}"#], "{text}");
        }
    }

    #[test]
    fn an_object_with_lists_in_it_is_a_row_where_its_kind_is_known() {
        let location = r#"{"id":"L1","coordinates":{},"evses":[{"uid":"1"},{"uid":"2"}]}"#;
        assert_eq!(of(location).unwrap().len(), 1);
        let lines = "{\"id\":1,\"periods\":[{\"x\":1}]}\n{\"id\":2,\"periods\":[{\"x\":1}]}";
        assert_eq!(of(lines).unwrap().len(), 2);
    }

    #[test]
    fn an_error_of_the_server_is_no_empty_return() {
        let text = r#"{"status_code":2001,"status_message":"Unknown token","timestamp":"x"}"#;
        let wanted = Refusal::ServerError { status_code: 2001, message: "Unknown token".into() };
        assert_eq!(of(text).unwrap_err(), wanted);
        assert!(of(r#"{"data":[],"status_code":1000}"#).unwrap().is_empty());
    }

    #[test]
    fn what_holds_no_rows_is_refused_with_words() {
        for (text, words) in [
            (r#"[{"a":1},{"a":"#, "line 1"),
            (r#"[1,2]"#, "no objects"),
            (r#"[{"a":1},2]"#, "objects and others"),
            (r#"{"a":[{"x":1}],"b":[{"y":1}]}"#, "several lists"),
            (r#"{"a":1} 7"#, "without objects"),
        ] {
            let refusal = of(text).unwrap_err().to_string();
            assert!(refusal.contains(words), "{refusal}");
        }
    }
}
