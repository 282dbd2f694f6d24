use std::{collections::HashSet, sync::Arc};

use serde_json::Value;

use super::{Cycle, CycleError, Failure, draft::Draft};
use crate::provision::{
    apply::{ApplyError, is_everyones},
    plan::{
        Action,
        key::{equals, literal},
    },
    report::ErrorCode,
    source::ObjectKind,
};

/// The values that were chosen in this cycle, with their targets.
type Chosen = HashSet<(Arc<str>, String)>;

impl Cycle<'_> {
    /// Chooses, for those who are to be created, the first of several values that nobody has.
    pub(super) async fn choose_unique(&self, drafts: &mut [Draft]) -> Result<(), CycleError> {
        let mut chosen = Chosen::new();
        for draft in drafts {
            match self.choose(draft, &mut chosen).await {
                Ok(()) => {}
                Err(ApplyError::Request(error)) if is_everyones(&error) => {
                    return Err(CycleError::Target(error));
                }
                Err(error) => {
                    draft.failure = Some(Failure::new(error.code(), error.to_string()));
                }
            }
        }
        Ok(())
    }

    async fn choose(&self, draft: &mut Draft, chosen: &mut Chosen) -> Result<(), ApplyError> {
        let Action::Create(desired) = &mut draft.action else { return Ok(()) };
        for (target, values) in std::mem::take(&mut desired.unique) {
            let is_new =
                |value: &Value| !chosen.contains(&(Arc::clone(&target), value.to_string()));
            let values = values.into_iter().filter(is_new).collect();
            let Some(value) = self.first_free(draft.kind, &target, values).await? else {
                draft.failure = Some(all_taken(&target));
                return Ok(());
            };
            chosen.insert((Arc::clone(&target), value.to_string()));
            desired.on_creation.insert(target, value);
        }
        Ok(())
    }

    async fn first_free(
        &self,
        kind: ObjectKind,
        target: &str,
        values: Vec<Value>,
    ) -> Result<Option<Value>, ApplyError> {
        let Ok(path) = target.parse() else { return Ok(None) };
        for value in values {
            let filter = literal(&value).and_then(|value| equals(&path, value));
            let Some(filter) = filter else { continue };
            if self.target.find(kind, filter).await?.is_empty() {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }
}

fn all_taken(target: &str) -> Failure {
    Failure::new(ErrorCode::EntryConflict, format!("every value for `{target}` is taken"))
}
