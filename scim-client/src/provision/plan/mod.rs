//! What to do about a person: decided from what is known, without asking anybody.

mod diff;
pub(super) mod order;

use scim_core::{PatchOp, Resource, ResourceId};

pub(super) use diff::{adopting, changes};

use super::{
    mapping::Mapping,
    state::{Link, Values},
};

/// What is known about a person.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Known<'k> {
    /// What the service provider should hold; `None` for who is not in scope.
    pub desired: Option<&'k Values>,
    /// The link, if there is one.
    pub link: Option<&'k Link>,
    /// The resources that match, looked for only where there is no link.
    pub candidates: &'k [Resource],
    /// The mappings, for what they say besides values.
    pub mapping: &'k Mapping,
}

/// What to do about a person.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// Create a resource with these values.
    Create(Values),
    /// Link the resource that was found, and bring it up to date.
    Adopt {
        /// The resource.
        target_id: ResourceId,
        /// What it lacks; `None` if nothing.
        patch: Option<PatchOp>,
    },
    /// Bring the linked resource up to date.
    Update(PatchOp),
    /// Disable the linked resource.
    Disable(PatchOp),
    /// Nothing has changed.
    Nothing,
    /// Leave alone who is not in scope and was never provisioned, or is disabled already.
    Skip,
    /// Touch none of several resources that match.
    Ambiguous,
}

impl<'k> Known<'k> {
    /// What is known of a person without link and candidates.
    pub fn new(desired: Option<&'k Values>, mapping: &'k Mapping) -> Self {
        Self { desired, link: None, candidates: &[], mapping }
    }

    /// The same with a link.
    #[must_use]
    pub fn with_link(mut self, link: Option<&'k Link>) -> Self {
        self.link = link;
        self
    }

    /// The same with the resources that match.
    #[must_use]
    pub fn with_candidates(mut self, candidates: &'k [Resource]) -> Self {
        self.candidates = candidates;
        self
    }
}

/// Decides.
pub fn plan(known: &Known<'_>, schema: &scim_core::ResourceSchema) -> Action {
    match (known.desired, known.link) {
        (Some(desired), Some(link)) => match changes(&link.applied, desired, known.mapping) {
            Some(patch) => Action::Update(patch),
            None => Action::Nothing,
        },
        (Some(desired), None) => match known.candidates {
            [] => Action::Create(desired.clone()),
            [candidate] => adopt(candidate, desired, known.mapping, schema),
            _ => Action::Ambiguous,
        },
        (None, Some(link)) if link.is_active => disable(link, known.mapping),
        (None, _) => Action::Skip,
    }
}

fn adopt(
    candidate: &Resource,
    desired: &Values,
    mapping: &Mapping,
    schema: &scim_core::ResourceSchema,
) -> Action {
    match candidate.id().and_then(|id| id.parse().ok()) {
        Some(target_id) => {
            let patch = adopting(candidate, desired, mapping, schema);
            Action::Adopt { target_id, patch }
        }
        None => Action::Ambiguous,
    }
}

/// Who leaves keeps everything but the right to sign in.
fn disable(link: &Link, mapping: &Mapping) -> Action {
    let Some(active) = mapping.active() else { return Action::Skip };
    let mut next = link.applied.clone();
    next.insert(active.to_string(), false.into());
    changes(&link.applied, &next, mapping).map_or(Action::Skip, Action::Disable)
}
