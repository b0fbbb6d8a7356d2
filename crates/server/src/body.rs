//! Bodies of requests: a file's bytes, or one JSON object whose fields are checked one by one.

use std::collections::HashSet;
use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use futures::TryStreamExt;
use kerbwatt_hub::{Bytes as FileBytes, Hub};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::app::in_thread;
use crate::problem::Problem;

/// Largest file, bytes: 20 GiB, as much as a packed file may unpack to.
const LARGEST_FILE: u64 = 20 << 30;

/// Largest JSON body, bytes: 1 MiB.
const LARGEST_JSON: u64 = 1 << 20;

/// How long a client is waited for that sends less than [`LEAST`] meanwhile, before the place that it takes is given to the next.
const PATIENCE: Duration = Duration::from_secs(60);

/// What must come of a body in that time, bytes, until it is complete: few clients that send a byte now and then would keep out all.
const LEAST: u64 = 64 << 10;

/// A file on its way from a client to the disk: at most one part of it is in memory.
///
/// # Errors
/// 413 when it is too large; 400 when not all of it arrives; what the disk says.
pub(crate) async fn file(hub: Arc<Hub>, headers: &HeaderMap, body: Body) -> Result<FileBytes, Problem> {
    let coming = Coming::of(headers, body, LARGEST_FILE)?;
    let mut parts = Parts { coming, runtime: Handle::current(), part: Bytes::new(), problem: None };
    in_thread(move || {
        let arrived = hub.arrive(&mut parts);
        arrived.map_err(|error| parts.problem.unwrap_or_else(|| error.into()))
    })
    .await
}

/// A body, read part by part.
struct Coming {
    parts: BodyDataStream,
    most: u64,
    left: u64,
    patience: Duration,
    /// How long it was waited for since [`LEAST`] bytes had come; what the disk takes to write them does not count.
    waited: Duration,
    /// What came meanwhile, bytes.
    came: u64,
}

impl Coming {
    /// # Errors
    /// 413 when more than `most` bytes are announced.
    fn of(headers: &HeaderMap, body: Body, most: u64) -> Result<Self, Problem> {
        let told: Option<u64> = headers.get(header::CONTENT_LENGTH).and_then(|text| text.to_str().ok()?.parse().ok());
        if told.is_some_and(|told| told > most) {
            return Err(too_large(most));
        }
        let parts = body.into_data_stream();
        Ok(Self { parts, most, left: most, patience: PATIENCE, waited: Duration::ZERO, came: 0 })
    }

    /// The next part; none at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        let begun = Instant::now();
        let left = self.patience.saturating_sub(self.waited);
        let part = timeout(left, self.parts.try_next()).await.map_err(|_| stalled(self.patience))?;
        let Some(part) = part.map_err(|_| cut_off())? else { return Ok(None) };
        self.waited += begun.elapsed();
        self.came += part.len() as u64;
        if self.came >= LEAST {
            (self.waited, self.came) = (Duration::ZERO, 0);
        }
        self.left = self.left.checked_sub(part.len() as u64).ok_or_else(|| too_large(self.most))?;
        Ok(Some(part))
    }
}

/// A body for a thread that may wait for it.
struct Parts {
    coming: Coming,
    runtime: Handle,
    part: Bytes,
    /// Why it ended early.
    problem: Option<Problem>,
}

impl Read for Parts {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.part.is_empty() {
            match self.runtime.block_on(self.coming.next()) {
                Ok(Some(part)) => self.part = part,
                Ok(None) => return Ok(0),
                Err(problem) => {
                    self.problem = Some(problem);
                    return Err(io::ErrorKind::ConnectionAborted.into());
                }
            }
        }
        let taken = self.part.split_to(out.len().min(self.part.len()));
        out[..taken.len()].copy_from_slice(&taken);
        Ok(taken.len())
    }
}

/// All bytes of a small body.
async fn bytes(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Problem> {
    let mut coming = Coming::of(headers, body, LARGEST_JSON)?;
    let mut bytes = Vec::new();
    while let Some(part) = coming.next().await? {
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

fn too_large(most: u64) -> Problem {
    let (most, unit) = if most >= 1 << 30 { (most >> 30, "GiB") } else { (most >> 20, "MiB") };
    let message = format!("the body is larger than {most} {unit}");
    let advice = "Send the file in parts, such as one for each month; or compressed.";
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message, advice)
}

fn stalled(patience: Duration) -> Problem {
    let message = format!("less than {} KiB of the body came in {} seconds", LEAST >> 10, patience.as_secs());
    Problem::new(StatusCode::REQUEST_TIMEOUT, "stalled", message, "Send it again: the same file is the same return.")
}

fn cut_off() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "cut_off", "the body ended before all of it was here", "Send it again.")
}

/// One JSON object.
pub(crate) struct Fields(Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = bytes(&parts.headers, body).await?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(fields)) => match repeated(&bytes) {
                Some(name) => Err(given_twice(&name)),
                None => Ok(Self(fields)),
            },
            Ok(_) => Err(not_an_object("it is JSON of another kind")),
            Err(error) => Err(not_an_object(&error.to_string())),
        }
    }
}

/// The first field of an object that is given more than once; of such a field the parser keeps the last, and says nothing.
fn repeated(object: &[u8]) -> Option<String> {
    struct Names(Option<String>);
    impl<'de> Deserialize<'de> for Names {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_map(Seen)
        }
    }
    struct Seen;
    impl<'de> Visitor<'de> for Seen {
        type Value = Names;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<M: MapAccess<'de>>(self, mut fields: M) -> Result<Names, M::Error> {
            let (mut seen, mut twice) = (HashSet::new(), None);
            while let Some((name, IgnoredAny)) = fields.next_entry::<String, IgnoredAny>()? {
                if !seen.insert(name.clone()) {
                    twice.get_or_insert(name);
                }
            }
            Ok(Names(twice))
        }
    }
    serde_json::from_slice::<Names>(object).ok()?.0
}

fn given_twice(name: &str) -> Problem {
    let message = format!("the field “{name}” is given more than once");
    Problem::parameter(name, "repeated_field", message, "Give it once.")
}

fn not_an_object(why: &str) -> Problem {
    let advice = "The objects that each address takes are in /api/v1/openapi.json.";
    Problem::new(StatusCode::BAD_REQUEST, "malformed_body", format!("the body is not a JSON object: {why}"), advice)
}

impl Fields {
    /// Refuses fields that nobody would read.
    ///
    /// # Errors
    /// 400 that names the first one.
    pub(crate) fn only(self, known: &[&str]) -> Result<Self, Problem> {
        match self.0.keys().find(|name| !known.contains(&name.as_str())) {
            None => Ok(self),
            Some(name) => {
                let message = format!("the field “{name}” is not known here");
                Err(Problem::parameter(name, "unknown_field", message, format!("Known are: {}.", known.join(", "))))
            }
        }
    }

    /// A value; none where it is null or not there.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A value that must be there.
    ///
    /// # Errors
    /// 400 when it is not.
    pub(crate) fn needed(&self, name: &str) -> Result<&Value, Problem> {
        let missing =
            || Problem::parameter(name, "missing_field", format!("the field “{name}” is missing"), "Give it.");
        self.value(name).ok_or_else(missing)
    }

    /// A text; none where it is not there or blank.
    ///
    /// # Errors
    /// 400 when it is something else.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Problem> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
            Some(_) => Err(wrong_kind(name, "a text")),
        }
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// 400 when it is not there, blank or something else.
    pub(crate) fn needed_text(&self, name: &str) -> Result<&str, Problem> {
        let blank =
            || Problem::parameter(name, "missing_field", format!("the field “{name}” is missing or blank"), "Give it.");
        self.text(name)?.ok_or_else(blank)
    }

    /// A whole number; none where it is not there.
    ///
    /// # Errors
    /// 400 when it is something else.
    pub(crate) fn number(&self, name: &str) -> Result<Option<i64>, Problem> {
        self.value(name).map(|value| value.as_i64().ok_or_else(|| wrong_kind(name, "a whole number"))).transpose()
    }

    /// Yes or no; no where it is not there.
    ///
    /// # Errors
    /// 400 when it is something else.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Problem> {
        self.value(name).map_or(Ok(false), |value| value.as_bool().ok_or_else(|| wrong_kind(name, "true or false")))
    }

    /// A list of texts; none where it is not there.
    ///
    /// # Errors
    /// 400 when it is something else.
    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<&str>>, Problem> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let texts = value.as_array().and_then(|list| list.iter().map(Value::as_str).collect::<Option<Vec<&str>>>());
        texts.map(Some).ok_or_else(|| wrong_kind(name, "a list of texts"))
    }
}

fn wrong_kind(name: &str, wanted: &str) -> Problem {
    let message = format!("the field “{name}” is not {wanted}");
    Problem::parameter(name, "wrong_kind", message, format!("Give {wanted}, or leave it out."))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use axum::response::IntoResponse as _;
    use futures::stream;

    use super::*;

    #[tokio::test]
    async fn a_client_that_sends_nothing_more_is_not_waited_for() {
        let first = stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"plug_in"))]);
        let body = Body::from_stream(futures::StreamExt::chain(first, stream::pending()));
        let mut coming = Coming::of(&HeaderMap::new(), body, LARGEST_FILE).unwrap();
        coming.patience = Duration::from_millis(1);
        assert_eq!(coming.next().await.unwrap().unwrap(), "plug_in");
        let refused = coming.next().await.unwrap_err().into_response();
        assert_eq!(refused.status(), StatusCode::REQUEST_TIMEOUT);
    }

    /// Parts of so many bytes, one every ten milliseconds.
    fn dripping(bytes: usize, parts: u32) -> Coming {
        let part = move |left: u32| async move {
            tokio::time::sleep(Duration::from_millis(10)).await;
            (left > 0).then(|| (Ok::<_, io::Error>(Bytes::from(vec![b'x'; bytes])), left - 1))
        };
        let body = Body::from_stream(stream::unfold(parts, part));
        let mut coming = Coming::of(&HeaderMap::new(), body, LARGEST_FILE).unwrap();
        coming.patience = Duration::from_millis(400);
        coming
    }

    #[tokio::test]
    async fn a_client_that_sends_too_little_for_too_long_is_not_waited_for() {
        let mut coming = dripping(1, u32::MAX);
        let refused = loop {
            match coming.next().await {
                Ok(part) => assert!(part.is_some(), "it has no end"),
                Err(problem) => break problem,
            }
        };
        assert_eq!(refused.into_response().status(), StatusCode::REQUEST_TIMEOUT);
    }

    #[tokio::test]
    async fn a_client_is_waited_for_as_long_as_enough_comes_or_the_body_is_small() {
        for (bytes, parts) in [(32 << 10, 80), (1, 5)] {
            let mut coming = dripping(bytes, parts);
            let mut came = 0;
            while coming.next().await.unwrap().is_some() {
                came += 1;
            }
            assert_eq!(came, parts);
        }
    }

    #[test]
    fn a_field_that_is_given_twice_is_found_however_it_is_written() {
        assert_eq!(repeated(br#"{"kind": "accept", "\u006bind": "withdraw"}"#).as_deref(), Some("kind"));
        assert_eq!(repeated(br#"{"kind": "accept", "note": {"kind": 1}}"#), None);
    }

    #[tokio::test]
    async fn what_is_larger_than_it_was_said_to_be_is_refused_at_the_limit() {
        let mut coming = Coming::of(&HeaderMap::new(), Body::from("123456"), 5).unwrap();
        assert_eq!(coming.next().await.unwrap_err().into_response().status(), StatusCode::PAYLOAD_TOO_LARGE);
        let mut coming = Coming::of(&HeaderMap::new(), Body::from("12345"), 5).unwrap();
        assert_eq!(coming.next().await.unwrap().unwrap(), "12345");
        assert!(coming.next().await.unwrap().is_none());
    }
}
