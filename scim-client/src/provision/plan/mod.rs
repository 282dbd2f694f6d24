//! What to do about a person: decided from what is known, without asking anybody.

mod diff;
pub(super) mod order;

use std::fmt;

use scim_core::{PatchOp, Resource, ResourceId};

pub(super) use diff::{adopting, changes};

use super::{
    mapping::Mapping,
    state::{Link, Values},
};

/// What is known about a person.
///
/// `Debug` names the attributes and keeps their values, which are personal, to itself.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Known<'k> {
    /// What the service provider should hold; `None` for who is not in scope.
    pub desired: Option<&'k Values>,
    /// The link, if there is one.
    pub link: Option<&'k Link>,
    /// The resources that match, looked for only where there is no link.
    pub candidates: &'k [Resource],
    /// Whether the person was about to be created when the engine was last heard of, so that a
    /// resource that matches is the one that was created.
    pub has_intent: bool,
    /// The mappings, for what they say besides values.
    pub mapping: &'k Mapping,
}

/// What to do about a person.
///
/// `Debug` names the attributes and keeps their values, which are personal, to itself.
#[derive(Clone, PartialEq)]
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
        Self { desired, link: None, candidates: &[], has_intent: false, mapping }
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

    /// The same with an open intent, or without.
    #[must_use]
    pub fn with_intent(mut self, has_intent: bool) -> Self {
        self.has_intent = has_intent;
        self
    }
}

impl fmt::Debug for Known<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known")
            .field("desired", &self.desired.map(|values| values.keys().collect::<Vec<_>>()))
            .field("link", &self.link)
            .field("candidates", &self.candidates)
            .field("has_intent", &self.has_intent)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create(values) => {
                f.debug_tuple("Create").field(&values.keys().collect::<Vec<_>>()).finish()
            }
            Self::Adopt { target_id, patch } => f
                .debug_struct("Adopt")
                .field("target_id", target_id)
                .field("patch", &patch.as_ref().map(paths))
                .finish(),
            Self::Update(patch) => f.debug_tuple("Update").field(&paths(patch)).finish(),
            Self::Disable(patch) => f.debug_tuple("Disable").field(&paths(patch)).finish(),
            Self::Nothing => f.write_str("Nothing"),
            Self::Skip => f.write_str("Skip"),
            Self::Ambiguous => f.write_str("Ambiguous"),
        }
    }
}

/// The paths of the operations, which hold no value of a person.
fn paths(patch: &PatchOp) -> Vec<Option<String>> {
    let paths = patch.operations().iter().map(|operation| operation.path.as_ref());
    paths.map(|path| path.map(ToString::to_string)).collect()
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
            [candidate] => adopt(candidate, known, desired, schema),
            _ => Action::Ambiguous,
        },
        (None, Some(link)) if link.is_active => disable(link, known.mapping),
        (None, _) => Action::Skip,
    }
}

fn adopt(
    candidate: &Resource,
    known: &Known<'_>,
    desired: &Values,
    schema: &scim_core::ResourceSchema,
) -> Action {
    match candidate.id().and_then(|id| id.parse().ok()) {
        Some(target_id) => {
            let patch = adopting(candidate, known, desired, schema);
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
