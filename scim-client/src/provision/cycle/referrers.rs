use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use crate::provision::{
    mapping::{may_refer, referenced},
    source::SourceId,
    state::{Link, State, StateWrite},
};

/// Who refers to each object; found out when it is first asked for.
///
/// Whoever has ceased to refer to an object stays in it: what the link says counts.
#[derive(Default)]
pub(super) struct Referrers(Option<HashMap<SourceId, BTreeSet<SourceId>>>);

impl Referrers {
    /// The links that may refer to one of some objects.
    pub(super) fn of<'s>(
        &mut self,
        ids: &HashSet<SourceId>,
        state: &'s State,
    ) -> impl Iterator<Item = &'s Link> {
        let referrers = self.0.get_or_insert_with(|| {
            let mut referrers = HashMap::new();
            state.links.values().for_each(|link| add(&mut referrers, link));
            referrers
        });
        let referring: BTreeSet<SourceId> =
            ids.iter().filter_map(|id| referrers.get(id)).flatten().cloned().collect();
        referring.into_iter().filter_map(|id| state.links.get(&id))
    }

    /// Follows a write that the state is about to take.
    pub(super) fn follow(&mut self, write: &StateWrite) {
        if let (Some(referrers), StateWrite::CommitLink(link)) = (&mut self.0, write) {
            add(referrers, link);
        }
    }
}

/// What a link refers to, and where.
pub(super) fn references(link: &Link) -> Vec<(Arc<str>, SourceId)> {
    if !may_refer(&link.applied) {
        return Vec::new();
    }
    let values = link.applied.values();
    let refers = |(target, value)| Some((Arc::clone(target), referenced(value)?));
    values.iter().filter_map(refers).collect()
}

fn add(referrers: &mut HashMap<SourceId, BTreeSet<SourceId>>, link: &Link) {
    for (_, id) in references(link) {
        referrers.entry(id).or_default().insert(link.source_id.clone());
    }
}
