use std::{collections::HashMap, sync::OnceLock};

use crate::provision::{
    source::SourceId,
    state::{State, StateWrite},
};

/// Which object each resource is linked to; found out when it is first asked for, and kept true.
#[derive(Default)]
pub(super) struct Owners(OnceLock<HashMap<String, SourceId>>);

impl Owners {
    pub(super) fn of(&self, target_id: &str, state: &State) -> Option<&SourceId> {
        let owners = self.0.get_or_init(|| {
            let links = state.links.values();
            links.map(|link| (link.target_id.to_string(), link.source_id.clone())).collect()
        });
        owners.get(target_id)
    }

    /// Follows a write that the state is about to take.
    pub(super) fn follow(&mut self, write: &StateWrite, state: &State) {
        let Some(owners) = self.0.get_mut() else { return };
        let (id, target_id) = match write {
            StateWrite::CommitLink(link) => (&link.source_id, Some(&link.target_id)),
            StateWrite::Unlink(id) => (id, None),
            _ => return,
        };
        let before = state.links.get(id).map(|link| link.target_id.as_str());
        if let Some(before) = before
            && owners.get(before) == Some(id)
        {
            owners.remove(before);
        }
        if let Some(target_id) = target_id {
            owners.insert(target_id.to_string(), id.clone());
        }
    }
}
