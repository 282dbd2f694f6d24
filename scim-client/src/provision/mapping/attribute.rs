use std::{fmt, sync::Arc};

use scim_core::{filter::ParseError, patch::PatchPath, schema::AttributeType};
use serde_json::Value;

use super::expression::{Expression, ParseExpressionError};
use crate::provision::source::SourceObject;

/// One attribute of the target: where its value comes from and when it is written.
///
/// ```
/// use scim_client::provision::AttributeMapping;
///
/// let mail = AttributeMapping::direct("mail", r#"emails[type eq "work"].value"#)?;
/// assert_eq!(mail.target().to_string(), r#"emails[type eq "work"].value"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct AttributeMapping {
    pub(super) target: PatchPath,
    /// The target in words, which links and logs name.
    pub(super) name: Arc<str>,
    pub(super) source: MappingSource,
    pub(super) matching: Option<u32>,
    pub(super) apply: Apply,
    pub(super) default: Option<Value>,
    pub(super) when_null: WhenNull,
    pub(super) is_redacted: bool,
    /// The type of the target, once it was looked up in a schema.
    pub(super) target_type: Option<AttributeType>,
}

/// Where a value comes from.
#[derive(Clone)]
pub(super) enum MappingSource {
    Direct(String),
    Constant(Value),
    Expression(Expression),
    Reference(String),
    Members,
    Function(Arc<Function>),
}

pub(super) type Function = dyn Fn(&SourceObject) -> Option<Value> + Send + Sync;

/// When a value is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Apply {
    #[default]
    Always,
    OnlyOnCreation,
}

/// What becomes of a value that was written when the source has none any more.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum WhenNull {
    /// It is cleared.
    #[default]
    Clear,
    /// It stays.
    Keep,
}

/// A mapping that cannot be made.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidAttributeMapping {
    /// The target is no PATCH path.
    #[error("the target is no path of an attribute")]
    Target(#[from] ParseError),
    /// The expression cannot be read.
    #[error("the expression cannot be read")]
    Expression(#[from] ParseExpressionError),
}

impl AttributeMapping {
    /// The value of an attribute of the source, as it is.
    ///
    /// # Errors
    /// If `target` is not a PATCH path.
    pub fn direct(
        attribute: impl Into<String>,
        target: &str,
    ) -> Result<Self, InvalidAttributeMapping> {
        Self::new(MappingSource::Direct(attribute.into()), target)
    }

    /// The same value for everyone.
    ///
    /// # Errors
    /// If `target` is not a PATCH path.
    pub fn constant(
        value: impl Into<Value>,
        target: &str,
    ) -> Result<Self, InvalidAttributeMapping> {
        Self::new(MappingSource::Constant(value.into()), target)
    }

    /// What an expression makes of the object; see [`Expression`].
    ///
    /// An expression that reads `[IsSoftDeleted]` is what disables who has left.
    ///
    /// # Errors
    /// If the expression cannot be read, or `target` is not a PATCH path.
    pub fn expression(text: &str, target: &str) -> Result<Self, InvalidAttributeMapping> {
        Self::new(MappingSource::Expression(text.parse()?), target)
    }

    /// An attribute of the source that names another of its objects, such as the manager.
    ///
    /// # Errors
    /// If `target` is not a PATCH path.
    pub fn reference(
        attribute: impl Into<String>,
        target: &str,
    ) -> Result<Self, InvalidAttributeMapping> {
        Self::new(MappingSource::Reference(attribute.into()), target)
    }

    /// The members of a group, those who are provisioned.
    ///
    /// # Errors
    /// If `target` is not a PATCH path; it is `members` mostly.
    pub fn members(target: &str) -> Result<Self, InvalidAttributeMapping> {
        Self::new(MappingSource::Members, target)
    }

    /// Whether the person is in scope: `true` while it is, `false` once it has left.
    ///
    /// It is the expression `Not([IsSoftDeleted])`. Without a mapping that reads `[IsSoftDeleted]`
    /// nobody is disabled.
    ///
    /// # Errors
    /// If `target` is not a PATCH path.
    pub fn not_soft_deleted(target: &str) -> Result<Self, InvalidAttributeMapping> {
        Self::expression("Not([IsSoftDeleted])", target)
    }

    /// What a function makes of the object.
    ///
    /// The same object must always give the same.
    ///
    /// # Errors
    /// If `target` is not a PATCH path.
    pub fn function(
        target: &str,
        function: impl Fn(&SourceObject) -> Option<Value> + Send + Sync + 'static,
    ) -> Result<Self, InvalidAttributeMapping> {
        Self::new(MappingSource::Function(Arc::new(function)), target)
    }

    /// The mapping as one by which objects are looked for; the lowest precedence comes first, and
    /// those of one precedence must all match.
    #[must_use]
    pub fn matching(mut self, precedence: u32) -> Self {
        self.matching = Some(precedence);
        self
    }

    /// The mapping written when a resource is created, and not again.
    #[must_use]
    pub fn only_on_creation(mut self) -> Self {
        self.apply = Apply::OnlyOnCreation;
        self
    }

    /// The mapping with a value for a resource that is created where the source has none.
    #[must_use]
    pub fn with_default(mut self, value: impl Into<Value>) -> Self {
        self.default = Some(value.into());
        self
    }

    /// The mapping with what becomes of a value that the source has lost.
    #[must_use]
    pub fn when_null(mut self, when_null: WhenNull) -> Self {
        self.when_null = when_null;
        self
    }

    /// The mapping with values that no event shows.
    #[must_use]
    pub fn redacted(mut self) -> Self {
        self.is_redacted = true;
        self
    }

    /// The attribute that is written.
    pub fn target(&self) -> &PatchPath {
        &self.target
    }

    /// The place among those by which objects are looked for, if it is one of them.
    pub fn precedence(&self) -> Option<u32> {
        self.matching
    }

    /// Whether no event shows its values.
    pub fn is_redacted(&self) -> bool {
        self.is_redacted
    }

    /// The attribute that is written, as it is printed.
    pub(in crate::provision) fn name(&self) -> &Arc<str> {
        &self.name
    }

    pub(super) fn new(
        source: MappingSource,
        target: &str,
    ) -> Result<Self, InvalidAttributeMapping> {
        let target: PatchPath = target.parse()?;
        let is_redacted = matches!(&source, MappingSource::Expression(e) if e.is_redacted());
        Ok(Self {
            name: target.to_string().into(),
            target,
            source,
            matching: None,
            apply: Apply::Always,
            default: None,
            when_null: WhenNull::Clear,
            is_redacted,
            target_type: None,
        })
    }

    /// Whether the value is the first of several that no resource has.
    pub(super) fn is_unique(&self) -> bool {
        matches!(&self.source, MappingSource::Expression(expression)
            if expression.to_string().starts_with("SelectUniqueValue("))
    }

    /// Whether the value is another one each time.
    pub(super) fn is_random(&self) -> bool {
        matches!(&self.source, MappingSource::Expression(expression)
            if !expression.is_deterministic())
    }

    /// Whether the value tells who has left.
    pub(super) fn reads_soft_deletion(&self) -> bool {
        matches!(&self.source, MappingSource::Expression(expression)
            if expression.attributes().any(|name| name == SOFT_DELETED))
    }
}

/// What an expression calls the state of having left.
pub(super) const SOFT_DELETED: &str = "IsSoftDeleted";

impl fmt::Debug for MappingSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct(name) => f.debug_tuple("Direct").field(name).finish(),
            Self::Constant(_) => f.write_str("Constant(…)"),
            Self::Expression(expression) => f.debug_tuple("Expression").field(expression).finish(),
            Self::Reference(name) => f.debug_tuple("Reference").field(name).finish(),
            Self::Members => f.write_str("Members"),
            Self::Function(_) => f.write_str("Function(…)"),
        }
    }
}
