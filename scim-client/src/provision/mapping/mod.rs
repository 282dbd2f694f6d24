//! What of a person goes where.

mod render;

use std::{fmt, sync::Arc};

use scim_core::{filter::ParseError, patch::PatchPath};
use serde_json::Value;

pub use render::Desired;
pub(super) use render::reference;

use super::source::SourceObject;

/// The attribute mappings of a job.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    attributes: Vec<AttributeMapping>,
}

/// One attribute of the target: where its value comes from and when it is written.
#[derive(Clone, Debug)]
pub struct AttributeMapping {
    target: PatchPath,
    source: MappingSource,
    matching: Option<u32>,
    apply: Apply,
}

/// Where a value comes from.
#[derive(Clone)]
enum MappingSource {
    Direct(String),
    Constant(Value),
    Reference(String),
    NotSoftDeleted,
    Function(Arc<Function>),
}

type Function = dyn Fn(&SourceObject) -> Option<Value> + Send + Sync;

/// When a value is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Apply {
    Always,
    OnlyOnCreation,
}

impl Mapping {
    /// No mappings yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The mapping with one more attribute; a later one for the same target takes its place.
    #[must_use]
    pub fn with(mut self, attribute: AttributeMapping) -> Self {
        self.attributes.retain(|other| other.target != attribute.target);
        self.attributes.push(attribute);
        self
    }

    /// The targets by which a person is looked for, by precedence.
    pub(super) fn matching(&self) -> Vec<&PatchPath> {
        let keys = self.attributes.iter().filter_map(|mapping| Some((mapping.matching?, mapping)));
        let mut keys: Vec<_> = keys.collect();
        keys.sort_by_key(|(precedence, _)| *precedence);
        keys.into_iter().map(|(_, mapping)| &mapping.target).collect()
    }

    /// The target that tells whether an account is enabled, if there is one.
    pub(super) fn active(&self) -> Option<&PatchPath> {
        let is_active =
            |mapping: &&AttributeMapping| matches!(mapping.source, MappingSource::NotSoftDeleted);
        self.attributes.iter().find(is_active).map(|mapping| &mapping.target)
    }

    /// The targets that are written again and again.
    pub(super) fn targets(&self) -> impl Iterator<Item = String> {
        let always = self.attributes.iter().filter(|mapping| mapping.apply == Apply::Always);
        always.map(|mapping| mapping.target.to_string())
    }

    /// The targets that hold references.
    pub(super) fn reference_targets(&self) -> impl Iterator<Item = String> {
        let references = self
            .attributes
            .iter()
            .filter(|mapping| matches!(mapping.source, MappingSource::Reference(_)));
        references.map(|mapping| mapping.target.to_string())
    }

    /// Whether a target is written on creation alone.
    pub(super) fn is_only_on_creation(&self, target: &str) -> bool {
        self.attributes.iter().any(|mapping| {
            mapping.apply == Apply::OnlyOnCreation && mapping.target.to_string() == target
        })
    }
}

impl AttributeMapping {
    /// The value of an attribute of the source, as it is.
    ///
    /// # Errors
    /// If `target` is not a PATCH path.
    pub fn direct(attribute: impl Into<String>, target: &str) -> Result<Self, ParseError> {
        Self::new(MappingSource::Direct(attribute.into()), target)
    }

    /// The same value for everyone.
    ///
    /// # Errors
    /// If `target` is not a PATCH path.
    pub fn constant(value: impl Into<Value>, target: &str) -> Result<Self, ParseError> {
        Self::new(MappingSource::Constant(value.into()), target)
    }

    /// An attribute of the source that names another of its objects, such as the manager.
    ///
    /// # Errors
    /// If `target` is not a PATCH path.
    pub fn reference(attribute: impl Into<String>, target: &str) -> Result<Self, ParseError> {
        Self::new(MappingSource::Reference(attribute.into()), target)
    }

    /// Whether the person is in scope: `true` while it is, `false` once it has left.
    ///
    /// Without this mapping nobody is disabled.
    ///
    /// # Errors
    /// If `target` is not a PATCH path.
    pub fn not_soft_deleted(target: &str) -> Result<Self, ParseError> {
        Self::new(MappingSource::NotSoftDeleted, target)
    }

    /// What a function makes of the person.
    ///
    /// # Errors
    /// If `target` is not a PATCH path.
    pub fn function(
        target: &str,
        function: impl Fn(&SourceObject) -> Option<Value> + Send + Sync + 'static,
    ) -> Result<Self, ParseError> {
        Self::new(MappingSource::Function(Arc::new(function)), target)
    }

    /// The mapping as one by which people are looked for; the lowest precedence comes first.
    #[must_use]
    pub fn matching(mut self, precedence: u32) -> Self {
        self.matching = Some(precedence);
        self
    }

    /// The mapping written when a person is created, and not again.
    #[must_use]
    pub fn only_on_creation(mut self) -> Self {
        self.apply = Apply::OnlyOnCreation;
        self
    }

    fn new(source: MappingSource, target: &str) -> Result<Self, ParseError> {
        Ok(Self { target: target.parse()?, source, matching: None, apply: Apply::Always })
    }
}

impl fmt::Debug for MappingSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct(name) => f.debug_tuple("Direct").field(name).finish(),
            Self::Constant(_) => f.write_str("Constant(…)"),
            Self::Reference(name) => f.debug_tuple("Reference").field(name).finish(),
            Self::NotSoftDeleted => f.write_str("NotSoftDeleted"),
            Self::Function(_) => f.write_str("Function(…)"),
        }
    }
}
