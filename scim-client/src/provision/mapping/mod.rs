//! What of an object goes where.

mod attribute;
mod document;
pub mod expression;
mod reference;
mod render;
mod validate;

use scim_core::patch::PatchPath;

pub use attribute::{AttributeMapping, InvalidAttributeMapping, WhenNull};
pub(super) use reference::{may_refer, reference, referenced};
pub use render::{Desired, RenderError};
pub use validate::{InvalidMapping, MappingProblem};

use attribute::{Apply, MappingSource};

/// The attribute mappings of one kind of objects.
///
/// It is a document too, for job files:
///
/// ```
/// use scim_client::provision::Mapping;
///
/// let mapping: Mapping = serde_json::from_str(r#"[
///     {"source": "userPrincipalName", "target": "userName", "matching": 1},
///     {"expression": "Not([IsSoftDeleted])", "target": "active"},
///     {"constant": "Employee", "target": "userType", "apply": "onlyOnCreation"},
///     {"source": "jobTitle", "target": "title", "default": "unknown", "whenNull": "keep"},
///     {"source": "mail", "target": "emails[type eq \"work\"].value", "redact": true}
/// ]"#)?;
/// assert_eq!(mapping.attributes().count(), 5);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// In the order of the targets.
    attributes: Vec<AttributeMapping>,
}

impl Mapping {
    /// No mappings yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The mapping with one more attribute; a later one for the same target takes its place.
    #[must_use]
    pub fn with(mut self, attribute: AttributeMapping) -> Self {
        let place = self.attributes.binary_search_by(|other| other.name.cmp(&attribute.name));
        match place {
            Ok(place) => {
                if let Some(old) = self.attributes.get_mut(place) {
                    *old = attribute;
                }
            }
            Err(place) => self.attributes.insert(place, attribute),
        }
        self
    }

    /// The mappings in the order of their targets.
    pub fn attributes(&self) -> impl Iterator<Item = &AttributeMapping> {
        self.attributes.iter()
    }

    /// The targets by which an object is looked for: those that must match together, by
    /// precedence.
    pub(super) fn keys(&self) -> Vec<Vec<&PatchPath>> {
        let mut keyed: Vec<(u32, &PatchPath)> = self
            .attributes
            .iter()
            .filter_map(|mapping| Some((mapping.matching?, &mapping.target)))
            .collect();
        keyed.sort_by_key(|(precedence, _)| *precedence);
        keyed
            .chunk_by(|(one, _), (other, _)| one == other)
            .map(|key| key.iter().map(|(_, path)| *path).collect())
            .collect()
    }

    /// The targets that are written again and again.
    pub(super) fn targets(&self) -> impl Iterator<Item = &AttributeMapping> {
        let is_written = |mapping: &&AttributeMapping| {
            mapping.apply == Apply::Always && !matches!(mapping.source, MappingSource::Members)
        };
        self.attributes.iter().filter(is_written)
    }

    /// The mapping of a target.
    pub(super) fn attribute(&self, target: &str) -> Option<&AttributeMapping> {
        let place = self.attributes.binary_search_by(|other| (*other.name).cmp(target)).ok()?;
        self.attributes.get(place)
    }

    /// Whether a target is written again and again.
    pub(super) fn writes(&self, target: &str) -> bool {
        self.attribute(target).is_some_and(|mapping| mapping.apply == Apply::Always)
    }

    /// Whether no event shows the value of a target.
    pub(super) fn is_redacted(&self, target: &str) -> bool {
        self.attribute(target).is_none_or(|mapping| mapping.is_redacted)
    }

    /// Whether it says anything about members.
    pub(super) fn has_members(&self) -> bool {
        self.attributes.iter().any(|mapping| matches!(mapping.source, MappingSource::Members))
    }

    /// Whether the value of a target tells who has left.
    pub(super) fn tells_who_left(&self, target: &str) -> bool {
        self.attribute(target).is_some_and(AttributeMapping::reads_soft_deletion)
    }
}
