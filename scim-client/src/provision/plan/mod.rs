//! What to do about each object: decided without asking anybody.

mod action;
mod changes;
mod decide;
mod guard;
pub(super) mod key;
pub(super) mod order;
mod removal;

use serde::Serialize;
use serde_json::{Value, json};

pub use action::{Action, AdoptPolicy, Conflict, Skip};
pub use changes::{Change, Changes};
pub(super) use changes::{operation, resolved};
pub(super) use decide::drift;
pub use decide::{Known, Rules, Wanted, plan};
pub use guard::Guard;
pub use removal::{Removal, RemovalPolicy};

use super::{
    cycle::CycleKind,
    fingerprint,
    source::{ObjectKind, SourceId},
};

/// Everything that a cycle is going to do.
///
/// A dry run gives one, and a cycle that follows does the same, as its fingerprint shows.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// What the cycle looks at.
    pub kind: CycleKind,
    /// What to do about each object, in order.
    pub items: Vec<PlanItem>,
    /// Whether removals are held back.
    pub is_held_back: bool,
    /// What somebody else has changed at the service provider, if it was looked for.
    pub drift: Option<Drift>,
    /// The objects about which nothing could be decided, and why.
    pub failures: Vec<(SourceId, String)>,
}

/// What somebody else has changed at the service provider.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Drift {
    /// Whose resource differs from what was sent, and in which attributes.
    pub drifted: Vec<(SourceId, Vec<String>)>,
    /// Whose resource is gone.
    pub missing: Vec<SourceId>,
    /// Resources that belong to no object, by their `id`; they are never touched.
    pub orphans: Vec<String>,
}

/// What to do about an object.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PlanItem {
    /// The object.
    pub source_id: SourceId,
    /// What it stands for.
    pub kind: ObjectKind,
    /// What to do.
    pub action: Action,
}

/// How often a plan does what.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PlanCounts {
    /// Resources to create.
    pub create: usize,
    /// Resources of others to link.
    pub adopt: usize,
    /// Resources to bring up to date.
    pub update: usize,
    /// Resources to enable again.
    pub enable: usize,
    /// Resources to disable.
    pub disable: usize,
    /// Resources to delete.
    pub delete: usize,
    /// Resources to forget.
    pub unlink: usize,
    /// Objects whose resource is as it should be.
    pub nothing: usize,
    /// Objects to leave alone.
    pub skip: usize,
    /// Removals that are held back.
    pub staged: usize,
    /// Objects of which it is not clear who is who.
    pub conflict: usize,
}

impl Plan {
    /// How often it does what.
    pub fn counts(&self) -> PlanCounts {
        let mut counts = PlanCounts::default();
        for item in &self.items {
            *match &item.action {
                Action::Create(_) => &mut counts.create,
                Action::Adopt { .. } => &mut counts.adopt,
                Action::Update(_) => &mut counts.update,
                Action::Enable(_) => &mut counts.enable,
                Action::Disable(..) => &mut counts.disable,
                Action::Delete(_) => &mut counts.delete,
                Action::Unlink(..) => &mut counts.unlink,
                Action::Nothing => &mut counts.nothing,
                Action::Skip(Skip::Staged(_)) => &mut counts.staged,
                Action::Skip(_) => &mut counts.skip,
                Action::Conflict(_) => &mut counts.conflict,
            } += 1;
        }
        counts
    }

    /// A fingerprint of everything that it sends.
    pub fn fingerprint(&self) -> String {
        let writes = self.items.iter().filter(|item| item.action.is_write());
        fingerprint::secure(&writes.map(PlanItem::to_json).collect::<Vec<_>>())
    }

    /// A fingerprint of what it takes away, held back or not, to approve it by.
    pub fn removals(&self) -> String {
        removals(&self.items)
    }
}

/// A fingerprint of the removals among some items.
pub(super) fn removals(items: &[PlanItem]) -> String {
    let mut removals: Vec<(&str, &str)> = items
        .iter()
        .filter_map(|item| {
            let action = match &item.action {
                Action::Skip(Skip::Staged(action)) => action,
                action => action,
            };
            action.is_removal().then(|| (item.source_id.as_str(), action.name()))
        })
        .collect();
    removals.sort_unstable();
    fingerprint::secure(&removals)
}

impl PlanItem {
    fn to_json(&self) -> Value {
        let detail = match &self.action {
            Action::Create(desired) => {
                // What is written once may be random, a password for example.
                let once: Vec<&str> = desired.on_creation.targets().collect();
                json!([desired.values, once, desired.members])
            }
            Action::Adopt { target_id, changes } => json!([target_id.as_str(), changes]),
            action => json!(action.changes()),
        };
        json!([self.source_id, self.kind, self.action.name(), detail])
    }
}
