//! HTTP/1.1 with a limit on everything a stranger controls: connections, headers and time.

use std::{
    convert::Infallible,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

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
use tokio_io_timeout::TimeoutStream;
use tower_service::Service;

const HEADER_BYTES: usize = 64 * 1024;
const HEADERS: usize = 64;
const SHUTDOWN_TIME: Duration = Duration::from_secs(10);
const PAUSE_AFTER_FAILED_ACCEPT: Duration = Duration::from_millis(50);

/// How many may be connected, and how long they may take.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct HttpLimits {
    /// Connections at once.
    pub connections: usize,
    /// For the head of a request, and for the pause before it.
    pub header_time: Duration,
    /// For the rest of the request, and for the work on it.
    pub request_time: Duration,
    /// For the client to take some bytes of the answer.
    pub write_time: Duration,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            connections: 1024,
            header_time: Duration::from_secs(5),
            request_time: Duration::from_secs(30),
            write_time: Duration::from_secs(10),
        }
    }
}

/// Answers requests until `shutdown` is over, and then, for a while, those that have begun.
pub async fn serve(
    listener: TcpListener,
    service: ScimService,
    limits: HttpLimits,
    shutdown: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(limits.connections));
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
        let connection = graceful.watch(connection(stream, service.clone(), limits));
        spawn(async move {
            // A connection that breaks is its client's matter.
            let _ = connection.await;
            drop(slot);
        });
    }
    drop(listener);
    let _ = timeout(SHUTDOWN_TIME, graceful.shutdown()).await;
}

type Connection<S> = http1::Connection<TokioIo<Pin<Box<TimeoutStream<TcpStream>>>>, S>;

fn connection(
    stream: TcpStream,
    service: ScimService,
    limits: HttpLimits,
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
    let mut stream = TimeoutStream::new(stream);
    // hyper bounds the time for reading, and not that for writing.
    stream.set_write_timeout(Some(limits.write_time));
    let answer = move |request| answer(service.clone(), limits, request);
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_headers(HEADERS)
        .max_buf_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(Box::pin(stream)), service_fn(answer))
}

async fn answer(
    mut service: ScimService,
    limits: HttpLimits,
    request: Request<Incoming>,
) -> Result<Response<ResponseBody>, Infallible> {
    timeout(limits.request_time, service.call(request)).await.unwrap_or_else(|_| {
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
