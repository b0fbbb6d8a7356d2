//! Where the rows of a JSON file are: in a list, in an object with a list in it, or in several objects one after another, each of which
//! is a row or a page.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Shape, damaged};
use crate::refusal::Refusal;
use crate::showing;

/// Keys under which interfaces put their rows.
const WRAPPERS: [&str; 3] = ["data", "_items", "results"];
/// Keys that an object may have: no more are kept in memory.
const MOST_KEYS: usize = 10_000;
/// OCPI status codes from here on are errors.
const FIRST_ERROR: i64 = 2000;

fn is_list(value: &str) -> bool {
    value.starts_with('[')
}

fn is_object(value: &str) -> bool {
    value.starts_with('{')
}

fn items(list: &str) -> Result<Vec<&RawValue>, Refusal> {
    serde_json::from_str(list).map_err(|error| damaged(&error.to_string()))
}

/// A list is refused for an item that is no object.
pub(super) fn holds_others(is_first: bool) -> Refusal {
    Refusal::NotText {
        kind: if is_first {
            "JSON with a list that holds no objects"
        } else {
            "JSON with a list that holds objects and others"
        },
        advice: "Send a list of objects, one for each row, or the same rows as CSV.",
    }
}

/// Whether the first item of a list says that all are pages of an OCPI server.
pub(super) fn is_page(first: &str) -> Result<bool, Refusal> {
    Ok(envelope(&fields(first)?).is_some())
}

/// The items of a list: rows, or pages.
fn list<'t>(list: &'t str, rows: &mut Vec<&'t str>) -> Result<(), Refusal> {
    let items = items(list)?;
    if let Some(other) = items.iter().position(|item| !is_object(item.get())) {
        return Err(holds_others(other == 0));
    }
    let mut items = items.into_iter().map(RawValue::get).peekable();
    let has_pages = items.peek().map(|first| is_page(first)).transpose()?.unwrap_or(false);
    if has_pages {
        return items.try_for_each(|page| object(page, false, rows));
    }
    rows.extend(items);
    Ok(())
}

/// The rows of an object, which may be one itself.
pub(super) fn object<'t>(text: &'t str, is_alone: bool, rows: &mut Vec<&'t str>) -> Result<(), Refusal> {
    if !is_object(text) {
        let value: Result<&RawValue, _> = serde_json::from_str(text);
        value.map_err(|error| damaged(&error.to_string()))?;
        return Err(Refusal::NotText {
            kind: "JSON without objects",
            advice: "Send a list of objects, one for each row.",
        });
    }
    match within(&fields(text)?, is_alone)? {
        Within::Itself => rows.push(text),
        Within::One(row) => rows.push(row),
        Within::List(found) => list(found, rows)?,
        Within::Nothing => {}
    }
    Ok(())
}

/// Where in an object its rows are.
pub(super) enum Within<'t> {
    /// It is one.
    Itself,
    One(&'t str),
    List(&'t str),
    Nothing,
}

/// Of an object: whether it is the answer of an OCPI server, a page of rows, a row, or, when it is all there is, something around
/// a list.
pub(super) fn within<'t>(fields: &[(String, &'t RawValue)], is_alone: bool) -> Result<Within<'t>, Refusal> {
    if let Some((status_code, data)) = envelope(fields) {
        if status_code >= FIRST_ERROR {
            return Err(server_error(status_code, fields));
        }
        return Ok(match data.map(RawValue::get) {
            Some(data) if is_list(data) => Within::List(data),
            Some(data) if is_object(data) => Within::One(data),
            _ => Within::Nothing,
        });
    }
    if Shape::of(fields.iter().map(|(key, _)| key.as_str())).is_some() {
        return Ok(Within::Itself);
    }
    let wrapped = |key: &&str| fields.iter().find(|(name, value)| name == key && is_list(value.get()));
    if let Some((_, wrapped)) = WRAPPERS.iter().find_map(wrapped) {
        return Ok(Within::List(wrapped.get()));
    }
    let only = if is_alone { only_list(fields)? } else { None };
    Ok(only.map_or(Within::Itself, Within::List))
}

/// Status code and data of an OCPI answer.
fn envelope<'t>(fields: &[(String, &'t RawValue)]) -> Option<(i64, Option<&'t RawValue>)> {
    let value = |key: &str| fields.iter().find(|(name, _)| name == key).map(|(_, value)| *value);
    let code = value("status_code")?.get().trim_matches('"').parse().ok()?;
    Some((code, value("data")))
}

fn server_error(status_code: i64, fields: &[(String, &RawValue)]) -> Refusal {
    let message = fields.iter().find(|(name, _)| name == "status_message");
    let message: String = message.and_then(|(_, value)| serde_json::from_str(value.get()).ok()).unwrap_or_default();
    Refusal::ServerError { status_code, message: without_ids(&message) }
}

/// The words of a message, without those that may be the id of a card or a person.
fn without_ids(message: &str) -> String {
    let may_be_id =
        |word: &str| word.contains('@') || (word.len() > 3 && word.bytes().any(|byte| byte.is_ascii_digit()));
    let shown = message.split_ascii_whitespace().map(|word| if may_be_id(word) { showing::HIDDEN } else { word });
    shown.collect::<Vec<_>>().join(" ")
}

/// The only list of objects in an object, or one level down.
fn only_list<'t>(outer: &[(String, &'t RawValue)]) -> Result<Option<&'t str>, Refusal> {
    let mut lists = lists_of_objects(outer)?;
    if lists.is_empty() {
        for (_, value) in outer.iter().filter(|(_, value)| is_object(value.get())) {
            lists.extend(lists_of_objects(&fields(value.get())?)?);
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

fn lists_of_objects<'t>(fields: &[(String, &'t RawValue)]) -> Result<Vec<&'t str>, Refusal> {
    let mut lists = Vec::new();
    for list in fields.iter().map(|(_, value)| value.get()).filter(|value| is_list(value)) {
        if items(list)?.first().is_some_and(|item| is_object(item.get())) {
            lists.push(list);
        }
    }
    Ok(lists)
}

/// The fields of an object in their order, not read yet.
pub(super) fn fields(object: &str) -> Result<Vec<(String, &RawValue)>, Refusal> {
    let Fields(fields) = serde_json::from_str(object).map_err(|error| damaged(&error.to_string()))?;
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
                    if fields.len() == MOST_KEYS {
                        return Err(A::Error::custom(format_args!("an object of more than {MOST_KEYS} keys")));
                    }
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
    use crate::formats::decode::Text;
    use crate::formats::json::outline::Outlines;
    use crate::formats::stream::Stream;

    fn of(text: &str) -> Result<Vec<String>, Refusal> {
        let bytes = text.as_bytes();
        let outlines = Outlines::new(Text::of(Stream::of(&bytes))?, 8 << 20);
        let (mut walk, mut rows) = (outlines.walk()?, Vec::new());
        while let Some(row) = walk.next()? {
            rows.push(row.to_owned());
        }
        Ok(rows)
    }

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
            let rows = of(text).unwrap();
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
