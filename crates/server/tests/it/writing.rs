//! A client that changes things, in a data folder of its own.

use axum::Router;
use axum::body::Body;
use kerbwatt_hub::Hub;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

use crate::client::{Reply, send_to};
use crate::contract::must_fit;

/// Addresses that take something, as the description writes them.
pub(crate) const PATHS: [&str; 7] = [
    "/submissions",
    "/check",
    "/submissions/{id}/preview",
    "/submissions/{id}/decide",
    "/submissions/{id}/undo",
    "/nothing-to-report",
    "/registers/{id}/undo",
];

/// What the app sends with everything that it does.
pub(crate) const MEANT: [(&str, &str); 3] =
    [("kerbwatt-action", "1"), ("host", "localhost:8060"), ("origin", "http://localhost:8060")];

/// A data folder and its server.
pub(crate) struct Desk {
    folder: TempDir,
    app: Router,
}

impl Desk {
    /// An empty folder.
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        drop(Hub::open_for_writing(folder.path(), "test").await.unwrap());
        let hub = Hub::open_for_reading(folder.path()).await.unwrap();
        Self { app: kerbwatt_server::router(Arc::new(hub)), folder }
    }

    pub(crate) fn dir(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Body) -> Reply {
        send_to(self.app.clone(), method, &format!("/api/v1{path}"), headers, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], Body::empty()).await
    }

    /// Asks, and takes nothing but an answer in JSON.
    pub(crate) async fn ask(&self, path: &str) -> Value {
        let reply = self.get(path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.json()
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Reply {
        self.send("POST", path, &MEANT, Body::from(body.to_owned())).await
    }

    /// Does what must be done: the reply has the shape that is described.
    pub(crate) async fn done(&self, path: &str, body: &Value) -> Value {
        let reply = self.post(path, &body.to_string()).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        assert_eq!(reply.header("cache-control"), "no-store");
        must_fit(&reply.json(), &described(path));
        reply.json()
    }

    /// Does what must be refused: status, code and field.
    pub(crate) async fn refused(&self, path: &str, body: &str) -> (u16, String, Option<String>) {
        let reply = self.post(path, body).await;
        let error = &reply.json()["error"];
        assert!(!error["message"].as_str().unwrap().is_empty() && !error["advice"].as_str().unwrap().is_empty());
        let text = |value: &Value| value.as_str().map(str::to_owned);
        (reply.status.as_u16(), text(&error["code"]).unwrap(), text(&error["field"]))
    }

    /// Sends a file of one table, and gives the one result.
    pub(crate) async fn hand_in(&self, query: &str, text: &str) -> Value {
        self.table("/submissions", query, text).await
    }

    /// The same for a file that is only to be checked.
    pub(crate) async fn check(&self, query: &str, text: &str) -> Value {
        self.table("/check", query, text).await
    }

    async fn table(&self, path: &str, query: &str, text: &str) -> Value {
        let reply = self.post(&format!("{path}?{query}"), text).await;
        assert_eq!(reply.status, 200, "{query}: {}", reply.text());
        must_fit(&reply.json(), path);
        let results = reply.json()["results"].as_array().unwrap().clone();
        assert_eq!(results.len(), 1);
        results[0].clone()
    }

    /// Decides about a return.
    pub(crate) async fn decide(&self, id: i64, decision: Value) -> Value {
        self.done(&format!("/submissions/{id}/decide"), &decision).await
    }

    /// Takes back the newest decision.
    pub(crate) async fn undo(&self, id: i64) -> Value {
        self.done(&format!("/submissions/{id}/undo"), &json!({})).await
    }

    /// A sum over all data, as figures show it; 0 where there is none.
    pub(crate) async fn figure(&self, metric: &str) -> f64 {
        let answer = self.ask(&format!("/query?metric={metric}")).await;
        answer["rows"][0][metric].as_f64().unwrap_or_default()
    }
}

/// An address as the description writes it.
fn described(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.parse::<i64>().is_ok() { "{id}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// A file in Kerbwatt's own layout: a session of an hour at noon on each of the first days of a month of 2024.
pub(crate) fn month(month: u8, days: u8, energy: f64) -> String {
    let mut text = "session_id,evse,plug_in,plug_out,energy_kwh\n".to_owned();
    for day in 1..=days {
        let date = format!("2024-{month:02}-{day:02}");
        writeln!(text, "m{month}d{day},P1,{date}T12:00:00Z,{date}T13:00:00Z,{energy}").unwrap();
    }
    text
}
