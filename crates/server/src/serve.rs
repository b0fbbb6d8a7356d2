//! Listening, and ending.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use kerbwatt_hub::Hub;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// How long running requests may take to finish once the server is told to end.
const GRACE: Duration = Duration::from_secs(10);

/// Serves a hub until `shutdown` is done; running requests are finished, but for no longer than ten seconds.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    hub: Arc<Hub>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (told, ending) = oneshot::channel();
    let signal = async move {
        shutdown.await;
        // Nobody listens only when the server has ended already.
        let _ = told.send(());
    };
    let serving = axum::serve(listener, crate::router(hub)).with_graceful_shutdown(signal);
    tokio::select! {
        result = serving.into_future() => result,
        () = deadline(ending) => {
            tracing::warn!("requests still ran ten seconds after the server was told to end; they were cut off");
            Ok(())
        }
    }
}

async fn deadline(ending: oneshot::Receiver<()>) {
    if ending.await.is_ok() {
        tokio::time::sleep(GRACE).await;
    } else {
        std::future::pending::<()>().await;
    }
}
