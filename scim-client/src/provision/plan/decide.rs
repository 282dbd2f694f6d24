use chrono::{DateTime, Utc};
use scim_core::{
    PatchOp, Resource, ResourceSchema, Tolerances,
    patch::{Effect, PatchOperationKind},
};

use super::{
    Action, AdoptPolicy, Change, Changes, Conflict, Removal, RemovalPolicy, Skip,
    changes::{operation, resolved},
    removal::is_over,
};
use crate::provision::{
    mapping::{Desired, Mapping},
    scope::Cause,
    source::SourceId,
    state::{Link, Values},
};

/// What is known about an object.
///
/// `Debug` names the attributes and keeps their values, which are personal, to itself.
#[derive(Clone, Copy)]
#[non_exhaustive]
#[expect(missing_debug_implementations, reason = "it holds a function")]
pub struct Known<'k> {
    /// What the object is to become.
    pub wanted: Wanted<'k>,
    /// The link, if there is one.
    pub link: Option<&'k Link>,
    /// The resources that match, looked for only where there is no link.
    pub candidates: &'k [Resource],
    /// Whether the object was about to be created when the engine was last heard of, so that a
    /// resource that matches is the one that was created.
    pub has_intent: bool,
    /// The identifier of the resource of another object, if it is known.
    pub target_id: &'k dyn Fn(&SourceId) -> Option<String>,
}

/// What an object is to become.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "it is in scope or it is not")]
pub enum Wanted<'k> {
    /// A resource that holds this.
    Resource(&'k Desired),
    /// Out of scope.
    Gone {
        /// Why.
        cause: Cause,
        /// The values that tell it.
        values: &'k Values,
    },
}

/// What goes for all objects of a kind.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Rules<'r> {
    /// The mappings.
    pub mapping: &'r Mapping,
    /// The schema of the resources.
    pub schema: &'r ResourceSchema,
    /// Which resources of somebody else are linked.
    pub adopt: AdoptPolicy,
    /// What becomes of who has left.
    pub removal: &'r RemovalPolicy,
    /// The time.
    pub now: DateTime<Utc>,
}

impl<'r> Rules<'r> {
    /// Rules with the default policy of adoption.
    pub fn new(
        mapping: &'r Mapping,
        schema: &'r ResourceSchema,
        removal: &'r RemovalPolicy,
        now: DateTime<Utc>,
    ) -> Self {
        Self { mapping, schema, adopt: AdoptPolicy::default(), removal, now }
    }
}

impl<'k> Known<'k> {
    /// What is known of an object without link and candidates.
    pub fn new(wanted: Wanted<'k>, target_id: &'k dyn Fn(&SourceId) -> Option<String>) -> Self {
        Self { wanted, link: None, candidates: &[], has_intent: false, target_id }
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

/// Decides what to do about an object; members are another matter.
///
/// It asks nobody and changes nothing: the same gives the same.
///
/// ```
/// use chrono::DateTime;
/// use scim_client::{
///     provision::{
///         AttributeMapping, Mapping, SourceObject,
///         plan::{Action, Known, RemovalPolicy, Rules, Wanted, plan},
///     },
///     scim_core::SchemaRegistry,
/// };
///
/// let registry = SchemaRegistry::standard();
/// let users = registry.resource_type("User").ok_or("no such resource type")?;
/// let mapping = Mapping::new().with(AttributeMapping::direct("upn", "userName")?.matching(1));
/// let removal = RemovalPolicy::disable();
/// let rules = Rules::new(&mapping, users, &removal, DateTime::UNIX_EPOCH);
///
/// let person = SourceObject::new("1").with_attribute("upn", "bjensen");
/// let desired = mapping.render(&person, DateTime::UNIX_EPOCH)?;
/// let known = Known::new(Wanted::Resource(&desired), &|_| None);
/// assert_eq!(plan(&known, &rules).name(), "create");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn plan(known: &Known<'_>, rules: &Rules<'_>) -> Action {
    match (known.wanted, known.link) {
        (Wanted::Resource(desired), Some(link)) => keep_up(desired, link, rules),
        (Wanted::Resource(desired), None) => match known.candidates {
            [] => Action::Create(Box::new(desired.clone())),
            [candidate] => adopt(candidate, desired, known, rules),
            several => {
                let ids = several.iter().filter_map(|one| one.id()?.parse().ok());
                Action::Conflict(Conflict::DuplicateTargets(ids.collect()))
            }
        },
        (Wanted::Gone { cause, values }, Some(link)) => leave(cause, values, link, rules),
        (Wanted::Gone { cause, .. }, None) => Action::Skip(Skip::OutOfScope(cause)),
    }
}

fn keep_up(desired: &Desired, link: &Link, rules: &Rules<'_>) -> Action {
    if link.is_in_scope() && desired.kept.is_empty() && link.applied.holds(&desired.values) {
        return Action::Nothing;
    }
    let changes = Changes::between(&link.applied.values(), desired, rules.mapping);
    let tells = |target: &str| rules.mapping.tells_who_left(target);
    if changes.is_empty() {
        Action::Nothing
    } else if !link.is_in_scope() && changes.targets().any(tells) {
        Action::Enable(changes)
    } else {
        Action::Update(changes)
    }
}

fn leave(cause: Cause, values: &Values, link: &Link, rules: &Rules<'_>) -> Action {
    let skip = Action::Skip(Skip::OutOfScope(cause));
    // What was decided when the object left goes on, whatever else has happened to it since.
    let since = link.left.map_or(rules.now, |left| left.at);
    match rules.removal.of(cause) {
        Removal::Delete => Action::Delete(cause),
        Removal::DeleteAfter(seconds) if is_over(since, seconds, rules.now) => {
            Action::Delete(cause)
        }
        Removal::Disable | Removal::DeleteAfter(_) => disable(cause, values, link),
        Removal::Unlink => Action::Unlink(without_external_id(link, rules), cause),
        Removal::Keep => skip,
    }
}

/// Who leaves keeps everything but the right to sign in.
fn disable(cause: Cause, values: &Values, link: &Link) -> Action {
    let applied = link.applied.values();
    let attributes: Vec<Change> = values
        .iter()
        .filter(|(target, value)| applied.get(target) != Some(value))
        .map(|(target, value)| {
            Change::new(target, applied.get(target).cloned(), Some(value.clone()))
        })
        .collect();
    if attributes.is_empty() {
        return Action::Skip(Skip::OutOfScope(cause));
    }
    Action::Disable(Changes { attributes, ..Changes::default() }, cause)
}

/// Whoever is let go does not say any more that it is ours.
fn without_external_id(link: &Link, rules: &Rules<'_>) -> Changes {
    let applied = link.applied.values();
    let external_id = applied.iter().find(|(target, _)| target.eq_ignore_ascii_case("externalId"));
    let written = external_id.filter(|(target, _)| rules.mapping.writes(target));
    let change = written.map(|(target, old)| Change::new(target, Some(old.clone()), None));
    Changes { attributes: change.into_iter().collect(), ..Changes::default() }
}

fn adopt(candidate: &Resource, desired: &Desired, known: &Known<'_>, rules: &Rules<'_>) -> Action {
    let Some(target_id) = candidate.id().and_then(|id| id.parse().ok()) else {
        return Action::Conflict(Conflict::NoId);
    };
    let wanted = desired.get("externalId").and_then(serde_json::Value::as_str);
    let external_id = candidate.external_id().filter(|id| !id.is_empty());
    let is_same = wanted.is_some() && external_id == wanted;
    let is_adopted = known.has_intent
        || match rules.adopt {
            AdoptPolicy::Always => true,
            AdoptPolicy::IfUnmanaged => external_id.is_none() || is_same,
            AdoptPolicy::IfSameExternalId => is_same,
            AdoptPolicy::Never => false,
        };
    if !is_adopted {
        return Action::Conflict(Conflict::NotAdopted(target_id));
    }
    Action::Adopt { target_id, changes: drift(candidate, desired, known, rules) }
}

/// What a resource lacks that was found rather than created.
///
/// One that an interrupted create left behind also loses what is not desired any more.
pub(in crate::provision) fn drift(
    candidate: &Resource,
    desired: &Desired,
    known: &Known<'_>,
    rules: &Rules<'_>,
) -> Changes {
    let needs = |op, target: &str, value| {
        let Some(operation) = operation(op, target, value) else { return false };
        let patch = PatchOp::new().with_operation(operation);
        let patched = candidate.patched(&patch, rules.schema, Tolerances::default());
        !patched.is_ok_and(|patched| patched.effect() == Effect::Unchanged)
    };
    // Whether it has what only an interrupted create can have left.
    let is_left_over =
        |target: &str| known.has_intent && needs(PatchOperationKind::Remove, target, None);
    let mut attributes = Vec::new();
    for mapping in rules.mapping.targets() {
        let target = mapping.name();
        match desired.values.get(target) {
            Some(value) => {
                let sent = resolved(target, value, known.target_id);
                // A reference that is not known yet comes later, and what is there is another one.
                let is_other = sent.is_none() && is_left_over(target);
                let is_needed =
                    sent.is_none_or(|sent| needs(PatchOperationKind::Add, target, Some(sent)));
                if is_needed {
                    let old = is_other.then_some(serde_json::Value::Null);
                    attributes.push(Change::new(target, old, Some(value.clone())));
                }
            }
            None if is_left_over(target) => {
                let unknown = Some(serde_json::Value::Null);
                attributes.push(Change::new(target, unknown, None));
            }
            None => {}
        }
    }
    Changes { attributes, ..Changes::default() }
}
