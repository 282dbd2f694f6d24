use std::{
    future::poll_fn,
    mem::take,
    pin::Pin,
    task::Poll::{Pending, Ready},
};

/// Runs the futures, at most `width` of them at a time, and gives their outcomes in their order.
pub(super) async fn in_parallel<F>(width: usize, futures: Vec<F>) -> Vec<F::Output>
where
    F: Future + Send,
    F::Output: Send,
{
    let mut waiting = futures.into_iter().enumerate();
    let mut running: Vec<(usize, Pin<Box<F>>)> = Vec::new();
    let mut outcomes = Vec::new();
    poll_fn(move |cx| {
        loop {
            while running.len() < width.max(1) {
                let Some((place, future)) = waiting.next() else { break };
                running.push((place, Box::pin(future)));
            }
            let before = running.len();
            running.retain_mut(|(place, future)| match future.as_mut().poll(cx) {
                Ready(outcome) => {
                    outcomes.push((*place, outcome));
                    false
                }
                Pending => true,
            });
            if running.is_empty() && waiting.len() == 0 {
                outcomes.sort_by_key(|(place, _)| *place);
                return Ready(
                    take(&mut outcomes).into_iter().map(|(_, outcome)| outcome).collect(),
                );
            }
            if running.len() == before {
                return Pending;
            }
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::{
        cell::Cell,
        pin::pin,
        task::{Context, Waker},
    };

    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn no_more_run_at_a_time_and_outcomes_keep_their_order() {
        let [running, most] = [AtomicUsize::new(0), AtomicUsize::new(0)];
        let task = |place: usize| {
            let (running, most) = (&running, &most);
            // The later ones are done sooner.
            let turns = Cell::new(12 - place);
            async move {
                let now = running.fetch_add(1, Ordering::Relaxed) + 1;
                most.fetch_max(now, Ordering::Relaxed);
                poll_fn(move |_| {
                    let left = turns.get();
                    turns.set(left.saturating_sub(1));
                    if left == 0 { Ready(()) } else { Pending }
                })
                .await;
                running.fetch_sub(1, Ordering::Relaxed);
                place
            }
        };
        for (width, expected) in [(5, 5), (1, 1), (0, 1), (100, 12)] {
            most.store(0, Ordering::Relaxed);
            let mut all = pin!(in_parallel(width, (0..12).map(task).collect()));
            let mut cx = Context::from_waker(Waker::noop());
            let outcomes = (0..1000).find_map(|_| match all.as_mut().poll(&mut cx) {
                Ready(outcomes) => Some(outcomes),
                Pending => None,
            });
            assert_eq!(outcomes.unwrap(), (0..12).collect::<Vec<_>>());
            assert_eq!(most.load(Ordering::Relaxed), expected);
        }
    }
}
