//! A state whose commits fail as they are told.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use scim_client::provision::{
    StateStore,
    state::{Fence, LeaseRequest, MemoryState, State, StateError, StateWrite},
};

/// Clones are the same state.
#[derive(Clone)]
pub(super) struct Memory {
    store: Arc<MemoryState>,
    commits: Arc<Mutex<Commits>>,
}

#[derive(Default)]
struct Commits {
    count: usize,
    failing: Option<(usize, Moment)>,
}

/// When a commit fails.
#[derive(Clone, Copy, Debug)]
pub(super) enum Moment {
    /// Nothing is remembered.
    Before,
    /// It is remembered, and nobody learns it.
    After,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self { store: Arc::default(), commits: Arc::default() }
    }

    /// Fails the commits from this one on, counted from now.
    pub(super) fn fail(&self, failing: Option<(usize, Moment)>) {
        *self.commits.lock().unwrap() = Commits { count: 0, failing };
    }

    /// How many commits there were since.
    pub(super) fn commits(&self) -> usize {
        self.commits.lock().unwrap().count
    }

    fn fault(&self) -> Option<Moment> {
        let mut commits = self.commits.lock().unwrap();
        commits.count += 1;
        commits.failing.filter(|(from, _)| commits.count > *from).map(|(_, moment)| moment)
    }
}

#[async_trait]
impl StateStore for Memory {
    async fn lease(&self, request: &LeaseRequest) -> Result<Fence, StateError> {
        self.store.lease(request).await
    }

    async fn load(&self) -> Result<State, StateError> {
        self.store.load().await
    }

    async fn commit(&self, fence: Fence, writes: Vec<StateWrite>) -> Result<(), StateError> {
        match self.fault() {
            None => self.store.commit(fence, writes).await,
            Some(Moment::Before) => Err(StateError::new("as told")),
            Some(Moment::After) => {
                self.store.commit(fence, writes).await?;
                Err(StateError::new("as told"))
            }
        }
    }
}
