//! Listening and ending.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

#[tokio::test]
async fn the_server_answers_over_the_network_and_ends_when_told() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, told) = oneshot::channel::<()>();
    let hub = crate::folder::hub().await;
    let serving = tokio::spawn(kerbwatt_server::serve(hub, listener, async move {
        told.await.unwrap();
    }));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /api/v1/health HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    assert!(reply.starts_with("HTTP/1.1 200 OK") && reply.contains("\"status\":\"ok\""), "{reply}");

    // A connection on which nothing is asked must not keep the server.
    let _idle = TcpStream::connect(address).await.unwrap();
    let began = Instant::now();
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    assert!(began.elapsed() < Duration::from_secs(11));
    assert!(TcpStream::connect(address).await.is_err());
}
