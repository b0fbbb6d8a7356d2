//! Serving a data folder.

use std::net::TcpListener;

use crate::program::{Folder, Server, run, sessions};

#[test]
fn a_server_says_where_it_is_once_it_answers_follows_new_data_and_ends_gracefully() {
    let folder = Folder::new();
    let data = folder.text("data");
    let (first, second) = (folder.file("a.csv", sessions(2023, 30)), folder.file("b.csv", sessions(2024, 40)));
    let submit = |file: &str| run(&["submit", file, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
    submit(&first);
    let server = Server::start(&["serve", "--data", &data, "--port", "0"]);
    let sessions = |server: &Server| {
        let answer: serde_json::Value =
            serde_json::from_str(&server.get("/api/v1/query?metric=sessions")).expect("JSON");
        answer["rows"][0]["sessions"].as_i64()
    };
    assert_eq!(sessions(&server), Some(30));
    submit(&second);
    assert_eq!(sessions(&server), Some(70));
    let port = server.port.to_string();
    run(&["serve", "--data", &data, "--port", &port]).refused(&format!("port {port} is in use"), "--port");
    assert_eq!(server.end("-TERM"), (0, "Ctrl+C ends it.\n".to_owned()));
    let server = Server::start(&["serve", "--data", &data, "--port", "0"]);
    assert_eq!(server.end("-INT").0, 0);
}

#[test]
fn a_port_in_use_is_told_before_the_demo_makes_anything() {
    let folder = Folder::new();
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    run(&["demo", "--data", &folder.text("demo"), "--port", &port]).refused("in use", "--port");
    assert!(!folder.path("demo").exists());
}
