use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_lock::Semaphore;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};

use super::{
    Call, CredentialContext, CredentialError, Credentials, Idempotency, Meter, Middleware, Next,
    RateLimit, RetryPolicy, Timer, Transport, TransportError, TransportErrorKind,
    rate_limit::Turns,
    retry::{Budget, retry_after},
    timer::within,
};

/// Brings requests to a service provider, and repeats them where that is right.
///
/// Whatever waits does so by the timer. Without one, nothing is repeated, limited or ended early;
/// only a token that was refused is fetched anew.
pub(crate) struct Delivery {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) middleware: Vec<Arc<dyn Middleware>>,
    pub(crate) credentials: Option<Arc<dyn Credentials>>,
    pub(crate) timer: Option<Arc<dyn Timer>>,
    pub(crate) retry: RetryPolicy,
    turns: Turns,
    slots: Option<Semaphore>,
    budget: Budget,
    /// Until when nothing is sent to the service provider.
    paused_until: Mutex<Duration>,
}

/// What goes for the requests of one client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    /// How long a request may take, all attempts and waits together.
    pub(crate) limit: Option<Duration>,
    pub(crate) meter: Option<Meter>,
}

/// An answer, and what is known about the attempts before it.
pub(crate) struct Delivered {
    pub(crate) outcome: Result<Response<Bytes>, Undelivered>,
    /// Whether an attempt before got no answer, and may have taken effect.
    pub(crate) in_doubt: bool,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Undelivered {
    Transport(TransportError),
    Credentials(CredentialError),
}

/// A request that has no time left.
#[derive(Debug, thiserror::Error)]
#[error("the deadline of the request has passed")]
struct DeadlinePassed;

impl Delivery {
    pub(crate) fn new(
        transport: Arc<dyn Transport>,
        rate_limit: RateLimit,
        max_concurrency: Option<usize>,
    ) -> Self {
        Self {
            transport,
            middleware: Vec::new(),
            credentials: None,
            timer: None,
            retry: RetryPolicy::new(),
            turns: Turns::new(rate_limit),
            slots: max_concurrency.map(|most| Semaphore::new(most.max(1))),
            budget: Budget::new(),
            paused_until: Mutex::new(Duration::ZERO),
        }
    }

    /// Sends the request, at most until the limit of the terms is over.
    pub(crate) async fn deliver(
        &self,
        request: &Request<Bytes>,
        mut call: Call,
        terms: &Terms,
    ) -> Delivered {
        let deadline = terms.limit.zip(self.now()).map(|(limit, now)| now.saturating_add(limit));
        let (mut in_doubt, mut is_renewed) = (false, false);
        loop {
            let (outcome, used) = match self.attempt(request, &call, deadline, terms).await {
                Ok(attempt) => attempt,
                Err(error) => return Delivered { outcome: Err(error), in_doubt },
            };
            if let (Ok(answer), Some(used), false) = (&outcome, used, is_renewed)
                && answer.status() == StatusCode::UNAUTHORIZED
                && self.is_renewable(&used).await
            {
                is_renewed = true;
                continue;
            }
            let wait = self.wait_before_next(&call, &outcome);
            let Some(wait) = wait.filter(|wait| self.has_time_for(*wait, deadline)) else {
                return Delivered { outcome: outcome.map_err(Undelivered::Transport), in_doubt };
            };
            in_doubt |= is_ambiguous(call.idempotency, &outcome);
            if let Some(timer) = &self.timer {
                terms.waited(wait);
                timer.sleep(wait).await;
            }
            call.attempt += 1;
        }
    }

    /// One attempt, with the `Authorization` that it used.
    async fn attempt(
        &self,
        request: &Request<Bytes>,
        call: &Call,
        deadline: Option<Duration>,
        terms: &Terms,
    ) -> Result<(Result<Response<Bytes>, TransportError>, Option<HeaderValue>), Undelivered> {
        let is_sent = AtomicBool::new(false);
        let sending = async {
            let _slot = match &self.slots {
                Some(slots) => Some(slots.acquire().await),
                None => None,
            };
            self.wait_for_turn(call, deadline, terms).await?;
            let mut request = request.clone();
            let used = self.authorize(&mut request).await?;
            let next = Next::new(&self.middleware, &*self.transport);
            is_sent.store(true, Ordering::Relaxed);
            if let Some(meter) = &terms.meter {
                meter.count(call.idempotency);
            }
            let outcome = next.send(request, call).await;
            Ok((outcome.and_then(|answer| whole(answer, call.idempotency)), used))
        };
        let Some((timer, left)) = self.left(deadline) else { return sending.await };
        match within(timer, left, sending).await {
            Some(attempt) => attempt,
            None if is_sent.load(Ordering::Relaxed) => Err(late(TransportErrorKind::Timeout)),
            None => Err(late(TransportErrorKind::Connect)),
        }
    }

    /// Waits while the service provider is left alone, and for what the rate allows.
    async fn wait_for_turn(
        &self,
        call: &Call,
        deadline: Option<Duration>,
        terms: &Terms,
    ) -> Result<(), Undelivered> {
        let Some(timer) = &self.timer else { return Ok(()) };
        loop {
            let now = timer.now();
            let pause = self.paused_until().saturating_sub(now);
            if pause.is_zero() {
                break;
            }
            self.check_time_for(pause, deadline)?;
            terms.waited(pause);
            timer.sleep(pause).await;
        }
        let wait = self.turns.take(timer.now(), call.idempotency != Idempotency::Safe);
        if !wait.is_zero() {
            self.check_time_for(wait, deadline)?;
            terms.waited(wait);
            timer.sleep(wait).await;
        }
        Ok(())
    }

    async fn authorize(
        &self,
        request: &mut Request<Bytes>,
    ) -> Result<Option<HeaderValue>, Undelivered> {
        let Some(credentials) = &self.credentials else { return Ok(None) };
        let cx = CredentialContext { transport: &*self.transport, now: self.now() };
        let header = credentials.authorization(&cx).await.map_err(Undelivered::Credentials)?;
        request.headers_mut().insert(header::AUTHORIZATION, header.clone());
        Ok(Some(header))
    }

    async fn is_renewable(&self, rejected: &HeaderValue) -> bool {
        match &self.credentials {
            Some(credentials) => credentials.is_renewable(rejected).await,
            None => false,
        }
    }

    /// How long to wait before the next attempt, unless there is to be none.
    fn wait_before_next(
        &self,
        call: &Call,
        outcome: &Result<Response<Bytes>, TransportError>,
    ) -> Option<Duration> {
        let timer = self.timer.as_deref()?;
        let asked = match outcome {
            Ok(answer) if !is_failing(answer.status()) => {
                self.budget.earn();
                return None;
            }
            Ok(answer) => retry_after(answer.headers(), Some(timer)),
            Err(_) => None,
        };
        let asked = self.retry.pause(asked).ok()?;
        let wait = asked.unwrap_or_else(|| self.retry.backoff(call.attempt));
        let is_throttled =
            outcome.as_ref().is_ok_and(|answer| answer.status() == StatusCode::TOO_MANY_REQUESTS);
        if is_throttled || asked.is_some() {
            self.pause(timer.now().saturating_add(wait));
        }
        let is_repeated = call.attempt < self.retry.max_attempts()
            && self.retry.allows(call, outcome)
            && self.budget.take();
        is_repeated.then_some(wait)
    }

    fn now(&self) -> Option<Duration> {
        self.timer.as_ref().map(Timer::now)
    }

    fn left(&self, deadline: Option<Duration>) -> Option<(&dyn Timer, Duration)> {
        let timer = self.timer.as_deref()?;
        Some((timer, deadline?.saturating_sub(timer.now())))
    }

    fn has_time_for(&self, wait: Duration, deadline: Option<Duration>) -> bool {
        self.left(deadline).is_none_or(|(_, left)| wait < left)
    }

    fn check_time_for(
        &self,
        wait: Duration,
        deadline: Option<Duration>,
    ) -> Result<(), Undelivered> {
        if self.has_time_for(wait, deadline) {
            return Ok(());
        }
        Err(late(TransportErrorKind::Connect))
    }

    fn paused_until(&self) -> Duration {
        *self.paused_until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pause(&self, until: Duration) {
        let mut paused = self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        *paused = (*paused).max(until);
    }
}

impl Terms {
    fn waited(&self, wait: Duration) {
        if let Some(meter) = &self.meter {
            meter.wait(wait);
        }
    }
}

/// A request that came to its deadline before it was sent, or after.
fn late(kind: TransportErrorKind) -> Undelivered {
    Undelivered::Transport(TransportError::new(kind, DeadlinePassed))
}

/// Whether the service provider is in trouble, or has had enough.
fn is_failing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502..=504)
}

/// Whether a request that changes something may have done it, though it got no answer.
pub(crate) fn may_have_taken_effect(idempotency: Idempotency, kind: TransportErrorKind) -> bool {
    idempotency != Idempotency::Safe && kind.may_have_been_read()
}

/// Whether an attempt may have done what it was to do, though it is repeated.
fn is_ambiguous(
    idempotency: Idempotency,
    outcome: &Result<Response<Bytes>, TransportError>,
) -> bool {
    match outcome {
        Ok(answer) => idempotency != Idempotency::Safe && answer.status().is_server_error(),
        Err(error) => may_have_taken_effect(idempotency, error.kind()),
    }
}

/// An answer that was cut off on its way is none, whoever cut it: a JSON object ends with a brace.
fn whole(
    answer: Response<Bytes>,
    idempotency: Idempotency,
) -> Result<Response<Bytes>, TransportError> {
    let body = answer.body().trim_ascii();
    let is_cut = answer.status().is_success()
        && body.first() == Some(&b'{')
        && body.last() != Some(&b'}')
        && matches!(idempotency, Idempotency::Safe | Idempotency::Idempotent);
    if is_cut {
        return Err(TransportError::new(TransportErrorKind::Interrupted, CutOff));
    }
    Ok(answer)
}

/// A body that ends too early.
#[derive(Debug, thiserror::Error)]
#[error("the body of the answer ends too early")]
struct CutOff;
