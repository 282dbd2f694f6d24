use std::{future::poll_fn, pin::Pin, task::Poll};

/// Runs the futures, at most `width` of them at a time, and gives their outcomes in their order.
pub(super) async fn in_parallel<F>(width: usize, futures: Vec<F>) -> Vec<F::Output>
where
    F: Future + Send,
    F::Output: Send,
{
    let mut waiting = futures.into_iter().enumerate();
    let mut running: Vec<(usize, Pin<Box<F>>)> = Vec::new();
    let mut outcomes = Vec::new();
    poll_fn(|cx| {
        loop {
            let free = width.max(1).saturating_sub(running.len());
            let next = waiting.by_ref().take(free);
            running.extend(next.map(|(place, future)| (place, Box::pin(future))));
            let before = running.len();
            running.retain_mut(|(place, future)| {
                let outcome = future.as_mut().poll(cx).map(|outcome| (*place, outcome));
                let is_pending = outcome.is_pending();
                outcomes.extend(ready(outcome));
                is_pending
            });
            if running.is_empty() && waiting.len() == 0 {
                return Poll::Ready(());
            }
            // Room for another one: it must be polled before all can wait.
            if running.len() == before {
                return Poll::Pending;
            }
        }
    })
    .await;
    outcomes.sort_by_key(|(place, _)| *place);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

fn ready<T>(poll: Poll<T>) -> Option<T> {
    match poll {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        sync::atomic::{AtomicUsize, Ordering},
        task::{Context, Waker},
    };

    use super::*;

    /// Is polled that often before it is over.
    fn turns(count: usize) -> impl Future<Output = ()> + Send {
        let mut left = count;
        poll_fn(move |_| {
            left = left.saturating_sub(1);
            if left == 0 { Poll::Ready(()) } else { Poll::Pending }
        })
    }

    #[test]
    fn no_more_run_at_a_time_and_outcomes_keep_their_order() {
        let [running, most] = [AtomicUsize::new(0), AtomicUsize::new(0)];
        let task = |place: usize| {
            let (running, most) = (&running, &most);
            async move {
                let now = running.fetch_add(1, Ordering::Relaxed) + 1;
                most.fetch_max(now, Ordering::Relaxed);
                // The later ones are done sooner.
                turns(12 - place).await;
                running.fetch_sub(1, Ordering::Relaxed);
                place
            }
        };
        for (width, expected) in [(5, 5), (1, 1), (0, 1), (100, 12)] {
            most.store(0, Ordering::Relaxed);
            let mut all = pin!(in_parallel(width, (0..12).map(task).collect()));
            let mut cx = Context::from_waker(Waker::noop());
            let outcomes = (0..1000).find_map(|_| ready(all.as_mut().poll(&mut cx)));
            assert_eq!(outcomes.unwrap(), (0..12).collect::<Vec<_>>());
            assert_eq!(most.load(Ordering::Relaxed), expected);
        }
    }
}
