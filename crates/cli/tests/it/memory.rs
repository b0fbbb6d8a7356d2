//! How much memory large files take, as the system counts it.

use std::fs::File;
use std::io::{BufWriter, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use crate::program::{Folder, HEADER, Server, command, run, sessions};

const MIB: u64 = 1 << 20;

/// The most memory that a process has had so far, bytes; none once it has ended.
fn most(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? * 1024)
}

/// The most memory that a command has until it ends well, bytes.
fn most_of(arguments: &[&str]) -> u64 {
    let mut child: Child = command(arguments).stdout(Stdio::null()).spawn().expect("the binary starts");
    let mut seen = 0;
    loop {
        seen = seen.max(most(child.id()).unwrap_or(0));
        if let Some(status) = child.try_wait().expect("a status") {
            assert!(status.success(), "{arguments:?}");
            return seen;
        }
        std::thread::yield_now();
    }
}

/// A return of so many sessions, written as they come; gives its path and size.
fn large(folder: &Folder, rows: u64) -> (String, u64) {
    let name = format!("{rows}.csv");
    let mut file = BufWriter::new(File::create(folder.path(&name)).expect("a file"));
    file.write_all(HEADER.as_bytes()).expect("room");
    for row in 0..rows {
        let (evse, slot) = (row % 3_000, row / 3_000);
        let (month, day, hour) = (slot / 24 / 28 + 1, slot / 24 % 28 + 1, slot % 24);
        let at = |minute: u64| format!("2023-{month:02}-{day:02}T{hour:02}:{minute:02}:00Z");
        let (start, end) = (at(row % 7), at(20 + row % 31));
        let (kwh, driver) = (row % 4_000 + 700, row % 9_000);
        writeln!(file, "S{row:09},CP{evse:05},CP{evse:05},1,{start},{end},{end},{kwh}e-2,{kwh},card{driver:05}")
            .expect("room");
    }
    let size = file.into_inner().expect("room").metadata().expect("a file").len();
    (folder.text(&name), size)
}

#[test]
fn a_return_takes_less_memory_than_the_file_has_bytes() {
    let folder = Folder::new();
    let ((small, few), (big, many)) = (large(&folder, 400_000), large(&folder, 2_000_000));
    // What the program itself takes is in both.
    let of_check = |file: &str| most_of(&["check", file, "--operator", "gb-abc"]);
    let (less, more) = (of_check(&small), of_check(&big));
    println!("checked: {} and {} MiB for files of {} and {}", less / MIB, more / MIB, few / MIB, many / MIB);
    assert!(more > less && more - less < many - few);
    let data = folder.text("data");
    run(&["submit", &folder.file("first.csv", sessions(2022, 5)), "--data", &data, "--operator", "gb-abc", "--accept"])
        .well();
    let peak = most_of(&["submit", &big, "--data", &data, "--operator", "gb-abc", "--accept"]);
    println!("in the figures: {} MiB", peak / MIB);
}

#[test]
fn a_file_that_is_sent_is_not_held_in_the_memory_of_the_server() {
    let folder = Folder::new();
    let data = folder.text("data");
    run(&["submit", &folder.file("a.csv", sessions(2023, 5)), "--data", &data, "--operator", "gb-abc"]).well();
    let server = Server::start(&["serve", "--data", &data, "--port", "0"]);
    let send = |bytes: u64| {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("it listens");
        let address = "/api/v1/check?operator=gb-abc&file=large.csv";
        let head = format!(
            "POST {address} HTTP/1.1\r\nHost: localhost\r\nKerbwatt-Action: 1\r\nConnection: close\r\nContent-Length: {bytes}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).expect("it reads");
        // In no layout, so that nothing is read of it but its head.
        std::io::copy(&mut std::io::repeat(b'x').take(bytes), &mut stream).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"error\""), "{answer}");
        most(server.id()).expect("it runs")
    };
    let (before, after) = (send(MIB), send(300 * MIB));
    println!("{} MiB, and {} after a file of 300", before / MIB, after / MIB);
    assert!(after - before < 100 * MIB);
}
