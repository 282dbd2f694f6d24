//! HTTP/1.1 with a limit on everything a stranger controls: connections, headers and time.

use std::{convert::Infallible, pin::pin, sync::Arc, time::Duration};

use http::{Request, Response, StatusCode};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use scim_server::{ScimService, tower::ResponseBody};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tower_service::Service;

const CONNECTIONS: usize = 1024;
const HEADER_BYTES: usize = 64 * 1024;
const HEADERS: usize = 64;
const HEADER_TIME: Duration = Duration::from_secs(5);
const REQUEST_TIME: Duration = Duration::from_secs(30);
const SHUTDOWN_TIME: Duration = Duration::from_secs(10);
const PAUSE_AFTER_FAILED_ACCEPT: Duration = Duration::from_millis(50);

/// Answers requests until `shutdown` is over, and then, for a while, those that have begun.
pub async fn serve(
    listener: TcpListener,
    service: ScimService,
    shutdown: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    let mut shutdown = pin!(shutdown);
    loop {
        // A client beyond the limit waits in the queue of the operating system.
        let accepted = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (listener.accept().await, slot)
        };
        let (accepted, slot) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut shutdown => break,
        };
        let Ok((stream, _)) = accepted else {
            // Mostly too many open files: closed connections will make room.
            pause().await;
            continue;
        };
        let connection = graceful.watch(connection(stream, service.clone()));
        spawn(async move {
            // A connection that breaks is its client's matter.
            let _ = connection.await;
            drop(slot);
        });
    }
    drop(listener);
    let _ = timeout(SHUTDOWN_TIME, graceful.shutdown()).await;
}

type Connection<S> = http1::Connection<TokioIo<TcpStream>, S>;

fn connection(
    stream: TcpStream,
    service: ScimService,
) -> Connection<
    impl hyper::service::Service<
        Request<Incoming>,
        Response = Response<ResponseBody>,
        Error = Infallible,
        Future: Send,
    >,
> {
    // Answers are written whole, so waiting for more to send only delays them.
    let _ = stream.set_nodelay(true);
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_headers(HEADERS)
        .max_buf_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service_fn(move |r| answer(service.clone(), r)))
}

async fn answer(
    mut service: ScimService,
    request: Request<Incoming>,
) -> Result<Response<ResponseBody>, Infallible> {
    timeout(REQUEST_TIME, service.call(request)).await.unwrap_or_else(|_| {
        let mut response = Response::new(ResponseBody::default());
        *response.status_mut() = StatusCode::REQUEST_TIMEOUT;
        Ok(response)
    })
}

#[expect(clippy::disallowed_methods, reason = "an application owns its executor")]
fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(task);
}

#[expect(clippy::disallowed_methods, reason = "an application owns its time")]
async fn pause() {
    sleep(PAUSE_AFTER_FAILED_ACCEPT).await;
}
