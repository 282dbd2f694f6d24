use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

/// Code of the application panicked; what it said may hold a value, and is left to the panic hook.
#[derive(Debug)]
pub(crate) struct Panicked;

/// Turns a panic of a future into an error, so that one request does not end the others.
///
/// The future is not polled again, and what it shares with others guards itself: locks here are
/// taken whether or not they are poisoned, and a store takes effect whole or not at all.
pub(crate) async fn catch_panic<F: Future>(future: F) -> Result<F::Output, Panicked> {
    let mut future = pin!(future);
    poll_fn(|cx| {
        let poll = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx)));
        match poll {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(_) => Poll::Ready(Err(Panicked)),
        }
    })
    .await
}
