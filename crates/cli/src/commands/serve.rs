//! `kerbwatt serve`.

use std::future::Future;
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use kerbwatt_hub::{FolderError, Hub, HubError};

use super::{Done, must_exist};
use crate::failure::Failure;
use crate::output::Output;

/// How long the server may take to answer its first request.
const PATIENCE: Duration = Duration::from_secs(20);

/// Serve the dashboard of a data folder
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Port on this machine; 0 takes a free one
    #[arg(long, default_value_t = 8060)]
    port: u16,
}

impl Serve {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        let listener = listen(self.port)?;
        must_exist(&self.data).await?;
        self.finish_what_was_interrupted().await?;
        let hub = Hub::open_for_reading(&self.data).await?;
        announce_and_serve(hub, listener, output).await
    }

    /// A crash may have left the figures behind the record. Whoever writes at the moment catches up by itself, and a folder
    /// that may only be read can be served all the same.
    async fn finish_what_was_interrupted(&self) -> Result<(), Failure> {
        match Hub::open_for_writing(&self.data, "kerbwatt serve").await {
            Err(HubError::Folder(FolderError::InUse { .. } | FolderError::NotWritable { .. })) | Ok(_) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Takes a port of this machine; other machines cannot reach it.
pub(super) fn listen(port: u16) -> Result<TcpListener, Failure> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Failure::new(
            format!("port {port} is in use by another program"),
            format!(
                "End that program, or give another port, such as --port {}; --port 0 takes any that is free.",
                port.checked_add(1).unwrap_or(8060)
            ),
        ),
        io::ErrorKind::PermissionDenied => {
            Failure::new(format!("port {port} may not be used by this user"), "Give one above 1023 with --port.")
        }
        _ => Failure::new(format!("port {port} cannot be opened: {error}"), "Give another with --port."),
    })
}

/// Serves until the program is told to end; prints the address once it answers.
pub(super) async fn announce_and_serve(hub: Hub, listener: TcpListener, output: &mut Output) -> Result<Done, Failure> {
    let failed =
        |error: io::Error| Failure::new(format!("the server failed: {error}"), "Start it again; give another --port.");
    let address = listener.local_addr().map_err(failed)?;
    let told_to_end = told_to_end().map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let listener = tokio::net::TcpListener::from_std(listener).map_err(failed)?;
    let serving = tokio::spawn(kerbwatt_server::serve(Arc::new(hub), listener, told_to_end));
    let answers = tokio::task::spawn_blocking(move || wait_for_answer(address)).await;
    answers.map_err(io::Error::other).and_then(|answer| answer).map_err(failed)?;
    output.line(&format!("Kerbwatt is ready: http://localhost:{}", address.port()));
    output.line("Ctrl+C ends it.");
    output.flush();
    serving.await.map_err(io::Error::other).and_then(|ended| ended).map_err(failed)?;
    Ok(Done::Well)
}

/// Waits for the first answer of the server.
fn wait_for_answer(address: SocketAddr) -> io::Result<()> {
    let start = Instant::now();
    loop {
        match ask_health(address) {
            Ok(true) => return Ok(()),
            Err(error) if start.elapsed() > PATIENCE => return Err(error),
            Ok(false) => return Err(io::Error::other("it is not healthy")),
            Err(_) => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

fn ask_health(address: SocketAddr) -> io::Result<bool> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.starts_with("HTTP/1.1 200"))
}

/// Ends when the system or a person asks the program to end. Listens from the call on, not from the first poll.
#[cfg(unix)]
fn told_to_end() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends when a person asks the program to end.
#[cfg(not(unix))]
fn told_to_end() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        // Where the signal cannot be listened for, only the system can end the program.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
