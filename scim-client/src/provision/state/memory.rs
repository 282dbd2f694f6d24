use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use super::{State, StateError, StateStore, StateWrite};

/// Remembers for as long as the process lives.
#[derive(Debug, Default)]
pub struct MemoryState(Mutex<State>);

impl MemoryState {
    /// Remembers nothing yet.
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait]
impl StateStore for MemoryState {
    async fn load(&self) -> Result<State, StateError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    async fn commit(&self, writes: Vec<StateWrite>) -> Result<(), StateError> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for write in writes {
            state.take(write);
        }
        Ok(())
    }
}
