use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{Fence, Lease, LeaseRequest, State, StateError, StateStore, StateWrite};

/// Remembers for as long as the process lives.
#[derive(Debug, Default)]
pub struct MemoryState(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    state: State,
    lease: Lease,
}

impl MemoryState {
    /// Remembers nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl StateStore for MemoryState {
    async fn lease(&self, request: &LeaseRequest) -> Result<Fence, StateError> {
        let mut inner = self.inner();
        inner.lease = inner.lease.granted(request).ok_or_else(StateError::leased)?;
        Ok(inner.lease.fence)
    }

    async fn load(&self) -> Result<State, StateError> {
        Ok(self.inner().state.clone())
    }

    async fn commit(&self, fence: Fence, writes: Vec<StateWrite>) -> Result<(), StateError> {
        let mut inner = self.inner();
        if inner.lease.fence != fence {
            return Err(StateError::fenced());
        }
        for write in writes {
            inner.state.take(write);
        }
        Ok(())
    }
}
