//! `kerbwatt serve`

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use kerbwatt_hub::{Hub, HubError};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::arguments::ServeArguments;
use crate::failure::Failure;

pub(crate) async fn run(arguments: ServeArguments) -> Result<ExitCode, Failure> {
    drop(Hub::open_for_reading(&arguments.data).await?);
    let listener = listen(arguments.port).await?;
    finish_interrupted(&arguments.data).await?;
    serve(&arguments.data, listener).await
}

/// Takes the port, before anything that lasts.
pub(crate) async fn listen(port: u16) -> Result<TcpListener, Failure> {
    let advice = match port {
        0 => "Check the network of this machine.".to_owned(),
        _ => format!("Stop the program that uses it, or choose another with --port, such as --port {}.", port.wrapping_add(1).max(1)),
    };
    TcpListener::bind(("localhost", port))
        .await
        .map_err(|error| Failure::of(&format!("port {port} cannot be used"), &error, &advice))
}

/// A crash may have left the figures behind the record: whoever comes next catches up, unless somebody is at it.
async fn finish_interrupted(data: &Path) -> Result<(), Failure> {
    match Hub::open_for_writing(data, "kerbwatt serve").await {
        Ok(_) => Ok(()),
        Err(error @ HubError::Folder(_)) if error.code() == "folder_in_use" => Ok(()),
        // A folder that may only be read can be served all the same.
        Err(HubError::Folder(kerbwatt_hub::FolderError::NotWritable { .. })) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Serves until told to end.
pub(crate) async fn serve(data: &Path, listener: TcpListener) -> Result<ExitCode, Failure> {
    let hub = Arc::new(Hub::open_for_reading(data).await?);
    // Reads what the first question needs, so that trouble shows here.
    hub.catalogue().await?;
    let port = listener.local_addr()?.port();
    let ending = ending()?;
    let mut out = io::stdout();
    writeln!(out, "Kerbwatt is ready: http://localhost:{port}")?;
    out.flush()?;
    kerbwatt_server::serve(hub, listener, ending)
        .await
        .map_err(|error| Failure::of("the server failed", &error, "Start it again; if it happens again, report it."))?;
    Ok(ExitCode::SUCCESS)
}

/// Ctrl+C, or the system's wish that the program ends.
fn ending() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
